import type { Recorded } from '../history/objects.ts';
import { isRunningAndReady } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Window } from './guarantee.ts';
import { changeAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { wasDone } from './objects.ts';
import type { From } from './standing.ts';

type Pod = Recorded<'pods'>;

/**
 * A Pod that no node suits is put on a node as soon as one does.
 *
 * Verified: when the span began the Pod of this ordinal was on no node, and the scheduler had said that it suits none; in the span the story gave this node the label that the Pod asks for. At the end it is
 * the same Pod (uid), on this node, Running and Ready. The scheduler may hear of the label before the node's own kubelet does, which then refuses the Pod before any container of it starts; the Pod
 * that the controller makes in its place is then the one that must be there.
 * Not verified: how long it took; how often the kubelet refused; that no other node has the label.
 */
export function isPutOnTheLabelledNode(set: OrdinalSet, ordinal: number, node: string, span: From): Guarantee {
  return guarantee('isPutOnTheLabelledNode', ['pods'], span, (window) => {
    const life = waitingAtStart(window, set, ordinal);
    if (life === undefined)
      return undecided(`${podNameOf(set, ordinal)} was not waiting for a node when the span began`);
    const before = changeAt(life, window.from)?.object;
    const reason = before?.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.reason;
    if (reason !== 'Unschedulable') return undecided(`the scheduler had not said that no node suits ${life.name}`);
    if (!wasDone(window, 'label', `nodes/${node}`)) return undecided(`${node} was not labelled in the span`);
    const last = afterRefusals(life, livesOf(window, set), node);
    return each([last], 'Pods that waited for a node', () => unlessStartedOn(last, node));
  });
}

/** This Pod, or the one that came in its place since the node's kubelet refused it, and the next. */
function afterRefusals(life: PodLife, lives: readonly PodLife[], node: string): PodLife {
  if (!wasRefused(life.last.object, node)) return life;
  const next = lives.find(({ ordinal, first }) => ordinal === life.ordinal && first.index > life.first.index);
  return next === undefined ? life : afterRefusals(next, lives, node);
}

/** The node's kubelet did not find the label that the Pod asks for, and started nothing of it. */
function wasRefused({ spec, status }: Pod, node: string): boolean {
  const { phase, reason, containerStatuses = [] } = status ?? {};
  return spec?.nodeName === node && phase === 'Failed' && reason === 'NodeAffinity' && containerStatuses.length === 0;
}

/** The Pod of this ordinal, if it was there and on no node when the window began. */
export function waitingAtStart(window: Window, set: OrdinalSet, ordinal: number): PodLife | undefined {
  const life = livesAt(livesOf(window, set), window.from).find((each) => each.ordinal === ordinal);
  return life !== undefined && nodeOf(changeAt(life, window.from)?.object) === undefined ? life : undefined;
}

/** The same Pod is Running and Ready on this node at last. */
export function unlessStartedOn(life: PodLife, node: string): Breach | undefined {
  if (life.deletion !== undefined) return breach(`${life.name} was deleted`, life.deletion);
  const pod = life.last.object;
  if (nodeOf(pod) !== node)
    return breach(`${life.name} is on ${nodeOf(pod) ?? reasonFor(pod)}, not on ${node}`, life.last);
  return isRunningAndReady(pod) ? undefined : breach(`${life.name} is not Ready on ${node}`, life.last);
}

export function nodeOf(pod: Pod | undefined): string | undefined {
  return pod?.spec?.nodeName === '' ? undefined : pod?.spec?.nodeName;
}

/** Why a Pod is on no node, in the scheduler's words. */
export function reasonFor({ status }: Pod): string {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return `no node (${scheduled?.message ?? 'without a reason'})`;
}
