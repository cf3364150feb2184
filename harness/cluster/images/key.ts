import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** What an image or artefact is made of: the same inputs give the same key, and what is there under it is not built again. */
export interface KeyInputs {
  readonly name: string;
  /** Versions, build arguments and everything else that is plain text. */
  readonly values: Readonly<Record<string, string>>;
  readonly parentKeys: readonly string[];
  readonly files: readonly KeyFile[];
}

export interface KeyFile {
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

/** Twelve hexadecimal digits; independent of the order in which values and files are given. */
export function keyOf(inputs: KeyInputs): string {
  const hash = createHash('sha256');
  const add = (...parts: readonly (string | Buffer)[]) => {
    for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  };
  add(inputs.name, ...inputs.parentKeys);
  for (const [name, value] of Object.entries(inputs.values).sort(byFirst)) add(name, value);
  const files = [...inputs.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const file of files) add(file.path, file.executable ? 'x' : '-', file.content);
  return hash.digest('hex').slice(0, 12);
}

/** All files below `folder`, for a key; empty when there is no folder. */
export async function filesBelow(folder: string): Promise<readonly KeyFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({
      path: relative(folder, path),
      content: await readFile(path),
      executable: ((await stat(path)).mode & 0o111) !== 0,
    })),
  );
}

function byFirst([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}
