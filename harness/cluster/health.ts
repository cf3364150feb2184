import type { Engine } from './engine/engine.ts';
import { controlPlane, nodeContainers } from './kind.ts';

/** The classes that suites rely on. */
export const storageClasses = ['standard', 'shared', 'local-owned', 'retained', 'fast', 'unserved'] as const;
export const nodeCount = 5;

/** What was seen of a cluster, and what is wrong with it in words; healthy when nothing is. */
export interface Health {
  readonly nodes: readonly NodeHealth[];
  readonly version: string | undefined;
  readonly storageClasses: readonly string[];
  readonly faults: readonly string[];
}

export interface NodeHealth {
  readonly name: string;
  readonly running: boolean;
  readonly paused: boolean;
  readonly ready: boolean;
}

/** Kubelets renew their leases every ten seconds. */
const leaseAgeMs = 25_000;

/**
 * Looks at the containers, and through the control plane at the API. Changes nothing. A node counts as Ready only when its
 * kubelet has reported after `since`: its last word stays in the API for most of a minute after it is gone.
 */
export async function healthOf(
  engine: Engine,
  cluster: string,
  since: Date = new Date(Date.now() - leaseAgeMs),
): Promise<Health> {
  const [containers, api] = await Promise.all([nodeContainers(engine, cluster), askApi(engine, cluster, since)]);
  const nodes = containers.map(({ name, running, paused }) => ({
    name,
    running,
    paused,
    ready: api?.readyNodes.includes(name) ?? false,
  }));
  const seen = { nodes, version: api?.version, storageClasses: api?.storageClasses ?? [] };
  return { ...seen, faults: faultsOf(seen) };
}

/** What keeps a cluster from being used as it is. */
export function faultsOf(seen: Omit<Health, 'faults'>): readonly string[] {
  const { nodes, version } = seen;
  if (nodes.length === 0) return ['there is no cluster'];
  const faults: string[] = [];
  if (nodes.length !== nodeCount) faults.push(`it has ${nodes.length} nodes instead of ${nodeCount}`);
  for (const node of nodes)
    if (node.paused) faults.push(`node ${node.name} is paused`);
    else if (!node.running) faults.push(`node ${node.name} is stopped`);
    else if (!node.ready) faults.push(`node ${node.name} is not Ready`);
  if (version === undefined) faults.push('its API server does not answer');
  const missing = storageClasses.filter((name) => !seen.storageClasses.includes(name));
  if (version !== undefined && missing.length > 0) faults.push(`it lacks the StorageClasses ${missing.join(', ')}`);
  return faults;
}

interface ApiAnswer {
  readonly version: string;
  readonly readyNodes: readonly string[];
  readonly storageClasses: readonly string[];
}

async function askApi(engine: Engine, cluster: string, since: Date): Promise<ApiAnswer | undefined> {
  const ask = (...args: readonly string[]) => {
    const kubectl = ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', '--request-timeout=5s'];
    return engine.attempt(['exec', controlPlane(cluster), ...kubectl, 'get', ...args]);
  };
  const answers = await Promise.all([
    ask('--raw', '/readyz'),
    ask('nodes,storageclasses', '-o', 'json'),
    ask('leases', '-n', 'kube-node-lease', '-o', 'json'),
  ]);
  if (answers.some((answer) => answer.code !== 0)) return undefined;
  const [, objects, leases] = answers;
  return readApiAnswer(objects.stdout, leases.stdout, since);
}

interface Listed<T> {
  readonly items: readonly T[];
}

interface ListedObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly nodeInfo?: { readonly kubeletVersion: string };
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface Lease {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly renewTime?: string };
}

/** Reads kubectl's lists of nodes and storage classes, and of the nodes' leases. The version is the one the nodes run. */
export function readApiAnswer(objects: string, leases: string, since: Date): ApiAnswer {
  const { items } = JSON.parse(objects) as Listed<ListedObject>;
  const reported = (JSON.parse(leases) as Listed<Lease>).items
    .filter(({ spec }) => spec.renewTime !== undefined && new Date(spec.renewTime) > since)
    .map(({ metadata }) => metadata.name);
  const isReady = ({ metadata, status }: ListedObject) =>
    reported.includes(metadata.name) &&
    (status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false);
  const nodes = items.filter((item) => item.kind === 'Node');
  return {
    version: nodes[0]?.status?.nodeInfo?.kubeletVersion ?? 'unknown',
    readyNodes: nodes.filter(isReady).map((node) => node.metadata.name),
    storageClasses: items.filter((item) => item.kind === 'StorageClass').map((item) => item.metadata.name),
  };
}
