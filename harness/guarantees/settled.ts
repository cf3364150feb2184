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

/** The set's Pods as they stood, unchanged, while clients looked; otherwise the reason why nothing can be compared. */
export function settledPods(window: Window, set: OrdinalSet, asked: Asked): readonly SettledPod[] | string {
  const from = window.history.fence(asked.from)?.index;
  const to = window.history.fence(asked.to)?.index;
  if (from === undefined || to === undefined || from >= to) return `“${asked.moment}” does not lie between two fences`;
  const lives = livesOf(window, set);
  const restless = lives.find((life) => !stoodStill(life, from, to));
  if (restless !== undefined) return `${restless.name} changed while clients looked (${asked.moment})`;
  const pods = livesAt(lives, to)
    .map((life) => settledPod(life, to))
    .filter((pod) => pod !== undefined);
  if (pods.length === 0) return `${set.name} had no Pod (${asked.moment})`;
  const homeless = pods.find((pod) => pod.ready && pod.ip === '');
  return homeless === undefined ? pods : `${homeless.name} was Ready without an address (${asked.moment})`;
}

function stoodStill(life: PodLife, from: number, to: number): boolean {
  const within = life.changes.filter((change) => change.index > from && change.index <= to);
  const before = changeAt(life, from);
  if (before?.type === 'deleted') return true;
  if (within.length === 0) return before === undefined || !isTerminating(before.object);
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
