import type { Change } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { isRunningAndReady, isTerminating, revisionOf } from '../history/pods.ts';
import { isControlledBy, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectsOf, type ObjectLife } from './objects.ts';
import { isObserved } from './quiet.ts';
import { breachBySet, setAt } from './revisions.ts';

type StatefulSet = Recorded<'statefulsets'>;
type Pod = Recorded<'pods'>;

/**
 * What the set reports is true of its Pods, at a moment at which nothing moves.
 *
 * Verified: at the end of a quiet window, behind two signs of life that followed the last change of the Pods and of the spec, `replicas` counts the Pods that
 * the set controls, `readyReplicas` those that are Running and Ready, `currentReplicas` and `updatedReplicas` those of the revisions that the set names
 * as current and as update; a Pod that is Terminating counts as a replica and for no revision. `observedGeneration` is the set's generation.
 * `availableReplicas` equals `readyReplicas` where minReadySeconds is 0; elsewhere it counts at most the Pods that had been Ready for so long when the status
 * was written, by the server's own times.
 * Not verified: that a Pod which has been Ready for minReadySeconds is counted; that the revisions named are the right ones (see
 * `currentRevisionFollowsTheUpdate`).
 * Source: the fields of StatefulSetStatus in the API reference.
 */
export function statusIsTrueOfThePods(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('statusIsTrueOfThePods', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    if (stored === undefined) return undecided(`${set.name} was not there at the end of the window`);
    const doubt = span.alive === 'statefulset' ? doubtAboutRest(window, set) : 'the span is not a quiet window';
    if (doubt !== undefined) return undecided(doubt);
    const pods = podsAtEnd(window, set);
    const available = mostAvailable(stored, pods);
    if (available === undefined) return undecided(`the recording does not tell when ${set.name} wrote its status`);
    return each(expectations(stored, pods, available), 'fields of the status', ({ field, says, least, most, of }) => {
      if (says >= least && says <= most) return undefined;
      const expected = least === most ? `${most}` : `at most ${most}`;
      return breachBySet(window, set, `${set.name} reports ${field} ${says}, and ${of} ${expected}`);
    });
  });
}

/**
 * The update is reported as done when it is done: `currentRevision` takes the name of `updateRevision` only with the last Pod.
 *
 * Verified: each change of the reported `currentRevision` in the span makes it equal to `updateRevision`, and the same report counts every replica as updated and
 * as ready. A rolling update of which the last report of the span says so much is current by that report.
 * Not verified: that it comes to that (see `updateConverges`), and the counts themselves (see `statusIsTrueOfThePods`).
 */
export function currentRevisionFollowsTheUpdate(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('currentRevisionFollowsTheUpdate', ['statefulsets'], span, (window) => {
    const before = setAt(window, set, 'start')?.status?.currentRevision;
    const changes = window.changes('statefulsets').filter(({ object }) => object.metadata.name === set.name);
    const promotions = changes.filter(({ object }, position) => {
      const previous = position === 0 ? before : changes[position - 1]?.object.status?.currentRevision;
      return previous !== undefined && previous !== '' && object.status?.currentRevision !== previous;
    });
    return unlessBroken(
      promotionsMissed(window, set),
      each(promotions, 'changes of the current revision', (change) => {
        const { currentRevision, updateRevision, updatedReplicas = 0, readyReplicas = 0 } = change.object.status ?? {};
        const replicas = change.object.spec?.replicas;
        if (currentRevision !== updateRevision)
          return breach(`${currentRevision} became current while ${updateRevision} was the update`, change);
        if (updatedReplicas === replicas && readyReplicas === replicas) return undefined;
        const counts = `${updatedReplicas} updated and ${readyReplicas} ready replicas of ${replicas}`;
        return breach(`${currentRevision} became current with ${counts}`, change);
      }),
    );
  });
}

/** The moments of a story, each judged by itself. */
export function statusIsTrueAtEach(set: OrdinalSet, moments: readonly Span[]): readonly Guarantee[] {
  return moments.map((moment) => statusIsTrueOfThePods(set, moment));
}

