import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  ended,
  fenced,
  gap,
  operated,
  readied,
  ready,
  setReported,
  terminating,
  touched,
  unfenced,
  web,
  type Step,
} from '../history/testing.ts';
import { before, spanned } from './testing.ts';
import { atMostAreUnavailable, unavailabilityIsUsed } from './unavailability.ts';

const asking = (maxUnavailable: unknown, fields: object = {}, observedGeneration = 1): Step =>
  setReported('modified', {
    metadata: { generation: 1 },
    spec: { replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable } }, ...fields },
    status: { observedGeneration },
  });
const three = [readied('web-0'), readied('web-1'), readied('web-2')] as const;
const twoAtOnce = [
  terminating('web-2'),
  terminating('web-1'),
  deleted('web-2'),
  deleted('web-1'),
  added('web-1'),
  added('web-2'),
  ready('web-1'),
  ready('web-2'),
] as const;
const oneByOne = [ended('web-2'), readied('web-2'), ended('web-1'), readied('web-1')] as const;

describe('atMostAreUnavailable', () => {
  const { judge } = atMostAreUnavailable(web, 2, spanned);
  const start = [asking(2), ...three, before] as const;

  test('upheld: two at once, or one by one', () => {
    expect(judge(fenced(...start, ...twoAtOnce))).toMatchObject({ outcome: 'upheld', examined: { count: 8 } });
    expect(judge(fenced(...start, ...oneByOne))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a third goes', () => {
    expect(judge(fenced(...start, ...twoAtOnce.slice(0, 2), terminating('web-0')))).toMatchObject({
      outcome: 'violated',
      because: '3 Pods were unavailable with the change of web-0',
    });
  });
  test('violated: a third goes while two are new and not Ready', () => {
    expect(judge(fenced(...start, ...twoAtOnce.slice(0, 6), terminating('web-0')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: the set asks for something else', () => {
    const judged = (step: Step) => judge(fenced(step, ...three, before, ...twoAtOnce)).outcome;
    expect(judged(asking(undefined))).toBe('inconclusive');
    expect(judged(asking('50%'))).toBe('inconclusive');
    expect(judged(asking(2, { minReadySeconds: 5 }))).toBe('inconclusive');
    expect(judged(asking(2, {}, 0))).toBe('inconclusive');
  });
  test('inconclusive: not all were available to begin with', () => {
    expect(judge(fenced(asking(2), ...three, terminating('web-0'), before, ...twoAtOnce))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: the story deleted a Pod', () => {
    expect(judge(fenced(...start, operated('delete', 'pods/web-0'), ...twoAtOnce))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: no Pod changed, a gap, no fence', () => {
    expect(judge(fenced(...start))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, ...twoAtOnce, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...start, ...twoAtOnce))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('unavailabilityIsUsed', () => {
  const { judge } = unavailabilityIsUsed(web, 2, spanned);
  const start = [asking(2), ...three, before] as const;

  test('upheld: two at once', () => {
    expect(judge(fenced(...start, ...twoAtOnce))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: one by one', () => {
    expect(judge(fenced(...start, ...oneByOne))).toMatchObject({
      outcome: 'violated',
      because: 'no more than 1 were ever unavailable',
    });
  });
  test('inconclusive: one is no number to be used', () => {
    expect(unavailabilityIsUsed(web, 1, spanned).judge(fenced(asking(1), ...three, before, ...oneByOne))).toMatchObject(
      { outcome: 'inconclusive' },
    );
  });
  test('inconclusive: nothing changed, or the set asks for something else', () => {
    expect(judge(fenced(...start))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(asking(3), ...three, before, ...twoAtOnce, touched('web-0')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
