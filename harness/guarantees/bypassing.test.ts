import { expect, test } from 'vitest';
import {
  budgeted,
  deleted,
  ended,
  fenced,
  gap,
  readied,
  terminating,
  unfenced,
  type Step,
} from '../history/testing.ts';
import { podsGoDespiteBudget } from './bypassing.ts';
import { before, spanned } from './testing.ts';
import { three } from './testingEvictions.ts';

const { judge } = podsGoDespiteBudget('web', ['web-1', 'web-2'], spanned);
const full = budgeted({ spec: { minAvailable: 3 }, desired: 3 }, 'added');
const within = (...steps: readonly Step[]) => fenced(...three, full, before, ...steps);

test('upheld: both went, whatever came after them', () => {
  const history = within(ended('web-1'), readied('web-1'), deleted('web-2'));
  expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
});
test('violated: one was not deleted', () => {
  expect(judge(within(ended('web-1')))).toMatchObject({ outcome: 'violated', because: 'web-2 was not deleted' });
});
test('violated: one did not go', () => {
  expect(judge(within(ended('web-1'), terminating('web-2')))).toMatchObject({
    outcome: 'violated',
    because: 'web-2 did not go',
  });
});

const bothWent = [ended('web-1'), ended('web-2')];
test.each([
  ['there was no budget', fenced(...three, before, ...bothWent)],
  ['the budget let a Pod go', fenced(...three, budgeted({}, 'added'), before, ...bothWent)],
  ['it let one go later', within(...bothWent, budgeted({ spec: { minAvailable: 2 }, generation: 2 }))],
  ['it was deleted', within(budgeted({}, 'deleted'), ...bothWent)],
  [
    'a Pod was none of its business',
    fenced(...three.slice(0, 3), readied('web-2', { labels: { app: 'other' } }), full, before),
  ],
  ['a Pod was Terminating already', fenced(...three, terminating('web-2'), full, before, deleted('web-2'))],
  ['a Pod was not there', fenced(...three, deleted('web-2'), full, before, ended('web-1'))],
  ['a gap', within(...bothWent, gap('poddisruptionbudgets'))],
  ['no fence', unfenced(...three, full, before, ...bothWent)],
])('inconclusive: %s', (_, history) => {
  expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
});
