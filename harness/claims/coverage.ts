import Table from 'cli-table3';
import { claimsOf, isClaimId, tutorialNames, tutorials, type ClaimId, type Tutorial } from './catalogue.ts';
import { reasonNotRun } from './notRun.ts';

/** A test that proves a claim. */
export interface Proof {
  readonly id: string;
  readonly suite: string;
  readonly story: string;
  /** The titles of all stories that it is judged by. */
  readonly stories?: readonly string[];
}

/** A broken variant of a workload on which the claim's test must turn red. */
export interface Control {
  readonly id: string;
  readonly variant: string;
}

/** A mutant of a real component that declares that it turns the claim red. */
export interface Killer {
  readonly id: string;
  readonly mutant: string;
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
  /** At least one mutant declares that it turns the claim red. */
  readonly mutated: readonly ClaimId[];
  /** Proved by a test of which neither a control nor a mutant shows that it can fail. */
  readonly untried: readonly ClaimId[];
  readonly notRun: readonly ClaimId[];
  /** Neither proved nor excused. */
  readonly unproved: readonly ClaimId[];
}

/** What must not be, whatever the counts are. */
export type Fault =
  | { readonly kind: 'unknown-claim'; readonly id: string; readonly where: string }
  | { readonly kind: 'proved-but-not-run'; readonly id: ClaimId; readonly where: string }
  | { readonly kind: 'control-without-proof'; readonly id: ClaimId; readonly where: string };

/** What the tests found leave open of the catalogue. Pure: finding the tests, controls and mutants is the caller's part. */
export function coverageOf(
  proofs: readonly Proof[],
  controls: readonly Control[],
  killers: readonly Killer[] = [],
  reasonOf: ReasonOf = reasonNotRun,
): Coverage {
  const ids = {
    reasonOf,
    proved: new Set(proofs.map(({ id }) => id)),
    controlled: new Set(controls.map(({ id }) => id)),
    mutated: new Set(killers.map(({ id }) => id)),
  };
  const { proved } = ids;
  return {
    rows: tutorialNames.map((tutorial) => rowOf(tutorial, ids)),
    faults: [
      ...proofs.flatMap((proof) => faultOfProof(proof, reasonOf)),
      ...controls.flatMap((control) => faultOfControl(control, proved)),
    ],
  };
}

/** Every claim is proved or excused, never both, and nothing names a claim that is not there. */
export function isComplete(coverage: Coverage): boolean {
  return coverage.faults.length === 0 && coverage.rows.every((row) => row.unproved.length === 0);
}

/** Why no suite judges a claim, of a whole tutorial's or its own. */
type ReasonOf = (id: ClaimId) => string | undefined;

interface Ids {
  readonly reasonOf: ReasonOf;
  readonly proved: ReadonlySet<string>;
  readonly controlled: ReadonlySet<string>;
  readonly mutated: ReadonlySet<string>;
}

function rowOf(tutorial: Tutorial, { reasonOf, proved, controlled, mutated }: Ids): CoverageRow {
  const claims = claimsOf(tutorial);
  return {
    tutorial,
    claims,
    proved: claims.filter((id) => proved.has(id)),
    controlled: claims.filter((id) => controlled.has(id)),
    mutated: claims.filter((id) => mutated.has(id)),
    untried: claims.filter((id) => proved.has(id) && !controlled.has(id) && !mutated.has(id)),
    notRun: claims.filter((id) => reasonOf(id) !== undefined),
    unproved: claims.filter((id) => !proved.has(id) && reasonOf(id) === undefined),
  };
}

function faultOfProof({ id, suite, story }: Proof, reasonOf: ReasonOf): readonly Fault[] {
  const where = `${suite} › ${story}`;
  if (!isClaimId(id)) return [{ kind: 'unknown-claim', id, where }];
  return reasonOf(id) === undefined ? [] : [{ kind: 'proved-but-not-run', id, where }];
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

const numbers = [
  'claims',
  'proved by a test',
  'with a control',
  'with a mutant',
  'with neither',
  'not run',
  'unproved',
] as const;
const headings = ['tutorial', ...numbers] as const;

function cellsOf({ rows }: Coverage): string[][] {
  const counts = rows.map(countsOf);
  const totals = numbers.map((_, column) => counts.reduce((sum, row) => sum + (row[column] ?? 0), 0));
  return [
    ...rows.map(({ tutorial }, index) => [tutorials[tutorial].title, ...(counts[index] ?? []).map(String)]),
    ['total', ...totals.map(String)],
  ];
}

function countsOf(row: CoverageRow): readonly number[] {
  const { claims, proved, controlled, mutated, untried, notRun, unproved } = row;
  return [claims, proved, controlled, mutated, untried, notRun, unproved].map((ids) => ids.length);
}

function remarksOf({ rows, faults }: Coverage): readonly string[] {
  const unproved = rows.flatMap((row) => row.unproved).map((id) => `${id} has neither a test nor a reason why not`);
  return [...unproved, ...untriedIn(rows), ...faults.map(inWords)];
}

/** In one line: it is long while a suite is new. */
function untriedIn(rows: readonly CoverageRow[]): readonly string[] {
  const ids = rows.flatMap((row) => row.untried);
  return ids.length === 0 ? [] : [`neither a control nor a mutant turns these red: ${ids.join(', ')}`];
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
