import type { Change } from '../history/entries.ts';
import { revisionOf } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { unlessInDoubt } from './doubt.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, deletionsOf, livesAt, livesOf, type PodLife } from './lives.ts';
import { availableAt, createdAtMs, deletionAskedAtMs, readinessAt } from './readiness.ts';
import { updateOf } from './replacements.ts';

/**
 * "This is used to check progression of a rollout when using a Rolling Update strategy."
 *
 * Verified: when the deletion of an outdated Pod is asked for, every outdated Pod of a higher ordinal has been replaced by one of the update revision that has been
 * Ready for `minReadySeconds`, by the server's times (see readiness.ts).
 * Not verified: when the set reports the update as complete.
 */
export function eachUpdateWaitsForAvailability(set: OrdinalSet, minReadySeconds: number, span: Span): Guarantee {
  return guarantee('eachUpdateWaitsForAvailability', ['pods', 'statefulsets'], span, (window) => {
    const update = updateOf(window, set);
    if (typeof update === 'string') return undecided(update);
    const { revision, replacements } = update;
    const fresh = livesOf(window, set).filter((life) => revisionOf(life.first.object) === revision);
    const gates = replacements
      .filter(({ old }) => old.deletion !== undefined)
      .map(({ ordinal, old }) => ({
        what: `${old.name} was deleted for the update`,
        change: old.deletion ?? old.last,
        atMs: deletionAskedAtMs(old),
        ordinals: replacements.filter((each) => each.ordinal > ordinal).map((each) => each.ordinal),
      }));
    const spared = replacements.find(({ old }) => old.deletion === undefined);
    return unlessInDoubt(
      spared && `${spared.name} was not updated`,
      eachWaits(gates, 'updates that follow another', { window, set, among: fresh, minReadySeconds }),
    );
  });
}

/**
 * "Before a scaling operation is applied to a Pod … predecessors must be available (Ready for at least `minReadySeconds`)": a Pod is added.
 *
 * Verified: when a Pod is made in the span, every lower ordinal has a Pod that has been Ready for `minReadySeconds`, by the server's times.
 * Not verified: how long the controller waited beyond that.
 */
export function eachPodIsAddedAfterAvailablePredecessors(
  set: OrdinalSet,
  minReadySeconds: number,
  span: Span,
): Guarantee {
  return guarantee('eachPodIsAddedAfterAvailablePredecessors', ['pods'], span, (window) => {
    const gates = additionsOf(window, set).map((life) => ({
      what: `${life.name} was made`,
      change: life.first,
      atMs: createdAtMs(life),
      ordinals: ordinalsBelow(life),
    }));
    const among = livesOf(window, set);
    return eachWaits(gates, 'additions of Pods with predecessors', { window, set, among, minReadySeconds });
  });
}

/**
 * The same when a Pod is taken away: "Before a scaling operation is applied to a Pod, all of its predecessors …".
 *
 * Verified: when the deletion of a Pod is asked for in the span, every lower ordinal has a Pod that has been Ready for `minReadySeconds`, by the server's times.
 * Not verified: a Pod that is available while its predecessor is not: the controller takes it away all the same, and the story does not make that case.
 */
export function eachPodIsRemovedAfterAvailablePredecessors(
  set: OrdinalSet,
  minReadySeconds: number,
  span: Span,
): Guarantee {
  return guarantee('eachPodIsRemovedAfterAvailablePredecessors', ['pods'], span, (window) => {
    const gates = deletionsOf(window, set).map((life) => ({
      what: `${life.name} was deleted`,
      change: life.deletion ?? life.last,
      atMs: deletionAskedAtMs(life),
      ordinals: ordinalsBelow(life),
    }));
    const among = livesOf(window, set);
    return eachWaits(gates, 'deletions of Pods with predecessors', { window, set, among, minReadySeconds });
  });
}

/** Something that happened to a Pod, and the ordinals whose Pods had to be available by then. */
interface Gate {
  readonly what: string;
  readonly change: Change<'pods'>;
  readonly atMs: number | undefined;
  readonly ordinals: readonly number[];
}

interface Asked {
  readonly window: Window;
  readonly set: OrdinalSet;
  /** The Pods that can be waited for. */
  readonly among: readonly PodLife[];
  readonly minReadySeconds: number;
}

function eachWaits(gates: readonly Gate[], of: string, asked: Asked): Findings {
  const gated = gates.filter(({ ordinals }) => ordinals.length > 0);
  const untimed = gated.find(({ atMs }) => atMs === undefined);
  return unlessInDoubt(
    untimed && `the recording does not tell when ${untimed.what}`,
    each(gated, of, (gate) => (gate.atMs === undefined ? undefined : unlessAvailable(gate, gate.atMs, asked))),
  );
}

function unlessAvailable({ what, change, ordinals }: Gate, atMs: number, asked: Asked): Breach | undefined {
  const { window, set, among, minReadySeconds } = asked;
  const available = new Set(availableAt(among, minReadySeconds, atMs).map((life) => life.ordinal));
  const early = ordinals.find((ordinal) => !available.has(ordinal));
  if (early === undefined) return undefined;
  const there = livesAt(livesOf(window, set), change.index).find((life) => life.ordinal === early);
  const stood = there === undefined ? `there was no ${podNameOf(set, early)}` : readinessAt(there, change.index);
  const because = `${what} at ${new Date(atMs).toISOString()}, for minReadySeconds ${minReadySeconds} too early: ${stood}`;
  return breach(because, change, ...(there?.ready === undefined ? [] : [there.ready]));
}

function ordinalsBelow(life: PodLife): readonly number[] {
  return Array.from({ length: life.ordinal }, (_, ordinal) => ordinal);
}
