import { inPods, inSet, varied, type Variation } from '../../harness/test.ts';

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

/** User and group 1000 have other names than in the image: the files that say so lie over the image's own. */
export const otherNames = (): Variation => (workload) => {
  const names = {
    passwd: 'root:x:0:0:root:/root:/bin/sh\nkeeper:x:1000:1000::/opt/zookeeper:/bin/sh\n',
    group: 'root:x:0:\nkeeper:x:1000:\n',
  };
  const mounts = Object.keys(names).map((file) => ({ name: 'names', mountPath: `/etc/${file}`, subPath: file }));
  const mounted = inPods('user and group 1000 are called keeper', (pod) => ({
    ...pod,
    volumes: [...((pod['volumes'] ?? []) as readonly object[]), { name: 'names', configMap: { name: 'names' } }],
    containers: (pod['containers'] as readonly { readonly volumeMounts: readonly object[] }[]).map((container) => ({
      ...container,
      volumeMounts: [...container.volumeMounts, ...mounts],
    })),
  }));
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'names' }, data: names };
  const { objects, ...rest } = varied(workload, mounted);
  return { ...rest, objects: [map, ...objects] };
};

/** The Pods' names belong to a Service that is not there. */
export const ofAnotherService = (): Variation =>
  inSet('serviceName zk-elsewhere', (spec) => ({ ...spec, serviceName: 'zk-elsewhere' }));

/** No revision is kept but those that are in use. */
export const noHistory = (): Variation =>
  inSet('revisionHistoryLimit 0', (spec) => ({ ...spec, revisionHistoryLimit: 0 }));

export const noBudget = (): Variation => (workload) => ({
  ...workload,
  objects: workload.objects.filter(({ kind }) => kind !== 'PodDisruptionBudget'),
  variations: [...workload.variations, 'no PodDisruptionBudget'],
});
