import { rm } from 'node:fs/promises';
import { RunError } from '../errors.ts';
import { bringBack } from './bringBack.ts';
import { runningEngine } from './engine/ensure.ts';
import type { Engine } from './engine/engine.ts';
import { ensureCluster } from './ensure.ts';
import { healthOf, type Health } from './health.ts';
import type { ImageRecord } from './images/records.ts';
import { nodeContainer, nodeContainers, nodeShell, removeCluster, type NodeShell } from './kind.ts';
import { holdingLock, holdingMutantsLock } from './lock.ts';
import { inStep, type Progress } from './progress.ts';
import type { Way } from './registry.ts';
import { clusterFolder, kubeconfigOf, readState, type ClusterState } from './state.ts';
import type { Ground } from './swap/ground.ts';
import { readJournal } from './swap/journal.ts';

export type { Health, NodeHealth } from './health.ts';
export type { ImageRecord } from './images/records.ts';
export { controlPlane, type NodeShell } from './kind.ts';
export type { Progress, Step } from './progress.ts';
export type { Ground } from './swap/ground.ts';

/** A kind cluster of this machine, made and owned by Steadfast. */
export interface KindCluster {
  readonly provider: 'kind';
  readonly name: string;
  readonly kubeconfigPath: string;
  readonly context: string;
  /** Where its images came from: published ones, or built on this machine. */
  readonly way: Way;
  readonly images: readonly ImageRecord[];
  readonly nodes: NodeShell;
}

/** Facts about a cluster, healthy or not. */
export interface ClusterStatus {
  readonly name: string;
  readonly exists: boolean;
  readonly engine: 'running' | 'not running';
  readonly kubeconfigPath: string;
  readonly way: Way | undefined;
  /** What was seen of its nodes and its API; undefined when there is no cluster. */
  readonly health: Health | undefined;
  readonly images: readonly ImageRecord[];
}

export function defaultClusterName(env: NodeJS.ProcessEnv = process.env): string {
  return env['STEADFAST_CLUSTER'] || 'steadfast';
}

/**
 * A healthy cluster: the one that is there, mended where that is possible, else a new one. Calling it again changes nothing.
 * Throws a UsageError when this machine lacks what it needs and may not be changed, a RunError when a step fails.
 */
export async function ensureKindCluster(
  progress: Progress,
  options: { readonly signal?: AbortSignal; readonly name?: string } = {},
): Promise<KindCluster> {
  const name = options.name ?? defaultClusterName();
  const { engine, state } = await ensureCluster(name, progress, options.signal);
  return describe(engine, name, state);
}

/** The cluster as it is, without changing anything; undefined when there is none. */
export async function openKindCluster(name: string = defaultClusterName()): Promise<KindCluster | undefined> {
  const engine = await runningEngine();
  const state = await readState(name);
  if (engine === undefined || state === undefined) return undefined;
  if ((await nodeContainers(engine, name)).length === 0) return undefined;
  return describe(engine, name, state);
}

/**
 * Puts the original component back where a command that ran mutants was killed before it could; resolves with the mutant's name, or undefined when there
 * was nothing to do. Setting the cluster up does this as well.
 */
export async function restoreKindCluster(
  progress: Progress,
  name: string = defaultClusterName(),
): Promise<string | undefined> {
  const engine = await runningEngine();
  if (engine === undefined) return undefined;
  return holdingLock(clusterFolder(name), () => bringBack(name, engine, progress));
}

/** The name of the mutant that a cluster runs, or is to be freed of. */
export async function mutantIn(name: string = defaultClusterName()): Promise<string | undefined> {
  return (await readJournal(name))?.mutant;
}

/** Where a cluster's components are exchanged. Whoever does that holds the lock `mutants` all the time. */
export async function groundOf(name: string): Promise<Ground> {
  const engine = await runningEngine();
  if (engine === undefined) throw new RunError('the container engine does not run');
  return { engine, cluster: name };
}

/** Keeps every other command off these clusters while their components are exchanged. */
export function keepingOthersOff<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
  const [name, ...others] = names;
  if (name === undefined) return work();
  return holdingMutantsLock(clusterFolder(name), () => keepingOthersOff(others, work));
}

/** Lets a node of a kind cluster of this machine stand still, kubelet and Pods with it. The control plane is never paused. */
export async function pauseNode(node: string): Promise<void> {
  const engine = await runningEngine();
  const container = engine === undefined ? undefined : await nodeContainer(engine, node);
  if (engine === undefined || container === undefined)
    throw new RunError(`there is no node ${node} of a kind cluster on this machine`);
  if (node.endsWith('control-plane')) throw new RunError(`${node} is a control plane: it is never paused`);
  if (!container.paused) await engine.run(['pause', node]);
}

/** Lets it run on. Does nothing where it runs, or is not there any more. */
export async function resumeNode(node: string): Promise<void> {
  const engine = await runningEngine();
  const container = engine === undefined ? undefined : await nodeContainer(engine, node);
  if (engine !== undefined && container?.paused === true) await engine.run(['unpause', node]);
}

/** Begins the kubelet of a node of a kind cluster of this machine anew: it registers the node if need be, and leaves the containers running. */
export async function restartKubelet(node: string): Promise<void> {
  const engine = await runningEngine();
  if (engine === undefined || (await nodeContainer(engine, node)) === undefined) return;
  await engine.exec(node, ['systemctl', 'restart', 'kubelet']);
}

/** Removes the cluster, its registry and its folder. The images stay, so that the next cluster is there in a minute. */
export async function deleteKindCluster(progress: Progress, name: string = defaultClusterName()): Promise<void> {
  const engine = await runningEngine();
  await inStep(progress, `Delete cluster ${name}`, 'as asked', async () => {
    if (engine !== undefined) await removeCluster(engine, name);
    await rm(clusterFolder(name), { recursive: true, force: true });
  });
}

export async function kindClusterStatus(name: string = defaultClusterName()): Promise<ClusterStatus> {
  const engine = await runningEngine();
  const state = await readState(name);
  const exists = engine !== undefined && (await nodeContainers(engine, name)).length > 0;
  return {
    name,
    exists,
    engine: engine === undefined ? 'not running' : 'running',
    kubeconfigPath: kubeconfigOf(name),
    way: state?.way,
    health: exists ? await healthOf(engine, name) : undefined,
    images: state?.images ?? [],
  };
}

function describe(engine: Engine, name: string, state: ClusterState): KindCluster {
  return {
    provider: 'kind',
    name,
    kubeconfigPath: kubeconfigOf(name),
    context: `kind-${name}`,
    way: state.way,
    images: state.images,
    nodes: nodeShell(engine, name),
  };
}
