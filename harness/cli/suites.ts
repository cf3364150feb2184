import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InlineConfig, Reporter, Vitest } from 'vitest/node';
import { tutorialNames, type Tutorial } from '../claims/catalogue.ts';
import { paceVariable } from '../deadlines.ts';
import type { RunSpec } from '../run.ts';
import '../provided.ts';
import { root } from './folders.ts';

/** Where the suites are; another folder for tests of the command line itself. */
export function suitesFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env['STEADFAST_SUITES'] || join(root, 'suites');
}

/** The tutorials that have a suite, in the order of the report. */
export function tutorialsWithSuite(folder: string = suitesFolder()): readonly Tutorial[] {
  return tutorialNames.filter((tutorial) => existsSync(suiteFile(folder, tutorial)));
}

export interface SuitesRun {
  readonly tutorials: readonly Tutorial[];
  readonly spec: RunSpec;
  readonly reporter: Reporter;
  /** Gets Vitest once it is there: to cancel it when the run is interrupted. */
  readonly onStart?: (vitest: Vitest) => void;
}

/** Runs the tutorials' suites to their end, each in a worker of its own, all tests of a suite at once. What came of it, the reporter knows. */
export async function runSuites({ tutorials, spec, reporter, onStart }: SuitesRun): Promise<void> {
  const chosen = tutorials.filter((tutorial) => tutorialsWithSuite().includes(tutorial));
  if (chosen.length === 0) return;
  // Loading it takes long enough to be worth doing only when there is something to run.
  const { startVitest } = await import('vitest/node');
  const exitCode = process.exitCode;
  const takeSignalsBack = rememberSignalListeners();
  await startVitest([], {
    ...suiteSettings(chosen),
    provide: { run: spec },
    env: { [paceVariable]: String(spec.pace) },
    reporters: [
      {
        onInit: (vitest) => {
          takeSignalsBack();
          onStart?.(vitest);
        },
        ...asReporter(reporter),
      },
    ],
  });
  // Vitest speaks of tests; what this process ends with is decided by the verdicts.
  process.exitCode = exitCode;
}

/** How Vitest runs suites. Nothing of it is taken from a configuration file. */
export function suiteSettings(tutorials: readonly Tutorial[]): InlineConfig & { readonly config: false } {
  return {
    config: false,
    root,
    watch: false,
    include: tutorials.map((tutorial) => suiteFile(suitesFolder(), tutorial)),
    pool: 'forks',
    // Suites wait for the cluster most of the time: each has a worker of its own, however few cores there are.
    maxWorkers: Math.max(1, tutorials.length),
    fileParallelism: true,
    sequence: { concurrent: true },
    maxConcurrency: 10_000,
    // Stories have deadlines of their own, with better words.
    testTimeout: 0,
    hookTimeout: 0,
    retry: 0,
    passWithNoTests: true,
    includeTaskLocation: true,
    allowOnly: false,
  };
}

/** Vitest ends the process at the first Ctrl-C, before anything was cleaned up. Returns what takes away the listeners added since. */
function rememberSignalListeners(): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.listeners(signal)));
  return () =>
    signals.forEach((signal, position) => {
      const added = process.listeners(signal).filter((listener) => before[position]?.has(listener) !== true);
      for (const listener of added) process.off(signal, listener);
    });
}

/** An object's own functions, bound to it: a spread would lose methods of a class. */
function asReporter(reporter: Reporter): Reporter {
  return {
    onTestModuleCollected: (module) => reporter.onTestModuleCollected?.(module),
    onTestCaseResult: (testCase) => reporter.onTestCaseResult?.(testCase),
    onTestModuleEnd: (module) => reporter.onTestModuleEnd?.(module),
    onTestRunEnd: (modules, errors, reason) => reporter.onTestRunEnd?.(modules, errors, reason),
    onUserConsoleLog: (log) => reporter.onUserConsoleLog?.(log),
  };
}

function suiteFile(folder: string, tutorial: Tutorial): string {
  return join(folder, tutorial, `${tutorial}.suite.ts`);
}