/** The last report, if by its own counts a rolling update is over that it does not call current. */
function promotionsMissed(window: Window, set: OrdinalSet): readonly Breach[] {
  const last = window.changes('statefulsets').findLast(({ object }) => object.metadata.name === set.name);
  const { spec, status } = last?.object ?? {};
  if (last === undefined || spec?.updateStrategy?.type === 'OnDelete' || !isObserved(last.object)) return [];
  const { currentRevision, updateRevision, replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = status ?? {};
  const isOver = [replicas, updatedReplicas, readyReplicas].every((count) => count === spec?.replicas);
  if (!isOver || currentRevision === updateRevision) return [];
  return [breach(`every replica is updated and ready, and ${currentRevision} is current still`, last)];
}

interface Expectation {
  readonly field: string;
  readonly says: number;
  readonly least: number;
  readonly most: number;
  /** Completes "… and"; the number follows. */
  readonly of: string;
}

function expectations(stored: StatefulSet, pods: readonly Pod[], mostAvailable: number): readonly Expectation[] {
  const { status } = stored;
  const settled = pods.filter((pod) => !isTerminating(pod));
  const ready = pods.filter(isRunningAndReady).length;
  const exactly = (field: string, says: number | undefined, count: number, of: string): Expectation => ({
    field,
    says: says ?? 0,
    least: count,
    most: count,
    of,
  });
  const ofRevision = (revision: string | undefined): number =>
    settled.filter((pod) => revisionOf(pod) === revision).length;
  const leastAvailable = (stored.spec?.minReadySeconds ?? 0) === 0 ? ready : 0;
  return [
    exactly('observedGeneration', status?.observedGeneration, stored.metadata.generation ?? -1, 'its generation is'),
    exactly('replicas', status?.replicas, pods.length, 'the Pods that it controls are'),
    exactly('readyReplicas', status?.readyReplicas, ready, 'the Pods that are Running and Ready are'),
    {
      field: 'availableReplicas',
      says: status?.availableReplicas ?? 0,
      least: leastAvailable,
      most: mostAvailable,
      of: 'the Pods that can be available are',
    },
    exactly(
      'currentReplicas',
      status?.currentReplicas,
      ofRevision(status?.currentRevision),
      `the Pods of its current revision ${status?.currentRevision} are`,
    ),
    exactly(
      'updatedReplicas',
      status?.updatedReplicas,
      ofRevision(status?.updateRevision),
      `the Pods of its update revision ${status?.updateRevision} are`,
    ),
  ];
}

/** How many Pods can have been Ready for minReadySeconds when the status was written; times are the server's, in whole seconds. */
function mostAvailable(stored: StatefulSet, pods: readonly Pod[]): number | undefined {
  const ready = pods.filter(isRunningAndReady);
  const minReadySeconds = stored.spec?.minReadySeconds ?? 0;
  if (minReadySeconds === 0) return ready.length;
  const written = (stored.metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource === 'status')
    .map(({ time }) => Date.parse(time ?? ''))
    .filter((time) => !Number.isNaN(time));
  if (written.length === 0) return undefined;
  const latest = Math.max(...written) + 1000;
  return ready.filter((pod) => {
    const since = pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime;
    return since === undefined || Date.parse(since) + minReadySeconds * 1000 <= latest;
  }).length;
}

/** The Pods that the set controls, under whatever name. */
function podsAtEnd(window: Window, set: OrdinalSet): readonly Pod[] {
  return [...window.stateAtEnd('pods').values()].filter((pod) => isControlledBy(set, pod));
}

/** Why the controller may not have counted yet what is there at the end. */
function doubtAboutRest(window: Window, set: OrdinalSet): string | undefined {
  const last = Math.max(lastMoveOfPods(window, set), lastMoveOfSpec(window, set));
  const signs = window
    .observations('liveness')
    .filter((sign) => sign.controller === 'statefulset' && sign.invokedAtIndex >= last);
  if (signs.length >= 2) return undefined;
  return `the controller was not seen alive twice after the last change of ${set.name} or its Pods`;
}

function lastMoveOfPods(window: Window, set: OrdinalSet): number {
  const lives = objectsOf(window, 'pods');
  const concerned = lives.filter((life) => life.changes.some(({ object }) => isControlledBy(set, object)));
  return Math.max(-1, ...concerned.map(lastMoveOf));
}

function lastMoveOf(life: ObjectLife<'pods'>): number {
  const moves = life.changes.filter(
    (change, position) => position === 0 || look(change) !== look(life.changes[position - 1]),
  );
  return moves.at(-1)?.index ?? -1;
}

/** What of a Pod the status counts. */
function look(change: Change<'pods'> | undefined): string {
  if (change === undefined) return '';
  const { metadata, status } = change.object;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
  const isThere = change.type !== 'deleted';
  return JSON.stringify([
    isThere,
    owner,
    status?.phase,
    isRunningAndReady(change.object),
    isTerminating(change.object),
    revisionOf(change.object),
  ]);
}

function lastMoveOfSpec(window: Window, set: OrdinalSet): number {
  const changes = window.history
    .changes('statefulsets', -1, window.to)
    .filter(({ object }) => object.metadata.name === set.name);
  const generation = changes.at(-1)?.object.metadata.generation;
  return changes.find(({ object }) => object.metadata.generation === generation)?.index ?? -1;
}
