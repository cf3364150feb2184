import { afterEach, describe, expect, test, vi } from 'vitest';
import type * as Deadlines from './deadlines.ts';
import { paceVariable } from './deadlines.ts';

/** The table as a worker with this pace has it. */
async function tablesAt(pace: string | undefined): Promise<typeof Deadlines> {
  vi.stubEnv(paceVariable, pace);
  vi.resetModules();
  return import('./deadlines.ts');
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

describe('deadlines at a pace', () => {
  test('without one the table stands', async () => {
    const { deadlines, patience, forPods } = await tablesAt(undefined);
    expect([deadlines.recordedMs, patience.podMs, forPods(3)]).toEqual([15_000, 60_000, 180_000]);
  });

  test('all are longer by it, sums of them too', async () => {
    const { deadlines, patience, forPods } = await tablesAt('1.5');
    expect([deadlines.recordedMs, patience.podMs, forPods(3)]).toEqual([22_500, 90_000, 270_000]);
  });

  test.each(['0.5', '0', '-1', 'fast', 'Infinity'])('a pace of %s is refused', async (pace) => {
    await expect(tablesAt(pace)).rejects.toThrow(`STEADFAST_PACE is '${pace}', and should be a number from 1 on`);
  });
});
