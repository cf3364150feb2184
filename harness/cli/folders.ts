import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closest } from 'fastest-levenshtein';
import { UsageError } from '../errors.ts';
import { isNotThere } from '../files.ts';
import { isRunId } from './runId.ts';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where runs leave their reports: `reports` in the checkout, or what STEADFAST_REPORTS names. */
export function reportsFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['STEADFAST_REPORTS'];
  return named ? resolve(named) : join(root, 'reports');
}

/** The folder of a stored run, by its id or as `latest`; of one that is part of another, by its path within `reports` or its own id. */
export async function storedRun(name: string, reports: string = reportsFolder()): Promise<string> {
  const part = await storedPart(name, reports);
  if (part !== undefined) return part;
  const folder = await existing(join(reports, name === 'latest' ? 'latest' : basename(name)));
  if (folder !== undefined && isRunId(basename(folder))) return folder;
  throw await unknownRun(name, reports);
}

/** A mutant's stories lie in the folder of the run that judged it: `<run>/mutants/<id>`, or `<run>/baseline`, or either with `-applications` behind it. */
async function storedPart(name: string, reports: string): Promise<string | undefined> {
  if (/^[\w-]+\/(baseline(-applications)?|mutants\/[a-z0-9-]+)$/.test(name)) return existing(join(reports, name));
  if (!isRunId(name) || (await existing(join(reports, name))) !== undefined) return undefined;
  for (const run of await storedRuns(reports)) {
    const mutants = join(reports, run, 'mutants');
    const names = (await existing(mutants)) === undefined ? [] : await readdir(mutants);
    const unmutated = ['baseline', 'baseline-applications'].map((each) => join(reports, run, each));
    for (const part of [...unmutated, ...names.map((each) => join(mutants, each))])
      if ((await idOf(part)) === name) return part;
  }
  return undefined;
}

async function idOf(folder: string): Promise<string | undefined> {
  try {
    const evidence = JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')) as { run?: { id?: string } };
    return evidence.run?.id;
  } catch {
    return undefined; // Nothing there that could be the one which is looked for.
  }
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
    if (isNotThere(error)) return undefined;
    throw error;
  }
}
