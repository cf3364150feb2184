import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { type Kube, kubeOver } from './client.ts';
import { Transport } from './transport.ts';

/** An answer to one request, or a hand on it: a script may also cut the connection, or say nothing. */
export type Answer =
  | { readonly code: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | ((response: ServerResponse) => void);

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** The server's end of a watch. */
export interface OpenWatch {
  readonly path: string;
  readonly from: string;
  readonly timeoutSeconds: number;
  send(type: string, object: object): void;
  bookmark(version: string): void;
  write(bytes: string | Buffer): void;
  /** Ends the answer as a server does whose time for it is over. */
  end(): void;
  /** Breaks the connection. */
  cut(): void;
  readonly closed: Promise<void>;
}

/**
 * A local HTTP server that plays an API server's part line by line, for tests: it knows nothing of Kubernetes. What is not a watch takes the
 * next answer scripted for it; a watch is handed to the test.
 */
export class ScriptedApi {
  readonly kube: Kube;
  readonly requests: Request[] = [];
  readonly #server: Server;
  readonly #answers: Answer[] = [];
  readonly #refusals: Answer[] = [];
  readonly #stored = new Map<string, Answer>();
  readonly #watches: OpenWatch[] = [];
  readonly #awaiting: ((watch: OpenWatch) => void)[] = [];

  private constructor(server: Server, kube: Kube) {
    this.#server = server;
    this.kube = kube;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response));
  }

  static async start(): Promise<ScriptedApi> {
    const server = createServer();
    await listening(server, 0);
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: 'scripted', server: url, skipTLSVerify: true },
      { name: 'somebody', token: 'of-somebody' },
    );
    return new ScriptedApi(server, kubeOver(new Transport(config, url), config));
  }

  get server(): Server {
    return this.#server;
  }

  /** The answers to the next requests that are not watches, in order. */
  answers(...answers: readonly Answer[]): this {
    this.#answers.push(...answers);
    return this;
  }

  /** The lists as they were at these resourceVersions, however often they are asked for; at all others there is none any more. */
  stores(lists: Readonly<Record<string, readonly object[]>>): this {
    for (const [version, items] of Object.entries(lists)) this.#stored.set(version, list(version, ...items));
    return this;
  }

  /** The answers to the next watches, in order, instead of opening them. */
  refuses(...answers: readonly Answer[]): this {
    this.#refusals.push(...answers);
    return this;
  }

  /** The next watch that is opened, or was and has not been asked for yet. */
  watch(): Promise<OpenWatch> {
    const open = this.#watches.shift();
    if (open !== undefined) return Promise.resolve(open);
    return new Promise((resolve) => this.#awaiting.push(resolve));
  }

  /** Goes away: every connection is cut and new ones are refused. What it returns brings the server back on the same port. */
  async goesDown(): Promise<() => Promise<void>> {
    const { port } = this.#server.address() as AddressInfo;
    await this.stop();
    return () => listening(this.#server, port);
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://scripted');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { method = '', headers } = request;
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    this.requests.push({ method, headers, body, path: url.pathname, query: url.searchParams });
    const answer = this.#answerTo(url.searchParams);
    if (answer === undefined) this.#open(url, response);
    else if (typeof answer === 'function') answer(response);
    else respond(response, answer);
  }

  #answerTo(query: URLSearchParams): Answer | undefined {
    if (query.get('watch') === 'true') return this.#refusals.shift();
    // Asked for its own sake: whoever asks for no more than one has no use for the answer.
    if (query.get('limit') === '1') return list('0');
    if (query.get('resourceVersionMatch') === 'Exact')
      return this.#stored.get(query.get('resourceVersion') ?? '') ?? status(410, 'Expired');
    return this.#answers.shift() ?? { code: 500, body: 'nothing scripted' };
  }

  #open(url: URL, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const write = (bytes: string | Buffer): void => void response.write(bytes);
    const send = (type: string, object: object): void => write(`${JSON.stringify({ type, object })}\n`);
    const watch: OpenWatch = {
      path: url.pathname,
      from: url.searchParams.get('resourceVersion') ?? '',
      timeoutSeconds: Number(url.searchParams.get('timeoutSeconds')),
      send,
      bookmark: (resourceVersion) => send('BOOKMARK', { metadata: { resourceVersion } }),
      write,
      end: () => response.end(),
      cut: () => response.destroy(),
      closed: new Promise((resolve) => response.once('close', resolve)),
    };
    const waiting = this.#awaiting.shift();
    if (waiting === undefined) this.#watches.push(watch);
    else waiting(watch);
  }
}

/** A list as the API server sends it. */
export function list(resourceVersion: string, ...items: readonly object[]): Answer {
  return { code: 200, body: { kind: 'List', metadata: { resourceVersion }, items } };
}

export function status(code: number, reason: string, more: object = {}): Answer {
  return { code, body: { kind: 'Status', status: 'Failure', code, reason, message: reason, ...more } };
}

/** An object with no more than its identity; its uid is its name with `uid-` before it. */
export function object(name: string, resourceVersion: string | number, more: object = {}): { metadata: object } {
  return { ...more, metadata: { name, uid: `uid-${name}`, resourceVersion: String(resourceVersion) } };
}

function respond(response: ServerResponse, answer: Exclude<Answer, (response: ServerResponse) => void>): void {
  const json = typeof answer.body === 'object';
  const type = json ? 'application/json' : 'text/plain';
  response.writeHead(answer.code, { 'content-type': type, ...answer.headers });
  response.end(json ? JSON.stringify(answer.body) : answer.body);
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}
