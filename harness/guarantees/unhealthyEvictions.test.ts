import { expect, test } from 'vitest';
import {
  added,
  budgeted,
  deleted,
  failed,
  fenced,
  gap,
  ready,
  terminating,
  unready,
  type Step,
} from '../history/testing.ts';
import { before } from './testing.ts';
import { answered, asked, granted, refused, signs, three } from './testingEvictions.ts';
import { policyDecidesEviction, type PolicyCase } from './unhealthyEvictions.ts';

type Policy = PolicyCase['policy'];

/** Of three Pods web-2 is Running and not Ready; the budget wants two, or all three. */
function judged({ policy, is, budget }: Pick<PolicyCase, 'policy' | 'is' | 'budget'>, ...steps: readonly Step[]) {
  const pod = is === 'Pending' ? 'web-3' : is === 'Ready' ? 'web-0' : 'web-2';
  const minAvailable = budget === 'met' ? 2 : 3;
  const spec = { minAvailable, ...(policy === 'unset' ? {} : { unhealthyPodEvictionPolicy: policy }) };
  const stored = budgeted({ spec, desired: minAvailable, healthy: 2, expected: 4 }, 'added');
  const { judge } = policyDecidesEviction('web', { ...asked, pod, policy, is, budget });
  return judge(fenced(...three, unready('web-2'), added('web-3'), stored, before, ...steps, ...signs));
}

const table: readonly [Policy, PolicyCase['is'], PolicyCase['budget'], 'granted' | 'refused'][] = [
  ['unset', 'Ready', 'met', 'refused'],
  ['AlwaysAllow', 'Ready', 'met', 'refused'],
  ['AlwaysAllow', 'Ready', 'not met', 'refused'],
  ['unset', 'Running and not Ready', 'met', 'granted'],
  ['IfHealthyBudget', 'Running and not Ready', 'met', 'granted'],
  ['AlwaysAllow', 'Running and not Ready', 'met', 'granted'],
  ['unset', 'Running and not Ready', 'not met', 'refused'],
  ['IfHealthyBudget', 'Running and not Ready', 'not met', 'refused'],
  ['AlwaysAllow', 'Running and not Ready', 'not met', 'granted'],
  ['unset', 'Pending', 'not met', 'granted'],
];

test.each(table)('policy %s, a Pod that is %s, the budget %s: %s', (policy, is, budget, due) => {
  const pod = is === 'Pending' ? 'web-3' : is === 'Ready' ? 'web-0' : 'web-2';
  const taken = [granted(pod), terminating(pod)];
  const spared = [refused(pod)];
  const [right, wrong] = due === 'granted' ? [taken, spared] : [spared, taken];
  expect(judged({ policy, is, budget }, ...right)).toMatchObject({ outcome: 'upheld' });
  expect(judged({ policy, is, budget }, ...wrong)).toMatchObject({ outcome: 'violated' });
});

const unreadyMet = { policy: 'unset', is: 'Running and not Ready', budget: 'met' } as const;

test('violated: granted, and nothing followed', () => {
  expect(judged(unreadyMet, granted('web-2'))).toMatchObject({ outcome: 'violated' });
});
test('violated: refused, and deleted all the same', () => {
  const steps = [refused('web-2'), deleted('web-2')];
  expect(judged({ ...unreadyMet, budget: 'not met' }, ...steps)).toMatchObject({ outcome: 'violated' });
});
test('inconclusive: nobody asked, the answer is unclear, a gap', () => {
  expect(judged(unreadyMet)).toMatchObject({ outcome: 'inconclusive' });
  expect(judged(unreadyMet, answered('web-2', 429))).toMatchObject({ outcome: 'inconclusive' });
  expect(judged(unreadyMet, granted('web-2'), terminating('web-2'), gap('pods'))).toMatchObject({
    outcome: 'inconclusive',
  });
});

const moment = { ...asked, pod: 'web-2', policy: 'unset', is: 'Running and not Ready', budget: 'met' } as const;
const wantsTwo = budgeted({ healthy: 2 }, 'added');
const answers = [granted('web-2'), terminating('web-2'), ...signs];
const stands = [...three, unready('web-2')];

test.each([
  ['there was no budget', [...stands, before]],
  [
    'the policy was another',
    [...stands, budgeted({ spec: { minAvailable: 2, unhealthyPodEvictionPolicy: 'AlwaysAllow' } }, 'added'), before],
  ],
  ['it was not met', [...stands, unready('web-1'), wantsTwo, before]],
  ['a Pod could go', [...stands, budgeted({ spec: { minAvailable: 1 } }, 'added'), before]],
  [
    'none was wanted',
    [...stands, unready('web-0'), unready('web-1'), budgeted({ spec: { minAvailable: 0 } }, 'added'), before],
  ],
  ['the Pod was Ready', [...stands, ready('web-2'), budgeted({ spec: { minAvailable: 3 } }, 'added'), before]],
  ['the Pod had failed', [...stands, failed('web-2'), wantsTwo, before]],
  ['the Pod was Terminating', [...stands, terminating('web-2'), wantsTwo, before]],
  ['there was no such Pod', [...stands, deleted('web-2'), wantsTwo, before]],
] as const)('inconclusive: when the span began %s', (_, steps) => {
  const { judge } = policyDecidesEviction('web', moment);
  const rest = steps.length === 0 ? [] : [granted('web-2'), ...signs];
  expect(judge(fenced(...steps, ...rest))).toMatchObject({ outcome: 'inconclusive' });
});
test('inconclusive: no quiet window', () => {
  const { judge } = policyDecidesEviction('web', { ...moment, alive: undefined } as unknown as PolicyCase);
  expect(judge(fenced(...stands, wantsTwo, before, ...answers))).toMatchObject({ outcome: 'inconclusive' });
});
