import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { RunError } from '../errors.ts';

/** Only one command at a time sets a cluster up; one that died without leaving is no obstacle. */
export async function holdingLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const file = `${folder}.lock`;
  await mkdir(folder, { recursive: true });
  await take(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<void> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = Number(await readFile(file, 'utf8'));
    if (isAlive(holder))
      throw new RunError(`another command (process ${holder}) is setting this cluster up`, {
        remedy: `Wait for it to end. If process ${holder} is something else, remove ${file}.`,
      });
    await rm(file, { force: true });
    await take(file);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
