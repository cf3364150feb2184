import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { deadlines } from '../deadlines.ts';
import { messageOf } from '../errors.ts';
import { Backoff } from '../kube/backoff.ts';
import { ConnectionError } from '../kube/errors.ts';
import { openTunnel } from '../kube/tunnel.ts';
import { exchanged, type Classify, type Outcome, type Surroundings } from './exchange.ts';
import type { LedgerKeeper, LedgerSession } from './ledger.ts';
import { NoServer, podServing } from './servers.ts';

/** Who asks, and in which database. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly database?: string;
}

/** What a server answered: rows by column, as text or numbers; a statement that gives none is answered with none. */
export type Rows = readonly Readonly<Record<string, string | number | null>>[];

/**
 * One user of the MySQL server that a Deployment's Pod runs. Each statement has a connection of its own, so that each is a login as well. `target` of the recorded exchange is
 * the Pod that was asked.
 */
export interface MySql {
  asks(moment: string, statement: string): Promise<Outcome<Rows>>;
  /** Asks until the server answers at all, refusals included: a Pod without a readiness probe is Ready before. Says whether it did before the deadline. */
  becomesServing(moment: string): Promise<boolean>;
}

const port = 3306;
const name = 'mysql';

export function mySqlUser(surroundings: Surroundings, deployment: string, login: Login): MySql {
  const asks = (moment: string, statement: string): Promise<Outcome<Rows>> => {
    const request = `${login.user}${login.database === undefined ? '' : ` in ${login.database}`}: ${statement}`;
    return exchanged(
      surroundings,
      { client: name, target: podOrDeployment(surroundings, deployment), moment, request },
      { deadlineMs: deadlines.exchangeMs, classify },
      () => withConnection(surroundings, deployment, login, (connection) => rowsOf(connection, statement)),
    );
  };
  return { asks, becomesServing: (moment) => becomesServing(surroundings, () => asks(moment, 'SELECT 1')) };
}

/** Identities as rows of a table, which `open` makes if it is not there. Its server is a Deployment: whatever Pod it has at the time. */
export function mySqlLedger(surroundings: Surroundings, login: Login, table: string): LedgerKeeper {
  return {
    client: name,
    name: table,
    classify,
    open: async (deployment): Promise<LedgerSession> => {
      const { connection, close } = await connect(surroundings, deployment, login);
      try {
        await connection.query('CREATE TABLE IF NOT EXISTS ?? (identity VARCHAR(64) PRIMARY KEY)', [table]);
      } catch (error) {
        await close();
        throw error;
      }
      return {
        add: (identity) => connection.query('INSERT INTO ?? VALUES (?)', [table, identity]),
        readAll: async () => {
          const [rows] = await connection.query<RowDataPacket[]>('SELECT identity FROM ?? ORDER BY identity', [table]);
          return rows.map((row) => String(row['identity']));
        },
        close,
      };
    },
  };
}

/** No server listened at the Pod's port. */
class NotListening extends Error {}

/**
 * What the library's errors mean. A refusal bears one of MySQL's own names (`ER_…`); a server that is going down says so by one of them as well, and then it is open whether the
 * statement was done, as it is for every connection that broke.
 */
export const classify: Classify = (error) => {
  const because = messageOf(error);
  if (error instanceof NoServer) return { status: 'failed', code: 'NO_SERVER', because };
  if (error instanceof NotListening) return { status: 'failed', code: 'ECONNREFUSED', because };
  const code = (error as { readonly code?: unknown }).code;
  if (typeof code !== 'string') return { status: 'indeterminate', because };
  const isRefusal = code.startsWith('ER_') && !/SHUTDOWN|ABORTING|NET_|TIMEOUT|INTERRUPTED/.test(code);
  return { status: isRefusal ? 'failed' : 'indeterminate', code, because };
};

async function becomesServing(surroundings: Surroundings, ask: () => Promise<Outcome<Rows>>): Promise<boolean> {
  const signal = AbortSignal.any([surroundings.signal, AbortSignal.timeout(deadlines.podReadyMs)]);
  const backoff = new Backoff({ shortestBackoffMs: 250, longestBackoffMs: 1000 }, signal);
  while (!signal.aborted) {
    const outcome = await ask();
    if (outcome.status === 'succeeded' || outcome.code?.startsWith('ER_') === true) return true;
    await backoff.pause();
  }
  surroundings.signal.throwIfAborted();
  return false;
}

async function withConnection<Answer>(
  surroundings: Surroundings,
  deployment: string,
  login: Login,
  act: (connection: Connection) => Promise<Answer>,
): Promise<Answer> {
  const { connection, close } = await connect(surroundings, deployment, login);
  try {
    return await act(connection);
  } finally {
    await close();
  }
}

async function connect(
  surroundings: Surroundings,
  deployment: string,
  { user, password, database }: Login,
): Promise<{ readonly connection: Connection; readonly close: () => Promise<void> }> {
  const { kube, namespace, signal } = surroundings;
  const pod = podServing(surroundings, deployment);
  const tunnel = await openTunnel(kube, { namespace, pod, port, signal });
  try {
    const connection = await createConnection({
      host: tunnel.host,
      port: tunnel.port,
      user,
      password,
      ...(database === undefined ? {} : { database }),
      connectTimeout: deadlines.exchangeMs,
    });
    // A connection that breaks while nobody asks is told of by the next statement.
    connection.on('error', () => undefined);
    const close = async (): Promise<void> => {
      connection.destroy();
      await tunnel.close();
    };
    return { connection, close };
  } catch (error) {
    await tunnel.close();
    throw refusedByNobody(tunnel.trouble) ?? error;
  }
}

/** The forward came as far as the Pod, and there it was refused. */
function refusedByNobody(trouble: Error | undefined): NotListening | undefined {
  const isRefused = trouble instanceof ConnectionError && trouble.message.includes('connection refused');
  return isRefused ? new NotListening(trouble.message) : undefined;
}

async function rowsOf(connection: Connection, statement: string): Promise<Rows> {
  const [rows] = await connection.query(statement);
  if (!Array.isArray(rows)) return [];
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row as object).map(([column, value]) => [column, plain(value)])),
  );
}

function plain(value: unknown): string | number | null {
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('utf8') : JSON.stringify(value);
}

function podOrDeployment(surroundings: Surroundings, deployment: string): string {
  try {
    return podServing(surroundings, deployment);
  } catch {
    return deployment;
  }
}
