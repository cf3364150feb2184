import http from 'node:http';
import https from 'node:https';
import type { IncomingMessage, RequestOptions } from 'node:http';
import type { KubeConfig } from '@kubernetes/client-node';
import { messageOf } from '../errors.ts';
import { ConnectionError, type Method } from './errors.ts';
import { pathOf, type Place } from './kinds.ts';

export interface KubeRequest {
  /** `GET` if left out. */
  readonly method?: Method;
  /** A place, or for what has none a path. */
  readonly target: Place | `/${string}`;
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `application/json` if left out. */
  readonly contentType?: string;
  /** How long the whole answer may take; for a stream, its head. 30 seconds if left out. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** A parameter that is `undefined` is not sent; a list is sent as one parameter for each. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/**
 * HTTP/1.1 to one API server, as the user of a kubeconfig: kept-alive connections, and the credentials of that user with every request.
 */
export class Transport {
  readonly server: string;
  readonly #base: URL;
  readonly #config: KubeConfig;
  readonly #agent: http.Agent;

  constructor(config: KubeConfig, server: string) {
    this.server = server;
    this.#base = new URL(server);
    this.#config = config;
    // API servers close idle connections after 90 s or more; giving them up earlier avoids writing into one that is being closed.
    const kept = { keepAlive: true, timeout: 45_000, scheduling: 'lifo' } as const;
    this.#agent = this.#base.protocol === 'http:' ? new http.Agent(kept) : new https.Agent(kept);
  }

  /** Resolves with the head of the answer; its body is still to be read. Rejects with `ConnectionError` when there is none. */
  async open(request: KubeRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const method = request.method ?? 'GET';
    const credentials = await this.#credentials(method);
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const options = {
      ...credentials,
      method,
      signal,
      headers: { ...credentials.headers, ...headersOf(request, body) },
    };
    return new Promise((resolve, reject) => {
      const send = this.#base.protocol === 'http:' ? http.request : https.request;
      let stood = false;
      const outgoing = send(this.#urlOf(request), options);
      outgoing.on('socket', (socket) => {
        if (socket.connecting)
          socket.once(this.#base.protocol === 'http:' ? 'connect' : 'secureConnect', () => (stood = true));
        else stood = true;
      });
      outgoing.on('response', resolve);
      outgoing.on('error', (cause) =>
        reject(this.broken(method, cause, { wasSent: stood, wasReused: outgoing.reusedSocket, signal })),
      );
      outgoing.end(body);
    });
  }

  /** Says in words why there was no answer. */
  broken(
    method: Method,
    cause: unknown,
    facts: { readonly wasSent: boolean; readonly wasReused?: boolean; readonly signal: AbortSignal },
  ): ConnectionError {
    if (cause instanceof ConnectionError) return cause;
    const { wasSent, wasReused = false, signal } = facts;
    if (signal.reason instanceof Late)
      return new ConnectionError(`the API server at ${this.server} did not answer within ${signal.reason.seconds} s`, {
        method,
        wasSent,
        code: 'DEADLINE',
        cause,
      });
    if (signal.aborted)
      return new ConnectionError(`the request to ${this.server} was given up: ${messageOf(signal.reason)}`, {
        method,
        wasSent,
        code: 'ABORTED',
        cause: signal.reason,
      });
    const { code = 'UNKNOWN' } = cause as NodeJS.ErrnoException;
    return new ConnectionError(`no answer from the API server at ${this.server}: ${describe(code, cause)}`, {
      method,
      wasSent,
      wasReused,
      code,
      cause,
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #urlOf(request: KubeRequest): URL {
    // A server behind a proxy may have a path of its own, which comes first.
    const url = new URL(this.#base.pathname.replace(/\/$/, '') + pathTo(request.target), this.#base);
    for (const [name, value] of Object.entries(request.query ?? {}))
      for (const each of Array.isArray(value) ? value : [value])
        if (each !== undefined) url.searchParams.append(name, String(each));
    return url;
  }

  async #credentials(method: Method): Promise<Credentials> {
    const options: https.RequestOptions = {};
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (cause) {
      throw new ConnectionError(`no credentials for the API server at ${this.server}: ${messageOf(cause)}`, {
        method,
        wasSent: false,
        code: 'CREDENTIALS',
        cause,
      });
    }
    // The library's agent would keep the first certificate it saw for ever, and its connections not at all; it is needed for proxies only.
    const proxied = this.#config.getCurrentCluster()?.proxyUrl !== undefined;
    return { ...options, agent: proxied ? options.agent : this.#agent } as Credentials;
  }
}

/** Certificates, the server's name for TLS, and the headers that say who asks. */
type Credentials = Omit<RequestOptions, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

/** Why a request was given up when its time was over. */
export class Late extends Error {
  readonly seconds: number;

  constructor(deadlineMs: number) {
    super(`no answer within ${deadlineMs / 1000} s`);
    this.seconds = deadlineMs / 1000;
  }
}

export function pathTo(target: KubeRequest['target']): string {
  return typeof target === 'string' ? target : pathOf(target);
}

function headersOf(request: KubeRequest, body: string | undefined): Record<string, string | number> {
  const common = { accept: 'application/json, */*;q=0.1', 'user-agent': 'steadfast' };
  if (body === undefined) return common;
  return {
    ...common,
    'content-type': request.contentType ?? 'application/json',
    'content-length': Buffer.byteLength(body),
  };
}

function describe(code: string, cause: unknown): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there (connection refused)';
    case 'ENOTFOUND':
      return 'its host name is not known';
    case 'ECONNRESET':
      return 'the connection was cut';
    default:
      return messageOf(cause) || code;
  }
}
