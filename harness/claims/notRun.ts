import { claim, type ClaimId, type Tutorial } from './catalogue.ts';

/** The tutorials that no suite judges yet, and why. A claim that has a test must not be here: coverage reports it as a fault. */
export const notRun: Readonly<Partial<Record<Tutorial, string>>> = {
  cassandra: 'the suite for this tutorial is not written yet',
  'mongodb-local-pv': 'the suite for this tutorial is not written yet',
  'go-demo-3-deployment': 'the suite for this tutorial is not written yet',
  'go-demo-3-statefulset': 'the suite for this tutorial is not written yet',
  'go-demo-3-sidecar': 'the suite for this tutorial is not written yet',
  jenkins: 'the suite for this tutorial is not written yet',
  'mysql-replicated': 'the suite for this tutorial is not written yet',
  concepts: 'the suite for these claims is not written yet',
};

/**
 * Single claims that the suite of their tutorial does not judge, and why: a fact about a stand-in or a platform that no test could get round, or that it is
 * not judged yet. The same rule holds: a claim that has a test must not be here.
 */
export const claimsNotRun: Readonly<Partial<Record<ClaimId, string>>> = {
  'zk.rolling-update-configured': 'not judged yet: the suite for this tutorial is being written',
  'zk.patch-cpu': 'not judged yet: the suite for this tutorial is being written',
  'zk.update-order': 'not judged yet: the suite for this tutorial is being written',
  'zk.quorum-during-update': 'not judged yet: the suite for this tutorial is being written',
  'zk.rollout-status': 'not judged yet: the suite for this tutorial is being written',
  'zk.rollout-history': 'not judged yet: the suite for this tutorial is being written',
  'zk.rollout-undo': 'not judged yet: the suite for this tutorial is being written',
  'zk.restart-policy-default': 'not judged yet: the suite for this tutorial is being written',
  'zk.process-tree': 'not judged yet: the suite for this tutorial is being written',
  'zk.process-kill-restarts': 'not judged yet: the suite for this tutorial is being written',
  'zk.kill-affects-one': 'not judged yet: the suite for this tutorial is being written',
  'zk.script-dies-with-child': 'not judged yet: the suite for this tutorial is being written',
  'zk.liveness-spec': 'not judged yet: the suite for this tutorial is being written',
  'zk.liveness-failure-restarts': 'not judged yet: the suite for this tutorial is being written',
  'zk.restart-restores-fs': 'not judged yet: the suite for this tutorial is being written',
  'zk.readiness-gates-traffic': 'not judged yet: the suite for this tutorial is being written',
  'zk.liveness-vs-readiness-differ': 'not judged yet: the suite for this tutorial is being written',
  'zk.probes-identical': 'not judged yet: the suite for this tutorial is being written',
  'zk.distinct-nodes': 'not judged yet: the suite for this tutorial is being written',
  'zk.antiaffinity-hard': 'not judged yet: the suite for this tutorial is being written',
  'zk.tolerates-node-loss': 'not judged yet: the suite for this tutorial is being written',
  'zk.pdb-status': 'not judged yet: the suite for this tutorial is being written',
  'zk.cordon-to-four': 'not judged yet: the suite for this tutorial is being written',
  'zk.drain1-succeeds': 'not judged yet: the suite for this tutorial is being written',
  'zk.drain1-reschedules': 'not judged yet: the suite for this tutorial is being written',
  'zk.drain2-leaves-pending': 'not judged yet: the suite for this tutorial is being written',
  'zk.pdb-zero-allowed': 'not judged yet: the suite for this tutorial is being written',
  'zk.drain3-refused': 'not judged yet: the suite for this tutorial is being written',
  'zk.drain3-pod-untouched': 'not judged yet: the suite for this tutorial is being written',
  'zk.drain3-node-cordoned': 'not judged yet: the suite for this tutorial is being written',
  'zk.available-during-maintenance': 'not judged yet: the suite for this tutorial is being written',
  'zk.pdb-respected-throughout': 'not judged yet: the suite for this tutorial is being written',
  'zk.uncordon-schedules-zk1': 'not judged yet: the suite for this tutorial is being written',
  'zk.drain-retry-succeeds': 'not judged yet: the suite for this tutorial is being written',
  'zk.uncordon-second-reschedules-zk2': 'not judged yet: the suite for this tutorial is being written',
  'zk.drain-ignores-daemonsets': 'not judged yet: the suite for this tutorial is being written',
  'zk.uncordon-all-cleanup': 'not judged yet: the suite for this tutorial is being written',
};

/** Why no suite judges the claim; undefined when one has to. */
export function reasonNotRun(id: ClaimId): string | undefined {
  return claimsNotRun[id] ?? notRun[claim(id).tutorial];
}
