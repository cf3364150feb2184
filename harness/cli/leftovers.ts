import { releaseHolds } from '../disruption/holds.ts';
import { giveBackNode, nodeMarks, type Taking } from '../disruption/nodes.ts';
import { removedNodeOf, returnNode } from '../disruption/removedNode.ts';
import type { Recorded } from '../history/objects.ts';
import type { Kube } from '../kube/connect.ts';
import { ApiError, ConnectionError, orAbsent } from '../kube/errors.ts';
import type { KindName, KubeObject } from '../kube/kinds.ts';
import { runLabel } from '../run.ts';
import { isAlive } from './signOfLife.ts';
import { watchEvents } from './watching.ts';

/** Everything on a cluster that runs made and did not remove, by name and uid. Whatever lacks a run's mark is not in it. */
export interface Leftovers {
  readonly namespaces: readonly Home[];
  readonly volumes: readonly Found[];
  readonly nodes: readonly TakenNode[];
  /** Runs that are still going on: theirs is left alone. */
  readonly alive: readonly string[];
}

export interface Found {
  readonly name: string;
  readonly uid: string;
  readonly run: string;
}

/** A node that a run took and did not give back. One that was taken in two ways stands there twice. */
export interface TakenNode extends Found {
  readonly how: Taking;
}

/** A node whose object a story deleted. Its namespace keeps how it was registered. */
export interface RemovedNode {
  readonly name: string;
  readonly how: 'removed';
  readonly run: string;
}

/** A namespace that a run made, and when: a volume older than it cannot have been made for it. */
export interface Home extends Found {
  readonly bornAtMs: number;
  /** The node whose object a story in it deleted, and that the namespace keeps. */
  readonly removedNode: string | undefined;
}

export interface Scope {
  /** Only what this run left. */
  readonly run?: string | undefined;
  /** Also of runs that say they are going on. */
  readonly force?: boolean;
  readonly signal: AbortSignal;
}

/** Looks, and changes nothing. */
export async function findLeftovers(kube: Kube, { run, force = false, signal }: Scope): Promise<Leftovers> {
  const [namespaces, volumes, nodes] = await Promise.all([
    kube.list({ resource: 'namespaces' }, { query: { labelSelector: runLabel }, signal }),
    kube.list({ resource: 'persistentvolumes' }, { signal }),
    kube.list({ resource: 'nodes' }, { signal }),
  ]);
  const alive = force ? [] : [...new Set(namespaces.items.filter((each) => isAlive(each)).map(runOf))];
  const wanted = (each: { readonly run: string }): boolean =>
    (run === undefined || each.run === run) && !alive.includes(each.run);
  const homes = namespaces.items.map(homeOf);
  return {
    namespaces: homes.filter(wanted),
    volumes: volumes.items.flatMap((volume) => volumeOf(volume, homes)).filter(wanted),
    nodes: nodes.items.flatMap(takenBy).filter(wanted),
    alive: alive.filter((each) => run === undefined || each === run),
  };
}

export function isNothing({ namespaces, volumes, nodes }: Leftovers): boolean {
  return namespaces.length + volumes.length + nodes.length === 0;
}

/** One line for each thing. */
export function describeLeftovers({ namespaces, volumes, nodes }: Leftovers): readonly string[] {
  return [
    ...nodes.map(({ name, how, run }) => `node ${name}: ${how} by run ${run}`),
    ...namespaces.flatMap(({ removedNode, run }) =>
      removedNode === undefined ? [] : [`node ${removedNode}: removed by run ${run}`],
    ),
    ...namespaces.map(({ name, run }) => `namespace ${name} of run ${run}`),
    ...volumes.map(({ name, run }) => `PersistentVolume ${name} of run ${run}`),
  ];
}

/**
 * Removes what was found and waits until it is gone. Each object is deleted by its uid, so that one that took its name in the meantime stays.
 * Nodes come first: they are what others miss. The signal ends the wait with its reason.
 */
export async function removeLeftovers(kube: Kube, leftovers: Leftovers, signal: AbortSignal): Promise<void> {
  const { nodes, namespaces, volumes } = leftovers;
  await Promise.all(
    namespaces
      .filter(({ removedNode }) => removedNode !== undefined)
      .map(({ name }) => orAbsent(returnNode(kube, name, signal))),
  );
  await Promise.all(nodes.map(({ name, uid, how }) => orAbsent(giveBackNode(kube, how, name, { uid, signal }))));
  await Promise.all(volumes.map((volume) => releaseVolume(kube, volume, signal)));
  await Promise.all(namespaces.map((namespace) => releaseHolds(kube, namespace.name, signal)));
  await Promise.all(namespaces.map((namespace) => deleteByUid(kube, 'namespaces', namespace, signal)));
  await untilGone(kube, 'namespaces', namespaces, signal);
  // More may have been provisioned after the first look.
  const list = await kube.list({ resource: 'persistentvolumes' }, { signal });
  const runs = new Set(namespaces.map(({ run }) => run));
  const later = list.items.flatMap((volume) => volumeOf(volume, namespaces)).filter(({ run }) => runs.has(run));
  await Promise.all(later.map((volume) => releaseVolume(kube, volume, signal)));
  await untilVolumesGone(kube, [...volumes, ...later], signal);
}

