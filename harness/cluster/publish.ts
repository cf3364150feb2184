import type { Engine } from './engine/engine.ts';
import { keyOf } from './images/key.ts';
import { workloads } from './images/workloads.ts';
import { controlPlane, nodeContainers } from './kind.ts';
import { ensureRegistry, pushAll, registryHas } from './mirror.ts';
import { inStep } from './progress.ts';
import type { Way } from './registry.ts';
import { registryOf } from './state.ts';
import type { Supplies } from './supplies.ts';

/** Of the workload images under all their names, and of the registry that serves them. */
export function publishedKey({ built }: Supplies): string {
  const images = (built?.workloads ?? []).flatMap(({ names, made }) => names.map((name) => [name, made.key] as const));
  const all = workloads.flatMap((workload) => workload.names).join(' ');
  const values = { ...Object.fromEntries(images), all, registry: built?.registry.key ?? '' };
  return keyOf({ name: 'images', values, parentKeys: [], files: [] });
}

/**
 * Has a registry run beside the nodes, so that `imagePullPolicy: Always` finds the workload images there. What it returns
 * fills it, which takes longer and needs no nodes.
 */
export async function startRegistry(
  name: string,
  supplies: Supplies,
  keyBefore: string | undefined,
): Promise<() => Promise<void>> {
  const { built } = supplies;
  const { engine, progress } = supplies.shop;
  const isFilled = publishedKey(supplies) === keyBefore && (await registryServes(engine, name, supplies.way));
  if (built === undefined || isFilled) return () => Promise.resolve();
  const container = registryOf(name);
  await ensureRegistry(engine, container, built.registry, progress);
  return () =>
    inStep(progress, "Fill the registry on the nodes' network", 'it serves the workloads under their own names', () =>
      pushAll(engine, container, built.workloads),
    );
}

/** Brings the workload images to every worker, so that no story pays for a pull. */
export async function pullToWorkers(name: string, supplies: Supplies): Promise<void> {
  const { engine, progress, signal } = supplies.shop;
  const nodes = (await nodeContainers(engine, name)).map((node) => node.name);
  const workers = nodes.filter((node) => node !== controlPlane(name));
  const names = workloads.flatMap((workload) => workload.names);
  // Upstream's node image has crictl; the one built here has only containerd's own client.
  const pull = supplies.way === 'upstream' ? ['crictl', 'pull'] : ['sh', '-c', pullAsKubeletDoes];
  await inStep(progress, 'Pull workload images to the workers', 'no story should wait for a pull', async (step) => {
    for (const image of names) {
      step.update(image);
      await Promise.all(workers.map((worker) => engine.exec(worker, [...pull, image], { signal })));
    }
  });
}

/**
 * containerd's client leaves an image without a reference by digest, and then a container's imageID is another than on a node where kubelet pulled the same
 * image. With the reference there is one imageID for one image.
 */
const pullAsKubeletDoes = `set -eu
ctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d "$0"
digest=$(ctr -n k8s.io images ls "name==$0" | awk 'NR == 2 { print $3 }')
ctr -n k8s.io images tag --force "$0" "\${0%:*}@$digest"`;

/** Whether what the nodes pull from is there; upstream registries are nobody's to look after. */
export async function registryServes(engine: Engine, name: string, way: Way): Promise<boolean> {
  if (way === 'upstream') return true;
  return registryHas(
    engine,
    registryOf(name),
    workloads.flatMap((workload) => workload.names),
  );
}
