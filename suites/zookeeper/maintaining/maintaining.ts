import {
  claim,
  describe,
  NotRun,
  on,
  patience,
  storageClass,
  story,
  type Nodes,
  type StatefulSetHandle,
  type StoryNamespace,
  type Writer,
} from '../../../harness/test.ts';
import { budgetCountsItsPods } from '../../../harness/guarantees/budgets.ts';
import {
  cordonedNodesGetNoPod,
  drainIsRefused,
  drainSucceeds,
  drainTakesAllButDaemons,
  everyNodeIsUncordoned,
  isPutOnTheUncordonedNode,
  movesToTheFreeNode,
  nodeStaysCordoned,
  soManyNodesAreSchedulable,
} from '../../../harness/guarantees/drains.ts';
import { evictionIsRefused } from '../../../harness/guarantees/evictions.ts';
import { noAcknowledgedWriteIsLost } from '../../../harness/guarantees/ledger.ts';
import { theObjectSays } from '../../../harness/guarantees/objectFields.ts';
import { claimsAreKept, eachPodIsUntouched } from '../../../harness/guarantees/quiet.ts';
import {
  directoryLook,
  noStorageIsDeletedUnasked,
  storageIsReclaimed,
} from '../../../harness/guarantees/reclaiming.ts';
import {
  eachPodHasANodeOfItsOwn,
  noTwoShareANode,
  waitsForAntiAffinity,
} from '../../../harness/guarantees/spreading.ts';
import { atLeastStayReady, podsStayReady } from '../../../harness/guarantees/standing.ts';
import {
  theServerIsSilent,
  theServersAgreeOnALeader,
  theServersHold,
  writesGoOn,
} from '../../../harness/guarantees/writing.ts';
import { electionMs, servers, zookeeper } from '../zookeeper.ts';
import { areSchedulable, cordonsAllBut, isBack, isKeptFree, isLookedAt, placesOf, plantsBystanders } from './acts.ts';

export const ledger = '/maintenance';

/** The others miss a leader that has fallen silent after that time, and then have as long again to elect another. */
const lossMs = 2 * electionMs;

/** What is entered before the maintenance, as in the tutorial's sanity test. */
const hello = { path: '/hello', data: 'world' } as const;

export const maintained = story(
  'three nodes are drained in turn, and one is lost',
  { alone: true, follows: ['nodes'] },
  async ({ namespace, nodes }) => {
    const { zookeeper: clients } = namespace.clients;
    const shared = namespace.sharedStorageClass();
    if (shared === undefined) throw new NotRun('it needs volumes that can be used from every node');
    const open = await cordonsAllBut(4, namespace, nodes);
    const zk = await namespace.deploy(zookeeper(storageClass(shared)));
    await zk.becomesReady();
    await clients.becomeServing('all are there', servers);
    const session = await clients.connects('entered', 'zk-0');
    await session.creates('entered', hello.path, hello.data);
    await session.close();
    const [first, second, third] = placesOf(zk);
    await plantsBystanders(namespace, first);
    const writer = await clients.writes('during the maintenance', ledger, servers);
    const started = await namespace.quietly('three are Ready', 'disruption');

    let old = zk.uidOf(0);
    const drained1 = await nodes.drains('the first drain', first);
    await isKeptFree(namespace, first);
    await isBack(namespace, 'zk-0', old);
    await clients.becomeServing('zk-0 is back', ['zk-0']);
    await reads(namespace, 'zk-0 has moved', ['zk-0']);
    const moved = { from: started.to, to: await namespace.mark('zk-0 has moved') };

    old = zk.uidOf(1);
    const drained2 = await nodes.drains('the second drain', second);
    await isKeptFree(namespace, second);
    await isLookedAt(namespace, 'zk-1', old);
    const emptied = { from: moved.to, to: await namespace.mark('the second node is drained') };
    const waiting = await namespace.quietly('zk-1 waits for a node');
    const zero = await namespace.quietly('no more may go', 'disruption');

    const drained3 = await nodes.drains('the third drain', third, { patienceMs: patience.refusalMs });
    await isKeptFree(namespace, third);
    const refused = { ...(await namespace.quietly('zk-2 was to be evicted')), from: zero.to };
    await reads(namespace, 'two nodes are drained and a third cordoned', ['zk-0', 'zk-2']);
    // Twice as long as the claim allows: an election that keeps failing is not waited for, since only the next uncordoning ends it.
    await writer.goesOn(3, { deadlineMs: 2 * electionMs });
    const available = { from: refused.to, to: await namespace.mark('the service was used') };

    await nodes.uncordon(first);
    await isBack(namespace, 'zk-1');
    await clients.becomeServing('zk-1 is back', ['zk-1']);
    const scheduled1 = { from: available.to, to: await namespace.mark('zk-1 is back') };

    old = zk.uidOf(2);
    const drained4 = await nodes.drains('the third drain again', third);
    await isLookedAt(namespace, 'zk-2', old);
    const retried = { from: scheduled1.to, to: await namespace.mark('the third node is drained') };
    await nodes.uncordon(second);
    await isBack(namespace, 'zk-2');
    await clients.becomeServing('zk-2 is back', ['zk-2']);
    const restored = { ...(await namespace.quietly('all are back', 'disruption')), from: retried.to };

    const { lost, survivors, loss } = await losesTheLeadersNode(namespace, nodes, placesOf(zk), writer);
    await writer.goesOn(3);
    await writer.stop();
    for (const server of servers) await clients.readsAll('after the maintenance', ledger, server);

    await nodes.uncordon(third);
    await areSchedulable(namespace, open);
    const given = { from: restored.to, to: await namespace.mark('all nodes are schedulable') };
    const cleaned = await cleansUp(namespace, zk);
    return {
      zk,
      nodes: { first, second, third },
      drains: { drained1, drained2, drained3, drained4 },
      started,
      moved,
      emptied,
      waiting,
      zero,
      refused,
      available,
      scheduled1,
      retried,
      restored,
      all: { from: started.to, to: restored.to },
      lost,
      survivors,
      loss,
      given,
      cleaned,
    };
  },
);

