import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAtLeast } from '../claims/serverVersions.ts';
import { storyClients } from '../clients/clients.ts';
import { deadlines } from '../deadlines.ts';
import { releaseHolds } from '../disruption/holds.ts';
import { messageOf } from '../errors.ts';
import type { History, HistoryHeader, QuietMarks, Telling } from '../history/history.ts';
import { Recording, WaitGivenUp } from '../history/recording.ts';
import type { ResourceName } from '../history/objects.ts';
import { storeHistory } from '../history/store.ts';
import { orAbsent } from '../kube/errors.ts';
import { podLogs } from '../kube/exec.ts';
import { startRecorder, type Recorder } from '../kube/recorder.ts';
import { byName, type Lab } from './lab.ts';
import { storyNamespace } from './namespace.ts';
import { storyNodes } from './nodes.ts';
import { NotRun } from './notRun.ts';
import { releaseOwnVolumes } from './ownVolumes.ts';
import type { Turn } from './turns.ts';
import type { Stage } from './verbs.ts';
import { createNamespace, worker, type Worker } from './worker.ts';

/** A story as its suite tells it. */
export interface Script {
  readonly tutorial: string;
  readonly title: string;
  /** It takes nodes for itself: it is told while no other story is. */
  readonly alone: boolean;
  readonly places: number;
  readonly minutes: number;
  /** Resources that are recorded for this story alone, beside those of every story. */
  readonly follows: readonly ResourceName[];
  /** The oldest server on which it can be told, `1.31`. */
  readonly since: string | undefined;
  readonly tell: (stage: Stage) => Promise<unknown>;
  /** Path of the history, relative to the run's directory. */
  readonly file: string;
}

const followedByAll: readonly ResourceName[] = [
  'pods',
  'statefulsets',
  'controllerrevisions',
  'services',
  'endpointslices',
  'persistentvolumeclaims',
  'persistentvolumes',
  'poddisruptionbudgets',
  'serviceaccounts',
  'events',
];

/**
 * Tells a story once it is its turn, and stores the sealed history before anyone judges it. Never rejects for what the story met: a story that
 * could not be told is a history whose telling says why.
 */
export async function tell(script: Script): Promise<History> {
  const shared = await worker();
  const { title, alone, places, minutes } = script;
  const turn = await shared.turns.ask({ story: title, alone, places, minutes });
  shared.turns.tell({ kind: 'story-began', atMs: Date.now(), story: script.title });
  try {
    const history = await tellNow(script, shared, turn);
    const { telling } = history;
    const because = telling.status === 'told' ? {} : { because: telling.because };
    shared.turns.tell({
      kind: 'story-ended',
      atMs: Date.now(),
      story: script.title,
      status: telling.status,
      ...because,
    });
    return history;
  } finally {
    turn.end();
  }
}

async function tellNow(script: Script, shared: Worker, turn: Turn): Promise<History> {
  const { run, kube, turns } = shared;
  const { signal } = turns;
  const startedAtMs = Date.now();
  const namespace = shared.nextNamespace();
  const recording = new Recording();
  const variations = new Set<string>();
  const uid = await createNamespace(kube, namespace, run.id, signal);
  const followed = [...followedByAll, ...script.follows];
  const recorder = await startRecorder(kube, recording, { namespace, resources: followed, signal });
  const lab: Lab = { run, kube, namespace, recording, recorder, sentinels: shared.sentinels, signal, variations };
  const borrowed = storyNodes(lab, script.alone);
  const speaking = storyClients(lab);
  const stopTelling = tellWaits(lab, script.title, shared);
  try {
    const stage = { namespace: storyNamespace(lab, speaking.clients), nodes: borrowed.nodes, signal };
    const telling = await telled(lab, script, stage, turn);
    await speaking.close();
    if (telling.status === 'broken') await gatherLogs(lab, script);
    await recorder.stop();
    const header: HistoryHeader = {
      schema: 'steadfast/history/1',
      run: run.id,
      tutorial: script.tutorial,
      story: script.title,
      namespace,
      startedAtMs,
      server: { version: run.cluster.serverVersion, provider: run.cluster.provider },
      resources: followed,
      variations: [...variations],
    };
    const history = recording.seal(header, telling);
    await storeHistory(history, join(run.directory, script.file));
    return history;
  } finally {
    stopTelling();
    await speaking.close();
    await borrowed.giveBack();
    await sweep(lab, uid, recorder);
  }
}

