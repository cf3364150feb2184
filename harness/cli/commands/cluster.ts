import { deleteKindCluster, ensureKindCluster, kindClusterStatus, mutantIn, type Health } from '../../cluster/index.ts';
import type { Desk } from '../desk.ts';
import { storedRuns } from '../folders.ts';

export async function upCommand({ screen, interruption }: Desk): Promise<number> {
  const { name, kubeconfigPath, context } = await ensureKindCluster(screen.progress, { signal: interruption.signal });
  screen.print(`The cluster ${name} is up: kubectl --kubeconfig ${kubeconfigPath} --context ${context} get nodes`);
  return 0;
}

export async function downCommand({ screen }: Desk): Promise<number> {
  await deleteKindCluster(screen.progress);
  return 0;
}

/** Exit code 0 if the cluster is there and well, 1 otherwise: for scripts. */
export async function statusCommand({ screen }: Desk): Promise<number> {
  const { name, exists, engine, kubeconfigPath, way, health, images } = await kindClusterStatus();
  const [latest] = await storedRuns();
  screen.print(`engine:      ${engine}`);
  screen.print(`cluster:     ${exists ? name : `${name}, not there (npm run up)`}`);
  if (exists) screen.print(`kubeconfig:  ${kubeconfigPath}`);
  if (way !== undefined) screen.print(`images:      ${way}, ${images.length} of them`);
  for (const line of describeHealth(health)) screen.print(line);
  const mutant = await mutantIn(name);
  if (mutant !== undefined) screen.print(`mutant:      ${mutant} is in place (npm run up puts the original back)`);
  screen.print(`latest run:  ${latest ?? 'none'}`);
  return exists && isWell(health) && mutant === undefined ? 0 : 1;
}

function isWell(health: Health | undefined): boolean {
  return health !== undefined && health.faults.length === 0;
}

function describeHealth(health: Health | undefined): readonly string[] {
  if (health === undefined) return [];
  const { version, nodes, storageClasses, faults } = health;
  return [
    `kubernetes:  ${version ?? 'no answer'}`,
    `nodes:       ${nodes.map(({ name, ready }) => `${name}${ready ? '' : ' (not Ready)'}`).join(', ')}`,
    `classes:     ${storageClasses.join(', ')}`,
    `health:      ${faults.length === 0 ? 'well' : faults.join('; ')}`,
  ];
}
