import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Manifest } from '../history/objects.ts';
import { ApiError, ConnectionError } from './errors.ts';
import type { KindName, ObjectOf, Place } from './kinds.ts';
import { type KubeRequest, Late, pathTo, type Query, type Transport } from './transport.ts';

/**
 * The API of one server, as JSON: what is sent and what comes back is left as it is. `request` resolves with any HTTP answer and rejects with
 * `ConnectionError` when there was none; the others throw `ApiError` for answers from 400 on as well.
 */
export interface Kube {
  readonly server: string;
  /** For what needs more than HTTP requests: see `exec.ts`. */
  readonly config: KubeConfig;
  request<Body = unknown>(request: KubeRequest): Promise<KubeResponse<Body>>;
  /** Resolves with the head of the answer, whatever its code; the body comes as it arrives. The signal ends it. */
  stream(request: KubeRequest): Promise<KubeStream>;
  get<Name extends KindName>(place: Place<Name>, options?: CallOptions): Promise<ObjectOf<Name>>;
  /** Without a resourceVersion in the query: a consistent list. Its items carry no `kind` and no `apiVersion`. */
  list<Name extends KindName>(place: Place<Name>, options?: CallOptions): Promise<List<ObjectOf<Name>>>;
  create<Name extends KindName>(place: Place<Name>, body: object, options?: CallOptions): Promise<ObjectOf<Name>>;
  /** Replaces the whole object. With a resourceVersion in it, only that version of it. */
  replace<Name extends KindName>(place: Place<Name>, body: object, options?: CallOptions): Promise<ObjectOf<Name>>;
  /** Server-side apply as field manager `steadfast`, by force. */
  apply<Name extends KindName>(place: Place<Name>, manifest: Manifest, options?: CallOptions): Promise<ObjectOf<Name>>;
  patch<Name extends KindName>(
    place: Place<Name>,
    body: object,
    type?: PatchType,
    options?: CallOptions,
  ): Promise<ObjectOf<Name>>;
  /** Resolves with what the server says: the object, if it is still there and terminating, or a Status. */
  delete(place: Place, options?: CallOptions & DeleteOptions): Promise<unknown>;
  version(options?: CallOptions): Promise<ServerVersion>;
  /** Closes idle connections. What is under way is ended by its own signal. */
  close(): void;
}

export interface CallOptions {
  readonly query?: Query;
  /** The server decides and changes nothing. */
  readonly dryRun?: boolean;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface DeleteOptions {
  /** Only if the object still has this uid; otherwise the server answers 409. */
  readonly uid?: string;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  readonly gracePeriodSeconds?: number;
}

/** `merge` (RFC 7386) if left out. The body of a `json` patch (RFC 6902) is its list of steps. */
export type PatchType = keyof typeof patchTypes;

export interface List<Item> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly Item[];
}

export interface KubeResponse<Body> {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  /** Parsed if it was JSON, otherwise the text. */
  readonly body: Body;
}

