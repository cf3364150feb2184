import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunError } from '../errors.ts';
import { isNotThere } from '../files.ts';

/** Only one command at a time sets a cluster up; one that died without leaving is no obstacle. */
export function holdingLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return holding(`${folder}.lock`, 'is setting this cluster up', work);
}

/** Only one command at a time puts mutants in place of a cluster's components, and nobody else relies on the cluster meanwhile. */
export function holdingMutantsLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  return holding(mutantsLockOf(folder), 'runs mutants on this cluster', work);
}

/** Throws while another command exchanges the cluster's components: what a cluster does then is no evidence. */
export async function refuseWhileMutantsRun(folder: string): Promise<void> {
  const file = mutantsLockOf(folder);
  const holder = await holderOf(file);
  if (holder !== undefined && holder !== process.pid && isAlive(holder))
    throw heldBy(holder, 'runs mutants on this cluster', file);
}

function mutantsLockOf(folder: string): string {
  return `${folder}.mutants.lock`;
}

async function holding<T>(file: string, does: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true });
  await take(file, does);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, does: string): Promise<void> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = await holderOf(file);
    if (holder !== undefined && isAlive(holder)) throw heldBy(holder, does, file);
    await rm(file, { force: true });
    await take(file, does);
  }
}

async function holderOf(file: string): Promise<number | undefined> {
  try {
    return Number(await readFile(file, 'utf8'));
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
}

function heldBy(holder: number, does: string, file: string): RunError {
  return new RunError(`another command (process ${holder}) ${does}`, {
    remedy: `Wait for it to end. If process ${holder} is something else, remove ${file}.`,
  });
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
