import type { Change } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { controllerOf, isRunningAndReady, isTerminating, revisionOf } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { imagesOf, restartsOf } from './containers.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, changeAt, isReadyAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { objectAt, objectsNamed, thereAt } from './objects.ts';
import { controllerAt, isReadyOf, setMadeWithin } from './remade.ts';
import { wasStoredBefore } from './storedOrder.ts';

/**
 * An orphaning delete lets go of the Pods before the set disappears; a Pod that still named an owner that is gone would be collected later.
 *
 * Verified: the span begins with Pods that the set controls and ends at a moment at which the set is deleted and still there (the story holds it); at that
 * moment the same Pods are there and name no owner at all. Each had lost the set as its owner before the garbage collector took its finalizer `orphan` off the set: from then on nothing but
 * the story's hold kept it.
 * Not verified: claims and revisions, which may name the set as well; the order on a server that does not count the versions of sets and Pods together.
 */
export function podsAreReleased(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('podsAreReleased', ['pods', 'statefulsets'], span, (window) => {
    const stored = storedAt(window, set, window.to);
    if (stored?.metadata.deletionTimestamp === undefined)
      return undecided(`${set.name} was not held in its deletion at the end of the span`);
    const owned = livesAt(livesOf(window, set), window.from).filter(
      (life) => controllerAt(life, window.from) === stored.metadata.uid,
    );
    const letGo = collectorLetsGo(window, stored.metadata.uid);
    return each(owned, 'Pods that the set had controlled', (life) => {
      const last = changeAt(life, window.to) ?? life.last;
      if (last.type === 'deleted') return breach(`${life.name} was deleted`, last);
      const owners = last.object.metadata.ownerReferences ?? [];
      if (owners.length > 0) return breach(`${life.name} still names ${owners[0]?.name} as its owner`, last);
      const release = life.changes.find(({ index, object }) => index > window.from && !isOwnedBy(object, stored));
      const isLate = release !== undefined && letGo !== undefined && wasStoredBefore(window, letGo, release) === true;
      return isLate
        ? breach(`${life.name} named the set as its owner when nobody kept it any more`, letGo, release)
        : undefined;
    });
  });
}

/** The change by which the finalizer of an orphaning deletion is taken off the set. */
function collectorLetsGo(window: Window, uid: string): Change<'statefulsets'> | undefined {
  const isHeld = ({ object }: Change<'statefulsets'>): boolean =>
    object.metadata.finalizers?.includes('orphan') === true;
  const changes = window.changes('statefulsets').filter(({ object }) => object.metadata.uid === uid);
  return changes.find((change, position) => {
    const before = changes[position - 1];
    return before !== undefined && isHeld(before) && !isHeld(change);
  });
}

