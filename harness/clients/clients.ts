import { asksCassandra, becomesServing, cassandraLedger, type Row } from './cassandra.ts';
import type { Outcome, Surroundings } from './exchange.ts';
import { readLedger, startWriter, type LedgerKeeper, type Writer } from './ledger.ts';
import { visitor, type Destination, type Visitor, type VisitorOptions } from './http.ts';
import { mySqlLedger, mySqlUser, type Login, type MySql } from './mysql.ts';
import { asksWord, becomeServing, type FourLetterWord } from './words.ts';
import { connectZooKeeper, zooKeeperLedger, type SessionOptions, type ZooKeeper } from './zookeeper.ts';

export type { Row } from './cassandra.ts';
export { answerOf, type Outcome } from './exchange.ts';
export type { Destination, Form, Page, Visitor, VisitorOptions } from './http.ts';
export type { Ledger, Writer } from './ledger.ts';
export type { Login, MySql, Rows } from './mysql.ts';
export type { FourLetterWord } from './words.ts';
export type { Stat, Step, Watch, ZooKeeper } from './zookeeper.ts';

/** Clients that speak an application's own protocol to a chosen server of it, one entry for each application. */
export interface Clients {
  readonly zookeeper: ZooKeeperClients;
  readonly cassandra: CassandraClients;
  /** A user of the MySQL server of a Deployment. */
  mysql(deployment: string, login: Login): MySql & Ledgers;
  /** A visitor of a web site, which calls it by this name. */
  visits(destination: Destination, host: string, options?: VisitorOptions): Visitor;
}

/** Writes with generated identities, and reads of all of them, the same for every application. */
export interface Ledgers {
  /**
   * Writes one identity after another into a ledger until the writer is stopped, through these servers in turn, whatever happens to them. Resolves when the first
   * was acknowledged. Each ledger has one writer.
   */
  writes(moment: string, ledger: string, servers: readonly [string, ...string[]]): Promise<Writer>;
  /** Reads all that is in a ledger through one server. Recorded as a `read` if the answer is whole. */
  readsAll(moment: string, ledger: string, server: string): Promise<Outcome<readonly string[]>>;
}

export interface ZooKeeperClients extends Ledgers {
  connects(moment: string, pod: string, options?: SessionOptions): Promise<ZooKeeper>;
  asksWord(moment: string, pod: string, word: FourLetterWord): Promise<Outcome<string>>;
  /** Asks each server until it tells its mode: Ready does not mean that it serves. Says whether all did before the deadline. */
  becomeServing(moment: string, pods: readonly string[]): Promise<boolean>;
}

export interface CassandraClients {
  /** Asks one server one question in CQL, which it answers by itself. */
  asks(moment: string, pod: string, query: string): Promise<Outcome<readonly Row[]>>;
  /** Asks each server until it answers: Ready does not mean that it serves clients. Says whether all did before the deadline. */
  becomeServing(moment: string, pods: readonly string[]): Promise<boolean>;
  /** Ledgers (`keyspace.table`) whose rows are kept in so many copies, written and read at QUORUM. */
  keeping(copies: number): Ledgers;
}

/** The clients of one story, and the way to end whatever it leaves open. */
export function storyClients(surroundings: Surroundings): { readonly clients: Clients; close(): Promise<void> } {
  const open = new Set<() => Promise<void>>();
  const ledgers = (keeper: (ledger: string) => LedgerKeeper): Ledgers => ({
    writes: async (moment, ledger, servers) => {
      const writer = await startWriter(surroundings, keeper(ledger), moment, servers);
      open.add(() => writer.stop());
      return writer;
    },
    readsAll: (moment, ledger, server) => readLedger(surroundings, keeper(ledger), moment, server),
  });
  return {
    clients: {
      zookeeper: {
        ...ledgers((path) => zooKeeperLedger(surroundings, path)),
        connects: async (moment, pod, options) => {
          const session = await connectZooKeeper(surroundings, moment, pod, options);
          open.add(() => session.close());
          return session;
        },
        asksWord: (moment, pod, word) => asksWord(surroundings, moment, pod, word),
        becomeServing: (moment, pods) => becomeServing(surroundings, moment, pods),
      },
      cassandra: {
        asks: (moment, pod, query) => asksCassandra(surroundings, moment, pod, query),
        becomeServing: (moment, pods) => becomesServing(surroundings, moment, pods),
        keeping: (copies) => ledgers((table) => cassandraLedger(surroundings, table, copies)),
      },
      mysql: (deployment, login) => ({
        ...mySqlUser(surroundings, deployment, login),
        ...ledgers((table) => mySqlLedger(surroundings, login, table)),
      }),
      visits: (destination, host, options) => visitor(surroundings, destination, host, options),
    },
    close: async () => {
      await Promise.allSettled([...open].map((end) => end()));
    },
  };
}
