import { Readable, Writable } from 'node:stream';
import { Exec, type V1Status } from '@kubernetes/client-node';
import { messageOf, RunError } from '../errors.ts';
import type { Kube } from './client.ts';
import { ApiError, ConnectionError } from './errors.ts';
import { LineSplitter } from './lines.ts';
import { upgradeRefused } from './upgrade.ts';

export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  /** May be left out where the Pod has one container only. */
  readonly container?: string | undefined;
  readonly argv: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** How long the command may take, connecting included. 30 seconds if left out. */
  readonly deadlineMs?: number;
  /** Written to the command's standard input, which is then closed. */
  readonly stdin?: string;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command in a container and collects what it writes. Any exit code is an answer. Throws `ApiError` when the command could not be
 * started (no such Pod, container or program), `ConnectionError` when the stream broke before the exit code came: then it may have run.
 */
export async function exec(kube: Kube, request: ExecRequest): Promise<ExecResult> {
  const stdout = new Collected();
  const stderr = new Collected();
  const status = await attached(kube, { deadlineMs: 30_000, ...request }, stdout, stderr);
  return { exitCode: exitCodeOf(status), stdout: stdout.text, stderr: stderr.text };
}

/**
 * Runs a command that goes on, and hands over each line of its standard output as it comes. Resolves when the signal has ended it or it
 * ended by itself with exit code 0; any other exit code throws, with what it wrote to standard error. No deadline unless one is given.
 */
export async function execLines(kube: Kube, request: ExecRequest, onLine: (line: string) => void): Promise<void> {
  const stderr = new Collected();
  try {
    const exitCode = exitCodeOf(await attached(kube, request, new Lines(onLine), stderr));
    if (exitCode !== 0) throw new RunError(`${commandOf(request)}: exit code ${exitCode}: ${stderr.text.trim()}`);
  } catch (error) {
    if (request.signal?.aborted !== true) throw error;
  }
}

/** The log of a container as it is now. `previous`: of the container's last run before this one. */
export async function podLogs(
  kube: Kube,
  namespace: string,
  pod: string,
  options: {
    readonly container?: string;
    readonly previous?: boolean;
    readonly tailLines?: number;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<string> {
  const { signal, ...query } = options;
  const answer = await kube.request<unknown>({
    target: { resource: 'pods', namespace, name: pod, subresource: 'log' },
    query,
    signal,
  });
  if (answer.code >= 400) throw new ApiError('GET', `pods/${pod}/log`, answer);
  return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '');
}

/** Resolves with the status that ends every exec stream. */
async function attached(kube: Kube, request: ExecRequest, stdout: Writable, stderr: Writable): Promise<V1Status> {
  const { namespace, pod, container = '', argv, signal, deadlineMs, stdin } = request;
  signal?.throwIfAborted();
  const ended = Promise.withResolvers<V1Status>();
  const broken = (code: string, message: string, cause?: unknown): void =>
    ended.reject(
      new ConnectionError(`${commandOf(request)}: ${message}`, { method: 'POST', wasSent: true, code, cause }),
    );
  const aborted = (): void => broken('ABORTED', `given up: ${messageOf(signal?.reason)}`, signal?.reason);
  const seconds = (deadlineMs ?? 0) / 1000;
  const timer = deadlineMs && setTimeout(() => broken('DEADLINE', `no exit code within ${seconds} s`), deadlineMs);
  signal?.addEventListener('abort', aborted, { once: true });
  stdout.on('error', ended.reject);

  const input = stdin === undefined ? null : Readable.from([Buffer.from(stdin)]);
  const connecting = new Exec(kube.config)
    .exec(namespace, pod, container, [...argv], stdout, stderr, input, false, ended.resolve)
    .then((socket) => {
      socket.onclose = ({ code, reason }: { code: number; reason: unknown }) =>
        broken('CLOSED', `the stream ended without an exit code (${code} ${String(reason)})`);
      socket.onerror = ({ message }: { message: string }) => broken('BROKEN', `the stream broke: ${message}`);
      return socket;
    });
  connecting.catch((error: unknown) => ended.reject(upgradeRefused(kube.server, commandOf(request), 'exec', error)));
  try {
    return await ended.promise;
  } finally {
    clearTimeout(timer || undefined);
    signal?.removeEventListener('abort', aborted);
    // Whatever ended it, also while it was still connecting, no socket stays behind. A failed connection has been reported above.
    connecting.then(
      (socket) => socket.terminate(),
      () => undefined,
    );
  }
}

function exitCodeOf(status: V1Status): number {
  if (status.status === 'Success') return 0;
  const cause = status.details?.causes?.find(({ reason }) => reason === 'ExitCode');
  if (cause?.message !== undefined) return Number(cause.message);
  const { code = 500, reason, message } = status;
  throw new ApiError('POST', 'exec', { code, body: { kind: 'Status', reason, message } });
}

function commandOf({ namespace, pod, argv }: ExecRequest): string {
  return `\`${argv.join(' ').slice(0, 120)}\` in ${namespace}/${pod}`;
}

class Collected extends Writable {
  readonly #chunks: Buffer[] = [];

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
}

class Lines extends Writable {
  readonly #splitter: LineSplitter;

  constructor(onLine: (line: string) => void) {
    super();
    this.#splitter = new LineSplitter(onLine);
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    done(failureOf(() => this.#splitter.push(chunk)));
  }

  override _final(done: (error?: Error) => void): void {
    done(failureOf(() => this.#splitter.end()));
  }
}

/** A stream is told of errors by its callback; thrown, they would end the process. */
function failureOf(act: () => void): Error | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
  return undefined;
}
