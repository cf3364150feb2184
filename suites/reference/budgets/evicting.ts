import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldUnready,
  on,
  podManagementPolicy,
  replicas,
  story,
  type RecordedState,
  type Stage,
  type StatefulSetHandle,
} from '../../../harness/test.ts';
import {
  evictionIsAmbiguous,
  evictionIsGranted,
  evictionIsRefused,
  evictionsStayWithin,
  evictionsUnderWayAreCountedOut,
} from '../../../harness/guarantees/evictions.ts';
import { web } from '../web.ts';
import { bounds, budget, idler } from './budget.ts';

type Namespace = Stage['namespace'];

/** Four Pods, Ready and held so: what comes in their place does not become Ready, and cannot give way to more evictions. */
async function fourAreReady(namespace: Namespace): Promise<StatefulSetHandle> {
  const set = await namespace.deploy(web(replicas(4), emptyDirs(), heldUnready(), podManagementPolicy('Parallel')));
  await Promise.all(
    [0, 1, 2, 3].map(async (ordinal) => {
      await set.podBecomesRunning(ordinal);
      await set.letReady(ordinal);
    }),
  );
  return set;
}

/** Asks for the eviction of every Pod, so many times, all in the same instant. */
async function evictsAll(namespace: Namespace, moment: string, times: number, options: { readonly uid?: string } = {}) {
  const pods = [0, 1, 2, 3].flatMap((ordinal) => Array.from({ length: times }, () => `web-${ordinal}`));
  await Promise.all(pods.map((pod) => namespace.evicts(moment, pod, options)));
}

/** Waits for the Pods that come in place of those that went, and makes them Ready. */
async function areBack(namespace: Namespace, set: StatefulSetHandle): Promise<void> {
  const isRunning = ({ pods }: RecordedState, ordinal: number): boolean => {
    const { metadata, status } = pods.get(`web-${ordinal}`) ?? {};
    return status?.phase === 'Running' && metadata?.deletionTimestamp === undefined;
  };
  const all = [0, 1, 2, 3];
  await namespace.until('all Pods to be Running', (recorded) => all.every((ordinal) => isRunning(recorded, ordinal)));
  await Promise.all(all.map((ordinal) => set.letReady(ordinal)));
}

/** Pods that no node may take. */
const idlers = ['idle-0', 'idle-1', 'idle-2', 'idle-3'] as const;

/** Evictions that are granted and fail at the deletion, since they are meant for another Pod of the name: they stay under way. */
const elsewhere = { uid: 'another Pod' } as const;

export const evicted = story('Pods of a budget are evicted, alone and all at once', async ({ namespace }) => {
  const [set] = await Promise.all([
    fourAreReady(namespace),
    namespace.applies(budget({ minAvailable: 4 })),
    namespace.applies(budget({ minAvailable: 4, over: { app: 'others' } }, 'of-others')),
    ...idlers.map((name) => namespace.applies(idler(name))),
  ]);
  const { to: full } = await namespace.quietly('every Pod has to stay', 'disruption');
  await namespace.evicts('web-3 alone', 'web-3');
  await namespace.evicts('web-3 alone, to see', 'web-3', { dryRun: true });
  const refused = { ...(await namespace.quietly('web-3 was to be evicted')), from: full, moment: 'web-3 alone' };

  const ofOne = { 'statefulset.kubernetes.io/pod-name': 'web-0' };
  await namespace.applies(budget({ minAvailable: 0, over: ofOne }, 'another'));
  const { to: doubled } = await bounds(namespace, { minAvailable: 3 }, ' and another budget over web-0');
  await namespace.evicts('web-0 of two budgets', 'web-0');
  const window = await namespace.quietly('web-0 of two budgets was to be evicted');
  const ambiguous = { ...window, from: doubled, moment: 'web-0 of two budgets' };
  await namespace.deletes('poddisruptionbudgets', 'another');

  const { to: one } = await namespace.quietly('one Pod can go', 'disruption');
  await namespace.evicts('web-1 alone', 'web-1');
  const granted = { ...(await namespace.quietly('web-1 was evicted')), from: one, moment: 'web-1 alone' };
  await areBack(namespace, set);

  const { to: two } = await bounds(namespace, { minAvailable: 2 });
  await evictsAll(namespace, 'all at once', 2);
  const rush = { ...(await namespace.quietly('all were to be evicted')), from: two, moment: 'all at once' };
  await areBack(namespace, set);

  const { to: before } = await bounds(namespace, { minAvailable: 3 }, ' again');
  await namespace.evicts('web-2, which stays', 'web-2', elsewhere);
  const watched = await namespace.quietly('the eviction of web-2 is under way', 'disruption');
  await namespace.evicts('web-3 meanwhile', 'web-3');
  const last = { ...(await namespace.quietly('web-3 was to be evicted as well')), from: watched.to };
  return {
    refused,
    ambiguous,
    granted,
    rush,
    underWay: { ...watched, from: before, moment: 'web-2, which stays' },
    meanwhile: { ...last, moment: 'web-3 meanwhile' },
    rushes: [await rushes(namespace, 'first'), await rushes(namespace, 'second'), await rushes(namespace, 'third')],
  };
});

