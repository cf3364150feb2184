import type { Change, Entry, Fence } from './entries.ts';
import { Fold, type State } from './fold.ts';
import type { ResourceName } from './objects.ts';
import type { WatchedController } from './observations.ts';

/** What a history says of itself: enough to judge and to show it without the run that made it. */
export interface HistoryHeader {
  readonly schema: 'steadfast/history/1';
  readonly run: string;
  readonly tutorial: string;
  readonly story: string;
  readonly namespace: string;
  readonly startedAtMs: number;
  readonly server: { readonly version: string; readonly provider: string };
  /** Resources the recording followed. A guarantee that needs another one has nothing to judge by. */
  readonly resources: readonly ResourceName[];
  /** How the workload differs from the tutorial's manifest, one sentence each. */
  readonly variations: readonly string[];
}

/**
 * How a story ended. `told` is the data it returned; otherwise why it could not be told, or why it was not begun. One that waited for something in vain was looked at once more, in a quiet window:
 * `inVain` are its marks.
 */
export type Telling =
  | { readonly status: 'told'; readonly told: unknown }
  | { readonly status: 'broken'; readonly because: string; readonly inVain?: QuietMarks }
  | { readonly status: 'not-run'; readonly because: string };

/** Names of the fences around a quiet window, and the controller that was seen alive in it. */
export interface QuietMarks {
  readonly from: string;
  readonly to: string;
  readonly alive: WatchedController;
}

/**
 * A sealed recording. Nothing can be added to it, and everything that is judged is judged from it.
 *
 * Invariant: `entries[i].index === i`.
 */
export class History {
  readonly header: HistoryHeader;
  readonly telling: Telling;
  readonly entries: readonly Entry[];

  constructor(header: HistoryHeader, telling: Telling, entries: readonly Entry[]) {
    this.header = header;
    this.telling = telling;
    this.entries = entries;
  }

  /** The fence of that name; the last one when a story set it twice, undefined when it never did. */
  fence(name: string): Fence | undefined {
    return this.entries.findLast((entry): entry is Fence => entry.kind === 'fence' && entry.name === name);
  }

  /** The last fence: up to it the recording is known to be complete. */
  get lastFence(): Fence | undefined {
    return this.entries.findLast((entry) => entry.kind === 'fence');
  }

  /** Changes of one resource, in the API server's order. Bounds are indexes, `from` exclusive and `to` inclusive. */
  changes<Name extends ResourceName>(resource: Name, from = -1, to = Infinity): readonly Change<Name>[] {
    const found = this.entries.filter(
      (entry) => entry.kind === 'change' && entry.resource === resource && entry.index > from && entry.index <= to,
    );
    return found as unknown as readonly Change<Name>[];
  }

  /** The objects of a resource as they stood right after the entry with this index. */
  stateAfter<Name extends ResourceName>(resource: Name, index: number): State<Name> {
    const fold = new Fold();
    for (const change of this.changes<ResourceName>(resource, -1, index)) fold.apply(change);
    return fold.state(resource);
  }
}
