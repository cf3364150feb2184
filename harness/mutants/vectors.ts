import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const guaranteesFolder = join(import.meta.dirname, '..', 'guarantees');

/**
 * The test files that judge a guarantee and hold a history on which something is violated. Found by their text: a file that names the guarantee and
 * expects `violated`. That it is this guarantee which is violated there is not looked at.
 */
export async function vectorsByGuarantee(
  guarantees: readonly string[],
  folder: string = guaranteesFolder,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.test.ts')).toSorted();
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })),
  );
  const violating = files.filter(({ text }) => text.includes('violated'));
  return new Map(
    guarantees.map((guarantee) => {
      const word = new RegExp(`\\b${guarantee}\\b`);
      return [
        guarantee,
        violating.filter(({ text }) => word.test(text)).map(({ name }) => `harness/guarantees/${name}`),
      ];
    }),
  );
}
