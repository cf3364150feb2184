import type { Change } from '../history/entries.ts';
import { unmetGatesOf } from '../history/pods.ts';
import type { OrdinalSet } from '../history/sets.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span } from './guarantee.ts';
import { additionsOf, isReadyAt, isRunningAt, livesAt, livesOf, type PodLife } from './lives.ts';

/**
 * OrderedReady: "Pods are created sequentially, in order from {0..n-1}".
 *
 * Verified: within the span, each added Pod has a higher ordinal than the one added before it, and no ordinal is passed over, nor below the first.
 * Not verified: whether a Pod waited for anything (see `eachPodWaitsForItsPredecessors`).
 */
export function eachPodIsAddedInOrdinalOrder(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('eachPodIsAddedInOrdinalOrder', ['pods'], span, (window) => {
    const additions = additionsOf(window, set);
    const order = each(additions.slice(1), 'Pod additions that follow another', (life, position) => {
      const before = additions[position];
      if (before === undefined || life.ordinal === before.ordinal + 1) return undefined;
      return breach(`${life.name} was added right after ${before.name}`, before.first, life.first);
    });
    const [first] = additions;
    const passedOver = first === undefined ? undefined : ordinalsMissingBelow(first, livesOf(window, set))[0];
    if (first === undefined || passedOver === undefined || order.status === 'undecided') return order;
    const because = `${first.name} was added first, and there was no ${set.name}-${passedOver}`;
    return { ...order, breaches: [breach(because, first.first), ...order.breaches] };
  });
}

/**
 * OrderedReady: "web-1 is not launched until web-0 is Running and Ready".
 *
 * Verified: when a Pod is added within the span, every lower ordinal has a Pod that is Running and Ready at that point of the history.
 * Not verified: how long the controller waited. Pods of ordinal 0 have no predecessor and are not counted.
 */
export function eachPodWaitsForItsPredecessors(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('eachPodWaitsForItsPredecessors', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    const gated = additionsOf(window, set).filter((life) => life.ordinal > 0);
    return each(gated, 'additions of Pods with predecessors', (life) => {
      const there = livesAt(lives, life.first.index);
      const ready = new Set(there.filter((each) => isReadyAt(each, life.first.index)).map((each) => each.ordinal));
      const missing = Array.from({ length: life.ordinal }, (_, ordinal) => ordinal).find(
        (ordinal) => !ready.has(ordinal),
      );
      if (missing === undefined) return undefined;
      const predecessor = there.find((each) => each.ordinal === missing);
      const because = `${life.name} was added while ${set.name}-${missing} was ${predecessor === undefined ? 'not there' : 'not Running and Ready'}`;
      return breach(because, life.first, ...(predecessor === undefined ? [] : [predecessor.first]));
    });
  });
}

/**
 * OrderedReady: "they are created sequentially": one after another, and not in a burst.
 *
 * Verified: when a Pod is added within the span, each Pod that was added before it in the span, and is still there, has been Running and Ready at some time.
 * Not verified: the order of the ordinals (see `eachPodIsAddedInOrdinalOrder`), nor that the earlier Pods are still Ready.
 */
export function noPodIsAddedWhileAnotherStarts(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('noPodIsAddedWhileAnotherStarts', ['pods'], span, (window) => {
    const additions = additionsOf(window, set);
    return each(additions.slice(1), 'Pod additions that follow another', (life, position) => {
      const starting = livesAt(additions.slice(0, position + 1), life.first.index).find(
        (earlier) => earlier.ready === undefined || earlier.ready.index > life.first.index,
      );
      if (starting === undefined) return undefined;
      return breach(`${life.name} was added while ${starting.name} was starting`, starting.first, life.first);
    });
  });
}

/**
 * "A Pod is evaluated to be ready only when … all conditions specified in readinessGates are True."
 *
 * Verified: each Pod with readiness gates that was added within the span is first seen Running and Ready when each gate's condition is, or has been, True; a condition that nobody has set is not.
 * Not verified: that it becomes Ready once they are, or loses readiness with them.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate
 */
export function noPodIsReadyBeforeItsGates(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('noPodIsReadyBeforeItsGates', ['pods'], span, (window) => {
    const gated = additionsOf(window, set).filter(({ first }) => (first.object.spec?.readinessGates ?? []).length > 0);
    return each(gated, 'Pods with readiness gates', ({ name, changes, ready }) => {
      if (ready === undefined) return undefined;
      const wereMet = changes.some(({ index, object }) => index <= ready.index && unmetGatesOf(object).length === 0);
      if (wereMet) return undefined;
      return breach(`${name} is Ready, and ${unmetGatesOf(ready.object).join(', ')} is not met`, ready);
    });
  });
}

/**
 * A Pod is Running for a while before it is Ready: only then does an order by readiness differ from one by running.
 *
 * Verified: each of these Pods that was added within the span was seen Running and not Ready, and Ready later.
 * Not verified: how long it was so.
 */
