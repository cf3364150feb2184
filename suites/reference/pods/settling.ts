import { patience, type Stage, type StatefulSetHandle } from '../../../harness/test.ts';
import { isReady } from '../web.ts';

/** The template's image is nginx-slim:0.8. */
export const otherImage = 'registry.k8s.io/nginx-slim:0.7';

type Namespace = Stage['namespace'];

/**
 * Waits until the set has exactly the Pods of these ordinals, all Ready and counted as such, and goes on when that does not come about: whoever breaks it is to be found
 * out by the claims, not to end the story. Says whether it was seen.
 */
export function settlesAt(
  namespace: Namespace,
  set: StatefulSetHandle,
  ordinals: readonly number[],
  deadlineMs = patience.settledMs,
): Promise<boolean> {
  const names = ordinals.map((ordinal) => `${set.name}-${ordinal}`);
  return namespace.sees(
    `${set.name} to have the Pods ${names.join(', ')}, Ready, and no others`,
    ({ pods, statefulsets }) => {
      const own = [...pods.keys()].filter((name) => name.startsWith(`${set.name}-`));
      const { metadata, status } = statefulsets.get(set.name) ?? {};
      const isCounted =
        status?.observedGeneration === metadata?.generation &&
        status?.replicas === names.length &&
        (status?.readyReplicas ?? 0) === names.length;
      return isCounted && own.length === names.length && names.every((name) => isReady(pods.get(name)));
    },
    { deadlineMs },
  );
}

/** Waits, as patiently, until every Pod of the set is of its newest revision and Ready, and the set says so. */
export function updatesAll(namespace: Namespace, set: StatefulSetHandle): Promise<boolean> {
  return namespace.sees(
    `${set.name} to be updated`,
    ({ statefulsets }) => {
      const { metadata, spec, status } = statefulsets.get(set.name) ?? {};
      return (
        status?.observedGeneration === metadata?.generation &&
        status?.currentRevision === status?.updateRevision &&
        [status?.updatedReplicas, status?.readyReplicas].every((count) => count === spec?.replicas)
      );
    },
    { deadlineMs: patience.podMs },
  );
}

/** Waits, as patiently, until the set counts so many of its Pods as available. */
export function countsAvailable(namespace: Namespace, set: StatefulSetHandle, count: number): Promise<boolean> {
  return namespace.sees(
    `${set.name} to count ${count} available Pods`,
    ({ statefulsets }) => (statefulsets.get(set.name)?.status?.availableReplicas ?? 0) === count,
    { deadlineMs: patience.settledMs },
  );
}

/** Lets the Pods of a set with `heldUnready` become Ready, each as soon as it runs. */
export async function becomeReadyInTurn(set: StatefulSetHandle, ordinals: readonly number[]): Promise<void> {
  for (const ordinal of ordinals) {
    await set.podBecomesRunning(ordinal);
    await set.letReady(ordinal);
  }
}
