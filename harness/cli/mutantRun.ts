import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { claimIds, type ClaimId } from '../claims/catalogue.ts';
import {
  defaultClusterName,
  ensureKindCluster,
  groundOf,
  keepingOthersOff,
  type KindCluster,
} from '../cluster/index.ts';
import { messageOf, RunError, UsageError } from '../errors.ts';
import type { Kube } from '../kube/connect.ts';
import { findingsOf, runCampaign, verdictsOf, type Bench } from '../mutants/campaign.ts';
import { claimsOfApplications, claimsToJudge } from '../mutants/claimsToJudge.ts';
import { Ledger } from '../mutants/ledger.ts';
import type { Mutant } from '../mutants/mutant.ts';
import type { Baseline, MutantResult, MutantsReport, Selection } from '../mutants/results.ts';
import type { Located } from '../mutants/source.ts';
import type { Evidence } from '../report/evidence.ts';
import { commitOf } from './commit.ts';
import type { Desk } from './desk.ts';
import { reportsFolder, root } from './folders.ts';
import { findLeftovers } from './leftovers.ts';
import { MutantLines } from './mutantLines.ts';
import { measurePace } from './pace.ts';
import { preflight } from './preflight.ts';
import type { Proofs } from './proofs.ts';
import { conductRun, removeAll, type RunPlan } from './run.ts';
import { newRunId } from './runId.ts';
import { kindTarget, type Target } from './target.ts';

/** Which mutants, on how many clusters, and what is known already. */
export interface MutantsOrder {
  readonly located: readonly Located[];
  /** The ids of those that are to be judged now; the others wait for a run that goes on with this one. All if left out. */
  readonly now?: readonly string[];
  readonly selection: Selection;
  readonly proofs: Proofs;
  readonly clusters: number;
  /** An unfinished run that is gone on with: its results stand. */
  readonly resumed?: MutantsReport;
  /** Evidence that this very command has gathered on the unmutated cluster: it need not be judged again, and the report goes beside it. */
  readonly evidence?: Evidence;
}

/** Runs the mutants. Whatever happens, the clusters are unmutated afterwards, or the error says that one is not. */
export async function runMutants(order: MutantsOrder, desk: Desk): Promise<MutantsReport> {
  const lines = new MutantLines(desk.screen);
  const names = clusterNames(order.clusters);
  try {
    return await keepingOthersOff(names, async () => {
      const clusters: KindCluster[] = [];
      for (const name of names)
        clusters.push(await ensureKindCluster(desk.screen.progress, { signal: desk.interruption.signal, name }));
      return runOn(clusters, order, desk, lines);
    });
  } finally {
    lines.close();
  }
}

function clusterNames(count: number): readonly string[] {
  const first = defaultClusterName();
  return Array.from({ length: count }, (_, index) => (index === 0 ? first : `${first}-${index + 1}`));
}

async function runOn(
  clusters: readonly KindCluster[],
  order: MutantsOrder,
  desk: Desk,
  lines: MutantLines,
): Promise<MutantsReport> {
  const targets = clusters.map(kindTarget);
  try {
    const { ledger, directory } = await openLedger(clusters, order, desk);
    desk.interruption.onSecond(() => lines.say('A mutant may still be in place: `npm run up` puts the original back.'));
    lines.begin(ledger.report, directory);
    const benches = await Promise.all(targets.map((target) => benchOf(target, desk, lines)));
    return await conclude(ledger, desk, () => work(order, benches, ledger, directory, desk, lines));
  } finally {
    for (const { kube } of targets) kube.close();
  }
}

