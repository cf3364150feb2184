import { controlPlane } from '../kind.ts';
import { ask, nodesOf, type Ground } from './ground.ts';

/** Where the provisioners keep volumes: `folder/*`, and below `nested` one level deeper. */
const local = { folder: '/var/local-path-provisioner', nested: 'owned' };
const shared = { folder: '/shared', nested: '' };

/**
 * Removes the folders that a provisioner has left although no PersistentVolume names them: a mutant may not have removed them, or may have made others. To
 * be called while nothing is provisioned.
 */
export async function clearVolumes(ground: Ground): Promise<void> {
  const { items } = JSON.parse(await ask(ground, 'get', 'persistentvolumes', '-o', 'json')) as Volumes;
  const named = items.map(({ spec }) => spec.hostPath?.path ?? spec.local?.path ?? '').filter(Boolean);
  await Promise.all(
    (await nodesOf(ground)).flatMap((node) => [
      clear(ground, node, local, named),
      // All nodes see the same one.
      ...(node === controlPlane(ground.cluster) ? [clear(ground, node, shared, named)] : []),
    ]),
  );
}

const script = `
folder=$1 nested=$2
shift 2
[ -d "$folder" ] || exit 0
for each in "$folder"/* "$folder/\${nested:-.none}"/*; do
  [ -e "$each" ] || continue
  [ -z "$nested" ] || [ "$each" != "$folder/$nested" ] || continue
  kept=
  for volume in "$@"; do case "$volume/" in "$each"/*) kept=1 ;; esac; done
  [ -n "$kept" ] || rm -rf "$each"
done`;

async function clear(
  { engine }: Ground,
  node: string,
  { folder, nested }: typeof local,
  named: readonly string[],
): Promise<void> {
  await engine.exec(node, ['sh', '-c', script, 'sh', folder, nested, ...named]);
}

interface Volumes {
  readonly items: readonly {
    readonly spec: { readonly hostPath?: { readonly path: string }; readonly local?: { readonly path: string } };
  }[];
}
