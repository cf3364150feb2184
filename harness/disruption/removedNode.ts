import { restartKubelet, resumeNode } from '../cluster/index.ts';
import type { Recorded } from '../history/objects.ts';
import type { Kube } from '../kube/connect.ts';
import { ApiError } from '../kube/errors.ts';
import { nodeMarks } from './nodes.ts';

/** The annotation of a namespace that keeps the node which a story in it removed: whoever cleans up after the story finds it there. */
const removedNodeMark = 'steadfast.dev/removed-node';

/** What a kubelet or a person said of a node when it was registered. Everything else of it is the controllers' and comes back by itself. */
interface Registration {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
  readonly metadata: { readonly name: string; readonly labels: object; readonly annotations: object };
  readonly spec: Recorded<'nodes'>['spec'];
}

/** Deletes the object of a node whose kubelet stands still, after it was written down in the namespace. Returns nothing; the node is as it was after `returnNode`. */
export async function removeNode(kube: Kube, node: string, namespace: string, signal?: AbortSignal): Promise<void> {
  const read = await kube.get({ resource: 'nodes', name: node }, { signal });
  await annotate(kube, namespace, JSON.stringify(registrationOf(read)), signal);
  await kube.delete({ resource: 'nodes', name: node }, { uid: read.metadata.uid, signal });
}

/**
 * Registers the node again that was removed by a story of this namespace, if one was, and lets it run on. Its kubelet begins anew, because only then does it make what
 * went with the object. One of that name that somebody registered meanwhile is left as it is.
 */
export async function returnNode(kube: Kube, namespace: string, signal?: AbortSignal): Promise<void> {
  const { metadata } = await kube.get({ resource: 'namespaces', name: namespace }, { signal });
  const registration = registrationIn(metadata);
  if (registration === undefined) return;
  try {
    await kube.create({ resource: 'nodes' }, registration, { signal });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 409)) throw error;
  }
  await resumeNode(registration.metadata.name);
  await restartKubelet(registration.metadata.name);
  await annotate(kube, namespace, null, signal);
}

/** The name of the node that this namespace keeps, if it keeps one. */
export function removedNodeOf(metadata: {
  readonly annotations?: Readonly<Record<string, string>>;
}): string | undefined {
  return registrationIn(metadata)?.metadata.name;
}

function registrationIn({ annotations }: Parameters<typeof removedNodeOf>[0]): Registration | undefined {
  const kept = annotations?.[removedNodeMark];
  return kept === undefined ? undefined : (JSON.parse(kept) as Registration);
}

/** Without what a run put on it, and without the taints that controllers give and take. */
function registrationOf({ metadata, spec }: Recorded<'nodes'>): Registration {
  const marks: readonly string[] = Object.values(nodeMarks);
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !marks.includes(key));
  const taints = (spec?.taints ?? []).filter(({ key }) => !key.startsWith('node.kubernetes.io/'));
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: metadata.name, labels: metadata.labels ?? {}, annotations: Object.fromEntries(annotations) },
    spec: { ...spec, taints },
  };
}

async function annotate(
  kube: Kube,
  namespace: string,
  value: string | null,
  signal: AbortSignal | undefined,
): Promise<void> {
  const body = { metadata: { annotations: { [removedNodeMark]: value } } };
  await kube.patch({ resource: 'namespaces', name: namespace }, body, 'merge', { signal });
}
