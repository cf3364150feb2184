import { join } from 'node:path';
import { isClaimId, type ClaimId } from '../claims/catalogue.ts';
import type { Proof } from '../claims/coverage.ts';
import { layDown, type Binary, type Ground } from '../cluster/swap/ground.ts';
import { clearVolumes } from '../cluster/swap/volumes.ts';
import { takeAway, DidNotComeUp, restoreOriginal, swapIn } from '../cluster/swap/swap.ts';
import { messageOf, RunError } from '../errors.ts';
import type { Evidence } from '../report/evidence.ts';
import { Builder } from './build.ts';
import { partOf, reasonsUnproved, unprovedOf } from './claimsToJudge.ts';
import type { Mutant } from './mutant.ts';
import { fieldsOf, waiting, type Cost, type Finding, type MutantResult, type RedClaim } from './results.ts';
import { isDraggedAlong, scoreOf, type Verdict } from './score.ts';
import type { Located } from './source.ts';

/** A cluster whose components may be exchanged, and what can be done on it. */
export interface Bench {
  readonly ground: Ground;
  /** Tells the stories that these claims need and judges them; the report lies in the directory. */
  judge(claims: readonly ClaimId[], directory: string): Promise<Evidence>;
  /** Removes what that run left on the cluster; rejects when it is not gone in time. */
  sweep(run: string): Promise<void>;
}

export interface Campaign {
  readonly mutants: readonly Located[];
  readonly benches: readonly Bench[];
  readonly proofs: readonly Proof[];
  /** By which claims a mutant is judged. */
  readonly claimsOf: (mutant: Mutant) => readonly ClaimId[];
  /** Claims that are not upheld on the unmutated cluster. */
  readonly tainted: ReadonlySet<ClaimId>;
  /** The run's folder. */
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** Those who watch. */
export interface Onlookers {
  readonly onResult: (result: MutantResult) => Promise<void>;
  /** What goes on with which mutant; undefined: nothing more on that cluster. */
  readonly onStep: (cluster: string, step: string | undefined) => void;
  readonly say: (line: string) => void;
}

/**
 * Each mutant once, on whichever cluster is free: built, swapped in, judged, and the original restored and looked at before the next one. Resolves when
 * all are through or the signal is aborted; either way no cluster is left mutated. Rejects when a cluster cannot be brought back.
 */
export async function runCampaign(campaign: Campaign, onlookers: Onlookers): Promise<void> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([campaign.signal, stopped.signal]);
  const builder = new Builder(signal);
  const queue = [...campaign.mutants];
  const workers = campaign.benches.map(async (bench) => {
    try {
      await workThrough(queue, new Workplace({ ...campaign, signal }, bench, builder, onlookers));
    } catch (error) {
      // One cluster that cannot be relied on any more ends it for all.
      stopped.abort(error);
      throw error;
    }
  });
  const ends = await Promise.allSettled(workers);
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
}

async function workThrough(queue: Located[], place: Workplace): Promise<void> {
  try {
    for (let next = queue.shift(); next !== undefined && !place.isStopped; next = queue.shift())
      await place.workOn(next, queue[0]);
  } finally {
    await place.leave();
  }
}

/** One cluster and what is done on it, one mutant after another. */
class Workplace {
  readonly #campaign: Campaign;
  readonly #bench: Bench;
  readonly #builder: Builder;
  readonly #onlookers: Onlookers;
  /** Runs whose remains were not gone in time. */
  #unswept: readonly string[] = [];

  constructor(campaign: Campaign, bench: Bench, builder: Builder, onlookers: Onlookers) {
    this.#campaign = campaign;
    this.#bench = bench;
    this.#builder = builder;
    this.#onlookers = onlookers;
  }

  get isStopped(): boolean {
    return this.#campaign.signal.aborted;
  }

  async workOn(located: Located, next: Located | undefined): Promise<void> {
    const result = await this.#resultOf(located, next);
    if (result !== undefined) await this.#onlookers.onResult(result);
  }

