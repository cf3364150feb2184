import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { root } from './folders.ts';

export interface Outcome {
  readonly exitCode: number;
  /** Both outputs, in the order in which they came. */
  readonly output: string;
}

/** Runs one of the project's tools to its end. `shown`: its output goes straight to the terminal. */
export function runTool(
  tool: string,
  args: readonly string[],
  options: { readonly signal: AbortSignal; readonly shown?: boolean; readonly env?: Readonly<Record<string, string>> },
): Promise<Outcome> {
  const binaries = join(root, 'node_modules', '.bin');
  return new Promise((resolve, reject) => {
    const child = spawn(join(binaries, tool), args, {
      cwd: root,
      // The tools are scripts that start with `node`: it must be the project's own.
      env: { ...process.env, ...options.env, PATH: `${binaries}${delimiter}${process.env['PATH'] ?? ''}` },
      stdio: options.shown === true ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
      killSignal: 'SIGTERM',
    });
    let output = '';
    const keep = (text: string): void => {
      output += text;
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => reject(options.signal.aborted ? (options.signal.reason as Error) : error));
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output }));
  });
}
