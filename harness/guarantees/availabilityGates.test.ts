import { describe, expect, test } from 'vitest';
import { added, deleted, fenced, gap, ready, terminating, unfenced, web, type Step } from '../history/testing.ts';
import {
  eachPodIsAddedAfterAvailablePredecessors,
  eachPodIsRemovedAfterAvailablePredecessors,
  eachUpdateWaitsForAvailability,
} from './availabilityGates.ts';
import { before, ofNew, ofOld, spanned, stands } from './testing.ts';

/** A Pod made at one second and Ready since another. */
function made(name: string, madeAt: number, turnedAt: number, traits: object = {}): readonly Step[] {
  return [added(name, { madeAt, ...traits }), ready(name, { turnedAt })];
}

function taken(name: string, askedAt: number): readonly Step[] {
  return [terminating(name, { askedAt }), deleted(name)];
}

describe('eachPodIsAddedAfterAvailablePredecessors', () => {
  const { judge } = eachPodIsAddedAfterAvailablePredecessors(web, 5, {});

  test('upheld: web-1 is made when web-0 has been Ready for five seconds', () => {
    expect(judge(fenced(...made('web-0', 0, 2), ...made('web-1', 7, 9)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: a second earlier', () => {
    expect(judge(fenced(...made('web-0', 0, 2), ...made('web-1', 6, 9)))).toMatchObject({
      outcome: 'violated',
      because:
        'web-1 was made at 2026-01-01T00:00:06.000Z, for minReadySeconds 5 too early: web-0 was Ready since 2026-01-01T00:00:02Z',
    });
  });
  test('violated: one of two predecessors is not available, or not there', () => {
    const early = fenced(...made('web-0', 0, 2), ...made('web-1', 7, 9), ...made('web-2', 12, 14));
    expect(judge(early)).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...made('web-1', 7, 9)))).toMatchObject({
      outcome: 'violated',
      because: expect.stringContaining('there was no web-0'),
    });
  });
  test('inconclusive: only the first Pod was made', () => {
    expect(judge(fenced(...made('web-0', 0, 2)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the server does not say when', () => {
    expect(judge(fenced(...made('web-0', 0, 2), added('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap, or no fence', () => {
    const steps = [...made('web-0', 0, 2), ...made('web-1', 7, 9)];
    expect(judge(fenced(...steps, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachPodIsRemovedAfterAvailablePredecessors', () => {
  const { judge } = eachPodIsRemovedAfterAvailablePredecessors(web, 5, spanned);
  const two = [...made('web-0', 0, 10), ...made('web-1', 0, 11), before] as const;

  test('upheld: web-1 goes when web-0 has been Ready for five seconds, web-0 has nobody to wait for', () => {
    expect(judge(fenced(...two, ...taken('web-1', 15), ...taken('web-0', 15)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: a second earlier', () => {
    expect(judge(fenced(...two, ...taken('web-1', 14)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the server does not say when, or only web-0 went', () => {
    expect(judge(fenced(...two, deleted('web-1')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...two, ...taken('web-0', 20)))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachUpdateWaitsForAvailability', () => {
  const { judge } = eachUpdateWaitsForAvailability(web, 5, spanned);
  const two = [
    stands({ replicas: 2 }, 'added'),
    ...made('web-0', 0, 2, ofOld),
    ...made('web-1', 0, 3, ofOld),
    before,
    stands({ replicas: 2, generation: 2, current: 'old', update: 'new' }),
  ] as const;
  const replaced = [...taken('web-1', 20), ...made('web-1', 21, 23, ofNew)];

  test('upheld: web-0 follows when the new web-1 has been Ready for five seconds', () => {
    const history = fenced(...two, ...replaced, ...taken('web-0', 28), ...made('web-0', 29, 30, ofNew));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: web-0 follows when the new web-1 is Ready', () => {
    const history = fenced(...two, ...replaced, ...taken('web-0', 24), ...made('web-0', 25, 26, ofNew));
    expect(judge(history)).toMatchObject({
      outcome: 'violated',
      because: expect.stringContaining('web-0 was deleted'),
    });
  });
  test('violated: the time of the old web-1 does not count', () => {
    const history = fenced(...two, terminating('web-1', { askedAt: 20 }), ...taken('web-0', 20));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: web-0 was not updated', () => {
    expect(judge(fenced(...two, ...replaced))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nothing was to be updated, or the controller had not looked', () => {
    const idle = [
      stands({ replicas: 2 }, 'added'),
      ...made('web-0', 0, 2, ofOld),
      ...made('web-1', 0, 3, ofOld),
      before,
    ];
    expect(judge(fenced(...idle))).toMatchObject({ outcome: 'inconclusive' });
    const unseen = stands({ replicas: 2, generation: 2, observed: 1, update: 'new' });
    expect(judge(fenced(...idle, unseen))).toMatchObject({ outcome: 'inconclusive' });
  });
});
