import * as library from 'cassandra-driver';
import { deadlines } from '../deadlines.ts';
import { messageOf } from '../errors.ts';
import { Backoff } from '../kube/backoff.ts';
import { openTunnel, type Tunnel } from '../kube/tunnel.ts';
import { exchanged, settled, type Classify, type Outcome, type Surroundings } from './exchange.ts';
import type { LedgerKeeper, LedgerSession } from './ledger.ts';

/** A row by its columns, as JSON: what has no form of its own there (an identifier, an address) is text. */
export type Row = Readonly<Record<string, unknown>>;

const port = 9042;
const name = 'cassandra';

/** Asks one server one question in CQL, which it answers by itself. Recorded as an `exchange`, whatever comes of it. */
export function asksCassandra(
  surroundings: Surroundings,
  moment: string,
  pod: string,
  query: string,
): Promise<Outcome<readonly Row[]>> {
  const asked = { client: name, target: pod, moment, request: query };
  return exchanged(surroundings, asked, { deadlineMs: 2 * deadlines.exchangeMs, classify }, () =>
    withSession(surroundings, pod, (session) => session.ask(query, [], library.types.consistencies.one)),
  );
}

/**
 * Asks each server until it answers in CQL: one that is a member of the ring, and Ready, may not have opened its port for clients yet. Says whether all did before the
 * deadline. What each answered last is recorded.
 */
export async function becomesServing(
  surroundings: Surroundings,
  moment: string,
  pods: readonly string[],
): Promise<boolean> {
  const until = AbortSignal.any([surroundings.signal, AbortSignal.timeout(deadlines.electionMs)]);
  const query = 'SELECT cluster_name FROM system.local';
  const answers = pods.map(async (pod) => {
    const backoff = new Backoff({ shortestBackoffMs: 250, longestBackoffMs: 1000 }, until);
    const options = { deadlineMs: deadlines.exchangeMs, classify, signal: surroundings.signal };
    const ask = () =>
      withSession(surroundings, pod, (session) => session.ask(query, [], library.types.consistencies.one));
    while (!until.aborted && (await settled(ask, options)).status !== 'succeeded') await backoff.pause();
    return (await asksCassandra(surroundings, moment, pod, query)).status === 'succeeded';
  });
  return (await Promise.all(answers)).every((isServing) => isServing);
}

/**
 * Identities as rows of one table (`keyspace.table`), kept in so many copies, written and read at QUORUM. `open` makes keyspace and table if they are not there, so that
 * what was lost with its table is read as nothing.
 */
export function cassandraLedger(surroundings: Surroundings, table: string, copies: number): LedgerKeeper {
  const [keyspace = table] = table.split('.');
  const { quorum } = library.types.consistencies;
  return {
    client: name,
    name: table,
    classify,
    open: async (pod): Promise<LedgerSession> => {
      const session = await Session.open(surroundings, pod);
      try {
        const replication = `{'class': 'SimpleStrategy', 'replication_factor': ${copies}}`;
        await session.ask(`CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = ${replication}`, [], quorum);
        await session.ask(`CREATE TABLE IF NOT EXISTS ${table} (identity text PRIMARY KEY)`, [], quorum);
      } catch (error) {
        await session.close();
        throw error;
      }
      return {
        add: (identity) => session.ask(`INSERT INTO ${table} (identity) VALUES (?)`, [identity], quorum),
        readAll: async () => {
          const rows = await session.ask(`SELECT identity FROM ${table}`, [], quorum);
          return rows.map(({ identity }) => String(identity)).toSorted();
        },
        close: () => session.close(),
      };
    },
  };
}

/** What was never sent because no connection came about. */
class NoSession extends Error {}

/**
 * What the library's errors mean. Errors of the server have a number: by these it refused before it did anything; after all others, and after a lost connection, it may have
 * been done.
 */
export const classify: Classify = (error) => {
  const because = messageOf(error);
  if (error instanceof NoSession) return { status: 'failed', code: 'NO_SESSION', because };
  if (!(error instanceof library.errors.ResponseError)) return { status: 'indeterminate', because };
  const code = codeNames.get(error.code) ?? `0x${error.code.toString(16)}`;
  return { status: refusals.has(code) ? 'failed' : 'indeterminate', code, because };
};

const codeNames: ReadonlyMap<number, string> = new Map(
  Object.entries(library.types.responseErrorCodes).map(([text, code]) => [code as number, text]),
);

const refusals: ReadonlySet<string> = new Set([
  'protocolError',
  'badCredentials',
  'unavailableException',
  'isBootstrapping',
  'syntaxError',
  'unauthorized',
  'invalid',
  'configError',
  'alreadyExists',
  'unprepared',
]);

async function withSession<Answer>(
  surroundings: Surroundings,
  pod: string,
  ask: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  const session = await Session.open(surroundings, pod);
  try {
    return await ask(session);
  } finally {
    await session.close();
  }
}

/** The library would turn to every server it hears of; their addresses lead nowhere from here, and a story asks the one it means. */
function knowsNobodyElse(): library.policies.addressResolution.AddressTranslator {
  return Object.assign(library.policies.defaultAddressTranslator(), {
    translate: (_address: string, _port: number, callback: (endpoint: string) => void) => callback(''),
  });
}

/** The library's client over a tunnel of its own, with the one server at its end. */
class Session {
  readonly #client: library.Client;
  readonly #tunnel: Tunnel;

  private constructor(client: library.Client, tunnel: Tunnel) {
    this.#client = client;
    this.#tunnel = tunnel;
  }

  static async open({ kube, namespace, signal }: Surroundings, pod: string): Promise<Session> {
    const tunnel = await openTunnel(kube, { namespace, pod, port, signal });
    const { loadBalancing, retry } = library.policies;
    const client = new library.Client({
      contactPoints: [`${tunnel.host}:${tunnel.port}`],
      policies: {
        addressResolution: knowsNobodyElse(),
        loadBalancing: new loadBalancing.RoundRobinPolicy(),
        // A write that is written again by the library would not be the one that the history knows of.
        retry: new retry.FallthroughRetryPolicy(),
      },
      pooling: { coreConnectionsPerHost: { [library.types.distance.local]: 1 } },
      socketOptions: { connectTimeout: deadlines.exchangeMs, readTimeout: deadlines.exchangeMs },
      queryOptions: { prepare: false, fetchSize: 100_000 },
      isMetadataSyncEnabled: false,
      monitorReporting: { enabled: false },
    });
    const session = new Session(client, tunnel);
    try {
      await client.connect();
    } catch (error) {
      await session.close();
      throw new NoSession(tunnel.trouble?.message ?? messageOf(error), { cause: error });
    }
    return session;
  }

  async ask(query: string, parameters: readonly unknown[], consistency: number): Promise<readonly Row[]> {
    // An answer without rows has none to go through.
    const answer = await this.#client.execute(query, [...parameters], { consistency });
    return [...answer].map((row) => Object.fromEntries(row.keys().map((column) => [column, asJson(row.get(column))])));
  }

  async close(): Promise<void> {
    await this.#client.shutdown().catch(() => undefined);
    await this.#tunnel.close();
  }
}

/** The library's own types know what they are in JSON. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}
