import type { Kube } from '../kube/connect.ts';
import { orAbsent } from '../kube/errors.ts';

/** The finalizer that keeps a Pod Terminating until the story, or whoever cleans up after it, releases it. */
export const holdFinalizer = 'steadfast.dev/hold-termination';

const held = ['pods', 'statefulsets', 'persistentvolumeclaims'] as const;

/**
 * Takes our finalizers off whatever a story still holds in a namespace of a run: without it a deleted namespace would never go. Other
 * finalizers stay. What has gone meanwhile is passed over.
 */
export async function releaseHolds(kube: Kube, namespace: string, signal?: AbortSignal): Promise<void> {
  for (const resource of held) {
    const { items } = await kube.list({ resource, namespace }, { signal });
    for (const { metadata } of items) {
      const ours = (metadata.finalizers ?? []).filter((finalizer) => finalizer.startsWith('steadfast.dev/'));
      if (ours.length === 0) continue;
      const body = { metadata: { uid: metadata.uid, '$deleteFromPrimitiveList/finalizers': ours } };
      await orAbsent(kube.patch({ resource, namespace, name: metadata.name }, body, 'strategic', { signal }));
    }
  }
}
