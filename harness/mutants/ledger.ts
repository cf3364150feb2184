import type { ClaimId } from '../claims/catalogue.ts';
import type { Control } from '../claims/coverage.ts';
import type { Evidence } from '../report/evidence.ts';
import { claimProofs } from './claimProofs.ts';
import type { Mutant } from './mutant.ts';
import {
  medianCostOf,
  totalsOf,
  waiting,
  type Baseline,
  type MutantResult,
  type MutantsReport,
  type RunFacts,
  type Selection,
} from './results.ts';
import { writeMutantsReport } from './stored.ts';

export interface LedgerFacts {
  readonly directory: string;
  readonly run: Pick<RunFacts, 'id' | 'commit' | 'argv'>;
  readonly selection: Selection;
  readonly clusters: readonly string[];
  readonly mutants: readonly Mutant[];
  readonly controls: readonly Control[];
  /** An unfinished report whose results are taken over where the mutant is still the same. */
  readonly resumed?: MutantsReport;
}

/**
 * The report of a run of mutants that is going on.
 *
 * Invariant: what was added is on disk when `add` resolves; one writing at a time.
 */
export class Ledger {
  readonly #facts: LedgerFacts;
  readonly #startedAtMs = Date.now();
  readonly #earlierMs: number;
  readonly #startedAt: string;
  #results: readonly MutantResult[];
  #baseline: Baseline;
  #guarantees: Readonly<Record<string, readonly string[]>>;
  #status: MutantsReport['status'] = 'running';
  #because: string | undefined;
  #report: MutantsReport;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(facts: LedgerFacts) {
    const { resumed } = facts;
    this.#facts = facts;
    this.#startedAt = resumed?.run.startedAt ?? new Date().toISOString();
    this.#earlierMs = resumed?.run.durationMs ?? 0;
    this.#baseline = resumed?.baseline ?? { claims: [], tainted: [] };
    this.#guarantees = Object.fromEntries((resumed?.claims ?? []).map(({ claim, guarantees }) => [claim, guarantees]));
    this.#results = facts.mutants.map((mutant) => earlier(waiting(mutant), resumed));
    this.#report = this.#reportWith([]);
  }

  /** As it was written last. */
  get report(): MutantsReport {
    return this.#report;
  }

  /** Whether this mutant is still to be judged. */
  isOpen(id: string): boolean {
    return this.#results.some((result) => result.id === id && isOpen(result));
  }

  async add(result: MutantResult): Promise<void> {
    this.#results = this.#results.map((each) => (each.id === result.id ? result : each));
    await this.write();
  }

  /** Adds what a look at the unmutated cluster has shown. */
  async setBaseline({ claims, tainted, report }: Baseline, evidence: Evidence): Promise<void> {
    const before = this.#baseline;
    const isNew = (claim: ClaimId): boolean => !before.claims.includes(claim);
    this.#baseline = {
      claims: [...before.claims, ...claims.filter(isNew)],
      tainted: [...before.tainted, ...tainted.filter(({ claim }) => isNew(claim))],
      ...(report === undefined ? {} : { report }),
    };
    const named = evidence.claims.map(({ id, guarantees }) => [id, guarantees] as const);
    this.#guarantees = { ...this.#guarantees, ...Object.fromEntries(named) };
    await this.write();
  }

  async end(status: 'complete' | 'interrupted' | 'broken', because?: string): Promise<MutantsReport> {
    this.#status = status;
    this.#because = because;
    await this.write();
    return this.#report;
  }

  async write(): Promise<void> {
    const written = this.#writing.then(async () => {
      this.#report = this.#reportWith(await this.#claims());
      await writeMutantsReport(this.#facts.directory, this.#report);
    });
    // A failure belongs to whoever asked for that writing, not to the one after it.
    this.#writing = written.then(undefined, () => undefined);
    await written;
  }

  #claims(): Promise<MutantsReport['claims']> {
    const { controls } = this.#facts;
    return claimProofs(this.#baseline.claims, { guarantees: this.#guarantees, controls, results: this.#results });
  }

  #reportWith(claims: MutantsReport['claims']): MutantsReport {
    const { run, selection, clusters } = this.#facts;
    const medianCost = medianCostOf(this.#results);
    return {
      schema: 'steadfast/mutants/1',
      status: this.#status,
      ...(this.#because === undefined ? {} : { because: this.#because }),
      run: { ...run, startedAt: this.#startedAt, durationMs: this.#earlierMs + Date.now() - this.#startedAtMs },
      selection,
      clusters,
      totals: totalsOf(this.#results),
      ...(medianCost === undefined ? {} : { medianCost }),
      baseline: this.#baseline,
      mutants: this.#results,
      claims,
    };
  }
}

/** What is no result is tried again: it was not come to, or could not be judged. */
function isOpen({ outcome }: MutantResult): boolean {
  return outcome === 'waiting' || outcome === 'not judged';
}

function earlier(fresh: MutantResult, resumed: MutantsReport | undefined): MutantResult {
  const known = resumed?.mutants.find(({ id, key }) => id === fresh.id && key === fresh.key);
  return known === undefined || isOpen(known) ? fresh : known;
}
