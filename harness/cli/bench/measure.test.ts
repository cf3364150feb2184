import { expect, test } from 'vitest';
import { History } from '../../history/history.ts';
import type { Entry } from '../../history/entries.ts';
import { fenced } from '../../history/testing.ts';
import { distributionOf, lengthOfUnion, measure } from './measure.ts';

const { header } = fenced();
const history = (...entries: readonly object[]): History =>
  new History({ ...header, startedAtMs: 0 }, { status: 'told', told: {} }, entries as readonly Entry[]);
const call = (call: number, phase: 'invoked' | 'succeeded', atMs: number) => ({ kind: 'operation', call, phase, atMs });
const wait = (beganAtMs: number, changedAtMs: number, atMs: number) => ({
  kind: 'observation',
  of: 'wait',
  for: 'web-0',
  beganAtMs,
  atMs,
  endedBy: { resource: 'pods', atMs: changedAtMs },
});

test('the cluster is busy while a call is under way or a wait is not ended; what overlaps counts once', () => {
  const measured = measure([
    history(
      call(0, 'invoked', 0),
      call(0, 'succeeded', 20),
      wait(10, 90, 91),
      call(1, 'invoked', 95),
      call(1, 'succeeded', 100),
    ),
  ]);
  expect(measured).toMatchObject({ tellingMs: 100, clusterMs: 95, reaction: { count: 1, p50: 5 } });
  expect(measured.overheadRatio).toBeCloseTo(100 / 95);
});

test('a story that could not be told is not measured', () => {
  const broken = new History(header, { status: 'broken', because: 'no Pod came' }, history(wait(0, 5, 9)).entries);
  expect(measure([broken])).toMatchObject({ stories: 0, tellingMs: 0 });
});

test('intervals that touch, contain each other or leave a hole', () => {
  expect(
    lengthOfUnion([
      [5, 8],
      [0, 4],
      [1, 2],
      [8, 9],
    ]),
  ).toBe(8);
  expect(lengthOfUnion([])).toBe(0);
});

test('the 99th percentile of a hundred values is the last but none', () => {
  expect(distributionOf(Array.from({ length: 100 }, (_, value) => value))).toEqual({
    count: 100,
    p50: 50,
    p99: 99,
    max: 99,
  });
});
