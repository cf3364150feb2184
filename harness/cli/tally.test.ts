import { expect, test } from 'vitest';
import type { Totals } from '../report/evidence.ts';
import { tallyOf, tallyOfMutants } from './commands/test.ts';

const clean: Totals = {
  claims: 408,
  judged: 85,
  upheld: 85,
  violated: 0,
  inconclusive: 0,
  'not-run': 323,
  controls: { red: 40, green: 0, inconclusive: 0, 'not-run': 2 },
};

test('claims upheld and controls that turned red have passed; what was not run is neither', () => {
  expect(tallyOf({ status: 'complete', totals: clean })).toEqual({ passed: 125, failed: 0 });
});

test.each([
  ['a violated claim', { upheld: 84, violated: 1 }, 124],
  ['an inconclusive claim', { upheld: 84, inconclusive: 1 }, 124],
  ['a control that stayed green', { controls: { ...clean.controls, red: 39, green: 1 } }, 124],
  ['a control that says nothing', { controls: { ...clean.controls, red: 39, inconclusive: 1 } }, 124],
])('%s has failed', (_, different, passed) => {
  expect(tallyOf({ status: 'complete', totals: { ...clean, ...different } })).toEqual({ passed, failed: 1 });
});

test('a violation that is known of the version passes when it is seen, and fails when it is not', () => {
  const seen = { ...clean, upheld: 84, violated: 1, known: { violated: 1, notSeen: 0 } };
  expect(tallyOf({ status: 'complete', totals: seen })).toEqual({ passed: 125, failed: 0 });
  const notSeen = { ...clean, known: { violated: 0, notSeen: 1 } };
  expect(tallyOf({ status: 'complete', totals: notSeen })).toEqual({ passed: 124, failed: 1 });
});

test.each(['broken', 'interrupted', 'running'] as const)('a run that is %s has failed whatever it judged', (status) => {
  expect(tallyOf({ status, totals: clean })).toEqual({ passed: 125, failed: 1 });
});

test('a run that judged nothing has failed', () => {
  const totals = { ...clean, judged: 0, upheld: 0, controls: { ...clean.controls, red: 0 } };
  expect(tallyOf({ status: 'complete', totals })).toEqual({ passed: 0, failed: 1 });
});

test('a mutant that is not killed has failed, unless it is argued equivalent', () => {
  const others = { survived: 1, unexplained: 1, 'build failed': 1, 'not judged': 1, waiting: 1 };
  expect(tallyOfMutants({ mutants: 12, killed: 6, equivalent: 1, ...others })).toEqual({ passed: 7, failed: 5 });
});
