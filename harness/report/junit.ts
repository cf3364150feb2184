import type { ClaimEvidence, ControlEvidence, Evidence } from './evidence.ts';
import { describeControl, describeKnown, judgeCommand } from './words.ts';
import { escapeXml } from './xml.ts';

/**
 * JUnit's XML: a suite for each tutorial, a test case for each claim. Violated is a failure, inconclusive an error, not run is skipped. A claim
 * whose control stayed green is an error as well: its verdict cannot be relied on. Violated as it is known of the server's version counts as skipped,
 * with the issue; a known violation that was not seen is an error.
 */
export function renderJunit(evidence: Evidence): string {
  const suites = evidence.tutorials.map(({ id, title }) => suite(id, title, evidence));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="Steadfast ${escapeXml(evidence.run.id)}" ${counts(evidence.claims, evidence)} time="${seconds(evidence.run.durationMs)}">\n${suites.join('\n')}\n</testsuites>\n`;
}

function suite(tutorial: string, title: string, evidence: Evidence): string {
  const claims = evidence.claims.filter((claim) => claim.tutorial === tutorial);
  const time = seconds(claims.reduce((sum, claim) => sum + claim.durationMs, 0));
  const cases = claims.map((claim) => testCase(claim, evidence));
  return `<testsuite name="${escapeXml(title)}" ${counts(claims, evidence)} time="${time}" timestamp="${escapeXml(evidence.run.startedAt.slice(0, 19))}">\n${cases.join('\n')}\n</testsuite>`;
}

function counts(claims: readonly ClaimEvidence[], evidence: Evidence): string {
  const of = (kind: Kind): number => claims.filter((claim) => kindOf(claim, evidence) === kind).length;
  return `tests="${claims.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`;
}

type Kind = 'failure' | 'error' | 'skipped' | 'passed';

function kindOf(claim: ClaimEvidence, evidence: Evidence): Kind {
  switch (claim.outcome) {
    case 'violated':
      return claim.known?.seen === 'as-known' ? 'skipped' : 'failure';
    case 'inconclusive':
      return 'error';
    case 'not-run':
      return 'skipped';
    case 'upheld':
      if (claim.known?.seen === 'not-seen') return 'error';
      return badControl(claim, evidence) === undefined ? 'passed' : 'error';
  }
}

function badControl(claim: ClaimEvidence, { controls }: Evidence): ControlEvidence | undefined {
  return controls.find(
    (control) => control.claim === claim.id && (control.turned === 'green' || control.turned === 'inconclusive'),
  );
}

function testCase(claim: ClaimEvidence, evidence: Evidence): string {
  const opening = `<testcase classname="${escapeXml(`${claim.tutorial}.${claim.section}`)}" name="${escapeXml(`${claim.id}: ${claim.says}`)}" time="${seconds(claim.durationMs)}"`;
  const body = bodyOf(claim, evidence);
  return body === '' ? `${opening}/>` : `${opening}>${body}</testcase>`;
}

function bodyOf(claim: ClaimEvidence, evidence: Evidence): string {
  const because = escapeXml(claim.because ?? 'no reason was given');
  const kind = kindOf(claim, evidence);
  const known = [describeKnown(claim)].filter((words) => words !== undefined).map(escapeXml);
  switch (kind) {
    case 'passed':
      return '';
    case 'skipped':
      return `<skipped message="${[because, ...known].join('; ')}"/>`;
    case 'failure':
      return `<failure type="violated" message="${because}">${escapeXml(detailsOf(claim, evidence))}</failure>`;
    case 'error': {
      const control = claim.outcome === 'upheld' ? badControl(claim, evidence) : undefined;
      if (claim.known?.seen === 'not-seen') return `<error type="known" message="${known.join('')}"/>`;
      if (control === undefined)
        return `<error type="inconclusive" message="${because}">${escapeXml(detailsOf(claim, evidence))}</error>`;
      const message = `its control ${describeControl(control)}: ${control.because ?? 'no reason was given'}`;
      return `<error type="control" message="${escapeXml(message)}"/>`;
    }
  }
}

function detailsOf(claim: ClaimEvidence, { run }: Evidence): string {
  const steps = (claim.counterexample?.entries ?? []).map(
    (entry) => `${entry.seconds.toFixed(3)} s  ${entry.subject}  ${entry.says}`,
  );
  const histories = claim.histories.map((file) => `history: ${file}`);
  return [
    claim.because ?? '',
    `source: ${claim.source}`,
    `guarantee: ${claim.guarantees.join(', ')}`,
    ...steps,
    ...histories,
    `judge it again: ${judgeCommand(run.id, claim.id)}`,
  ].join('\n');
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