export function eachPodRunsBeforeItIsReady(set: OrdinalSet, ordinals: readonly number[], span: Span = {}): Guarantee {
  return guarantee('eachPodRunsBeforeItIsReady', ['pods'], span, (window) => {
    const additions = additionsOf(window, set).filter((life) => ordinals.includes(life.ordinal));
    const missing = ordinals.find((ordinal) => !additions.some((life) => life.ordinal === ordinal));
    if (missing !== undefined) return undecided(`no ${set.name}-${missing} was added within the span`);
    return each(additions, 'Pod additions', (life) => {
      const { ready } = life;
      if (ready === undefined) return breach(`${life.name} never was Ready`, life.last);
      const ran = life.changes.some((change) => change.index < ready.index && isRunningAt(life, change.index));
      return ran ? undefined : breach(`${life.name} was Ready as soon as it was Running`, life.first, ready);
    });
  });
}

/**
 * Recreation follows "the same ordering and Ready gate as first creation".
 *
 * Verified: the span begins with Pods of the set; when a replacement of one of them is added within it, every lower ordinal that had a Pod at the beginning
 * has a Pod with another uid, Running and Ready. An old Pod that is still Ready while it terminates does not count.
 * Not verified: which of the old Pods went first.
 */
export function eachReplacementWaitsForItsPredecessors(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('eachReplacementWaitsForItsPredecessors', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    const old = livesAt(lives, window.from);
    const additions = additionsOf(window, set);
    const gated = additions.filter((life) => old.some((each) => each.ordinal < life.ordinal));
    return each(gated, 'replacements with predecessors', (life) => {
      const isBack = (ordinal: number): boolean =>
        additions.some((each) => each.ordinal === ordinal && isReadyAt(each, life.first.index));
      const missing = old.find((each) => each.ordinal < life.ordinal && !isBack(each.ordinal));
      if (missing === undefined) return undefined;
      const because = `${life.name} was recreated before a new ${missing.name} was Running and Ready`;
      return breach(because, missing.deletion ?? missing.first, life.first);
    });
  });
}

/**
 * "While creation is in progress the set reports fewer current than desired replicas, then converges."
 *
 * Verified: the set was made within the span for this number of replicas; up to the change in which all are Ready its `status.replicas` goes 0, 1, … n without a
 * step left out or taken back, and runs ahead of `readyReplicas` by one at most; never are more replicas Ready than there are; at the end the
 * status is that of the newest generation and counts all as Ready.
 * Not verified: whether the status is true of the Pods.
 */
export function theSetCountsItsPodsUp(set: OrdinalSet, replicas: number, span: Span = {}): Guarantee {
  return guarantee('theSetCountsItsPodsUp', ['statefulsets'], span, (window) => {
    const changes = window.changes('statefulsets').filter((change) => change.object.metadata.name === set.name);
    const [first] = changes;
    const last = changes.at(-1);
    if (first?.type !== 'added' || last === undefined) return undecided(`${set.name} was not made within the span`);
    if (changes.some((change) => change.object.spec?.replicas !== replicas))
      return undecided(`${set.name} did not ask for ${replicas} replicas throughout`);
    const converged = changes.findIndex((change) => readyReplicasOf(change) === replicas);
    const creation = converged < 0 ? changes : changes.slice(0, converged + 1);
    const steps = creation.filter((change, at) => at === 0 || replicasOf(change) !== replicasOf(creation[at - 1]));
    return together(
      each(steps, 'steps of status.replicas', (change, step) =>
        replicasOf(change) === step && step <= replicas
          ? undefined
          : breach(
              `status.replicas became ${replicasOf(change)} where ${step} was next`,
              steps[step - 1] ?? change,
              change,
            ),
      ),
      each(creation, 'changes of the set during creation', gateOfStatus),
      each(changes, 'changes of the set', (change) =>
        readyReplicasOf(change) <= replicasOf(change)
          ? undefined
          : breach(
              `more replicas were Ready (${readyReplicasOf(change)}) than there were (${replicasOf(change)})`,
              change,
            ),
      ),
      each([last], 'final status', (change) => unconverged(change, replicas)),
    );
  });
}

function ordinalsMissingBelow(life: PodLife, lives: readonly PodLife[]): readonly number[] {
  const there = new Set(livesAt(lives, life.first.index).map((each) => each.ordinal));
  return Array.from({ length: life.ordinal }, (_, ordinal) => ordinal).filter((ordinal) => !there.has(ordinal));
}

function replicasOf(change: Change<'statefulsets'> | undefined): number {
  return change?.object.status?.replicas ?? 0;
}

function readyReplicasOf(change: Change<'statefulsets'>): number {
  return change.object.status?.readyReplicas ?? 0;
}

function gateOfStatus(change: Change<'statefulsets'>): Breach | undefined {
  if (replicasOf(change) <= readyReplicasOf(change) + 1) return undefined;
  return breach(`the set counted ${replicasOf(change)} Pods while ${readyReplicasOf(change)} were Ready`, change);
}

function unconverged(change: Change<'statefulsets'>, replicas: number): Breach | undefined {
  const { metadata, status } = change.object;
  const isNewest = metadata.generation !== undefined && status?.observedGeneration === metadata.generation;
  if (isNewest && replicasOf(change) === replicas && readyReplicasOf(change) === replicas) return undefined;
  return breach(
    `the set came to ${readyReplicasOf(change)} Ready of ${replicasOf(change)}, at generation ${status?.observedGeneration} of ${metadata.generation}`,
    change,
  );
}
