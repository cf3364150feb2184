import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  ended,
  fence,
  fenced,
  gap,
  operated,
  readied,
  ready,
  terminating,
  touched,
  unfenced,
  web,
  type Step,
} from '../history/testing.ts';
import {
  anotherUpdateReplacesTheBrokenPod,
  deletionByHandRollsBack,
  revertWaitsForTheBrokenPod,
} from './forcedRollback.ts';
import { before, ofNew, ofOld, quiet, spanned, stands } from './testing.ts';

const stuck = [readied('web-0', ofOld), added('web-1', ofNew)] as const;
const bad = stands({ replicas: 2, update: 'new', updated: 1 }, 'added');
const reverted = stands({ replicas: 2, generation: 2, updated: 1 });

describe('revertWaitsForTheBrokenPod', () => {
  const { judge } = revertWaitsForTheBrokenPod(web, 1, quiet);
  const start = [bad, ...stuck, before] as const;
  const verdict = (...steps: readonly Step[]) => judge(fenced(...start, reverted, ...steps, alive(), alive()));

  test('upheld: nothing happens', () => {
    expect(verdict(touched('web-1'))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: the broken Pod is replaced', () => {
    expect(verdict(ended('web-1'), readied('web-1', ofOld))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 was deleted',
    });
  });
  test('violated: it is asked to go', () => {
    expect(verdict(terminating('web-1'))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the good Pod is deleted', () => {
    expect(verdict(ended('web-0'))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod is added', () => {
    expect(verdict(added('web-2', ofOld))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the Pod became Ready by itself', () => {
    expect(verdict(ready('web-1'))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Pod was Ready, or old, or missing to begin with', () => {
    const judged = (...pods: readonly Step[]) => judge(fenced(bad, ...pods, before, reverted, alive(), alive()));
    expect(judged(readied('web-1', ofNew))).toMatchObject({ outcome: 'inconclusive' });
    expect(judged(added('web-1', ofOld))).toMatchObject({ outcome: 'inconclusive' });
    expect(judged()).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the template was not reverted', () => {
    expect(judge(fenced(...start, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the revert was not observed', () => {
    const unseen = stands({ replicas: 2, generation: 2, observed: 1 });
    expect(judge(fenced(...start, unseen, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no sign of life, no quiet window, a gap, no fence', () => {
    expect(judge(fenced(...start, reverted))).toMatchObject({ outcome: 'inconclusive' });
    const { judge: loud } = revertWaitsForTheBrokenPod(web, 1, spanned);
    expect(loud(fenced(...start, reverted))).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(gap('pods'))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...start, reverted, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('deletionByHandRollsBack', () => {
  const rest = { from: 'rest', to: 'end', alive: 'statefulset' } as const;
  const { judge } = deletionByHandRollsBack(web, 1, { from: 'before', rest });
  const start = [bad, ...stuck, reverted, before] as const;
  const byHand = [operated('delete', 'pods/web-1'), ended('web-1')] as const;
  const looked = [alive(), alive()] as const;
  const verdict = (...steps: readonly Step[]) => judge(fenced(...start, ...steps, fence('rest'), ...looked));

  test('upheld: the Pod comes back good', () => {
    expect(verdict(...byHand, readied('web-1', ofOld))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: it comes back bad, Ready or not', () => {
    expect(verdict(...byHand, added('web-1', ofNew))).toMatchObject({ outcome: 'violated' });
    expect(verdict(...byHand, readied('web-1', ofNew))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 came back at new',
    });
  });
  test('violated: it does not come back, though all stands still', () => {
    expect(verdict(...byHand)).toMatchObject({ outcome: 'violated', because: 'there is not one web-1' });
  });
  test('violated: it comes back twice', () => {
    const twice = [added('web-1', ofOld), ended('web-1'), readied('web-1', ofOld)];
    expect(verdict(...byHand, ...twice)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the good Pod is replaced as well', () => {
    const other = [ended('web-0'), readied('web-0', ofOld)];
    expect(verdict(...byHand, readied('web-1', ofOld), ...other)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the Pod is still ending, coming or starting', () => {
    expect(verdict(operated('delete', 'pods/web-1'), terminating('web-1'))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(verdict(...byHand, added('web-1', ofOld))).toMatchObject({ outcome: 'inconclusive' });
    const late = [...start, ...byHand, fence('rest'), readied('web-1', ofOld), ...looked];
    expect(judge(fenced(...late))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not the story that deleted it', () => {
    expect(verdict(ended('web-1'), readied('web-1', ofOld))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Pod was good to begin with, or missing', () => {
    const judged = (...pods: readonly Step[]) =>
      judge(fenced(bad, ...pods, reverted, before, ...byHand, fence('rest'), ...looked)).outcome;
    expect(judged(readied('web-0', ofOld), readied('web-1', ofOld))).toBe('inconclusive');
    const missing = [bad, readied('web-0', ofOld), reverted, before, fence('rest'), ...looked];
    expect(judge(fenced(...missing))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no sign of life, a gap, no fence', () => {
    const back = [...start, ...byHand, readied('web-1', ofOld), fence('rest')];
    expect(judge(fenced(...back))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...back, ...looked, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...back, ...looked))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('anotherUpdateReplacesTheBrokenPod', () => {
  const { judge } = anotherUpdateReplacesTheBrokenPod(web, 1, quiet);
  const start = [bad, ...stuck, before] as const;
  const verdict = (...steps: readonly Step[]) => judge(fenced(...start, reverted, ...steps, alive(), alive()));

  test('upheld: it is replaced by one of the update, Ready or not', () => {
    expect(verdict(ended('web-1'), readied('web-1', ofOld))).toMatchObject({ outcome: 'upheld' });
    expect(verdict(ended('web-1'), added('web-1', ofOld))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it stays', () => {
    expect(verdict(touched('web-1'))).toMatchObject({
      outcome: 'violated',
      because: 'the broken web-1 was left as it was',
    });
  });
  test('violated: nothing comes in its place, or one of another revision', () => {
    expect(verdict(ended('web-1'))).toMatchObject({ outcome: 'violated' });
    expect(verdict(ended('web-1'), added('web-1', ofNew))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it became Ready by itself, or has not stopped yet', () => {
    expect(verdict(ready('web-1'))).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(terminating('web-1'))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not broken, the template did not change, a gap, no quiet window', () => {
    const judged = (...pods: readonly Step[]) => judge(fenced(bad, ...pods, before, reverted, alive(), alive()));
    expect(judged(readied('web-1', ofNew))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(gap('pods'))).toMatchObject({ outcome: 'inconclusive' });
    const loud = anotherUpdateReplacesTheBrokenPod(web, 1, { from: 'before' });
    expect(loud.judge(fenced(...start, reverted, ended('web-1'), readied('web-1', ofOld)))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
