import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../folders.ts';

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line as a process of its own, at the head of a process group, as a shell does. */
export function startApart(argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const main = join(root, 'harness', 'cli', 'main.ts');
  // A Vitest inside a Vitest would take itself for a worker.
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
  return spawn(process.execPath, [main, ...argv], { env: { ...inherited, NO_COLOR: '1', ...env }, detached: true });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr, [exitCode]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}