  /** Whatever the mutants left: objects that a run could not remove, and their programs. */
  async leave(): Promise<void> {
    this.#step('clearing away');
    for (const run of this.#unswept) await this.#sweep(run);
    await takeAway(this.#bench.ground);
    this.#onlookers.onStep(this.#bench.ground.cluster, undefined);
  }

  /** Undefined when it was interrupted before there was one. */
  async #resultOf(located: Located, next: Located | undefined): Promise<MutantResult | undefined> {
    const { mutant } = located;
    const { proofs, tainted } = this.#campaign;
    const claims = this.#campaign.claimsOf(mutant);
    if (claims.every((claim) => tainted.has(claim))) return notJudged(mutant, whyNothing(mutant, proofs, claims));
    this.#step(`${mutant.id}: building`);
    const built = await this.#unlessStopped(this.#builder.build(located));
    if (built === undefined) return undefined;
    if (built.status === 'failed') {
      const cost = costOf({ buildMs: built.ms });
      return { ...waiting(mutant), outcome: 'build failed', because: built.because, cost };
    }
    return this.#judgeWith(mutant, built.binary, built.ms, claims, next);
  }

  async #judgeWith(
    mutant: Mutant,
    binary: Binary,
    buildMs: number,
    claims: readonly ClaimId[],
    next: Located | undefined,
  ): Promise<MutantResult | undefined> {
    const clock = stopwatch();
    const part = partOf(mutant, claims);
    let evidence: Evidence | undefined;
    let trouble: unknown;
    let swapMs = 0;
    try {
      this.#step(`${mutant.id}: swapping ${mutant.component}`);
      await swapIn(this.#bench.ground, binary, mutant.id);
      swapMs = clock();
      if (!this.isStopped) {
        this.#prepare(next);
        this.#step(`${mutant.id}: ${claims.length} claims`);
        evidence = await this.#bench.judge(claims, join(this.#campaign.directory, part));
      }
    } catch (error) {
      trouble = error;
      if (swapMs === 0) swapMs = clock();
    }
    const storiesMs = clock();
    await this.#restore(mutant);
    const restoreMs = clock();
    await takeAway(this.#bench.ground, binary);
    if (evidence !== undefined) await this.#sweep(evidence.run.id);
    if (mutant.component === 'local-path-provisioner') await clearVolumes(this.#bench.ground);
    const cost = costOf({ buildMs, swapMs, storiesMs, restoreMs });
    if (this.isStopped && evidence?.status !== 'complete') return undefined;
    if (evidence === undefined) return { ...notJudged(mutant, messageOf(trouble)), ...logOf(trouble), cost };
    return { ...this.#scored(mutant, evidence), report: `${part}/index.html`, cost };
  }

  #scored(mutant: Mutant, evidence: Evidence): MutantResult {
    const { tainted, proofs } = this.#campaign;
    const verdicts = verdictsOf(evidence);
    const red = redClaims(mutant, verdicts, tainted);
    const judged = verdicts.filter(({ outcome }) => outcome !== 'not-run').length;
    const common = { ...waiting(mutant), red, judged };
    if (evidence.status !== 'complete')
      return { ...common, outcome: 'not judged', because: evidence.because ?? 'its run did not come to an end' };
    return { ...common, ...fieldsOf(scoreOf(mutant, verdicts, tainted, unprovedOf(mutant, proofs))) };
  }

  /** Whoever interrupts waits for this: a cluster is never left with a mutant in it. */
  async #restore(mutant: Mutant): Promise<void> {
    const { ground } = this.#bench;
    this.#step(`${mutant.id}: restoring ${mutant.component}`);
    try {
      await restoreOriginal(ground);
    } catch (error) {
      throw new RunError(
        `cluster ${ground.cluster} could not be brought back after the mutant ${mutant.id}: ${messageOf(error)}`,
        {
          remedy: `STEADFAST_CLUSTER=${ground.cluster} npm run up tries again, and makes the cluster anew if that fails.`,
          cause: error,
        },
      );
    }
  }

  async #sweep(run: string): Promise<void> {
    try {
      await this.#bench.sweep(run);
      this.#unswept = this.#unswept.filter((each) => each !== run);
    } catch (error) {
      if (this.#unswept.includes(run))
        this.#onlookers.say(`run ${run} left something behind: ${messageOf(error)}. Remove it with: npm run clean`);
      else this.#unswept = [...this.#unswept, run];
    }
  }

  /** Builds the next mutant and lays it down on the nodes while the stories of this one are told. */
  #prepare(next: Located | undefined): void {
    if (next === undefined) return;
    const { ground } = this.#bench;
    this.#builder
      .build(next)
      .then((built) => (built.status === 'built' ? layDown(ground, built.binary) : undefined))
      // Its turn comes, and then it fails again, with somebody to tell.
      .catch(() => undefined);
  }

  async #unlessStopped<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      if (this.isStopped) return undefined;
      throw error;
    }
  }

  #step(step: string): void {
    this.#onlookers.onStep(this.#bench.ground.cluster, step);
  }
}

