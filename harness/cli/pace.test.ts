import { describe, expect, test } from 'vitest';
import { paceOf, placesAt } from './pace.ts';

describe('the pace of a machine', () => {
  test.each([
    ['as fast as the reference', 3_000, 1],
    ['twice as fast: deadlines are not shortened', 1_500, 1],
    ['half as fast', 6_000, 2],
    ['a hundred times slower: nobody waits that long', 300_000, 4],
  ])('%s', (_, measuredMs, factor) => {
    expect(paceOf(measuredMs)).toEqual({ measuredMs, referenceMs: 3_000, factor });
  });
});

test.each([
  [1, 8],
  [1.99, 8],
  [2, 6],
  [4, 6],
])('at a pace of %d two cores have %d places', (factor, places) => {
  expect(placesAt(factor, 2)).toBe(places);
});
