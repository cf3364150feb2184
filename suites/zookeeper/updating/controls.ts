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
import { rolloutStatusFollows } from '../../../harness/guarantees/rollout.ts';
import { atLeastStayReady } from '../../../harness/guarantees/standing.ts';
import { everyPodIsReplacedCarrying, podsAreUpdatedInReverseOrder } from '../../../harness/guarantees/updates.ts';
import { theServersHold, theServersAgreeOnALeader, writesGoOn } from '../../../harness/guarantees/writing.ts';
import { electionMs, servers, zookeeper } from '../zookeeper.ts';
import { noHistory } from '../variants.ts';
import { patchesCpu, rolloutEnds, undoes } from './acts.ts';
import { bothAreListed, isRolledBack } from './updating.ts';

const ledger = '/outage';

describe('controls of updating: an update strategy that waits for a hand', () => {
  const onDelete = story('an OnDelete set is patched, and the patch undone', async ({ namespace }) => {
    const zk = await namespace.deploy(zookeeper(replicas(1), emptyDirs(), updateStrategy({ type: 'OnDelete' })));
    await zk.becomesReady();
    const from = await namespace.mark('zk-0 is Ready');
    await patchesCpu(namespace, '0.3');
    await rolloutEnds(namespace, 1000);
    const patched = { ...(await namespace.quietly('the template is patched')), from };
    const old = zk.uidOf(0);
    await zk.deletePod(0);
    await zk.podBecomesReady(0, old);
    const carried = await namespace.mark('a hand has replaced zk-0');
    await undoes(namespace);
    const undone = { ...(await namespace.quietly('the template is as it was')), from: carried };
    return { zk, patched, undone, both: { from, to: undone.to } };
  });
  const cpu = { of: 'request', key: 'cpu', value: '300m' } as const;
  breaks('zk.rolling-update-configured', onDelete, ({ patched }) =>
    theObjectSays('statefulsets', 'zk', { 'spec.updateStrategy.type': 'RollingUpdate' }, patched),
  );
  breaks('zk.patch-cpu', onDelete, ({ zk, patched }) => everyPodIsReplacedCarrying(zk, [cpu], patched));
  breaks('zk.update-order', onDelete, ({ zk, patched }) => podsAreUpdatedInReverseOrder(zk, patched));
  breaks('zk.rollout-status', onDelete, ({ zk, patched }) => rolloutStatusFollows(zk, patched));
  breaks('zk.rollout-undo', onDelete, ({ undone, both }) => isRolledBack({ undone, both }));
});

describe('controls of updating: a set that keeps no history', () => {
  const forgetful = story('a set that keeps no history is patched', async ({ namespace }) => {
    const zk = await namespace.deploy(zookeeper(replicas(1), emptyDirs(), noHistory()));
    await zk.becomesReady();
    await patchesCpu(namespace, '0.3');
    await zk.becomesUpdated();
    return { patched: await namespace.quietly('the patch is rolled out') };
  });
  breaks('zk.rollout-history', forgetful, ({ patched }) => bothAreListed(patched));
});

describe('controls of availability: two servers of three are taken away', () => {
  const short = story('two servers of three are taken away', { places: 2 }, async ({ namespace }) => {
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
