import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addStorage, createCluster, foldersOf } from './create.ts';
import type { Engine } from './engine/engine.ts';
import { ensureEngine } from './engine/ensure.ts';
import { raiseInotifyLimits } from './engine/kernel.ts';
import { healthOf, type Health } from './health.ts';
import { filesBelow, keyOf } from './images/key.ts';
import { favourControlPlane, kindConfig, removeCluster } from './kind.ts';
import { holdingLock } from './lock.ts';
import { bringBack } from './bringBack.ts';
import { mend } from './mend.ts';
import { publishedKey, pullToWorkers, registryServes, startRegistry } from './publish.ts';
import { inStep, type Progress } from './progress.ts';
import { clusterFolder, readState, writeState, type ClusterState } from './state.ts';
import { prepareSupplies, type Supplies } from './supplies.ts';

export interface EnsuredCluster {
  readonly engine: Engine;
  readonly state: ClusterState;
}

/** The whole way from a bare machine to a healthy cluster; what is there already is not done again. */
export async function ensureCluster(
  name: string,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<EnsuredCluster> {
  const engine = await ensureEngine(progress);
  await raiseInotifyLimits(progress);
  return holdingLock(clusterFolder(name), async () => {
    await bringBack(name, engine, progress);
    const recipeKey = await keyOfRecipe();
    const [before, health] = await Promise.all([readState(name), healthOf(engine, name)]);
    const isHealthy =
      health.faults.length === 0 && before !== undefined && (await registryServes(engine, name, before.way));
    if (isHealthy && before.recipeKey === recipeKey) return { engine, state: before };
    return { engine, state: await bringUp(name, engine, progress, signal, before, health, recipeKey) };
  });
}

async function bringUp(
  name: string,
  engine: Engine,
  progress: Progress,
  signal: AbortSignal | undefined,
  before: ClusterState | undefined,
  health: Health,
  recipeKey: string,
): Promise<ClusterState> {
  const supplies = await prepareSupplies(engine, progress, signal, before?.way);
  const config = await kindConfig(foldersOf(name));
  const clusterKey = keyOf({
    name: 'cluster',
    values: { config, image: supplies.nodeImage },
    parentKeys: [],
    files: [],
  });
  const kept = await keepOrRemove(name, supplies, before, clusterKey, health);
  const imagesKey = publishedKey(supplies);
  // The registry first: it makes the network that kind then finds.
  const filling = await startRegistry(name, supplies, kept?.imagesKey);
  await Promise.all([filling(), kept === undefined ? createCluster(name, supplies, config) : undefined]);

  await favourControlPlane(engine, name);
  const images = supplies.records;
  const made = { way: supplies.way, recipeKey: '', clusterKey, addonsKey: '', imagesKey: '', images };
  if (kept === undefined) await writeState(name, made);
  const [addonsKey] = await Promise.all([
    addStorage(name, supplies, kept?.addonsKey, health),
    imagesKey === kept?.imagesKey ? undefined : pullToWorkers(name, supplies),
  ]);
  const state: ClusterState = { ...made, recipeKey, addonsKey, imagesKey };
  await writeState(name, state);
  return state;
}

/** The state of the cluster that can be kept, mended if need be; undefined when a new one has to be made. */
async function keepOrRemove(
  name: string,
  supplies: Supplies,
  before: ClusterState | undefined,
  clusterKey: string,
  health: Health,
): Promise<ClusterState | undefined> {
  const { engine, progress, signal } = supplies.shop;
  if (health.nodes.length === 0) return undefined;
  const reason = reasonToReplace(before, clusterKey) ?? (await mend(name, engine, health, progress, signal));
  if (reason === undefined) return before;
  await inStep(progress, `Delete cluster ${name}`, reason, () => removeCluster(engine, name));
  return undefined;
}

/** Why a cluster cannot be kept, however healthy it is. */
export function reasonToReplace(before: ClusterState | undefined, clusterKey: string): string | undefined {
  if (before === undefined) return 'it is not known how it was made';
  if (before.clusterKey !== clusterKey) return 'it was made from another node image or configuration';
  return undefined;
}

/** Of all that decides what a cluster is: while it is unchanged, a healthy cluster needs no second look. */
async function keyOfRecipe(): Promise<string> {
  const files = (await filesBelow(import.meta.dirname)).filter((file) => !file.path.endsWith('.test.ts'));
  const content = await readFile(join(import.meta.dirname, '../../kind-config.yaml'));
  const config = { path: 'kind-config.yaml', content, executable: false };
  return keyOf({ name: 'recipe', values: {}, parentKeys: [], files: [...files, config] });
}
