import type { Kube } from '../kube/connect.ts';

/** The annotation by which `clean` finds nodes that a run left cordoned. Its value is the run's id. */
export const cordonedBy = 'steadfast.dev/cordoned-by';

/** Marks a node unschedulable, and as ours in the same call. */
export async function cordonNode(kube: Kube, node: string, run: string, signal?: AbortSignal): Promise<void> {
  const body = { metadata: { annotations: { [cordonedBy]: run } }, spec: { unschedulable: true } };
  await kube.patch({ resource: 'nodes', name: node }, body, 'merge', signal === undefined ? {} : { signal });
}

/** Lets Pods onto the node again. Takes no signal: what was taken is given back, however the run ends. */
export async function uncordonNode(kube: Kube, node: string): Promise<void> {
  const body = { metadata: { annotations: { [cordonedBy]: null } }, spec: { unschedulable: null } };
  await kube.patch({ resource: 'nodes', name: node }, body, 'merge', {});
}
