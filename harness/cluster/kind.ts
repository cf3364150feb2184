import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from './engine/engine.ts';
import { registryOf } from './state.ts';
import { fill } from './template.ts';
import { attempt, run, type RunOptions } from './run.ts';
import { RunError } from '../errors.ts';
import type { Made, Workshop } from './images/workshop.ts';
import { installProgram } from './images/go.ts';
import { versions } from './versions.ts';
import type { Step } from './progress.ts';

const clusterLabel = 'io.x-k8s.kind.cluster';
const configFile = join(import.meta.dirname, '../../kind-config.yaml');

/** kind's program: the one on this machine, else built from its module. */
export async function kindProgram(shop: Workshop): Promise<string> {
  if ((await attempt('kind', ['version'])).code === 0) return 'kind';
  const made: Made = await installProgram(shop, 'kind', 'sigs.k8s.io/kind', versions.kind);
  return join(made.at, 'kind');
}

/** The cluster's configuration, with this machine's folders filled in. */
export async function kindConfig(folders: { readonly shared: string; readonly mirrors: string }): Promise<string> {
  const template = await readFile(configFile, 'utf8');
  const withoutComments = template.replace(/^#.*\n/gm, '');
  return fill(withoutComments, { SHARED_FOLDER: folders.shared, MIRRORS_FOLDER: folders.mirrors });
}

export interface CreateOrder {
  readonly kind: string;
  readonly name: string;
  readonly image: string;
  readonly config: string;
  readonly kubeconfig: string;
  readonly signal: AbortSignal | undefined;
}

/** The nodes of a new cluster, joined; they may not be Ready yet. */
export async function createNodes(order: CreateOrder, step: Step): Promise<void> {
  const args = [
    'create',
    'cluster',
    '--name',
    order.name,
    '--image',
    order.image,
    '--config',
    '-',
    '--kubeconfig',
    order.kubeconfig,
  ];
  await run(order.kind, args, {
    input: order.config,
    signal: order.signal,
    onLine: (line) => {
      if (line.includes('•') || line.includes('✓')) step.update(line.replace(/[^\x20-\x7e]/g, '').trim());
    },
  });
}

/** A container has 1024 unless it is told otherwise. */
const sharesOfControlPlane = 8192;

/**
 * Where the nodes of one machine compete for its processors, the control plane has twice the share of four workers together: a server whose Java starts must not keep etcd or a controller waiting
 * until a story's time is over. Where processors are idle it changes nothing. It lasts as long as the container.
 */
export async function favourControlPlane(engine: Engine, cluster: string): Promise<void> {
  await engine.run(['update', '--cpu-shares', String(sharesOfControlPlane), controlPlane(cluster)]);
}

export interface NodeContainer {
  readonly name: string;
  readonly running: boolean;
  /** It stands still and can be resumed; then it is not running either. */
  readonly paused: boolean;
}

/** The containers of a cluster's nodes, running or not; none when there is no such cluster. */
export async function nodeContainers(engine: Engine, cluster: string): Promise<readonly NodeContainer[]> {
  const listed = await engine.run([
    'ps',
    '-a',
    '--filter',
    `label=${clusterLabel}=${cluster}`,
    '--format',
    '{{.Names}}\t{{.State}}',
  ]);
  return listed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', state] = line.split('\t');
      return { name, running: state === 'running', paused: state === 'paused' };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Lets every container run: starts what is stopped, resumes what is paused. */
export async function startNodes(
  engine: Engine,
  nodes: readonly NodeContainer[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const paused = nodes.filter((node) => node.paused).map((node) => node.name);
  const stopped = nodes.filter((node) => !node.running && !node.paused).map((node) => node.name);
  if (paused.length > 0) await engine.run(['unpause', ...paused], { signal });
  if (stopped.length > 0) await engine.run(['start', ...stopped], { signal });
}

/** The node's container, of whichever kind cluster of this machine it is; undefined when there is none. */
export async function nodeContainer(engine: Engine, node: string): Promise<NodeContainer | undefined> {
  const inspect = ['inspect', '--format', `{{index .Config.Labels "${clusterLabel}"}}`, node];
  const { code, stdout } = await engine.attempt(inspect);
  const cluster = stdout.trim();
  if (code !== 0 || cluster === '') return undefined;
  return (await nodeContainers(engine, cluster)).find(({ name }) => name === node);
}

/** The name kind gives to the one control plane. */
export function controlPlane(cluster: string): string {
  return `${cluster}-control-plane`;
}

/** kubectl on the control plane itself: it is there, of the right version, and needs no address of this machine. */
export function kubectl(
  engine: Engine,
  cluster: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return engine.exec(controlPlane(cluster), ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...args], options);
}

/** A shell on a node of the cluster, for claims that must look at the node's disk, and for disruptions. */
export interface NodeShell {
  run(node: string, argv: readonly string[], options?: { readonly signal?: AbortSignal }): Promise<string>;
  names(): Promise<readonly string[]>;
}

/** Removes the nodes and the registry of a cluster, with the volumes that hold their disks. */
export async function removeCluster(engine: Engine, cluster: string): Promise<void> {
  const nodes = (await nodeContainers(engine, cluster)).map((container) => container.name);
  await engine.run(['rm', '-f', '-v', ...nodes, registryOf(cluster)]);
}

export function nodeShell(engine: Engine, cluster: string): NodeShell {
  const names = async () => (await nodeContainers(engine, cluster)).map((container) => container.name);
  return {
    names,
    run: async (node, argv, options = {}) => {
      if (!(await names()).includes(node)) throw new RunError(`cluster ${cluster} has no node ${node}`);
      return engine.exec(node, argv, options);
    },
  };
}
