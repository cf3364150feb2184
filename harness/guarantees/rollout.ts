import type { Change } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { isControlledBy, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span, type Window } from './guarantee.ts';
import { isReadyAt, livesAt, livesOf } from './lives.ts';
import { objectsOf, thereAt } from './objects.ts';
import { valueAt } from './objectFields.ts';
import { isOfRevision } from './replacements.ts';
import { setAt } from './revisions.ts';
import type { From } from './standing.ts';

type StatefulSet = Recorded<'statefulsets'>;

/** What `kubectl rollout status` makes of one version of a StatefulSet: it goes on watching, ends in success, or refuses. */
export interface RolloutStatus {
  readonly is: 'waiting' | 'complete' | 'refused';
  readonly says: string;
}

/** The rules of `kubectl rollout status`, in its order: strategy, observed generation, readiness, partition, revision. */
export function rolloutStatusOf({ metadata, spec, status }: StatefulSet): RolloutStatus {
  const { replicas = 1, updateStrategy } = spec ?? {};
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0 } = status ?? {};
  const partition = updateStrategy?.rollingUpdate?.partition;
  if (updateStrategy?.type !== 'RollingUpdate')
    return { is: 'refused', says: 'rollout status is only available for RollingUpdate strategy type' };
  if (observedGeneration === 0 || (metadata.generation ?? 0) > observedGeneration)
    return { is: 'waiting', says: 'Waiting for statefulset spec update to be observed' };
  if (readyReplicas < replicas)
    return { is: 'waiting', says: `Waiting for ${replicas - readyReplicas} pods to be ready` };
  if (partition !== undefined) {
    const due = replicas - partition;
    return updatedReplicas < due
      ? { is: 'waiting', says: `Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${due}` }
      : { is: 'complete', says: `partitioned roll out complete: ${updatedReplicas} new pods have been updated` };
  }
  const at = `${currentReplicas} pods at revision ${status?.currentRevision}`;
  return status?.updateRevision === status?.currentRevision
    ? { is: 'complete', says: `statefulset rolling update complete ${at}` }
    : { is: 'waiting', says: `waiting for statefulset rolling update to complete ${at}` };
}

/**
 * "`kubectl rollout status` follows the update" and ends in success, and not before it is one.
 *
 * Verified: the template changed in the span. From that version of the set on, what `kubectl rollout status` makes of each is first to wait, with fewer Pods updated than there
 * are, then success, once and for all; and it is success at the end. By then each ordinal has a Pod made in the span, Ready, of the update revision, which is another than before.
 * Not verified: the program itself, whose rules are written out here, and the words it prints.
 * Source: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_status/
 */
export function rolloutStatusFollows(set: OrdinalSet, span: From): Guarantee {
  return guarantee('rolloutStatusFollows', ['statefulsets', 'pods'], span, (window) => {
    const [start, end] = [setAt(window, set, 'start'), setAt(window, set, 'end')];
    if (start === undefined || end === undefined) return undecided(`${set.name} was not there all the time`);
    const versions = versionsSinceChange(window, set, start);
    const seen = versions.map((change) => ({ change, ...rolloutStatusOf(change.object) }));
    const ended = seen.findIndex(({ is }) => is === 'complete');
    const hasWaited = seen.slice(0, ended < 0 ? undefined : ended).some(({ change }) => isPartly(change.object));
    const [first] = versions;
    if (first === undefined) return undecided(`the template of ${set.name} did not change in the span`);
    const ordinals = Array.from({ length: end.spec?.replicas ?? 1 }, (_, ordinal) => ordinal);
    const lives = livesOf(window, set);
    const revision = end.status?.updateRevision ?? '';
    const follows = each(seen, 'versions of the set that kubectl sees', ({ change, is, says }, position) => {
      if (is === 'refused') return breach(says, change);
      if (position === 0 && is === 'complete') return breach(`kubectl says at once: ${says}`, change);
      if (ended >= 0 && position > ended && is !== 'complete')
        return breach(
          `kubectl had ended in success, and the update went on: ${says}`,
          seen[ended]?.change ?? first,
          change,
        );
      if (position === seen.length - 1 && is !== 'complete')
        return breach(`in the end kubectl still says: ${says}`, change);
      return undefined;
    });
    const updated = each(ordinals, 'Pods when kubectl has ended', (ordinal) => {
      const name = podNameOf(set, ordinal);
      const life = livesAt(lives, window.to).find((each) => each.ordinal === ordinal);
      if (life === undefined) return missingAtEnd(window, `there is no ${name}`);
      const isNew = life.first.index > window.from && revision !== start.status?.updateRevision;
      const isDone = isNew && isOfRevision(life, revision) && isReadyAt(life, window.to);
      return isDone ? undefined : breach(`${name} is not a Ready Pod of the new revision ${revision}`, life.last);
    });
    const doubt = hasWaited ? undefined : 'no version of the set was recorded in which the update was under way';
    return unlessInDoubt(doubt, together(follows, updated));
  });
}

