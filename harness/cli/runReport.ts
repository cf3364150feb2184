import { join } from 'node:path';
import { isNotThere } from '../files.ts';
import { catalogue } from '../claims/catalogue.ts';
import type { History } from '../history/history.ts';
import { loadHistory } from '../history/store.ts';
import type { Evidence, PaceEvidence, RunStatus } from '../report/evidence.ts';
import { buildEvidence, type RunFacts } from '../report/gather.ts';
import { writeReport } from '../report/write.ts';
import type { Judgement } from '../run.ts';

/** What stays the same from a run's beginning to its end. */
export type SteadyFacts = Omit<RunFacts, 'status' | 'because' | 'durationMs'>;

/** A report written while the run goes on costs time on the machine that the run needs. */
const notMoreOftenThanMs = 10_000;

/**
 * The report of a run that is going on: judgements come in, and now and then it is written, so that a run that dies leaves one.
 *
 * Invariant: one writing at a time; the last one asked for is written last.
 */
export class RunReport {
  readonly #directory: string;
  #facts: SteadyFacts;
  readonly #latest: boolean;
  readonly #judgements: Judgement[] = [];
  readonly #histories = new Map<string, History>();
  #writing: Promise<unknown> = Promise.resolve();
  #writtenAtMs = 0;

  /** `latest`: whether the link of that name beside the directory shall point to it. */
  constructor(directory: string, facts: SteadyFacts, { latest = true }: { readonly latest?: boolean } = {}) {
    this.#directory = directory;
    this.#facts = facts;
    this.#latest = latest;
  }

  /** What was found out about the cluster's speed, once it is. */
  paced(pace: PaceEvidence): void {
    this.#facts = { ...this.#facts, cluster: { ...this.#facts.cluster, pace } };
  }

  add(judgement: Judgement): void {
    this.#judgements.push(judgement);
  }

  /** Writes what is known so far, unless that was done a moment ago. Its failure is the final report's to tell. */
  writeEarly(onFailure: (error: unknown) => void): void {
    const now = Date.now();
    if (now - this.#writtenAtMs < notMoreOftenThanMs) return;
    this.#writtenAtMs = now;
    this.write('running').catch(onFailure);
  }

  write(status: RunStatus, because?: string): Promise<Evidence> {
    const written = this.#writing.then(() => this.#writeNow(status, because));
    // A failure belongs to whoever asked for that writing, not to the one after it.
    this.#writing = written.then(undefined, () => undefined);
    return written;
  }

  async #writeNow(status: RunStatus, because: string | undefined): Promise<Evidence> {
    await this.#loadHistories();
    const facts: RunFacts = {
      ...this.#facts,
      status,
      durationMs: Date.now() - this.#facts.startedAtMs,
      ...(because === undefined ? {} : { because }),
    };
    const evidence = buildEvidence(facts, this.#judgements, catalogue, this.#histories);
    await writeReport(this.#directory, evidence, this.#histories, { latest: this.#latest });
    return evidence;
  }

  async #loadHistories(): Promise<void> {
    const told = this.#judgements.flatMap(({ stories }) => stories);
    for (const { file } of told) if (!this.#histories.has(file)) await this.#load(file);
  }

  /** A story that could not even be begun left no history; its claims say why. */
  async #load(file: string): Promise<void> {
    try {
      this.#histories.set(file, await loadHistory(join(this.#directory, file)));
    } catch (error) {
      if (!isNotThere(error)) throw error;
    }
  }
}
