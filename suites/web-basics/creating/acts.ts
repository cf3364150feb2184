import {
  inContainer,
  inPods,
  patience,
  type StatefulSetHandle,
  type StoryNamespace,
  type Variation,
} from '../../../harness/test.ts';
import { withASecondContainer } from '../nginx.ts';

/** Pods go only to nodes with this label. */
export function onNodesWith(label: Readonly<Record<string, string>>): Variation {
  const words = Object.keys(label).join(', ');
  return inPods(`a node selector (${words}) that no node satisfies`, (spec) => ({ ...spec, nodeSelector: label }));
}

/** Names of sets, and why no Pod of theirs is ever Ready. */
export const failures: Readonly<Record<string, Variation>> = {
  silent: checked({ exec: { command: ['sleep', '60'] } }),
  elsewhere: checked({ httpGet: { path: '/nowhere', port: 80 } }),
  closed: checked({ tcpSocket: { port: 81 } }),
  second: withASecondContainer('a second container, which fails its check', {
    readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 },
  }),
};

function checked(how: object): Variation {
  return inContainer(`a readiness probe that never succeeds: ${JSON.stringify(how)}`, (container) => ({
    ...container,
    readinessProbe: { ...how, periodSeconds: 1, timeoutSeconds: 1 },
  }));
}

/** The kubelet has found the set's first Pod ready or not, or its time is over. */
export function isChecked(namespace: StoryNamespace, set: StatefulSetHandle): Promise<boolean> {
  const name = `${set.name}-0`;
  return namespace.sees(
    `${name} to have failed its check, or passed it`,
    ({ pods, events }) =>
      pods.get(name)?.status?.containerStatuses?.every(({ ready }) => ready) === true ||
      [...events.values()].some(({ involvedObject, reason }) => involvedObject.name === name && reason === 'Unhealthy'),
    { deadlineMs: patience.podMs },
  );
}

/** The scheduler has said that no node suits the Pod, or its time is over. */
export function isRefused(namespace: StoryNamespace, pod: string): Promise<boolean> {
  return namespace.sees(
    `the scheduler to have refused ${pod}`,
    ({ pods }) => pods.get(pod)?.status?.conditions?.some(({ reason }) => reason === 'Unschedulable') === true,
    { deadlineMs: patience.reactionMs },
  );
}

/** A node that takes Pods without tolerations. */
export async function anyNode(namespace: StoryNamespace): Promise<string> {
  let name = '';
  await namespace.until('a node that takes Pods', ({ nodes }) => {
    const open = [...nodes.values()].find(
      ({ spec }) => spec?.unschedulable !== true && (spec?.taints ?? []).length === 0,
    );
    name = open?.metadata.name ?? '';
    return open !== undefined;
  });
  return name;
}

/** The Pod is Ready, or its time is over: whether it came is for the claims to say. */
export function becomesReady(namespace: StoryNamespace, pod: string): Promise<boolean> {
  return namespace.sees(
    `${pod} to be Ready`,
    ({ pods }) =>
      pods.get(pod)?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true,
    { deadlineMs: patience.podMs },
  );
}
