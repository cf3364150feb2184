import { claimNameOf, ordinalOf, type OrdinalSet } from '../history/sets.ts';
import type { Window } from './guarantee.ts';
import { objectAt, objectsNamed, objectsOf, thereAt, type ObjectLife } from './objects.ts';

export type ClaimLife = ObjectLife<'persistentvolumeclaims'>;
export type VolumeLife = ObjectLife<'persistentvolumes'>;

/** The claims that a Pod of this ordinal has, one for each template of its set. */
export function claimNamesOf(set: OrdinalSet, ordinal: number): readonly string[] {
  return set.claimTemplates.map((template) => claimNameOf(set, ordinal, template));
}

/** Whether a claim of this name is one of the set's, of whatever ordinal. */
export function isClaimOf(set: OrdinalSet, name: string): boolean {
  return set.claimTemplates.some((template) => {
    const prefix = `${template}-`;
    return name.startsWith(prefix) && ordinalOf(set, name.slice(prefix.length)) !== undefined;
  });
}

/** The volumes that name this very claim, by uid, as the one they are for. */
export function volumesOf(volumes: readonly VolumeLife[], claim: ClaimLife): readonly VolumeLife[] {
  return volumes.filter((volume) => volume.changes.some(({ object }) => object.spec?.claimRef?.uid === claim.uid));
}

/** A claim together with the volume that it is Bound to and that is bound to it. */
export interface BoundClaim {
  readonly claim: ClaimLife;
  readonly volume: VolumeLife;
}

/** The claim of this name that is there right after the entry with this index. */
export function claimAt(window: Window, name: string, index: number): ClaimLife | undefined {
  return thereAt(objectsNamed(window, 'persistentvolumeclaims', name), index).at(-1);
}

/** The claim of this name as it was Bound right after the entry with this index; or why there is no such thing. */
export function boundAt(window: Window, name: string, index: number): BoundClaim | string {
  const claim = claimAt(window, name, index);
  const object = claim === undefined ? undefined : objectAt(claim, index);
  if (claim === undefined || object === undefined) return `there was no claim ${name}`;
  if (object.status?.phase !== 'Bound') return `the claim ${name} was ${object.status?.phase ?? 'without a phase'}`;
  const volumes = thereAt(objectsOf(window, 'persistentvolumes'), index);
  const volume = volumesOf(volumes, claim).find((each) => each.name === object.spec?.volumeName);
  return volume === undefined ? `the volume of ${name} was not recorded` : { claim, volume };
}