async function work(
  order: MutantsOrder,
  benches: readonly Bench[],
  ledger: Ledger,
  directory: string,
  desk: Desk,
  lines: MutantLines,
): Promise<void> {
  const { now } = order;
  const isAsked = (id: string): boolean => now === undefined || now.includes(id);
  const open = order.located.filter(({ mutant: { id } }) => ledger.isOpen(id) && isAsked(id));
  const { proofs } = order.proofs;
  const { signal } = desk.interruption;
  const judge = async (mutants: readonly Located[], round: Round): Promise<void> => {
    const { claimsOf, unmutated, onResult } = round;
    const needed = new Set(mutants.flatMap(({ mutant }) => claimsOf(mutant)));
    const tainted = await baseline(needed, order, benches, ledger, { directory, part: unmutated }, lines);
    signal.throwIfAborted();
    await runCampaign(
      { mutants, benches, proofs, claimsOf, tainted, directory, signal },
      { onResult, onStep: (cluster, step) => lines.step(cluster, step), say: (line) => lines.say(line) },
    );
  };
  const add = async (result: MutantResult): Promise<void> => {
    await ledger.add(result);
    lines.ended(result, ledger.report);
  };

  const spared = new Map<string, MutantResult>();
  await judge(open, {
    claimsOf: (mutant) => claimsToJudge(mutant, proofs),
    unmutated: 'baseline',
    onResult: async (result) => {
      if (result.outcome !== 'survived' || result.claims !== undefined) return add(result);
      spared.set(result.id, result);
      lines.say(`${result.id} declares no claims, and none is violated so far: those of the applications come last`);
    },
  });
  if (spared.size === 0 || signal.aborted) return;
  const applications = claimsOfApplications(proofs);
  await judge(
    open.filter(({ mutant: { id } }) => spared.has(id)),
    {
      claimsOf: () => applications,
      unmutated: 'baseline-applications',
      onResult: (result) => add(withEarlier(result, spared.get(result.id))),
    },
  );
}

/** Mutants are judged once, and those that have declared nothing and passed a second time, by other claims. */
interface Round {
  readonly claimsOf: (mutant: Mutant) => readonly ClaimId[];
  /** Where the unmutated cluster's stories lie. */
  readonly unmutated: 'baseline' | 'baseline-applications';
  readonly onResult: (result: MutantResult) => Promise<void>;
}

/** What two looks at a mutant have shown, of which the first decided nothing. */
function withEarlier(result: MutantResult, earlier: MutantResult | undefined): MutantResult {
  if (earlier === undefined) return result;
  const both = { ...result, red: [...earlier.red, ...result.red], judged: earlier.judged + result.judged };
  if (result.because === undefined || result.because === earlier.because) return both;
  return { ...both, because: `${earlier.because}; of the applications: ${result.because}` };
}

/** Whatever ends it, the report says so, and what was judged stays in it. */
async function conclude(ledger: Ledger, { interruption }: Desk, judge: () => Promise<void>): Promise<MutantsReport> {
  try {
    await judge();
  } catch (error) {
    if (interruption.because === undefined || !(error === interruption.because || isAborted(error))) {
      await ledger.end('broken', messageOf(error));
      throw error;
    }
  }
  if (interruption.because !== undefined) return ledger.end('interrupted', interruption.because.message);
  const { waiting } = ledger.report.totals;
  if (waiting > 0)
    return ledger.end('interrupted', `${waiting} of its mutants were not asked for: --resume goes on with them`);
  return ledger.end('complete');
}

function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** The claims that are not upheld on the unmutated cluster. Those that an earlier part of this run has looked at are not looked at again. */
async function baseline(
  needed: ReadonlySet<ClaimId>,
  { evidence }: MutantsOrder,
  [bench]: readonly Bench[],
  ledger: Ledger,
  { directory, part }: { readonly directory: string; readonly part: string },
  lines: MutantLines,
): Promise<ReadonlySet<ClaimId>> {
  const known = new Set(ledger.report.baseline.claims);
  const open = claimIds.filter((id) => needed.has(id) && !known.has(id));
  if (bench === undefined) throw new Error('there is no cluster to judge on');
  if (evidence !== undefined) await ledger.setBaseline(baselineOf(evidence), evidence);
  else if (open.length > 0) {
    lines.step(bench.ground.cluster, `the unmutated cluster: ${open.length} claims`);
    const judged = await bench.judge(open, join(directory, part));
    await sweepUp(judged.run.id, bench, lines);
    if (judged.status === 'broken')
      throw new RunError(`the unmutated cluster could not be judged: ${judged.because ?? 'no reason was given'}`);
    await ledger.setBaseline({ ...baselineOf(judged), report: `${part}/index.html` }, judged);
  }
  const { tainted } = ledger.report.baseline;
  for (const { claim, outcome, because } of tainted)
    lines.say(`${claim} is ${outcome} without any mutant, and counts for none: ${because}`);
  return new Set(tainted.map(({ claim }) => claim));
}

