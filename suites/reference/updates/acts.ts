import {
  inSet,
  patience,
  updateStrategy,
  type RecordedState,
  type Stage,
  type StatefulSetHandle,
  type Variation,
} from '../../../harness/test.ts';
import { isReady } from '../web.ts';

export type Namespace = Stage['namespace'];

/** The image of web.yaml, and one that is there as well. */
export const images = { first: 'registry.k8s.io/nginx-slim:0.8', second: 'registry.k8s.io/nginx-slim:0.7' } as const;

/** The template is told apart from others by nothing but an annotation. */
export function template(name: string): { readonly spec: { readonly template: object } } {
  return { spec: { template: { metadata: { annotations: { 'steadfast.dev/template': name } } } } };
}

export function partition(below: number): Variation {
  return updateStrategy({ type: 'RollingUpdate', rollingUpdate: { partition: below } });
}

export function revisionHistoryLimit(limit: number): Variation {
  return inSet(`revisionHistoryLimit ${limit}`, (spec) => ({ ...spec, revisionHistoryLimit: limit }));
}

export function inTemplate(name: string): Variation {
  return inSet(`the template is called ${name}`, (spec) => {
    const before = spec['template'] as { readonly metadata: object };
    const metadata = { ...before.metadata, annotations: { 'steadfast.dev/template': name } };
    return { ...spec, template: { ...before, metadata } };
  });
}

/** Waits until the set's status satisfies this, and goes on all the same when it does not come to it. */
export function statusBecomes(
  namespace: Namespace,
  web: StatefulSetHandle,
  what: string,
  is: (set: StoredSet) => boolean,
): Promise<boolean> {
  return namespace.sees(
    what,
    ({ statefulsets }) => {
      const set = statefulsets.get(web.name);
      return set !== undefined && isObserved(set) && is(set);
    },
    { deadlineMs: patience.reactionMs },
  );
}

/** Waits until each of these Pods in turn is updated, and the update is reported as current; goes on all the same when it does not come to that. */
export async function rollOutEnds(
  namespace: Namespace,
  web: StatefulSetHandle,
  ordinals: readonly number[],
): Promise<boolean> {
  for (const ordinal of ordinals) if (!(await podIsUpdated(namespace, web, ordinal))) return false;
  return statusBecomes(namespace, web, 'the update revision to be current', ({ status }) => {
    return status?.currentRevision === status?.updateRevision;
  });
}

/** Lets the Pods of a set with `heldUnready` become Ready, each as soon as it runs. */
export async function becomeReadyInTurn(web: StatefulSetHandle, ordinals: readonly number[]): Promise<void> {
  for (const ordinal of ordinals) {
    await web.podBecomesRunning(ordinal);
    await web.letReady(ordinal);
  }
}

/** Waits until a new Pod of this ordinal runs, and goes on all the same when none is made. */
export function podRuns(
  namespace: Namespace,
  web: StatefulSetHandle,
  ordinal: number,
  insteadOf: string,
): Promise<boolean> {
  const isNew = ({ metadata }: StoredPod): boolean => metadata.uid !== insteadOf;
  return isReplaced(namespace, web, ordinal, isNew, ({ status }) => status?.phase === 'Running');
}

/** Waits until a Pod of this ordinal is Ready at the set's update revision, and goes on all the same when none is made. */
export function podIsUpdated(namespace: Namespace, web: StatefulSetHandle, ordinal: number): Promise<boolean> {
  const isNew = (pod: StoredPod, set: StoredSet): boolean =>
    isObserved(set) && revisionOf(pod) === set.status?.updateRevision;
  return isReplaced(namespace, web, ordinal, isNew, isReady);
}

/** Follows a replacement step by step: the controller lets the old Pod go, its kubelet ends it, the controller makes the new one, its kubelet starts it. */
async function isReplaced(
  namespace: Namespace,
  web: StatefulSetHandle,
  ordinal: number,
  isNew: (pod: StoredPod, set: StoredSet) => boolean,
  isDone: (pod: StoredPod) => boolean,
): Promise<boolean> {
  const name = `${web.name}-${ordinal}`;
  const sees = (what: string, is: (pod: StoredPod | undefined, set: StoredSet) => boolean, deadlineMs: number) =>
    namespace.sees(
      `${name} ${what}`,
      ({ pods, statefulsets }) => {
        const set = statefulsets.get(web.name);
        return set !== undefined && is(pods.get(name), set);
      },
      { deadlineMs },
    );
  const isLeaving = (pod: StoredPod): boolean => pod.metadata.deletionTimestamp !== undefined;
  return (
    (await sees('to be let go', (pod, set) => !pod || isLeaving(pod) || isNew(pod, set), patience.reactionMs)) &&
    (await sees('to end', (pod) => !pod || !isLeaving(pod), patience.lingeringPodMs)) &&
    (await sees('to be made anew', (pod, set) => pod !== undefined && isNew(pod, set), patience.reactionMs)) &&
    (await sees('to start', (pod, set) => pod !== undefined && isNew(pod, set) && isDone(pod), patience.lingeringPodMs))
  );
}

/** Waits until there is a Pod of this ordinal for which this holds, not on its way out, and goes on all the same. */
export function podBecomes(
  namespace: Namespace,
  web: StatefulSetHandle,
  ordinal: number,
  what: string,
  is: (pod: StoredPod, set: StoredSet) => boolean,
): Promise<boolean> {
  return namespace.sees(
    `${web.name}-${ordinal} to be ${what}`,
    ({ pods, statefulsets }) => {
      const pod = pods.get(`${web.name}-${ordinal}`);
      const set = statefulsets.get(web.name);
      const isThere = pod !== undefined && pod.metadata.deletionTimestamp === undefined && set !== undefined;
      return isThere && is(pod, set);
    },
    { deadlineMs: patience.reactionMs },
  );
}

/** Makes an unready Pod go, keeps it Terminating by a finalizer, and returns once its containers have ended. */
export async function leavesSlowly(namespace: Namespace, web: StatefulSetHandle, ordinal: number): Promise<string> {
  const uid = web.uidOf(ordinal);
  await web.holdTermination(ordinal);
  await web.deletePod(ordinal);
  await hasEnded(namespace, web, ordinal);
  return uid;
}

/** The Pod is Terminating and its kubelet has said how its containers ended. */
export async function hasEnded(namespace: Namespace, web: StatefulSetHandle, ordinal: number): Promise<void> {
  await namespace.until(`${web.name}-${ordinal} to be Terminating with its containers ended`, ({ pods }) => {
    const pod = pods.get(`${web.name}-${ordinal}`);
    const phase = pod?.status?.phase ?? '';
    return pod?.metadata.deletionTimestamp !== undefined && ['Failed', 'Succeeded'].includes(phase);
  });
}

function isObserved({ metadata, status }: StoredSet): boolean {
  return status?.observedGeneration === metadata.generation;
}

function revisionOf(pod: StoredPod): string | undefined {
  return pod.metadata.labels?.['controller-revision-hash'];
}

type StoredPod = NonNullable<ReturnType<RecordedState['pods']['get']>>;
type StoredSet = NonNullable<ReturnType<RecordedState['statefulsets']['get']>>;
