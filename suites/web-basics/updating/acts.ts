import type { Stage, StatefulSetHandle, Workload } from '../../../harness/test.ts';
import { images } from '../images.ts';
import { comeBack, nextStep, podThatStands, type Lost } from '../returning.ts';

type Namespace = Stage['namespace'];

/** Deletes a Pod and waits until its ordinal is Ready again, if it is made again at all; the span in which that happened. */
export async function losesPod(namespace: Namespace, web: StatefulSetHandle, ordinal: number, when: string) {
  const lost = await podThatStands(namespace, web, ordinal);
  const from = await namespace.mark(`before web-${ordinal} is lost, ${when}`);
  for (const each of lost) {
    await web.deletePod(ordinal);
    await comeBack(namespace, web, [each], when);
  }
  return { from, to: await namespace.mark(`after web-${ordinal} was lost, ${when}`) };
}

/** The same for all Pods of the set at once. */
export async function losesAllPods(
  namespace: Namespace,
  web: StatefulSetHandle,
  ordinals: readonly number[],
  when: string,
) {
  const lost: Lost[] = [];
  for (const ordinal of ordinals) lost.push(...(await podThatStands(namespace, web, ordinal)));
  const from = await namespace.mark(`before all Pods are lost, ${when}`);
  await web.deletePods();
  await comeBack(namespace, web, lost, when);
  return { from, to: await namespace.mark(`after all Pods were lost, ${when}`) };
}

/** Once the set is ready: a partition that spares every Pod, then another image or template, and a while of looking on. */
export async function stages(namespace: Namespace, web: StatefulSetHandle, size: number, template?: object) {
  await web.becomesReady();
  const from = await namespace.mark('before the update is staged');
  await web.setPartition(size);
  await (template === undefined ? web.setImage(images.staged) : web.patch({ spec: { template } }));
  await web.isObserved();
  const window = await namespace.quietly('the update is staged');
  return { ...window, from };
}

/**
 * Lowers the partition, so that these ordinals are free to be updated, waits until they are replaced, unless they were
 * updated before or are never asked to go, and looks on for a while.
 */
export async function frees(namespace: Namespace, web: StatefulSetHandle, ordinals: readonly number[]) {
  const partition = Math.min(...ordinals);
  const olds: Lost[] = [];
  for (const ordinal of ordinals) olds.push(...(await podThatStands(namespace, web, ordinal)));
  const from = await namespace.mark(`before partition ${partition}`);
  await web.setPartition(partition);
  await web.isObserved();
  for (const old of olds) if (await isReplaced(namespace, web, old)) await web.podBecomesReady(old.ordinal, old.uid);
  const window = await namespace.quietly(`partition ${partition}`);
  return { partition, freed: ordinals, window, step: { ...window, from } };
}

/** Whether the controller lets go of this Pod. It has no reason to where the Pod came back updated before its time. */
async function isReplaced(namespace: Namespace, web: StatefulSetHandle, { ordinal, uid }: Lost): Promise<boolean> {
  let isLeaving = false;
  await namespace.sees(
    `web-${ordinal} to be asked to go, or updated already`,
    ({ pods, statefulsets }) => {
      const pod = pods.get(`web-${ordinal}`);
      isLeaving = pod?.metadata.uid !== uid || pod.metadata.deletionTimestamp !== undefined;
      const revision = pod?.metadata.labels?.['controller-revision-hash'];
      return isLeaving || revision === statefulsets.get(web.name)?.status?.updateRevision;
    },
    nextStep,
  );
  return isLeaving;
}

/** The set of a workload alone, as the body of a request. */
export function statefulSetOf(workload: Workload) {
  const set = workload.objects.find((object) => object.kind === 'StatefulSet');
  if (set === undefined) throw new Error(`${workload.file} holds no StatefulSet`);
  return set;
}
