import type { Kube } from '../kube/connect.ts';
import type { Recorder } from '../kube/recorder.ts';
import { WaitGivenUp, type Await, type Recording } from '../history/recording.ts';
import { exec } from '../kube/exec.ts';
import type { Recorded, ResourceName } from '../history/objects.ts';
import type { RunSpec } from '../run.ts';
import { recorded } from '../kube/operations.ts';
import { deadlines } from '../deadlines.ts';
import type { Sentinels } from './sentinel.ts';

/** What the verbs of one story work with. */
export interface Lab {
  readonly run: RunSpec;
  readonly kube: Kube;
  readonly namespace: string;
  readonly recording: Recording;
  readonly recorder: Recorder;
  readonly sentinels: Sentinels;
  readonly signal: AbortSignal;
  /** Sentences collected from the workloads deployed. */
  readonly variations: Set<string>;
}

/** The recorded objects of one resource, by name. Of two that share a name for a moment, the one made later. */
export function byName<Name extends ResourceName>(
  recording: Recording,
  resource: Name,
): ReadonlyMap<string, Recorded<Name>> {
  return new Map([...recording.state(resource).values()].map((object) => [object.metadata.name, object]));
}

/** Waits on the recording with the story's signal and says what stands in the way from the Pods as they are. */
export function awaitRecorded<Found>(
  lab: Lab,
  what: string,
  look: () => Found | undefined | false,
  deadlineMs: number,
  lastSeen?: Await['lastSeen'],
): Promise<Found> {
  return lab.recording.until(look, {
    for: what,
    deadlineMs,
    signal: lab.signal,
    ...(lastSeen === undefined ? {} : { lastSeen }),
  });
}

/** Whether a wait came to what it waited for before its deadline. Whatever else ended it is thrown on. */
export async function sawInTime(wait: Promise<unknown>): Promise<boolean> {
  try {
    await wait;
    return true;
  } catch (error) {
    if (error instanceof WaitGivenUp) return false;
    throw error;
  }
}

/** Runs a command in a Pod and records its output, whatever its exit code. Returns stdout. */
export async function runIn(lab: Lab, moment: string, pod: string, argv: readonly string[]): Promise<string> {
  const { kube, namespace, signal, recording } = lab;
  const output = await exec(kube, { namespace, pod, argv, signal, deadlineMs: deadlines.commandMs });
  recording.append({ kind: 'observation', of: 'command', moment, pod, argv, ...output });
  return output.stdout;
}

/** Runs an API call as an operation of the history. */
export function operate<Answer>(
  lab: Lab,
  verb: string,
  target: string,
  detail: string | undefined,
  act: () => Promise<Answer>,
): Promise<Answer> {
  lab.signal.throwIfAborted();
  return recorded(lab.recording, { verb, target, ...(detail === undefined ? {} : { detail }) }, act);
}

/** Waits until the watch has shown this object at this generation or a later one: what was answered is then part of the history. */
export async function isRecorded(lab: Lab, resource: ResourceName, uid: string, generation?: number): Promise<void> {
  await awaitRecorded(
    lab,
    `the watch to show the changed ${resource.slice(0, -1)}`,
    () => {
      const object = lab.recording.state(resource).get(uid);
      return object !== undefined && (generation === undefined || (object.metadata.generation ?? 0) >= generation);
    },
    deadlines.recordedMs,
  );
}
