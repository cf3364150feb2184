import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotThere } from '../files.ts';
import { cacheFolder } from './cache.ts';
import type { ImageRecord } from './images/records.ts';
import type { Way } from './registry.ts';

/** What a cluster was made from. A key that differs from the one wanted now, or is empty, has that part made again. */
export interface ClusterState {
  readonly way: Way;
  /** Of everything in this folder: unchanged means there is nothing to look for. */
  readonly recipeKey: string;
  /** Of the node image and kind's configuration: another one needs another cluster. */
  readonly clusterKey: string;
  /** Of the manifests applied to it. */
  readonly addonsKey: string;
  /** Of the workload images that its registry and its nodes have. */
  readonly imagesKey: string;
  readonly images: readonly ImageRecord[];
}

/** The folder of one cluster inside the cache: its state, its kubeconfig, and what its nodes mount. */
export function clusterFolder(name: string): string {
  return join(cacheFolder(), 'clusters', name);
}

export function kubeconfigOf(name: string): string {
  return join(clusterFolder(name), 'kubeconfig');
}

export function registryOf(name: string): string {
  return `${name}-registry`;
}

/** What is written about the cluster; undefined when there is nothing, or nothing that can be read. */
export async function readState(name: string): Promise<ClusterState | undefined> {
  try {
    return JSON.parse(await readFile(stateFile(name), 'utf8')) as ClusterState;
  } catch (error) {
    if (error instanceof SyntaxError || isNotThere(error)) return undefined;
    throw error;
  }
}

export async function writeState(name: string, state: ClusterState): Promise<void> {
  await mkdir(clusterFolder(name), { recursive: true });
  const partial = `${stateFile(name)}.partial`;
  await writeFile(partial, `${JSON.stringify(state, undefined, 2)}\n`);
  await rename(partial, stateFile(name));
}

function stateFile(name: string): string {
  return join(clusterFolder(name), 'state.json');
}
