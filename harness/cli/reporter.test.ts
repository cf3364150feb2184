import { expect, test } from 'vitest';
import type { TestCase, TestModule } from 'vitest/node';
import type { Judgement } from '../run.ts';
import { gatheringReporter, type Expected } from './reporter.ts';

/** What a listener heard of tests that ended like this. The tests have of Vitest's what the reporter looks at. */
function heard() {
  const judgements: Judgement[] = [];
  const faults: string[] = [];
  const expected: Expected[] = [];
  const reporter = gatheringReporter({
    onExpected: (each) => void expected.push(each),
    onJudgement: (each) => void judgements.push(each),
    onFault: (each) => void faults.push(each),
    onOutput: () => undefined,
  });
  return { reporter, judgements, faults, expected };
}

function testCase(facts: {
  state: 'passed' | 'failed' | 'skipped';
  meta?: object;
  error?: string;
  mode?: 'run' | 'skip';
}): TestCase {
  const errors = facts.error === undefined ? [] : [{ message: facts.error }];
  return {
    fullName: 'a section > a test',
    options: { mode: facts.mode ?? 'run' },
    meta: () => facts.meta ?? {},
    result: () => ({ state: facts.state, errors }),
  } as unknown as TestCase;
}

function moduleOf(tests: readonly TestCase[], errors: readonly string[] = []): TestModule {
  return {
    relativeModuleId: 'suites/x.suite.ts',
    children: { allTests: () => tests },
    errors: () => errors.map((message) => ({ message })),
  } as unknown as TestModule;
}

const judgement = { claim: 'web.pod-naming', kind: 'claim', outcome: 'violated' } as unknown as Judgement;

test('a judgement is handed on whether its test is red, green or skipped', async () => {
  const { reporter, judgements, faults } = heard();
  for (const state of ['failed', 'passed', 'skipped'] as const)
    await reporter.onTestCaseResult?.(testCase({ state, meta: { judgement } }));
  expect(judgements).toEqual([judgement, judgement, judgement]);
  expect(faults).toEqual([]);
});

test.each(['passed', 'failed'] as const)('a test that %s without a judgement is a fault', async (state) => {
  const { reporter, faults } = heard();
  await reporter.onTestCaseResult?.(testCase({ state, error: 'it broke' }));
  expect(faults).toEqual(['the test “a section > a test” ended without a judgement: it broke']);
});

test('a suite that cannot be loaded and an error outside any test are faults', async () => {
  const { reporter, faults } = heard();
  await reporter.onTestModuleEnd?.(moduleOf([], ['no such file']));
  await reporter.onTestRunEnd?.([], [{ message: 'the worker died' }], 'failed');
  expect(faults).toEqual([
    'the suite suites/x.suite.ts broke: no such file',
    'an error outside any test: the worker died',
  ]);
});

test('what is expected grows with every suite that was loaded, claims and controls apart', async () => {
  const { reporter, expected } = heard();
  const claim = testCase({ state: 'passed', meta: { declared: { kind: 'claim' } } });
  const control = testCase({ state: 'passed', meta: { declared: { kind: 'control' } } });
  await reporter.onTestModuleCollected?.(moduleOf([claim, claim, control]));
  await reporter.onTestModuleCollected?.(moduleOf([claim, testCase({ state: 'skipped', mode: 'skip' })]));
  expect(expected).toEqual([
    { claims: 2, controls: 1 },
    { claims: 3, controls: 1 },
  ]);
});
