import type { Change, Operation } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { controllerOf, isRunningAndReady } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { answersAt, wordsOf, type EvictionAnswer } from './evictionAnswers.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Window } from './guarantee.ts';
import { changeAt, isReadyAt, livesAt, livesOf } from './lives.ts';
import { cordonTaint, isCordoned, isSchedulable, nodesAtEnd } from './nodeStates.ts';
import { objectAt, objectsOf, thereAt, wasDone, type ObjectLife } from './objects.ts';
import { nodeOf, reasonFor, unlessStartedOn, waitingAtStart } from './scheduling.ts';
import type { From } from './standing.ts';

type Pod = Recorded<'pods'>;
type PodObject = ObjectLife<'pods'>;

/** A drain as a story tells of it: its node, and the moment under which the answers to its evictions are recorded. */
export interface Drained {
  readonly node: string;
  readonly moment: string;
}

/**
 * "kubectl drain succeeds": the node is cordoned, and the Pods on it have been evicted.
 *
 * Verified: when the span began there were Pods on the node that a drain takes; the eviction of each was granted in the end; each is gone, and before that the API server had marked it as evicted (condition
 * DisruptionTarget True, reason EvictionByEvictionAPI); none of these names is on the node at the end; the drain ended in success, and the node is cordoned.
 * Not verified: what comes in the Pods' place (see `movesToTheFreeNode`).
 */
export function drainSucceeds(drain: Drained, span: From): Guarantee {
  return guarantee('drainSucceeds', ['pods', 'nodes'], span, (window) => {
    const pods = onNode(window, drain.node).filter(({ pod }) => isTaken(pod));
    const [end] = endsOf(window, drain);
    if (end === undefined) return undecided(`it is not known how draining ${drain.node} ended (${drain.moment})`);
    if (pods.length === 0) return undecided(`there was no Pod to evict on ${drain.node} when the span began`);
    return together(
      each([end], 'drains', () =>
        end.phase === 'succeeded' ? undefined : breach(`draining ${drain.node} failed: ${end.because}`, end),
      ),
      each(pods, 'Pods on the drained node', ({ life }) => unlessEvicted(window, life, drain)),
      each([drain.node], 'drained nodes', (name) => unlessCordoned(window, name)),
    );
  });
}

/**
 * "You cannot drain the third node because evicting the Pod would violate the budget."
 *
 * Verified: when the span began the Pod of this ordinal was Ready on the node and another Pod of the set was not Ready, so that one more would be the second; every eviction of it that the drain asked
 * for, twice or more, was refused with 429 for a budget's sake; the drain ended without success.
 * Not verified: what became of the Pod (see `podsStayReady`) and of the node (see `nodeStaysCordoned`).
 */
export function drainIsRefused(set: OrdinalSet, ordinal: number, drain: Drained, span: From): Guarantee {
  return guarantee('drainIsRefused', ['pods'], span, (window) => {
    const name = podNameOf(set, ordinal);
    const lives = livesAt(livesOf(window, set), window.from);
    const isStanding = lives.some(
      (life) =>
        life.ordinal === ordinal && isReadyAt(life, window.from) && nodeOf(objectOf(life, window)) === drain.node,
    );
    const isShort = lives.some((life) => life.ordinal !== ordinal && !isReadyAt(life, window.from));
    if (!isStanding) return undecided(`${name} was not Ready on ${drain.node} when the span began`);
    if (!isShort) return undecided(`every other Pod of ${set.name} was Ready when the span began`);
    const answers = answersAt(window, drain.moment).filter(({ pod }) => pod === name);
    const [end] = endsOf(window, drain);
    const unclear = answers.find(({ is }) => is === 'unclear');
    const doubt =
      unclear === undefined
        ? answers.length > 1 && end !== undefined
          ? undefined
          : `${name} was to be evicted ${answers.length} times, and twice are needed`
        : `the eviction of ${name} was answered with ${wordsOf(unclear)}`;
    const ended = end === undefined ? [] : [end];
    return unlessInDoubt(
      doubt,
      together(
        each(answers, 'evictions that a budget forbids', (answer) =>
          answer.is === 'refused' || answer.is === 'unclear'
            ? undefined
            : breach(`the eviction of ${name} was answered with ${wordsOf(answer)}`, answer.entry),
        ),
        each(ended, 'drains', (operation) =>
          operation.phase === 'succeeded' ? breach(`draining ${drain.node} succeeded`, operation) : undefined,
        ),
      ),
    );
  });
}

