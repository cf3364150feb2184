import type { Recorded } from './objects.ts';

type Pod = Recorded<'pods'>;

/** What the documentation calls "Running and Ready". */
export function isRunningAndReady(pod: Pod): boolean {
  return isRunning(pod) && isReady(pod);
}

export function isRunning(pod: Pod): boolean {
  return pod.status?.phase === 'Running';
}

export function isReady(pod: Pod): boolean {
  return conditionOf(pod, 'Ready') === 'True';
}

/** Somebody asked for its deletion; it may run on until its grace period ends or its finalizers go. */
export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

export function conditionOf(pod: Pod, type: string): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === type)?.status;
}

/** The readiness gates whose condition nobody has set to True: while there is one the Pod must not be Ready. */
export function unmetGatesOf(pod: Pod): readonly string[] {
  const gates = (pod.spec?.readinessGates ?? []).map(({ conditionType }) => conditionType);
  return gates.filter((type) => conditionOf(pod, type) !== 'True');
}

/** The name of the StatefulSet revision the Pod was made from. */
export function revisionOf(pod: Pod): string | undefined {
  return pod.metadata.labels?.['controller-revision-hash'];
}

/** The controller that owns the Pod, if one does. */
export function controllerOf(
  object: Recorded,
): { readonly kind: string; readonly name: string; readonly uid: string } | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** The image of a container as its Pod's spec asks for it. */
export function imageOf(pod: Pod, container?: string): string | undefined {
  const containers = pod.spec?.containers ?? [];
  return (container === undefined ? containers[0] : containers.find((each) => each.name === container))?.image;
}

/** Where a Pod stands, in a few words: for waits and pictures. */
export function describePod(pod: Pod): string {
  const waiting = pod.status?.containerStatuses?.find((status) => status.state?.waiting !== undefined)?.state?.waiting;
  const scheduled = pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled');
  const words = [
    isTerminating(pod) ? 'Terminating' : (pod.status?.phase ?? 'unknown'),
    isReady(pod) ? 'Ready' : 'not Ready',
    waiting?.reason,
    scheduled?.status === 'False' ? (scheduled.message ?? scheduled.reason) : undefined,
  ];
  return `${pod.metadata.name} ${words.filter((word) => word !== undefined).join(', ')}`;
}
