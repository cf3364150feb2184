import { isReady } from '../history/pods.ts';
import { changeAt, type PodLife } from './lives.ts';

/**
 * The Pods that had been Ready for so many seconds at this time of the server's clock, by the transitions of their conditions. All these times are cut to whole
 * seconds: the true ones lie up to a second later.
 *
 * A time of readiness counts until the Pod is Ready anew, and in a Pod that has gone until the next of its name was made. That is longer than it lasted: nobody can
 * tell when the controller heard of its end, only that it had by then.
 */
export function availableAt(lives: readonly PodLife[], minReadySeconds: number, atMs: number): readonly PodLife[] {
  return lives.filter((life) => {
    const successor = lives.find((each) => each.ordinal === life.ordinal && each.first.index > life.first.index);
    const starts = readyStartsOf(life);
    const ends = [...starts.slice(1), successor === undefined ? Infinity : (createdAtMs(successor) ?? Infinity)];
    return starts.some(
      (start, position) => start + minReadySeconds * 1000 <= atMs && atMs <= (ends[position] ?? Infinity),
    );
  });
}

/** When the Pod was made, by the server's clock. */
export function createdAtMs(life: PodLife): number | undefined {
  return timeOf(life.first.object.metadata.creationTimestamp);
}

/** When somebody asked for the Pod's deletion, by the server's clock: its time of grace ends so much later. */
export function deletionAskedAtMs(life: PodLife): number | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = life.deletion?.object.metadata ?? {};
  const endsMs = timeOf(deletionTimestamp);
  return endsMs === undefined ? undefined : endsMs - deletionGracePeriodSeconds * 1000;
}

/** How the Pod stands by its Ready condition at this point of the history, in words. */
export function readinessAt(life: PodLife, index: number): string {
  const condition = changeAt(life, index)?.object.status?.conditions?.find(({ type }) => type === 'Ready');
  if (condition?.status !== 'True') return `${life.name} was not Ready`;
  return `${life.name} was Ready since ${condition.lastTransitionTime ?? 'nobody knows when'}`;
}

/** When the Pod became Ready, each time that it did. */
function readyStartsOf(life: PodLife): readonly number[] {
  const starts = life.changes
    .filter(({ type, object }) => type !== 'deleted' && isReady(object))
    .map(({ object }) => timeOf(object.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime))
    .filter((start) => start !== undefined);
  return [...new Set(starts)];
}

function timeOf(timestamp: string | undefined): number | undefined {
  const ms = timestamp === undefined ? Number.NaN : Date.parse(timestamp);
  return Number.isNaN(ms) ? undefined : ms;
}
