import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { onEachLine, toLine, type FromWorker, type StoryNews } from '../story/protocol.ts';
import { TurnQueue, type Waiting } from './turnQueue.ts';

export interface TurnsOptions {
  readonly run: string;
  /** How many places there are for stories that are told at once. */
  readonly jobs: number;
  /** How many of them a story takes here that says it takes so many. */
  readonly placesOf: (places: number) => number;
  readonly onNews: (news: StoryNews) => void;
  /** Called with what a worker said that cannot be understood: a fault of this project, not of the cluster. */
  readonly onFault: (error: Error) => void;
}

/** A socket's path may have about a hundred characters, fewer than many a checkout's folder: so it is not in the run's own. */
export function socketPathOf(run: string): string {
  return join(tmpdir(), `steadfast-${run}.sock`);
}

/** The main process's end of the line: gives the turns, passes on the news, and tells all workers when to stop. */
export class TurnsServer {
  readonly path: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #queue: TurnQueue;
  readonly #options: TurnsOptions;
  #stoppedBecause: string | undefined;

  private constructor(path: string, server: Server, options: TurnsOptions) {
    this.path = path;
    this.#server = server;
    this.#options = options;
    this.#queue = new TurnQueue(options.jobs);
    server.on('connection', (socket) => this.#welcome(socket));
  }

  static async open(options: TurnsOptions): Promise<TurnsServer> {
    const path = socketPathOf(options.run);
    const server = createServer();
    server.listen(path);
    await once(server, 'listening');
    return new TurnsServer(path, server, options);
  }

  /** Tells every worker, now and later, to give up its stories. */
  stop(because: string): void {
    this.#stoppedBecause = because;
    for (const socket of this.#sockets) socket.write(toLine({ kind: 'stop', because }));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (this.#server.listening) {
      this.#server.close();
      await once(this.#server, 'close');
    }
    await rm(this.path, { force: true });
  }

  #welcome(socket: Socket): void {
    const asked = new Map<number, Waiting>();
    this.#sockets.add(socket);
    socket.setEncoding('utf8');
    onEachLine(socket, (line) => this.#hear(line, socket, asked));
    socket.on('error', (error) => this.#options.onFault(error));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      for (const waiting of asked.values()) this.#queue.end(waiting);
    });
    if (this.#stoppedBecause !== undefined) socket.write(toLine({ kind: 'stop', because: this.#stoppedBecause }));
  }

  #hear(line: string, socket: Socket, asked: Map<number, Waiting>): void {
    const message = this.#understand(line);
    switch (message?.kind) {
      case 'ask':
        this.#ask(message, socket, asked);
        return;
      case 'end':
        this.#end(message.ask, asked);
        return;
      case 'told':
        this.#options.onNews(message.news);
        return;
      case undefined:
    }
  }

  #ask(
    { ask, story, alone, places, minutes }: Extract<FromWorker, { kind: 'ask' }>,
    socket: Socket,
    asked: Map<number, Waiting>,
  ): void {
    // After the word to stop nobody is granted a turn; the worker heard the word and does not wait for one.
    if (this.#stoppedBecause !== undefined) return;
    const taken = this.#options.placesOf(places);
    const waiting: Waiting = { story, alone, places: taken, minutes, grant: () => this.#grant(ask, socket) };
    asked.set(ask, waiting);
    this.#queue.ask(waiting);
  }

  #grant(ask: number, socket: Socket): void {
    if (this.#stoppedBecause === undefined && socket.writable) socket.write(toLine({ kind: 'granted', ask }));
  }

  #end(ask: number, asked: Map<number, Waiting>): void {
    const waiting = asked.get(ask);
    asked.delete(ask);
    if (waiting !== undefined) this.#queue.end(waiting);
  }

  #understand(line: string): FromWorker | undefined {
    try {
      return JSON.parse(line) as FromWorker;
    } catch (error) {
      this.#options.onFault(
        new Error(`a worker said what cannot be understood: ${line.slice(0, 200)}`, { cause: error }),
      );
      return undefined;
    }
  }
}
