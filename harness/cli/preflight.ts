import type { V1StorageClass } from '@kubernetes/client-node';
import { RunError, UsageError } from '../errors.ts';
import type { Identity, Json, Recorded } from '../history/objects.ts';
import type { Kube } from '../kube/connect.ts';
import { ApiError, ConnectionError } from '../kube/errors.ts';
import { runLabel } from '../run.ts';
import { removedFrom, takenBy, type RemovedNode, type TakenNode } from './leftovers.ts';

/** What a run found out about the cluster before it touched it. */
export interface ClusterFacts {
  readonly serverVersion: string;
  readonly nodes: readonly Recorded<'nodes'>[];
  readonly storageClasses: readonly StorageClass[];
}

export type StorageClass = Json<V1StorageClass> & Identity;

export interface PreflightOptions {
  /** The class that was asked for; without one the cluster must have a default. */
  readonly storageClass?: string | undefined;
  readonly signal: AbortSignal;
  /** How long the API server may take to answer for the first time. */
  readonly reachableWithinMs?: number;
}

/**
 * Whether a run can be made on this cluster at all. Creates nothing. What stands in the way is told at once, in one message, before the first story
 * would run into it.
 */
export async function preflight(kube: Kube, options: PreflightOptions): Promise<ClusterFacts> {
  const serverVersion = await reach(kube, options.reachableWithinMs ?? 10_000, options.signal);
  refuseUnsupported(serverVersion);
  const { signal } = options;
  refuseMissingRights(await missingRights(kube, signal));
  const [storageClasses, nodes, namespaces] = await Promise.all([
    kube.list({ resource: 'storageclasses' }, { signal }),
    kube.list({ resource: 'nodes' }, { signal }),
    kube.list({ resource: 'namespaces' }, { query: { labelSelector: runLabel }, signal }),
  ]);
  const facts: ClusterFacts = {
    serverVersion,
    nodes: nodes.items,
    storageClasses: storageClasses.items as unknown as readonly StorageClass[],
  };
  refuseStorageClass(facts.storageClasses, options.storageClass);
  refuseTaken([...facts.nodes.flatMap(takenBy), ...namespaces.items.flatMap(removedFrom)]);
  return facts;
}

/** The server's version: the first request, so the one that finds out whether anybody is there. */
async function reach(kube: Kube, withinMs: number, signal: AbortSignal): Promise<string> {
  try {
    return (await kube.version({ deadlineMs: withinMs, signal })).gitVersion;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ConnectionError)
      throw new RunError(`the API server ${kube.server} cannot be reached: ${error.message}`, {
        cause: error,
        remedy: `It has to answer within ${withinMs / 1000} s. Is the cluster up, and is it the right context?`,
      });
    if (error instanceof ApiError && (error.code === 401 || error.code === 403))
      throw new UsageError(`the API server ${kube.server} refuses the credentials: ${error.message}`, {
        cause: error,
        remedy: 'Log in again, or name a context whose user may use the cluster.',
      });
    throw error;
  }
}

const oldestMinor = 31;
const newestMinor = 36;

/** Older servers lack what the documents promise; newer ones may promise something else. */
export function refuseUnsupported(gitVersion: string): void {
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(gitVersion) ?? [];
  const supported = major === '1' && Number(minor) >= oldestMinor && Number(minor) <= newestMinor;
  if (supported) return;
  throw new UsageError(`the server's version ${gitVersion} is not supported`, {
    remedy: `Supported are Kubernetes 1.${oldestMinor} to 1.${newestMinor}.`,
  });
}

/** The class that was named must be there; if none was, the claims of the tutorials need a default one. */
export function refuseStorageClass(classes: readonly StorageClass[], asked: string | undefined): void {
  const names = classes.map(({ metadata }) => metadata.name).toSorted();
  const known = names.length === 0 ? 'The cluster has none.' : `The cluster has: ${names.join(', ')}.`;
  if (asked !== undefined && !names.includes(asked))
    throw new UsageError(`there is no StorageClass '${asked}'`, { remedy: known });
  if (asked === undefined && !classes.some(isDefaultClass))
    throw new UsageError('the cluster has no default StorageClass', {
      remedy: `Name the one to use with --storage-class. ${known}`,
    });
}

export function isDefaultClass({ metadata }: StorageClass): boolean {
  const { annotations } = metadata as { readonly annotations?: Readonly<Record<string, string>> };
  return annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
}

/** On a cluster with fewer nodes than it has, claims would fail for a reason that is ours. */
export function refuseTaken(taken: readonly (TakenNode | RemovedNode)[]): void {
  if (taken.length === 0) return;
  const named = taken.map(({ name, how, run }) => `${name} (${how} by run ${run})`).join(', ');
  throw new UsageError(`nodes were not given back: ${named}`, {
    remedy: 'Give them back with: npm run clean (with the --context you used, if any).',
  });
}

export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

/** Everything a story does; reads of single objects come with lists. */
const neededRights: readonly Right[] = [
  ...rights('', 'namespaces', ['create', 'get', 'list', 'watch', 'patch', 'delete']),
  ...rights('apps', 'statefulsets', ['create', 'get', 'list', 'watch', 'patch', 'delete']),
  ...rights('apps', 'controllerrevisions', ['list', 'watch']),
  ...rights('', 'pods', ['create', 'get', 'list', 'watch', 'patch', 'delete']),
  ...rights('', 'pods', ['create', 'get'], 'exec'),
  ...rights('', 'services', ['create', 'list', 'watch', 'delete']),
  ...rights('discovery.k8s.io', 'endpointslices', ['list', 'watch']),
  ...rights('', 'persistentvolumeclaims', ['create', 'list', 'watch', 'delete']),
  ...rights('', 'persistentvolumes', ['list', 'watch']),
  ...rights('', 'events', ['list', 'watch']),
  ...rights('storage.k8s.io', 'storageclasses', ['list']),
  ...rights('', 'nodes', ['list', 'watch']),
];

function rights(group: string, resource: string, verbs: readonly string[], subresource?: string): readonly Right[] {
  return verbs.map((verb) => ({ verb, group, resource, ...(subresource === undefined ? {} : { subresource }) }));
}

/** Asks the server itself, in all namespaces: the run's namespaces do not exist yet. */
async function missingRights(kube: Kube, signal: AbortSignal): Promise<readonly Right[]> {
  const answers = await Promise.all(
    neededRights.map(async (right) => ({ right, allowed: await isAllowed(kube, right, signal) })),
  );
  return answers.filter(({ allowed }) => !allowed).map(({ right }) => right);
}

async function isAllowed(kube: Kube, right: Right, signal: AbortSignal): Promise<boolean> {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: right },
  };
  const answer = await kube.create({ resource: 'selfsubjectaccessreviews' }, review, { signal });
  return (answer as unknown as { readonly status?: { readonly allowed?: boolean } }).status?.allowed === true;
}

export function refuseMissingRights(denied: readonly Right[]): void {
  if (denied.length === 0) return;
  const named = denied.map(
    ({ verb, resource, subresource }) => `${verb} ${[resource, subresource].filter(Boolean).join('/')}`,
  );
  throw new UsageError(`the user of this context may not ${named.join(', ')}`, {
    remedy: 'Grant these verbs in all namespaces, or name a context whose user has them.',
  });
}
