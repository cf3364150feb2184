import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../commandLine.ts';
import { Interruption } from '../interruption.ts';

export interface Ran {
  readonly exitCode: number;
  /** What was printed as the result, and what was said besides. */
  readonly printed: string;
  readonly said: string;
  /** What stands in the folder for reports afterwards. */
  readonly reports: readonly string[];
}

/** Runs a command in this process, with a folder of its own for reports. */
export async function runHere(...argv: readonly string[]): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), 'steadfast-cli-'));
  const reports = join(folder, 'reports');
  const before = process.env['STEADFAST_REPORTS'];
  process.env['STEADFAST_REPORTS'] = reports;
  const printed: string[] = [];
  const said: string[] = [];
  const step = { update: () => undefined, done: () => undefined, skipped: () => undefined, failed: () => undefined };
  const screen = {
    progress: { step: () => step },
    print: (line: string) => void printed.push(line),
    say: (line: string) => void said.push(line),
    show: () => undefined,
    close: () => undefined,
  };
  try {
    const exitCode = await runCommandLine({ argv, interruption: new Interruption(), screen });
    const left = existsSync(reports) ? await readdir(reports) : [];
    return { exitCode, printed: printed.join('\n'), said: said.join('\n'), reports: left };
  } finally {
    if (before === undefined) delete process.env['STEADFAST_REPORTS'];
    else process.env['STEADFAST_REPORTS'] = before;
    await rm(folder, { recursive: true });
  }
}
