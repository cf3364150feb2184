import {
  breaks,
  claim,
  describe,
  emptyDirs,
  patience,
  podManagementPolicy,
  replicas,
  story,
} from '../../../harness/test.ts';
import { podsGoDespiteBudget } from '../../../harness/guarantees/bypassing.ts';
import { web } from '../web.ts';
import { budget } from './budget.ts';
import { evicted } from './evicting.ts';

/** What a budget cannot stop is done within this time, or is not done at all. */
const deadlineMs = patience.settledMs;

const bypassed = story('Pods are deleted, rolled and scaled away under a budget of none', async ({ namespace }) => {
  const [set] = await Promise.all([
    namespace.deploy(web(replicas(2), emptyDirs(), podManagementPolicy('Parallel'))),
    namespace.applies(budget({ minAvailable: 2 })),
  ]);
  await set.becomesReady();
  const { to: before } = await namespace.quietly('nothing may go', 'disruption');
  const old = set.uidOf(1);
  await namespace.asks('web-1 is deleted', { verb: 'delete', resource: 'pods', name: 'web-1' });
  await namespace.sees('web-1 to go', ({ pods }) => pods.get('web-1')?.metadata.uid !== old, { deadlineMs });
  await set.becomesReady();
  const deleted = { from: before, to: await namespace.mark('web-1 was deleted') };

  await set.patch({ spec: { template: { metadata: { annotations: { 'steadfast.dev/applied': 'again' } } } } });
  await namespace.sees(
    'web to be rolled',
    ({ statefulsets }) => {
      const { metadata, status } = statefulsets.get('web') ?? {};
      const isObserved = status?.observedGeneration === metadata?.generation;
      return isObserved && status?.currentRevision === status?.updateRevision && status?.readyReplicas === 2;
    },
    { deadlineMs },
  );
  const rolled = { from: deleted.to, to: await namespace.mark('web was rolled') };

  await set.scaleTo(1);
  await namespace.sees('web-1 to be gone', ({ pods }) => !pods.has('web-1'), { deadlineMs });
  return { deleted, rolled, scaled: { from: rolled.to, to: await namespace.mark('web was scaled') } };
});

describe('Voluntary and involuntary disruptions', () => {
  claim('ref.pdb-delete-bypasses', bypassed, ({ deleted, rolled, scaled }) => [
    podsGoDespiteBudget('web', ['web-1'], deleted),
    podsGoDespiteBudget('web', ['web-0', 'web-1'], rolled),
    podsGoDespiteBudget('web', ['web-1'], scaled),
  ]);
});

describe('controls of deletions: an eviction in their place', () => {
  breaks('ref.pdb-delete-bypasses', evicted, ({ refused }) => podsGoDespiteBudget('web', ['web-3'], refused));
});
