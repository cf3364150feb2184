import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  budgeted,
  deleted,
  fenced,
  following,
  gap,
  ready,
  readied,
  terminating,
  touched,
  unfenced,
  unready,
  type Step,
} from '../history/testing.ts';
import {
  evictionIsAmbiguous,
  evictionIsGranted,
  evictionIsRefused,
  evictionsStayWithin,
  evictionsUnderWayAreCountedOut,
  aFailedEvictionIsGivenBack,
} from './evictions.ts';
import { before } from './testing.ts';
import { answered, asked, granted, refused, signs, three } from './testingEvictions.ts';

const overloaded = answered('web-0', 429, { message: 'too many requests' });

describe('evictionsStayWithin', () => {
  const { judge } = evictionsStayWithin('web', asked);
  const rush = (...steps: readonly Step[]) => fenced(...three, budgeted({}, 'added'), before, ...steps, ...signs);

  test('upheld: one of three goes, the others are refused', () => {
    const history = rush(granted('web-1'), refused('web-0'), refused('web-2'), terminating('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('upheld: a Pod that goes may be refused the second time', () => {
    const history = rush(granted('web-1'), refused('web-1'), refused('web-0'), refused('web-2'), terminating('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: what came in place of it is not Ready, and is no concern', () => {
    const gone = [terminating('web-1'), deleted('web-1'), readied('web-1'), unready('web-1')];
    expect(judge(rush(granted('web-1'), refused('web-0'), ...gone.slice(0, 2)))).toMatchObject({ outcome: 'upheld' });
    expect(judge(rush(granted('web-1'), refused('web-0'), ...gone))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('violated: two go where one may', () => {
    const history = rush(
      granted('web-1'),
      granted('web-0'),
      refused('web-2'),
      terminating('web-1'),
      terminating('web-0'),
    );
    expect(judge(history)).toMatchObject({
      outcome: 'violated',
      because: '2 Pods were evicted where 1 could go',
    });
  });
  test('violated: all go', () => {
    const all = ['web-0', 'web-1', 'web-2'];
    expect(judge(rush(...all.map(granted), ...all.map((pod) => terminating(pod))))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: a Pod goes that was refused', () => {
    const history = rush(refused('web-0'), refused('web-1'), refused('web-2'), terminating('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod is replaced that was refused', () => {
    const history = rush(refused('web-0'), granted('web-1'), terminating('web-1'), deleted('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: none is granted', () => {
    expect(judge(rush(refused('web-0'), refused('web-1')))).toMatchObject({
      outcome: 'violated',
      because: 'no eviction was granted where 1 could go',
    });
  });
  test('violated: what was granted does not happen', () => {
    expect(judge(rush(granted('web-0'), refused('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('a conflict is no answer, unless it came too late', () => {
    const late = [granted('web-1'), answered('web-1', 409), refused('web-0'), terminating('web-1')];
    expect(judge(rush(...late))).toMatchObject({ outcome: 'upheld' });
    expect(judge(rush(...late, answered('web-2', 409)))).toMatchObject({
      outcome: 'violated',
      because: 'the eviction of web-2 was answered with 409',
    });
  });
  test('upheld: none may go, and none goes', () => {
    const full = budgeted({ spec: { minAvailable: 3 }, desired: 3 }, 'added');
    expect(judge(fenced(...three, full, before, refused('web-0'), refused('web-1'), ...signs))).toMatchObject({
      outcome: 'upheld',
    });
  });

  const open: readonly [string, readonly Step[]][] = [
    ['nobody asked', []],
    ['fewer were asked for than could go', [granted('web-0'), terminating('web-0')]],
    ['all answers are unclear', [overloaded, answered('web-1', 504), answered('web-2', 504)]],
    ['a Pod became Ready meanwhile', [granted('web-0'), deleted('web-0'), readied('web-0'), refused('web-1')]],
    ['a gap', [granted('web-0'), terminating('web-0'), refused('web-1'), gap('pods')]],
  ];
  test.each(open)('inconclusive: %s', (_, steps) => {
    expect(judge(rush(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a Pod was not Ready to begin with', () => {
    const steps = [...three, unready('web-2'), budgeted({ healthy: 2 }, 'added'), before];
    expect(judge(fenced(...steps, refused('web-0'), refused('web-2'), ...signs))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: there was no budget, it was not followed, no fence, no window', () => {
    const answers = [granted('web-1'), refused('web-0'), terminating('web-1'), ...signs];
    expect(judge(fenced(...three, before, ...answers))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(following(['pods'], ...three, before, ...answers))).toMatchObject({ outcome: 'inconclusive' });
    const loose = unfenced(...three, budgeted({}, 'added'), before, ...answers);
    expect(judge(loose)).toMatchObject({ outcome: 'inconclusive' });
    const { judge: unwatched } = evictionsStayWithin('web', { moment: asked.moment, from: asked.from });
    expect(unwatched(rush(...answers))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('evictionIsRefused', () => {
  const { judge } = evictionIsRefused('web', 'web-0', asked);
  const full = budgeted({ spec: { minAvailable: 3 }, desired: 3 }, 'added');
  const tried = (...steps: readonly Step[]) => fenced(...three, full, before, ...steps, ...signs);

  test('upheld: refused for the sake of the budget, and untouched', () => {
    expect(judge(tried(refused('web-0'), touched('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: granted', () => {
    expect(judge(tried(granted('web-0'), terminating('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: granted, though nothing followed', () => {
    expect(judge(tried(granted('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: refused, and deleted all the same', () => {
    expect(judge(tried(refused('web-0'), terminating('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another answer in place of 429', () => {
    for (const code of [403, 409, 422])
      expect(judge(tried(answered('web-0', code)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the budget stands in the words of the 429 alone, not among its causes', () => {
    const worded = answered('web-0', 429, { message: 'it would violate the disruption budget' });
    expect(judge(tried(worded))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: several budgets are found where there is one', () => {
    const several = answered('web-0', 500, { message: 'This pod has more than one PodDisruptionBudget' });
    expect(judge(tried(several))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: refused, and another Pod stands there', () => {
    expect(judge(tried(refused('web-0'), deleted('web-0'), readied('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test.each([
    ['another reason', [overloaded]],
    ['missing rights', [answered('web-0', 403, { message: 'User "a" cannot create resource "pods/eviction"' })]],
    ['the server failed', [answered('web-0', 500)]],
    ['another Pod was asked for', [refused('web-1')]],
    ['a gap', [refused('web-0'), gap('pods')]],
  ] as const)('inconclusive: %s', (_, steps) => {
    expect(judge(tried(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a Pod could go, or it was not Ready, or no sign of life', () => {
    const loose = fenced(...three, budgeted({}, 'added'), before, refused('web-0'), ...signs);
    expect(judge(loose)).toMatchObject({ outcome: 'inconclusive' });
    const down = fenced(...three, unready('web-0'), full, before, refused('web-0'), ...signs);
    expect(judge(down)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...three, full, before, refused('web-0'), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('evictionIsGranted', () => {
  const { judge } = evictionIsGranted('web', 'web-0', asked);
  const booked = budgeted({ allowed: 0, disrupted: ['web-0'] });
  const tried = (...steps: readonly Step[]) => fenced(...three, budgeted({}, 'added'), before, ...steps, ...signs);

  test('upheld: booked, granted, gone', () => {
    expect(judge(tried(booked, granted('web-0'), terminating('web-0')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: refused', () => {
    expect(judge(tried(refused('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: granted, and nothing followed', () => {
    expect(judge(tried(booked, granted('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: not booked, or for nothing, or for another Pod', () => {
    const gone = [granted('web-0'), terminating('web-0')];
    expect(judge(tried(...gone))).toMatchObject({ outcome: 'violated' });
    expect(judge(tried(budgeted({ disrupted: ['web-0'] }), ...gone))).toMatchObject({ outcome: 'violated' });
    expect(judge(tried(budgeted({ allowed: 0, disrupted: ['web-1'] }), ...gone))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: named, and taken off what is allowed only by the controller', () => {
    const late = [budgeted({ disrupted: ['web-0'] }), budgeted({ healthy: 2, disrupted: ['web-0'] })];
    expect(judge(tried(...late, granted('web-0'), terminating('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Pod could go, an unclear answer, nobody asked', () => {
    const full = budgeted({ spec: { minAvailable: 3 }, desired: 3 }, 'added');
    const closed = fenced(...three, full, before, booked, granted('web-0'), terminating('web-0'), ...signs);
    expect(judge(closed)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(tried(overloaded))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(tried())).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('evictionsUnderWayAreCountedOut', () => {
  const { judge } = evictionsUnderWayAreCountedOut('web', { ...asked, alive: 'disruption' });
  const watched = [alive('disruption'), alive('disruption')];
  const tried = (...steps: readonly Step[]) => fenced(...three, budgeted({}, 'added'), before, ...steps, ...watched);
  const failed = answered('web-0', 409);

  test('upheld: the Pod is there, and counts no more', () => {
    expect(judge(tried(failed, budgeted({ healthy: 2, disrupted: ['web-0'] })))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: one is under way, and the next refused', () => {
    const known = budgeted({ healthy: 2, disrupted: ['web-0'] });
    expect(judge(tried(failed, refused('web-1'), known))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: more are under way than could go', () => {
    const known = budgeted({ healthy: 1, allowed: 0, disrupted: ['web-0', 'web-1'] });
    expect(judge(tried(failed, answered('web-1', 409), known))).toMatchObject({
      outcome: 'violated',
      because: '2 Pods were given up where 1 could go',
    });
  });
  test('violated: of two one is forgotten', () => {
    const loose = budgeted({ spec: { minAvailable: 1 }, desired: 1 }, 'added');
    const known = budgeted({ spec: { minAvailable: 1 }, desired: 1, healthy: 2, disrupted: ['web-0'] });
    const history = fenced(...three, loose, before, failed, answered('web-1', 409), known, ...watched);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is forgotten', () => {
    expect(judge(tried(failed, budgeted()))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is known, and counted', () => {
    expect(judge(tried(failed, budgeted({ disrupted: ['web-0'] })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: named, and taken off what is allowed only by the controller', () => {
    const late = [budgeted({ disrupted: ['web-0'] }), budgeted({ healthy: 2, disrupted: ['web-0'] })];
    expect(judge(tried(failed, ...late))).toMatchObject({
      outcome: 'violated',
      because: 'the eviction of web-0 was granted without being booked in the budget',
    });
  });
  test('inconclusive: it went, it was refused, nobody asked, nobody looked', () => {
    const known = budgeted({ healthy: 2, disrupted: ['web-0'] });
    expect(judge(tried(failed, known, terminating('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(tried(refused('web-0'), known))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(tried(known))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...three, budgeted({}, 'added'), before, failed, known, ...signs))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('evictionIsAmbiguous', () => {
  const { judge } = evictionIsAmbiguous('web-0', asked);
  const two = [budgeted({}, 'added'), budgeted({ name: 'another' }, 'added')];
  const message = 'This pod has more than one PodDisruptionBudget, which is not supported.';
  const told = answered('web-0', 500, { message });
  const tried = (...steps: readonly Step[]) => fenced(...three, ...two, before, ...steps, ...signs);

  test('upheld: refused for this reason, and untouched', () => {
    expect(judge(tried(told))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: granted, refused otherwise, or deleted all the same', () => {
    expect(judge(tried(granted('web-0'), terminating('web-0')))).toMatchObject({ outcome: 'violated' });
    expect(judge(tried(refused('web-0')))).toMatchObject({ outcome: 'violated' });
    expect(judge(tried(told, terminating('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one budget only, or a Pod that is not Ready', () => {
    expect(judge(fenced(...three, budgeted({}, 'added'), before, told, ...signs))).toMatchObject({
      outcome: 'inconclusive',
    });
    const down = fenced(...three, unready('web-0'), ...two, before, told, ready('web-0'), ...signs);
    expect(judge(down)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('aFailedEvictionIsGivenBack', () => {
  const { judge } = aFailedEvictionIsGivenBack('web', 'web-0', { from: 'before', alive: 'disruption' });
  const watched = [alive('disruption'), alive('disruption')];
  const under = budgeted({ healthy: 2, disrupted: ['web-0'] }, 'added');
  const later = (madeAt: number): Step => added('late', { labels: { app: 'other' }, owner: null, madeAt });
  const told = (...steps: readonly Step[]) => fenced(...three, under, before, ...steps, ...watched);

  test('upheld: the budget names it no more', () => {
    expect(judge(told(budgeted(), later(121)))).toMatchObject({ outcome: 'upheld' });
    expect(judge(told(budgeted()))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it names it two minutes later', () => {
    expect(judge(told(later(120)))).toMatchObject({
      outcome: 'violated',
      because: 'the budget web has given web-0 up for good',
    });
  });
  test('inconclusive: it is not two minutes later', () => {
    expect(judge(told())).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(later(119)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not named, goes, is not Ready, or is another one', () => {
    expect(judge(fenced(...three, budgeted({}, 'added'), before, ...watched))).toMatchObject({
      outcome: 'inconclusive',
    });
    for (const step of [terminating('web-0'), unready('web-0'), deleted('web-0')])
      expect(judge(told(step, later(120)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody watched the disruption controller, a gap', () => {
    const unwatched = aFailedEvictionIsGivenBack('web', 'web-0', { from: 'before' });
    expect(unwatched.judge(told(later(120)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(later(120), gap('poddisruptionbudgets')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
