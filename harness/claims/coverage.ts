import Table from 'cli-table3';
import { claimsOf, isClaimId, tutorialNames, tutorials, type ClaimId, type Tutorial } from './catalogue.ts';
import { reasonNotRun } from './notRun.ts';

/** A test that proves a claim. */
export interface Proof {
  readonly id: string;
  readonly suite: string;
  readonly story: string;
}

/** A broken variant of a workload on which the claim's test must turn red. */
export interface Control {
  readonly id: string;
  readonly variant: string;
}

export interface Coverage {
  readonly rows: readonly CoverageRow[];
  readonly faults: readonly Fault[];
}

/** Each claim of the tutorial is in exactly one of `proved`, `notRun` and `unproved`, unless a fault says otherwise. */
export interface CoverageRow {
  readonly tutorial: Tutorial;
  readonly claims: readonly ClaimId[];
  readonly proved: readonly ClaimId[];
  readonly controlled: readonly ClaimId[];
  readonly notRun: readonly ClaimId[];
  /** Neither proved nor excused. */
  readonly unproved: readonly ClaimId[];
}

/** What must not be, whatever the counts are. */
export type Fault =
  | { readonly kind: 'unknown-claim'; readonly id: string; readonly where: string }
  | { readonly kind: 'proved-but-not-run'; readonly id: ClaimId; readonly where: string }
  | { readonly kind: 'control-without-proof'; readonly id: ClaimId; readonly where: string };

/** What the tests found leave open of the catalogue. Pure: finding the tests and controls is the caller's part. */
export function coverageOf(proofs: readonly Proof[], controls: readonly Control[]): Coverage {
  const proved = new Set(proofs.map(({ id }) => id));
  const controlled = new Set(controls.map(({ id }) => id));
  return {
    rows: tutorialNames.map((tutorial) => rowOf(tutorial, proved, controlled)),
    faults: [...proofs.flatMap(faultOfProof), ...controls.flatMap((control) => faultOfControl(control, proved))],
  };
}

/** Every claim is proved or excused, never both, and nothing names a claim that is not there. */
export function isComplete(coverage: Coverage): boolean {
  return coverage.faults.length === 0 && coverage.rows.every((row) => row.unproved.length === 0);
}

function rowOf(tutorial: Tutorial, proved: ReadonlySet<string>, controlled: ReadonlySet<string>): CoverageRow {
  const claims = claimsOf(tutorial);
  return {
    tutorial,
    claims,
    proved: claims.filter((id) => proved.has(id)),
    controlled: claims.filter((id) => controlled.has(id)),
    notRun: claims.filter((id) => reasonNotRun(id) !== undefined),
    unproved: claims.filter((id) => !proved.has(id) && reasonNotRun(id) === undefined),
  };
}

function faultOfProof({ id, suite, story }: Proof): readonly Fault[] {
  const where = `${suite} › ${story}`;
  if (!isClaimId(id)) return [{ kind: 'unknown-claim', id, where }];
  return reasonNotRun(id) === undefined ? [] : [{ kind: 'proved-but-not-run', id, where }];
}

function faultOfControl({ id, variant }: Control, proved: ReadonlySet<string>): readonly Fault[] {
  const where = `control '${variant}'`;
  if (!isClaimId(id)) return [{ kind: 'unknown-claim', id, where }];
  return proved.has(id) ? [] : [{ kind: 'control-without-proof', id, where }];
}

/** For the terminal: the table, then each unproved claim and each fault on a line of its own. */
export function renderCoverage(coverage: Coverage): string {
  const table = new Table({
    head: [...headings],
    colAligns: ['left', ...numbers.map(() => 'right' as const)],
    style: { head: [], border: [] },
    chars: withoutRules,
  });
  table.push(...cellsOf(coverage));
  return [table.toString(), ...remarksOf(coverage)].join('\n');
}

export function renderCoverageMarkdown(coverage: Coverage): string {
  const lines = [headings, ['---', ...numbers.map(() => '---:')], ...cellsOf(coverage)].map(
    (cells) => `| ${cells.join(' | ')} |`,
  );
  const remarks = remarksOf(coverage).map((remark) => `- ${remark}`);
  return [...lines, ...(remarks.length > 0 ? ['', ...remarks] : [])].join('\n') + '\n';
}

/** No line between the rows: thirteen of them fit a screen then. */
const withoutRules = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

const numbers = ['claims', 'proved by a test', 'with a control', 'not run', 'unproved'] as const;
const headings = ['tutorial', ...numbers] as const;

function cellsOf({ rows }: Coverage): string[][] {
  const counts = rows.map(countsOf);
  const totals = numbers.map((_, column) => counts.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  return [
    ...rows.map(({ tutorial }, index) => [tutorials[tutorial].title, ...(counts[index] ?? []).map(String)]),
    ['total', ...totals.map(String)],
  ];
}

function countsOf({ claims, proved, controlled, notRun, unproved }: CoverageRow): readonly number[] {
  return [claims, proved, controlled, notRun, unproved].map((ids) => ids.length);
}

function remarksOf({ rows, faults }: Coverage): readonly string[] {
  const unproved = rows.flatMap((row) => row.unproved).map((id) => `${id} has neither a test nor a reason why not`);
  return [...unproved, ...faults.map(inWords)];
}

function inWords(fault: Fault): string {
  switch (fault.kind) {
    case 'unknown-claim':
      return `${fault.id}, named by ${fault.where}, is not in the catalogue`;
    case 'proved-but-not-run':
      return `${fault.id} is listed as not run, yet ${fault.where} proves it`;
    case 'control-without-proof':
      return `${fault.id} has a ${fault.where}, but no test that could turn red`;
  }
}
