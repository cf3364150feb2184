import { imageOf, isRunningAndReady, revisionOf } from '../history/pods.ts';
import type { Recorded } from '../history/objects.ts';
import { claimNameOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { unlessInDoubt } from './doubt.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, changeAt, deletionsOf, isReadyAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { objectsNamed, objectsOf, thereAt } from './objects.ts';
import { isOfRevision, updateOf, type Replacement, type Update } from './replacements.ts';
import { breachBySet, templateImageOf } from './revisions.ts';
import { imageIDOf, imageIDsOf, isOneOf } from './running.ts';

type Pod = Recorded<'pods'>;

/**
 * RollingUpdate: "will update all Pods in a StatefulSet, in reverse ordinal order".
 *
 * Verified: every Pod that stood when the span began with another revision than the set's update revision at its end is
 * deleted in the span, each after the one of the next higher ordinal; no other Pod is deleted, and none twice.
 * Not verified: what the Pods are replaced by (see `updateCompletes`), nor that they wait for each other (see
 * `eachUpdateWaitsForReady`).
 */
export function podsAreUpdatedInReverseOrder(set: OrdinalSet, span: Span): Guarantee {
  return ofUpdate('podsAreUpdatedInReverseOrder', set, span, (update, window) => {
    const olds = update.replacements.map(({ old }) => old);
    const others = deletionsOf(window, set).filter((life) => !olds.some((old) => old.uid === life.uid));
    const spared = olds.filter((life) => life.deletion === undefined);
    return unlessBroken(
      [
        ...spared.map((life) => breach(`${life.name} was not updated to ${update.revision}`, life.last)),
        ...others.map((life) => breach(`${life.name} was deleted as well`, life.deletion ?? life.last)),
      ],
      each(olds.slice(1), 'updates that follow another', (life, position) => {
        const higher = olds[position];
        if (higher === undefined || indexOfDeletion(higher) < indexOfDeletion(life)) return undefined;
        return breach(
          `${life.name} was updated before ${higher.name}`,
          life.deletion ?? life.last,
          higher.deletion ?? higher.last,
        );
      }),
    );
  });
}

/**
 * "… waits for it to transition to Running and Ready prior to updating the next Pod."
 *
 * Verified: when the deletion of an outdated Pod begins, every outdated Pod of a higher ordinal has been replaced by
 * one of the update revision under another uid, which is Running and Ready at that point of the history.
 * Not verified: the Pods of lower ordinals.
 */
export function eachUpdateWaitsForReady(set: OrdinalSet, span: Span): Guarantee {
  return ofUpdate('eachUpdateWaitsForReady', set, span, ({ revision, replacements }) => {
    const spared = replacements.find(({ old }) => old.deletion === undefined);
    return unlessInDoubt(
      spared && `${spared.name} was not updated in the span`,
      each(replacements.slice(1), 'updates that follow another', ({ old }, position) => {
        const since = old.deletion;
        if (since === undefined) return undefined;
        const higher = replacements.slice(0, position + 1);
        const early = higher.find((each) => !wasUpdatedAndReady(each, revision, since.index));
        if (early === undefined) return undefined;
        const because = `${old.name} was deleted before the updated ${early.name} was Running and Ready`;
        return breach(because, since, early.fresh?.first ?? early.old.last);
      }),
    );
  });
}

/**
 * As the tutorial's watch shows: each Pod is deleted first and made anew afterwards, in its own place.
 *
 * Verified: every outdated Pod is replaced; when a Pod is added in the span no other Pod of its name is there; at no
 * change are there more Pods than replicas; each replacement mounts the claims that its predecessor mounted, which keep
 * their uids and their volumes (uids).
 * Not verified: what is in the volumes.
 */
export function eachPodIsReplacedInPlace(set: OrdinalSet, span: Span): Guarantee {
  const resources = ['persistentvolumeclaims', 'persistentvolumes'] as const;
  return ofUpdate(
    'eachPodIsReplacedInPlace',
    set,
    span,
    ({ stored, replacements }, window) => {
      return unlessBroken(
        crowdsOf(window, set, stored.spec?.replicas ?? 0),
        together(
          each(replacements, 'Pods to be replaced', ({ name, old, fresh }) => {
            if (fresh === undefined || old.gone === undefined) return missingAtEnd(window, `${name} was not replaced`);
            return claimsOf(fresh) === claimsOf(old)
              ? undefined
              : breach(`${name} mounts ${claimsOf(fresh)}, before it ${claimsOf(old)}`, old.last, fresh.first);
          }),
          each(claimNamesOf(set, replacements), 'claims', (name) => changeOfStorage(window, name)),
        ),
      );
    },
    resources,
  );
}

/**
 * "All the Pods in the StatefulSet are now running" the new image, and the set says so.
 *
 * Verified: at the end of the span the template asks for an image that no outdated Pod asked for; the set has exactly
 * as many Pods as replicas, each Running and Ready, of the update revision, asking for that image and running it: its
 * imageID is none that Pods of the old revision had. The set reports `currentRevision` equal to `updateRevision` and
 * all replicas updated and ready.
 * Not verified: that the imageID is the one a registry has for the image.
 */
export function updateCompletes(set: OrdinalSet, span: Span): Guarantee {
  return ofUpdate('updateCompletes', set, span, ({ stored, revision, replacements }, window) => {
    const image = templateImageOf(stored);
    const outdated = replacements.find(({ old }) => imageOf(old.first.object) === image);
    if (outdated !== undefined) return undecided(`the outdated ${outdated.name} asked for ${image} already`);
    if (replacements.length === 0) return undecided(`no Pod of ${set.name} had to be updated`);
    const before = replacements.flatMap(({ old }) => imageIDsOf(window, set, revisionOf(old.first.object)));
    const there = livesAt(livesOf(window, set), window.to);
    const ordinals = Array.from({ length: stored.spec?.replicas ?? 0 }, (_, ordinal) => ordinal);
    const vague = there.find((life) => isOneOf(before, imageIDOf(life.last.object)) === 'unknown');
    return unlessInDoubt(
      vague && `what ${vague.name} runs (${imageIDOf(vague.last.object)}) cannot be compared with ${before.join(', ')}`,
      together(
        each(ordinals, 'updated Pods', (ordinal) => {
          const life = there.find((each) => each.ordinal === ordinal);
          if (life === undefined) return missingAtEnd(window, `there is no ${podNameOf(set, ordinal)}`);
          const lack = lackOf(life, revision, image, before);
          return lack === undefined ? undefined : breach(`${life.name} ${lack}`, life.last);
        }),
        each([stored], 'final status', () => unfinishedStatus(window, set, stored)),
        each(there, 'Pods at the end', (life) =>
          ordinals.includes(life.ordinal) ? undefined : breach(`${life.name} is there as well`, life.last),
        ),
      ),
    );
  });
}

/**
 * Something that a Pod carries because its template does. `key` is the name of a label, an annotation or a resource.
 */
export type Trait =
  | { readonly of: 'image'; readonly value: string }
  | { readonly of: 'label' | 'annotation' | 'request' | 'limit'; readonly key: string; readonly value: string };

/**
 * "This feature can be used to upgrade the container images, resource requests and/or limits, labels, and annotations
 * of the Pods."
 *
 * Verified: no Pod carried these traits when the span began; at its end every ordinal has a Pod of another uid, made in
 * the span and only once, of the update revision, Running and Ready, that carries them all.
 * Not verified: the order (see `podsAreUpdatedInReverseOrder`).
 */
export function everyPodIsReplacedCarrying(
  set: OrdinalSet,
  traits: readonly [Trait, ...Trait[]],
  span: Span,
): Guarantee {
  return ofUpdate('everyPodIsReplacedCarrying', set, span, ({ stored, revision }, window) => {
    const before = livesAt(livesOf(window, set), window.from);
    const carrier = before.find((life) => {
      const old = changeAt(life, window.from);
      return old !== undefined && traits.some((trait) => carries(old.object, trait));
    });
    if (carrier !== undefined) return undecided(`${carrier.name} carried it already when the span began`);
    const additions = additionsOf(window, set);
    return each(
      Array.from({ length: stored.spec?.replicas ?? 0 }, (_, ordinal) => ordinal),
      'Pods to be replaced',
      (ordinal) => {
        const [fresh, second] = additions.filter((life) => life.ordinal === ordinal);
        if (fresh === undefined) return missingAtEnd(window, `${podNameOf(set, ordinal)} was not replaced`);
        if (second !== undefined) return breach(`${fresh.name} was replaced more than once`, fresh.first, second.first);
        if (!isOfRevision(fresh, revision) || !isReadyAt(fresh, window.to))
          return breach(`${fresh.name} is not a Ready Pod of ${revision}`, fresh.last);
        const lacking = traits.find((trait) => !carries(fresh.last.object, trait));
        return lacking === undefined ? undefined : breach(`${fresh.name} lacks the ${describe(lacking)}`, fresh.last);
      },
    );
  });
}

/**
 * "… the StatefulSet controller automatically updated the web-2 Pod."
 *
 * Verified: the outdated Pod of this ordinal is deleted in the span although the story deletes no Pod in it; its one
 * replacement is of the update revision, asks for the template's image, runs none that Pods of the old revision ran,
 * and is Running and Ready at the end.
 * Not verified: the other Pods.
 */
export function controllerUpdatesByItself(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return ofUpdate('controllerUpdatesByItself', set, span, ({ stored, revision, replacements }, window) => {
    const ours = window.operations().find(({ verb, target }) => verb === 'delete' && target.startsWith('pods'));
    if (ours !== undefined) return undecided(`the story itself deleted ${ours.target}`);
    const outdated = replacements.filter((each) => each.ordinal === ordinal);
    const before = outdated.flatMap(({ old }) => imageIDsOf(window, set, revisionOf(old.first.object)));
    const vague = outdated.find(({ fresh }) => fresh && isOneOf(before, imageIDOf(fresh.last.object)) === 'unknown');
    return unlessInDoubt(
      vague && `what the new ${vague.name} runs cannot be compared with ${before.join(', ')}`,
      each(outdated, `outdated Pods of ordinal ${ordinal}`, ({ name, old, fresh }) => {
        if (old.deletion === undefined || fresh === undefined)
          return breach(`${name} was not updated to ${revision}`, old.last);
        const lack = lackOf(fresh, revision, templateImageOf(stored), before);
        return lack === undefined ? undefined : breach(`the new ${name} ${lack}`, old.deletion, fresh.last);
      }),
    );
  });
}

function ofUpdate(
  name: string,
  set: OrdinalSet,
  span: Span,
  examine: (update: Update, window: Window) => Findings,
  resources: readonly ('persistentvolumeclaims' | 'persistentvolumes')[] = [],
): Guarantee {
  return guarantee(name, ['pods', 'statefulsets', ...resources], span, (window) => {
    const update = updateOf(window, set);
    return typeof update === 'string' ? undecided(update) : examine(update, window);
  });
}

/** What an updated Pod lacks to be the update's. */
function lackOf(
  life: PodLife,
  revision: string,
  image: string | undefined,
  before: readonly string[],
): string | undefined {
  const pod = life.last.object;
  if (!isOfRevision(life, revision)) return `is not of the update revision ${revision}`;
  if (!isRunningAndReady(pod)) return 'is not Running and Ready';
  if (imageOf(pod) !== image) return `asks for ${imageOf(pod)}`;
  return isOneOf(before, imageIDOf(pod)) === 'yes' ? `still runs ${imageIDOf(pod)}` : undefined;
}

function unfinishedStatus(window: Window, set: OrdinalSet, { spec, status }: Update['stored']): Breach | undefined {
  const { currentRevision, updateRevision, updatedReplicas, readyReplicas, replicas } = status ?? {};
  const isDone =
    currentRevision === updateRevision &&
    [updatedReplicas, readyReplicas, replicas].every((count) => count === spec?.replicas);
  if (isDone) return undefined;
  const counts = `${updatedReplicas} updated and ${readyReplicas} ready of ${replicas}`;
  const revisions = `current ${currentRevision}, update ${updateRevision}`;
  return breachBySet(window, set, `${set.name} reports ${revisions}; ${counts}`);
}

function indexOfDeletion(life: PodLife): number {
  return life.deletion?.index ?? Infinity;
}

function wasUpdatedAndReady({ fresh }: Replacement, revision: string, index: number): boolean {
  return fresh !== undefined && revisionOf(fresh.first.object) === revision && isReadyAt(fresh, index);
}

/** Moments at which there were too many Pods: two of one name, or more than replicas. */
function crowdsOf(window: Window, set: OrdinalSet, replicas: number): readonly Breach[] {
  const lives = livesOf(window, set);
  return additionsOf(window, set).flatMap((life) => {
    const there = livesAt(lives, life.first.index);
    const twin = there.find((other) => other.uid !== life.uid && other.ordinal === life.ordinal);
    if (twin !== undefined)
      return [breach(`${life.name} was added while its predecessor was there`, twin.first, life.first)];
    return there.length > replicas
      ? [breach(`${there.length} Pods were there when ${life.name} was added`, life.first)]
      : [];
  });
}

function claimsOf(life: PodLife): string {
  const names = (life.first.object.spec?.volumes ?? [])
    .map((volume) => volume.persistentVolumeClaim?.claimName)
    .filter((name) => name !== undefined);
  return names.toSorted().join(', ') || 'no claim';
}

function claimNamesOf(set: OrdinalSet, replacements: readonly Replacement[]): readonly string[] {
  return replacements.flatMap(({ ordinal }) =>
    set.claimTemplates.map((template) => claimNameOf(set, ordinal, template)),
  );
}

function changeOfStorage(window: Window, name: string): Breach | undefined {
  const [claim, another] = thereAt(objectsNamed(window, 'persistentvolumeclaims', name), window.from).concat(
    objectsNamed(window, 'persistentvolumeclaims', name).filter((each) => each.first.index > window.from),
  );
  if (claim === undefined) return missingAtEnd(window, `there is no claim ${name}`);
  if (another !== undefined) return breach(`the claim ${name} was made anew`, claim.last, another.first);
  if (claim.deletion !== undefined) return breach(`the claim ${name} was deleted`, claim.deletion);
  const volumes = new Set(
    claim.changes.map((change) => change.object.spec?.volumeName).filter((volume) => volume !== undefined),
  );
  const [volume] = thereAt(objectsOf(window, 'persistentvolumes'), window.to).filter((each) => volumes.has(each.name));
  if (volumes.size !== 1 || volume === undefined || volume.first.index > window.from)
    return breach(`the claim ${name} is not Bound to the volume it had`, claim.last);
  return volume.last.object.spec?.claimRef?.uid === claim.uid && volume.deletion === undefined
    ? undefined
    : breach(`the volume of ${name} is another one's, or on its way out`, claim.last, volume.last);
}

function carries(pod: Pod, trait: Trait): boolean {
  const [container] = pod.spec?.containers ?? [];
  switch (trait.of) {
    case 'image':
      return imageOf(pod) === trait.value;
    case 'label':
      return pod.metadata.labels?.[trait.key] === trait.value;
    case 'annotation':
      return pod.metadata.annotations?.[trait.key] === trait.value;
    case 'request':
      return container?.resources?.requests?.[trait.key] === trait.value;
    case 'limit':
      return container?.resources?.limits?.[trait.key] === trait.value;
  }
}

function describe(trait: Trait): string {
  return trait.of === 'image' ? `image ${trait.value}` : `${trait.of} ${trait.key}=${trait.value}`;
}
