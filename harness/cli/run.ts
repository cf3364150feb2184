import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Vitest } from 'vitest/node';
import { catalogue, claim, tutorialNames, tutorials, type ClaimId, type Tutorial } from '../claims/catalogue.ts';
import { knownViolation } from '../claims/knownViolations.ts';
import { reasonNotRun } from '../claims/notRun.ts';
import { messageOf, RunError } from '../errors.ts';
import type { Kube } from '../kube/connect.ts';
import type { RunEvent } from '../report/events.ts';
import type { ClusterEvidence, Evidence, PaceEvidence } from '../report/evidence.ts';
import type { Judgement, RunSpec } from '../run.ts';
import { commitOf } from './commit.ts';
import { reportsFolder, root } from './folders.ts';
import type { Interruption } from './interruption.ts';
import { describeLeftovers, findLeftovers, isNothing, removeLeftovers } from './leftovers.ts';
import { measurePace, placesAt, placesTaken } from './pace.ts';
import { isDefaultClass, type ClusterFacts } from './preflight.ts';
import { gatheringReporter } from './reporter.ts';
import { newRunId } from './runId.ts';
import { RunReport, type SteadyFacts } from './runReport.ts';
import { SignOfLife } from './signOfLife.ts';
import { runSuites, tutorialsWithSuite } from './suites.ts';
import type { Target } from './target.ts';
import { TurnsServer } from './turns.ts';

/** What was asked for, once it is known to be possible. */
export interface RunPlan {
  readonly target: Target;
  readonly facts: ClusterFacts;
  readonly claims: readonly ClaimId[];
  readonly controls: boolean;
  /** How many places stories take; by the machine's pace where nobody said. */
  readonly jobs?: number;
  readonly allowDisruption: boolean;
  readonly storageClass?: string;
  /** How fast the cluster is, where that is known already; else it is measured first. */
  readonly pace?: PaceEvidence;
  readonly argv: readonly string[];
  /** The options that name this cluster to another command. */
  readonly clusterArguments: readonly string[];
  /**
   * Where the report of a run that is part of something larger lies. `latest` does not move then, and what the stories could not remove is left to
   * whoever asked for the run: `removeAll` with its id.
   */
  readonly within?: string;
}

/** Those who watch and may interrupt. */
export interface Watchers {
  readonly interruption: Interruption;
  readonly show: (event: RunEvent) => void;
  /** For what is no event: a warning, what a suite printed. */
  readonly say: (line: string) => void;
}

/** How long cleaning up may take, counted from the moment the run ended or was interrupted. */
const cleanUpWithinMs = 60_000;
/** How long stories have to give up after the word to stop. */
const giveUpWithinMs = 15_000;

/**
 * The run itself: its folder, its sign of life on the cluster, the suites, the report, and nothing left behind. Resolves with the evidence whatever the
 * verdicts are; rejects only when not even a report could be written.
 */
export async function conductRun(plan: RunPlan, watchers: Watchers): Promise<Evidence> {
  const id = newRunId();
  const directory = plan.within ?? join(reportsFolder(), id);
  const startedAtMs = Date.now();
  await mkdir(directory, { recursive: true });
  const isWhole = plan.within === undefined;
  const report = new RunReport(directory, await steadyFacts(plan, id, startedAtMs), { latest: isWhole });
  await report.write('running');
  if (isWhole)
    watchers.interruption.onSecond(() =>
      watchers.say(`left behind: whatever carries the label steadfast.dev/run=${id}. ${removeWith(plan, id)}`),
    );

  const faults: string[] = [];
  const fault = (text: string): void => void faults.push(text);
  try {
    await tellAndJudge({ plan, id, directory, startedAtMs }, report, watchers, fault);
  } catch (error) {
    if (watchers.interruption.because === undefined) fault(messageOf(error));
  }
  const [evidence] = await Promise.all([
    conclude(report, watchers, faults),
    isWhole ? cleanUp(plan, id, watchers) : undefined,
  ]);
  watchers.show({ kind: 'run-ended', atMs: Date.now(), evidence, directory });
  return evidence;
}

