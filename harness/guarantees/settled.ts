import type { Change } from '../history/entries.ts';
import { isReady, isTerminating } from '../history/pods.ts';
import type { OrdinalSet } from '../history/sets.ts';
import type { Window } from './guarantee.ts';
import { changeAt, livesAt, livesOf, type PodLife } from './lives.ts';

/**
 * A moment at which clients looked at a workload, between two fences. What they saw and what the API reports are two streams without an
 * order between them, so they are compared only where the API's side stood still.
 */
export interface Asked {
  readonly moment: string;
  readonly from: string;
  readonly to: string;
}

/** A Pod that was the same from one fence to the next. */
export interface SettledPod {
  readonly name: string;
  readonly ordinal: number;
  readonly uid: string;
  readonly ip: string;
  readonly ready: boolean;
  readonly change: Change<'pods'>;
}

/**
 * The set's Pods as they stood, unchanged, while clients looked; otherwise the reason why nothing can be compared. A Pod on its way out does not stand,
 * unless it is the one that is looked at for that reason.
 */
export function settledPods(
  window: Window,
  set: OrdinalSet,
  asked: Asked,
  going?: number,
): readonly SettledPod[] | string {
  const from = window.history.fence(asked.from)?.index;
  const to = window.history.fence(asked.to)?.index;
  if (from === undefined || to === undefined || from >= to) return `“${asked.moment}” does not lie between two fences`;
  const lives = livesOf(window, set);
  const restless = lives.find((life) => !stoodStill(life, from, to, life.ordinal === going));
  if (restless !== undefined) return `${restless.name} changed while clients looked (${asked.moment})`;
  const pods = livesAt(lives, to)
    .map((life) => settledPod(life, to))
    .filter((pod) => pod !== undefined);
  if (pods.length === 0) return `${set.name} had no Pod (${asked.moment})`;
  const homeless = pods.find((pod) => pod.ready && pod.ip === '');
  return homeless === undefined ? pods : `${homeless.name} was Ready without an address (${asked.moment})`;
}

/** A Pod that stood there from one fence to the next, the same by uid and address and not asked to go, whatever came of its readiness. */
export interface StandingPod extends Omit<SettledPod, 'ready'> {
  /** `both`: it was one at some time, and the other at another. */
  readonly readiness: 'ready' | 'unready' | 'both';
}

/**
 * The set's Pods that stood there while clients looked: for questions that a server answers whether its Pod is Ready or not, since a probe may fail for no other reason than a
 * slow machine.
 */
export function standingPods(window: Window, set: OrdinalSet, asked: Asked): readonly StandingPod[] | string {
  const from = window.history.fence(asked.from)?.index;
  const to = window.history.fence(asked.to)?.index;
  if (from === undefined || to === undefined || from >= to) return `“${asked.moment}” does not lie between two fences`;
  return livesOf(window, set)
    .map((life) => standingPod(life, from, to))
    .filter((pod) => pod !== undefined);
}

function standingPod(life: PodLife, from: number, to: number): StandingPod | undefined {
  const before = changeAt(life, from);
  if (before === undefined) return undefined;
  const states = [before, ...life.changes.filter((change) => change.index > from && change.index <= to)];
  const address = (change: Change<'pods'>): string | undefined => change.object.status?.podIP;
  const stood = (change: Change<'pods'>): boolean =>
    change.type !== 'deleted' && !isTerminating(change.object) && address(change) === address(before);
  const ip = address(before);
  if (ip === undefined || !states.every((change) => stood(change))) return undefined;
  const { name, ordinal, uid } = life;
  const kinds = new Set(states.map((change) => (isReady(change.object) ? 'ready' : 'unready')));
  const [readiness = 'unready'] = kinds;
  return { name, ordinal, uid, ip, readiness: kinds.size > 1 ? 'both' : readiness, change: states.at(-1) ?? before };
}

function stoodStill(life: PodLife, from: number, to: number, mayGo: boolean): boolean {
  const within = life.changes.filter((change) => change.index > from && change.index <= to);
  const before = changeAt(life, from);
  if (before?.type === 'deleted') return true;
  if (within.length === 0) return before === undefined || mayGo || !isTerminating(before.object);
  return before !== undefined && [before, ...within].every((change) => look(change) === look(before));
}

function look(change: Change<'pods'>): string {
  const pod = change.object;
  return JSON.stringify([change.type === 'deleted', isTerminating(pod), pod.status?.podIP, isReady(pod)]);
}

function settledPod(life: PodLife, index: number): SettledPod | undefined {
  const change = changeAt(life, index);
  if (change === undefined) return undefined;
  const { name, ordinal, uid } = life;
  return { name, ordinal, uid, ip: change.object.status?.podIP ?? '', ready: isReady(change.object), change };
}
