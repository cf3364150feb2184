import type { Change } from '../history/entries.ts';
import {
  allowedOf,
  budgetAt,
  countAt,
  coveredBy,
  desiredOf,
  isHealthy,
  type Budget,
  type Count,
} from './budgetCount.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span, type Window } from './guarantee.ts';

type BudgetChange = Change<'poddisruptionbudgets'>;

/**
 * "The number of Pods that must still be available after the eviction", as an integer or as a percentage that is rounded up:
 * what a budget's status says once things stand still.
 *
 * Verified: in a quiet window of the disruption controller in which neither Pods nor sets nor the budget's spec changed
 * in what counts, the budget's status comes to say what follows from them: expectedPods (by an integer minAvailable the
 * Pods there are, else the replicas that the owning sets ask for), desiredHealthy (percentages rounded up, never below
 * 0), currentHealthy (Ready, not Terminating, not given up by an eviction since it was made), disruptionsAllowed (healthy −
 * desired, never below 0, and 0 where no Pod is expected), observedGeneration, and the condition DisruptionAllowed.
 * Not verified: what the status said on the way (see `budgetNeverMiscounts`), nor Pods of other controllers than sets.
 * Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget
 */
export function budgetCountsItsPods(name: string, span: Span): Guarantee {
  return guarantee('budgetCountsItsPods', ['poddisruptionbudgets', 'pods', 'statefulsets'], span, (window) => {
    const change = lastChangeOf(window, name);
    const doubt =
      span.alive === 'disruption'
        ? doubtAboutStillness(window, name)
        : 'the span is no window of the disruption controller';
    if (change === undefined || change.type === 'deleted') return undecided(`there was no budget ${name}`);
    if (doubt !== undefined) return undecided(doubt);
    const due = countAt(window, change.object, window.to);
    if (typeof due === 'string') return undecided(due);
    return each(figuresOf(change.object, due), `figures in the status of the budget ${name}`, ({ of, is, ought }) =>
      is === ought
        ? undefined
        : breach(
            `the budget ${name} says ${of} ${is}, and ${ought} is right`,
            change,
            ...coveredChanges(window, change.object),
          ),
    );
  });
}

/**
 * The same through the watch, while Pods come and go, lose and regain their readiness.
 *
 * Verified: every status that the API server reported in the span (of budgets with this bound, where one is named) is right in itself (desiredHealthy follows from the
 * spec it was made for and from expectedPods, disruptionsAllowed from all three), and the statuses tell of states that
 * the Pods were really in, in that order: so many healthy and, by an integer minAvailable, so many there. A status that
 * an eviction had a hand in may allow less.
 * Not verified: that every state of the Pods found its way into a status, nor how soon (see `budgetCountsItsPods`).
 */
export function budgetNeverMiscounts(name: string, span: Span, bound?: 'minAvailable' | 'maxUnavailable'): Guarantee {
  return guarantee('budgetNeverMiscounts', ['poddisruptionbudgets', 'pods'], span, (window) => {
    const statuses = statusesOf(window, name).filter(
      ({ object }) => bound === undefined || object.spec?.[bound] !== undefined,
    );
    const states = statesSeenBy(window, name);
    if (typeof states === 'string') return undecided(states);
    let reached = 0;
    return each(statuses, `statuses of the budget ${name}`, (change) => {
      const wrong = wrongInItself(change.object);
      if (wrong !== undefined) return breach(`the budget ${name} says ${wrong}`, change);
      if (hasDisrupted(change.object)) return undefined;
      const found = states.findIndex((state, position) => position >= reached && tellsOf(change.object, state));
      if (found >= 0) reached = found;
      return found >= 0
        ? undefined
        : breach(`the budget ${name} says ${saysOf(change.object)}, and its Pods were never so again`, change);
    });
  });
}

interface Figure {
  readonly of: string;
  readonly is: number | string | undefined;
  readonly ought: number | string | undefined;
}

/** A count that the API leaves out is 0. */
function figuresOf({ metadata, status }: Budget, due: Count): readonly Figure[] {
  const condition = status?.conditions?.find(({ type }) => type === 'DisruptionAllowed');
  return [
    { of: 'observedGeneration', is: status?.observedGeneration, ought: metadata.generation },
    { of: 'expectedPods', is: status?.expectedPods ?? 0, ought: due.expected },
    { of: 'desiredHealthy', is: status?.desiredHealthy ?? 0, ought: due.desired },
    { of: 'currentHealthy', is: status?.currentHealthy ?? 0, ought: due.healthy },
    { of: 'disruptionsAllowed', is: status?.disruptionsAllowed ?? 0, ought: due.allowed },
    { of: 'DisruptionAllowed', is: condition?.status, ought: due.allowed > 0 ? 'True' : 'False' },
  ];
}

