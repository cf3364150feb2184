import { setTimeout as pause } from 'node:timers/promises';

export interface BackoffTimings {
  readonly shortestBackoffMs: number;
  readonly longestBackoffMs: number;
}

/** Pauses between attempts, each about twice as long as the one before, so that a server in trouble is not kept in it. */
export class Backoff {
  readonly #timings: BackoffTimings;
  readonly #signal: AbortSignal;
  #nextMs: number;

  constructor(timings: BackoffTimings, signal: AbortSignal) {
    this.#timings = timings;
    this.#signal = signal;
    this.#nextMs = timings.shortestBackoffMs;
  }

  /** Resolves after the pause, or as soon as the signal is aborted. */
  async pause(): Promise<void> {
    // Many watches lose the same server at the same moment; they should not all come back at the same moment.
    const jitteredMs = this.#nextMs * (0.75 + Math.random() / 2);
    this.#nextMs = Math.min(this.#nextMs * 2, this.#timings.longestBackoffMs);
    try {
      await pause(jitteredMs, undefined, { signal: this.#signal });
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    }
  }

  reset(): void {
    this.#nextMs = this.#timings.shortestBackoffMs;
  }
}
