import { mkdir, statfs } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';

const gibibyte = 1024 ** 3;
const neededBytes = 12 * gibibyte;

/** The folder for everything that can be made again: `STEADFAST_CACHE`, else the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['STEADFAST_CACHE']) return env['STEADFAST_CACHE'];
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'steadfast');
}

/** A folder inside the cache, made when it is not there. */
export async function cachePath(...parts: string[]): Promise<string> {
  const folder = join(cacheFolder(), ...parts);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Building images needs room; a disk that fills up half-way leaves an error nobody can read. */
export async function requireFreeSpace(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const { bavail, bsize } = await statfs(folder);
    refuseTooLittle(folder, bavail * bsize);
  }
}

/** Throws when `freeBytes` is not enough to build the images. */
export function refuseTooLittle(folder: string, freeBytes: number): void {
  if (freeBytes >= neededBytes) return;
  throw new UsageError(
    `no free disk space for images: ${inGibibytes(freeBytes)} are free in ${folder}, ${inGibibytes(neededBytes)} are needed`,
    { remedy: 'Free some space, or name a folder on another disk in STEADFAST_CACHE.' },
  );
}

function inGibibytes(bytes: number): string {
  return `${(bytes / gibibyte).toFixed(1)} GiB`;
}
