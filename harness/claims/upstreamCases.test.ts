import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isClaimId, type ClaimId } from './catalogue.ts';
import { reasonNotRun } from './notRun.ts';

/** Rows of the tables in docs/upstream-cases.md: the case, and what stands beside it. */
const rows = readFileSync(new URL('../../docs/upstream-cases.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ---') && !line.startsWith("| upstream's case"))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, upstream = '', claims = '']) => ({ upstream, claims }));

/** Every id, and whether it is set in italics. */
const idsOf = (cell: string) =>
  [...cell.matchAll(/(_?)([a-z][a-z0-9]*\.[a-z0-9-]*[a-z0-9])/g)].map(([, italic = '', id = '']) => ({ id, italic }));

const isJudged = (id: ClaimId): boolean => reasonNotRun(id) === undefined;

test("all of upstream's 31 StatefulSet cases are there", () => {
  const disruption = rows.findIndex(({ upstream }) => upstream.includes('PodDisruptionBudget'));
  expect(rows.slice(0, disruption)).toHaveLength(31);
});

describe.each(rows)('$upstream', ({ claims }) => {
  test('is judged by claims of the catalogue, in italics where no suite judges them yet', () => {
    const ids = idsOf(claims);
    expect(ids).not.toEqual([]);
    const told = ids.map(({ id, italic }) => `${italic}${id}`);
    expect(told).toEqual(ids.map(({ id }) => (isClaimId(id) ? `${isJudged(id) ? '' : '_'}${id}` : 'no claim')));
  });
});