export function takenBy(node: Recorded<'nodes'>): readonly TakenNode[] {
  const { name, uid, annotations } = node.metadata;
  return (Object.keys(nodeMarks) as readonly Taking[]).flatMap((how) => {
    const run = annotations?.[nodeMarks[how]];
    return run === undefined ? [] : [{ name, uid, run, how }];
  });
}

export function removedFrom(namespace: KubeObject): readonly RemovedNode[] {
  const { removedNode, run } = homeOf(namespace);
  return removedNode === undefined ? [] : [{ name: removedNode, how: 'removed', run }];
}

function homeOf({ metadata }: KubeObject): Home {
  const { name, uid, labels, creationTimestamp } = metadata;
  return {
    name,
    uid,
    run: labels?.[runLabel] ?? '',
    bornAtMs: Date.parse(String(creationTimestamp)),
    removedNode: removedNodeOf(metadata),
  };
}

function runOf(object: KubeObject): string {
  return object.metadata.labels?.[runLabel] ?? '';
}

/**
 * A volume is a run's own if it carries the label, or if it was provisioned for a claim in a namespace of the run while that namespace existed. One
 * that somebody made by hand and that happened to be bound by a claim of the run is not: it was there before and stays.
 */
function volumeOf(volume: Recorded<'persistentvolumes'>, homes: readonly Home[]): readonly Found[] {
  const { name, uid, labels, annotations, creationTimestamp } = volume.metadata;
  const marked = labels?.[runLabel];
  if (marked !== undefined) return [{ name, uid, run: marked }];
  const home = homes.find((each) => each.name === volume.spec?.claimRef?.namespace);
  if (home === undefined || annotations?.['pv.kubernetes.io/provisioned-by'] === undefined) return [];
  return Date.parse(creationTimestamp ?? '') >= home.bornAtMs ? [{ name, uid, run: home.run }] : [];
}

/**
 * A kept volume is told to go with its claim, so that whoever provisioned it also removes what is stored in it; and it is labelled, because once its
 * namespace is gone nothing else shows whose it is.
 */
async function releaseVolume(kube: Kube, volume: Found, signal: AbortSignal): Promise<void> {
  const body = {
    metadata: { uid: volume.uid, labels: { [runLabel]: volume.run } },
    spec: { persistentVolumeReclaimPolicy: 'Delete' },
  };
  await orAbsent(kube.patch({ resource: 'persistentvolumes', name: volume.name }, body, 'merge', { signal }));
}

/** A provisioner removes its volumes with their data; what it leaves for too long (it may be gone) is deleted as an object. */
async function untilVolumesGone(kube: Kube, volumes: readonly Found[], signal: AbortSignal): Promise<void> {
  const provisionerMs = 20_000;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(provisionerMs)]);
  try {
    await untilGone(kube, 'persistentvolumes', volumes, patience);
  } catch (error) {
    signal.throwIfAborted();
    if (!patience.aborted) throw error;
    const gone = untilGone(kube, 'persistentvolumes', volumes, signal);
    await Promise.all(volumes.map((volume) => deleteByUid(kube, 'persistentvolumes', volume, signal)));
    await gone;
  }
}

async function deleteByUid(kube: Kube, resource: KindName, { name, uid }: Found, signal: AbortSignal): Promise<void> {
  try {
    await kube.delete({ resource, name }, { uid, signal, propagationPolicy: 'Background' });
  } catch (error) {
    // Gone already (404), replaced by somebody else's of the same name, or being deleted already (409): nothing of ours is left to delete.
    if (!(error instanceof ApiError) || (error.code !== 404 && error.code !== 409)) throw error;
  }
}

/** Lists, then watches from that list, until none of these uids is there. A watch that ends is begun again from a new list. */
async function untilGone(
  kube: Kube,
  resource: KindName,
  awaited: readonly Found[],
  signal: AbortSignal,
): Promise<void> {
  const left = new Set(awaited.map(({ uid }) => uid));
  while (left.size > 0) {
    const list = await kube.list({ resource }, { signal });
    const present = new Set(list.items.map((each) => each.metadata.uid));
    for (const uid of left) if (!present.has(uid)) left.delete(uid);
    if (left.size > 0) await watchDeletions(kube, resource, list.metadata.resourceVersion, left, signal);
  }
}

async function watchDeletions(
  kube: Kube,
  resource: KindName,
  resourceVersion: string,
  left: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const { type, object } of watchEvents(kube, { resource }, { resourceVersion }, signal)) {
      if (type === 'ERROR') return;
      if (type === 'DELETED') left.delete(object.metadata.uid);
      if (left.size === 0) return;
    }
  } catch (error) {
    signal.throwIfAborted();
    // Connections break; the next list tells what went meanwhile, or that nobody answers any more.
    if (!isBroken(error)) throw error;
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof ConnectionError || (error as NodeJS.ErrnoException).code === 'ECONNRESET';
}
