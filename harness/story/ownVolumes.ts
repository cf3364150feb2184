import { runLabel } from '../run.ts';
import type { Recorded } from '../history/objects.ts';
import { orAbsent } from '../kube/errors.ts';
import { byName, type Lab } from './lab.ts';
import { NotRun } from './notRun.ts';

/**
 * A volume is cluster-wide. A story may change or delete it only if it was provisioned for a claim of the story's own: one that was there before is
 * somebody else's, even if a claim of ours happens to be bound to it.
 */
export function requireOwnVolume(lab: Lab, name: string): void {
  const volume = byName(lab.recording, 'persistentvolumes').get(name);
  if (volume === undefined || !isOwn(lab, volume))
    throw new NotRun(`the volume ${name} was not provisioned for this story, so it is left alone`);
}

/** The label by which what is ours outside of our namespace is found and removed, should this run not come to its end. */
export function markedAsOurs(lab: Lab, patch: object): object {
  const { metadata } = patch as { readonly metadata?: { readonly labels?: object } };
  return { ...patch, metadata: { ...metadata, labels: { ...metadata?.labels, [runLabel]: lab.run.id } } };
}

/**
 * Kept volumes would outlive their namespace: they are told to go with it, so that whoever provisioned them also removes what is stored in them. One
 * that is not claimed at present is given to a claim that does not exist, for only what was claimed is reclaimed.
 */
export async function releaseOwnVolumes(lab: Lab): Promise<void> {
  const volumes = [...lab.recording.state('persistentvolumes').values()];
  const kept = volumes.filter(
    (volume) => volume.spec?.persistentVolumeReclaimPolicy === 'Retain' && isOwn(lab, volume),
  );
  for (const { metadata, spec } of kept) {
    const claimRef = spec?.claimRef === undefined ? { claimRef: nobody(lab.namespace) } : {};
    const body = { metadata: { uid: metadata.uid }, spec: { persistentVolumeReclaimPolicy: 'Delete', ...claimRef } };
    const place = { resource: 'persistentvolumes', name: metadata.name } as const;
    await orAbsent(lab.kube.patch(place, markedAsOurs(lab, body)));
  }
}

/** A volume that the watch reported as new, and that names its provisioner. */
function isOwn(lab: Lab, { metadata }: Recorded<'persistentvolumes'>): boolean {
  const first = lab.recording.entries.find(
    (entry) =>
      entry.kind === 'change' && entry.resource === 'persistentvolumes' && entry.object.metadata.uid === metadata.uid,
  );
  const isNew = first?.kind === 'change' && first.type === 'added';
  return isNew && metadata.annotations?.['pv.kubernetes.io/provisioned-by'] !== undefined;
}

function nobody(namespace: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    namespace,
    name: 'reclaimed',
    uid: crypto.randomUUID(),
  };
}
