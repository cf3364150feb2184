import { availableParallelism } from 'node:os';
import { messageOf } from '../errors.ts';
import type { Recorded } from '../history/objects.ts';
import { Recording } from '../history/recording.ts';
import type { Kube } from '../kube/connect.ts';
import { startRecorder } from '../kube/recorder.ts';
import type { PaceEvidence } from '../report/evidence.ts';
import { runNamespace } from '../run.ts';

/** How long the Pod that counts took on the machine for which the deadlines were written: two quiet cores. */
const referenceMs = 3_000;
/** A machine that is slower than that would need deadlines under which nobody waits for a verdict. */
const slowest = 4;
const clearlySlower = 2;
/** Beyond this the cluster does not run a simple Pod, and the stories are the ones to say what is the matter with it. */
const givenUpAfterMs = 60_000;

/** A million additions in a shell: about a second of one core. What comes before and after them is the kubelet's and the runtime's part. */
const counting = 'i=0; while [ $i -lt 1000000 ]; do i=$((i+1)); done';

/**
 * How fast the cluster's machine is: the time from a Pod's creation to its end, as the watch tells it, where the Pod does nothing but count. The first
 * Pod fetches the image if need be, and is not timed; the second one goes to the same node. `undefined` where they do not come to their end: deadlines are
 * then left as they are, and `say` is told. What it creates carries the run's label.
 */
export async function measurePace(
  kube: Kube,
  run: string,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<PaceEvidence | undefined> {
  const name = `steadfast-${run}-pace`;
  const namespace = await kube.create({ resource: 'namespaces' }, runNamespace(run, name), { signal });
  try {
    return paceOf(await measuredMs(kube, name, signal));
  } catch (error) {
    signal.throwIfAborted();
    say(`the machine's pace could not be measured, deadlines stay as they are: ${messageOf(error)}`);
    return undefined;
  } finally {
    await kube.delete({ resource: 'namespaces', name }, { uid: namespace.metadata.uid }).catch((error: unknown) => {
      say(`the namespace ${name} could not be deleted yet: ${messageOf(error)}`);
    });
  }
}

/** A pace below 1 would shorten deadlines, which nobody has asked for. */
export function paceOf(measured: number): PaceEvidence {
  const factor = Math.min(slowest, Math.max(1, measured / referenceMs));
  return { measuredMs: Math.round(measured), referenceMs, factor: Math.round(factor * 100) / 100 };
}

/**
 * How many places stories take on a machine of this pace. Stories wait for the cluster most of the time, but each makes Pods, and those take a core while they
 * start: four for each core, which two cores that take a third longer than the reference were seen to bear. On a machine of half its pace three, since those that start keep each other
 * waiting. With fewer still the longest stories would be told one by one.
 */
export function placesAt(factor: number, cores = availableParallelism()): number {
  return (factor < clearlySlower ? 4 : 3) * cores;
}

/**
 * How many places a story takes on a machine of this pace. One for a story that waits for the cluster most of the time. One with servers of its own keeps
 * the machine busy throughout, and takes more where everything lasts longer: at a pace of 1.7 rings of Cassandra that were told side by
 * side were never Ready, since the servers' own probes ran out of their time.
 */
export function placesTaken(places: number, factor: number): number {
  return places === 1 ? 1 : Math.round(places * factor);
}

async function measuredMs(kube: Kube, namespace: string, signal: AbortSignal): Promise<number> {
  const recording = new Recording();
  const recorder = await startRecorder(kube, recording, { namespace, resources: ['pods', 'serviceaccounts'], signal });
  const until = <Found>(what: string, look: () => Found | undefined | false): Promise<Found> =>
    recording.until(look, { for: what, deadlineMs: givenUpAfterMs, signal, lastSeen: () => stateOf(recording) });
  const counts = async (pod: string, node?: string): Promise<Recorded<'pods'>> => {
    await kube.create({ resource: 'pods', namespace }, countingPod(pod, node), { signal });
    return until(`the Pod ${pod} to have counted`, () =>
      podsOf(recording).find(({ metadata, status }) => metadata.name === pod && status?.phase === 'Succeeded'),
    );
  };
  try {
    // A Pod that somebody makes by hand is refused while its namespace has no default ServiceAccount yet.
    await until('the namespace to be ready', () => recording.state('serviceaccounts').size > 0);
    const first = await counts('fetches');
    const beganAtMs = performance.now();
    await counts('counts', first.spec?.nodeName);
    return performance.now() - beganAtMs;
  } finally {
    await recorder.stop();
  }
}

function podsOf(recording: Recording): readonly Recorded<'pods'>[] {
  return [...recording.state('pods').values()];
}

function stateOf(recording: Recording): string {
  const phases = podsOf(recording).map(({ metadata, status }) => `${metadata.name} is ${status?.phase ?? 'unknown'}`);
  return phases.length === 0 ? 'there is no Pod' : phases.join(', ');
}

function countingPod(name: string, nodeName: string | undefined): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      ...(nodeName === undefined ? {} : { nodeName }),
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'counter', image: 'registry.k8s.io/nginx-slim:0.8', command: ['sh', '-c', counting] }],
    },
  };
}
