import Table from 'cli-table3';
import type { ClaimEvidence, ControlEvidence, Evidence } from '../evidence.ts';
import {
  describeControl,
  describeKnown,
  durationInWords,
  headlineOf,
  isToBeExplained,
  judgeCommand,
  outcomeInWords,
} from '../words.ts';
import { exitCodeOf } from '../exit.ts';
import { plain, type Paint } from './frame.ts';

/** What stands on the terminal in the end: a table by tutorial, every claim that is not upheld with its reason, and where the report is. */
export function renderConclusion(evidence: Evidence, directory: string, paint: Paint = plain): string {
  const red = evidence.claims.filter(isToBeExplained);
  const skipped = evidence.claims.filter(({ outcome }) => outcome === 'not-run');
  const controls = evidence.controls.filter(({ turned }) => turned !== 'red');
  const parts = [
    renderTable(evidence),
    ...red.map((claim) => notUpheld(claim, evidence.run.id, paint)),
    ...notRed(controls, paint),
    ...notRun(skipped),
    [headline(evidence, paint), ...(evidence.because === undefined ? [] : [evidence.because])].join('\n'),
    `took ${durationInWords(evidence.run.durationMs)}; report: ${directory}/index.html`,
  ];
  return `\n${parts.join('\n\n')}\n`;
}

function headline(evidence: Evidence, paint: Paint): string {
  const code = exitCodeOf(evidence);
  const look = code === 0 ? 'green' : code === 1 ? 'red' : 'yellow';
  return paint('bold', paint(look, headlineOf(evidence)));
}

function renderTable({ tutorials, claims, controls, totals }: Evidence): string {
  const table = new Table({
    head: ['tutorial', 'claims', 'upheld', 'violated', 'inconclusive', 'not run', 'controls red'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    // Its own colours know nothing of whether they are wanted here.
    style: { head: [], border: [], compact: true },
  });
  for (const { id, title } of tutorials) {
    const own = claims.filter(({ tutorial }) => tutorial === id);
    const count = (outcome: ClaimEvidence['outcome']): number =>
      own.filter((claim) => claim.outcome === outcome).length;
    const ownControls = controls.filter(({ tutorial }) => tutorial === id);
    table.push([
      title,
      own.length,
      count('upheld'),
      count('violated'),
      count('inconclusive'),
      count('not-run'),
      redOf(ownControls),
    ]);
  }
  if (tutorials.length > 1)
    table.push([
      'all',
      totals.claims,
      totals.upheld,
      totals.violated,
      totals.inconclusive,
      totals['not-run'],
      redOf(controls),
    ]);
  return table.toString();
}

function redOf(controls: readonly ControlEvidence[]): string {
  const judged = controls.filter(({ turned }) => turned !== 'not-run');
  return judged.length === 0 ? '' : `${judged.filter(({ turned }) => turned === 'red').length} of ${judged.length}`;
}

function notUpheld(claim: ClaimEvidence, run: string, paint: Paint): string {
  const steps = (claim.counterexample?.entries ?? []).map(
    ({ seconds, subject, says }) => `    ${seconds.toFixed(3).padStart(8)} s  ${subject}  ${says}`,
  );
  return [
    `${paint(claim.outcome === 'violated' ? 'red' : 'yellow', outcomeInWords(claim.outcome))} ${paint('bold', claim.id)}: ${claim.says}`,
    `    ${claim.because ?? (claim.outcome === 'upheld' ? 'upheld' : 'no reason was given')}`,
    ...known(claim),
    ...steps,
    `    documented at ${claim.source}`,
    `    judge it again: ${judgeCommand(run, claim.id)}`,
  ].join('\n');
}

function known(claim: ClaimEvidence): readonly string[] {
  const words = describeKnown(claim);
  return words === undefined || claim.known === undefined ? [] : [`    ${words}`, `    ${claim.known.issue}`];
}

/** Controls of a claim may have their story in common, and its reason: said once. */
function notRed(controls: readonly ControlEvidence[], paint: Paint): readonly string[] {
  const bySaying = Map.groupBy(controls, (control) => {
    const { turned, claim, story, because } = control;
    const look = turned === 'green' ? 'red' : 'yellow';
    return `${paint(look, `control ${describeControl(control)}`)} ${paint('bold', claim)}, ${story ?? 'no story'}\n    ${because ?? 'no reason was given'}`;
  });
  return [...bySaying].map(([saying, own]) => (own.length > 1 ? `${saying} (${own.length} controls)` : saying));
}

/** Many claims are not run for one reason: said once. */
function notRun(claims: readonly ClaimEvidence[]): readonly string[] {
  const byReason = Map.groupBy(claims, (claim) => claim.because ?? 'no reason was given');
  return [...byReason].map(([reason, own]) => {
    const ids = own.map(({ id }) => id);
    const some = ids.length > 8 ? `${ids.slice(0, 8).join(', ')} and ${ids.length - 8} more` : ids.join(', ');
    return `not run (${ids.length}): ${reason}\n    ${some}`;
  });
}
