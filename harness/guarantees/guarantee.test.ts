import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  fence,
  fenced,
  following,
  gap,
  observed,
  provisionalFence,
  unfenced,
  type Step,
} from '../history/testing.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';

/** Whatever it is asked about holds, as long as the frame lets it look. */
const allPods = (span: Span = {}): Guarantee =>
  guarantee('allPods', ['pods'], span, (window) => each(window.changes('pods'), 'Pod changes', () => undefined));

describe('silence is never agreement', () => {
  test('upheld: something was examined, up to a fence', () => {
    expect(allPods().judge(fenced(added('web-0')))).toEqual({
      outcome: 'upheld',
      examined: { count: 1, of: 'Pod changes' },
    });
  });
  test('inconclusive: no fence', () => {
    expect(allPods().judge(unfenced(added('web-0')))).toMatchObject({ because: 'the recording was never fenced' });
  });
  test('inconclusive: nothing to examine', () => {
    expect(allPods().judge(fenced())).toMatchObject({ because: 'there was nothing to examine: no Pod changes' });
  });
  test('inconclusive: a gap before the end of the span, even before its beginning', () => {
    const history = fenced(gap('pods'), fence('from'), added('web-0'));
    expect(allPods({ from: 'from' }).judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('upheld: a gap of another resource, or behind the span', () => {
    const history = unfenced(added('web-0'), gap('services'), fence('to'), gap('pods'));
    expect(allPods({ to: 'to' }).judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('a provisional fence holds once a later one has proved it, and no gap lies between', () => {
    const judge = (...rest: readonly Step[]) =>
      allPods({ to: 'to' }).judge(unfenced(added('web-0'), provisionalFence('to'), ...rest));
    expect(judge(fence('end'))).toMatchObject({ outcome: 'upheld' });
    expect(judge()).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(provisionalFence('end'))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(gap('pods'), fence('end'))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fence('end', ['pods']))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the resource was not followed', () => {
    expect(allPods().judge(following(['services'], added('web-0')))).toMatchObject({
      because: 'the recording did not follow pods',
    });
  });
  test('inconclusive: the closing fence did not compare the resource', () => {
    expect(allPods().judge(unfenced(added('web-0'), fence('end', ['pods'])))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: a named fence is missing, or nothing was fenced after it', () => {
    expect(allPods({ from: 'never' }).judge(fenced(added('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(allPods({ to: 'never' }).judge(fenced(added('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    const history = unfenced(fence('from'), added('web-0'));
    expect(allPods({ from: 'from' }).judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('"nothing happened" needs signs of life', () => {
  const quiet = { from: 'opens', to: 'closes', alive: 'statefulset' } as const;
  const judge = (...between: readonly Step[]) =>
    allPods(quiet).judge(unfenced(fence('opens'), added('web-0'), ...between, fence('closes')));

  test('upheld: two of them', () => expect(judge(alive(), alive())).toMatchObject({ outcome: 'upheld' }));
  test('inconclusive: one', () => expect(judge(alive())).toMatchObject({ outcome: 'inconclusive' }));
  test('inconclusive: another controller was alive', () =>
    expect(judge(alive('garbage-collector'), alive('garbage-collector'))).toMatchObject({ outcome: 'inconclusive' }));
  test('inconclusive: the sentinel had been asked before the window opened', () => {
    const early = observed({
      of: 'liveness',
      moment: 'early',
      controller: 'statefulset',
      seen: 'it was reconciled',
      invokedAtIndex: -1,
    });
    expect(judge(early, early)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the second sign came after the window had closed', () => {
    const history = unfenced(fence('opens'), added('web-0'), alive(), fence('closes'), alive());
    expect(allPods(quiet).judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('findings', () => {
  const [first, second] = fenced(added('web-0'), added('web-1')).entries;
  if (first === undefined || second === undefined) throw new Error('a vector of two entries has two');
  const judged = (findings: ReturnType<typeof each>) =>
    guarantee('made up', [], {}, () => findings).judge(fenced(added('web-0')));
  const fine = each([1], 'fine things', () => undefined);

  test('a counterexample is in the order of the history, without repetition', () => {
    const verdict = judged(each([1], 'things', () => breach('out of order', second, first, second)));
    expect(verdict).toMatchObject({ outcome: 'violated', counterexample: [first, second] });
  });
  test('every other breach is told as well, in a sentence', () => {
    const verdict = judged(
      each(['first', 'second', 'third'], 'things', (thing) => breach(`${thing} is broken`, first)),
    );
    expect(verdict).toMatchObject({
      because: 'first is broken',
      othersBecause: ['second is broken', 'third is broken'],
    });
  });
  test('together: one breach breaks the whole, even beside something undecided', () => {
    const broken = each([1], 'things', () => breach('broken', first));
    expect(judged(together(fine, undecided('unknown'), broken))).toMatchObject({ outcome: 'violated' });
  });
  test('together: one undecided, or one that examined nothing, leaves the whole undecided', () => {
    expect(judged(together(fine, undecided('unknown')))).toMatchObject({ because: 'unknown' });
    expect(
      judged(
        together(
          fine,
          each([], 'rare things', () => undefined),
        ),
      ),
    ).toMatchObject({ outcome: 'inconclusive' });
  });
  test('together: all fine', () => {
    expect(judged(together(fine, fine))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
});