/** What a run's evidence says of its claims. */
export function verdictsOf({ claims, stories }: Pick<Evidence, 'claims' | 'stories'>): readonly Verdict[] {
  const broken = stories.filter(({ status }) => status === 'broken');
  return claims.flatMap(({ id, outcome, because, story, histories }) => {
    if (!isClaimId(id)) return [];
    const untold = broken.filter(({ file }) => histories.includes(file)).map(({ title }) => title);
    const why = { ...(because === undefined ? {} : { because }), ...(story === undefined ? {} : { story }) };
    return [{ claim: id, outcome, ...why, ...(untold.length === 0 ? {} : { untold }) }];
  });
}

/** Those of them that are red, with the finding's sentence. */
export function findingsOf(verdicts: readonly Verdict[]): readonly Finding[] {
  return verdicts.flatMap(({ claim, outcome, because }) =>
    outcome === 'violated' || outcome === 'inconclusive'
      ? [{ claim, outcome, because: because ?? 'no reason was given' }]
      : [],
  );
}

function redClaims(mutant: Mutant, verdicts: readonly Verdict[], tainted: ReadonlySet<ClaimId>): readonly RedClaim[] {
  const untainted = verdicts.filter(({ claim }) => !tainted.has(claim));
  const roleOf = (claim: ClaimId): RedClaim['role'] => {
    if (tainted.has(claim)) return 'tainted';
    if (mutant.claims === undefined ? mutant.equivalent === undefined : mutant.claims.includes(claim))
      return 'declared';
    const dragged = verdicts.some((each) => each.claim === claim && isDraggedAlong(each, mutant, untainted));
    return mutant.explains[claim] === undefined && !dragged ? 'unexplained' : 'explained';
  };
  return findingsOf(verdicts).map((finding) => ({ ...finding, role: roleOf(finding.claim) }));
}

function notJudged(mutant: Mutant, because: string): MutantResult {
  return { ...waiting(mutant), outcome: 'not judged', because };
}

function whyNothing(mutant: Mutant, proofs: readonly Proof[], claims: readonly ClaimId[]): string {
  if (claims.length > 0) return `not upheld on the unmutated cluster either: ${claims.join(', ')}`;
  return `none of its claims is judged by a suite (${reasonsUnproved(mutant, proofs).join('; ')})`;
}

function logOf(error: unknown): { readonly log?: readonly string[] } {
  return error instanceof DidNotComeUp && error.log.length > 0 ? { log: error.log } : {};
}

function costOf(parts: Partial<Omit<Cost, 'totalMs'>>): Cost {
  const { buildMs = 0, swapMs = 0, storiesMs = 0, restoreMs = 0 } = parts;
  return { buildMs, swapMs, storiesMs, restoreMs, totalMs: buildMs + swapMs + storiesMs + restoreMs };
}

/** Milliseconds since it was asked last. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const passed = Math.round(now - last);
    last = now;
    return passed;
  };
}
