import {
  betweenMarks,
  breaks,
  claim,
  describe,
  emptyDirs,
  NotRun,
  podManagementPolicy,
  storageClass,
  story,
  type Stage,
  type Workload,
} from '../../../harness/test.ts';
import { listsFiles, theFilesMoveAlong } from '../../../harness/guarantees/durable.ts';
import { claimsAreKept } from '../../../harness/guarantees/quiet.ts';
import { theValueSurvives } from '../../../harness/guarantees/replication.ts';
import type { Asked } from '../../../harness/guarantees/settled.ts';
import { readsThroughEach } from '../looks.ts';
import { asWritten, dataDirectory, servers, zookeeper } from '../zookeeper.ts';

const moments = { before: 'on the first node', after: 'on another node' } as const;
const parallel = podManagementPolicy('Parallel');

const moved = story('zk-1 has to move to another node', { alone: true }, (stage) => {
  const shared = stage.namespace.sharedStorageClass();
  if (shared === undefined) throw new NotRun('no StorageClass is known whose volumes can be used from every node');
  return moves(stage, zookeeper(parallel, storageClass(shared)));
});

const emptyHanded = story('zk-1 has to move to another node and has no volume', { alone: true }, (stage) =>
  moves(stage, zookeeper(parallel, emptyDirs())),
);

describe('Providing durable storage', () => {
  claim('zk.rescheduled-data-durable', moved, ({ before, after }) => [
    theFilesAreThere({ before, after }),
    claimsAreKept(asWritten, [1], { from: before.to, to: after.from }),
    theValueSurvives('/hello', {
      before: { moment: moments.before, server: 'zk-1' },
      after: { moment: moments.after, server: 'zk-1' },
    }),
  ]);
});

describe('controls', () => {
  breaks('zk.rescheduled-data-durable', emptyHanded, ({ before, after }) => theFilesAreThere({ before, after }));
});

function theFilesAreThere(looks: { readonly before: Asked; readonly after: Asked }) {
  return theFilesMoveAlong(asWritten, 1, dataDirectory, looks);
}

/** The ensemble holds a value, the node of zk-1 takes no more Pods, and zk-1 is deleted; its files are listed before and after. */
async function moves({ namespace, nodes }: Stage, workload: Workload) {
  const zk = await namespace.deploy(workload);
  await zk.becomesReady();
  await namespace.clients.zookeeper.becomeServing('the servers begin to serve', servers);
  const session = await namespace.clients.zookeeper.connects(moments.before, 'zk-0');
  await session.creates(moments.before, '/hello', `world-${crypto.randomUUID()}`);
  await session.close();
  const looks = (moment: string) =>
    betweenMarks(namespace, moment, async () => {
      await readsThroughEach(namespace, moment, ['zk-1'], '/hello');
      await zk.runs(moment, 1, listsFiles(dataDirectory));
    });
  const before = await looks(moments.before);
  const old = zk.uidOf(1);
  await nodes.cordon(zk.nodeOf(1));
  await zk.deletePod(1);
  await zk.podBecomesReady(1, old);
  await namespace.clients.zookeeper.becomeServing('zk-1 joins again', servers);
  const after = await looks(moments.after);
  return { before, after };
}
