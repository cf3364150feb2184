import { breaks, describe, emptyDirs, podManagementPolicy, replicas, story } from '../../../harness/test.ts';
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
import { theObjectSays } from '../../../harness/guarantees/objectFields.ts';
import {
  eachPodHasANodeOfItsOwn,
  noTwoShareANode,
  waitsForAntiAffinity,
} from '../../../harness/guarantees/spreading.ts';
import { atLeastStayReady, podsStayReady } from '../../../harness/guarantees/standing.ts';
import { zookeeper } from '../zookeeper.ts';
import {
  agentsOn,
  cordonsAllBut,
  intruder,
  isBack,
  isKeptFree,
  isLookedAt,
  placesOf,
  plantsBystanders,
  preferredAntiAffinity,
  withoutBudget,
} from './acts.ts';
import { budgetOf, maintained } from './maintaining.ts';

describe('controls of maintenance: a wish in place of the rule, and no budget', () => {
  const careless = story(
    'nodes are drained without a budget, and Pods only prefer nodes of their own',
    { alone: true, follows: ['nodes'] },
    async ({ namespace, nodes }) => {
      await cordonsAllBut(3, namespace, nodes);
      const zk = await namespace.deploy(
        zookeeper(emptyDirs(), podManagementPolicy('Parallel'), preferredAntiAffinity, withoutBudget),
      );
      await zk.becomesReady();
      const [first, , third] = placesOf(zk);
      const from = await namespace.mark('three are Ready on three nodes');
      const old = zk.uidOf(0);
      await nodes.drains('the first drain', first);
      await isLookedAt(namespace, 'zk-0', old);
      const crowded = { from, to: await namespace.mark('zk-0 is not yet Ready again') };
      const still = { from: crowded.to, to: await namespace.mark('and still not') };
      const drained = await nodes.drains('the drain of zk-2', third);
      await isKeptFree(namespace, third);
      const taken = { from: still.to, to: await namespace.mark('zk-2 was drained') };
      await nodes.uncordon(third);
      const given = { from: taken.to, to: await namespace.mark('its node is uncordoned') };
      return { zk, third, crowded, still, drained, taken, given };
    },
  );
  breaks('zk.antiaffinity-hard', careless, ({ zk }) => noTwoShareANode(zk));
  breaks('zk.distinct-nodes', careless, ({ zk, crowded }) => eachPodHasANodeOfItsOwn(zk, 3, crowded));
  breaks('zk.drain2-leaves-pending', careless, ({ zk, still }) => waitsForAntiAffinity(zk, 0, 2, still));
  breaks('zk.drain3-refused', careless, ({ zk, drained, taken }) => drainIsRefused(zk, 2, drained, taken));
  breaks('zk.drain3-pod-untouched', careless, ({ zk, taken }) => podsStayReady(zk, [2], taken));
  breaks('zk.drain3-node-cordoned', careless, ({ third, given }) => nodeStaysCordoned(third, given));
  breaks('zk.pdb-respected-throughout', careless, ({ zk, taken }) => atLeastStayReady(zk, 2, taken));
});

describe('controls of maintenance: volumes that stay on their node, and a hand that meddles', () => {
  const pinned = story(
    'a node is drained whose Pod cannot take its volume along',
    { alone: true, follows: ['nodes'] },
    async ({ namespace, nodes }) => {
      const open = await cordonsAllBut(4, namespace, nodes);
      const zk = await namespace.deploy(zookeeper(replicas(1)));
      await zk.becomesReady();
      const home = zk.nodeOf(0);
      await plantsBystanders(namespace, home);
      const [free, spare, ...others] = open.filter((node) => node !== home);
      for (const node of [spare, ...others]) if (node !== undefined) await nodes.cordon(node);
      const from = await namespace.mark('one other node is free');
      const old = zk.uidOf(0);
      const [agent = ''] = await agentsOn(namespace, home);
      const drained = await nodes.drains('the drain of zk-0', home);
      await isLookedAt(namespace, 'zk-0', old);
      await namespace.deletes('pods', agent);
      const moved = { from, to: await namespace.mark('zk-0 has nowhere to go') };
      if (spare !== undefined) await nodes.uncordon(spare);
      await namespace.applies(intruder(home));
      await isBack(namespace, 'intruder');
      const scheduled = { from: moved.to, to: await namespace.mark('another node is uncordoned') };
      return { zk, free, spare, drained, moved, scheduled, all: { from, to: scheduled.to } };
    },
  );
  breaks('zk.drain1-reschedules', pinned, ({ zk, moved }) => movesToTheFreeNode(zk, 0, moved));
  breaks('zk.uncordon-schedules-zk1', pinned, ({ zk, spare, scheduled }) =>
    isPutOnTheUncordonedNode(zk, 0, spare ?? '', scheduled),
  );
  breaks('zk.uncordon-second-reschedules-zk2', pinned, ({ zk, spare, scheduled }) =>
    isPutOnTheUncordonedNode(zk, 0, spare ?? '', scheduled),
  );
  breaks('zk.drain-ignores-daemonsets', pinned, ({ drained, moved }) => drainTakesAllButDaemons(drained, moved));
  breaks('zk.cordon-to-four', pinned, ({ all }) => cordonedNodesGetNoPod(all));
  breaks('zk.cordon-to-four', pinned, ({ moved }) => soManyNodesAreSchedulable(4, moved));
  breaks('zk.restart-policy-default', pinned, ({ moved }) =>
    theObjectSays('pods', 'unmanaged', { 'spec.restartPolicy': 'Always' }, { to: moved.from }),
  );
});

describe('controls of maintenance: other moments of the same', () => {
  breaks('zk.drain1-succeeds', maintained, ({ drains, refused }) => drainSucceeds(drains.drained3, refused));
  breaks('zk.drain-retry-succeeds', maintained, ({ drains, refused }) => drainSucceeds(drains.drained3, refused));
  breaks('zk.pdb-status', maintained, ({ zero }) =>
    theObjectSays('poddisruptionbudgets', 'zk-pdb', budgetOf({ currentHealthy: 3, disruptionsAllowed: 1 }), zero),
  );
  breaks('zk.pdb-zero-allowed', maintained, ({ started }) =>
    theObjectSays('poddisruptionbudgets', 'zk-pdb', budgetOf({ currentHealthy: 2, disruptionsAllowed: 0 }), started),
  );
  breaks('zk.uncordon-all-cleanup', maintained, ({ refused }) => everyNodeIsUncordoned(refused));
});
