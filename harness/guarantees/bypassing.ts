import { budgetAt, countAt, coveredBy } from './budgetCount.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectAt } from './objects.ts';
import { podAtStart } from './evictionAnswers.ts';

/**
 * "Directly deleting a Pod bypasses the budget", and so do roll-outs and scaling: what does not ask is not held back.
 *
 * Verified: when the span began the budget was over each of these Pods and allowed no disruption by the Pods as they were,
 * and no status of the span allowed one; each of the Pods was asked to go in the span and is gone at its end.
 * Not verified: who deleted them, and what came in their place.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#voluntary-and-involuntary-disruptions
 */
export function podsGoDespiteBudget(budget: string, pods: readonly string[], span: Span): Guarantee {
  return guarantee('podsGoDespiteBudget', ['poddisruptionbudgets', 'pods', 'statefulsets'], span, (window) => {
    const doubt = doubtAboutBan(window, budget, pods);
    if (doubt !== undefined) return undecided(doubt);
    const lives = pods.map((name) => podAtStart(window, name)).filter((life) => life !== undefined);
    return each(lives, 'Pods under a budget that allows no disruption', (life) => {
      if (life.deletion === undefined) return breach(`${life.name} was not deleted`, life.last);
      return life.gone === undefined ? breach(`${life.name} did not go`, life.deletion) : undefined;
    });
  });
}

function doubtAboutBan(window: Window, name: string, pods: readonly string[]): string | undefined {
  const budget = budgetAt(window, name, window.from);
  if (budget === undefined) return `there was no budget ${name} when the span began`;
  const count = countAt(window, budget, window.from);
  if (typeof count === 'string') return count;
  if (count.allowed > 0) return `${name} allowed ${count.allowed} disruptions when the span began`;
  const uncovered = pods.find((pod) => {
    const life = podAtStart(window, pod);
    const object = life === undefined ? undefined : objectAt(life, window.from);
    return (
      object === undefined ||
      object.metadata.deletionTimestamp !== undefined ||
      coveredBy(budget, [object]).length === 0
    );
  });
  if (uncovered !== undefined) return `${uncovered} was not there under the budget ${name} when the span began`;
  const changes = window.changes('poddisruptionbudgets').filter(({ object }) => object.metadata.name === name);
  const isBanned = changes.every(
    ({ type, object }) => type !== 'deleted' && (object.status?.disruptionsAllowed ?? 0) === 0,
  );
  return isBanned ? undefined : `${name} did not forbid disruptions throughout the span`;
}