/**
 * "However, the node will remain cordoned."
 *
 * Verified: at the end of the span the node is unschedulable and has the taint that keeps Pods away.
 * Not verified: that no Pod comes to it (see `cordonedNodesGetNoPod`).
 */
export function nodeStaysCordoned(node: string, span: From): Guarantee {
  return guarantee('nodeStaysCordoned', ['nodes'], span, (window) =>
    each([node], 'nodes', (name) => unlessCordoned(window, name)),
  );
}

/**
 * "The Pod is rescheduled to another node": to the one that is left.
 *
 * Verified: at the end of the span one node is schedulable and had no other Pod of the set on it when the span began. The Pod of this ordinal, which was on another node then, is gone, and another of its
 * name is on that node, Running and Ready, without a restart, made once.
 * Not verified: what it stores (see `identityIsKept` and what clients read).
 */
export function movesToTheFreeNode(set: OrdinalSet, ordinal: number, span: From): Guarantee {
  return guarantee('movesToTheFreeNode', ['pods', 'nodes'], span, (window) => {
    const lives = livesOf(window, set);
    const before = livesAt(lives, window.from);
    const old = before.find((life) => life.ordinal === ordinal);
    const taken = before.map((life) => nodeOf(objectOf(life, window)));
    const free = nodesAtEnd(window)
      .filter(({ name, last }) => isSchedulable(last.object) && !taken.includes(name))
      .map(({ name }) => name);
    const [target] = free;
    const name = podNameOf(set, ordinal);
    if (old === undefined) return undecided(`${name} was not there when the span began`);
    if (target === undefined || free.length > 1)
      return undecided(`${free.length} nodes were free for ${name}, not one`);
    const fresh = lives.filter((life) => life.ordinal === ordinal && life.first.index > window.from);
    return each([old], 'Pods that had to move', () => {
      const [first, second] = fresh;
      if (old.gone === undefined) return breach(`${name} is still on ${nodeOf(old.last.object)}`, old.last);
      if (first === undefined) return missingAtEnd(window, `${name} did not come back`);
      if (second !== undefined) return breach(`${name} was made more than once`, first.first, second.first);
      const pod = first.last.object;
      if (nodeOf(pod) !== target)
        return breach(`${name} is on ${nodeOf(pod) ?? reasonFor(pod)}, not on ${target}`, first.last);
      const restarts = (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
      if (restarts > 0) return breach(`a container of the new ${name} was restarted`, first.last);
      return isRunningAndReady(pod) ? undefined : breach(`the new ${name} is not Ready`, first.last);
    });
  });
}

/**
 * "Uncordon the first node. The Pod is rescheduled on this node."
 *
 * Verified: when the span began the Pod of this ordinal was Pending on no node, and this node was cordoned; in the span the story uncordoned it. At the end it is the same Pod (uid), on this node, Running and Ready.
 * Not verified: that it had to be this node (see `waitsForAntiAffinity`).
 */
export function isPutOnTheUncordonedNode(set: OrdinalSet, ordinal: number, node: string, span: From): Guarantee {
  return guarantee('isPutOnTheUncordonedNode', ['pods', 'nodes'], span, (window) => {
    const life = waitingAtStart(window, set, ordinal);
    const cordoned = thereAt(objectsOf(window, 'nodes'), window.from).find((each) => each.name === node);
    const stood = cordoned && objectAt(cordoned, window.from);
    if (life === undefined)
      return undecided(`${podNameOf(set, ordinal)} was not waiting for a node when the span began`);
    if (stood === undefined || !isCordoned(stood)) return undecided(`${node} was not cordoned when the span began`);
    if (!wasDone(window, 'uncordon', `nodes/${node}`)) return undecided(`${node} was not uncordoned in the span`);
    return each([life], 'Pods that waited for a node', () => unlessStartedOn(life, node));
  });
}

/**
 * "Cordon all but four nodes", so that the scheduler has exactly these to choose from.
 *
 * Verified: at the end of the span exactly so many nodes are neither cordoned nor tainted against Pods without tolerations.
 * Not verified: their room.
 */
export function soManyNodesAreSchedulable(count: number, span: From): Guarantee {
  return guarantee('soManyNodesAreSchedulable', ['nodes'], span, (window) => {
    const nodes = nodesAtEnd(window);
    const open = nodes.filter(({ last }) => isSchedulable(last.object));
    return each(nodes.slice(0, 1), 'clusters of nodes', (any) =>
      open.length === count
        ? undefined
        : breach(`${open.length} nodes are schedulable, not ${count}`, any.last, ...open.map(({ last }) => last)),
    );
  });
}

/**
 * A cordoned node gets no new Pod.
 *
 * Verified: a Pod of the namespace, not a DaemonSet's, that is first seen on a node in the span is not on one that was cordoned at the fence before that and up to the fence after it. In the span some node
 * was cordoned, and some Pod was put on a node.
 * Not verified: Pods that were put there between two fences in which the node changed sides.
 */
export function cordonedNodesGetNoPod(span: From): Guarantee {
  return guarantee('cordonedNodesGetNoPod', ['pods', 'nodes'], span, (window) => {
    const nodes = objectsOf(window, 'nodes');
    const wasCordoned = nodes.some(({ changes }) =>
      changes.some(({ index, object }) => index > window.from && isCordoned(object)),
    );
    if (!wasCordoned) return undecided('no node was cordoned in the span');
    const placed = objectsOf(window, 'pods').flatMap((life) => placingOf(life, window));
    return each(placed, 'Pods that were put on a node', ({ life, change }) => {
      const node = nodes.find(({ name }) => name === nodeOf(change.object));
      const isForbidden = node !== undefined && isCordonedAround(window, node, change.index);
      return isForbidden
        ? breach(`${life.name} was put on ${node.name}, which was cordoned`, node.last, change)
        : undefined;
    });
  });
}

/**
 * "--ignore-daemonsets --force --delete-emptydir-data": what nobody would make again goes as well, and DaemonSets' Pods stay.
 *
 * Verified: when the span began there were on the node a Pod of a DaemonSet, one that no controller owns, and one with an emptyDir volume. The first kind is at the end what it was (uid), never asked to go and never
 * asked to be evicted; each Pod of the others was evicted and is gone.
 * Not verified: Pods of other namespaces, which this drain does not touch.
 */
export function drainTakesAllButDaemons(drain: Drained, span: From): Guarantee {
  return guarantee('drainTakesAllButDaemons', ['pods'], span, (window) => {
    const pods = onNode(window, drain.node);
    const daemons = pods.filter(({ pod }) => controllerOf(pod)?.kind === 'DaemonSet');
    const unmanaged = pods.filter(({ pod }) => controllerOf(pod) === undefined);
    const scratch = pods.filter(
      ({ pod }) => isTaken(pod) && (pod.spec?.volumes ?? []).some(({ emptyDir }) => emptyDir),
    );
    const missing =
      daemons.length === 0 ? 'Pod of a DaemonSet' : unmanaged.length === 0 ? 'unmanaged Pod' : 'Pod with an emptyDir';
    if (daemons.length === 0 || unmanaged.length === 0 || scratch.length === 0)
      return undecided(`there was no ${missing} on ${drain.node} when the span began`);
    const asked = answersAt(window, drain.moment);
    return together(
      each(daemons, 'Pods of DaemonSets', ({ life }) => {
        const answer = asked.find(({ pod }) => pod === life.name);
        if (answer !== undefined) return breach(`${life.name} of a DaemonSet was to be evicted`, answer.entry);
        return life.deletion && breach(`${life.name} of a DaemonSet was deleted`, life.first, life.deletion);
      }),
      each([...new Set([...unmanaged, ...scratch])], 'Pods that nobody makes again', ({ life }) =>
        unlessEvicted(window, life, drain),
      ),
    );
  });
}

/**
 * "Uncordon all the nodes in your cluster."
 *
 * Verified: nodes were cordoned within the history; at the end of the span each node that is there is schedulable, unless it was tainted when the recording began.
 * Not verified: anything else of the nodes.
 */
export function everyNodeIsUncordoned(span: From): Guarantee {
  return guarantee('everyNodeIsUncordoned', ['nodes'], span, (window) => {
    const nodes = nodesAtEnd(window).filter(({ first }) => isSchedulable(first.object));
    const taken = nodes.filter(({ changes }) => changes.some(({ object }) => isCordoned(object)));
    if (taken.length === 0) return undecided('no node was ever cordoned');
    return each(nodes, 'nodes that were schedulable', ({ name, last }) =>
      isSchedulable(last.object) ? undefined : breach(`${name} is not schedulable`, last),
    );
  });
}

interface Placed {
  readonly life: PodObject;
  readonly pod: Pod;
}

/** The Pods that were on the node when the span began. */
function onNode(window: Window, node: string): readonly Placed[] {
  return thereAt(objectsOf(window, 'pods'), window.from).flatMap((life) => {
    const pod = objectAt(life, window.from);
    return pod !== undefined && nodeOf(pod) === node ? [{ life, pod }] : [];
  });
}

/** Whether a drain takes it: no DaemonSet's, and no mirror of a file on the node. */
function isTaken(pod: Pod): boolean {
  const isMirror = pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;
  return !isMirror && controllerOf(pod)?.kind !== 'DaemonSet';
}

function endsOf(window: Window, { node, moment }: Drained): readonly Operation[] {
  return window
    .operations()
    .filter(
      ({ verb, target, detail, phase }) =>
        verb === 'drain' &&
        target === `nodes/${node}` &&
        detail === moment &&
        (phase === 'succeeded' || phase === 'failed'),
    );
}

function unlessEvicted(window: Window, life: PodObject, { moment, node }: Drained): Breach | undefined {
  const answers: readonly EvictionAnswer[] = answersAt(window, moment).filter(({ pod }) => pod === life.name);
  const last = answers.at(-1);
  if (last === undefined) return breach(`nobody asked for the eviction of ${life.name} on ${node}`, life.last);
  if (last.is !== 'granted')
    return breach(`the eviction of ${life.name} was answered with ${wordsOf(last)}`, last.entry);
  if (life.gone === undefined) return breach(`${life.name} is still on ${node}`, last.entry, life.last);
  const isMarked = life.changes.some(({ object }) =>
    (object.status?.conditions ?? []).some(
      ({ type, status, reason }) =>
        type === 'DisruptionTarget' && status === 'True' && reason === 'EvictionByEvictionAPI',
    ),
  );
  return isMarked
    ? undefined
    : breach(`${life.name} went without having been marked as evicted`, last.entry, life.gone);
}

function unlessCordoned(window: Window, name: string): Breach | undefined {
  const node = nodesAtEnd(window).find((each) => each.name === name);
  if (node === undefined) return missingAtEnd(window, `there is no node ${name}`);
  const isKeptFree = (node.last.object.spec?.taints ?? []).some(
    ({ key, effect }) => key === cordonTaint && effect === 'NoSchedule',
  );
  if (!isCordoned(node.last.object)) return breach(`${name} is not cordoned`, node.last);
  return isKeptFree ? undefined : breach(`${name} is cordoned and has no taint ${cordonTaint}`, node.last);
}

/** The change in which a Pod that a cordon keeps away is first seen on a node, if that is within the window. */
function placingOf(life: PodObject, window: Window): readonly { life: PodObject; change: Change<'pods'> }[] {
  const change = life.changes.find(({ object }) => nodeOf(object) !== undefined);
  if (change === undefined || change.index <= window.from || change.type === 'present') return [];
  return controllerOf(change.object)?.kind === 'DaemonSet' ? [] : [{ life, change }];
}

/** Cordoned at the fence before this entry, at the one after it, and in every version between them. */
function isCordonedAround(window: Window, node: ObjectLife<'nodes'>, index: number): boolean {
  const fences = window.history.entries.filter(({ kind, index: at }) => kind === 'fence' && at <= window.to);
  const opens = fences.findLast((fence) => fence.index < index);
  const closes = fences.find((fence) => fence.index > index);
  const before = opens && objectAt(node, opens.index);
  if (opens === undefined || closes === undefined || before === undefined) return false;
  const between = node.changes.filter((change) => change.index > opens.index && change.index <= closes.index);
  return [before, ...between.map(({ object }) => object)].every(isCordoned);
}

function objectOf(life: Parameters<typeof changeAt>[0], window: Window): Pod | undefined {
  return changeAt(life, window.from)?.object;
}