describe('Tolerating Node failure', () => {
  claim(
    'zk.antiaffinity-hard',
    on(maintained, ({ zk, waiting }) => [waitsForAntiAffinity(zk, 1, 2, waiting), noTwoShareANode(zk)]),
  );
  claim('zk.tolerates-node-loss', maintained, ({ lost, survivors, loss }) => [
    theServerIsSilent(lost, 'its node is lost', loss),
    writesGoOn(ledger, lossMs, loss),
    theServersAgreeOnALeader(survivors, 'the others go on', loss),
    noAcknowledgedWriteIsLost({ ledger, moment: 'after the maintenance', servers }),
  ]);
});

describe('Surviving maintenance', () => {
  claim('zk.pdb-status', maintained, ({ started }) => [
    theObjectSays('poddisruptionbudgets', 'zk-pdb', budgetOf({ currentHealthy: 3, disruptionsAllowed: 1 }), started),
    budgetCountsItsPods('zk-pdb', started),
  ]);
  claim('zk.cordon-to-four', maintained, ({ started, all }) => [
    soManyNodesAreSchedulable(4, started),
    cordonedNodesGetNoPod(all),
  ]);
  claim('zk.drain1-succeeds', maintained, ({ drains, moved }) => drainSucceeds(drains.drained1, moved));
  claim('zk.drain1-reschedules', maintained, ({ zk, moved }) => [
    movesToTheFreeNode(zk, 0, moved),
    claimsAreKept(zk, [0], moved),
    theServersHold({ moment: 'zk-0 has moved', servers: ['zk-0'], ...hello }, moved),
  ]);
  claim('zk.drain2-leaves-pending', maintained, ({ zk, drains, emptied, waiting }) => [
    drainSucceeds(drains.drained2, emptied),
    waitsForAntiAffinity(zk, 1, 2, waiting),
  ]);
  claim('zk.pdb-zero-allowed', maintained, ({ zero }) => [
    theObjectSays('poddisruptionbudgets', 'zk-pdb', budgetOf({ currentHealthy: 2, disruptionsAllowed: 0 }), zero),
    budgetCountsItsPods('zk-pdb', zero),
  ]);
  claim('zk.drain3-refused', maintained, ({ zk, drains, refused }) => [
    drainIsRefused(zk, 2, drains.drained3, refused),
    evictionIsRefused('zk-pdb', 'zk-2', { ...refused, moment: drains.drained3.moment }),
  ]);
  claim('zk.drain3-pod-untouched', maintained, ({ zk, refused }) => [
    podsStayReady(zk, [2], refused),
    eachPodIsUntouched(zk, [2], refused),
  ]);
  claim('zk.drain3-node-cordoned', maintained, ({ nodes, refused }) => nodeStaysCordoned(nodes.third, refused));
  // A leader goes with the second drain or the third: where the election that follows keeps failing (ZOOKEEPER-2164), the claim is violated as it is known.
  claim('zk.available-during-maintenance', maintained, ({ available, all }) => [
    theServersHold(
      { moment: 'two nodes are drained and a third cordoned', servers: ['zk-0', 'zk-2'], ...hello },
      available,
    ),
    writesGoOn(ledger, electionMs, all),
    noAcknowledgedWriteIsLost({ ledger, moment: 'after the maintenance', servers }),
  ]);
  claim('zk.pdb-respected-throughout', maintained, ({ zk, all }) => atLeastStayReady(zk, 2, all));
  claim('zk.uncordon-schedules-zk1', maintained, ({ zk, nodes, scheduled1 }) =>
    isPutOnTheUncordonedNode(zk, 1, nodes.first, scheduled1),
  );
  claim('zk.drain-retry-succeeds', maintained, ({ drains, retried }) => drainSucceeds(drains.drained4, retried));
  claim('zk.uncordon-second-reschedules-zk2', maintained, ({ zk, nodes, restored }) => [
    isPutOnTheUncordonedNode(zk, 2, nodes.second, restored),
    eachPodHasANodeOfItsOwn(zk, 3, restored),
    theObjectSays('poddisruptionbudgets', 'zk-pdb', budgetOf({ currentHealthy: 3, disruptionsAllowed: 1 }), restored),
  ]);
  claim('zk.drain-ignores-daemonsets', maintained, ({ drains, moved }) =>
    drainTakesAllButDaemons(drains.drained1, moved),
  );
});

