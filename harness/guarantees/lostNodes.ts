import type { Operation } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { isTerminating } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, signsNeeded, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, changeAt, isReadyAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { doubtAboutAttention } from './quiet.ts';

type Node = Recorded<'nodes'>;

/** How somebody says that a Pod on a lost node does not run any more. */
type GivenUpBy = 'force' | 'taint' | 'removal';

interface GivingUp {
  readonly by: GivenUpBy;
  readonly call: Operation;
}

const resources = ['pods', 'nodes', 'statefulsets'] as const;
const outOfService = 'node.kubernetes.io/out-of-service';

/**
 * "The StatefulSet controller will not create a replacement for a Pod on an unreachable node until it is known to be gone": the
 * Pod may run on where nobody sees it.
 *
 * Verified: the Pod stood on a node that stopped being Ready and is not Ready at the end of the span; it was asked to go, and
 * after both a controller (the span says which) was seen at work. At the end it is the same Pod, Terminating, and no other of its
 * name was added in the span. Nobody vouched for its end: no deletion by force, no out-of-service taint.
 * Not verified: that the process on the node runs.
 * Source: https://kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod/#statefulset-considerations
 */
export function lostPodIsNotReplaced(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return guarantee('lostPodIsNotReplaced', resources, span, (window) => {
    const life = livesAt(livesOf(window, set), window.from).find((other) => other.ordinal === ordinal);
    if (life === undefined) return undecided(`${podNameOf(set, ordinal)} was not there when the span began`);
    const node = nodeOf(life);
    const doubt = doubtAboutLoss(window, life, node);
    if (doubt !== undefined) return undecided(doubt);
    const twin = additionsOf(window, set).find((other) => other.ordinal === ordinal);
    const findings = each([life], 'Pods on a node that is not Ready', () => {
      if (life.gone !== undefined)
        return breach(`${life.name} was removed, and nobody knows what became of it`, life.first, life.gone);
      return twin === undefined
        ? undefined
        : breach(`${life.name} was replaced while it was there`, life.last, twin.first);
    });
    return unlessInDoubt(doubtAboutPatience(window, set, life, node, span), findings);
  });
}

/**
 * "Deleted by force", "the Node object is deleted", or its node tainted out-of-service: then, and only then, the identity passes to another Pod.
 *
 * Verified: when the span began the Pod was Terminating on a node that is not Ready to its end; it was there until we deleted it
 * by force, tainted the node or deleted the node's object, one of them alone, and is gone; after that, one Pod of its name was added, on another
 * node, and is Running and Ready at the end.
 * Not verified: how long that took, and who removed the Pod after the taint or with the node.
 * Source: https://kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod/#delete-pods and
 * https://kubernetes.io/docs/concepts/cluster-administration/node-shutdown/#non-graceful-node-shutdown
 */
export function lostPodIsReplaced(set: OrdinalSet, ordinal: number, by: GivenUpBy, span: Span): Guarantee {
  return guarantee('lostPodIsReplaced', resources, span, (window) => {
    const lives = livesOf(window, set).filter((life) => life.ordinal === ordinal);
    const [old] = livesAt(lives, window.from);
    const before = old === undefined ? undefined : changeAt(old, window.from);
    if (old === undefined || before === undefined || !isTerminating(before.object))
      return undecided(`${podNameOf(set, ordinal)} was not Terminating when the span began`);
    const node = nodeOf(old);
    const ways = waysOfGivingUp(window, old.name, node);
    const cause = ways.find((way) => way.by === by)?.call;
    const isTainted = by !== 'taint' && statesOf(window, node).some(isOutOfService);
    if (cause === undefined || ways.some((way) => way.by !== by) || isTainted)
      return undecided(`${old.name} was not given up by ${by} alone`);
    if (statesOf(window, node).some(isReadyNode)) return undecided(`the node ${node} was Ready in the span`);
    const [fresh, second] = lives.filter((life) => life.first.index > window.from);
    return each([old], `Pods given up by ${by}`, () => {
      if (old.gone === undefined) return breach(`${old.name} is still there`, cause, old.last);
      if (old.gone.index < cause.index) return breach(`${old.name} was gone before it was given up`, old.gone, cause);
      if (fresh === undefined) return breach(`${old.name} was not replaced`, cause, old.gone);
      if (second !== undefined) return breach(`${old.name} was replaced more than once`, fresh.first, second.first);
      if (fresh.first.index < old.gone.index) return breach(`there were two ${old.name}`, fresh.first, old.gone);
      if (nodeOf(fresh) === node || !isReadyAt(fresh, window.to))
        return breach(`the new ${fresh.name} is not Running and Ready elsewhere`, fresh.last);
      return undefined;
    });
  });
}

