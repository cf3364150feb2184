import type { Recorded } from '../history/objects.ts';
import { controllerOf, isReady, isTerminating } from '../history/pods.ts';
import type { Window } from './guarantee.ts';
import { selects } from './requirements.ts';

export type Budget = Recorded<'poddisruptionbudgets'>;
type Pod = Recorded<'pods'>;
type StatefulSet = Recorded<'statefulsets'>;

/** The figures that follow from a budget and the Pods it speaks of. */
export interface Count {
  /** How many Pods there are to be: by an integer minAvailable those that are there, else the replicas of the sets that own them. */
  readonly expected: number;
  readonly desired: number;
  readonly healthy: number;
  readonly allowed: number;
}

/** The budget of that name right after the entry with this index. */
export function budgetAt(window: Window, name: string, index: number): Budget | undefined {
  return [...window.history.stateAfter('poddisruptionbudgets', index).values()].find(
    (budget) => budget.metadata.name === name,
  );
}

/** What the budget has to say of the Pods and sets as they were right after the entry with this index; or why that is not known. */
export function countAt(window: Window, budget: Budget, index: number): Count | string {
  const pods = [...window.history.stateAfter('pods', index).values()];
  return countOf(budget, pods, [...window.history.stateAfter('statefulsets', index).values()]);
}

function countOf(budget: Budget, pods: readonly Pod[], sets: readonly StatefulSet[]): Count | string {
  const covered = coveredBy(budget, pods);
  if (typeof covered === 'string') return covered;
  const expected = isInteger(budget.spec?.minAvailable) ? covered.length : scaleOf(covered, sets);
  if (typeof expected === 'string') return expected;
  const desired = desiredOf(budget, expected);
  if (desired === undefined) return `${budget.metadata.name} says neither minAvailable nor maxUnavailable`;
  const healthy = covered.filter((pod) => isHealthy(budget, pod)).length;
  return { expected, desired, healthy, allowed: allowedOf({ expected, desired, healthy }) };
}

/** How many Pods of so many have to be healthy: percentages are rounded up, for the one bound as for the other. */
export function desiredOf({ spec }: Budget, expected: number): number | undefined {
  if (spec?.minAvailable !== undefined) return scaled(spec.minAvailable, expected);
  if (spec?.maxUnavailable !== undefined) return Math.max(0, expected - scaled(spec.maxUnavailable, expected));
  return undefined;
}

/** Never below 0, and none where no Pod is expected: what is there then is on its way out. */
export function allowedOf({ expected, desired, healthy }: Omit<Count, 'allowed'>): number {
  return expected <= 0 ? 0 : Math.max(0, healthy - desired);
}

/** Ready, not on its way out, and not given up already by an eviction that is under way. */
export function isHealthy(budget: Budget, pod: Pod): boolean {
  return isReady(pod) && !isTerminating(pod) && !isGivenUp(budget, pod);
}

/** The budget keeps such Pods by their names: what it says of one that was made later is meant for the one before. Times are told to the second. */
function isGivenUp({ status }: Budget, { metadata }: Pod): boolean {
  const since = status?.disruptedPods?.[metadata.name];
  return since !== undefined && Date.parse(since) >= Date.parse(metadata.creationTimestamp ?? since);
}

/** The Pods that the budget's selector matches. */
export function coveredBy({ metadata, spec }: Budget, pods: readonly Pod[]): readonly Pod[] | string {
  const selector = spec?.selector;
  if (selector === undefined) return `the budget ${metadata.name} has no selector`;
  return pods.filter((pod) => selects(selector, pod.metadata.labels));
}

function scaleOf(covered: readonly Pod[], sets: readonly StatefulSet[]): number | string {
  const owners = new Set(covered.map((pod) => controllerOf(pod)?.uid));
  const scales = [...owners].map((uid) => sets.find((set) => set.metadata.uid === uid)?.spec?.replicas);
  const known = scales.filter((replicas) => replicas !== undefined);
  if (known.length < scales.length) return 'some of the Pods belong to no set that is there';
  return known.reduce((sum, replicas) => sum + replicas, 0);
}

function scaled(bound: number | string, total: number): number {
  if (typeof bound === 'number') return bound;
  return Math.ceil((Number(bound.replace('%', '')) * total) / 100);
}

function isInteger(bound: number | string | undefined): boolean {
  return typeof bound === 'number';
}
