import { setTimeout as after } from 'node:timers/promises';
import type { Engine } from './engine/engine.ts';
import { healthOf, type Health } from './health.ts';
import { startNodes } from './kind.ts';
import { inStep, type Progress } from './progress.ts';

const deadlineMs = 120_000;
const pauseMs = 500;

/**
 * Starts what is stopped, resumes what is paused, and waits until every node has reported since. The answer is why the cluster cannot be kept, or
 * undefined when it can. Missing storage classes are no reason: they are added anyway.
 */
export async function mend(
  name: string,
  engine: Engine,
  health: Health,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (lasting(health).length === 0) return undefined;
  return inStep(progress, `Mend cluster ${name}`, health.faults.join('; '), async (step) => {
    const since = new Date();
    await startNodes(engine, health.nodes, signal);
    const deadline = since.getTime() + deadlineMs;
    // Asked again and again: an API server that is not there yet offers nothing to watch.
    for (;;) {
      const faults = lasting(await healthOf(engine, name, since));
      if (faults.length === 0) return undefined;
      if (Date.now() > deadline) return `it could not be mended: ${faults.join('; ')}`;
      step.update(faults.join('; '));
      await after(pauseMs, undefined, { signal });
    }
  });
}

function lasting(health: Health): readonly string[] {
  return health.faults.filter((fault) => !fault.includes('StorageClasses'));
}