/** What is left on the cluster is in nobody's way: it is told, and the mutants are judged all the same. */
async function sweepUp(run: string, bench: Bench, lines: MutantLines): Promise<void> {
  try {
    await bench.sweep(run);
  } catch (error) {
    const where = bench.ground.cluster;
    lines.say(`run ${run} left something behind on ${where}: ${messageOf(error)}. Remove it with: npm run clean`);
  }
}

function baselineOf(evidence: Evidence): Baseline {
  const verdicts = verdictsOf(evidence).filter(({ outcome }) => outcome !== 'not-run');
  return { claims: verdicts.map(({ claim }) => claim), tainted: findingsOf(verdicts) };
}

async function openLedger(
  clusters: readonly KindCluster[],
  { located, selection, proofs, resumed, evidence }: MutantsOrder,
  { argv }: Desk,
): Promise<{ readonly ledger: Ledger; readonly directory: string }> {
  const id = resumed?.run.id ?? evidence?.run.id ?? newRunId();
  const directory = join(reportsFolder(), id);
  await mkdir(directory, { recursive: true });
  const run = { id, commit: await commitOf(root), argv };
  const ledger = new Ledger({
    directory,
    run,
    selection,
    clusters: clusters.map(({ name }) => name),
    mutants: located.map(({ mutant }) => mutant),
    controls: proofs.controls,
    ...(resumed === undefined ? {} : { resumed }),
  });
  await ledger.write();
  return { ledger, directory };
}

async function benchOf(target: Target, desk: Desk, lines: MutantLines): Promise<Bench> {
  const { interruption, argv } = desk;
  const { signal } = interruption;
  await refuseLiveRuns(target.kube, target.cluster.name, signal);
  const facts = await preflight(target.kube, { storageClass: undefined, signal });
  // Measured once, before anything is exchanged: a mutant is not to make itself more time.
  const pace = await measurePace(target.kube, newRunId(), { signal, say: (line) => lines.say(line) });
  const plan: Omit<RunPlan, 'claims' | 'within'> = {
    target,
    facts,
    controls: false,
    allowDisruption: true,
    argv,
    clusterArguments: [],
    ...(pace === undefined ? {} : { pace }),
  };
  const { name } = target.cluster;
  return {
    ground: await groundOf(name),
    judge: (claims, within) => {
      let judged = 0;
      return conductRun(
        { ...plan, claims, within },
        {
          interruption,
          show: (event) => {
            if (event.kind === 'claim-judged') judged += 1;
            if (event.kind !== 'run-ended') lines.progress(name, judged, claims.length);
          },
          say: (line) => lines.say(line),
        },
      );
    },
    sweep: (run) => removeAll(target.kube, run, sweepWithinMs),
  };
}

const sweepWithinMs = 60_000;

/** What a run records while components are exchanged beneath it would be held against the cluster. */
async function refuseLiveRuns(kube: Kube, cluster: string, signal: AbortSignal): Promise<void> {
  const { alive } = await findLeftovers(kube, { signal });
  if (alive.length === 0) return;
  throw new UsageError(`a run is going on on cluster ${cluster}: ${alive.join(', ')}`, {
    remedy:
      'Wait for it to end, or name another cluster with STEADFAST_CLUSTER. Mutants need a cluster for themselves.',
  });
}
