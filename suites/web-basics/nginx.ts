import { inPods, varied, workloadFrom, type Variation, type Workload } from '../../harness/test.ts';

/** The tutorial's headless Service `nginx` and StatefulSet `web`, as its file has them unless varied. */
export const nginx = (...variations: readonly Variation[]): Workload =>
  varied(workloadFrom(new URL('manifests/web.yaml', import.meta.url)), ...variations);

/** A second container, without a volume, that waits until it is told to stop; each of the two may be changed. */
export function withASecondContainer(sentence: string, second: object, first: object = {}): Variation {
  const waits = ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1; done'];
  return inPods(sentence, (pod) => ({
    ...pod,
    containers: (pod['containers'] as readonly object[]).flatMap((container) => [
      { ...container, ...first },
      { ...container, name: 'second', ports: [], volumeMounts: [], command: waits, ...second },
    ]),
  }));
}

/** The same web server as a Deployment with one claim: a variant that has neither ordinals nor a claim for each Pod. */
export const nginxDeployment = (): Workload => workloadFrom(new URL('manifests/web-deployment.yaml', import.meta.url));

/** What the tutorial's reader expects to find: for variants that have something else in its place. */
export const asWritten = { name: 'web', service: 'nginx', claimTemplates: ['www'] } as const;

/** The headless Service's port, and what it selects by. */
export const webPort = { name: 'web', port: 80 } as const;
export const headless = { port: webPort, selector: { app: 'nginx' } } as const;

/** The directory that the container serves, and what the template of its claim asks for. */
export const webroot = '/usr/share/nginx/html';
export const askedStorage = { storage: '1Gi', accessModes: ['ReadWriteOnce'] } as const;