export interface KubeStream {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

export interface ServerVersion {
  readonly major: string;
  readonly minor: string;
  /** `v1.34.2`, with what distributions add behind it. */
  readonly gitVersion: string;
}

const patchTypes = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

const defaultDeadlineMs = 30_000;

export function kubeOver(transport: Transport, config: KubeConfig): Kube {
  const request = <Body>(asked: KubeRequest): Promise<KubeResponse<Body>> => requestOver<Body>(transport, asked);
  const call = async <Body>(asked: KubeRequest): Promise<Body> => {
    const answer = await request<Body>(asked);
    if (answer.code < 400) return answer.body;
    throw new ApiError(asked.method ?? 'GET', pathTo(asked.target), {
      ...answer,
      retryAfterSeconds: secondsOf(answer.headers['retry-after']),
    });
  };
  return {
    server: transport.server,
    config,
    request,
    stream: (asked) => streamOver(transport, asked),
    get: (place, options) => call({ target: place, ...optionsOf(options) }),
    list: (place, options) => call({ target: place, ...optionsOf(options) }),
    create: (place, body, options) => call({ method: 'POST', target: place, body, ...writeOptionsOf(options) }),
    replace: (place, body, options) => call({ method: 'PUT', target: place, body, ...writeOptionsOf(options) }),
    apply: (place, body, options) =>
      call({
        method: 'PATCH',
        target: place,
        body,
        contentType: 'application/apply-patch+yaml',
        ...writeOptionsOf(options, { fieldManager: 'steadfast', force: true }),
      }),
    patch: (place, body, type = 'merge', options = {}) =>
      call({
        method: 'PATCH',
        target: place,
        body,
        contentType: patchTypes[type],
        ...writeOptionsOf(options, { fieldManager: 'steadfast' }),
      }),
    delete: (place, options) =>
      call({ method: 'DELETE', target: place, body: deleteBody(options), ...optionsOf(options) }),
    version: (options) => call({ target: '/version', ...optionsOf(options) }),
    close: () => transport.close(),
  };
}

async function requestOver<Body>(transport: Transport, asked: KubeRequest): Promise<KubeResponse<Body>> {
  try {
    return await requestOnce<Body>(transport, asked);
  } catch (error) {
    // A kept-alive connection that the server closed while we were about to use it says nothing about the server; a read can be asked again.
    const stale = error instanceof ConnectionError && error.wasReused && error.code === 'ECONNRESET';
    if (stale && (asked.method ?? 'GET') === 'GET') return await requestOnce<Body>(transport, asked);
    throw error;
  }
}

async function requestOnce<Body>(transport: Transport, asked: KubeRequest): Promise<KubeResponse<Body>> {
  const limit = limited(asked);
  try {
    const response = await transport.open(asked, limit.signal);
    const text = await textOf(response);
    return { code: response.statusCode ?? 0, headers: response.headers, body: parsed(text, response) as Body };
  } catch (error) {
    throw transport.broken(asked.method ?? 'GET', error, { wasSent: true, signal: limit.signal });
  } finally {
    limit.clear();
  }
}

async function streamOver(transport: Transport, asked: KubeRequest): Promise<KubeStream> {
  const limit = limited(asked);
  try {
    const body = await transport.open(asked, limit.signal);
    limit.clearDeadline();
    body.once('close', limit.clear);
    return { code: body.statusCode ?? 0, headers: body.headers, body };
  } catch (error) {
    limit.clear();
    throw error;
  }
}

/** A signal that is aborted with the request's own or when its time is over. */
function limited(asked: KubeRequest): { signal: AbortSignal; clearDeadline: () => void; clear: () => void } {
  asked.signal?.throwIfAborted();
  const controller = new AbortController();
  const deadlineMs = asked.deadlineMs ?? defaultDeadlineMs;
  const giveUp = (): void => controller.abort(asked.signal?.reason);
  const timer = setTimeout(() => controller.abort(new Late(deadlineMs)), deadlineMs);
  asked.signal?.addEventListener('abort', giveUp, { once: true });
  const clearDeadline = (): void => clearTimeout(timer);
  return {
    signal: controller.signal,
    clearDeadline,
    clear: () => {
      clearDeadline();
      asked.signal?.removeEventListener('abort', giveUp);
    },
  };
}

/** Reads a body to its end. */
export async function textOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string, response: IncomingMessage): unknown {
  if (response.headers['content-type']?.includes('json') !== true) return text;
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

function optionsOf(options: CallOptions = {}, query: Query = {}): Pick<KubeRequest, 'query' | 'deadlineMs' | 'signal'> {
  return {
    query: { ...query, ...(options.dryRun === true ? { dryRun: 'All' } : {}), ...options.query },
    signal: options.signal,
    ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
  };
}

/** A field the server does not know is a mistake of ours; without this it would be dropped without a word. */
function writeOptionsOf(options?: CallOptions, query: Query = {}): ReturnType<typeof optionsOf> {
  return optionsOf(options, { fieldValidation: 'Strict', ...query });
}

function deleteBody(options: DeleteOptions = {}): object {
  const { uid, propagationPolicy, gracePeriodSeconds } = options;
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...(uid === undefined ? {} : { preconditions: { uid } }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
  };
}

function secondsOf(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return header === undefined || Number.isNaN(seconds) ? undefined : seconds;
}
