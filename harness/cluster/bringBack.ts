import { messageOf } from '../errors.ts';
import type { Engine } from './engine/engine.ts';
import { nodeContainers, removeCluster, startNodes } from './kind.ts';
import { refuseWhileMutantsRun } from './lock.ts';
import { inStep, type Progress } from './progress.ts';
import { clusterFolder } from './state.ts';
import { readJournal, removeJournal } from './swap/journal.ts';
import { takeAway, restoreOriginal } from './swap/swap.ts';

/**
 * Puts the original component back where a command that ran mutants was killed before it could. A cluster that cannot be brought back is removed: one
 * that may run a mutant must never be taken for a sound one. Resolves with the mutant's name, or undefined when there was nothing to do.
 */
export async function bringBack(name: string, engine: Engine, progress: Progress): Promise<string | undefined> {
  await refuseWhileMutantsRun(clusterFolder(name));
  const journal = await readJournal(name);
  if (journal === undefined) return undefined;
  const { mutant, component } = journal;
  const nodes = await nodeContainers(engine, name);
  const reason =
    nodes.length === 0 ? undefined : await restore(name, engine, progress, `${component} is the mutant ${mutant}`);
  if (reason !== undefined) await inStep(progress, `Delete cluster ${name}`, reason, () => removeCluster(engine, name));
  if (nodes.length === 0 || reason !== undefined) await removeJournal(name);
  return mutant;
}

/** Resolves with why it could not be done, if so. */
async function restore(name: string, engine: Engine, progress: Progress, why: string): Promise<string | undefined> {
  const step = progress.step(`Restore cluster ${name}`, why);
  try {
    await startNodes(engine, await nodeContainers(engine, name), undefined);
    await restoreOriginal({ engine, cluster: name });
    await takeAway({ engine, cluster: name });
    step.done(`${why} no more`);
    return undefined;
  } catch (error) {
    step.failed(messageOf(error));
    return `${why}, and could not be replaced by the original`;
  }
}
