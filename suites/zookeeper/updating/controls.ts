import {
  breaks,
  describe,
  emptyDirs,
  podManagementPolicy,
  replicas,
  story,
  updateStrategy,
} from '../../../harness/test.ts';
import { theObjectSays } from '../../../harness/guarantees/objectFields.ts';
import { rolloutHistoryLists, rolloutStatusFollows } from '../../../harness/guarantees/rollout.ts';
import { atLeastStayReady } from '../../../harness/guarantees/standing.ts';
import { everyPodIsReplacedCarrying, podsAreUpdatedInReverseOrder } from '../../../harness/guarantees/updates.ts';
import { theServersHold, theServersAgreeOnALeader, writesGoOn } from '../../../harness/guarantees/writing.ts';
import { electionMs, servers, zookeeper } from '../zookeeper.ts';
import { cpuField, patchesCpu, rolloutEnds, undoes } from './acts.ts';

const ledger = '/outage';

describe('controls of updating: an update strategy that waits for a hand', () => {
  const onDelete = story('an OnDelete set is patched, and the patch undone', { places: 2 }, async ({ namespace }) => {
    const zk = await namespace.deploy(zookeeper(replicas(1), emptyDirs(), updateStrategy({ type: 'OnDelete' })));
    await zk.becomesReady();
    const from = await namespace.mark('zk-0 is Ready');
    await patchesCpu(namespace, '0.3');
    await rolloutEnds(namespace, 1000);
    const patched = { ...(await namespace.quietly('the template is patched')), from };
    await undoes(namespace);
    const undone = { ...(await namespace.quietly('the template is as it was')), from: patched.to };
    return { zk, patched, undone };
  });
  const cpu = { of: 'request', key: 'cpu', value: '300m' } as const;
  breaks('zk.rolling-update-configured', onDelete, ({ patched }) =>
    theObjectSays('statefulsets', 'zk', { 'spec.updateStrategy.type': 'RollingUpdate' }, patched),
  );
  breaks('zk.patch-cpu', onDelete, ({ zk, patched }) => everyPodIsReplacedCarrying(zk, [cpu], patched));
  breaks('zk.update-order', onDelete, ({ zk, patched }) => podsAreUpdatedInReverseOrder(zk, patched));
  breaks('zk.rollout-status', onDelete, ({ zk, patched }) => rolloutStatusFollows(zk, patched));
  breaks('zk.rollout-history', onDelete, ({ zk, undone }) =>
    rolloutHistoryLists(
      zk,
      [1, 2].map((number) => ({ number, shows: { [cpuField]: '500m' } })),
      undone,
    ),
  );
  breaks('zk.rollout-undo', onDelete, ({ zk, undone }) =>
    rolloutHistoryLists(
      zk,
      [
        { number: 1, shows: { [cpuField]: '500m' } },
        { number: 2, shows: { [cpuField]: '300m' } },
      ],
      undone,
    ),
  );
});

describe('controls of availability: two servers of three are taken away', () => {
  const short = story('two servers of three are taken away', { places: 3 }, async ({ namespace }) => {
    const { zookeeper: clients } = namespace.clients;
    const zk = await namespace.deploy(zookeeper(emptyDirs(), podManagementPolicy('Parallel')));
    await zk.becomesReady();
    await clients.becomeServing('all are there', servers);
    const session = await clients.connects('entered', 'zk-0');
    await session.creates('entered', '/hello', 'world');
    const writer = await clients.writes('meanwhile', ledger, servers);
    const from = await namespace.mark('all are Ready');
    await zk.scaleTo(1);
    await zk.becomesReady();
    await Promise.all([
      writer.goesOn(1, { deadlineMs: electionMs + 5000 }),
      clients.asksWord('zk-0 is alone', 'zk-0', 'srvr'),
      session.gets('zk-0 is alone', '/hello'),
    ]);
    const outage = { from, to: await namespace.mark('zk-0 is alone') };
    // How long the silence was is known when it is over.
    await zk.scaleTo(3);
    await writer.goesOn(1);
    await writer.stop();
    return { zk, outage };
  });
  breaks('zk.quorum-during-update', short, ({ outage }) => writesGoOn(ledger, electionMs, outage));
  breaks('zk.quorum-during-update', short, ({ zk, outage }) => atLeastStayReady(zk, 2, outage));
  breaks('zk.kill-affects-one', short, ({ outage }) => writesGoOn(ledger, electionMs, outage));
  breaks('zk.tolerates-node-loss', short, ({ outage }) => theServersAgreeOnALeader(['zk-0'], 'zk-0 is alone', outage));
  breaks('zk.available-during-maintenance', short, ({ outage }) =>
    theServersHold({ moment: 'zk-0 is alone', servers: ['zk-0'], path: '/hello', data: 'world' }, outage),
  );
});