describe('Cleaning up', () => {
  claim('zk.uncordon-all-cleanup', maintained, ({ zk, given, cleaned }) => [
    everyNodeIsUncordoned(given),
    noStorageIsDeletedUnasked(zk, cleaned.kept),
    storageIsReclaimed(zk, [0, 1, 2], cleaned.looks, cleaned.reclaimed),
  ]);
});

/** What the tutorial's budget says of three Pods that are expected. */
export function budgetOf(status: { readonly currentHealthy: number; readonly disruptionsAllowed: number }) {
  return {
    'spec.maxUnavailable': 1,
    'spec.minAvailable': undefined,
    'status.expectedPods': 3,
    'status.desiredHealthy': 2,
    'status.currentHealthy': status.currentHealthy,
    'status.disruptionsAllowed': status.disruptionsAllowed,
  };
}

/** Through each server, by a client of its own: the value that was entered earlier. */
async function reads(namespace: StoryNamespace, moment: string, from: readonly string[]): Promise<void> {
  for (const server of from) {
    const session = await namespace.clients.zookeeper.connects(moment, server);
    await session.gets(moment, hello.path);
    await session.close();
  }
}

/** Lets the node of the leader stand still, with everything on it, until the others have gone on without it. */
async function losesTheLeadersNode(
  namespace: StoryNamespace,
  nodes: Nodes,
  places: readonly [string, string, string],
  writer: Writer,
) {
  const { zookeeper: clients } = namespace.clients;
  const modes = await Promise.all(servers.map((server) => clients.asksWord('who leads', server, 'srvr')));
  const leader = modes.findIndex((mode) => mode.status === 'succeeded' && /^Mode: leader/m.test(mode.answer));
  const at = Math.max(0, leader);
  const [lost, node] = [servers[at] ?? servers[0], places[at] ?? places[0]];
  const [one, other] = servers.filter((server) => server !== lost) as [string, string];
  const from = await namespace.mark(`${lost} is about to be lost`);
  await nodes.pauses(node);
  // What is acknowledged from here on, but for one write that was under way, is the work of a new leader.
  await Promise.all([clients.asksWord('its node is lost', lost, 'srvr'), writer.goesOn(5)]);
  await clients.becomeServing('the others go on', [one, other]);
  const to = await namespace.mark(`${one} and ${other} went on`);
  await nodes.resumes(node);
  await clients.becomeServing(`${lost} is back`, servers);
  return { lost, survivors: [one, other] as const, loss: { from, to } };
}

/** The set is deleted, and when that has left the claims alone, they are. */
async function cleansUp(namespace: StoryNamespace, zk: StatefulSetHandle) {
  const looks = { before: 'before the claims are deleted', after: 'after the claims are deleted' } as const;
  const claims = servers.map((server) => `datadir-${server}`);
  const places = claims.map((name) => namespace.volumePlace(name));
  const from = await namespace.mark('the set is about to be deleted');
  await zk.delete('Background');
  await Promise.all([0, 1, 2].map((ordinal) => zk.podDisappears(ordinal)));
  const kept = { ...(await namespace.quietly('the set is deleted')), from };
  for (const { node, path } of places) await namespace.looksAtNode(looks.before, node, directoryLook(path));
  await namespace.deletesAll('persistentvolumeclaims', { app: 'zk' });
  await namespace.sees(
    'claims and volumes to be gone',
    ({ persistentvolumeclaims, persistentvolumes }) => {
      const owners = [...persistentvolumes.values()].map(({ spec }) => spec?.claimRef?.name ?? '');
      return claims.every((name) => !persistentvolumeclaims.has(name) && !owners.includes(name));
    },
    { deadlineMs: patience.settledMs },
  );
  for (const { node, path } of places) await namespace.looksAtNode(looks.after, node, directoryLook(path));
  return { kept, looks, reclaimed: { from: kept.to, to: await namespace.mark('claims and volumes are gone') } };
}
