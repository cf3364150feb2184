import { breaks, describe, emptyDirs, inPods, replicas, service, story } from '../../../harness/test.ts';
import {
  containerEndsWithItsProcess,
  containerIsRestarted,
  isAliveAndNotReady,
  livenessProbeRestarts,
} from '../../../harness/guarantees/containerRestarts.ts';
import { bothProbesAreTheSame } from '../../../harness/guarantees/healthProbes.ts';
import { theObjectSays } from '../../../harness/guarantees/objectFields.ts';
import {
  processList,
  theCommandPrints,
  theServerIsAChildOfTheEntryPoint,
} from '../../../harness/guarantees/processes.ts';
import { eachPodIsUntouched } from '../../../harness/guarantees/quiet.ts';
import { nobodyIsReached, trafficFollowsReadiness } from '../../../harness/guarantees/serviceTraffic.ts';
import { zookeeper } from '../zookeeper.ts';
import { enough, flips, killJava, readyCommand, underAWrapper, withoutLiveness } from './acts.ts';
import { failed, fewSeconds, livenessCommand, unready } from './failing.ts';

describe('controls of failing: a wrapper that survives the server', () => {
  const shared = inPods('the containers of a Pod see each other’s processes', (pod) => ({
    ...pod,
    shareProcessNamespace: true,
  }));
  const survived = story('java is killed below a wrapper that survives it', async ({ namespace }) => {
    const zk = await namespace.deploy(zookeeper(replicas(1), emptyDirs(), withoutLiveness, underAWrapper, shared));
    await zk.becomesReady();
    await zk.runs('the processes', 0, processList);
    const from = await namespace.mark('zk-0 is Ready');
    await zk.runs('java is killed', 0, killJava);
    await zk.podBecomesRunning(0);
    return { zk, killed: { ...(await namespace.quietly('zk-0 was noticed')), from } };
  });
  breaks('zk.process-tree', survived, ({ killed }) =>
    theServerIsAChildOfTheEntryPoint('zk-0', 'QuorumPeerMain', { to: killed.from, moment: 'the processes' }),
  );
  breaks('zk.process-kill-restarts', survived, ({ zk, killed }) => containerIsRestarted(zk, 0, killed));
  breaks('zk.script-dies-with-child', survived, ({ zk, killed }) =>
    containerEndsWithItsProcess(zk, 0, { ...killed, moment: 'java is killed' }, fewSeconds),
  );
});

describe('controls of failing: the failure itself', () => {
  breaks('zk.kill-affects-one', failed, ({ zk, killed }) => eachPodIsUntouched(zk, [0], killed));
  breaks('zk.liveness-vs-readiness-differ', failed, ({ zk, restarted }) =>
    isAliveAndNotReady(zk, 0, { moment: 'is it alive', answer: 'imok' }, restarted),
  );
});

describe('controls of probes: no liveness probe', () => {
  breaks('zk.liveness-spec', unready, ({ alive }) =>
    theObjectSays('statefulsets', 'zk', { [livenessCommand]: readyCommand }, alive),
  );
  breaks('zk.liveness-failure-restarts', unready, ({ zk, lost }) => livenessProbeRestarts(zk, 0, lost));
  breaks('zk.restart-restores-fs', unready, ({ alive }) =>
    theCommandPrints('zk-0', [/\bruok\b/], { ...alive, moment: 'the script after it was taken away' }),
  );
  breaks('zk.probes-identical', unready, ({ zk }) => bothProbesAreTheSame(zk));

  const published = story(
    'zk-0 is not ready while unready addresses are published',
    flips(zookeeper(replicas(2), emptyDirs(), withoutLiveness, service({ publishNotReadyAddresses: true }))),
  );
  breaks('zk.readiness-gates-traffic', published, ({ zk, flip }) => trafficFollowsReadiness(zk, flip, enough));
  breaks('zk.readiness-gates-traffic', published, ({ zk, none }) => nobodyIsReached(zk, none, enough));
});
