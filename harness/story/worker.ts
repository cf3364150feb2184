import { inject } from 'vitest';
import { deadlines } from '../deadlines.ts';
import { connect, type Kube } from '../kube/connect.ts';
import { runNamespace, type RunSpec } from '../run.ts';
import '../provided.ts';
import { Sentinels } from './sentinel.ts';
import { Turns } from './turns.ts';

/** What all stories of one worker share: opened by the first of them. */
export interface Worker {
  readonly run: RunSpec;
  readonly kube: Kube;
  readonly turns: Turns;
  readonly sentinels: Sentinels;
  /** A name for a story's namespace, unique within the run. */
  nextNamespace(): string;
}

let opened: Promise<Worker> | undefined;

export function runSpec(): RunSpec {
  return inject('run');
}

export function worker(): Promise<Worker> {
  return (opened ??= open(runSpec()));
}

/** Ends the worker's connections, so that its process can end. Does nothing if no story was told. */
export async function closeWorker(): Promise<void> {
  const ending = opened;
  opened = undefined;
  if (ending === undefined) return;
  const { kube, turns, sentinels } = await ending;
  await sentinels.close();
  kube.close();
  turns.close();
}

async function open(run: RunSpec): Promise<Worker> {
  if (run.turnsSocket === undefined) throw new Error('a run that judges stored histories tells no stories');
  const kube = connect({ kubeconfigPath: run.cluster.kubeconfigPath, context: run.cluster.context });
  const turns = await Turns.open(run.turnsSocket);
  let made = 0;
  const prefix = `steadfast-${run.id}-${process.env['VITEST_POOL_ID'] ?? '0'}`;
  const nextNamespace = (): string => {
    made += 1;
    return `${prefix}-${made}`;
  };
  const sentinelNamespace = nextNamespace();
  await createNamespace(kube, sentinelNamespace, run.id, turns.signal);
  const sentinels = await Sentinels.open(kube, sentinelNamespace, turns.signal);
  return { run, kube, turns, sentinels, nextNamespace };
}

/** Creates a namespace of the run. Resolves with its uid. */
export async function createNamespace(kube: Kube, name: string, runId: string, signal: AbortSignal): Promise<string> {
  const options = { signal, deadlineMs: deadlines.reactionMs };
  const made = await kube.create({ resource: 'namespaces' }, runNamespace(runId, name), options);
  return made.metadata.uid;
}