/** Why nothing definite can be expected of the budget: something it is about changed while the controller was watched. */
function doubtAboutStillness(window: Window, name: string): string | undefined {
  const [before, after] = [budgetAt(window, name, window.from), budgetAt(window, name, window.to)];
  if (before === undefined || after === undefined || before.metadata.uid !== after.metadata.uid)
    return `there was no budget ${name} from the beginning of the span to its end`;
  if (before.metadata.generation !== after.metadata.generation) return `the budget ${name} was changed in the span`;
  const instants = [...window.changes('pods'), ...window.changes('statefulsets')].map(({ index }) => index);
  const counts = [window.from, ...instants].map((index) => JSON.stringify(countAt(window, after, index)));
  return new Set(counts).size === 1 ? undefined : `the Pods that the budget ${name} speaks of changed in the span`;
}

function lastChangeOf(window: Window, name: string): BudgetChange | undefined {
  return changesUpTo(window, name).at(-1);
}

function changesUpTo(window: Window, name: string): readonly BudgetChange[] {
  return window.history
    .changes('poddisruptionbudgets', -1, window.to)
    .filter((change) => change.object.metadata.name === name);
}

/** The last change of each Pod that the budget speaks of at the end: what its status is measured by. */
function coveredChanges(window: Window, budget: Budget): readonly Change<'pods'>[] {
  const covered = coveredBy(budget, [...window.stateAtEnd('pods').values()]);
  if (typeof covered === 'string') return [];
  const changes = window.history.changes('pods', -1, window.to);
  return covered
    .map((pod) => changes.findLast(({ object }) => object.metadata.uid === pod.metadata.uid))
    .filter((change) => change !== undefined);
}

/** The changes of the span in which the budget has a status, and another one than before. */
function statusesOf(window: Window, name: string): readonly BudgetChange[] {
  return changesUpTo(window, name).filter(
    ({ type, object, index }, position, all) =>
      type !== 'deleted' &&
      index > window.from &&
      object.status?.observedGeneration !== undefined &&
      JSON.stringify(object.status) !== JSON.stringify(all[position - 1]?.object.status),
  );
}

function wrongInItself(budget: Budget): string | undefined {
  const { metadata, status } = budget;
  if (status === undefined) return undefined;
  const { expectedPods: expected = 0, desiredHealthy: desired = 0, currentHealthy: healthy = 0 } = status;
  const { disruptionsAllowed = 0 } = status;
  const due = status.observedGeneration === metadata.generation ? desiredOf(budget, expected) : undefined;
  if (due !== undefined && desired !== due) return `desiredHealthy ${desired} of ${expected}, and ${due} is right`;
  const allowed = allowedOf({ expected, desired, healthy });
  const isRight = hasDisrupted(budget) ? disruptionsAllowed <= allowed : disruptionsAllowed === allowed;
  return isRight
    ? undefined
    : `disruptionsAllowed ${disruptionsAllowed} with ${healthy} healthy and ${desired} desired`;
}

function hasDisrupted({ status }: Budget): boolean {
  return Object.keys(status?.disruptedPods ?? {}).length > 0;
}

interface State {
  readonly there: number;
  readonly healthy: number;
}

/** The states of the budget's Pods from the beginning of the recording, one after another: what a controller may have had before it. */
function statesSeenBy(window: Window, name: string): readonly State[] | string {
  const budget = lastChangeOf(window, name)?.object;
  if (budget === undefined) return `there was no budget ${name}`;
  const untold = { ...budget, status: undefined } as unknown as Budget;
  const changes = window.history.changes('pods', -1, window.to);
  const states = [-1, ...changes.map(({ index }) => index)].map((index) => {
    const covered = coveredBy(untold, [...window.history.stateAfter('pods', index).values()]);
    return typeof covered === 'string'
      ? covered
      : { there: covered.length, healthy: covered.filter((pod) => isHealthy(untold, pod)).length };
  });
  const unread = states.find((state) => typeof state === 'string');
  return unread ?? states.filter((state) => typeof state !== 'string');
}

function tellsOf({ metadata, spec, status }: Budget, { there, healthy }: State): boolean {
  const countsPods = typeof spec?.minAvailable === 'number' && status?.observedGeneration === metadata.generation;
  return status?.currentHealthy === healthy && (!countsPods || status.expectedPods === there);
}

function saysOf({ status }: Budget): string {
  return `${status?.currentHealthy} healthy of ${status?.expectedPods}`;
}