interface Run {
  readonly plan: RunPlan;
  readonly id: string;
  readonly directory: string;
  readonly startedAtMs: number;
}

async function tellAndJudge(
  run: Run,
  report: RunReport,
  watchers: Watchers,
  fault: (text: string) => void,
): Promise<void> {
  const { plan, id } = run;
  const { interruption, show, say } = watchers;
  const sign = await SignOfLife.begin(plan.target.kube, id, say);
  const onJudgement = (judgement: Judgement): void => {
    // What was given up says nothing of the cluster: it counts as not judged.
    if (interruption.because !== undefined && judgement.outcome === 'inconclusive') return;
    report.add(judgement);
    report.writeEarly((error) => say(`the report could not be written yet: ${messageOf(error)}`));
    show({ kind: 'claim-judged', atMs: Date.now(), judgement });
  };
  const reporter = gatheringReporter({
    onExpected: (expected) => show({ kind: 'run-began', atMs: Date.now(), ...expected }),
    onJudgement,
    onFault: (text) => (interruption.because === undefined ? fault(text) : undefined),
    onOutput: (text) => say(text.trimEnd()),
  });
  let turns: TurnsServer | undefined;
  try {
    const pace = plan.pace ?? (await measurePace(plan.target.kube, id, { signal: interruption.signal, say }));
    if (pace !== undefined) report.paced(pace);
    const factor = pace?.factor ?? 1;
    const chosen = new Set(plan.claims.map((each) => claim(each).tutorial));
    const tutorialsToRun = tutorialNames.filter((name) => chosen.has(name));
    turns = await TurnsServer.open({
      run: id,
      jobs: plan.jobs ?? placesAt(factor),
      placesOf: (places) => placesTaken(places, factor),
      onNews: show,
      onFault: (error) => fault(error.message),
    });
    const spec = specOf(run, turns.path, factor);
    await untilInterrupted(turns, interruption, (onStart) =>
      runSuites({ tutorials: tutorialsToRun, spec, reporter, onStart }),
    );
  } finally {
    sign.end();
    await turns?.close();
  }
}

/** Runs the suites; on interruption tells the stories to stop, and waits for them only so long. */
async function untilInterrupted(
  turns: TurnsServer,
  interruption: Interruption,
  start: (onStart: (vitest: Vitest) => void) => Promise<void>,
): Promise<void> {
  interruption.signal.throwIfAborted();
  let vitest: Vitest | undefined;
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<void>();
  let patience: NodeJS.Timeout | undefined;
  const onInterrupt = (): void => {
    turns.stop(messageOf(interruption.because));
    patience = setTimeout(giveUp, giveUpWithinMs);
  };
  interruption.signal.addEventListener('abort', onInterrupt, { once: true });
  try {
    const suites = start((started) => {
      vitest = started;
    });
    await Promise.race([suites, givenUp.then(() => vitest?.cancelCurrentRun('keyboard-input'))]);
  } finally {
    clearTimeout(patience);
    interruption.signal.removeEventListener('abort', onInterrupt);
  }
}

/** Writes the final report. Faults of this project break a run even if every verdict is there: they must not pass unseen. */
function conclude(report: RunReport, { interruption }: Watchers, faults: readonly string[]): Promise<Evidence> {
  if (interruption.because !== undefined) return report.write('interrupted', interruption.because.message);
  const [first, ...others] = faults;
  if (first === undefined) return report.write('complete');
  return report.write('broken', others.length === 0 ? first : `${first} (and ${others.length} more)`);
}

/** Removes what the stories did not remove themselves. What is still there when the time is over is named, with the command that removes it. */
async function cleanUp(plan: RunPlan, id: string, { say }: Watchers): Promise<void> {
  const { kube } = plan.target;
  try {
    await removeAll(kube, id, cleanUpWithinMs);
  } catch (error) {
    say(`cleaning up did not come to its end: ${messageOf(error)}`);
    for (const line of await whatIsLeft(plan, id)) say(`  left: ${line}`);
    say(removeWith(plan, id));
  }
}

