import { describe, expect, test } from 'vitest';
import { paceOf, placesAt, placesTaken } from './pace.ts';

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

test.each([
  ['waits most of the time', 1, 2, 1],
  ['has servers of its own', 3, 1, 3],
  ['has servers of its own', 3, 1.68, 5],
  ['has servers of its own', 2, 1.34, 3],
])('a story that %s and says %d takes, at a pace of %d, %d of the places', (_, places, factor, taken) => {
  expect(placesTaken(places, factor)).toBe(taken);
});
