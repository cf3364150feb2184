import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '../history/objects.ts';
import { orAbsent } from '../kube/errors.ts';
import type { Lab } from './lab.ts';
import { NotRun } from './notRun.ts';

/**
 * A StorageClass is cluster-wide, and a tutorial's name for one (`fast`) may be somebody else's for another. So a run neither makes nor changes one: where the cluster has exactly the
 * manifest's, as the kind cluster does, it is taken as it is; elsewhere the story is not run. Returns the class as the server has it.
 */
export async function takeClass(lab: Lab, manifest: Manifest): Promise<Manifest> {
  const { name } = manifest.metadata;
  const found = await orAbsent(lab.kube.get({ resource: 'storageclasses', name }, { signal: lab.signal }));
  if (found === undefined)
    throw new NotRun(`this cluster has no StorageClass ${name}, and a run makes nothing that is cluster-wide`);
  const other = decisiveFields.find((field) => !isDeepStrictEqual(written(manifest, field), written(found, field)));
  if (other !== undefined)
    throw new NotRun(
      `the StorageClass ${name} of this cluster is another than the manifest's (${other}), so it is left alone`,
    );
  return found as unknown as Manifest;
}

const decisiveFields = ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'] as const;

/** A field as the server has it when nobody wrote it. */
function written(of: Readonly<Record<string, unknown>>, field: (typeof decisiveFields)[number]): unknown {
  const defaults = { provisioner: undefined, parameters: {}, reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' };
  return of[field] ?? defaults[field];
}
