import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureBrowser, findBrowser, obstacleToInstall, requireBrowser } from './browser.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadfast-browser-'));
});
afterEach(() => rm(folder, { recursive: true }));

const noProgress = {
  step: () => {
    throw new Error('nothing may be installed here');
  },
};

test('a browser on PATH is found, a file that cannot be run is not', async () => {
  await writeFile(join(folder, 'chromium'), '');
  expect(await findBrowser({ PATH: folder })).toBeUndefined();
  await chmod(join(folder, 'chromium'), 0o755);
  expect(await findBrowser({ PATH: folder })).toBe(join(folder, 'chromium'));
  expect(await ensureBrowser(noProgress, { PATH: folder })).toBe(join(folder, 'chromium'));
});

test('where installing is forbidden, the error says what to do and nothing is installed', async () => {
  const refused = ensureBrowser(noProgress, { PATH: folder, STEADFAST_NO_INSTALL: '1' });
  await expect(refused).rejects.toMatchObject({
    exitCode: 64,
    message: 'no Chromium was found on PATH, and STEADFAST_NO_INSTALL forbids to install it',
    remedy: expect.stringContaining('apt-get install chromium') as string,
  });
});

test('a test that finds none fails with the remedy', async () => {
  await expect(requireBrowser({ PATH: folder })).rejects.toMatchObject({
    remedy: expect.stringContaining('STEADFAST_BROWSER') as string,
  });
});

test('a browser named in the environment has to be there', async () => {
  await expect(findBrowser({ STEADFAST_BROWSER: join(folder, 'none') })).rejects.toThrow('which is no program');
});

test('on Debian, as root and not forbidden, nothing stands in the way', () => {
  expect(obstacleToInstall({ forbidden: false, root: true, debian: true })).toBeUndefined();
});

test.each([
  [{ forbidden: true, root: true, debian: true }, /forbids/],
  [{ forbidden: false, root: false, debian: true }, /takes root/],
  [{ forbidden: false, root: true, debian: false }, /only on Debian/],
])('installing is decided by what the machine is: %o', (machine, obstacle) => {
  expect(obstacleToInstall(machine)).toMatch(obstacle);
});
