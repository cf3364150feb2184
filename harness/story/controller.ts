import { openKindCluster } from '../cluster/index.ts';
import { leaderLease, restartLeader, type Lease } from '../disruption/controller.ts';
import { RunError } from '../errors.ts';
import { operate, type Lab } from './lab.ts';
import { NotRun } from './notRun.ts';
import type { ControllerRestart } from './verbs.ts';

/** Makes another process lead the controllers, and records who led before and after as two `api` observations. */
export async function restartController(lab: Lab, alone: boolean): Promise<ControllerRestart> {
  if (!alone)
    throw new Error(
      'a story that restarts the controller manager must be told alone: story(title, { alone: true }, …)',
    );
  if (!lab.run.allowDisruption)
    throw new NotRun(
      'it takes the control plane for itself, and disrupting nodes was not allowed (--allow-disruption)',
    );
  if (lab.run.cluster.provider !== 'kind') throw new NotRun('this cluster gives no shell on its nodes');
  const cluster = await openKindCluster(lab.run.cluster.name);
  if (cluster === undefined) throw new RunError(`the kind cluster ${lab.run.cluster.name} is gone`);
  const moments = { before: 'who leads before the restart', after: 'who leads after the restart' };
  const lease = await leaderLease(lab.kube, lab.signal);
  tellLeader(lab, moments.before, lease);
  const next = await operate(lab, 'restart', 'leases/kube-controller-manager', lease.spec?.holderIdentity, () =>
    restartLeader(lab.kube, cluster.nodes, lease, lab.signal),
  );
  tellLeader(lab, moments.after, next);
  return moments;
}

function tellLeader(lab: Lab, moment: string, lease: Lease): void {
  const request = 'get leases/kube-controller-manager';
  lab.recording.append({ kind: 'observation', of: 'api', moment, request, code: 200, body: lease });
}
