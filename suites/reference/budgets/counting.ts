import {
  breaks,
  claim,
  command,
  describe,
  emptyDirs,
  heldUnready,
  inPods,
  named,
  on,
  patience,
  podManagementPolicy,
  replicas,
  story,
} from '../../../harness/test.ts';
import { aFailedEvictionIsGivenBack } from '../../../harness/guarantees/evictions.ts';
import { budgetCountsItsPods, budgetNeverMiscounts } from '../../../harness/guarantees/budgets.ts';
import { isReady, web } from '../web.ts';
import { bounds, budget, bystander, idler } from './budget.ts';

/** Pods that stay Ready for all of their grace period: what is on its way out is told from what is not Ready. */
const stubborn = [
  command('sh', '-c', 'trap "" TERM; while :; do sleep 1; done'),
  inPods('a grace period of 20 seconds', (pod) => ({ ...pod, terminationGracePeriodSeconds: 20 })),
] as const;

const minAvailable = story(
  'budgets with minAvailable while Pods come, go and lose readiness',
  async ({ namespace }) => {
    await Promise.all([namespace.applies(budget({ minAvailable: 2 })), namespace.applies(bystander)]);
    const none = await namespace.quietly('there is no Pod', 'disruption');
    const set = await namespace.deploy(web(emptyDirs(), heldUnready(), podManagementPolicy('Parallel'), ...stubborn));
    await Promise.all([0, 1, 2].map((ordinal) => set.podBecomesRunning(ordinal)));
    const unready = await namespace.quietly('no Pod is Ready', 'disruption');
    await Promise.all([0, 1, 2].map((ordinal) => set.letReady(ordinal)));
    const ready = await namespace.quietly('every Pod is Ready', 'disruption');
    const bound = [
      await bounds(namespace, { minAvailable: '100%' }),
      await bounds(namespace, { minAvailable: '34%' }),
      await bounds(namespace, { minAvailable: 5 }),
      await bounds(namespace, { minAvailable: 0 }),
      await bounds(namespace, { minAvailable: '50%' }),
      await bounds(namespace, { minAvailable: '33%' }),
    ];
    await set.makeUnready(1);
    const two = await namespace.quietly('web-1 is not Ready', 'disruption');
    await set.makeUnready(0);
    const one = [await namespace.quietly('web-0 is not Ready either', 'disruption')];
    one.push(await bounds(namespace, { minAvailable: 3 }));
    await Promise.all([set.letReady(0), set.letReady(1)]);
    const again = [await bounds(namespace, { minAvailable: 1 })];
    await set.deletePod(2);
    again.push(await namespace.quietly('web-2 is Terminating', 'disruption'));
    await namespace.deletes('pods', 'web-2', { gracePeriodSeconds: 0 });
    await set.podBecomesRunning(2);
    again.push(await namespace.quietly('web-2 is back and not Ready', 'disruption'));
    return { moments: [none, unready, ready, ...bound, two, ...one, ...again] };
  },
);

const maxUnavailable = story('budgets with maxUnavailable while sets are scaled', async ({ namespace }) => {
  const small = web(emptyDirs(), named('db'), replicas(1));
  const [set, db] = await Promise.all([
    namespace.deploy(web(emptyDirs(), heldUnready())),
    namespace.deploy(small),
    namespace.applies(budget({ maxUnavailable: 1 })),
  ]);
  for (const ordinal of [0, 1, 2]) {
    await set.podBecomesRunning(ordinal);
    await set.letReady(ordinal);
  }
  await db.becomesReady();
  const ready = await namespace.quietly('every Pod is Ready', 'disruption');
  const bound = [
    await bounds(namespace, { maxUnavailable: '100%' }),
    await bounds(namespace, { maxUnavailable: '30%' }),
    await bounds(namespace, { maxUnavailable: 0 }),
    await bounds(namespace, { maxUnavailable: 9 }),
    await bounds(namespace, { maxUnavailable: '50%' }),
  ];
  await set.scaleTo(5);
  await set.podBecomesRunning(3);
  const growing = [await namespace.quietly('web-3 is not Ready, and web-4 not there', 'disruption')];
  growing.push(await bounds(namespace, { maxUnavailable: 1 }, ' of five and one'));
  const ofReplicas = [await bounds(namespace, { minAvailable: '80%' }, ' of five and one')];
  ofReplicas.push(await bounds(namespace, { minAvailable: '100%' }, ' of five and one'));
  await bounds(namespace, { maxUnavailable: 1 }, ' of five and one, again');
  await set.makeUnready(2);
  growing.push(await namespace.quietly('web-2 is not Ready either', 'disruption'));
  await set.letReady(2);
  await set.holdTermination(3);
  await set.scaleTo(2);
  await set.podIsTerminating(3);
  const shrinking = [await namespace.quietly('web-3 is Terminating, and web-2 still there', 'disruption')];
  shrinking.push(await bounds(namespace, { maxUnavailable: '50%' }, ' of two and one'));
  await set.releaseTermination(3);
  await set.becomesReady();
  shrinking.push(await namespace.quietly('two Pods are left', 'disruption'));
  await set.holdTermination(1);
  await Promise.all([set.scaleTo(0), db.scaleTo(0)]);
  await set.podIsTerminating(1);
  await db.becomesReady();
  const gone = await namespace.quietly('no Pod is to be, and web-0 still there', 'disruption');
  return { moments: [ready, ...bound, ...growing, ...shrinking, gone], ofReplicas };
});

