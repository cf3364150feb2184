import type { Change } from '../history/entries.ts';
import { isRunningAndReady, isTerminating } from '../history/pods.ts';
import { isControlledBy, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { changeAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { isObserved } from './quiet.ts';
import { setAt } from './revisions.ts';

type PodChange = Change<'pods'>;

/**
 * "At most": a roll-out never takes more Pods away than maxUnavailable allows.
 *
 * Verified: in a span in which the set asks for this maxUnavailable and minReadySeconds 0, in which the story deletes no Pod and all replicas were available when it began, no
 * more than `most` Pods are missing, Terminating or not Ready after any change of a Pod.
 * Not verified: that as many are ever taken (see `unavailabilityIsUsed`); percentages.
 * Source: "Maximum unavailable Pods" of the StatefulSet page; kubernetes/kubernetes 112307.
 */
export function atMostAreUnavailable(set: OrdinalSet, most: number, span: Span): Guarantee {
  return ofRollOut('atMostAreUnavailable', set, most, span, (counts) =>
    each(counts, 'changes of Pods in a roll-out', ({ change, unavailable }) =>
      unavailable <= most
        ? undefined
        : breach(`${unavailable} Pods were unavailable with the change of ${change.object.metadata.name}`, change),
    ),
  );
}

/**
 * "… and uses it": the roll-out does not go on one by one.
 *
 * Verified: under the same conditions, at some change of a Pod in the span exactly `most` are unavailable, which is more than one.
 * Not verified: that it is so all the time.
 */
export function unavailabilityIsUsed(set: OrdinalSet, most: number, span: Span): Guarantee {
  return ofRollOut('unavailabilityIsUsed', set, most, span, (counts) => {
    if (most < 2) return undecided('one unavailable Pod shows nothing: a roll-out takes one in any case');
    const peak = counts.toSorted((a, b) => b.unavailable - a.unavailable)[0];
    const isUsed = peak === undefined || peak.unavailable >= most;
    const found = each(counts, 'changes of Pods in a roll-out', () => undefined);
    if (isUsed) return found;
    return unlessBroken([breach(`no more than ${peak.unavailable} were ever unavailable`, peak.change)], found);
  });
}

interface Count {
  readonly change: PodChange;
  readonly unavailable: number;
}

function ofRollOut(
  name: string,
  set: OrdinalSet,
  most: number,
  span: Span,
  examine: (counts: readonly Count[]) => Findings,
): Guarantee {
  return guarantee(name, ['pods', 'statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    const { replicas = 0, minReadySeconds = 0, updateStrategy } = stored?.spec ?? {};
    if (stored === undefined || !isObserved(stored))
      return undecided(`the controller had not observed the newest generation of ${set.name}`);
    if (updateStrategy?.rollingUpdate?.maxUnavailable !== most || minReadySeconds !== 0)
      return undecided(`${set.name} does not ask for maxUnavailable ${most} without minReadySeconds`);
    const ours = window.operations().find(({ verb, target }) => verb === 'delete' && target.startsWith('pods'));
    if (ours !== undefined) return undecided(`the story itself deleted ${ours.target}`);
    const lives = livesOf(window, set);
    if (unavailableAt(set, lives, replicas, window.from) !== 0)
      return undecided(`not every Pod of ${set.name} was available when the span began`);
    return examine(countsIn(window, set, lives, replicas));
  });
}

function countsIn(window: Window, set: OrdinalSet, lives: readonly PodLife[], replicas: number): readonly Count[] {
  return window
    .changes('pods')
    .filter((change) => isControlledBy(set, change.object))
    .map((change) => ({ change, unavailable: unavailableAt(set, lives, replicas, change.index) }));
}

function unavailableAt(set: OrdinalSet, lives: readonly PodLife[], replicas: number, index: number): number {
  const available = livesAt(lives, index)
    .map((life) => changeAt(life, index)?.object)
    .filter((pod) => pod !== undefined && isControlledBy(set, pod) && isRunningAndReady(pod) && !isTerminating(pod));
  return replicas - available.length;
}
