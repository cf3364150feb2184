import { durationInWords } from '../../report/words.ts';
import { bugUrl } from '../mutant.ts';
import type { MutantResult, MutantsReport } from '../results.ts';
import { costInWords, headlineOf, judgeAgain, outcomesIn } from './words.ts';

/** The report on a page of Markdown: for a pull request or a terminal. */
export function renderMutantsMarkdown(report: MutantsReport): string {
  const { run, because, totals, medianCost, clusters } = report;
  const counts = outcomesIn(report).map((outcome) => `${totals[outcome]} ${outcome}`);
  return [
    `# ${headlineOf(report)}`,
    ...(because === undefined ? [] : ['', text(because)]),
    '',
    `Run \`${run.id}\` on ${clusters.join(' and ')}, ${durationInWords(run.durationMs)}, commit \`${run.commit.slice(0, 12)}\`: ${counts.join(', ')}.`,
    ...(medianCost === undefined ? [] : [`Median cost of a mutant: ${costInWords(medianCost)}.`]),
    ...notKilled(report),
    ...table(report.mutants),
    ...baseline(report),
    ...unproved(report),
    '',
  ].join('\n');
}

function notKilled(report: MutantsReport): readonly string[] {
  const open = report.mutants.filter(({ outcome }) => !['killed', 'equivalent', 'waiting'].includes(outcome));
  if (open.length === 0) return [];
  return ['', '## Not killed', '', ...open.flatMap((mutant) => inDetail(mutant, report))];
}

function inDetail(mutant: MutantResult, report: MutantsReport): readonly string[] {
  const { id, outcome, because = '', breaks, red, log = [] } = mutant;
  return [
    `- **${outcome}** \`${id}\`: ${text(breaks)}`,
    `  ${text(because)}`,
    ...red.map(
      (each) =>
        `  - \`${each.claim}\` ${each.outcome} (${each.role}): ${text(each.because)} \`${judgeAgain(report, mutant, each.claim)}\``,
    ),
    ...log.map((line) => `      ${line}`),
  ];
}

function table(mutants: readonly MutantResult[]): readonly string[] {
  const rows = mutants.map(({ id, component, breaks, bug, outcome, red, cost }) => {
    const named = bug === undefined ? '' : ` ([${bug}](${bugUrl(bug)}))`;
    const claims = red.map(({ claim }) => `\`${claim}\``).join(', ');
    return `| \`${id}\` | ${component} | ${text(breaks)}${named} | ${outcome} | ${claims} | ${cost === undefined ? '' : durationInWords(cost.totalMs)} |`;
  });
  return [
    '',
    '## Mutants',
    '',
    '| Mutant | Component | It breaks | Outcome | Red | Cost |',
    '| --- | --- | --- | --- | --- | ---: |',
    ...rows,
  ];
}

function baseline({ baseline: { tainted } }: MutantsReport): readonly string[] {
  if (tainted.length === 0) return [];
  const rows = tainted.map(({ claim, outcome, because }) => `- \`${claim}\` ${outcome}: ${text(because)}`);
  return ['', '## Not upheld on the unmutated cluster, and so counted for no mutant', '', ...rows];
}

function unproved({ claims }: MutantsReport): readonly string[] {
  const nothing = claims.filter((each) => each.unproved).map(({ claim }) => `\`${claim}\``);
  const onlyVectors = claims
    .filter(({ unproved: none, controls, mutants }) => !none && controls.length + mutants.length === 0)
    .map(({ claim }) => `\`${claim}\``);
  return [
    ...(nothing.length === 0 ? [] : ['', '## Unproved: nothing turns them red', '', nothing.join(', ')]),
    ...(onlyVectors.length === 0
      ? []
      : ['', '## Turned red by vectors alone, by no control and no mutant of this run', '', onlyVectors.join(', ')]),
  ];
}

/** What others wrote must not become markup. */
function text(words: string): string {
  return words
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll(/[\\`*_<>[\]|#]/g, (character) => `\\${character}`);
}
