import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  budgeted,
  deleted,
  ended,
  fenced,
  following,
  gap,
  ready,
  readied,
  reported,
  running,
  setReported,
  terminating,
  unfenced,
  unready,
  type BudgetTraits,
  type Step,
} from '../history/testing.ts';
import { budgetCountsItsPods, budgetNeverMiscounts } from './budgets.ts';
import { before, changed } from './testing.ts';

const watched = { from: 'before', alive: 'disruption' } as const;
const signs = [alive('disruption'), alive('disruption')] as const;
const three = [
  setReported('added', { spec: { replicas: 3 } }),
  readied('web-0'),
  readied('web-1'),
  readied('web-2'),
] as const;

describe('budgetCountsItsPods', () => {
  const { judge } = budgetCountsItsPods('web', watched);
  const says = (traits: BudgetTraits, ...pods: readonly Step[]) =>
    judge(fenced(...three, ...pods, budgeted(traits, 'added'), before, ...signs));

  test('upheld: two of three are wanted, one may go', () => {
    expect(says({})).toMatchObject({ outcome: 'upheld', examined: { count: 6 } });
  });
  test('upheld: the status comes to it within the window', () => {
    const late = [budgeted({ allowed: 0 }, 'added'), before, budgeted(), ...signs];
    expect(judge(fenced(...three, ...late))).toMatchObject({ outcome: 'upheld' });
  });

  const bounds: readonly [string, BudgetTraits, 'upheld' | 'violated'][] = [
    ['50 % of three is two', { spec: { minAvailable: '50%' }, desired: 2, allowed: 1 }, 'upheld'],
    ['50 % of three is not one', { spec: { minAvailable: '50%' }, desired: 1, allowed: 2 }, 'violated'],
    ['34 % of three is two', { spec: { minAvailable: '34%' }, desired: 2, allowed: 1 }, 'upheld'],
    ['33 % of three is one', { spec: { minAvailable: '33%' }, desired: 1, allowed: 2 }, 'upheld'],
    ['100 % of three is three', { spec: { minAvailable: '100%' }, desired: 3, allowed: 0 }, 'upheld'],
    ['none has to be there', { spec: { minAvailable: 0 }, desired: 0, allowed: 3 }, 'upheld'],
    ['more than there are', { spec: { minAvailable: 5 }, desired: 5, allowed: 0 }, 'upheld'],
    ['fewer than none may go', { spec: { minAvailable: 5 }, desired: 5, allowed: -2, condition: 'False' }, 'violated'],
    ['one may be away', { spec: { maxUnavailable: 1 }, desired: 2, allowed: 1 }, 'upheld'],
    ['34 % may be away: two', { spec: { maxUnavailable: '34%' }, desired: 1, allowed: 2 }, 'upheld'],
    ['34 % may be away: not one', { spec: { maxUnavailable: '34%' }, desired: 2, allowed: 1 }, 'violated'],
    ['none may be away', { spec: { maxUnavailable: 0 }, desired: 3, allowed: 0 }, 'upheld'],
    ['more may be away than there are', { spec: { maxUnavailable: 5 }, desired: 0, allowed: 3 }, 'upheld'],
    ['one is miscounted', { healthy: 2, allowed: 0 }, 'violated'],
    ['one more is allowed', { allowed: 2 }, 'violated'],
    ['one more is expected', { expected: 4 }, 'violated'],
    ['the condition is of yesterday', { condition: 'False' }, 'violated'],
    ['the generation is of yesterday', { generation: 2, observed: 1 }, 'violated'],
  ];
  test.each(bounds)('%s', (_, traits, outcome) => expect(says(traits)).toMatchObject({ outcome }));

  test('a Pod that an expression of the selector leaves out does not count', () => {
    const where = (operator: string) => ({
      spec: { minAvailable: 2, selector: { matchExpressions: [{ key: 'app', operator, values: ['nginx'] }] } },
    });
    expect(says(where('In'))).toMatchObject({ outcome: 'upheld' });
    expect(says(where('NotIn'))).toMatchObject({ outcome: 'violated' });
  });

  test('violated: an unready Pod is counted', () => {
    expect(says({}, unready('web-1'))).toMatchObject({
      outcome: 'violated',
      because: 'the budget web says currentHealthy 3, and 2 is right',
    });
  });
  test('violated: a Terminating Pod that is still Ready is counted', () => {
    expect(says({}, terminating('web-1'))).toMatchObject({ outcome: 'violated' });
  });
  test('upheld: it is there, and not healthy', () => {
    expect(says({ healthy: 2 }, terminating('web-1'))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a Pod given up by an eviction is counted', () => {
    expect(says({ disrupted: ['web-1'] })).toMatchObject({ outcome: 'violated' });
  });
  test('upheld: it is not', () => {
    expect(says({ disrupted: ['web-1'], healthy: 2 })).toMatchObject({ outcome: 'upheld' });
  });
  test('what the budget says of a Pod is not meant for the one that was made after it, a second later or more', () => {
    const replacedAt = (madeAt: number): readonly Step[] => [ended('web-1'), readied('web-1', { madeAt })];
    const others = { disrupted: ['web-1'], healthy: 2 };
    expect(says({ disrupted: ['web-1'] }, ...replacedAt(1))).toMatchObject({ outcome: 'upheld' });
    expect(says(others, ...replacedAt(1))).toMatchObject({ outcome: 'violated' });
    expect(says(others, ...replacedAt(0))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: a Pod of other labels is none of its business', () => {
    const bystander = readied('bystander', { labels: { app: 'other' }, owner: null });
    expect(says({}, bystander)).toMatchObject({ outcome: 'upheld' });
  });
  test('by a percentage, what counts is the replicas, not the Pods there', () => {
    const grown = setReported('modified', { spec: { replicas: 5 } });
    const spec = { minAvailable: '50%' };
    expect(says({ spec, expected: 5, desired: 3, allowed: 0 }, grown)).toMatchObject({ outcome: 'upheld' });
    expect(says({ spec, expected: 3, desired: 2, allowed: 1 }, grown)).toMatchObject({ outcome: 'violated' });
  });
  test('by maxUnavailable too, and of every set that owns some of them', () => {
    const db = reported('statefulsets', 'added', 'db', { spec: { replicas: 2 } });
    const owned = readied('db-0', { owner: 'statefulsets/db#1' });
    const spec = { maxUnavailable: 1 };
    expect(says({ spec, expected: 5, desired: 4, healthy: 4 }, db, owned)).toMatchObject({ outcome: 'upheld' });
    expect(says({ spec, expected: 2, desired: 1, healthy: 4 }, db, owned)).toMatchObject({ outcome: 'violated' });
  });
  test('none is allowed where none is expected', () => {
    const shrunk = setReported('modified', { spec: { replicas: 0 } });
    const spec = { maxUnavailable: 1 };
    expect(says({ spec, expected: 0, desired: 0, allowed: 0 }, shrunk)).toMatchObject({ outcome: 'upheld' });
    expect(says({ spec, expected: 0, desired: 0, allowed: 3 }, shrunk)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the controller never said a word', () => {
    const mute = changed(budgeted({}, 'added'), ({ status: _, ...budget }) => budget);
    expect(judge(fenced(...three, mute, before, ...signs))).toMatchObject({ outcome: 'violated' });
  });

  const open: readonly [string, readonly Step[]][] = [
    ['there is no budget', [before, ...signs]],
    ['it was deleted', [budgeted({}, 'added'), before, budgeted({}, 'deleted'), ...signs]],
    ['it was made within the window', [before, budgeted({}, 'added'), ...signs]],
    ['its spec was changed', [budgeted({}, 'added'), before, budgeted({ generation: 2 }), ...signs]],
    ['a Pod lost its readiness', [budgeted({}, 'added'), before, unready('web-0'), ...signs]],
    ['a Pod went and came', [budgeted({}, 'added'), before, ended('web-0'), readied('web-0'), ...signs]],
    ['the controller was seen once', [budgeted({}, 'added'), before, alive('disruption')]],
    ['another controller was seen', [budgeted({}, 'added'), before, alive(), alive()]],
    ['a gap in the budgets', [budgeted({}, 'added'), before, gap('poddisruptionbudgets'), ...signs]],
    ['a gap in the Pods', [budgeted({}, 'added'), before, gap('pods'), ...signs]],
    ['a selector that cannot be read', [budgeted({ spec: { selector: undefined } }, 'added'), before, ...signs]],
    [
      'a Pod without a set, of which a percentage says nothing',
      [readied('web-9', { owner: null }), budgeted({ spec: { minAvailable: '50%' } }, 'added'), before, ...signs],
    ],
  ];
  test.each(open)('inconclusive: %s', (_, steps) => {
    expect(judge(fenced(...three, ...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no quiet window', () => {
    const { judge: loose } = budgetCountsItsPods('web', { from: 'before' });
    expect(loose(fenced(...three, budgeted({}, 'added'), before, ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no fence closes it', () => {
    expect(judge(unfenced(...three, budgeted({}, 'added'), before, ...signs))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: budgets were not followed', () => {
    expect(judge(following(['pods', 'statefulsets'], ...three, before, ...signs))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('budgetNeverMiscounts', () => {
  const { judge } = budgetNeverMiscounts('web', {});
  const none = { expected: 0, healthy: 0, allowed: 0 } as const;

  test('upheld: it follows Pods that come, lose readiness and go', () => {
    const history = fenced(
      budgeted(none, 'added'),
      added('web-0'),
      running('web-0'),
      budgeted({ ...none, expected: 1 }),
      ready('web-0'),
      readied('web-1'),
      readied('web-2'),
      budgeted(),
      unready('web-2'),
      budgeted({ healthy: 2 }),
      deleted('web-2'),
      budgeted({ expected: 2, healthy: 2 }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 5 } });
  });
  test('upheld: it may be slow, and skip', () => {
    const history = fenced(...three, budgeted({ expected: 1, healthy: 1, allowed: 0 }, 'added'), budgeted());
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it goes back to what was before', () => {
    const history = fenced(...three, budgeted({}, 'added'), budgeted({ expected: 1, healthy: 1, allowed: 0 }));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there never were so many', () => {
    const history = fenced(...three, budgeted({ expected: 4, healthy: 4 }, 'added'));
    expect(judge(history)).toMatchObject({
      outcome: 'violated',
      because: 'the budget web says 4 healthy of 4, and its Pods were never so again',
    });
  });
  test('violated: more is allowed than follows', () => {
    expect(judge(fenced(...three, budgeted({ allowed: 2 }, 'added')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another number is wanted than the spec says', () => {
    expect(judge(fenced(...three, budgeted({ desired: 1 }, 'added')))).toMatchObject({ outcome: 'violated' });
  });
  test('upheld: what was said of the spec before is not measured by the new one', () => {
    const patched = { spec: { minAvailable: 3 }, generation: 2 };
    const history = fenced(
      ...three,
      budgeted({ healthy: 2, expected: 3, ...patched, observed: 1 }, 'added'),
      budgeted({ ...patched, desired: 3 }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('of budgets with the bound that is named, and of no others', () => {
    const wrong = budgeted({ spec: { minAvailable: '50%' }, desired: 1, allowed: 2 }, 'added');
    const right = budgeted({ spec: { maxUnavailable: 1 }, desired: 2, generation: 2, observed: 2 });
    const history = fenced(...three, wrong, right);
    expect(budgetNeverMiscounts('web', {}, 'maxUnavailable').judge(history)).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
    expect(budgetNeverMiscounts('web', {}, 'minAvailable').judge(history)).toMatchObject({ outcome: 'violated' });
    expect(budgetNeverMiscounts('web', {}, 'maxUnavailable').judge(fenced(...three, wrong))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('an eviction may take from what is allowed, and add nothing', () => {
    const evicting = { disrupted: ['web-0'], healthy: 3 } as const;
    expect(judge(fenced(...three, budgeted({ ...evicting, allowed: 0 }, 'added')))).toMatchObject({
      outcome: 'upheld',
    });
    expect(judge(fenced(...three, budgeted({ ...evicting, allowed: 2 }, 'added')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: it has no status, or there is none', () => {
    const mute = changed(budgeted({}, 'added'), ({ status: _, ...budget }) => budget);
    expect(judge(fenced(...three, mute))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...three))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap, or no fence', () => {
    expect(judge(fenced(...three, gap('pods'), budgeted({}, 'added')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...three, budgeted({}, 'added')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
