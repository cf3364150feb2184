/** Something that waits for its turn. */
export interface Waiting {
  readonly story: string;
  readonly alone: boolean;
  /** How many of the places it takes. */
  readonly places: number;
  /** About how long it takes. */
  readonly minutes: number;
  readonly grant: () => void;
}

/**
 * Who may act when. There are `jobs` places. The longest of the stories that wait comes first, of those that take equally long the one that takes most places, and among equals the
 * one that asked first. Nobody gets ahead of it, even where there is room for him and not for it: among many small ones a large story would wait to the end, and everybody for it. A story that takes
 * the cluster's nodes for itself is told alone, and after all ordinary ones that were asked for: it would hold them up otherwise.
 *
 * Invariant: those in `#told` take at most `jobs` places together, or there is only one; and there is only one if it is alone.
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
    const told = [...this.#told];
    if (told.some((each) => each.alone)) return undefined;
    const taken = told.reduce((sum, { places }) => sum + places, 0);
    const [ordinary] = this.#ordinary.toSorted((a, b) => b.minutes - a.minutes || b.places - a.places);
    if (ordinary !== undefined) {
      if (told.length > 0 && taken + ordinary.places > this.#jobs) return undefined;
      this.#ordinary = this.#ordinary.filter((each) => each !== ordinary);
      return ordinary;
    }
    if (this.#told.size > 0) return undefined;
    const [alone, ...rest] = this.#alone;
    this.#alone = rest;
    return alone;
  }
}