/** The Pod that is evicted stays until the controller has seen it go: what the budget then says of its name is over. */
const succeeded = story('a Pod of a budget is evicted, and its successor counts', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(2), emptyDirs()));
  await set.becomesReady();
  await namespace.applies(budget({ minAvailable: 1 }));
  await namespace.quietly('one Pod can go', 'disruption');
  await set.holdTermination(0);
  const old = set.uidOf(0);
  await namespace.evicts('web-0 is evicted', 'web-0');
  const going = await namespace.quietly('web-0 is on its way out', 'disruption');
  await set.releaseTermination(0);
  await set.podBecomesReady(0, old);
  return { moments: [going, await namespace.quietly('web-0 is back', 'disruption')] };
});

/** The bystander is Ready, and has another label than is asked for. */
const required = story('a budget asks for labels by an expression', async ({ namespace }) => {
  const where = [{ key: 'app', operator: 'In', values: ['nginx', 'db'] }];
  await Promise.all([namespace.applies(budget({ minAvailable: 1, where })), namespace.applies(bystander)]);
  const set = await namespace.deploy(web(replicas(2), emptyDirs()));
  await set.becomesReady();
  await namespace.until('the bystander to be Ready', ({ pods }) => isReady(pods.get('bystander')));
  const least = await namespace.quietly('all Pods are Ready', 'disruption');
  return { least, most: await bounds(namespace, { maxUnavailable: 1 }) };
});

/** An eviction that is granted and fails at the deletion, since it is meant for another Pod of the name. */
const recovered = story('an eviction comes to nothing, and its Pod counts again', { minutes: 3 }, async (stage) => {
  const { namespace } = stage;
  const set = await namespace.deploy(web(replicas(2), emptyDirs()));
  await set.becomesReady();
  await namespace.applies(budget({ minAvailable: 1 }));
  await namespace.quietly('one Pod can go', 'disruption');
  await namespace.evicts('web-0, which stays', 'web-0', { uid: 'another Pod' });
  const { to: from } = await namespace.quietly('the eviction of web-0 is under way', 'disruption');
  await namespace.sees(
    'the budget to name web-0 no more',
    ({ poddisruptionbudgets }) => poddisruptionbudgets.get('web')?.status?.disruptedPods?.['web-0'] === undefined,
    { deadlineMs: patience.failingServerMs },
  );
  // When it was made says how late it is by the server's clock.
  await namespace.applies(idler('late'));
  const moment = await namespace.quietly('the eviction of web-0 was given back, or should be', 'disruption');
  return { moment, waiting: { ...moment, from } };
});

describe('Specifying a PodDisruptionBudget', () => {
  claim(
    'ref.pdb-min-available',
    on(minAvailable, ({ moments }) => [
      ...moments.map((moment) => budgetCountsItsPods('web', moment)),
      budgetNeverMiscounts('web', {}),
    ]),
    on(succeeded, ({ moments }) => moments.map((moment) => budgetCountsItsPods('web', moment))),
    on(required, ({ least }) => budgetCountsItsPods('web', least)),
    on(recovered, ({ moment, waiting }) => [
      aFailedEvictionIsGivenBack('web', 'web-0', waiting),
      budgetCountsItsPods('web', moment),
    ]),
    on(maxUnavailable, ({ ofReplicas }) => [
      ...ofReplicas.map((moment) => budgetCountsItsPods('web', moment)),
      budgetNeverMiscounts('web', {}, 'minAvailable'),
    ]),
  );
  claim(
    'ref.pdb-max-unavailable',
    on(maxUnavailable, ({ moments }) => [
      ...moments.map((moment) => budgetCountsItsPods('web', moment)),
      budgetNeverMiscounts('web', {}, 'maxUnavailable'),
    ]),
    on(required, ({ most }) => budgetCountsItsPods('web', most)),
  );
});

describe('controls of counting: a budget that is not told', () => {
  const stale = story('a set is scaled while none of its Pods can come or go', async ({ namespace }) => {
    const set = await namespace.deploy(web(emptyDirs(), heldUnready(), replicas(1)));
    await set.podBecomesRunning(0);
    await Promise.all([
      namespace.applies(budget({ minAvailable: '50%' })),
      namespace.applies(budget({ maxUnavailable: '50%' }, 'another')),
    ]);
    await namespace.quietly('one Pod is to be', 'disruption');
    await set.scaleTo(4);
    await set.isObserved();
    return { moment: await namespace.quietly('four Pods are to be, and there is no more than one', 'disruption') };
  });
  breaks('ref.pdb-min-available', stale, ({ moment }) => budgetCountsItsPods('web', moment));
  breaks('ref.pdb-max-unavailable', stale, ({ moment }) => budgetCountsItsPods('another', moment));
});
