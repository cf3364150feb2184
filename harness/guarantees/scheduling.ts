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
 * the same Pod (uid), on this node, Running and Ready.
 * Not verified: how long it took; that no other node has the label.
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
    return each([life], 'Pods that waited for a node', () => unlessStartedOn(life, node));
  });
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
