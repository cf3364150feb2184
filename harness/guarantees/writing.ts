import type { Observation } from '../history/entries.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, undecided } from './findings.ts';
import { modeOf } from './ensembles.ts';
import { guarantee, type Guarantee, type Window } from './guarantee.ts';
import type { From } from './standing.ts';

type Write = Extract<Observation, { of: 'write' }>;
type Exchange = Extract<Observation, { of: 'exchange' }>;

/**
 * The service goes on: a client that writes all the time is never without an answer for longer than this.
 *
 * Verified: a writer was at work before the span, all through it and behind its end. Between one acknowledged write and the next, of those that reach into the span, no more than `withinMs` passed by
 * the writer's own clock; what nobody acknowledges until the end is such a time as well.
 * Not verified: that each write is answered (the writer turns to another server), nor that none is lost (see `noAcknowledgedWriteIsLost`).
 */
export function writesGoOn(ledger: string, withinMs: number, span: From): Guarantee {
  return guarantee('writesGoOn', [], span, (window) => {
    const writes = writesInto(window, ledger);
    const untimed = writes.find(({ clockMs }) => clockMs === undefined);
    if (untimed !== undefined) return undecided(`the recording does not tell when ${untimed.identity} was written`);
    const acknowledged = writes.filter(({ phase }) => phase === 'succeeded');
    const before = acknowledged.findLast(({ index }) => index <= window.from);
    const behind = acknowledged.find(({ index }) => index > window.to);
    const within = writes.filter(({ index }) => index > window.from && index <= window.to);
    if (before === undefined || within.length === 0)
      return undecided(`nobody wrote into ${ledger} before the span and in it`);
    // Where none is acknowledged behind the span, the last step shows how long the silence had become.
    const until = behind ?? writes.at(-1);
    const marks = [
      before,
      ...within.filter(({ phase }) => phase === 'succeeded'),
      ...(until === undefined ? [] : [until]),
    ];
    const silences = marks.slice(1).map((mark, position) => ({ since: marks[position] ?? mark, until: mark }));
    const doubt =
      behind === undefined ? `no write into ${ledger} was acknowledged behind the end of the span` : undefined;
    return unlessInDoubt(
      doubt,
      each(silences, 'times between acknowledged writes', (silence) =>
        lengthOf(silence) <= withinMs
          ? undefined
          : breach(
              `no write was acknowledged for ${(lengthOf(silence) / 1000).toFixed(1)} s, and ${withinMs / 1000} s are allowed`,
              silence.since,
              silence.until,
            ),
      ),
    );
  });
}

/** What a client is to find at a place of the application. */
export interface Found {
  readonly moment: string;
  /** The Pods that were asked. */
  readonly servers: readonly string[];
  readonly path: string;
  readonly data: string;
}

/**
 * "The service is still available": it serves the value that was entered earlier.
 *
 * Verified: each of these servers was asked at this moment for the data of the path, and the last answer of each is this very value.
 * Not verified: how often it had to be asked before.
 */
export function theServersHold(found: Found, span: From): Guarantee {
  return guarantee('theServersHold', [], span, (window) => {
    const asked = window
      .observations('exchange', found.moment)
      .filter(({ request }) => request === `get ${found.path}`);
    const last = found.servers.map((server) => asked.findLast(({ target }) => target === server));
    const unasked = found.servers.find((_, position) => last[position] === undefined);
    const answers = last.filter((answer) => answer !== undefined);
    return unlessInDoubt(
      unasked === undefined ? undefined : `${unasked} was not asked for ${found.path} (${found.moment})`,
      each(answers, 'servers that were asked', (answer) => unlessIs(answer, found.data)),
    );
  });
}

/**
 * These servers form a quorum: one leads, and the others follow it.
 *
 * Verified: the last answer of each to `srvr` at this moment tells its mode; exactly one is the leader, all others are followers.
 * Not verified: that they are of one ensemble (a write that is acknowledged shows it).
 */
export function theServersAgreeOnALeader(servers: readonly string[], moment: string, span: From): Guarantee {
  return guarantee('theServersAgreeOnALeader', [], span, (window) => {
    const asked = window.observations('exchange', moment).filter(({ request }) => request === 'srvr');
    const last = servers.map((server) => asked.findLast(({ target }) => target === server));
    const mute = servers.find((_, position) => last[position] === undefined);
    if (mute !== undefined) return undecided(`${mute} was not asked for its mode (${moment})`);
    const answers = last.filter((answer) => answer !== undefined);
    const leaders = answers.filter((answer) => modeOf(answer) === 'leader');
    return each(answers, 'servers with a mode', (answer) => {
      const mode = modeOf(answer);
      if (mode !== 'leader' && mode !== 'follower')
        return breach(`${answer.target} does not serve: ${mode ?? 'no mode'}`, answer);
      if (leaders.length === 1) return undefined;
      return breach(`${leaders.length} of ${servers.join(', ')} lead, not one`, answer, ...leaders);
    });
  });
}

/**
 * This server has gone, for clients: nobody gets an answer of it.
 *
 * Verified: it was asked at this moment, and no answer came of it.
 * Not verified: that others are not as silent (see `theServersAgreeOnALeader`).
 */
export function theServerIsSilent(server: string, moment: string, span: From): Guarantee {
  return guarantee('theServerIsSilent', [], span, (window) =>
    each(
      window.observations('exchange', moment).filter(({ target }) => target === server),
      'questions to a silent server',
      (asked) => (asked.status === 'succeeded' ? breach(`${server} answered “${asked.request}”`, asked) : undefined),
    ),
  );
}

function unlessIs(exchange: Exchange, data: string) {
  const answer = exchange.answer as { readonly data?: unknown } | undefined;
  if (exchange.status === 'succeeded' && answer?.data === data) return undefined;
  const words = exchange.status === 'succeeded' ? JSON.stringify(answer?.data) : (exchange.because ?? exchange.status);
  return breach(`${exchange.target} answered ${words}, not “${data}”`, exchange);
}

/** All of the history's: the first silence of a span begins before it, and the last ends behind it. */
function writesInto(window: Window, ledger: string): readonly Write[] {
  return window.history.entries.filter(
    (entry): entry is Write => entry.kind === 'observation' && entry.of === 'write' && entry.ledger === ledger,
  );
}

function lengthOf({ since, until }: { readonly since: Write; readonly until: Write }): number {
  return (until.clockMs ?? 0) - (since.clockMs ?? 0);
}