/** Removes everything of a run that has ended. Rejects when it is not gone in time, and says so. */
export async function removeAll(kube: Kube, run: string, withinMs: number): Promise<void> {
  const signal = AbortSignal.timeout(withinMs);
  try {
    await removeLeftovers(kube, await findLeftovers(kube, { run, force: true, signal }), signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new RunError(`it took longer than ${withinMs / 1000} s`, { cause: error });
  }
}

async function whatIsLeft({ target }: RunPlan, id: string): Promise<readonly string[]> {
  try {
    const left = await findLeftovers(target.kube, { run: id, force: true, signal: AbortSignal.timeout(5_000) });
    return isNothing(left) ? ['nothing'] : describeLeftovers(left);
  } catch (error) {
    return [`whatever carries the label steadfast.dev/run=${id}: the cluster cannot be asked (${messageOf(error)})`];
  }
}

function removeWith({ clusterArguments }: RunPlan, id: string): string {
  return `Remove it with: npm run clean -- ${['--run', id, ...clusterArguments].join(' ')}`;
}

function specOf({ plan, id, directory, startedAtMs }: Run, turnsSocket: string, pace: number): RunSpec {
  const { target, facts, storageClass, claims, controls, allowDisruption } = plan;
  return {
    id,
    directory,
    mode: 'live',
    startedAtMs,
    cluster: { ...target.cluster, serverVersion: facts.serverVersion },
    ...(storageClass === undefined ? {} : { storageClass }),
    claims,
    controls,
    allowDisruption: allowDisruption || target.cluster.provider === 'kind',
    pace,
    turnsSocket,
  };
}

async function steadyFacts(plan: RunPlan, id: string, startedAtMs: number): Promise<SteadyFacts> {
  const chosen = new Set<string>(plan.claims);
  const chosenTutorials = new Set<Tutorial>(plan.claims.map((each) => claim(each).tutorial));
  const withSuite = new Set(tutorialsWithSuite());
  return {
    id,
    startedAtMs,
    commit: await commitOf(root),
    argv: plan.argv,
    cluster: clusterEvidence(plan),
    images: plan.target.images,
    known: (asked) => knownViolation(asked, plan.facts.serverVersion),
    tutorials: tutorialNames
      .filter((name) => chosenTutorials.has(name))
      .map((name) => ({ id: name, title: tutorials[name].title })),
    asked: (asked) => {
      if (!chosen.has(asked)) return 'it was not chosen for this run';
      const { tutorial } = catalogue[asked as ClaimId];
      return reasonNotRun(asked as ClaimId) ?? (withSuite.has(tutorial) || `there is no suite for ${tutorial}`);
    },
  };
}

function clusterEvidence({ target, facts }: RunPlan): ClusterEvidence {
  return {
    provider: target.cluster.provider,
    name: target.cluster.name,
    version: facts.serverVersion,
    ...(target.way === undefined ? {} : { way: target.way }),
    nodes: facts.nodes.map(({ metadata, status }) => ({
      name: metadata.name,
      roles: rolesOf(metadata.labels ?? {}),
      version: status?.nodeInfo?.kubeletVersion ?? 'unknown',
    })),
    storageClasses: facts.storageClasses.map((each) => ({
      name: each.metadata.name,
      provisioner: each.provisioner,
      isDefault: isDefaultClass(each),
      bindingMode: each.volumeBindingMode ?? 'Immediate',
      reclaimPolicy: each.reclaimPolicy ?? 'Delete',
    })),
  };
}

function rolesOf(labels: Readonly<Record<string, string>>): readonly string[] {
  const prefix = 'node-role.kubernetes.io/';
  return Object.keys(labels)
    .filter((label) => label.startsWith(prefix))
    .map((label) => label.slice(prefix.length));
}