function isOwnedBy(pod: Recorded<'pods'>, { metadata: { uid } }: Recorded<'statefulsets'>): boolean {
  return (pod.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
}

/**
 * "An existing, Running and Ready web-1 is adopted, not recreated."
 *
 * Verified: when the span began each of these Pods was Running and Ready and had no controller; at its end the same Pod (uid, restart counts) is there, is Running and Ready, was never
 * asked to go and is controlled by the set, and that set was made within the span.
 * Not verified: at what point of the set's making it was adopted; the tutorial's "when web-0 is Ready" is not what happens.
 */
export function eachPodIsAdopted(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('eachPodIsAdopted', ['pods', 'statefulsets'], span, (window) => {
    const stored = setMadeWithin(window, set);
    if (typeof stored === 'string') return undecided(stored);
    const orphans = orphansAtStart(window, set, ordinals);
    if (typeof orphans === 'string') return undecided(orphans);
    return each(orphans, 'Pods without an owner', (life) => {
      if (life.deletion !== undefined) return breach(`${life.name} was deleted`, life.first, life.deletion);
      const before = changeAt(life, window.from)?.object;
      if (restartsOf(life.last.object) !== restartsOf(before))
        return breach(`${life.name} had a container restarted`, life.last);
      if (!isRunningAndReady(life.last.object)) return breach(`${life.name} is not Running and Ready`, life.last);
      const owner = controllerAt(life, window.to);
      if (owner === stored.metadata.uid) return undefined;
      const who = owner === undefined ? 'has no owner' : `is owned by ${owner}`;
      return breach(`${life.name} ${who}, not by the new ${set.name}`, life.last);
    });
  });
}

/**
 * Following the tutorial to the letter: the adopted Pod's template is not the new set's, so it is taken over as it is and rolled afterwards.
 *
 * Verified: the Pod of this ordinal, without owner when the span began, was seen under the new set's control before it was deleted; it was deleted only when every Pod
 * of a higher ordinal was gone and every one of a lower ordinal Running and Ready; its replacement was added after it was gone, and at the end it is Running and Ready, is of
 * the set's update revision, which the old one was not, and its containers ask for exactly the images of the set's template.
 * Not verified: what runs in it.
 */
export function isAdoptedAndThenReplaced(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return guarantee('isAdoptedAndThenReplaced', ['pods', 'statefulsets'], span, (window) => {
    const stored = setMadeWithin(window, set);
    if (typeof stored === 'string') return undecided(stored);
    const orphans = orphansAtStart(window, set, [ordinal]);
    if (typeof orphans === 'string') return undecided(orphans);
    return together(
      each(orphans, 'Pods to be adopted', (life) => unlessAdoptedFirst(life, stored)),
      each(orphans, 'Pods to be replaced', (life) => unlessInTurn(life, window, set)),
      each(orphans, 'replacements', (life) => unlessReplaced(life, window, set, stored)),
    );
  });
}

function unlessAdoptedFirst(life: PodLife, stored: Recorded<'statefulsets'>): Breach | undefined {
  const isAdopted = life.changes.some(
    (change) =>
      change.type !== 'deleted' &&
      !isTerminating(change.object) &&
      controllerOf(change.object)?.uid === stored.metadata.uid,
  );
  return isAdopted
    ? undefined
    : breach(`${life.name} was never adopted by the new ${stored.metadata.name}`, life.deletion ?? life.last);
}

function unlessInTurn(life: PodLife, window: Window, set: OrdinalSet): Breach | undefined {
  const { deletion } = life;
  if (deletion === undefined) return breach(`${life.name} was not replaced`, life.last);
  const there = livesAt(livesOf(window, set), deletion.index);
  const higher = there.find((each) => each.ordinal > life.ordinal);
  if (higher !== undefined)
    return breach(`${life.name} was deleted while ${higher.name} was there`, deletion, higher.last);
  const lower = Array.from({ length: life.ordinal }, (_, ordinal) => ordinal);
  const unready = lower.find((ordinal) => !isReadyOf(there, ordinal, deletion.index));
  return unready === undefined
    ? undefined
    : breach(`${life.name} was deleted while ${podNameOf(set, unready)} was not Running and Ready`, deletion);
}

function unlessReplaced(
  life: PodLife,
  window: Window,
  set: OrdinalSet,
  stored: Recorded<'statefulsets'>,
): Breach | undefined {
  const replacement = additionsOf(window, set).findLast((each) => each.ordinal === life.ordinal);
  if (life.gone === undefined || replacement === undefined) return breach(`${life.name} was not replaced`, life.last);
  if (replacement.first.index < life.gone.index)
    return breach(`${life.name} was added again before the old one was gone`, replacement.first, life.gone);
  const pod = replacement.last.object;
  if (replacement.gone !== undefined || !isRunningAndReady(pod))
    return breach(`the new ${life.name} is not Running and Ready`, replacement.last);
  if (revisionOf(pod) !== stored.status?.updateRevision || revisionOf(pod) === revisionOf(life.last.object))
    return breach(`the new ${life.name} is of revision ${revisionOf(pod)}`, replacement.last);
  if (imagesOf(pod.spec) !== imagesOf(stored.spec?.template.spec))
    return breach(`the new ${life.name} asks for the images ${imagesOf(pod.spec)}`, replacement.last);
  return undefined;
}

function storedAt(window: Window, set: OrdinalSet, index: number): Recorded<'statefulsets'> | undefined {
  const life = thereAt(objectsNamed(window, 'statefulsets', set.name), index)[0];
  return life === undefined ? undefined : objectAt(life, index);
}

/** The Pods of these ordinals as they waited for an owner when the span began: Running and Ready, controlled by nobody. */
function orphansAtStart(window: Window, set: OrdinalSet, ordinals: readonly number[]): readonly PodLife[] | string {
  const there = livesAt(livesOf(window, set), window.from);
  const orphans = ordinals.map((ordinal) =>
    there.find((life) => life.ordinal === ordinal && isReadyAt(life, window.from)),
  );
  const missing = ordinals.find((_, position) => orphans[position] === undefined);
  if (missing !== undefined) return `${podNameOf(set, missing)} was not Running and Ready when the span began`;
  const found = orphans.filter((life) => life !== undefined);
  const owned = found.find((life) => controllerAt(life, window.from) !== undefined);
  return owned === undefined ? found : `${owned.name} had an owner when the span began`;
}
