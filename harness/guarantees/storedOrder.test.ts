import { expect, test } from 'vitest';
import type { Change } from '../history/entries.ts';
import { added, fence, fenced, setReported, type Step } from '../history/testing.ts';
import { guarantee } from './guarantee.ts';
import { undecided } from './findings.ts';
import { wasStoredBefore } from './storedOrder.ts';

/** What is said of the first set and the first Pod that a history of these steps reports. */
function orderOf(...steps: readonly Step[]): boolean | undefined {
  let said: boolean | undefined;
  const asks = guarantee('asks', ['pods', 'statefulsets'], { from: 'before', to: 'after' }, (window) => {
    const [set] = window.changes('statefulsets');
    const [pod] = window.changes('pods');
    if (set !== undefined && pod !== undefined) said = wasStoredBefore(window, set as Change, pod as Change);
    return undecided('it only asks');
  });
  asks.judge(fenced(...steps));
  return said;
}

/** The versions of one resource's lists are another counter's. */
const counting =
  (step: Step, pods: string): Step =>
  (world) =>
    step(world).map((entry) => (entry.kind === 'fence' ? { ...entry, lists: { ...entry.lists, pods } } : entry));

test('a set and a Pod are ordered by their versions where these are of one counter', () => {
  expect(orderOf(fence('before'), setReported('added'), added('web-0'), fence('after'))).toBe(true);
  expect(orderOf(fence('before'), added('web-0'), setReported('added'), fence('after'))).toBe(false);
});

test('nobody knows their order where the lists are of counters of their own', () => {
  const [before, after] = [fence('before'), fence('after')];
  expect(orderOf(counting(before, '7000'), setReported('added'), added('web-0'), counting(after, '7010'))).toBe(
    undefined,
  );
});
