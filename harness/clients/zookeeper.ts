import type { Client, Event, Exception, Stat as RawStat } from 'node-zookeeper-client';
import * as library from 'node-zookeeper-client';
import { deadlines } from '../deadlines.ts';
import { messageOf } from '../errors.ts';
import { WaitGivenUp } from '../history/recording.ts';
import { openTunnel, type Tunnel } from '../kube/tunnel.ts';
import { exchanged, type Classify, type Outcome, type Surroundings } from './exchange.ts';
import type { LedgerKeeper, LedgerSession } from './ledger.ts';

/** What a server tells of a node beside its data. Transactions are hexadecimal, as the servers' own tools print them; times are milliseconds since 1970. */
export interface Stat {
  readonly czxid: string;
  readonly mzxid: string;
  readonly pzxid: string;
  readonly ctime: number;
  readonly mtime: number;
  readonly version: number;
  readonly cversion: number;
  readonly dataLength: number;
  readonly numChildren: number;
}

/** A step of several that the servers take all or none of. */
export type Step =
  | { readonly does: 'create' | 'set'; readonly path: string; readonly data: string }
  | { readonly does: 'remove'; readonly path: string };

/**
 * A session with one chosen server. Every call is recorded as an `exchange`, whatever comes of it, and so is each turn of the session itself (`session`): a
 * connection that is lost is made again, to the Pod that has the name then. A call that finds no session in its time was never sent: `failed` with the
 * code `NO_SESSION`. One that was sent and is not answered in its time is `indeterminate`.
 */
export interface ZooKeeper {
  readonly target: string;
  creates(moment: string, path: string, data?: string): Promise<Outcome<string>>;
  gets(moment: string, path: string): Promise<Outcome<{ readonly data: string; readonly stat: Stat }>>;
  /** With a version: only if the node still has it, otherwise `BAD_VERSION`. */
  sets(moment: string, path: string, data: string, version?: number): Promise<Outcome<Stat>>;
  removes(moment: string, path: string, version?: number): Promise<Outcome<null>>;
  /** `null` where there is no such node. */
  exists(moment: string, path: string): Promise<Outcome<Stat | null>>;
  children(moment: string, path: string): Promise<Outcome<readonly string[]>>;
  /** All of the steps, or none if one of them cannot be. */
  together(moment: string, steps: readonly Step[]): Promise<Outcome<null>>;
  /**
   * Brings the server up to everything that was committed before: a read that follows cannot be an old one. The library knows no `sync`; a write through this
   * session serves as one, since a server answers it when it has applied it, and what went before. It sets the data of the root, to nothing.
   */
  catchesUp(moment: string): Promise<Outcome<Stat>>;
  /** Reads a node's data and asks to be told of its next change. Each telling is recorded as an `exchange` of the request `watch /path`. */
  watches(moment: string, path: string): Promise<Watch>;
  close(): Promise<void>;
}

export interface Watch {
  /** Waits to be told, and says whether it was before the deadline. */
  fires(): Promise<boolean>;
}

export interface SessionOptions {
  /** How long each call may take, a session included. */
  readonly deadlineMs?: number;
}

const port = 2181;
const name = 'zookeeper';

/** Opens a session with a server. Resolves when it stands or its time is over: what is asked through it then tells. */
export async function connectZooKeeper(
  surroundings: Surroundings,
  moment: string,
  pod: string,
  options: SessionOptions = {},
): Promise<ZooKeeper> {
  const { deadlineMs = deadlines.exchangeMs } = options;
  const { recording } = surroundings;
  const tell = (because: string, status: 'succeeded' | 'failed', answer: object): void => {
    const at = { invokedAtIndex: recording.entries.length - 1, beganAtMs: Date.now() };
    const seen = { moment, client: name, target: pod, request: 'session', status, because, answer } as const;
    recording.append({ kind: 'observation', of: 'exchange', ...seen, ...at });
  };
  const session = await Session.open(surroundings, pod, tell);
  const ask = <Answer>(when: string, request: string, act: (client: Client) => Promise<Answer>) => {
    const asked = { client: name, target: pod, moment: when, request };
    return exchanged(surroundings, asked, { deadlineMs: deadlineMs + graceMs, classify }, () =>
      session.call(deadlineMs, act),
    );
  };
  await ask(moment, 'connect', () => Promise.resolve(session.id));
  return {
    target: pod,
    creates: (when, path, data = '') =>
      ask(when, `create ${path} ${data}`.trimEnd(), (client) =>
        answer<string>((done) => client.create(path, Buffer.from(data), done)),
      ),
    gets: (when, path) => ask(when, `get ${path}`, (client) => getData(client, path)),
    sets: (when, path, data, version = -1) =>
      ask(when, `set ${path} ${data}${version < 0 ? '' : ` of version ${version}`}`, (client) =>
        setData(client, path, data, version),
      ),
    removes: (when, path, version = -1) =>
      ask(when, `delete ${path}${version < 0 ? '' : ` of version ${version}`}`, async (client) => {
        await answer<undefined>((done) => client.remove(path, version, (error) => done(error, undefined)));
        return null;
      }),
    exists: (when, path) =>
      ask(when, `exists ${path}`, async (client) => {
        const stat = await answer<RawStat | null>((done) => client.exists(path, done));
        return stat === null ? null : statOf(stat);
      }),
    children: (when, path) => ask(when, `children of ${path}`, (client) => childrenOf(client, path)),
    together: (when, steps) => ask(when, `together: ${steps.map(stepInWords).join(', ')}`, (c) => commit(c, steps)),
    catchesUp: (when) => ask(when, 'catch up', (client) => setData(client, '/', '', -1)),
    watches: (when, path) => watchData(surroundings, pod, when, path, ask),
    close: () => session.close(),
  };
}

