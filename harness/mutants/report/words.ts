import { counted, durationInWords } from '../../report/words.ts';
import type { ClaimId } from '../../claims/catalogue.ts';
import { partOf } from '../claimsToJudge.ts';
import { exitCodeOf, outcomes, type Cost, type MutantResult, type MutantsReport, type Outcome } from '../results.ts';

/** The run in one sentence, the same wherever it is shown. */
export function headlineOf({ status, totals }: Pick<MutantsReport, 'status' | 'totals'>): string {
  const { mutants, waiting } = totals;
  const done = mutants - waiting;
  switch (status) {
    case 'running':
      return `Not finished: ${done} of ${mutants} mutants judged so far`;
    case 'interrupted':
      return `Interrupted: ${done} of ${mutants} mutants were judged`;
    case 'broken':
      return `The run broke: ${done} of ${mutants} mutants were judged`;
    case 'complete':
      return scoreInWords(totals);
  }
}

function scoreInWords({ mutants, killed, equivalent }: MutantsReport['totals']): string {
  const possible = mutants - equivalent;
  const argued = equivalent === 0 ? '' : `, ${equivalent} argued equivalent`;
  return `${killed === possible ? `All ${counted(possible, 'mutant')}` : `${killed} of ${counted(possible, 'mutant')}`} killed${argued}`;
}

/** The outcomes that occur, the worst first. */
export function outcomesIn({ totals }: Pick<MutantsReport, 'totals'>): readonly Outcome[] {
  return outcomes.filter((outcome) => totals[outcome] > 0);
}

/** How a claim of that look would have come out: mutants are shown with the look of claims. */
export function lookOf(outcome: Outcome): 'upheld' | 'violated' | 'inconclusive' | 'not-run' {
  switch (outcome) {
    case 'killed':
    case 'equivalent':
      return 'upheld';
    case 'survived':
      return 'violated';
    case 'unexplained':
    case 'build failed':
    case 'not judged':
      return 'inconclusive';
    case 'waiting':
      return 'not-run';
  }
}

export function toneOf(report: Pick<MutantsReport, 'status' | 'totals'>): 'good' | 'bad' | 'unsure' {
  if (exitCodeOf(report) === 0) return 'good';
  return report.totals.survived > 0 ? 'bad' : 'unsure';
}

/** `12 s: build 3.1 s, swap 2.0 s, stories 5.3 s, restore 1.9 s`. */
export function costInWords({ buildMs, swapMs, storiesMs, restoreMs, totalMs }: Cost): string {
  const parts = { build: buildMs, swap: swapMs, stories: storiesMs, restore: restoreMs };
  const named = Object.entries(parts).map(([name, ms]) => `${name} ${durationInWords(ms)}`);
  return `${durationInWords(totalMs)}: ${named.join(', ')}`;
}

/** The command that judges a claim again on what a mutant's stories have recorded. */
export function judgeAgain(
  { run }: Pick<MutantsReport, 'run'>,
  mutant: Pick<MutantResult, 'id' | 'claims'>,
  claim: ClaimId,
): string {
  return `npm run judge -- ${run.id}/${partOf(mutant, [claim])} --claim ${claim}`;
}
