import type { Observation } from '../history/entries.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each } from './findings.ts';
import { guarantee, type Guarantee, type Span, type Window } from './guarantee.ts';

export type Exchange = Extract<Observation, { of: 'exchange' }>;

/** What a server is expected to answer. */
export interface Expected {
  readonly target: string;
  readonly request: string;
  readonly status: 'succeeded' | 'failed';
  /** Of a refusal, the protocol's own name for it. */
  readonly code?: string;
  /** Where the answer itself matters: exactly this. */
  readonly answer?: unknown;
}

/**
 * Servers do what they are asked, or refuse it for the reason that is expected.
 *
 * Verified: at that moment each of these requests was sent to its server, and ended as expected each time it was.
 * Not verified: what an answer that is not expected in particular says. A request without an answer leaves it open.
 */
export function eachRequestIsAnswered(moment: string, expected: readonly Expected[], span: Span = {}): Guarantee {
  return guarantee('eachRequestIsAnswered', [], span, (window) => {
    const exchanges = window.observations('exchange', moment);
    const asked = expected.map((each) => ({
      expected: each,
      exchanges: exchanges.filter(({ target, request }) => target === each.target && request === each.request),
    }));
    const unasked = asked.find((each) => each.exchanges.length === 0)?.expected;
    const mute = asked.flatMap((each) => each.exchanges).find(isMute);
    const doubt =
      (unasked && `nobody asked ${unasked.target}: ${unasked.request} (${moment})`) ??
      (mute && `${mute.target} did not answer to ${mute.request} (${moment}): ${mute.because}`);
    const pairs = asked.flatMap((each) =>
      each.exchanges.filter((exchange) => !isMute(exchange)).map((exchange) => ({ expected: each.expected, exchange })),
    );
    return unlessInDoubt(
      doubt,
      each(pairs, 'answers', ({ expected: wanted, exchange }) =>
        isAsExpected(exchange, wanted)
          ? undefined
          : breach(`${exchange.target} answered to ${exchange.request}: ${wordsOf(exchange)}`, exchange),
      ),
    );
  });
}

/** What was sent to a server at a moment, for a claim that looks for what came of it. */
export interface Sent {
  readonly moment: string;
  readonly target: string;
  readonly request: string;
}

/** Why nothing can be said of what came of it: the server did not acknowledge it, be it before the window or within. */
export function doubtAboutSent({ history, to }: Window, { moment, target, request }: Sent): string | undefined {
  const isAcknowledged = history.entries.some(
    (entry) =>
      entry.kind === 'observation' &&
      entry.of === 'exchange' &&
      entry.index <= to &&
      entry.moment === moment &&
      entry.target === target &&
      entry.request === request &&
      entry.status === 'succeeded',
  );
  return isAcknowledged ? undefined : `${target} did not acknowledge: ${request} (${moment})`;
}

function isAsExpected(exchange: Exchange, { status, code, answer }: Expected): boolean {
  if (exchange.status !== status) return false;
  if (code !== undefined && exchange.code !== code) return false;
  return answer === undefined || JSON.stringify(exchange.answer) === JSON.stringify(answer);
}

/** Nobody knows what it would have said: neither an answer nor a refusal. A call that found no session was never asked. */
export function isMute(exchange: Exchange): boolean {
  return exchange.status === 'indeterminate' || exchange.code === 'NO_SESSION';
}

export function wordsOf({ status, code, because, answer }: Exchange): string {
  if (status !== 'succeeded') return [status, code, because].filter((word) => word !== undefined).join(', ');
  return typeof answer === 'string' ? `“${answer.trim()}”` : (JSON.stringify(answer) ?? 'done');
}

/** The last answer of a server to a four-letter word at a moment; `undefined` where nobody asked or nobody answered. */
export function wordOf(window: Window, moment: string, target: string, word: string): Exchange | undefined {
  return window
    .observations('exchange', moment)
    .findLast(
      (exchange) =>
        exchange.client === 'four-letter word' &&
        exchange.target === target &&
        exchange.request === word &&
        exchange.status === 'succeeded',
    );
}

export function textOf({ answer }: Exchange): string {
  return typeof answer === 'string' ? answer : '';
}
