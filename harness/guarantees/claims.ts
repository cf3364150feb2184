import { claimNameOf, ordinalOf, type OrdinalSet } from '../history/sets.ts';
import type { ObjectLife } from './objects.ts';

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
