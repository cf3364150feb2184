import { setTimeout as pause } from 'node:timers/promises';
import { deadlines } from '../deadlines.ts';
import { messageOf } from '../errors.ts';
import type { Recorded } from '../history/objects.ts';
import { controllerOf } from '../history/pods.ts';
import { evict } from './acts.ts';
import { awaitRecorded, type Lab } from './lab.ts';
import type { Drain } from './verbs.ts';

type Pod = Recorded<'pods'>;

/** How long kubectl lets pass before it asks again for an eviction that was refused. */
const askedAgainAfterMs = 5000;

/**
 * Drains a node of the Pods of the story's namespace, as `kubectl drain --ignore-daemonsets --force --delete-emptydir-data` does: the node is cordoned, the
 * eviction of each Pod on it is asked for at once, again every five seconds where it was refused (429), and those that were evicted are waited for. Pods of
 * DaemonSets and mirrors of static Pods stay; Pods of other namespaces are never touched. Each answer is an `api` observation of the moment, and the whole an
 * operation `drain`, which has failed where Pods were left when the patience was over.
 */
export async function drain(
  lab: Lab,
  moment: string,
  node: string,
  patienceMs: number,
  cordon: () => Promise<void>,
): Promise<Drain> {
  const { recording } = lab;
  const asked = { call: recording.nextCall(), verb: 'drain', target: `nodes/${node}`, detail: moment } as const;
  recording.append({ kind: 'operation', phase: 'invoked', ...asked });
  try {
    await cordon();
    const pods = [...recording.state('pods').values()].filter((pod) => pod.spec?.nodeName === node && isToGo(pod));
    const untilMs = Date.now() + patienceMs;
    const ends = await Promise.all(pods.map((pod) => evictPod(lab, moment, pod, untilMs)));
    const left = ends.filter((end) => end !== undefined);
    if (left.length > 0) {
      const because = left.join('; ');
      recording.append({ kind: 'operation', phase: 'failed', ...asked, because });
      return { moment, node, outcome: 'given up', because };
    }
    const areGone = (): boolean => pods.every(({ metadata }) => !recording.state('pods').has(metadata.uid));
    await awaitRecorded(lab, `the Pods of ${node} to be gone`, areGone, deadlines.podGoneMs);
    recording.append({ kind: 'operation', phase: 'succeeded', ...asked });
    return { moment, node, outcome: 'drained' };
  } catch (error) {
    recording.append({ kind: 'operation', phase: 'indeterminate', ...asked, because: messageOf(error) });
    throw error;
  }
}

/** What a drain takes: whatever no DaemonSet would put there again and no file of the node does. */
export function isToGo(pod: Pod): boolean {
  const isMirror = pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  return !isMirror && controllerOf(pod)?.kind !== 'DaemonSet';
}

/** Nothing once the eviction was granted or the Pod is gone; else why it is left. */
async function evictPod(lab: Lab, moment: string, { metadata }: Pod, untilMs: number): Promise<string | undefined> {
  for (;;) {
    const { code, because } = await evict(lab, moment, metadata.name, { uid: metadata.uid });
    if (code < 300 || code === 404) return undefined;
    const leftMs = untilMs - Date.now();
    if (code !== 429 || leftMs <= 0) return `${metadata.name}: ${because}`;
    await pause(Math.min(askedAgainAfterMs, leftMs), undefined, { signal: lab.signal });
    if (Date.now() >= untilMs) return `${metadata.name}: ${because}`;
  }
}
