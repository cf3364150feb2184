import type { Stage, Workload } from '../../../harness/test.ts';
import { servers } from '../zookeeper.ts';

export const moments = {
  watching: 'a node is watched',
  tree: 'a tree is made',
  sequence: 'values are set in order',
} as const;
export const values = Array.from({ length: 20 }, (_, number) => `v${number + 1}`);

/** When each value has been set, a rival tries to set them the other way round, and names the version before: in an ensemble it is always too late. */
export const turns = values.map((value, version) => ({ value, late: values.at(-1 - version) ?? value, version }));

/** What clients do with an ensemble beside writing and reading. */
export const clientsAtWork =
  (workload: Workload) =>
  async ({ namespace }: Stage) => {
    const { zookeeper } = namespace.clients;
    const zk = await namespace.deploy(workload);
    await zk.becomesReady();
    await zookeeper.becomeServing('the servers begin to serve', servers);
    await isWatched(namespace.clients);
    await aTreeIsMade(namespace.clients);
    await valuesAreSet(namespace.clients);
    return { zk };
  };

type Clients = Stage['namespace']['clients'];

async function isWatched({ zookeeper }: Clients): Promise<void> {
  const [writer, watcher] = await Promise.all([
    zookeeper.connects(moments.watching, 'zk-0'),
    zookeeper.connects(moments.watching, 'zk-1'),
  ]);
  await writer.creates(moments.watching, '/watched', 'one');
  // An ensemble refuses to create it again; a server that stands alone now has it as well, and can be asked to watch it.
  await watcher.creates(moments.watching, '/watched', 'one');
  await watcher.catchesUp(moments.watching);
  const watch = await watcher.watches(moments.watching, '/watched');
  await writer.sets(moments.watching, '/watched', 'two');
  await watch.fires();
  await watcher.gets(moments.watching, '/watched');
  await Promise.all([writer.close(), watcher.close()]);
}

async function aTreeIsMade({ zookeeper }: Clients): Promise<void> {
  const [one, other] = await Promise.all([
    zookeeper.connects(moments.tree, 'zk-0'),
    zookeeper.connects(moments.tree, 'zk-1'),
  ]);
  await one.creates(moments.tree, '/parent');
  await one.creates(moments.tree, '/parent/child');
  await other.catchesUp(moments.tree);
  await other.children(moments.tree, '/parent');
  await one.creates(moments.tree, '/nobody/child');
  await one.removes(moments.tree, '/parent');
  await one.together(moments.tree, [
    { does: 'create', path: '/parent/other', data: 'other' },
    { does: 'remove', path: '/nobody' },
  ]);
  await other.catchesUp(moments.tree);
  await other.exists(moments.tree, '/parent/other');
  await Promise.all([one.close(), other.close()]);
}

async function valuesAreSet({ zookeeper }: Clients): Promise<void> {
  const [writer, rival] = await Promise.all([
    zookeeper.connects(moments.sequence, 'zk-0'),
    zookeeper.connects(moments.sequence, 'zk-1'),
  ]);
  const readers = await Promise.all(servers.map((pod) => zookeeper.connects(moments.sequence, pod)));
  for (const session of [writer, rival]) await session.creates(moments.sequence, '/sequence', 'v0');
  let isOver = false;
  const readsNow = async (reader: (typeof readers)[number]): Promise<void> => {
    await reader.catchesUp(moments.sequence);
    await reader.gets(moments.sequence, '/sequence');
  };
  const reads = async (reader: (typeof readers)[number]): Promise<void> => {
    while (!isOver) await reader.gets(moments.sequence, '/sequence');
  };
  // Each sees the beginning and the end, whatever it is fast enough to see in between.
  await Promise.all(readers.map(readsNow));
  const reading = Promise.all(readers.map(reads));
  for (const { value, late, version } of turns) {
    await writer.sets(moments.sequence, '/sequence', value);
    await rival.sets(moments.sequence, '/sequence', late, version);
  }
  isOver = true;
  await reading;
  await Promise.all(readers.map(readsNow));
  await Promise.all([writer, rival, ...readers].map((session) => session.close()));
}
