import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RunError } from '../errors.ts';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to the command's standard input, which is closed after it. Without it there is no input. */
  readonly input?: string | Readable;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line of either output as it arrives, to show progress. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface Outcome {
  /** The exit code; 127 when the command does not exist, 128 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command and returns its standard output; anything but exit code 0 throws a RunError that quotes its last lines. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const outcome = await attempt(command, args, options);
  if (outcome.code !== 0) throw new RunError(failureMessage(command, args, outcome));
  return outcome.stdout;
}

/** Runs a command whose failure is an answer, not an error. Only an abort throws. */
export async function attempt(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  options.signal?.throwIfAborted();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const stop = () => child.kill('SIGTERM');
  options.signal?.addEventListener('abort', stop, { once: true });
  const ended = exitCodeOf(child);
  try {
    const [code, stdout, stderr] = await Promise.all([
      ended,
      collect(child.stdout, options.onLine),
      collect(child.stderr, options.onLine),
      feed(child.stdin, options.input),
    ]);
    options.signal?.throwIfAborted();
    return { code, stdout, stderr };
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}

/** Pipes what one command writes into another, without keeping it in memory: for images of hundreds of megabytes. */
export async function runPiped(
  producer: readonly [string, ...string[]],
  consumer: readonly [string, ...string[]],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const [command, ...args] = producer;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [consumerCommand, ...consumerArgs] = consumer;
  const [code, stderr, stdout] = await Promise.all([
    exitCodeOf(child),
    collect(child.stderr, undefined),
    run(consumerCommand, consumerArgs, { ...options, input: child.stdout }),
  ]);
  if (code !== 0) throw new RunError(failureMessage(command, args, { code, stdout: '', stderr }));
  return stdout;
}

type Child = ReturnType<typeof spawn>;

function exitCodeOf(child: Child): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(127);
      else reject(error);
    });
    child.on('close', (code) => resolve(code ?? 128));
  });
}

async function collect(stream: Readable | null, onLine: RunOptions['onLine']): Promise<string> {
  if (stream === null) return '';
  stream.setEncoding('utf8');
  let text = '';
  let lineStart = 0;
  for await (const chunk of stream) {
    text += chunk as string;
    if (onLine === undefined) continue;
    for (let end = text.indexOf('\n', lineStart); end >= 0; end = text.indexOf('\n', lineStart)) {
      onLine(text.slice(lineStart, end));
      lineStart = end + 1;
    }
  }
  return text;
}

async function feed(stdin: NodeJS.WritableStream | null, input: RunOptions['input']): Promise<void> {
  if (stdin === null || input === undefined) return;
  try {
    await pipeline(typeof input === 'string' ? [input] : input, stdin);
  } catch (error) {
    // The command ended before it read everything: its exit code says why, and says it better.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPIPE' && code !== 'ERR_STREAM_PREMATURE_CLOSE' && code !== 'ERR_STREAM_DESTROYED') throw error;
  }
}

function failureMessage(command: string, args: readonly string[], outcome: Outcome): string {
  const said = `${outcome.stdout}\n${outcome.stderr}`.trim().split('\n').slice(-15).join('\n');
  return `\`${[command, ...args].join(' ').slice(0, 300)}\` ended with exit code ${outcome.code}${said === '' ? '' : `:\n${said}`}`;
}
