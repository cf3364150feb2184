import type { Engine } from './engine/engine.ts';
import { baseImage } from './images/base.ts';
import { requireGo } from './images/go.ts';
import { nodeImage } from './images/nodeImage.ts';
import { original, type ImageRecord } from './images/records.ts';
import { buildWorkloads, workloadRecords, type BuiltWorkload } from './images/workloads.ts';
import { workshop, type Made, type Workshop } from './images/workshop.ts';
import type { Progress } from './progress.ts';
import { chooseWay, type Way } from './registry.ts';
import { versions } from './versions.ts';

/** What a cluster is made of, ready to be used. */
export interface Supplies {
  readonly way: Way;
  readonly shop: Workshop;
  readonly nodeImage: string;
  /** Only where images are built here: the registry that serves them, and they themselves. */
  readonly built: { readonly registry: Made; readonly workloads: readonly BuiltWorkload[] } | undefined;
  /** What the report says about every image of the cluster. */
  readonly records: readonly ImageRecord[];
}

/** Images, pulled or built. The way is chosen once for a cluster, and kept as long as the cluster is. */
export async function prepareSupplies(
  engine: Engine,
  progress: Progress,
  signal: AbortSignal | undefined,
  wayBefore: Way | undefined,
): Promise<Supplies> {
  const way = wayBefore ?? (await lookForRegistry(progress));
  // Where this was written no registry could be reached: this way is short, and untried. kind and the nodes pull by themselves.
  if (way === 'upstream') {
    const shop = workshop(engine, progress, signal);
    const records = [original(versions.upstreamNode), ...workloadRecords(undefined)];
    return { way, shop, nodeImage: versions.upstreamNode, built: undefined, records };
  }
  await requireGo();
  return buildAll(engine, progress, signal);
}

async function lookForRegistry(progress: Progress): Promise<Way> {
  const step = progress.step('Look for a container registry', 'images are pulled from one, or else built here');
  const way = await chooseWay();
  step.done(way === 'upstream' ? 'one answers: original images' : 'none answers: images are built here');
  return way;
}

async function buildAll(engine: Engine, progress: Progress, signal: AbortSignal | undefined): Promise<Supplies> {
  const failure = new AbortController();
  const stopped = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  const shop = workshop(engine, progress, stopped);
  const base = baseImage(shop);
  try {
    const [node, registry, workloads] = await Promise.all([
      nodeImage(shop, base),
      base.then((parent) => shop.image({ name: 'registry', folder: 'registry', why: 'nodes pull from it', parent })),
      buildWorkloads(shop, base),
    ]);
    const records = [...node.records, ...workloadRecords(workloads)];
    return { way: 'built', shop, nodeImage: node.image.at, built: { registry, workloads }, records };
  } catch (error) {
    failure.abort(error); // One image that cannot be built makes the others useless: minutes of compiling are spared.
    throw error;
  }
}
