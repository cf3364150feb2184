import { setTimeout as pause } from 'node:timers/promises';
import { deadlines } from '../deadlines.ts';
import { RunError } from '../errors.ts';
import type { LedgerWrite } from '../history/observations.ts';
import { WaitGivenUp } from '../history/recording.ts';
import { Backoff } from '../kube/backoff.ts';
import { settled, type Classify, type Outcome, type Surroundings } from './exchange.ts';

/** A place in the application where identities are kept, each written once in the whole story: a ZooKeeper node with children, a table. */
export interface Ledger {
  readonly client: string;
  readonly name: string;
}

/** One client's hold on a ledger through one server. Its calls record nothing by themselves: the writer and the reader do. */
export interface LedgerSession {
  add(identity: string): Promise<unknown>;
  /** Everything that is there, as this server knows it after everything it had to learn. */
  readAll(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** How a protocol keeps a ledger. `open` may reject or take for ever: the writer gives it its time and turns to another server. */
export interface LedgerKeeper extends Ledger {
  readonly classify: Classify;
  open(pod: string): Promise<LedgerSession>;
}

/** A client that writes one identity after another until it is stopped, whatever happens to the servers meanwhile. */
export interface Writer {
  readonly ledger: Ledger;
  /** Waits until so many more writes were acknowledged, and says whether they were before the deadline: that none is may itself be the finding. */
  goesOn(acknowledged: number, options?: { readonly deadlineMs?: number }): Promise<boolean>;
  /** Resolves when the write under way has ended, one way or another. */
  stop(): Promise<void>;
}

/** Writes keep a distance, so that a story of a minute holds hundreds of them and not many thousands. */
const paceMs = 100;

/**
 * Starts a writer through these servers, beginning with the first. A write that is not answered within `deadlines.writeMs` is indeterminate and never
 * written again; after anything but an acknowledgement the writer turns to the next server, as a client with a list of them does. Resolves when the first
 * write was acknowledged.
 */
export async function startWriter(
  surroundings: Surroundings,
  keeper: LedgerKeeper,
  moment: string,
  servers: readonly [string, ...string[]],
): Promise<Writer> {
  const run = new WriterRun(surroundings, keeper, moment, servers);
  if (!(await run.goesOn(1))) {
    await run.stop();
    throw new RunError(`no write into ${keeper.name} was acknowledged although nothing was disturbed yet`);
  }
  return run;
}

/** Reads a whole ledger through one server and records what is there. Returns it, or why there is no whole answer. */
export async function readLedger(
  surroundings: Surroundings,
  keeper: LedgerKeeper,
  moment: string,
  target: string,
): Promise<Outcome<readonly string[]>> {
  const { recording, signal } = surroundings;
  const invokedAtIndex = recording.entries.length - 1;
  const beganAtMs = Date.now();
  const { classify, client, name: ledger } = keeper;
  const outcome = await settled(() => readThrough(keeper, target), {
    deadlineMs: 2 * deadlines.exchangeMs,
    classify,
    signal,
  });
  const asked = { client, target, moment, invokedAtIndex };
  if (outcome.status === 'succeeded')
    recording.append({ kind: 'observation', of: 'read', ...asked, ledger, identities: outcome.answer });
  else {
    const request = `read all of ${ledger}`;
    recording.append({ kind: 'observation', of: 'exchange', ...asked, request, ...outcome, beganAtMs });
  }
  return outcome;
}

async function readThrough(keeper: LedgerKeeper, target: string): Promise<readonly string[]> {
  const session = await keeper.open(target);
  try {
    return await session.readAll();
  } finally {
    await session.close();
  }
}

class WriterRun implements Writer {
  readonly ledger: Ledger;
  readonly #surroundings: Surroundings;
  readonly #keeper: LedgerKeeper;
  readonly #moment: string;
  readonly #servers: readonly string[];
  readonly #stopped = new AbortController();
  readonly #ended: Promise<void>;
  #turn = 0;
  #written = 0;
  #acknowledged = 0;

  constructor(surroundings: Surroundings, keeper: LedgerKeeper, moment: string, servers: readonly string[]) {
    this.ledger = { client: keeper.client, name: keeper.name };
    this.#surroundings = surroundings;
    this.#keeper = keeper;
    this.#moment = moment;
    this.#servers = servers;
    this.#ended = this.#run();
    // Whoever stops the writer hears of it; until then it is nobody's.
    this.#ended.catch(() => undefined);
  }

  async goesOn(acknowledged: number, options: { readonly deadlineMs?: number } = {}): Promise<boolean> {
    const { recording, signal } = this.#surroundings;
    const enough = this.#acknowledged + acknowledged;
    const wait = recording.until(() => this.#acknowledged >= enough, {
      for: `${acknowledged} more acknowledged writes into ${this.ledger.name}`,
      deadlineMs: options.deadlineMs ?? deadlines.electionMs,
      signal,
      lastSeen: () => `${this.#acknowledged} of ${this.#written} writes acknowledged so far`,
    });
    try {
      await wait;
      return true;
    } catch (error) {
      if (error instanceof WaitGivenUp) return false;
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#surroundings;
    const until = AbortSignal.any([signal, this.#stopped.signal]);
    const backoff = new Backoff({ shortestBackoffMs: paceMs, longestBackoffMs: 500 }, until);
    while (!until.aborted) {
      const acknowledged = this.#acknowledged;
      await this.#writeThrough(this.#servers[this.#turn % this.#servers.length] ?? '', until);
      this.#turn += 1;
      if (this.#acknowledged > acknowledged) backoff.reset();
      // Where no server can be reached at all, they are not asked as fast as the machine can.
      await backoff.pause();
    }
  }

  /** Writes through one server until a write is not acknowledged. A server that gives no session is left at once. */
  async #writeThrough(target: string, until: AbortSignal): Promise<void> {
    const opening = this.#keeper.open(target);
    const opened = await this.#within(() => opening);
    if (opened.status !== 'succeeded') {
      // One that comes later all the same is not left behind.
      opening.then(
        (session) => session.close(),
        () => undefined,
      );
      return;
    }
    try {
      while (!until.aborted && (await this.#write(target, opened.answer)))
        await pause(paceMs, undefined, { signal: until }).catch(() => undefined);
    } finally {
      await opened.answer.close();
    }
  }

  async #write(target: string, session: LedgerSession): Promise<boolean> {
    this.#written += 1;
    const identity = `${this.#keeper.name.replaceAll(/\W/g, '')}-${String(this.#written).padStart(6, '0')}`;
    const { client, name: ledger } = this.#keeper;
    const write = { client, target, ledger, moment: this.#moment, does: 'add', identity } as const;
    this.#tell({ of: 'write', ...write, phase: 'invoked' });
    const outcome = await this.#within(() => session.add(identity));
    if (outcome.status === 'succeeded') this.#acknowledged += 1;
    const because = outcome.status === 'succeeded' ? {} : { because: outcome.because };
    this.#tell({ of: 'write', ...write, phase: outcome.status, ...because });
    return outcome.status === 'succeeded';
  }

  #within<Answer>(ask: () => Promise<Answer>): Promise<Outcome<Answer>> {
    const { signal } = this.#surroundings;
    return settled(ask, { deadlineMs: deadlines.writeMs, classify: this.#keeper.classify, signal });
  }

  #tell(write: LedgerWrite): void {
    this.#surroundings.recording.append({ kind: 'observation', ...write, clockMs: Date.now() });
  }
}
