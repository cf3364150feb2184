import type { Stage, StatefulSetHandle, Workload } from '../../../harness/test.ts';
import { images } from '../images.ts';

type Namespace = Stage['namespace'];

/** Deletes a Pod and waits until its ordinal is Ready again; the span in which that happened. */
export async function losesPod(namespace: Namespace, web: StatefulSetHandle, ordinal: number, when: string) {
  const lost = await web.podBecomesReady(ordinal);
  const from = await namespace.mark(`web-${ordinal} is there, ${when}`);
  await web.deletePod(ordinal);
  await web.podBecomesReady(ordinal, lost);
  return { from, to: await namespace.mark(`web-${ordinal} is back, ${when}`) };
}

/** Once the set is ready: a partition that spares every Pod, then another image, and a while of looking on. */
export async function stages(namespace: Namespace, web: StatefulSetHandle, size: number) {
  await web.becomesReady();
  const from = await namespace.mark('before the update is staged');
  await web.setPartition(size);
  await web.setImage(images.staged);
  await web.isObserved();
  const window = await namespace.quietly('the update is staged');
  return { ...window, from };
}

/**
 * Lowers the partition, so that these ordinals are free to be updated, waits until they are replaced, and looks on for
 * a while.
 */
export async function frees(namespace: Namespace, web: StatefulSetHandle, ordinals: readonly number[]) {
  const partition = Math.min(...ordinals);
  const olds = new Map<number, string>();
  for (const ordinal of ordinals) olds.set(ordinal, await web.podBecomesReady(ordinal));
  const from = await namespace.mark(`before partition ${partition}`);
  await web.setPartition(partition);
  for (const [ordinal, old] of olds) await web.podBecomesReady(ordinal, old);
  const window = await namespace.quietly(`partition ${partition}`);
  return { partition, freed: ordinals, window, step: { ...window, from } };
}

/** The set of a workload alone, as the body of a request. */
export function statefulSetOf(workload: Workload) {
  const set = workload.objects.find((object) => object.kind === 'StatefulSet');
  if (set === undefined) throw new Error(`${workload.file} holds no StatefulSet`);
  return set;
}
