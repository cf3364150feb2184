import type { History } from '../../history/history.ts';

/** What the recorded histories tell of a run's speed. All times in milliseconds. */
export interface Measured {
  readonly stories: number;
  readonly entries: number;
  /** Telling all stories, one after another. */
  readonly tellingMs: number;
  /** Of that, the time in which the cluster had something to do: a call under way, or a wait that no change had ended yet. */
  readonly clusterMs: number;
  /** `tellingMs ÷ clusterMs`: 1 would be a suite that only ever waits for the cluster. */
  readonly overheadRatio: number;
  /** From the change that ended a wait to the story's next call. */
  readonly reaction: Distribution;
  readonly slowestWaits: readonly { readonly story: string; readonly for: string; readonly ms: number }[];
}

export interface Distribution {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function measure(histories: readonly History[]): Measured {
  const told = histories.filter((history) => history.telling.status === 'told' && history.entries.length > 0);
  const tellingMs = sum(told.map(tellingOf));
  const clusterMs = sum(told.map((history) => lengthOfUnion(busyIntervals(history))));
  return {
    stories: told.length,
    entries: sum(told.map((history) => history.entries.length)),
    tellingMs,
    clusterMs,
    overheadRatio: clusterMs === 0 ? Number.NaN : tellingMs / clusterMs,
    reaction: distributionOf(told.flatMap(reactionsIn)),
    slowestWaits: told
      .flatMap(waitsIn)
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, 10),
  };
}

type Interval = readonly [beganMs: number, endedMs: number];

/** From the story's turn to its last act. The fence behind it only listens, and the next story does not wait for it. */
function tellingOf({ header, entries }: History): number {
  const lastAct = entries.findLast((entry) => entry.kind === 'operation' || entry.kind === 'observation');
  return (lastAct?.atMs ?? header.startedAtMs) - header.startedAtMs;
}

/** Calls from being asked to being answered, and waits from their beginning to the change that ended them. */
function busyIntervals({ entries }: History): readonly Interval[] {
  const asked = new Map<number, number>();
  return entries.flatMap((entry): readonly Interval[] => {
    if (entry.kind === 'observation' && entry.of === 'wait') return [[entry.beganAtMs, entry.endedBy.atMs]];
    if (entry.kind !== 'operation') return [];
    const beganMs = asked.get(entry.call);
    if (entry.phase === 'invoked') asked.set(entry.call, entry.atMs);
    return beganMs === undefined ? [] : [[beganMs, entry.atMs]];
  });
}

/** How long at least one of the intervals lasts: waits of two kinds at once count once. */
export function lengthOfUnion(intervals: readonly Interval[]): number {
  let covered = 0;
  let upTo = -Infinity;
  for (const [began, ended] of intervals.toSorted((a, b) => a[0] - b[0])) {
    covered += Math.max(0, ended - Math.max(began, upTo));
    upTo = Math.max(upTo, ended);
  }
  return covered;
}

/** A wait whose very next entry is a call of the story: what lies between is ours alone. */
function reactionsIn({ entries }: History): readonly number[] {
  return entries.flatMap((entry, index) => {
    const next = entries[index + 1];
    const reacts =
      entry.kind === 'observation' && entry.of === 'wait' && next?.kind === 'operation' && next.phase === 'invoked';
    return reacts ? [next.atMs - entry.endedBy.atMs] : [];
  });
}

function waitsIn({ header, entries }: History): Measured['slowestWaits'] {
  return entries.flatMap((entry) =>
    entry.kind === 'observation' && entry.of === 'wait'
      ? [{ story: header.story, for: entry.for, ms: entry.atMs - entry.beganAtMs }]
      : [],
  );
}

export function distributionOf(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
