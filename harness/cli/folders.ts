import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest } from 'fastest-levenshtein';
import { UsageError } from '../errors.ts';
import { isRunId } from './runId.ts';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where runs leave their reports: `reports` in the checkout, or what STEADFAST_REPORTS names. */
export function reportsFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['STEADFAST_REPORTS'];
  return named ? resolve(named) : join(root, 'reports');
}

/** The folder of a stored run, by its id or as `latest`. */
export async function storedRun(name: string, reports: string = reportsFolder()): Promise<string> {
  const folder = await existing(join(reports, name === 'latest' ? 'latest' : basename(name)));
  if (folder !== undefined && isRunId(basename(folder))) return folder;
  throw await unknownRun(name, reports);
}

/** Ids of the stored runs, the newest first. */
export async function storedRuns(reports: string = reportsFolder()): Promise<readonly string[]> {
  if ((await existing(reports)) === undefined) return [];
  return (await readdir(reports)).filter(isRunId).toSorted().toReversed();
}

async function unknownRun(name: string, reports: string): Promise<UsageError> {
  const ids = await storedRuns(reports);
  if (ids.length === 0)
    return new UsageError(`there is no run '${name}': ${reports} holds none`, { remedy: 'Make one: npm run certify' });
  const near = name === 'latest' ? ids[0] : closest(name, [...ids]);
  const newest = ids.slice(0, 5).join(', ');
  return new UsageError(`there is no run '${name}' in ${reports}`, {
    remedy: `did you mean '${near}'? The newest are: ${newest}`,
  });
}

async function existing(path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
