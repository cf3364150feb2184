import { execFile } from 'node:child_process';
import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { inStep, type Progress } from '../cluster/progress.ts';
import { messageOf, RunError, UsageError } from '../errors.ts';
import { isNotThere } from '../files.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'] as const;

const remedy =
  'Install Chromium or Chrome so that it is found on PATH (on Debian or Ubuntu: apt-get install chromium), or name it with STEADFAST_BROWSER.';

/**
 * A browser in which the report is looked at: its path. One that is there is used; otherwise it is installed, where that is possible and
 * STEADFAST_NO_INSTALL does not forbid it.
 */
export async function ensureBrowser(progress: Progress, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found = await findBrowser(env);
  if (found !== undefined) return found;
  const obstacle = obstacleToInstall({
    forbidden: (env['STEADFAST_NO_INSTALL'] ?? '') !== '',
    root: process.getuid?.() === 0,
    debian: await isDebian(),
  });
  if (obstacle !== undefined) throw noBrowser(obstacle);
  await inStep(
    progress,
    'Chromium',
    'a test looks at the report in a real browser, and there is none on PATH',
    install,
  );
  const installed = await findBrowser(env);
  if (installed === undefined) throw new RunError('Chromium was installed and still is not on PATH', { remedy });
  return installed;
}

/** The browser to use; an error with the remedy when there is none. For tests, which install nothing. */
export async function requireBrowser(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found = await findBrowser(env);
  if (found === undefined) throw noBrowser('no Chromium was found on PATH');
  return found;
}

export async function findBrowser(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const named = env['STEADFAST_BROWSER'];
  if (named !== undefined && named !== '') {
    if (await isExecutable(named)) return named;
    throw new UsageError(`STEADFAST_BROWSER names ${named}, which is no program`, { remedy });
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const candidate of folders.flatMap((folder) => names.map((name) => join(folder, name))))
    if (await isExecutable(candidate)) return candidate;
  return undefined;
}

/** Why nothing may or can be installed here; `undefined` when it can. */
export function obstacleToInstall(machine: {
  readonly forbidden: boolean;
  readonly root: boolean;
  readonly debian: boolean;
}): string | undefined {
  if (machine.forbidden) return 'no Chromium was found on PATH, and STEADFAST_NO_INSTALL forbids to install it';
  if (!machine.debian)
    return 'no Chromium was found on PATH, and it can be installed by itself only on Debian and Ubuntu';
  if (!machine.root) return 'no Chromium was found on PATH, and installing it takes root';
  return undefined;
}

function noBrowser(why: string): UsageError {
  return new UsageError(why, { remedy });
}

async function install(): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: readonly string[]) =>
    // Somebody else may be installing something: apt waits for its turn.
    promisify(execFile)('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
  try {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  } catch (error) {
    throw new RunError(`Chromium could not be installed: ${messageOf(error)}`, { remedy, cause: error });
  }
}

async function isDebian(): Promise<boolean> {
  try {
    return /^(ID|ID_LIKE)=.*(debian|ubuntu)/m.test(await readFile('/etc/os-release', 'utf8'));
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}

/** Any failure to reach the file means that it cannot be run from here. */
function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
