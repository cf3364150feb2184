import { expect, test } from 'vitest';
import { ended, startApart } from './testing/apart.ts';

test('every claim of the catalogue is proved by a test of the suites that a control or a mutant turns red, or not run with a reason', async () => {
  const { exitCode, stdout, stderr } = await ended(startApart(['coverage'], {}));
  expect(stdout + stderr).not.toMatch(/has neither a test nor a reason|is not in the catalogue|yet .* proves it/);
  // Each has shown on a cluster that it can fail, or is to, by a mutant that declares it: vectors alone are histories of our own.
  expect(stdout).not.toMatch(/neither a control nor a mutant turns these red/);
  expect(stdout).toMatch(/│ total +│ +408 │/);
  expect(exitCode).toBe(0);
  // It loads every suite, beside all other tests, on a machine that may have two cores and more to do.
}, 120_000);
