import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNotThere } from '../files.ts';
import { runTool, type Outcome } from './processes.ts';

/** How many tests or checks there were, and how many of them failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((total, each) => ({ passed: total.passed + each.passed, failed: total.failed + each.failed }), {
    passed: 0,
    failed: 0,
  });
}

interface Check {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<CheckResult>;
}

interface CheckResult {
  readonly tally: Tally;
  /** What it says on its line. */
  readonly says: string;
  /** What to print when something failed. */
  readonly output: string;
}

/** Everything that can be known without a cluster, in seconds. Each check is a line; what failed is printed in full below. */
export async function check(signal: AbortSignal, print: (line: string) => void): Promise<Tally> {
  const results = await Promise.all(checks.map((each) => runCheck(each, signal, print)));
  for (const { tally, output } of results) if (tally.failed > 0) print(`\n${output.trim()}\n`);
  return sum(results.map(({ tally }) => tally));
}

const checks: readonly Check[] = [
  tool('types', 'tsc', ['--noEmit']),
  tool('lint', 'oxlint', ['--type-aware', '--deny-warnings']),
  tool('format', 'prettier', ['--check', '--cache', '--cache-strategy', 'content', '--log-level', 'warn', '.']),
  { name: 'unit tests', run: (signal) => runTests('unit', signal) },
];

async function runCheck(each: Check, signal: AbortSignal, print: (line: string) => void): Promise<CheckResult> {
  const startedAt = performance.now();
  const result = await each.run(signal);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const mark = result.tally.failed === 0 ? 'ok    ' : 'FAILED';
  print(`${mark} ${each.name.padEnd(11)} ${result.says} (${seconds} s)`);
  return result;
}

function tool(name: string, command: string, args: readonly string[]): Check {
  return {
    name,
    run: async (signal) => {
      const { exitCode, output } = await runTool(command, args, { signal });
      const failed = exitCode === 0 ? 0 : 1;
      return { tally: { passed: 1 - failed, failed }, says: `${command} ${args.join(' ')}`, output };
    },
  };
}

/** Runs one project of vitest.config.ts. A run that ends without a result counts as one failure: silence is not success. */
export async function runTests(
  project: 'unit' | 'cluster' | 'browser',
  signal: AbortSignal,
  options: { readonly shown?: boolean; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CheckResult> {
  const folder = await mkdtemp(join(tmpdir(), 'steadfast-tests-'));
  const results = join(folder, 'results.json');
  try {
    const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
    const outcome = await runTool('vitest', args, { signal, ...options });
    return resultOf(outcome, await readResults(results));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface TestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly success: boolean;
}

async function readResults(file: string): Promise<TestResults | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as TestResults;
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

function resultOf({ exitCode, output }: Outcome, results: TestResults | undefined): CheckResult {
  const passed = results?.numPassedTests ?? 0;
  const failedTests = results?.numFailedTests ?? 0;
  // A file that could not be loaded has no failed test, and yet the run failed.
  const failed = exitCode === 0 ? failedTests : Math.max(1, failedTests);
  return { tally: { passed, failed }, says: `${passed} passed, ${failed} failed`, output };
}
