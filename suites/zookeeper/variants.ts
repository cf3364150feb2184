import { inPods, inSet, type Variation } from '../../harness/test.ts';

/** One flag of the start script has another value. */
export function withFlag(flag: string, value: string): Variation {
  return inPods(`--${flag}=${value}`, (pod) => ({
    ...pod,
    containers: (pod['containers'] as readonly { readonly command: readonly string[] }[]).map((container) => ({
      ...container,
      command: container.command.map((word) => word.replace(new RegExp(`--${flag}=\\S+`), `--${flag}=${value}`)),
    })),
  }));
}

/** Each server is an ensemble of its own: it knows no other. */
export const alone = (): Variation => withFlag('servers', '1');

/** The servers take a snapshot after few transactions, so that a story need not write a hundred thousand. */
export const snapshotsOften = (): Variation =>
  inPods('a snapshot after 20 transactions: -Dzookeeper.snapCount=20', (pod) => ({
    ...pod,
    containers: (pod['containers'] as readonly object[]).map((container) => ({
      ...container,
      env: [{ name: 'JAVA_TOOL_OPTIONS', value: '-Dzookeeper.snapCount=20' }],
    })),
  }));

export const noGroup = (): Variation =>
  inPods('no fsGroup', (pod) => ({ ...pod, securityContext: { runAsUser: 1000 } }));

export const noSecurityContext = (): Variation => inPods('no securityContext', ({ securityContext: _, ...pod }) => pod);

/** The Pods' names belong to a Service that is not there. */
export const ofAnotherService = (): Variation =>
  inSet('serviceName zk-elsewhere', (spec) => ({ ...spec, serviceName: 'zk-elsewhere' }));

export const noBudget = (): Variation => (workload) => ({
  ...workload,
  objects: workload.objects.filter(({ kind }) => kind !== 'PodDisruptionBudget'),
  variations: [...workload.variations, 'no PodDisruptionBudget'],
});
