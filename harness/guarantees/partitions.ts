import { isTerminating, revisionOf } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { differenceAsMade } from './asMade.ts';
import { imagesOf } from './containers.ts';
import { breach, each, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { livesAt, livesOf, type PodLife } from './lives.ts';
import { isObserved } from './quiet.ts';
import { setAt } from './revisions.ts';

/** What must have become of the Pods before they come back, for the question to be asked at all. */
export type Loss = 'deleted' | 'failed while Terminating' | 'scaled to none';

/**
 * A partition holds for whatever Pod comes back below it: its predecessor's template, not the update's.
 *
 * Verified: when the span began each of these ordinals had a Pod that is not of the set's update revision, as the set reports it at the end; this Pod is gone; every Pod of the
 * ordinal added later in the span is of its revision and was made with the images, labels, annotations and spec with which it was made; at the end there is one, not on its way out. How the Pods were lost is checked
 * as well: `failed while Terminating` means that each was seen in phase Failed with a deletionTimestamp, `scaled to none` that the set asked for 0 replicas and had
 * no Pod at some point. A Pod counts as missing once the controller was seen alive twice after its predecessor had gone.
 * Not verified: that the Pods become Ready; what a Pod was made with that was there before the recording; that it is the partition that spares them.
 * Source: "Partitioned rolling updates" of the StatefulSet page.
 */
export function podsComeBackOld(
  set: OrdinalSet,
  ordinals: readonly number[],
  loss: Loss,
  span: Span & { readonly from: string },
): Guarantee {
  return guarantee('podsComeBackOld', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    const update = stored?.status?.updateRevision;
    if (stored === undefined || update === undefined || !isObserved(stored))
      return undecided(`the controller had not observed the newest generation of ${set.name}`);
    const lives = livesOf(window, set);
    const before = livesAt(lives, window.from);
    const olds = ordinals.map((ordinal) => before.find((life) => life.ordinal === ordinal));
    const missing = ordinals.find((_, position) => olds[position] === undefined);
    if (missing !== undefined) return undecided(`${podNameOf(set, missing)} was not there when the span began`);
    const found = olds.filter((life) => life !== undefined);
    const doubt = doubtAboutLoss(window, set, found, loss, update);
    if (doubt !== undefined) return undecided(doubt);
    const returns = found.map((old) => ({ old, fresh: successorsOf(old, lives) }));
    const awaited = returns.find(({ old, fresh }) => !hadOccasion(window, fresh.at(-1) ?? old));
    return unlessBroken(
      returns.flatMap(({ old, fresh }) => fresh.flatMap((life) => differenceOf(old, life))),
      awaited !== undefined
        ? undecided(`${awaited.old.name} may be still on its way`)
        : each(returns, 'Pods that came back', ({ old, fresh }) => {
            const last = fresh.at(-1);
            if (last === undefined || last.gone !== undefined)
              return missingAtEnd(window, `${old.name} did not come back`);
            return isTerminating(last.last.object)
              ? breach(`the new ${old.name} is Terminating`, last.last)
              : undefined;
          }),
    );
  });
}

/**
 * While a partition keeps Pods at the old template the roll-out is not over, whatever becomes of those Pods meanwhile.
 *
 * Verified: when the span began the set reported an update revision that is not the current one; in every report of the span both are the same as then.
 * Not verified: the Pods (see `podsComeBackOld`); that it is the partition that keeps them.
 * Source: "Partitioned rolling updates" of the StatefulSet page; kubernetes/kubernetes 119685.
 */
export function theRollOutStaysOpen(set: OrdinalSet, span: Span & { readonly from: string }): Guarantee {
  return guarantee('theRollOutStaysOpen', ['statefulsets'], span, (window) => {
    const { currentRevision: current, updateRevision: update } = setAt(window, set, 'start')?.status ?? {};
    if (current === undefined || update === undefined || current === update)
      return undecided(`${set.name} reported no update under way when the span began`);
    const reports = window.changes('statefulsets').filter(({ object }) => object.metadata.name === set.name);
    return each(reports, 'reports of the set', (change) => {
      const { currentRevision, updateRevision } = change.object.status ?? {};
      if (currentRevision === current && updateRevision === update) return undefined;
      return breach(
        `current ${current}, update ${update} became current ${currentRevision}, update ${updateRevision}`,
        change,
      );
    });
  });
}

function doubtAboutLoss(
  window: Window,
  set: OrdinalSet,
  olds: readonly PodLife[],
  loss: Loss,
  update: string,
): string | undefined {
  const updated = olds.find((life) => revisionOf(life.first.object) === update);
  if (updated !== undefined) return `${updated.name} was of the update revision ${update} when the span began`;
  const kept = olds.find((life) => life.gone === undefined);
  if (kept !== undefined) return `${kept.name} was not lost in the span`;
  switch (loss) {
    case 'deleted':
      return undefined;
    case 'failed while Terminating': {
      const unfailed = olds.find((life) => !life.changes.some(isFailedAndTerminating));
      return unfailed && `${unfailed.name} was never seen Failed and Terminating`;
    }
    case 'scaled to none':
      return wasEmpty(window, set) ? undefined : `${set.name} was never seen with 0 replicas and no Pod`;
  }
}

function isFailedAndTerminating({ object }: PodLife['first']): boolean {
  return object.status?.phase === 'Failed' && isTerminating(object);
}

/** Whether the set's Pods were all gone while it asked for none, by what its own status and spec say together. */
function wasEmpty(window: Window, set: OrdinalSet): boolean {
  const askedForNone = window
    .changes('statefulsets')
    .some(
      ({ object }) =>
        object.metadata.name === set.name &&
        object.spec?.replicas === 0 &&
        isObserved(object) &&
        (object.status?.replicas ?? 0) === 0,
    );
  const lives = livesOf(window, set);
  const leavings = window.changes('pods').filter((change) => change.type === 'deleted');
  return askedForNone && leavings.some((change) => livesAt(lives, change.index).length === 0);
}

/** A Pod that is gone is missed only once the controller was seen alive twice since; one that is there needs no occasion. */
function hadOccasion(window: Window, last: PodLife): boolean {
  if (last.gone === undefined) return true;
  const gone = last.gone.index;
  return window.observations('liveness').filter((sign) => sign.invokedAtIndex >= gone).length >= 2;
}

function successorsOf(old: PodLife, lives: readonly PodLife[]): readonly PodLife[] {
  return lives.filter((life) => life.ordinal === old.ordinal && life.first.index > old.first.index);
}

function differenceOf(old: PodLife, fresh: PodLife): readonly Breach[] {
  const { name, first } = fresh;
  const [was, is] = [revisionOf(old.first.object), revisionOf(first.object)];
  if (was !== is) return [breach(`${name} came back at ${is}, not at ${was}`, old.first, first)];
  const [had, asks] = [imagesOf(old.first.object.spec), imagesOf(first.object.spec)];
  if (had !== asks) return [breach(`${name} came back asking for ${asks}, not for ${had}`, old.first, first)];
  const other = differenceAsMade(old, fresh);
  return other === undefined ? [] : [breach(`${name} came back with another ${other}`, old.first, first)];
}
