import type { ClaimEvidence, ControlEvidence, Evidence } from './evidence.ts';
import {
  counted,
  describeControl,
  describeKnown,
  durationInWords,
  headlineOf,
  isToBeExplained,
  judgeCommand,
  outcomeInWords,
} from './words.ts';

/** The report on a page of Markdown: for a pull request or a terminal. */
export function renderSummary(evidence: Evidence): string {
  const { run, cluster, because } = evidence;
  return [
    `# ${headlineOf(evidence)}`,
    ...(because === undefined ? [] : ['', because]),
    '',
    `Run \`${run.id}\` on ${cluster.provider} ${cluster.name} (Kubernetes ${cluster.version}, ${counted(cluster.nodes.length, 'node')}), ${durationInWords(run.durationMs)}, commit \`${run.commit.slice(0, 12)}\`. The whole report is [index.html](index.html); machines read [evidence.json](evidence.json).`,
    '',
    ...table(evidence),
    ...notUpheld(evidence),
    ...controls(evidence.controls),
    ...images(evidence),
    '',
  ].join('\n');
}

function table({ tutorials, claims }: Evidence): readonly string[] {
  const rows = tutorials.map(({ id, title }) => {
    const own = claims.filter((claim) => claim.tutorial === id);
    const count = (outcome: ClaimEvidence['outcome']): number =>
      own.filter((claim) => claim.outcome === outcome).length;
    return `| ${text(title)} | ${own.length} | ${count('upheld')} | ${count('violated')} | ${count('inconclusive')} | ${count('not-run')} |`;
  });
  return [
    '| Tutorial | Claims | Upheld | Violated | Inconclusive | Not run |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
  ];
}

function notUpheld({ claims, run }: Evidence): readonly string[] {
  const red = claims.filter(isToBeExplained);
  const skipped = claims.filter(({ outcome }) => outcome === 'not-run');
  return [
    ...(red.length === 0 ? [] : ['', '## Not upheld', '', ...red.flatMap((claim) => inDetail(claim, run.id))]),
    ...(skipped.length === 0 ? [] : ['', '## Not run', '', ...reasons(skipped)]),
  ];
}

function inDetail(claim: ClaimEvidence, run: string): readonly string[] {
  const steps = (claim.counterexample?.entries ?? []).map(
    ({ seconds, subject, says }, position) =>
      `   ${position + 1}. ${seconds.toFixed(3)} s \`${code(subject)}\` ${text(says)}`,
  );
  return [
    `- **${outcomeInWords(claim.outcome)}** \`${claim.id}\`: ${line(claim.says)} ([documented here](${claim.source}))`,
    `  ${text(claim.because ?? '')}`,
    ...known(claim),
    ...steps,
    `  Judge it again: \`${judgeCommand(run, claim.id)}\``,
  ];
}

function known(claim: ClaimEvidence): readonly string[] {
  const words = describeKnown(claim);
  return words === undefined || claim.known === undefined ? [] : [`  [${text(words)}](${claim.known.issue})`];
}

/** Many claims are not run for one reason: said once. */
function reasons(claims: readonly ClaimEvidence[]): readonly string[] {
  const byReason = Map.groupBy(claims, (claim) => claim.because ?? '');
  return [...byReason].map(([reason, own]) => `- ${text(reason)}: ${own.map(({ id }) => `\`${id}\``).join(', ')}`);
}

function controls(list: readonly ControlEvidence[]): readonly string[] {
  if (list.length === 0) return [];
  const red = list.filter(({ turned }) => turned === 'red').length;
  const others = list
    .filter(({ turned }) => turned !== 'red')
    .map(
      (control) =>
        `- \`${control.claim}\`, ${text(control.story ?? 'no story')}: ${describeControl(control)}. ${text(control.because ?? '')}`,
    );
  return ['', '## Controls', '', `${red} of ${list.length} turned red, as they must.`, ...others];
}

function images({ images: list, variations }: Evidence): readonly string[] {
  const rows = list.map(({ name, fidelity, why }) => `- \`${code(name)}\`: ${fidelity}. ${text(why)}`);
  const varied = variations.map(
    ({ says, stories }) => `- ${text(says)} (${stories.length === 1 ? 'one story' : `${stories.length} stories`})`,
  );
  return [
    ...(rows.length === 0 ? [] : ['', '## Images', '', ...rows]),
    ...(varied.length === 0 ? [] : ['', '## Variations from the manifests', '', ...varied]),
  ];
}

function line(words: string): string {
  return words.replaceAll(/\s+/g, ' ').trim();
}

/** What others wrote must not become markup. The catalogue's own sentences may. */
function text(words: string): string {
  return line(words).replaceAll(/[\\`*_<>[\]|#]/g, (character) => `\\${character}`);
}

function code(words: string): string {
  return line(words).replaceAll('`', "'");
}
