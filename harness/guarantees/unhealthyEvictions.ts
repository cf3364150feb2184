import type { Recorded } from '../history/objects.ts';
import { isReady, isRunning } from '../history/pods.ts';
import { budgetAt, countAt } from './budgetCount.ts';
import { answersAt, notGone, notSpared, podAtStart, wordsOf, type Asked } from './evictionAnswers.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Window } from './guarantee.ts';
import { objectAt } from './objects.ts';

/** The eviction of one Pod under a budget that allows no disruption, and what it depends on. */
export interface PolicyCase extends Asked {
  readonly pod: string;
  readonly policy: 'unset' | 'IfHealthyBudget' | 'AlwaysAllow';
  readonly is: 'Ready' | 'Running and not Ready' | 'Pending';
  /** Whether as many Pods are healthy as the budget wants. */
  readonly budget: 'met' | 'not met';
}

/**
 * "IfHealthyBudget: Running Pods that are not yet healthy can be evicted only if the guarded application is not disrupted.
 * AlwaysAllow: they can be evicted regardless of whether the criteria in a budget are met"; without a policy it is as with
 * IfHealthyBudget. Pods in phase Pending are always considered for eviction; healthy ones are subject to the budget.
 *
 * Verified: when the span began the budget had this policy, wanted at least one Pod and allowed no disruption by the Pods as
 * they were, was met or not as the case has it, and the Pod was in this state; the eviction was then granted and the Pod
 * asked to go, or refused (429, for the budget's sake) and the Pod is the one it was, not Terminating, to the end of a
 * quiet window, as the policy has it.
 * Not verified: Pods in phase Succeeded and Failed, which a set replaces at once.
 * Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
 */
export function policyDecidesEviction(budget: string, asked: PolicyCase): Guarantee {
  return guarantee('policyDecidesEviction', ['poddisruptionbudgets', 'pods', 'statefulsets'], asked, (window) => {
    const life = podAtStart(window, asked.pod);
    const object = life === undefined ? undefined : objectAt(life, window.from);
    const doubt = doubtAboutCase(window, budget, asked) ?? doubtAboutPod(object, asked);
    if (life === undefined || doubt !== undefined) return undecided(doubt ?? '');
    const answers = answersAt(window, asked.moment).filter(({ pod }) => pod === asked.pod);
    const unclear = answers.find(({ is }) => is === 'unclear');
    if (unclear !== undefined) return undecided(`the eviction of ${asked.pod} was answered with ${wordsOf(unclear)}`);
    const due = dueOf(asked);
    return each(answers, 'answers to evictions', (answer) => {
      const told = `${asked.is}, policy ${asked.policy}, budget ${asked.budget}`;
      if (answer.is !== due)
        return breach(`the eviction of ${asked.pod} (${told}) was ${answer.is}, not ${due}`, life.first, answer.entry);
      return due === 'granted' ? notGone(life, answer) : notSpared(life, answer);
    });
  });
}

/** What the policy makes of it, where no disruption is allowed. */
function dueOf({ is, policy, budget }: PolicyCase): 'granted' | 'refused' {
  switch (is) {
    case 'Ready':
      return 'refused';
    case 'Pending':
      return 'granted';
    case 'Running and not Ready':
      return policy === 'AlwaysAllow' || budget === 'met' ? 'granted' : 'refused';
  }
}

function doubtAboutCase(window: Window, name: string, { policy, budget, alive }: PolicyCase): string | undefined {
  if (alive === undefined) return 'the span does not end with a quiet window';
  const stored = budgetAt(window, name, window.from);
  if (stored === undefined) return `there was no budget ${name} when the span began`;
  const has = stored.spec?.unhealthyPodEvictionPolicy ?? 'unset';
  if (has !== policy) return `the policy of ${name} was ${has} when the span began`;
  const count = countAt(window, stored, window.from);
  if (typeof count === 'string') return count;
  if (count.allowed > 0 || count.desired === 0) return `${name} did not forbid disruptions when the span began`;
  const was = count.healthy >= count.desired ? 'met' : 'not met';
  return was === budget ? undefined : `${name} was ${was} when the span began`;
}

function doubtAboutPod(pod: Recorded<'pods'> | undefined, { pod: name, is }: PolicyCase): string | undefined {
  const isAs = pod !== undefined && pod.metadata.deletionTimestamp === undefined && stateOf(pod) === is;
  return isAs ? undefined : `${name} was not ${is} when the span began`;
}

function stateOf(pod: Recorded<'pods'>): PolicyCase['is'] | undefined {
  if (!isRunning(pod)) return pod.status?.phase === 'Pending' ? 'Pending' : undefined;
  return isReady(pod) ? 'Ready' : 'Running and not Ready';
}
