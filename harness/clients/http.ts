import { once } from 'node:events';
import { request as startRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { deadlines } from '../deadlines.ts';
import { messageOf } from '../errors.ts';
import { Backoff } from '../kube/backoff.ts';
import { openTunnel } from '../kube/tunnel.ts';
import { exchanged, type Classify, type Outcome, type Surroundings } from './exchange.ts';
import { NoServer, podServing } from './servers.ts';

/** A page as it came, and nothing that it leads to. Scripts, styles and pictures within it are left out of the body: they say nothing and fill histories. */
export interface Page {
  readonly status: number;
  readonly location?: string;
  readonly body: string;
}

/** What a form holds, by the names of its fields. Only the names are recorded. */
export type Form = Readonly<Record<string, string>>;

/** Somebody with a browser's habits: one name for the site, and the cookies that it gave. Follows no redirect: a story sees each answer. */
export interface Visitor {
  gets(moment: string, path: string): Promise<Outcome<Page>>;
  /** Sends a form, as its page's button does. */
  submits(moment: string, path: string, form: Form): Promise<Outcome<Page>>;
  /** Sends data as JSON, with headers beside it. */
  posts(moment: string, path: string, data: object, headers?: Readonly<Record<string, string>>): Promise<Outcome<Page>>;
  /** Asks again and again, until a page is as awaited. Says whether one was before the deadline; every answer is recorded. */
  getsUntil(
    moment: string,
    path: string,
    isAwaited: (page: Page) => boolean,
    options?: { readonly deadlineMs?: number },
  ): Promise<boolean>;
}

/** Where a visitor goes: to the Pod that a Deployment has at the time, or to an address that this machine reaches. */
export type Destination =
  | { readonly deployment: string; readonly port: number }
  | { readonly name: string; readonly address: string; readonly port: number };

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface VisitorOptions {
  /** How long each page may take. */
  readonly pageMs?: number;
}

/** A visitor that calls the site by this name, however it gets there. */
export function visitor(
  surroundings: Surroundings,
  destination: Destination,
  host: string,
  { pageMs = deadlines.pageMs }: VisitorOptions = {},
): Visitor {
  const cookies = new Map<string, string>();
  const ask = (moment: string, request: string, sent: Sent, deadlineMs: number): Promise<Outcome<Page>> =>
    exchanged(
      surroundings,
      { client: 'http', target: targetOf(surroundings, destination), moment, request },
      { deadlineMs, classify },
      () =>
        exchange(surroundings, destination, { ...sent, headers: { ...sent.headers, Host: host } }, cookies, deadlineMs),
    );
  const gets = (moment: string, path: string): Promise<Outcome<Page>> =>
    ask(moment, `GET ${path}`, { method: 'GET', path, headers: {} }, pageMs);
  return {
    gets,
    submits: (moment, path, form) => {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const body = new URLSearchParams(form).toString();
      const request = `POST ${path} with ${Object.keys(form).join(', ')}`;
      return ask(moment, request, { method: 'POST', path, headers, body }, pageMs);
    },
    posts: (moment, path, data, headers = {}) => {
      const body = JSON.stringify(data);
      const sent = { method: 'POST', path, headers: { 'Content-Type': 'application/json', ...headers }, body } as const;
      return ask(moment, `POST ${path} ${body}`, sent, pageMs);
    },
    getsUntil: async (moment, path, isAwaited, { deadlineMs = deadlines.podReadyMs } = {}) => {
      const signal = AbortSignal.any([surroundings.signal, AbortSignal.timeout(deadlineMs)]);
      const backoff = new Backoff({ shortestBackoffMs: 250, longestBackoffMs: 1000 }, signal);
      while (!signal.aborted) {
        const outcome = await gets(moment, path);
        if (outcome.status === 'succeeded' && isAwaited(outcome.answer)) return true;
        await backoff.pause();
      }
      surroundings.signal.throwIfAborted();
      return false;
    },
  };
}

/** No page came. A connection that nobody took was never asked anything; of others it is not known how far they got. */
const classify: Classify = (error) => {
  const because = messageOf(error);
  if (error instanceof NoServer) return { status: 'failed', code: 'NO_SERVER', because };
  const code = (error as { readonly code?: unknown }).code;
  const named = typeof code === 'string' ? { code } : {};
  const wasSent = !['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'].includes(named.code ?? '');
  return { status: wasSent ? 'indeterminate' : 'failed', ...named, because };
};

async function exchange(
  surroundings: Surroundings,
  destination: Destination,
  sent: Sent,
  cookies: Map<string, string>,
  deadlineMs: number,
): Promise<Page> {
  const signal = AbortSignal.any([surroundings.signal, AbortSignal.timeout(deadlineMs)]);
  if ('address' in destination) return pageFrom(destination.address, destination.port, sent, cookies, signal);
  const { kube, namespace } = surroundings;
  const pod = podServing(surroundings, destination.deployment);
  const tunnel = await openTunnel(kube, { namespace, pod, port: destination.port, signal });
  try {
    return await pageFrom(tunnel.host, tunnel.port, sent, cookies, signal);
  } catch (error) {
    throw tunnel.trouble ?? error;
  } finally {
    await tunnel.close();
  }
}

/** By hand rather than by `fetch`, which gives every request the address as its host. */
async function pageFrom(
  address: string,
  port: number,
  { method, path, headers, body = '' }: Sent,
  cookies: Map<string, string>,
  signal: AbortSignal,
): Promise<Page> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const asked = startRequest({
    host: address,
    port,
    method,
    path,
    signal,
    agent: false,
    headers: {
      ...headers,
      Connection: 'close',
      ...(cookie === '' ? {} : { Cookie: cookie }),
      ...(body === '' ? {} : { 'Content-Length': Buffer.byteLength(body) }),
    },
  });
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  keepCookies(response.headers, cookies);
  const { location } = response.headers;
  return {
    status: response.statusCode ?? 0,
    ...(location === undefined ? {} : { location }),
    body: withoutTrappings(Buffer.concat(chunks).toString('utf8')),
  };
}

/** One site, one visitor: paths, ages and domains of cookies do not matter, only that one taken back is gone. */
function keepCookies(headers: IncomingHttpHeaders, cookies: Map<string, string>): void {
  for (const line of headers['set-cookie'] ?? []) {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (/;\s*max-age=0\b/i.test(line) || value === '+') cookies.delete(name);
    else cookies.set(name, value);
  }
}

function withoutTrappings(body: string): string {
  return body.replace(/<(script|style|svg)\b[^]*?<\/\1>/gi, '').replace(/\n\s*\n+/g, '\n');
}

function targetOf(surroundings: Surroundings, destination: Destination): string {
  if ('address' in destination) return destination.name;
  try {
    return podServing(surroundings, destination.deployment);
  } catch {
    return destination.deployment;
  }
}