/** Identities as children of one node. `open` makes the node if it is not there. */
export function zooKeeperLedger(surroundings: Surroundings, path: string): LedgerKeeper {
  return {
    client: name,
    name: path,
    classify,
    open: async (pod): Promise<LedgerSession> => {
      const session = await Session.open(surroundings, pod, () => undefined);
      const within = <Answer>(act: (client: Client) => Promise<Answer>) => session.call(deadlines.exchangeMs, act);
      try {
        await within((client) => createUnlessThere(client, path));
      } catch (error) {
        await session.close();
        throw error;
      }
      return {
        add: (identity) =>
          within((client) => answer<string>((done) => client.create(`${path}/${identity}`, Buffer.from(''), done))),
        readAll: async () => {
          await within((client) => setData(client, '/', '', -1));
          return within((client) => childrenOf(client, path));
        },
        close: () => session.close(),
      };
    },
  };
}

/** What was never sent because there was nobody to send it to. */
class NoSession extends Error {}

/** A call waits for a session as long as it may take; its own time is over a little later, so that the reason is told and not only the silence. */
const graceMs = 500;

/**
 * What the library's errors mean. A refusal by name is a server's; a connection lost, a session expired and what is not known leave open whether it was done.
 */
export const classify: Classify = (error) => {
  const because = messageOf(error);
  if (error instanceof NoSession) return { status: 'failed', code: 'NO_SESSION', because };
  const code = nameOf(error);
  if (code === undefined) return { status: 'indeterminate', because };
  return { status: refusals.has(code) ? 'failed' : 'indeterminate', code, because };
};

const refusals: ReadonlySet<string> = new Set([
  'BAD_ARGUMENTS',
  'NO_NODE',
  'NO_AUTH',
  'BAD_VERSION',
  'NO_CHILDREN_FOR_EPHEMERALS',
  'NODE_EXISTS',
  'NOT_EMPTY',
  'INVALID_ACL',
]);

function nameOf(error: unknown): string | undefined {
  return error instanceof library.Exception ? error.getName() : undefined;
}

/** The library's client over a tunnel of its own, with the one server at its end. */
class Session {
  readonly #client: Client;
  readonly #tunnel: Tunnel;
  readonly #waiting = new Set<() => void>();

  private constructor(client: Client, tunnel: Tunnel) {
    this.#client = client;
    this.#tunnel = tunnel;
  }