/**
 * "At most one Pod with a given identity running in the cluster at any point in time", as far as the API server knows.
 *
 * Verified: whenever a Pod of the set was added, no other Pod of its name was there.
 * Not verified: containers that run on without an object in the API.
 * Source: https://kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod/#statefulset-considerations
 */
export function neverTwoOfOneName(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('neverTwoOfOneName', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    return each(additionsOf(window, set), 'additions of Pods', (life) => {
      const there = livesAt(lives, life.first.index);
      const twin = there.find((other) => other.ordinal === life.ordinal && other.uid !== life.uid);
      return twin === undefined ? undefined : breach(`there were two ${life.name}`, twin.first, life.first);
    });
  });
}

function nodeOf(life: PodLife): string {
  return life.last.object.spec?.nodeName ?? 'none';
}

/** Why the span does not show a Pod on a node that was lost, and that nobody had given up. */
function doubtAboutLoss(window: Window, life: PodLife, node: string): string | undefined {
  const atEnd = nodeAt(window, node, window.to);
  if (atEnd === undefined || isReadyNode(atEnd)) return `the node ${node} was not lost at the end of the span`;
  if (statesOf(window, node).some(isOutOfService)) return `the node ${node} was out of service`;
  const [given] = waysOfGivingUp(window, life.name, node);
  if (given !== undefined) return `${life.name} was given up by ${given.by}`;
  const atRemoval = life.gone === undefined ? undefined : nodeAt(window, node, life.gone.index);
  return atRemoval !== undefined && isReadyNode(atRemoval)
    ? `${life.name} went while the node ${node} was Ready`
    : undefined;
}

/** Why it cannot be told whether the Pod was left alone or had not been looked at yet. */
function doubtAboutPatience(
  window: Window,
  set: OrdinalSet,
  life: PodLife,
  node: string,
  { alive }: Span,
): string | undefined {
  const { deletion } = life;
  if (deletion === undefined) return `${life.name} was not asked to go`;
  if (alive !== 'statefulset' && alive !== 'pod-garbage-collector')
    return 'the span is no window of a controller that replaces or removes Pods';
  const inattentive = alive === 'statefulset' ? doubtAboutAttention(window, set, { alive }) : undefined;
  if (inattentive !== undefined) return inattentive;
  const since = Math.max(deletion.index, lostSince(window, node));
  const signs = window
    .observations('liveness')
    .filter((sign) => sign.controller === alive && sign.invokedAtIndex >= since);
  if (signs.length >= signsNeeded[alive]) return undefined;
  return `the ${alive} controller was not seen at work after ${life.name} was lost`;
}

/** The index of the change since which the node is not Ready. */
function lostSince(window: Window, node: string): number {
  const changes = window.history.changes('nodes', -1, window.to).filter(({ object }) => object.metadata.name === node);
  const lastReady = changes.findLastIndex(({ object }) => isReadyNode(object));
  return changes[lastReady + 1]?.index ?? window.to;
}

function nodeAt(window: Window, name: string, index: number): Node | undefined {
  return [...window.history.stateAfter('nodes', index).values()].find(({ metadata }) => metadata.name === name);
}

/** The node as it was when the span began, and at every change since. */
function statesOf(window: Window, name: string): readonly Node[] {
  const atStart = nodeAt(window, name, window.from);
  const changes = window.changes('nodes').filter(({ object }) => object.metadata.name === name);
  return [...(atStart === undefined ? [] : [atStart]), ...changes.map(({ object }) => object)];
}

function isReadyNode({ status }: Node): boolean {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

function isOutOfService({ spec }: Node): boolean {
  return (spec?.taints ?? []).some(({ key }) => key === outOfService);
}

/** Our own calls, as they were made, that give up this Pod. */
function waysOfGivingUp(window: Window, pod: string, node: string): readonly GivingUp[] {
  return calls(window).flatMap((call) => {
    const by = wayOf(call, pod, node);
    return by === undefined ? [] : [{ by, call }];
  });
}

function wayOf({ verb, target, detail = '' }: Operation, pod: string, node: string): GivenUpBy | undefined {
  if (verb === 'delete' && target === `pods/${pod}` && detail.includes('gracePeriodSeconds 0')) return 'force';
  if (verb === 'taint' && target === `nodes/${node}` && detail.startsWith(outOfService)) return 'taint';
  return verb === 'delete' && target === `nodes/${node}` ? 'removal' : undefined;
}

function calls(window: Window): readonly Operation[] {
  return window.operations().filter(({ phase }) => phase === 'invoked');
}
