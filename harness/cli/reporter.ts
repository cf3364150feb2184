import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { Judgement } from '../run.ts';
import '../provided.ts';

export interface Expected {
  readonly claims: number;
  readonly controls: number;
}

export interface Listener {
  /** A suite was loaded: how many tests are expected of all that were loaded until now. */
  onExpected(expected: Expected): void;
  onJudgement(judgement: Judgement): void;
  /** Something that is no verdict: a suite that cannot be loaded, a test that ended without one. It breaks the run. */
  onFault(fault: string): void;
  /** A suite printed something. */
  onOutput(text: string): void;
}

/** Takes the judgements out of Vitest's tests. It decides nothing: a test's own red or green is not looked at, its judgement is. */
export function gatheringReporter(listener: Listener): Reporter {
  let expected: Expected = { claims: 0, controls: 0 };
  return {
    onTestModuleCollected: (module) => {
      expected = plus(expected, testsOf(module));
      listener.onExpected(expected);
    },
    onTestCaseResult: (test) => {
      const { judgement } = test.meta();
      if (judgement !== undefined) listener.onJudgement(judgement);
      else if (test.result().state !== 'skipped')
        listener.onFault(`the test “${test.fullName}” ended without a judgement${errorOf(test)}`);
    },
    onTestModuleEnd: (module) => {
      for (const { message } of module.errors())
        listener.onFault(`the suite ${module.relativeModuleId} broke: ${message}`);
    },
    onTestRunEnd: (_modules, errors) => {
      for (const { message, stack } of errors) listener.onFault(`an error outside any test: ${stack ?? message}`);
    },
    onUserConsoleLog: ({ content }) => listener.onOutput(content),
  };
}

function testsOf(module: TestModule): Expected {
  const kinds = [...module.children.allTests()]
    .filter((test) => test.options.mode !== 'skip')
    .map((test) => test.meta().declared?.kind ?? 'claim');
  const controls = kinds.filter((kind) => kind === 'control').length;
  return { claims: kinds.length - controls, controls };
}

function plus(one: Expected, other: Expected): Expected {
  return { claims: one.claims + other.claims, controls: one.controls + other.controls };
}

function errorOf(test: TestCase): string {
  const [error] = test.result().errors ?? [];
  return error === undefined ? '' : `: ${error.message}`;
}
