import { pauseNode, resumeNode } from '../cluster/index.ts';
import type { Recorded } from '../history/objects.ts';
import type { Kube } from '../kube/connect.ts';
import { ApiError } from '../kube/errors.ts';

type Node = Recorded<'nodes'>;
type Taint = NonNullable<NonNullable<Node['spec']>['taints']>[number];

/** The ways in which a story takes a node, and the annotations by which `clean` finds nodes that a run left so. Their value is the run's id. */
export const nodeMarks = {
  cordoned: 'steadfast.dev/cordoned-by',
  paused: 'steadfast.dev/paused-by',
  'out of service': 'steadfast.dev/out-of-service-by',
  labelled: 'steadfast.dev/labelled-by',
} as const;

export type Taking = keyof typeof nodeMarks;

/** What somebody puts on a node who knows that it is down and will not come back by itself. */
export const outOfService = {
  key: 'node.kubernetes.io/out-of-service',
  value: 'nodeshutdown',
  effect: 'NoExecute',
} as const;

/** What a node has while it is `labelled`, with the run's id as its value: only Pods of this run ask for it. */
export const nodeLabel = 'steadfast.dev/offered-to';

/**
 * Takes a node, and marks it as ours in the same call, or before. `labelled`: it has `nodeLabel`, and nothing else of it changes. `cordoned`: unschedulable. `paused`: its container stands still, kubelet and Pods with it, and
 * answers nobody; only on a kind cluster of this machine. `out of service`: tainted as if somebody had found it switched off.
 */
export async function takeNode(
  kube: Kube,
  how: Taking,
  node: string,
  run: string,
  signal?: AbortSignal,
): Promise<void> {
  const annotations = { [nodeMarks[how]]: run };
  switch (how) {
    case 'cordoned':
      return patchNode(kube, node, { metadata: { annotations }, spec: { unschedulable: true } }, signal);
    case 'paused':
      await patchNode(kube, node, { metadata: { annotations } }, signal);
      return pauseNode(node);
    case 'out of service':
      return changeTaints(kube, node, { annotations }, (taints) => [...taints, outOfService], signal);
    case 'labelled':
      return patchNode(kube, node, { metadata: { annotations, labels: { [nodeLabel]: run } } }, signal);
  }
}

export interface GivingBack {
  /** None where a node is given back because a run ends, however it ends. */
  readonly signal?: AbortSignal;
  /** The node that was taken: another one of its name is left as it is. */
  readonly uid?: string;
}

export async function giveBackNode(kube: Kube, how: Taking, node: string, options: GivingBack = {}): Promise<void> {
  const { signal, uid } = options;
  const metadata = { ...(uid === undefined ? {} : { uid }), annotations: { [nodeMarks[how]]: null } };
  switch (how) {
    case 'cordoned':
      return patchNode(kube, node, { metadata, spec: { unschedulable: null } }, signal);
    case 'paused':
      await resumeNode(node);
      return patchNode(kube, node, { metadata }, signal);
    case 'out of service':
      return changeTaints(kube, node, metadata, withoutOurs, signal);
    case 'labelled':
      return patchNode(kube, node, { metadata: { ...metadata, labels: { [nodeLabel]: null } } }, signal);
  }
}

function withoutOurs(taints: readonly Taint[]): readonly Taint[] {
  return taints.filter(({ key }) => key !== outOfService.key);
}

async function patchNode(kube: Kube, node: string, body: object, signal: AbortSignal | undefined): Promise<void> {
  await kube.patch({ resource: 'nodes', name: node }, body, 'merge', { signal });
}

/** The list of taints is written as a whole, by us and by others: only over the version that was read, else from the beginning. */
async function changeTaints(
  kube: Kube,
  node: string,
  metadata: { readonly uid?: string; readonly annotations: object },
  change: (taints: readonly Taint[]) => readonly Taint[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (;;) {
    const read = await kube.get({ resource: 'nodes', name: node }, { signal });
    const { resourceVersion, uid } = read.metadata;
    const taints = change(withoutOurs(read.spec?.taints ?? []));
    try {
      return await patchNode(kube, node, { metadata: { ...metadata, resourceVersion }, spec: { taints } }, signal);
    } catch (error) {
      const isOutdated = error instanceof ApiError && error.code === 409 && (metadata.uid ?? uid) === uid;
      if (!isOutdated) throw error;
    }
  }
}
