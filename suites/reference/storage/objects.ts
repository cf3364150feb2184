import type { Workload } from '../../../harness/test.ts';

/** What a claim may say beside its name. */
export interface ClaimTraits {
  readonly storageClassName?: string;
  /** The one volume it asks for. */
  readonly volumeName?: string;
}

/** A claim for 1Gi that belongs to no set. */
export function claimNamed(name: string, traits: ClaimTraits = {}): Workload {
  const asked = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  return alone({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { ...asked, ...traits },
  });
}

/** A Pod of no set that mounts a claim at `/data`; `where` is what its spec says of nodes. */
export function podOn(name: string, claimName: string, where: object = {}): Workload {
  const container = {
    name: 'nginx',
    image: 'registry.k8s.io/nginx-slim:0.8',
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName } }];
  return alone({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { terminationGracePeriodSeconds: 0, containers: [container], volumes, ...where },
  });
}

function alone(object: Workload['objects'][number]): Workload {
  const what = `the ${object.kind} ${object.metadata.name}`;
  return { file: what, objects: [object], variations: [`${what} is made beside the set`] };
}
