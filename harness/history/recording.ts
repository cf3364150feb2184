import { RunError } from '../errors.ts';
import type { Entry, NewEntry } from './entries.ts';
import { Fold, type State } from './fold.ts';
import { History, type HistoryHeader, type Telling } from './history.ts';
import type { ResourceName } from './objects.ts';

/** What is awaited, in words, and for how long. */
export interface Await {
  /** Completes the sentence "waited … for". */
  readonly for: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** What stands in the way at present, in words; said when the wait is given up, and shown while it lasts. */
  readonly lastSeen?: () => string;
}

/** A wait that was given up. Says what was awaited, how long, and what was seen last. */
export class WaitGivenUp extends RunError {}

/** A wait that is going on, for whoever shows progress. */
export interface OpenWait {
  readonly for: string;
  readonly beganAtMs: number;
  readonly lastSeen: () => string;
}

/**
 * An open recording: one way in (`append`), one way to wait (`until`), one way out (`seal`).
 *
 * Invariant: an entry that is in stays as it is, at its index; after `seal` nothing gets in. What arrives late is dropped on purpose: it
 * lies behind the last fence, where nothing is judged.
 */
export class Recording {
  readonly #entries: Entry[] = [];
  readonly #fold = new Fold();
  readonly #waiting = new Set<() => void>();
  readonly #openWaits = new Set<OpenWait>();
  readonly #now: () => number;
  #sealed = false;
  #calls = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  append(entry: NewEntry): Entry {
    const placed = { ...entry, index: this.#entries.length, atMs: this.#now() } as Entry;
    if (this.#sealed) return placed;
    this.#entries.push(placed);
    if (placed.kind === 'change') this.#fold.apply(placed);
    for (const look of [...this.#waiting]) look();
    return placed;
  }

  /** A number for the next operation, by which its two entries find each other. */
  nextCall(): number {
    return this.#calls++;
  }

  /** The objects of a resource as recorded so far. */
  state<Name extends ResourceName>(resource: Name): State<Name> {
    return this.#fold.state(resource);
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Waits that are going on now, oldest first. */
  get openWaits(): readonly OpenWait[] {
    return [...this.#openWaits];
  }

  /**
   * Resolves with what `look` finds, at once or as soon as an entry makes it find something (anything but `undefined` and `false`).
   * Rejects with `WaitGivenUp` when the deadline has passed, or with the signal's reason when it is aborted.
   */
  async until<Found>(look: () => Found | undefined | false, wait: Await): Promise<Found> {
    const beganAtMs = this.#now();
    const found = await this.#firstFound(look, wait, beganAtMs);
    const last = this.#entries.at(-1);
    this.append({
      kind: 'observation',
      of: 'wait',
      moment: wait.for,
      for: wait.for,
      beganAtMs,
      endedBy: {
        resource: last?.kind === 'change' ? last.resource : 'none',
        atMs: Math.max(beganAtMs, last?.atMs ?? beganAtMs),
      },
    });
    return found;
  }

  seal(header: HistoryHeader, telling: Telling): History {
    this.#sealed = true;
    return new History(header, telling, this.#entries);
  }

  #firstFound<Found>(look: () => Found | undefined | false, wait: Await, beganAtMs: number): Promise<Found> {
    return new Promise<Found>((resolve, reject) => {
      const open: OpenWait = { for: wait.for, beganAtMs, lastSeen: wait.lastSeen ?? (() => 'nothing yet') };
      const settle = (finish: () => void): void => {
        clearTimeout(deadline);
        this.#waiting.delete(tryOnce);
        this.#openWaits.delete(open);
        wait.signal?.removeEventListener('abort', aborted);
        finish();
      };
      const tryOnce = (): void => {
        try {
          const found = look();
          if (found !== undefined && found !== false) settle(() => resolve(found));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const aborted = (): void => settle(() => reject(wait.signal?.reason));
      const deadline = setTimeout(() => settle(() => reject(givenUp(wait, open))), wait.deadlineMs);
      this.#waiting.add(tryOnce);
      this.#openWaits.add(open);
      if (wait.signal?.aborted === true) return aborted();
      wait.signal?.addEventListener('abort', aborted, { once: true });
      tryOnce();
    });
  }
}

function givenUp(wait: Await, open: OpenWait): WaitGivenUp {
  const seconds = (wait.deadlineMs / 1000).toFixed(wait.deadlineMs < 10_000 ? 1 : 0);
  return new WaitGivenUp(`waited ${seconds} s for ${wait.for}; last seen: ${open.lastSeen()}`);
}