async function telled(lab: Lab, script: Script, stage: Stage, turn: Turn): Promise<Telling> {
  try {
    refuseOldServer(script, lab.run.cluster.serverVersion);
    await serviceAccountIsThere(lab);
    const told: unknown = await script.tell(stage);
    // The last fence only listens: the next story need not wait for it, unless this one still has a node to give back.
    if (!script.alone) turn.end();
    await lab.recorder.fence('end', { signal: lab.signal });
    return { status: 'told', told: JSON.parse(JSON.stringify(told ?? null)) as unknown };
  } catch (error) {
    if (error instanceof NotRun) return { status: 'not-run', because: error.message };
    const broken = { status: 'broken', because: messageOf(error) } as const;
    if (!(error instanceof WaitGivenUp)) return broken;
    const inVain = await looksOnceMore(lab, stage);
    return inVain === undefined ? broken : { ...broken, inVain };
  }
}

/** What the controllers do where a story waits in vain, if they can be watched at all. */
async function looksOnceMore(lab: Lab, { namespace }: Stage): Promise<QuietMarks | undefined> {
  try {
    const marks = await namespace.quietly('the story has waited in vain');
    await lab.recorder.fence('end', { signal: lab.signal });
    return marks;
  } catch {
    // A controller that shows no sign of life, or a run that was told to stop: why the story broke is known already.
    return undefined;
  }
}

/** What a server cannot do yet is no broken promise of its. */
function refuseOldServer({ since }: Script, serverVersion: string): void {
  if (since !== undefined && !isAtLeast(serverVersion, since))
    throw new NotRun(`it needs Kubernetes ${since} or newer, and this server is ${serverVersion}`);
}

/** Before a namespace has its default ServiceAccount no Pod can be made in it, and controllers that try back off. */
async function serviceAccountIsThere(lab: Lab): Promise<void> {
  await lab.recording.until(() => byName(lab.recording, 'serviceaccounts').has('default'), {
    for: 'the default ServiceAccount of the new namespace',
    deadlineMs: deadlines.reactionMs,
    signal: lab.signal,
  });
}

/** Tells the main process what the story waits for, whenever that has changed. */
function tellWaits(lab: Lab, story: string, shared: Worker): () => void {
  let told = '';
  const look = setInterval(() => {
    const [wait] = lab.recording.openWaits;
    if (wait === undefined) return;
    const lastSeen = wait.lastSeen();
    if (`${wait.for} ${lastSeen}` === told) return;
    told = `${wait.for} ${lastSeen}`;
    shared.turns.tell({
      kind: 'story-waits',
      atMs: Date.now(),
      story,
      for: wait.for,
      lastSeen,
      sinceMs: wait.beganAtMs,
    });
  }, 1000);
  return () => clearInterval(look);
}

/** Logs of all containers, the present and the one before, into `diagnostics/`, while the namespace still lives. */
async function gatherLogs(lab: Lab, script: Script): Promise<void> {
  const folder = join(lab.run.directory, 'diagnostics', script.file.replace(/^histories\/|\.jsonl$/g, ''));
  await mkdir(folder, { recursive: true });
  for (const pod of byName(lab.recording, 'pods').keys())
    for (const previous of [false, true]) {
      const file = join(folder, `${pod}${previous ? '.previous' : ''}.log`);
      await writeFile(file, await logOrReason(lab, pod, previous));
    }
}

async function logOrReason(lab: Lab, pod: string, previous: boolean): Promise<string> {
  try {
    return await podLogs(lab.kube, lab.namespace, pod, { previous, tailLines: 500 });
  } catch (error) {
    return `no log: ${messageOf(error)}\n`;
  }
}

/**
 * Removes the namespace of a story that has ended: releases Pods it still holds and volumes that would outlive it, then deletes the namespace by
 * uid. Does not wait until all is gone: the run does, once, at its end.
 */
async function sweep(lab: Lab, uid: string, recorder: Recorder): Promise<void> {
  const { kube, namespace } = lab;
  await recorder.stop();
  await releaseHolds(kube, namespace);
  await releaseOwnVolumes(lab);
  await orAbsent(kube.delete({ resource: 'namespaces', name: namespace }, { uid }));
}
