import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { messageOf, UsageError } from '../errors.ts';
import type { Mutant } from './mutant.ts';
import { readMutants, type Faults } from './read.ts';

export const catalogueFolder = join(import.meta.dirname, 'catalogue');

/** The mutants of the repository, in the order of their files and within these as they stand. */
export async function builtInCatalogue(folder: string = catalogueFolder): Promise<readonly Mutant[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).toSorted();
  return readFiles(
    files.map((name) => join(folder, name)),
    { claimsRequired: true },
  );
}

/** A catalogue from outside, YAML or JSON. Its mutants may leave their claims out. */
export function catalogueFrom(file: string): Promise<readonly Mutant[]> {
  return readFiles([resolve(file)], { claimsRequired: false });
}

/** Every fault of every file is found before the first one is complained of: whoever writes a catalogue mends them together. */
async function readFiles(
  files: readonly string[],
  rules: { readonly claimsRequired: boolean },
): Promise<readonly Mutant[]> {
  const faults: string[] = [];
  const read = await Promise.all(
    files.map(async (file) => {
      const note: Faults = (where, what) =>
        void faults.push(`${basename(file)}${where === '' ? '' : `, ${where}`}: ${what}`);
      return readMutants(await contentOf(file), basename(file), rules, note);
    }),
  );
  const mutants = read.flat();
  faults.push(...duplicates(mutants));
  if (faults.length > 0) throw inOne(faults);
  return mutants;
}

async function contentOf(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`the catalogue ${file} cannot be read: ${messageOf(error)}`, {
      remedy: 'Name a YAML or JSON file of mutants; harness/mutants/catalogue holds examples.',
      cause: error,
    });
  }
  // JSON is YAML as well.
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined)
    throw new UsageError(`the catalogue ${file} is neither YAML nor JSON: ${error.message.split('\n')[0] ?? ''}`, {
      remedy: 'harness/mutants/catalogue holds examples.',
    });
  return document.toJS();
}

function duplicates(mutants: readonly Mutant[]): readonly string[] {
  const byId = Map.groupBy(mutants, ({ id }) => id);
  return [...byId]
    .filter(([, same]) => same.length > 1)
    .map(([id, same]) => {
      const files = [...new Set(same.map(({ from }) => from))].join(' and ');
      return `${files}, mutant '${id}', id: ${same.length} mutants have it; each needs one of its own`;
    });
}

const shown = 12;

function inOne(faults: readonly string[]): UsageError {
  const rest = faults.length > shown ? [`and ${faults.length - shown} more`] : [];
  const list = [...faults.slice(0, shown), ...rest];
  return new UsageError(
    list.length === 1
      ? `a mutant is not as it must be: ${list[0]}`
      : `the catalogue has faults:\n  ${list.join('\n  ')}`,
    { remedy: 'Nothing was touched. The fields of a mutant are described in harness/mutants/mutant.ts.' },
  );
}
