import { controllerOf, isTerminating } from '../history/pods.ts';
import type { Surroundings } from './exchange.ts';

/** What was never asked, because there was no Pod to ask. */
export class NoServer extends Error {}

/**
 * The Pod that a Deployment has at present: the one made last, unless it is on its way out. Its name is known to nobody beforehand, so a client is told the Deployment's. By
 * the ReplicaSet that owns it, which is called after the Deployment and the hash that the Pod bears.
 */
export function podServing({ recording }: Surroundings, deployment: string): string {
  const pods = [...recording.state('pods').values()].filter((pod) => {
    const hash = pod.metadata.labels?.['pod-template-hash'];
    return hash !== undefined && controllerOf(pod)?.name === `${deployment}-${hash}` && !isTerminating(pod);
  });
  const newest = pods.at(-1)?.metadata.name;
  if (newest === undefined) throw new NoServer(`${deployment} has no Pod`);
  return newest;
}
