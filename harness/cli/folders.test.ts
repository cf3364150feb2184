import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { storedRun, storedRuns } from './folders.ts';

let reports = '';

beforeAll(async () => {
  reports = await mkdtemp(join(tmpdir(), 'steadfast-reports-'));
  await mkdir(join(reports, '20261121-0532-x7k2'));
  await mkdir(join(reports, '20261122-0001-abcd'));
  await mkdir(join(reports, 'notes'));
  await symlink('20261121-0532-x7k2', join(reports, 'latest'));
});

afterAll(() => rm(reports, { recursive: true }));

test('a run is found by its id and as latest', async () => {
  const folder = join(reports, '20261121-0532-x7k2');
  expect(await storedRun('20261121-0532-x7k2', reports)).toBe(folder);
  expect(await storedRun('latest', reports)).toBe(folder);
});

test('runs are listed with the newest first, and nothing else is a run', async () => {
  expect(await storedRuns(reports)).toEqual(['20261122-0001-abcd', '20261121-0532-x7k2']);
  await expect(storedRun('notes', reports)).rejects.toThrow(UsageError);
});

test('an id that is not there is refused with the nearest one', async () => {
  const refused = storedRun('20261121-0532-x7k3', reports);
  await expect(refused).rejects.toThrow(`there is no run '20261121-0532-x7k3' in ${reports}`);
  await expect(refused).rejects.toHaveProperty('remedy', expect.stringContaining("did you mean '20261121-0532-x7k2'?"));
});

test('without any run there is none to mean', async () => {
  await expect(storedRun('latest', join(reports, 'absent'))).rejects.toHaveProperty(
    'remedy',
    'Make one: npm run certify',
  );
});
