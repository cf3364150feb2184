import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldPending,
  named,
  patience,
  podManagementPolicy,
  replicas,
  story,
  type Stage,
  type Variation,
} from '../../../harness/test.ts';
import { exactlyTheMatchingSetsGo } from '../../../harness/guarantees/collections.ts';
import { deletionHold, web } from '../web.ts';

const groups = { matching: ['left-a', 'left-b'], others: ['right-a', 'right-b'] } as const;

/** One of the two is on its way out already, and held there for a while. */
const collected = story('two of four sets are deleted by their label', async ({ namespace }) => {
  await makesFourSets(namespace);
  const before = await namespace.mark('four sets');
  const [first] = groups.matching;
  await namespace.patches('statefulsets', first, { metadata: { finalizers: [deletionHold] } });
  await namespace.deletes('statefulsets', first);
  await namespace.deletesAll('statefulsets', { group: 'left' });
  await namespace.patches('statefulsets', first, { metadata: { finalizers: null } });
  await losesAll(namespace, groups.matching);
  // Nothing that happened so far makes the controller look at the others.
  for (const name of groups.others)
    await namespace.patches('statefulsets', name, { metadata: { annotations: { 'steadfast.dev/look': 'again' } } });
  await namespace.quietly('the others were looked at');
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
    await losesAll(namespace, [...groups.matching, ...groups.others]);
    const after = await namespace.quietly('no set', 'garbage-collector');
    return { removing: { ...after, from: before } };
  });
  breaks('ref.delete-collection', swept, ({ removing }) => exactlyTheMatchingSetsGo(groups, removing));
});

type Namespace = Stage['namespace'];

/**
 * A Pod each, held Pending: that they are there, and whose, is all that matters. They have one template and select by the same labels, so that nothing but its owner tells
 * whose a Pod, or a revision, is; and they are Parallel, so that a Pod that is not Ready would be replaced by a controller that takes it for outdated.
 */
async function makesFourSets(namespace: Namespace): Promise<void> {
  for (const name of [...groups.matching, ...groups.others]) {
    const group = name.startsWith('left') ? 'left' : 'right';
    const set = await namespace.deploy(
      web(named(name), replicas(1), emptyDirs(), heldPending(), podManagementPolicy('Parallel'), inGroup(group)),
    );
    await set.podAppears(0);
  }
}

/** The set, and it alone, carries these labels. */
function inGroup(group: string): Variation {
  return (workload) => ({
    ...workload,
    objects: workload.objects.map((object) =>
      object.kind === 'StatefulSet'
        ? { ...object, metadata: { ...object.metadata, labels: { app: 'nginx', group } } }
        : object,
    ),
    variations: [...workload.variations, `the StatefulSet is labelled ${group}`],
  });
}

/** Waits until the Pods and the revisions of these sets are gone, and goes on when they stay. */
async function losesAll(namespace: Namespace, sets: readonly string[]): Promise<void> {
  await namespace.sees(
    `the Pods and revisions of ${sets.join(', ')} to be gone`,
    ({ pods, controllerrevisions }) =>
      [...pods.keys(), ...controllerrevisions.keys()].every((name) => !sets.some((set) => name.startsWith(`${set}-`))),
    { deadlineMs: patience.reactionMs },
  );
}
