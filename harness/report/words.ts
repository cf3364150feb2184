import type { ClaimEvidence, ControlEvidence, Evidence, Outcome } from './evidence.ts';
import { newViolations } from './exit.ts';

/** The run in one sentence, the same wherever it is shown. */
export function headlineOf(evidence: Evidence): string {
  const { status, totals } = evidence;
  switch (status) {
    case 'interrupted':
      return `Interrupted: ${totals.judged} of ${totals.claims} claims were judged`;
    case 'broken':
      return `The run broke: ${totals.judged} of ${totals.claims} claims were judged`;
    case 'running':
      return `Not finished: ${totals.judged} of ${totals.claims} claims judged so far`;
    case 'complete':
      return verdictOf(evidence);
  }
}

function verdictOf({ totals, cluster }: Evidence): string {
  const { claims, judged, violated, inconclusive, upheld, controls, known } = totals;
  const surprises = newViolations(totals);
  if (surprises > 0)
    return `${violated} of ${judged} claims violated${surprises < violated ? `, ${violated - surprises} of them as known of ${cluster.version}` : ''}`;
  if (controls.green > 0) return `${counted(controls.green, 'control')} stayed green: the verdicts cannot be relied on`;
  if (inconclusive > 0) return `${inconclusive} of ${judged} claims inconclusive`;
  if (controls.inconclusive > 0) return `${counted(controls.inconclusive, 'control')} inconclusive`;
  if (known !== undefined && known.notSeen > 0)
    return `${counted(known.notSeen, 'known violation')} of ${cluster.version} not seen: the check or the table is out of date`;
  if (violated > 0)
    return `${upheld} of ${judged} judged claims upheld, ${violated} violated exactly as known of ${cluster.version}`;
  if (judged === 0) return `None of ${claims} claims was judged`;
  return upheld === claims
    ? `All ${claims} claims upheld`
    : `All ${judged} judged claims upheld, ${claims - judged} not run`;
}

/** What is known of the claim on servers of this version, and whether it was seen; nothing where nothing is known. */
export function describeKnown({ known }: ClaimEvidence): string | undefined {
  if (known === undefined) return undefined;
  const issue = nameOfIssue(known.issue);
  switch (known.seen) {
    case 'as-known':
      return `known of this version (${issue}): ${known.says}`;
    case 'otherwise':
      return `not only as known of this version (${issue}: ${known.says})`;
    case 'in-doubt':
      return `known of this version (${issue}: ${known.says}), and part of it could not be judged: ${(known.doubts ?? []).join('; ')}`;
    case 'not-seen':
      return `this version is known to break it (${issue}: ${known.says}), and that was not seen: the check or the table is out of date`;
    case 'not-this-time':
      return `this version may break it (${issue}: ${known.says}), and did not this time`;
    case 'mended':
      return `this version would break it (${issue}), were it not mended here`;
    case 'not-judged':
      return `this version is known to break it (${issue}: ${known.says})`;
  }
}

/** `#73492`, or the host of another page. */
function nameOfIssue(address: string): string {
  const { hostname, pathname } = new URL(address);
  const number = /\/issues\/(\d+)$/.exec(pathname)?.[1];
  return number === undefined ? hostname : `#${number}`;
}

/** Claims whose outcome a reader has to be told about: those not upheld, and those upheld where a violation is known. */
export function isToBeExplained({ outcome, known }: ClaimEvidence): boolean {
  return outcome === 'violated' || outcome === 'inconclusive' || known?.seen === 'not-seen';
}

/** A control shown with the look of a claim: red is what it is for. */
export function outcomeOfControl({ turned }: ControlEvidence): Outcome {
  switch (turned) {
    case 'red':
      return 'upheld';
    case 'green':
      return 'violated';
    case 'inconclusive':
    case 'not-run':
      return turned;
  }
}

/** How a control came out as a test of the instrument. */
export function describeControl({ turned }: ControlEvidence): string {
  switch (turned) {
    case 'red':
      return 'red, as it must be';
    case 'green':
      return 'stayed green';
    case 'inconclusive':
      return 'inconclusive';
    case 'not-run':
      return 'not run';
  }
}

export function outcomeInWords(outcome: Outcome): string {
  return outcome === 'not-run' ? 'not run' : outcome;
}

export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** `0.4 s`, `12 s`, `3 min 05 s`. */
export function durationInWords(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** The command that judges one claim of a stored run again, without a cluster. */
export function judgeCommand(run: string, claim: string): string {
  return `npm run judge -- ${run} --claim ${claim}`;
}
