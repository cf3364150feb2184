import { claim, describe, story } from '../../../harness/test.ts';
import type { Span } from '../../../harness/guarantees/guarantee.ts';
import { noAcknowledgedWriteIsLost } from '../../../harness/guarantees/ledger.ts';
import { theObjectSays } from '../../../harness/guarantees/objectFields.ts';
import { earlierRevisionIsReused } from '../../../harness/guarantees/revisionHistory.ts';
import { templateChangeMakesARevision } from '../../../harness/guarantees/revisions.ts';
import { rolloutHistoryLists, rolloutStatusFollows } from '../../../harness/guarantees/rollout.ts';
import { atLeastStayReady } from '../../../harness/guarantees/standing.ts';
import {
  eachPodIsReplacedInPlace,
  eachUpdateWaitsForReady,
  everyPodIsReplacedCarrying,
  podsAreUpdatedInReverseOrder,
} from '../../../harness/guarantees/updates.ts';
import { theServersAgreeOnALeader, writesGoOn } from '../../../harness/guarantees/writing.ts';
import { asWritten, electionMs, servers, zookeeper } from '../zookeeper.ts';
import { cpuField, patchesCpu, undoes } from './acts.ts';

const ledger = '/updates';
const cpu = (value: string) => ({ of: 'request', key: 'cpu', value }) as const;

export const updated = story(
  'the CPU request is patched, and the patch undone',
  { places: 2, minutes: 3 },
  async ({ namespace }) => {
    const { zookeeper: clients } = namespace.clients;
    const zk = await namespace.deploy(zookeeper());
    await zk.becomesReady();
    await clients.becomeServing('before the update', servers);
    const writer = await clients.writes('during the updates', ledger, servers);
    const from = await namespace.mark('all are Ready');
    await patchesCpu(namespace, '0.3');
    await zk.becomesUpdated();
    const patched = { from, to: await namespace.mark('the patch is rolled out') };
    await clients.becomeServing('after the patch', servers);
    const settled = await namespace.mark('all serve after the patch');
    await undoes(namespace);
    await zk.becomesUpdated();
    const undone = { from: settled, to: await namespace.mark('the patch is undone') };
    await writer.goesOn(3);
    await clients.becomeServing('after the undo', servers);
    await writer.stop();
    for (const server of servers) await clients.readsAll('after the updates', ledger, server);
    return { zk, patched, undone, both: { from, to: undone.to } };
  },
);

describe('Updating the ensemble', () => {
  claim('zk.rolling-update-configured', updated, ({ patched }) =>
    theObjectSays('statefulsets', 'zk', { 'spec.updateStrategy.type': 'RollingUpdate' }, { to: patched.from }),
  );
  claim('zk.patch-cpu', updated, ({ zk, patched }) => [
    templateChangeMakesARevision(zk, patched),
    everyPodIsReplacedCarrying(zk, [cpu('300m')], patched),
  ]);
  claim('zk.update-order', updated, ({ zk, patched }) => [
    podsAreUpdatedInReverseOrder(zk, patched),
    eachUpdateWaitsForReady(zk, patched),
    eachPodIsReplacedInPlace(zk, patched),
    atLeastStayReady(zk, 2, patched),
  ]);
  // A Pod is Ready as soon as its server answers `ruok`, which is before it has joined the others: the controller goes on, and may take one of the two that do serve.
  claim('zk.quorum-during-update', updated, ({ zk, patched, undone }) => [
    atLeastStayReady(zk, 2, patched),
    writesGoOn(ledger, electionMs, patched),
    writesGoOn(ledger, electionMs, undone),
    noAcknowledgedWriteIsLost({ ledger, moment: 'after the updates', servers }),
    theServersAgreeOnALeader(servers, 'after the undo', { from: undone.to }),
  ]);
  claim('zk.rollout-status', updated, ({ zk, patched }) => rolloutStatusFollows(zk, patched));
  claim('zk.rollout-history', updated, ({ patched }) => bothAreListed(patched));
  claim('zk.rollout-undo', updated, ({ undone, both }) => isRolledBack({ undone, both }));
});

export function bothAreListed(patched: Span) {
  return rolloutHistoryLists(
    asWritten,
    [
      { number: 1, shows: { [cpuField]: '500m' } },
      { number: 2, shows: { [cpuField]: '300m' } },
    ],
    patched,
  );
}

/** The Pods, in their order, and the revision: the first one is used again, under a number of its own. */
export function isRolledBack({ undone, both }: Record<'undone' | 'both', Span>) {
  return [
    everyPodIsReplacedCarrying(asWritten, [cpu('500m')], undone),
    podsAreUpdatedInReverseOrder(asWritten, undone),
    earlierRevisionIsReused(asWritten, both),
    rolloutHistoryLists(
      asWritten,
      [
        { number: 2, shows: { [cpuField]: '300m' } },
        { number: 3, shows: { [cpuField]: '500m' } },
      ],
      undone,
    ),
  ] as const;
}