  static async open(
    { kube, namespace, signal }: Surroundings,
    pod: string,
    tell: (because: string, status: 'succeeded' | 'failed', answer: object) => void,
  ): Promise<Session> {
    const tunnel = await openTunnel(kube, { namespace, pod, port, signal });
    const client = library.createClient(`${tunnel.host}:${tunnel.port}`, { retries: 0, spinDelay: 500 });
    const session = new Session(client, tunnel);
    client.on('state', (state) => {
      const status = state === library.State.SYNC_CONNECTED ? 'succeeded' : 'failed';
      tell(state.name, status, { session: session.id });
      if (status === 'succeeded') for (const go of session.#waiting) go();
    });
    client.connect();
    return session;
  }

  get id(): string {
    return this.#client.getSessionId().toString('hex');
  }

  /** Calls once there is a session. What was called while there is none would be sent much later, when nobody waits for it any more. */
  async call<Answer>(deadlineMs: number, act: (client: Client) => Promise<Answer>): Promise<Answer> {
    if (!this.#isConnected()) await this.#connected(deadlineMs);
    return act(this.#client);
  }

  /** Ends the session, if a server can still be told so, and the tunnel in any case. */
  async close(): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const timer = setTimeout(ended.resolve, 1000);
    if (this.#isConnected()) this.#client.once('disconnected', ended.resolve);
    else ended.resolve();
    try {
      this.#client.close();
    } catch {
      // Closed before its first connection began, the library has no socket yet; it ends when that connection fails, below.
      ended.resolve();
    }
    await ended.promise;
    clearTimeout(timer);
    await this.#tunnel.close();
  }

  #isConnected(): boolean {
    return this.#client.getState() === library.State.SYNC_CONNECTED;
  }

  async #connected(deadlineMs: number): Promise<void> {
    const connected = Promise.withResolvers<void>();
    const trouble = (): string => this.#tunnel.trouble?.message ?? 'the server gives none';
    const late = (): void => connected.reject(new NoSession(`no session within ${deadlineMs / 1000} s: ${trouble()}`));
    const timer = setTimeout(late, deadlineMs);
    this.#waiting.add(connected.resolve);
    try {
      await connected.promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(connected.resolve);
    }
  }
}

async function watchData(
  surroundings: Surroundings,
  pod: string,
  moment: string,
  path: string,
  ask: <Answer>(when: string, request: string, act: (client: Client) => Promise<Answer>) => Promise<Outcome<Answer>>,
): Promise<Watch> {
  const { recording, signal } = surroundings;
  const request = `watch ${path}`;
  let fired = false;
  const invokedAtIndex = recording.entries.length - 1;
  const beganAtMs = Date.now();
  const tell = (event: Event): void => {
    fired = true;
    const seen = {
      moment,
      client: name,
      target: pod,
      request,
      status: 'succeeded',
      invokedAtIndex,
      beganAtMs,
    } as const;
    const answer = { event: event.getName(), path: event.getPath() };
    recording.append({ kind: 'observation', of: 'exchange', ...seen, answer });
  };
  await ask(moment, `get ${path} and watch it`, (client) => getData(client, path, tell));
  return {
    fires: async () => {
      const wait = { for: `${pod} to tell of a change of ${path}`, deadlineMs: deadlines.exchangeMs, signal };
      try {
        await recording.until(() => fired, wait);
        return true;
      } catch (error) {
        if (error instanceof WaitGivenUp) return false;
        throw error;
      }
    },
  };
}

type Failure = Error | Exception | null;

/** Turns the library's callbacks into promises. */
function answer<Answer>(ask: (done: (error: Failure, value: Answer) => void) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    ask((error, value) => {
      // The library says `undefined` where there is no error, whatever its types say.
      if (error === null || error === undefined) resolve(value);
      else reject(error);
    });
  });
}

function getData(
  client: Client,
  path: string,
  watcher?: (event: Event) => void,
): Promise<{ readonly data: string; readonly stat: Stat }> {
  return answer((done) => {
    const got = (error: Failure, data: Buffer | undefined, stat: RawStat): void => {
      if (error === null || error === undefined) done(null, { data: data?.toString('utf8') ?? '', stat: statOf(stat) });
      else done(error, { data: '', stat: {} as Stat });
    };
    if (watcher === undefined) client.getData(path, got);
    else client.getData(path, watcher, got);
  });
}

async function setData(client: Client, path: string, data: string, version: number): Promise<Stat> {
  return statOf(await answer<RawStat>((done) => client.setData(path, Buffer.from(data), version, done)));
}

async function childrenOf(client: Client, path: string): Promise<readonly string[]> {
  const children = await answer<readonly string[]>((done) => client.getChildren(path, done));
  return [...children].toSorted();
}

async function createUnlessThere(client: Client, path: string): Promise<void> {
  try {
    await answer<string>((done) => client.create(path, Buffer.from(''), done));
  } catch (error) {
    if (nameOf(error) !== 'NODE_EXISTS') throw error;
  }
}

async function commit(client: Client, steps: readonly Step[]): Promise<null> {
  const transaction = client.transaction();
  for (const step of steps) {
    if (step.does === 'create') transaction.create(step.path, Buffer.from(step.data));
    else if (step.does === 'set') transaction.setData(step.path, Buffer.from(step.data));
    else transaction.remove(step.path);
  }
  await answer<unknown>((done) => transaction.commit(done));
  return null;
}

function stepInWords(step: Step): string {
  return step.does === 'remove' ? `remove ${step.path}` : `${step.does} ${step.path} ${step.data}`;
}

function statOf(raw: RawStat): Stat {
  const hex = (zxid: Buffer): string => `0x${BigInt(`0x${zxid.toString('hex')}`).toString(16)}`;
  const time = (stamp: Buffer): number => Number(BigInt(`0x${stamp.toString('hex')}`));
  return {
    czxid: hex(raw.czxid),
    mzxid: hex(raw.mzxid),
    pzxid: hex(raw.pzxid),
    ctime: time(raw.ctime),
    mtime: time(raw.mtime),
    version: raw.version,
    cversion: raw.cversion,
    dataLength: raw.dataLength,
    numChildren: raw.numChildren,
  };
}
