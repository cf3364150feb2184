import { isReady, revisionOf } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import type { RollOut } from './convergence.ts';
import { breach, each, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, changeAt, deletionsOf, livesAt, livesOf, type PodLife } from './lives.ts';
import { doubtAboutAttention } from './quiet.ts';
import { setAt } from './revisions.ts';
import { doubtAboutStandstill } from './standstill.ts';

/**
 * A broken Pod is waited for even when its template has been reverted: the controller does not replace it by itself.
 *
 * Verified: when the span began the Pod of this ordinal was of the update revision and not Ready; at its end, a quiet window, the set's update revision is another one and
 * its newest spec was observed. In between no Pod of the set was deleted, by whomever, and none was added.
 * Not verified: that the new update revision is the one from before (see `earlierRevisionIsReused`). A Pod that became Ready was not broken: that leaves it open.
 * Source: "Forced rollback" of the StatefulSet page.
 */
export function revertWaitsForTheBrokenPod(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return ofRevert('revertWaitsForTheBrokenPod', set, ordinal, span, (broken, window) => {
    const doubt = doubtAboutAttention(window, set, span);
    if (span.alive === undefined || doubt !== undefined)
      return undecided(doubt ?? 'the span does not end with a quiet window');
    const touched = [
      ...deletionsOf(window, set).map((life) => breach(`${life.name} was deleted`, life.deletion ?? life.last)),
      ...additionsOf(window, set).map((life) => breach(`${life.name} was added`, life.first)),
    ];
    const healed = broken.changes.find((change) => change.index > window.from && isReady(change.object));
    return unlessBroken(
      touched,
      healed === undefined
        ? each(livesAt(livesOf(window, set), window.from), 'Pods left as they were', () => undefined)
        : undecided(`${broken.name} became Ready by itself`),
    );
  });
}

/**
 * Only with OrderedReady can a set "get into a broken state that requires manual intervention": one whose Pods are not waited for replaces the broken Pod itself.
 *
 * Verified: when the span began the Pod of this ordinal was of the update revision and not Ready; at its end, a quiet window, the set's update revision is another one and
 * its newest spec was observed. That Pod has gone, and there is one of the ordinal, of the set's update revision.
 * Not verified: that it becomes Ready. A Pod that became Ready was not broken, and one that has not stopped yet was not left as it was: both leave it open.
 * Source: "Forced rollback" of the StatefulSet page.
 */
export function anotherUpdateReplacesTheBrokenPod(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return ofRevert('anotherUpdateReplacesTheBrokenPod', set, ordinal, span, (broken, window) => {
    const doubt = doubtAboutAttention(window, set, span);
    if (span.alive === undefined || doubt !== undefined)
      return undecided(doubt ?? 'the span does not end with a quiet window');
    if (broken.changes.some((change) => change.index > window.from && isReady(change.object)))
      return undecided(`${broken.name} became Ready by itself`);
    if (broken.deletion !== undefined && broken.gone === undefined)
      return undecided(`${broken.name} has not stopped yet`);
    const good = setAt(window, set, 'end')?.status?.updateRevision;
    const now = livesAt(livesOf(window, set), window.to).find((life) => life.ordinal === ordinal);
    return each([broken], 'broken Pods', () => {
      if (now === undefined) return missingAtEnd(window, `there is no ${broken.name} in place of the broken one`);
      if (now.uid === broken.uid) return breach(`the broken ${broken.name} was left as it was`, broken.last);
      const its = revisionOf(now.last.object);
      return its === good ? undefined : breach(`${now.name} is of ${its}, not ${good}`, now.last);
    });
  });
}

/**
 * Once the broken Pod has been deleted by hand, it comes back from the reverted template.
 *
 * Verified: in a span in which the set's update revision is not that of the broken Pod and in which the story itself deleted this Pod, it was replaced once, by one of the update
 * revision; the Pods that were of that revision already were not deleted; in the quiet window at the end every ordinal has one Pod of the update revision.
 * Not verified: how fast the new Pod starts. Pods that do not stand still and Ready in the window leave it open.
 */
