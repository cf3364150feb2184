import { claim, describe, story } from '../../../harness/test.ts';
import { eachPodIsAddedInOrdinalOrder, eachPodWaitsForItsPredecessors } from '../../../harness/guarantees/creation.ts';
import { servers, zookeeper } from '../zookeeper.ts';

const created = story("the ensemble is created from the tutorial's file", async ({ namespace }) => {
  const zk = await namespace.deploy(zookeeper());
  await zk.becomesReady();
  await namespace.clients.zookeeper.becomeServing('the ensemble serves', servers);
  return { zk };
});

describe('Creating a ZooKeeper ensemble', () => {
  claim('zk.ordered-creation', created, ({ zk }) => [
    eachPodIsAddedInOrdinalOrder(zk),
    eachPodWaitsForItsPredecessors(zk),
  ]);
});
