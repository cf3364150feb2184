import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cachePath } from '../cluster/cache.ts';
import { programOf } from '../cluster/components.ts';
import { goProgram, moduleFolder } from '../cluster/images/go.ts';
import { run } from '../cluster/run.ts';
import { messageOf, UsageError } from '../errors.ts';
import { isNotThere, isThere } from '../files.ts';
import type { Mutant } from './mutant.ts';

/** A mutant whose place was found: what its file will hold. */
export interface Located {
  readonly mutant: Mutant;
  /** Of the module as the component is built with it; read only. */
  readonly moduleFolder: string;
  readonly mutated: string;
}

/**
 * Finds every mutant's place in its component's source, and changes nothing. Throws one UsageError that tells of all mutants whose module, file or text
 * is not there, or not there exactly once.
 */
export async function locateAll(mutants: readonly Mutant[]): Promise<readonly Located[]> {
  const folders = new Map<string, Promise<string>>();
  const located = await Promise.all(
    mutants.map(async (mutant) => {
      const { component, module } = mutant;
      const key = `${programOf(component).folder} ${module.path}@${module.version}`;
      const folder = folders.get(key) ?? folderOfModule(mutant);
      folders.set(key, folder);
      try {
        return { mutant, moduleFolder: await folder, mutated: await mutate(await folder, mutant) };
      } catch (error) {
        return messageOf(error);
      }
    }),
  );
  const faults = located.flatMap((each, index) =>
    typeof each === 'string' ? [`${mutants[index]?.from}, mutant '${mutants[index]?.id}': ${each}`] : [],
  );
  if (faults.length > 0)
    throw new UsageError(
      `${faults.length === 1 ? 'a mutant has' : `${faults.length} mutants have`} no place in the source:\n  ${faults.join('\n  ')}`,
      {
        remedy: 'Nothing was touched. `search` must match exactly once in `file`, whitespace included.',
      },
    );
  return located.filter((each) => typeof each !== 'string');
}

async function mutate(folder: string, { file, search, replace, module }: Mutant): Promise<string> {
  let text: string;
  try {
    text = await readFile(join(folder, file), 'utf8');
  } catch (error) {
    if (!isNotThere(error)) throw error;
    throw new Error(`file: ${module.path}@${module.version} has no file ${file}`, { cause: error });
  }
  return replaceOnce(text, search, replace, file);
}

/** The text with its one match replaced. None, or several, is a mistake of whoever wrote the mutant, and is never guessed at. */
export function replaceOnce(text: string, search: string, replace: string, file: string): string {
  const lines = linesOf(text, search);
  if (lines.length === 1) return text.split(search).join(replace);
  const where = lines.length === 0 ? '' : ` (lines ${lines.join(', ')})`;
  throw new Error(`search: it matches ${lines.length} times in ${file}${where}, and must match exactly once`);
}

function linesOf(text: string, search: string): readonly number[] {
  const lines: number[] = [];
  for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1))
    lines.push(text.slice(0, at).split('\n').length);
  return lines;
}

/** Where Go keeps the module that the component is built with. */
async function folderOfModule({ component, module }: Mutant): Promise<string> {
  const { folder } = programOf(component);
  const name = `${module.path}@${module.version}`;
  const listed = await listModule(folder, module.path);
  if (listed === undefined)
    throw new Error(`module: ${component} is not built with ${module.path}; name the module that holds the file`);
  const version = listed.Replace?.Version ?? listed.Version ?? 'none';
  if (version !== module.version)
    throw new Error(`module: ${name} is not there: ${component} is built with ${module.path}@${version}`);
  const found = listed.Replace?.Dir ?? listed.Dir ?? (await download(name));
  return found;
}

interface Listed {
  readonly Version?: string;
  readonly Dir?: string;
  readonly Replace?: { readonly Version?: string; readonly Dir?: string };
}

async function listModule(folder: string, path: string): Promise<Listed | undefined> {
  try {
    return JSON.parse(await goProgram('go', ['list', '-m', '-json', path], { cwd: moduleFolder(folder) })) as Listed;
  } catch (error) {
    if (/not a known dependency/.test(messageOf(error))) return undefined;
    throw error;
  }
}

async function download(name: string): Promise<string> {
  return (JSON.parse(await goProgram('go', ['mod', 'download', '-json', name], {})) as { readonly Dir: string }).Dir;
}

const copies = new Map<string, Promise<string>>();

/** The module where Go lets files of it be overlaid: not in its own cache. One copy serves all mutants, and none of them changes it. */
export function writableCopy({ mutant: { module }, moduleFolder: from }: Located): Promise<string> {
  const name = `${module.path.replaceAll('/', '+')}@${module.version}`;
  const copy = copies.get(name) ?? makeCopy(name, from);
  copies.set(name, copy);
  return copy;
}

async function makeCopy(name: string, from: string): Promise<string> {
  const at = join(await cachePath('mutants', 'modules'), name);
  if (await isThere(at)) return at;
  const partial = await mkdtemp(`${at}.partial-`);
  await run('cp', ['-r', `${from}/.`, partial]);
  await run('chmod', ['-R', 'u+w', partial]);
  try {
    await rename(partial, at);
  } catch (error) {
    // Another command made it meanwhile; both are the same.
    await rm(partial, { recursive: true });
    if (!(await isThere(at))) throw error;
  }
  return at;
}
