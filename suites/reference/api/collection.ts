import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldPending,
  labelled,
  named,
  patience,
  replicas,
  story,
  type Stage,
} from '../../../harness/test.ts';
import { exactlyTheMatchingSetsGo } from '../../../harness/guarantees/collections.ts';
import { web } from '../web.ts';

const groups = { matching: ['left-a', 'left-b'], others: ['right-a', 'right-b'] } as const;

const collected = story('two of four sets are deleted by their label', async ({ namespace }) => {
  await makesFourSets(namespace);
  const before = await namespace.mark('four sets');
  await namespace.deletesAll('statefulsets', { group: 'left' });
  await losesPods(namespace, groups.matching);
  const after = await namespace.quietly('two sets', 'garbage-collector');
  return { removing: { ...after, from: before } };
});

describe('Deployment and Scaling Guarantees', () => {
  claim('ref.delete-collection', collected, ({ removing }) => exactlyTheMatchingSetsGo(groups, removing));
});

describe('controls of deleting by label', () => {
  const swept = story('four sets are deleted by a label that all of them have', async ({ namespace }) => {
    await makesFourSets(namespace);
    const before = await namespace.mark('four sets');
    await namespace.deletesAll('statefulsets', { app: 'nginx' });
    await losesPods(namespace, [...groups.matching, ...groups.others]);
    const after = await namespace.quietly('no set', 'garbage-collector');
    return { removing: { ...after, from: before } };
  });
  breaks('ref.delete-collection', swept, ({ removing }) => exactlyTheMatchingSetsGo(groups, removing));
});

type Namespace = Stage['namespace'];

/** A Pod each, held Pending: that they are there, and whose, is all that matters. */
async function makesFourSets(namespace: Namespace): Promise<void> {
  for (const name of [...groups.matching, ...groups.others]) {
    const group = name.startsWith('left') ? 'left' : 'right';
    const set = await namespace.deploy(
      web(named(name), replicas(1), emptyDirs(), heldPending(), labelled({ group, set: name })),
    );
    await set.podAppears(0);
  }
}

/** Waits until the first Pods of these sets are gone, and goes on when they stay. */
async function losesPods(namespace: Namespace, sets: readonly string[]): Promise<void> {
  await namespace.sees(
    `the Pods of ${sets.join(', ')} to be gone`,
    ({ pods }) => sets.every((set) => !pods.has(`${set}-0`)),
    { deadlineMs: patience.reactionMs },
  );
}
