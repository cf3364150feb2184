import { expect, test } from 'vitest';
import { isRunId, newRunId } from './runId.ts';

test('an id begins with its minute and sorts by it', () => {
  const earlier = newRunId(new Date('2026-11-21T05:32:59Z'));
  const later = newRunId(new Date('2026-11-21T05:33:00Z'));
  expect(earlier).toMatch(/^20261121-0532-[a-z0-9]{4}$/);
  expect([later, earlier].toSorted()).toEqual([earlier, later]);
});

test('an id is recognised, and may stand in a namespace name with a story’s number', () => {
  const id = newRunId();
  expect(isRunId(id)).toBe(true);
  expect(`steadfast-${id}-12-123`).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])$/);
});

test.each(['latest', '20261121-0532', '20261121-0532-x7k2-more', '../20261121-0532-x7k2', ''])('%j is none', (text) => {
  expect(isRunId(text)).toBe(false);
});
