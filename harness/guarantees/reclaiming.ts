import type { Observation } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import type { OrdinalSet } from '../history/sets.ts';
import { claimNamesOf, isClaimOf, volumesOf, type ClaimLife, type VolumeLife } from './claims.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { deletionsOf } from './lives.ts';
import { objectAt, objectsNamed, objectsOf, thereAt, type ObjectLife } from './objects.ts';

/**
 * "The StatefulSet never deletes the PersistentVolumes associated with a Pod."
 *
 * Verified: within the span Pods of the set were deleted or the set itself was; of the claims of its templates and the volumes bound to them, none was asked to go or vanished, except
 * a claim whose deletion this run had asked for before, with its volume.
 * Not verified: sets with another `persistentVolumeClaimRetentionPolicy` than the default, which may delete claims.
 */
export function noStorageIsDeletedUnasked(set: OrdinalSet, span: Span): Guarantee {
  const resources = ['pods', 'statefulsets', 'persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('noStorageIsDeletedUnasked', resources, span, (window) => {
    const isShaken =
      deletionsOf(window, set).length > 0 || objectsNamed(window, 'statefulsets', set.name).some(isAskedToGo);
    if (!isShaken) return undecided(`neither ${set.name} nor a Pod of it was deleted in the span`);
    const claims = objectsOf(window, 'persistentvolumeclaims').filter((life) => isClaimOf(set, life.name));
    const volumes = objectsOf(window, 'persistentvolumes');
    const unbound = claims.find((claim) => volumesOf(volumes, claim).length === 0);
    if (unbound !== undefined) return undecided(`the claim ${unbound.name} has no recorded volume`);
    return together(
      each(claims, 'claims', (claim) => unlessAsked(window, claim, claim.name)),
      each(
        claims.flatMap((claim) => volumesOf(volumes, claim).map((volume) => ({ claim, volume }))),
        'volumes',
        ({ claim, volume }) => unlessAsked(window, volume, claim.name),
      ),
    );
  });
}

/** What the story called the moments at which it looked at the volumes' directories. */
export interface Looks {
  readonly before: string;
  readonly after: string;
}

/** What a look at a directory prints: `directoryLook(path)` as a shell would run it. */
export const directoryLook = (path: string): readonly string[] => [
  'sh',
  '-c',
  'test -d "$1" && echo there || echo absent',
  'sh',
  path,
];

/**
 * "No resources found": deleting the claims leaves none, and their volumes are reclaimed.
 *
 * Verified: when the span began each of these claims was Bound to a volume and no Pod mounted it; at its end there is no claim of the set's templates and none of those volumes (a Released one is
 * left over); each volume's directory on its node was there before and is absent after.
 * Not verified: that the blocks were overwritten. A volume without a directory of a node cannot be looked at.
 */
export function storageIsReclaimed(set: OrdinalSet, ordinals: readonly number[], looks: Looks, span: Span): Guarantee {
  const resources = ['pods', 'persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('storageIsReclaimed', resources, span, (window) => {
    const stored = ordinals.flatMap((ordinal) => claimNamesOf(set, ordinal)).map((name) => storedAtStart(window, name));
    const doubt = stored.find((each) => typeof each === 'string');
    if (doubt !== undefined) return undecided(doubt);
    const pairs = stored.filter((each) => typeof each !== 'string');
    const user = userOf(
      window,
      pairs.map(({ claim }) => claim.name),
    );
    if (user !== undefined) return undecided(`${user} was still using a claim when the span began`);
    const unseen = pairs.map((pair) => doubtAboutLooks(window, pair.volume, looks)).find((each) => each !== undefined);
    const left = thereAt(objectsOf(window, 'persistentvolumeclaims'), window.to).filter((life) =>
      isClaimOf(set, life.name),
    );
    const isLeft = left.length > 0 || pairs.some(({ volume }) => volume.gone === undefined);
    if (unseen !== undefined && !isLeft) return undecided(unseen);
    return unlessBroken(
      left.map((claim) => breach(`the claim ${claim.name} is still there`, claim.last)),
      together(
        each(pairs, 'claims', ({ claim }) =>
          claim.gone === undefined ? breach(`the claim ${claim.name} is still there`, claim.last) : undefined,
        ),
        each(pairs, 'volumes', ({ claim, volume }) => unlessDeleted(claim, volume)),
        each(pairs, 'directories', ({ claim, volume }) => unlessEmptied(window, claim, volume, looks)),
      ),
    );
  });
}

