import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldPending,
  heldUnready,
  named,
  podManagementPolicy,
  replicas,
  story,
  type Stage,
  type StatefulSetHandle,
} from '../../../harness/test.ts';
import { requestIsAccepted } from '../../../harness/guarantees/api.ts';
import { policyDecidesEviction, type PolicyCase } from '../../../harness/guarantees/unhealthyEvictions.ts';
import { web } from '../web.ts';
import { budget } from './budget.ts';

type Namespace = Stage['namespace'];
type Evicted = Pick<PolicyCase, 'pod' | 'is'>;

const ready: Evicted = { pod: 'web-1', is: 'Ready' };
const unready: Evicted = { pod: 'web-2', is: 'Running and not Ready' };
const pending: Evicted = { pod: 'db-0', is: 'Pending' };
const settable = ['IfHealthyBudget', 'AlwaysAllow'] as const;
const policies = ['unset', ...settable] as const;
const becomes = (policy: string): string => `the policy becomes ${policy}, to see`;

const asked = story(
  'unready and Ready Pods are evicted under each policy',
  { since: '1.31' },
  async ({ namespace }) => {
    const set = await twoOfThreeAreReady(namespace);
    for (const policy of settable) {
      const body = { spec: { unhealthyPodEvictionPolicy: policy } };
      const budget = { resource: 'poddisruptionbudgets', name: 'web' } as const;
      await namespace.asks(becomes(policy), { verb: 'patch', ...budget, body, dryRun: true });
    }
    const cases: PolicyCase[] = [];
    for (const policy of policies) {
      const from = await gets(namespace, policy, 'two are Ready');
      cases.push(...(await evicts(namespace, [ready, unready], { from, policy, budget: 'met' })));
      await isThereToBeEvicted(namespace, unready);
    }
    await set.makeUnready(0);
    for (const policy of policies) {
      const from = await gets(namespace, policy, 'one is Ready');
      const pods = policy === 'unset' ? [ready, unready, pending] : [ready, unready];
      cases.push(...(await evicts(namespace, pods, { from, policy, budget: 'not met' })));
    }
    return { cases };
  },
);

describe('Unhealthy Pod Eviction Policy', () => {
  claim('ref.pdb-unhealthy-policy', asked, ({ cases }) => [
    ...settable.map((value) =>
      requestIsAccepted(becomes(value), { path: ['spec', 'unhealthyPodEvictionPolicy'], value }),
    ),
    ...cases.map((each) => policyDecidesEviction('web', each)),
  ]);
});

describe('controls of the policy: another one when it comes to it', () => {
  const flipped = story(
    'the policy is set to AlwaysAllow before Pods are evicted',
    { since: '1.31' },
    async (stage) => {
      const { namespace } = stage;
      const set = await twoOfThreeAreReady(namespace);
      await set.makeUnready(0);
      const from = await gets(namespace, 'IfHealthyBudget', 'one is Ready');
      await gets(namespace, 'AlwaysAllow', 'one is Ready');
      return { cases: await evicts(namespace, [unready], { from, policy: 'IfHealthyBudget', budget: 'not met' }) };
    },
  );
  breaks('ref.pdb-unhealthy-policy', flipped, ({ cases }) => cases.map((each) => policyDecidesEviction('web', each)));
});

/** Three Pods under a budget that wants two, of which web-0 and web-1 are Ready; and db-0, which no node may take yet. */
async function twoOfThreeAreReady(namespace: Namespace): Promise<StatefulSetHandle> {
  const [set] = await Promise.all([
    namespace.deploy(web(emptyDirs(), heldUnready(), podManagementPolicy('Parallel'))),
    namespace.deploy(web(emptyDirs(), heldPending(), named('db'), replicas(1))),
    namespace.applies(budget({ minAvailable: 2 })),
  ]);
  await Promise.all([0, 1, 2].map((ordinal) => set.podBecomesRunning(ordinal)));
  await Promise.all([set.letReady(0), set.letReady(1)]);
  return set;
}

/** The Pod runs: it was spared, or one has come in its place. */
async function isThereToBeEvicted(namespace: Namespace, { pod }: Evicted): Promise<void> {
  await namespace.until(`${pod} to be Running`, ({ pods }) => {
    const { metadata, status } = pods.get(pod) ?? {};
    return status?.phase === 'Running' && metadata?.deletionTimestamp === undefined;
  });
}

/** Gives the budget a policy and lets the disruption controller come to it; the moment from which that stands. */
async function gets(namespace: Namespace, policy: PolicyCase['policy'], when: string): Promise<string> {
  const unhealthyPodEvictionPolicy = policy === 'unset' ? null : policy;
  await namespace.patches('poddisruptionbudgets', 'web', { spec: { unhealthyPodEvictionPolicy } });
  return (await namespace.quietly(`policy ${policy}, ${when}`, 'disruption')).to;
}

/** Asks for the eviction of these Pods, one after another, and looks on for a while. */
async function evicts(
  namespace: Namespace,
  pods: readonly Evicted[],
  under: Pick<PolicyCase, 'from' | 'policy' | 'budget'>,
): Promise<readonly PolicyCase[]> {
  const moment = `policy ${under.policy}, budget ${under.budget}`;
  for (const { pod } of pods) await namespace.evicts(moment, pod);
  const window = await namespace.quietly(`${moment}: evicted`, 'disruption');
  return pods.map((each) => ({ ...each, ...window, ...under, moment }));
}
