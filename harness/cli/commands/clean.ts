import { rm } from 'node:fs/promises';
import { restoreKindCluster } from '../../cluster/index.ts';
import { RunError, UsageError } from '../../errors.ts';
import type { Desk } from '../desk.ts';
import { describeLeftovers, findLeftovers, isNothing, removeLeftovers, type Leftovers } from '../leftovers.ts';
import type { CleanOptions } from '../program.ts';
import { isRunId } from '../runId.ts';
import { namesCluster, openTarget } from '../target.ts';
import { socketPathOf } from '../turns.ts';

const withinMs = 180_000;

/** Removes what runs left behind, and waits until it is gone. What lacks a run's mark is never touched. */
export async function cleanCommand(options: CleanOptions, { screen, interruption }: Desk): Promise<number> {
  const { run, force = false } = options;
  if (run !== undefined && !isRunId(run))
    throw new UsageError(`'${run}' is not the id of a run`, { remedy: 'An id looks like 20261121-0532-x7k2.' });
  if (!namesCluster(options)) await restoreKindCluster(screen.progress);
  const { kube, cluster } = await openTarget(options);
  const late = AbortSignal.timeout(withinMs);
  const signal = AbortSignal.any([interruption.signal, late]);
  try {
    const left = await findLeftovers(kube, { run, force, signal });
    for (const alive of left.alive) screen.print(`left alone: run ${alive} is still going on (--force removes it)`);
    if (isNothing(left)) {
      screen.print(`Nothing ${run === undefined ? 'of any run' : `of run ${run}`} is left on ${cluster.name}.`);
      return 0;
    }
    for (const line of describeLeftovers(left)) screen.print(`removing ${line}`);
    await removeLeftovers(kube, left, signal);
    await removeSockets(left);
    screen.print('All of it is gone.');
    return 0;
  } catch (error) {
    if (!late.aborted) throw error;
    throw new RunError(`not everything was gone after ${withinMs / 1000} s`, {
      cause: error,
      remedy: 'Run the command again: it names what is left.',
    });
  } finally {
    kube.close();
  }
}

/** A run that was killed leaves the socket of its turns on the machine it ran on. */
async function removeSockets({ namespaces }: Leftovers): Promise<void> {
  const runs = new Set(namespaces.map(({ run }) => run));
  for (const run of runs) await rm(socketPathOf(run), { force: true });
}
