import { claim, claimIds, isClaimId, tutorialNames, catalogue, type ClaimId } from '../../claims/catalogue.ts';
import { knownViolation } from '../../claims/knownViolations.ts';
import { selectClaims } from '../../claims/select.ts';
import { RunError } from '../../errors.ts';
import type { Evidence } from '../../report/evidence.ts';
import { exitCodeOf } from '../../report/exit.ts';
import { buildEvidence } from '../../report/gather.ts';
import type { Judgement, RunSpec } from '../../run.ts';
import type { Desk } from '../desk.ts';
import { storedRun } from '../folders.ts';
import type { JudgeOptions } from '../program.ts';
import { gatheringReporter } from '../reporter.ts';
import { readEvidence } from '../storedEvidence.ts';
import { runSuites } from '../suites.ts';
import { loadHistories } from './report.ts';

/**
 * Judges a stored run again, without a cluster: the same claims on the same histories. What it says differs from the stored evidence only if the
 * guarantees have changed since, and then it says where. It changes nothing in the run's folder.
 */
export async function judgeCommand(run: string, { claim: patterns = [] }: JudgeOptions, desk: Desk): Promise<number> {
  const folder = await storedRun(run);
  const stored = await readEvidence(folder);
  const selected = new Set(selectClaims({ tutorials: [], claims: patterns }));
  const { again, claims } = await evidenceAgain(folder, stored, selected, desk);
  for (const line of describe(again, claims)) desk.screen.print(line);
  const changed = differences(stored, again, claims);
  if (changed.length === 0) desk.screen.print('The verdicts are those of the stored evidence.');
  else for (const line of ['The verdicts differ from the stored evidence:', ...changed]) desk.screen.print(line);
  return exitCodeOf(again);
}

/** Judges the run of this folder again, as far as it was judged: each verdict, of claims and controls, that its histories do not bear out now, in words. */
export async function notBorneOut(folder: string, desk: Desk): Promise<readonly string[]> {
  const stored = await readEvidence(folder);
  const { again, claims } = await evidenceAgain(folder, stored, new Set(claimIds), desk);
  return differences(stored, again, claims);
}

async function evidenceAgain(
  folder: string,
  stored: Evidence,
  selected: ReadonlySet<ClaimId>,
  desk: Desk,
): Promise<{ readonly again: Evidence; readonly claims: readonly ClaimId[] }> {
  const histories = await loadHistories(folder);
  const claims = judgedClaims(stored).filter((id) => selected.has(id));
  const judgements = await judgeAgain(folder, stored, claims, desk);
  const again = buildEvidence(
    {
      ...stored.run,
      startedAtMs: Date.parse(stored.run.startedAt),
      status: 'complete',
      cluster: stored.cluster,
      images: stored.images,
      tutorials: stored.tutorials,
      known: (id) => knownViolation(id, stored.cluster.version),
      asked: (id) =>
        claims.some((each) => each === id) ||
        (selected.has(id as ClaimId) ? notJudgedThen(stored, id) : 'it was not chosen'),
    },
    judgements,
    catalogue,
    histories,
  );
  return { again, claims };
}

/** Judges these claims on a run's stored histories. */
export async function judgeAgain(
  directory: string,
  stored: Evidence,
  claims: readonly ClaimId[],
  { screen }: Desk,
): Promise<readonly Judgement[]> {
  const judgements: Judgement[] = [];
  const faults: string[] = [];
  const reporter = gatheringReporter({
    onExpected: () => undefined,
    onJudgement: (judgement) => void judgements.push(judgement),
    onFault: (fault) => void faults.push(fault),
    onOutput: (text) => screen.say(text.trimEnd()),
  });
  const chosen = new Set(claims.map((each) => claim(each).tutorial));
  const tutorials = tutorialNames.filter((name) => chosen.has(name));
  await runSuites({ tutorials, spec: specOf(directory, stored, claims), reporter });
  const [fault] = faults;
  if (fault !== undefined) throw new RunError(`the histories could not be judged again: ${fault}`);
  return judgements;
}

function specOf(directory: string, { run, cluster, controls }: Evidence, claims: readonly ClaimId[]): RunSpec {
  return {
    id: run.id,
    directory,
    mode: 'judge',
    startedAtMs: Date.parse(run.startedAt),
    cluster: { provider: cluster.provider, name: cluster.name, context: cluster.name, serverVersion: cluster.version },
    claims,
    controls: controls.length > 0,
    allowDisruption: false,
    pace: 1,
  };
}

function judgedClaims({ claims }: Evidence): readonly ClaimId[] {
  return claims
    .filter(({ outcome }) => outcome !== 'not-run')
    .map(({ id }) => id)
    .filter(isClaimId);
}

function notJudgedThen({ claims }: Evidence, id: string): string {
  return claims.find((each) => each.id === id)?.because ?? 'it was not judged in that run';
}

function describe(again: Evidence, claims: readonly ClaimId[]): readonly string[] {
  const wanted = new Set<string>(claims);
  return [
    ...again.claims
      .filter(({ id }) => wanted.has(id))
      .map(({ id, outcome, because }) => `${outcome.padEnd(12)} ${id}${because === undefined ? '' : `: ${because}`}`),
    `${again.totals.upheld} upheld, ${again.totals.violated} violated, ${again.totals.inconclusive} inconclusive`,
  ];
}

function differences(stored: Evidence, again: Evidence, claims: readonly ClaimId[]): readonly string[] {
  const wanted = new Set<string>(claims);
  const compared = (before: Outcomes, now: Outcomes): readonly string[] => {
    const places = [...new Set([...before.keys(), ...now.keys()])].filter(
      (place) => before.get(place) !== now.get(place),
    );
    return places.map(
      (place) => `  ${place}: ${before.get(place) ?? 'absent'} then, ${now.get(place) ?? 'absent'} now`,
    );
  };
  const claimsOf = (evidence: Evidence): Outcomes =>
    new Map(evidence.claims.filter(({ id }) => wanted.has(id)).map(({ id, outcome }) => [id, outcome]));
  const controlsOf = (evidence: Evidence): Outcomes =>
    new Map(
      evidence.controls
        .filter((control) => wanted.has(control.claim))
        .map(({ claim: id, line, turned }) => [`control ${id} at ${line}`, turned]),
    );
  return [...compared(claimsOf(stored), claimsOf(again)), ...compared(controlsOf(stored), controlsOf(again))];
}

type Outcomes = ReadonlyMap<string, string>;
