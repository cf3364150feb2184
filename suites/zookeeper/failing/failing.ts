import { claim, describe, emptyDirs, on, replicas, story } from '../../../harness/test.ts';
import {
  containerEndsWithItsProcess,
  containerIsRestarted,
  isAliveAndNotReady,
  isNotRestartedAgain,
  livenessProbeRestarts,
} from '../../../harness/guarantees/containerRestarts.ts';
import { dnsFollowsReadiness } from '../../../harness/guarantees/dnsReadiness.ts';
import { readinessFollowsTheCheck, bothProbesAreTheSame } from '../../../harness/guarantees/healthProbes.ts';
import { theObjectSays } from '../../../harness/guarantees/objectFields.ts';
import {
  processList,
  theCommandPrints,
  theServerIsAChildOfTheEntryPoint,
} from '../../../harness/guarantees/processes.ts';
import { eachPodIsUntouched } from '../../../harness/guarantees/quiet.ts';
import { nobodyIsReached, trafficFollowsReadiness } from '../../../harness/guarantees/serviceTraffic.ts';
import { eachPodHasANodeOfItsOwn, noTwoShareANode } from '../../../harness/guarantees/spreading.ts';
import { theServerFillsIn } from '../../../harness/guarantees/stored.ts';
import { writesGoOn } from '../../../harness/guarantees/writing.ts';
import { electionMs, servers, zookeeper } from '../zookeeper.ts';
import {
  enough,
  failingCheck,
  passingCheck,
  flips,
  isMadeAnew,
  isRestarted,
  killJava,
  losesItsScript,
  readyCommand,
  ruok,
  script,
  withoutLiveness,
} from './acts.ts';

export const ledger = '/failures';

/** By the manifest: a start of ten seconds, and three failures ten seconds apart. */
const probeSeconds = 40;

/** The entry point may take this long to end after the server: a second or two, and what a busy machine adds. */
export const fewSeconds = 5;

export const failed = story(
  'java is killed in zk-0, and then its probe fails twice',
  { places: 2, minutes: 5 },
  async ({ namespace }) => {
    const { zookeeper: clients } = namespace.clients;
    const zk = await namespace.deploy(zookeeper());
    await zk.becomesReady();
    await clients.becomeServing('all are there', servers);
    await zk.runs('the processes', 0, processList);
    await zk.runs('the script', 0, ['cat', script]);
    await zk.runs('ruok', 1, ruok(zk.addressOf(0)));
    const writer = await clients.writes('meanwhile', ledger, servers);
    const from = await namespace.mark('all are Ready');
    await zk.runs('java is killed', 0, killJava);
    const isUp = await isRestarted(namespace, 1);
    const killed = { ...(await namespace.quietly('zk-0 was restarted')), from };
    if (!isUp) await isMadeAnew(zk);
    await clients.becomeServing('after the restart', servers);
    await writer.goesOn(3);
    await writer.stop();

    const { restarts, ...restarted } = await losesItsScript(namespace, zk, isUp ? 1 : 0);
    // Where nothing has restarted it, nothing would the next time.
    const restartedAgain = restarts === 0 ? restarted : await losesItsScript(namespace, zk, restarts);
    await zk.runs('the script is back', 0, ['cat', script]);

    // Others are made anew meanwhile, one after the other: the time that a failing probe would take passes.
    const places = [killed.to];
    for (const [turn, ordinal] of [2, 1, 2].entries()) {
      const old = zk.uidOf(ordinal);
      await zk.deletePod(ordinal);
      await zk.podBecomesReady(ordinal, old);
      places.push(await namespace.mark(`zk-${ordinal} was made anew (turn ${turn + 1})`));
    }
    return {
      zk,
      killed,
      restarted,
      restartedAgain,
      later: { from: restartedAgain.to, to: places.at(-1) ?? restartedAgain.to },
      places,
    };
  },
);

export const unready = story(
  'zk-0 is alive and not ready, and without a liveness probe',
  { minutes: 3 },
  flips(zookeeper(replicas(2), emptyDirs(), withoutLiveness)),
);

const serverPort = { name: 'server', port: 2888 } as const;
export const livenessCommand = 'spec.template.spec.containers.0.livenessProbe.exec.command';

describe('Handling process failure', () => {
  claim('zk.restart-policy-default', failed, ({ zk, killed }) => [
    theServerFillsIn(zk, ['template', 'spec', 'restartPolicy'], 'Always', { to: killed.from }),
    ...servers.map((name) => theObjectSays('pods', name, { 'spec.restartPolicy': 'Always' }, { to: killed.from })),
  ]);
  claim('zk.process-tree', failed, ({ killed }) =>
    theServerIsAChildOfTheEntryPoint('zk-0', 'QuorumPeerMain', { to: killed.from, moment: 'the processes' }),
  );
  claim('zk.process-kill-restarts', failed, ({ zk, killed }) => containerIsRestarted(zk, 0, killed));
  claim('zk.kill-affects-one', failed, ({ zk, killed }) => [
    eachPodIsUntouched(zk, [1, 2], killed),
    writesGoOn(ledger, electionMs, killed),
  ]);
  claim('zk.script-dies-with-child', failed, ({ zk, killed }) =>
    containerEndsWithItsProcess(zk, 0, { ...killed, moment: 'java is killed' }, fewSeconds),
  );
});

describe('Testing for liveness', () => {
  claim('zk.liveness-spec', failed, ({ killed }) => [
    theObjectSays('statefulsets', 'zk', { [livenessCommand]: readyCommand }, { to: killed.from }),
    theCommandPrints('zk-0', [/\bruok\b/, /\bnc 127\.0\.0\.1/], { to: killed.from, moment: 'the script' }),
    theCommandPrints('zk-1', [/^imok$/], { to: killed.from, moment: 'ruok' }),
  ]);
  claim('zk.liveness-failure-restarts', failed, ({ zk, restarted, restartedAgain }) => [
    livenessProbeRestarts(zk, 0, restarted),
    livenessProbeRestarts(zk, 0, restartedAgain),
  ]);
  claim('zk.restart-restores-fs', failed, ({ zk, later }) => [
    theCommandPrints('zk-0', [/\bruok\b/], { ...later, moment: 'the script is back' }),
    isNotRestartedAgain(zk, 0, probeSeconds, later),
  ]);
});

describe('Testing for readiness', () => {
  claim('zk.readiness-gates-traffic', unready, ({ zk, zone, flip, none, failing, passing }) => [
    readinessFollowsTheCheck(zk, 0, { moment: failingCheck, passes: false }, failing),
    readinessFollowsTheCheck(zk, 0, { moment: passingCheck, passes: true }, passing),
    trafficFollowsReadiness(zk, flip, enough),
    nobodyIsReached(zk, none, enough),
    dnsFollowsReadiness(zk, flip, serverPort, zone),
  ]);
  claim('zk.liveness-vs-readiness-differ', unready, ({ zk, alive }) =>
    isAliveAndNotReady(zk, 0, { moment: 'is it alive', answer: 'imok' }, alive),
  );
  claim('zk.probes-identical', failed, ({ zk, killed }) => bothProbesAreTheSame(zk, { to: killed.from }));
});

describe('Tolerating Node failure', () => {
  claim(
    'zk.distinct-nodes',
    on(failed, ({ zk, killed, places }) => [
      eachPodHasANodeOfItsOwn(zk, 3, { to: killed.from }),
      ...places.map((to) => eachPodHasANodeOfItsOwn(zk, 3, { to })),
      noTwoShareANode(zk),
    ]),
  );
});