export function deletionByHandRollsBack(set: OrdinalSet, ordinal: number, { from, rest }: RollOut): Guarantee {
  const span = { ...rest, from };
  return ofDeletion('deletionByHandRollsBack', set, ordinal, span, (window) => {
    const stored = setAt(window, set, 'end');
    const revision = stored?.status?.updateRevision;
    const lives = livesOf(window, set);
    const [first, second] = additionsOf(window, set);
    const good = livesAt(lives, window.from).filter((life) => revisionOf(life.first.object) === revision);
    const isBad = first !== undefined && revisionOf(first.first.object) !== revision;
    const unsettled = doubtAboutStandstill(window, set, window.history.fence(rest.from)?.index ?? window.from);
    return unlessBroken(
      [
        ...good.flatMap((life) => (life.deletion ? [breach(`${life.name} was deleted`, life.deletion)] : [])),
        ...(isBad ? [breach(`${first.name} came back at ${revisionOf(first.first.object)}`, first.first)] : []),
        ...(second === undefined ? [] : [breach(`${second.name} was added as well`, second.first)]),
      ],
      unsettled !== undefined
        ? undecided(unsettled)
        : each(
            Array.from({ length: stored?.spec?.replicas ?? 0 }, (_, position) => position),
            'Pods in the end',
            (each) => {
              const there = livesAt(lives, window.to).filter((other) => other.ordinal === each);
              const [life] = there;
              if (life === undefined || there.length > 1)
                return missingAtEnd(window, `there is not one ${podNameOf(set, each)}`);
              const its = revisionOf(life.last.object);
              return its === revision ? undefined : breach(`${life.name} is of ${its}, not ${revision}`, life.last);
            },
          ),
    );
  });
}

/** The span in which the template was reverted beneath a Pod that was broken when it began. */
function ofRevert(
  name: string,
  set: OrdinalSet,
  ordinal: number,
  span: Span,
  examine: (broken: PodLife, window: Window) => Findings,
): Guarantee {
  return guarantee(name, ['pods', 'statefulsets'], span, (window) => {
    const bad = setAt(window, set, 'start')?.status?.updateRevision;
    const broken = standingAtStart(window, set, ordinal);
    const was = broken === undefined ? undefined : changeAt(broken, window.from)?.object;
    if (broken === undefined || was === undefined || isReady(was) || revisionOf(was) !== bad)
      return undecided(`${podNameOf(set, ordinal)} was not an unready Pod of the update when the span began`);
    const good = setAt(window, set, 'end')?.status?.updateRevision;
    if (good === bad || good === undefined) return undecided(`the update ${bad} was not reverted in the span`);
    return examine(broken, window);
  });
}

/** The span in which the story itself deleted the broken Pod, with a quiet window at its end. */
function ofDeletion(
  name: string,
  set: OrdinalSet,
  ordinal: number,
  span: Span,
  examine: (window: Window) => Findings,
): Guarantee {
  return guarantee(name, ['pods', 'statefulsets'], span, (window) => {
    const broken = standingAtStart(window, set, ordinal);
    const good = setAt(window, set, 'start')?.status?.updateRevision;
    if (broken === undefined || revisionOf(broken.first.object) === good)
      return undecided(`${podNameOf(set, ordinal)} was not of a reverted revision when the span began`);
    const target = `pods/${broken.name}`;
    const asked = window.operations().some((each) => each.verb === 'delete' && each.target === target);
    if (!asked) return undecided(`the story did not delete ${broken.name}`);
    const doubt = doubtAboutAttention(window, set, span);
    return doubt === undefined ? examine(window) : undecided(doubt);
  });
}

function standingAtStart(window: Window, set: OrdinalSet, ordinal: number): PodLife | undefined {
  return livesAt(livesOf(window, set), window.from).find(
    (life) => life.ordinal === ordinal && (life.deletion === undefined || life.deletion.index > window.from),
  );
}