function isAskedToGo(life: ObjectLife<'statefulsets'>): boolean {
  return life.deletion !== undefined;
}

/** A deletion is asked for by a call of ours on the claim that was begun before it was seen. */
function unlessAsked(window: Window, life: ClaimLife | VolumeLife, claim: string): Breach | undefined {
  const { deletion } = life;
  if (deletion === undefined) return undefined;
  const isAsked = window.history.entries.some(
    (entry) =>
      entry.kind === 'operation' &&
      entry.verb === 'delete' &&
      entry.target === `persistentvolumeclaims/${claim}` &&
      entry.index < deletion.index,
  );
  return isAsked ? undefined : breach(`${deletion.resource}/${life.name} was deleted, and not by this run`, deletion);
}

interface StoredPair {
  readonly claim: ClaimLife;
  readonly volume: VolumeLife;
}

function storedAtStart(window: Window, name: string): StoredPair | string {
  const claim = thereAt(objectsNamed(window, 'persistentvolumeclaims', name), window.from)[0];
  const object = claim === undefined ? undefined : objectAt(claim, window.from);
  const volume = thereAt(objectsNamed(window, 'persistentvolumes', object?.spec?.volumeName ?? ''), window.from)[0];
  if (claim === undefined || volume === undefined || object?.status?.phase !== 'Bound')
    return `the claim ${name} was not Bound to a recorded volume when the span began`;
  return { claim, volume };
}

/** A Pod that mounted one of these claims at the start of the span. */
function userOf(window: Window, claims: readonly string[]): string | undefined {
  const mounts = (pod: Recorded<'pods'>): boolean =>
    (pod.spec?.volumes ?? []).some((volume) => claims.includes(volume.persistentVolumeClaim?.claimName ?? ''));
  return [...window.stateAtStart('pods').values()].find(mounts)?.metadata.name;
}

function unlessDeleted(claim: ClaimLife, volume: VolumeLife): Breach | undefined {
  if (volume.gone !== undefined) return undefined;
  const phase = volume.last.object.status?.phase ?? 'in an unknown phase';
  return breach(`the volume ${volume.name} of ${claim.name} is still there, ${phase}`, volume.last);
}

function unlessEmptied(window: Window, claim: ClaimLife, volume: VolumeLife, looks: Looks): Breach | undefined {
  const look = lookAt(window, volume, looks.after);
  return look === undefined || look.stdout.trim() === 'absent'
    ? undefined
    : breach(`the directory of ${claim.name} is still there on ${look.node}`, look, volume.last);
}

function doubtAboutLooks(window: Window, volume: VolumeLife, { before, after }: Looks): string | undefined {
  if (lookAt(window, volume, before)?.stdout.trim() !== 'there')
    return `the directory of ${volume.name} was not seen (${before})`;
  const answer = lookAt(window, volume, after)?.stdout.trim();
  return answer === 'there' || answer === 'absent'
    ? undefined
    : `it is not known whether the directory of ${volume.name} is there (${after})`;
}

/** What was seen of this volume's directory, on whichever node it lies. */
function lookAt(window: Window, volume: VolumeLife, moment: string): Extract<Observation, { of: 'node' }> | undefined {
  const path = volume.first.object.spec?.hostPath?.path ?? volume.first.object.spec?.local?.path;
  return window.observations('node', moment).find((look) => path !== undefined && look.argv.includes(path));
}
