import type { ClaimId } from '../claims/catalogue.ts';
import { keyOf } from '../cluster/images/key.ts';
import type { Mutant } from './mutant.ts';
import type { Score } from './score.ts';

/** `mutants.json`, for machines. A field may be added under this schema's name; one that is taken away or changes its meaning needs a new name. */
export interface MutantsReport {
  readonly schema: 'steadfast/mutants/1';
  /** `running`: written while mutants were judged. Found after its end, the command died without a word, and `--resume` goes on. */
  readonly status: 'running' | 'complete' | 'interrupted' | 'broken';
  /** Why it was interrupted or broke. */
  readonly because?: string;
  readonly run: RunFacts;
  readonly selection: Selection;
  readonly clusters: readonly string[];
  readonly totals: Totals;
  /** Half of the judged mutants took no longer, in milliseconds. */
  readonly medianCost?: Cost;
  readonly baseline: Baseline;
  /** In the order of the catalogue. */
  readonly mutants: readonly MutantResult[];
  /** Every claim that was judged, and what can turn it red. */
  readonly claims: readonly ClaimProof[];
}

export interface RunFacts {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly commit: string;
  readonly argv: readonly string[];
}

/** Which mutants were asked for. */
export interface Selection {
  readonly file?: string;
  readonly only?: readonly string[];
  readonly component?: string;
  readonly quick?: true;
}

export const outcomes = [
  'survived',
  'unexplained',
  'build failed',
  'not judged',
  'killed',
  'equivalent',
  'waiting',
] as const;

/** `waiting`: not come to yet. */
export type Outcome = (typeof outcomes)[number];

export type Totals = Readonly<Record<Outcome, number>> & { readonly mutants: number };

/** The unmutated cluster: what is not upheld there counts neither for nor against a mutant. */
export interface Baseline {
  readonly claims: readonly ClaimId[];
  readonly tainted: readonly Finding[];
  /** Its report, relative to this one; absent where another run's evidence served. */
  readonly report?: string;
}

export interface Finding {
  readonly claim: ClaimId;
  readonly outcome: 'violated' | 'inconclusive';
  /** The sentence of the finding. */
  readonly because: string;
}

/** A red claim, and what it is to the mutant. */
export interface RedClaim extends Finding {
  readonly role: 'declared' | 'explained' | 'unexplained' | 'tainted';
}

export interface MutantResult {
  readonly id: string;
  /** Of the mutant's content: another mutant of the same name has another key. */
  readonly key: string;
  readonly component: string;
  readonly module: string;
  readonly file: string;
  readonly breaks: string;
  readonly bug?: number;
  readonly equivalent?: string;
  /** What it declares; absent where any violated claim kills. */
  readonly claims?: readonly ClaimId[];
  readonly outcome: Outcome;
  /** Why, in a sentence; of one that is killed what it declares beyond that, and no suite judges; absent where there is nothing to say. */
  readonly because?: string;
  readonly red: readonly RedClaim[];
  /** Declared claims that did not go red. */
  readonly stayed: readonly ClaimId[];
  /** How many claims were judged. */
  readonly judged: number;
  /** The report of its stories, relative to this one. */
  readonly report?: string;
  /** The last that a component said which did not come up. */
  readonly log?: readonly string[];
  readonly cost?: Cost;
}

/** In milliseconds. The program is built while another mutant's stories are told, so the wall clock shows less than the sum. */
export interface Cost {
  readonly buildMs: number;
  readonly swapMs: number;
  readonly storiesMs: number;
  readonly restoreMs: number;
  readonly totalMs: number;
}

export interface ClaimProof {
  readonly claim: ClaimId;
  readonly guarantees: readonly string[];
  /** Test files that hold a history on which one of its guarantees is violated. */
  readonly vectors: readonly string[];
  /** Broken variants of the workload on which it turns red. */
  readonly controls: readonly string[];
  /** Mutants of this run that violated it. */
  readonly mutants: readonly string[];
  /** Nothing of the three turns it red. */
  readonly unproved: boolean;
}

/** A mutant before it was judged. */
export function waiting(mutant: Mutant): MutantResult {
  const { id, component, module, file, breaks, bug, equivalent, claims } = mutant;
  return {
    id,
    key: keyOfMutant(mutant),
    component,
    module: `${module.path}@${module.version}`,
    file,
    breaks,
    ...(bug === undefined ? {} : { bug }),
    ...(equivalent === undefined ? {} : { equivalent }),
    ...(claims === undefined ? {} : { claims }),
    outcome: 'waiting',
    red: [],
    stayed: [],
    judged: 0,
  };
}

/** A result holds as long as nothing that decides it has changed. */
export function keyOfMutant({ from: _, quick: _quick, ...content }: Mutant): string {
  return keyOf({ name: content.id, values: { content: JSON.stringify(content) }, parentKeys: [], files: [] });
}

export function totalsOf(mutants: readonly MutantResult[]): Totals {
  const count = (outcome: Outcome): number => mutants.filter((each) => each.outcome === outcome).length;
  const counts = Object.fromEntries(outcomes.map((outcome) => [outcome, count(outcome)])) as Record<Outcome, number>;
  return { mutants: mutants.length, ...counts };
}

/** Of each part by itself, over the mutants whose stories were told. */
export function medianCostOf(mutants: readonly MutantResult[]): Cost | undefined {
  const costs = mutants.filter(({ judged }) => judged > 0).flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
  if (costs.length === 0) return undefined;
  const median = (part: keyof Cost): number => medianOf(costs.map((cost) => cost[part]));
  return {
    buildMs: median('buildMs'),
    swapMs: median('swapMs'),
    storiesMs: median('storiesMs'),
    restoreMs: median('restoreMs'),
    totalMs: median('totalMs'),
  };
}

/** The mutant's part that a score decides. */
export function fieldsOf(score: Score): Pick<MutantResult, 'outcome' | 'because' | 'stayed'> {
  return {
    outcome: score.outcome,
    ...('because' in score ? { because: score.because } : {}),
    stayed: score.outcome === 'survived' ? score.stayed : [],
  };
}

/** 0: every mutant is killed or argued equivalent. 1: not so. 70: it broke. 130: it was interrupted. */
export function exitCodeOf({ status, totals }: Pick<MutantsReport, 'status' | 'totals'>): number {
  switch (status) {
    case 'interrupted':
      return 130;
    case 'broken':
    case 'running':
      return 70;
    case 'complete':
      return totals.killed + totals.equivalent === totals.mutants && totals.mutants > 0 ? 0 : 1;
  }
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
