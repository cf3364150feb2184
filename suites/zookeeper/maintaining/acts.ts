import {
  inPods,
  patience,
  varied,
  workloadFrom,
  type Nodes,
  type RecordedState,
  type StatefulSetHandle,
  type StoryNamespace,
  type Variation,
  type Workload,
} from '../../../harness/test.ts';

type StoredNode = NonNullable<ReturnType<RecordedState['nodes']['get']>>;

/** How long the scheduler may take to give a Pod a node, or its reason, and a node to be seen cordoned. */
const deadlineMs = patience.reactionMs;

/** "If the cluster has more than four, use kubectl cordon to cordon all but four nodes." Returns the four that are left. */
export async function cordonsAllBut(
  count: number,
  namespace: StoryNamespace,
  nodes: Nodes,
): Promise<readonly string[]> {
  let open: readonly string[] = [];
  await namespace.until('the nodes to be known', (recorded) => {
    open = [...recorded.nodes.values()].filter(isSchedulable).map(({ metadata }) => metadata.name);
    return recorded.nodes.size > 0;
  });
  for (const surplus of open.slice(count)) await nodes.cordon(surplus);
  return open.slice(0, count);
}

/** A drain's cordon is complete once the control plane has added its taint. */
export function isKeptFree(namespace: StoryNamespace, node: string): Promise<boolean> {
  return namespace.sees(
    `${node} to be tainted as unschedulable`,
    ({ nodes }) => (nodes.get(node)?.spec?.taints ?? []).some(({ key }) => key === 'node.kubernetes.io/unschedulable'),
    { deadlineMs },
  );
}

/** The Pod is there, on no node, and the scheduler has said why; or it has been given one. */
export function isLookedAt(namespace: StoryNamespace, pod: string, insteadOf: string): Promise<boolean> {
  return namespace.sees(
    `the scheduler to have looked at ${pod}`,
    ({ pods }) => {
      const { metadata, spec, status } = pods.get(pod) ?? {};
      const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
      const isNew = metadata !== undefined && metadata.uid !== insteadOf;
      return isNew && (spec?.nodeName !== undefined || scheduled?.message !== undefined);
    },
    { deadlineMs },
  );
}

/** The Pod is Ready, on whatever node, or its time is over: whether it came is for the claims to say. */
export function isBack(namespace: StoryNamespace, pod: string, insteadOf = ''): Promise<boolean> {
  return namespace.sees(
    `${pod} to be back`,
    ({ pods }) => {
      const { metadata, status } = pods.get(pod) ?? {};
      const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
      return isReady === true && metadata?.deletionTimestamp === undefined && metadata?.uid !== insteadOf;
    },
    { deadlineMs: patience.slowPodMs },
  );
}

/** Every node that the story took is schedulable again. */
export function areSchedulable(namespace: StoryNamespace, names: readonly string[]): Promise<boolean> {
  return namespace.sees(
    `${names.join(', ')} to be schedulable`,
    ({ nodes }) => names.every((name) => isSchedulable(nodes.get(name))),
    { deadlineMs },
  );
}

/** A DaemonSet, and on this node a Pod without a controller and one with an emptyDir; all of them run when this resolves. */
export async function plantsBystanders(namespace: StoryNamespace, node: string): Promise<void> {
  const bystanders = workloadFrom(new URL('manifests/bystanders.yaml', import.meta.url));
  await namespace.applies(onNode(bystanders, node));
  await namespace.until('the bystanders to run', ({ pods }) => {
    const running = [...pods.values()].filter(
      ({ spec, status }) => spec?.nodeName === node && status?.phase === 'Running',
    );
    const names = running.map(({ metadata }) => metadata.name);
    return names.includes('unmanaged') && names.includes('scratch') && names.some((name) => name.startsWith('agent-'));
  });
}

/** The file's Pods, not its DaemonSet, go to this node. */
function onNode(workload: Workload, node: string): Workload {
  return varied(workload, (file) => ({
    ...file,
    objects: file.objects.map((object) =>
      object.kind === 'Pod'
        ? {
            ...object,
            spec: { ...(object['spec'] as object), nodeSelector: { 'kubernetes.io/hostname': node } },
          }
        : object,
    ),
    variations: [...file.variations, 'bystanders are on the node of zk-0'],
  }));
}

/** Which Pods are where, as the tutorial asks with a template of `kubectl get pod`. */
export function placesOf(zk: StatefulSetHandle): readonly [string, string, string] {
  return [zk.nodeOf(0), zk.nodeOf(1), zk.nodeOf(2)];
}

/** The rule made a wish: the scheduler follows it where it can. */
export const preferredAntiAffinity = inPods('a preferred anti-affinity in place of the required one', (pod) => {
  const { podAntiAffinity } = pod['affinity'] as {
    readonly podAntiAffinity: { readonly requiredDuringSchedulingIgnoredDuringExecution: readonly object[] };
  };
  const wishes = podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.map((podAffinityTerm) => ({
    weight: 100,
    podAffinityTerm,
  }));
  return { ...pod, affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: wishes } } };
});

export const withoutBudget: Variation = (workload) => ({
  ...workload,
  objects: workload.objects.filter(({ kind }) => kind !== 'PodDisruptionBudget'),
  variations: [...workload.variations, 'no PodDisruptionBudget'],
});

function isSchedulable(node: StoredNode | undefined): boolean {
  return node !== undefined && node.spec?.unschedulable !== true && (node.spec?.taints ?? []).length === 0;
}

/** The names of the DaemonSet's Pods on this node. */
export async function agentsOn(namespace: StoryNamespace, node: string): Promise<readonly string[]> {
  let names: readonly string[] = [];
  await namespace.until('the agent of the node to be known', ({ pods }) => {
    const there = [...pods.values()].filter(({ spec }) => spec?.nodeName === node);
    names = there.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('agent-'));
    return names.length > 0;
  });
  return names;
}

/** A Pod that names its node itself, past the scheduler and so past a cordon. */
export function intruder(node: string): Workload {
  return varied(workloadFrom(new URL('manifests/bystanders.yaml', import.meta.url)), (file) => ({
    ...file,
    objects: file.objects
      .filter(({ metadata }) => metadata.name === 'unmanaged')
      .map((object) => ({
        ...object,
        metadata: { name: 'intruder' },
        spec: { ...(object['spec'] as object), nodeName: node },
      })),
    variations: ['a Pod that names its node itself'],
  }));
}
