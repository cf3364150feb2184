import { describe, expect, test } from 'vitest';
import { paceOf } from './pace.ts';

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
