/** Something that waits for its turn. */
export interface Waiting {
  readonly story: string;
  readonly alone: boolean;
  readonly grant: () => void;
}

/**
 * Who may act when. At most `jobs` stories are told at once, first come, first served. A story that takes the cluster's nodes for itself is told alone,
 * and after all ordinary ones that were asked for: it would hold them up otherwise.
 *
 * Invariant: `#told` has at most `jobs` members, and only one if one of them is alone.
 */
export class TurnQueue {
  readonly #jobs: number;
  readonly #told = new Set<Waiting>();
  #ordinary: readonly Waiting[] = [];
  #alone: readonly Waiting[] = [];

  constructor(jobs: number) {
    this.#jobs = jobs;
  }

  ask(waiting: Waiting): void {
    if (waiting.alone) this.#alone = [...this.#alone, waiting];
    else this.#ordinary = [...this.#ordinary, waiting];
    this.#grantWhatFits();
  }

  /** Gives a turn back, or withdraws one that was not granted yet. */
  end(waiting: Waiting): void {
    this.#told.delete(waiting);
    this.#ordinary = this.#ordinary.filter((each) => each !== waiting);
    this.#alone = this.#alone.filter((each) => each !== waiting);
    this.#grantWhatFits();
  }

  #grantWhatFits(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#told.add(next);
      next.grant();
    }
  }

  /** Takes the next one out of its queue, if it may act now. */
  #next(): Waiting | undefined {
    if ([...this.#told].some((each) => each.alone) || this.#told.size >= this.#jobs) return undefined;
    const [ordinary, ...others] = this.#ordinary;
    if (ordinary !== undefined) {
      this.#ordinary = others;
      return ordinary;
    }
    if (this.#told.size > 0) return undefined;
    const [alone, ...rest] = this.#alone;
    this.#alone = rest;
    return alone;
  }
}
