import { isReady, isTerminating } from '../history/pods.ts';
import type { Recorded } from '../history/objects.ts';
import type { Deployed } from '../history/sets.ts';
import type { Window } from './guarantee.ts';
import { objectAt, objectsOf, thereAt, type ObjectLife } from './objects.ts';
import type { Asked } from './settled.ts';

export type DeployedPod = ObjectLife<'pods'>;

/** The Pods that the Deployment selects, in the order in which they were made. */
export function podsOf(window: Window, { labels }: Deployed): readonly DeployedPod[] {
  const wanted = Object.entries(labels);
  return objectsOf(window, 'pods').filter((life) =>
    wanted.every(([label, value]) => life.last.object.metadata.labels?.[label] === value),
  );
}

/** The Deployment as it stood right after the entry with this index. */
export function deploymentAt(window: Window, name: string, index: number): ObjectLife<'deployments'> | undefined {
  return thereAt(objectsOf(window, 'deployments'), index).find((life) => life.name === name);
}

/** The one Pod of a Deployment that was the same from one fence to the next, while clients looked; otherwise why there is none. */
export function settledPodOf(window: Window, deployed: Deployed, asked: Asked): DeployedPod | string {
  const from = window.history.fence(asked.from)?.index;
  const to = window.history.fence(asked.to)?.index;
  if (from === undefined || to === undefined || from >= to) return `“${asked.moment}” does not lie between two fences`;
  const before = thereAt(podsOf(window, deployed), from);
  const after = thereAt(podsOf(window, deployed), to);
  const [pod, second] = after;
  if (pod === undefined) return `${deployed.name} had no Pod (${asked.moment})`;
  if (second !== undefined || before.length !== 1) return `${deployed.name} had not one Pod (${asked.moment})`;
  const looks = [
    objectAt(pod, from),
    ...pod.changes.filter((each) => each.index > from && each.index <= to).map((each) => each.object),
  ];
  const [was] = looks;
  if (was === undefined || looks.some((each) => each === undefined || look(each) !== look(was)))
    return `${pod.name} changed while clients looked (${asked.moment})`;
  return pod;
}

function look(pod: Recorded<'pods'>): string {
  const restarts = pod.status?.containerStatuses?.map((each) => each.restartCount);
  return JSON.stringify([isTerminating(pod), pod.status?.podIP, isReady(pod), restarts]);
}