const everybodys = story('a Pod is evicted under a budget for every Pod of the namespace', async ({ namespace }) => {
  const [set] = await Promise.all([
    namespace.deploy(web(replicas(1), emptyDirs())),
    namespace.applies(budget({ minAvailable: 1, over: {} }, 'every-pod')),
  ]);
  await set.becomesReady();
  const { to: full } = await namespace.quietly('web-0 has to stay', 'disruption');
  await namespace.evicts('web-0 alone', 'web-0');
  const refused = await namespace.quietly('web-0 was to be evicted');
  return { refused: { ...refused, from: full, moment: 'web-0 alone' } };
});

/**
 * A fresh budget that lets three Pods go, and all four evicted at once, while the controller has to write the budget's status more often than it may: with
 * some thirty writes its client's allowance is used up, each further one waits its turn, and what it says was reckoned before the evictions it meets.
 */
async function rushes(namespace: Namespace, round: string) {
  await namespace.deletes('poddisruptionbudgets', 'web');
  await namespace.applies(budget({ minAvailable: 1 }));
  const { to: from } = await namespace.quietly(`three Pods can go, the ${round} time`, 'disruption');
  const moment = `all at once, the ${round} time`;
  await Promise.all(idlers.map((name) => turnsCoat(namespace, name, 15)));
  const evicting = evictsAll(namespace, moment, 1, elsewhere);
  await Promise.all(idlers.map((name) => meanwhile(evicting, () => turnsCoat(namespace, name, 1))));
  return { ...(await namespace.quietly(`${moment}: under way`, 'disruption')), from, moment };
}

/** A Pod that is nobody's joins those that the budget speaks of, and leaves them again. It is never Ready, and makes no room. */
async function turnsCoat(namespace: Namespace, name: string, times: number): Promise<void> {
  const turns = Array.from({ length: times }, () => ['nginx', 'other']).flat();
  for (const app of turns) await namespace.patches('pods', name, { metadata: { labels: { app } } });
}

/** Does something again and again until something else is done. */
async function meanwhile(work: Promise<void>, again: () => Promise<void>): Promise<void> {
  let isDone = false;
  const ending = work.finally(() => (isDone = true));
  while (!isDone) await again();
  await ending;
}

describe('Pod disruption budgets', () => {
  claim(
    'ref.pdb-eviction-refused',
    on(evicted, (told) => [
      evictionIsRefused('web', 'web-3', told.refused),
      evictionIsRefused('web', 'web-3', { ...told.refused, moment: 'web-3 alone, to see' }),
      evictionIsAmbiguous('web-0', told.ambiguous),
      evictionIsGranted('web', 'web-1', told.granted),
      evictionsStayWithin('web', told.rush),
      evictionsUnderWayAreCountedOut('web', told.underWay),
      evictionIsRefused('web', 'web-3', told.meanwhile),
      ...told.rushes.map((rush) => evictionsUnderWayAreCountedOut('web', rush)),
    ]),
    on(everybodys, ({ refused }) => evictionIsRefused('every-pod', 'web-0', refused)),
  );
});

describe('controls of evictions: a budget that is deleted', () => {
  const unprotected = story('the budget is deleted before Pods are evicted', async ({ namespace }) => {
    await Promise.all([fourAreReady(namespace), namespace.applies(budget({ minAvailable: 3 }))]);
    const { to: before } = await namespace.quietly('one Pod can go', 'disruption');
    await bounds(namespace, { minAvailable: 4 });
    const { to: full } = await namespace.quietly('no Pod can go', 'disruption');
    await namespace.deletes('poddisruptionbudgets', 'web');
    await evictsAll(namespace, 'all at once', 2);
    const rush = { ...(await namespace.quietly('all were evicted')), moment: 'all at once' };
    return { rush: { ...rush, from: before }, single: { ...rush, from: full } };
  });
  breaks('ref.pdb-eviction-refused', unprotected, ({ rush }) => evictionsStayWithin('web', rush));
  breaks('ref.pdb-eviction-refused', unprotected, ({ single }) => evictionIsRefused('web', 'web-3', single));
});