/** One line of `kubectl rollout history`, and what `--revision` shows of it: fields by their path from the revision's data. */
export interface ListedRevision {
  readonly number: number;
  readonly shows: Readonly<Record<string, unknown>>;
}

/**
 * "`kubectl rollout history` lists the previous configurations."
 *
 * Verified: at the end of the span the ControllerRevisions that the set controls have exactly these numbers, and each holds these values.
 * Not verified: what led to it (see `earlierRevisionIsReused`), nor other fields of their data.
 */
export function rolloutHistoryLists(set: OrdinalSet, listed: readonly ListedRevision[], span: Span = {}): Guarantee {
  return guarantee('rolloutHistoryLists', ['controllerrevisions', 'statefulsets'], span, (window) => {
    const lives = thereAt(objectsOf(window, 'controllerrevisions'), window.to).filter(({ last }) =>
      isControlledBy(set, last.object),
    );
    const byNumber = lives.toSorted((a, b) => a.last.object.revision - b.last.object.revision);
    const numbers = byNumber.map(({ last }) => last.object.revision);
    const due = listed.map(({ number }) => number).join(', ');
    return together(
      each([numbers.join(', ')], 'history', (found) => {
        const because = `the history of ${set.name} lists ${found || 'nothing'}, and ${due} is right`;
        const [first, ...rest] = byNumber.map(({ last }) => last);
        if (found === due) return undefined;
        return first === undefined ? missingAtEnd(window, because) : breach(because, first, ...rest);
      }),
      each(listed.flatMap(fieldsOf), 'fields of revisions', ({ number, path, value }) => {
        const life = byNumber.find(({ last }) => last.object.revision === number);
        if (life === undefined) return missingAtEnd(window, `there is no revision ${number} of ${set.name}`);
        const found = valueAt(life.last.object.data, path);
        const isRight = JSON.stringify(found) === JSON.stringify(value);
        return isRight ? undefined : breach(`revision ${number} shows ${path} ${JSON.stringify(found)}`, life.last);
      }),
    );
  });
}

function fieldsOf({ number, shows }: ListedRevision) {
  return Object.entries(shows).map(([path, value]) => ({ number, path, value }));
}

/** The versions of the set from the one whose template is another than when the span began. */
function versionsSinceChange(window: Window, set: OrdinalSet, start: StatefulSet): readonly Change<'statefulsets'>[] {
  const versions = window.changes('statefulsets').filter(({ object }) => object.metadata.name === set.name);
  const changed = versions.findIndex(
    ({ object }) => JSON.stringify(object.spec?.template) !== JSON.stringify(start.spec?.template),
  );
  return changed < 0 ? [] : versions.slice(changed);
}

/** The controller has seen the update and not yet replaced every Pod. */
function isPartly({ metadata, spec, status }: StatefulSet): boolean {
  const isObserved = status?.observedGeneration === metadata.generation;
  return isObserved && (status?.updatedReplicas ?? 0) < (spec?.replicas ?? 1);
}
