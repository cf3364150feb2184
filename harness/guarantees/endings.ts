import type { Observation } from '../history/entries.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { deletionsOf, livesOf, type PodLife } from './lives.ts';
import { deletionAskedAtMs } from './readiness.ts';
import { eventsOf } from './objects.ts';

type Log = Extract<Observation, { of: 'log' }>;

/**
 * "terminationGracePeriodSeconds: 1800": how long a Pod may take to end.
 *
 * Verified: in every state within the span each Pod of the set has this time of grace in its spec; each Pod that was asked to go in the span, one at least, was given exactly it; and who asked the
 * API server for a Pod at that moment, as the tutorial's clean-up does, read it.
 * Not verified: how much of it a Pod uses (see `podsEndByThemselves`).
 */
export function podsAreGivenTime(set: OrdinalSet, seconds: number, reading: string, span: Span = {}): Guarantee {
  return guarantee('podsAreGivenTime', ['pods'], span, (window) => {
    const lives = livesOf(window, set).filter(({ last }) => last.index > window.from);
    const deletions = deletionsOf(window, set);
    return together(
      each(lives, 'Pods', (life) => {
        const other = life.changes.find(({ object }) => object.spec?.terminationGracePeriodSeconds !== seconds);
        const given = other?.object.spec?.terminationGracePeriodSeconds;
        return other && breach(`${life.name} has ${given} s to end`, other);
      }),
      each(deletions, 'deletions of Pods', ({ name, deletion }) => {
        const given = deletion?.object.metadata.deletionGracePeriodSeconds;
        if (deletion === undefined || given === seconds) return undefined;
        return breach(`${name} was given ${given ?? 'no'} s to end`, deletion);
      }),
      each(window.observations('api', reading), 'readings', (answer) => {
        const read = (
          answer.body as { readonly spec?: { readonly terminationGracePeriodSeconds?: unknown } } | undefined
        )?.spec?.terminationGracePeriodSeconds;
        return read === seconds ? undefined : breach(`what was read is ${String(read)}`, answer);
      }),
    );
  });
}

/**
 * "Ordered, graceful deletion": who takes a Pod away leaves it the time that its template gives it.
 *
 * Verified: each Pod of the set that was asked to go in the span, one at least, was given the `terminationGracePeriodSeconds` of its own spec, by the first change that shows it on its way.
 * Not verified: how much of it a Pod uses (see `podsEndByThemselves`).
 */
export function eachPodIsGivenItsTime(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('eachPodIsGivenItsTime', ['pods'], span, (window) =>
    each(deletionsOf(window, set), 'deletions of Pods', ({ name, first, deletion }) => {
      if (deletion === undefined) return undefined;
      const { metadata, spec } = deletion.object;
      const [given, own] = [metadata.deletionGracePeriodSeconds, spec?.terminationGracePeriodSeconds];
      return given === own
        ? undefined
        : breach(`${name} was given ${given ?? 'no'} s to end, and its spec says ${own}`, first, deletion);
    }),
  );
}

/**
 * Termination "finishes far before the grace period and not by SIGKILL".
 *
 * Verified: each Pod of the set that was asked to go and went within the span was last recorded with every container ended, none with exit code 137 or for want of memory, and each within a tenth
 * of the time of grace that it was given (by the clocks of the server and of the node).
 * Not verified: what the process did before it ended (see `theServerIsDrainedFirst`).
 */
export function podsEndByThemselves(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('podsEndByThemselves', ['pods'], span, (window) => {
    const ended = deletionsOf(window, set).filter(({ gone }) => gone !== undefined);
    const untold = ended.find((life) => endsOf(life).length === 0);
    const doubt = untold && `nothing was recorded of how the containers of ${untold.name} ended`;
    const findings = each(ended, 'Pods that went', (life) => badEndOf(life));
    return unlessInDoubt(doubt, findings);
  });
}

/**
 * The `preStop` hook: "nodetool drain" runs before the process is stopped.
 *
 * Verified: the Pod's log was being followed since before it was asked to go, and to its end; the server first says that it begins to drain and later that it is drained; the Pod went afterwards, and no
 * event that was recorded tells that the hook failed. Stopped without a drain, this server says neither.
 * Not verified: who asked it to drain; events that nobody recorded, which are not fenced.
 */
export function theServerIsDrainedFirst(set: OrdinalSet, ordinal: number, moment: string, span: Span): Guarantee {
  return guarantee('theServerIsDrainedFirst', ['pods'], span, (window) => {
    const name = podNameOf(set, ordinal);
    const log = window.observations('log', moment).findLast(({ pod }) => pod === name);
    if (log === undefined) return undecided(`the log of ${name} was not followed (${moment})`);
    const life = deletionsOf(window, set).find((one) => one.uid === log.uid);
    if (life?.deletion === undefined || life.gone === undefined) return undecided(`${name} did not go within the span`);
    if (log.openedAtIndex >= life.deletion.index) return undecided(`the log was opened after ${name} was asked to go`);
    if (!log.ended) return undecided(`the log of ${name} was not followed to its end`);
    return together(
      each([log], 'logs', () => unlessDrained(name, log)),
      each([life], 'hooks', () => failedHookOf(window, life)),
    );
  });
}

function unlessDrained(name: string, log: Log): Breach | undefined {
  const lines = log.text.split('\n');
  const begun = lines.findIndex((line) => /\bDRAINING\b/.test(line));
  if (begun === -1) return breach(`${name} ended without a drain: nothing in its log tells of one`, log);
  const done = lines.findIndex((line, position) => position > begun && /\bDRAINED\b/.test(line));
  return done === -1 ? breach(`${name} ended before it was drained`, log) : undefined;
}

function failedHookOf(window: Window, life: PodLife): Breach | undefined {
  const failed = eventsOf(window, life.uid).find(({ object }) => object.reason === 'FailedPreStopHook');
  return failed && breach(`the hook of ${life.name} failed: ${failed.object.message ?? 'no reason'}`, failed);
}

interface End {
  readonly exitCode: number;
  readonly reason?: string;
  readonly finishedAt?: string;
}

/** How its containers ended, if all of them did, as the Pod was last recorded. */
function endsOf({ last }: PodLife): readonly End[] {
  const states = last.object.status?.containerStatuses ?? [];
  const ends = states.map(({ state }) => state?.terminated).filter((end) => end !== undefined);
  return ends.length === states.length ? ends : [];
}

function badEndOf(life: PodLife): Breach | undefined {
  const askedAtMs = deletionAskedAtMs(life);
  const graceMs = (life.deletion?.object.metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  for (const { exitCode, reason, finishedAt } of endsOf(life)) {
    if (exitCode === 137 || reason === 'OOMKilled')
      return breach(`${life.name} was killed: exit code ${exitCode}, ${reason ?? 'no reason'}`, life.last);
    const tookMs = Date.parse(finishedAt ?? '') - (askedAtMs ?? Number.NaN);
    if (Number.isNaN(tookMs) || tookMs > graceMs / 10)
      return breach(`${life.name} took ${tookMs / 1000} s of ${graceMs / 1000} s to end`, life.last);
  }
  return undefined;
}
