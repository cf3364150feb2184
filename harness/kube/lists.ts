import type { Recorded, ResourceName } from '../history/objects.ts';
import { Backoff, type BackoffTimings } from './backoff.ts';
import type { Kube, List } from './client.ts';
import { classify, ConnectionError } from './errors.ts';
import { isVersion } from '../history/versions.ts';

export interface ListScope {
  readonly resource: ResourceName;
  /** Left out of account for cluster-wide resources. */
  readonly namespace: string;
  readonly signal: AbortSignal;
}

/**
 * A list of one resource as it is now, by a consistent read; with `exactly`, as it was at that resourceVersion. Throws when it lacks what the
 * recording relies on.
 */
export async function listOf(kube: Kube, scope: ListScope, exactly?: string): Promise<List<Recorded>> {
  const { resource, namespace, signal } = scope;
  const query = exactly === undefined ? {} : { resourceVersion: exactly, resourceVersionMatch: 'Exact' };
  const list = (await kube.list({ resource, namespace }, { query, signal })) as List<Recorded>;
  if (isSound(list) && (exactly === undefined || list.metadata.resourceVersion === exactly)) return list;
  throw new ConnectionError(`the list of ${resource} is not understood: no uid or resourceVersion where one must be`, {
    method: 'GET',
    wasSent: true,
    code: 'ERR_INVALID_LIST',
  });
}

/** The same, but what is transient is tried again for so long. */
export async function listPatiently(
  kube: Kube,
  scope: ListScope,
  patience: BackoffTimings & { readonly withinMs: number },
  exactly?: string,
): Promise<List<Recorded>> {
  const backoff = new Backoff(patience, scope.signal);
  const beganAtMs = performance.now();
  for (;;) {
    try {
      return await listOf(kube, scope, exactly);
    } catch (error) {
      if (classify(error) !== 'transient' || performance.now() - beganAtMs > patience.withinMs) throw error;
      await backoff.pause();
      if (scope.signal.aborted) throw error;
    }
  }
}

function isSound(list: List<Recorded>): boolean {
  const isIdentified = ({ metadata }: Recorded): boolean =>
    typeof metadata?.uid === 'string' && isVersion(metadata.resourceVersion);
  return isVersion(list.metadata?.resourceVersion) && Array.isArray(list.items) && list.items.every(isIdentified);
}
