import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { RunError } from '../errors.ts';
import { onEachLine, toLine, type Ask, type FromMain, type FromWorker, type StoryNews } from './protocol.ts';

/** A story's permission to act. `end` gives it back and may be called more than once. */
export interface Turn {
  end(): void;
}

/**
 * A worker's line to the main process: stories ask for their turn on it, tell what they do, and hear when the run is to stop.
 *
 * One per worker: all its stories share it. A worker that dies gives its turns back, because its connection ends with it.
 */
export class Turns {
  readonly #socket: Socket;
  readonly #stopped = new AbortController();
  readonly #asked = new Map<number, () => void>();
  #asks = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    onEachLine(socket, (line) => this.#hear(JSON.parse(line) as FromMain));
    socket.on('error', (error) => this.#stop(`the line to the main process broke: ${error.message}`));
    socket.on('close', () => this.#stop('the main process is gone'));
  }

  static async open(path: string): Promise<Turns> {
    const socket = connect(path);
    await once(socket, 'connect');
    leaveCtrlCToTheMainProcess();
    return new Turns(socket);
  }

  /** Aborted when the run is to stop, or when the main process is gone. The reason is a RunError in words. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Resolves when it is the story's turn; rejects with the signal's reason when the run stops first. */
  async ask(request: Omit<Ask, 'kind' | 'ask'>): Promise<Turn> {
    this.signal.throwIfAborted();
    const ask = this.#asks++;
    await this.#granted(ask, request);
    let ended = false;
    return {
      end: () => {
        if (!ended) this.#say({ kind: 'end', ask });
        ended = true;
      },
    };
  }

  tell(news: StoryNews): void {
    this.#say({ kind: 'told', news });
  }

  /** For a worker that asks no more: without it the connection keeps the process alive. */
  close(): void {
    this.#socket.end();
  }

  #granted(ask: number, request: Omit<Ask, 'kind' | 'ask'>): Promise<void> {
    return new Promise((resolve, reject) => {
      const onStop = () => {
        this.#asked.delete(ask);
        // The reason is always the RunError that #stop made.
        reject(this.signal.reason as RunError);
      };
      this.signal.addEventListener('abort', onStop, { once: true });
      this.#asked.set(ask, () => {
        this.signal.removeEventListener('abort', onStop);
        resolve();
      });
      this.#say({ kind: 'ask', ask, ...request });
    });
  }

  #hear(message: FromMain): void {
    switch (message.kind) {
      case 'granted':
        this.#asked.get(message.ask)?.();
        this.#asked.delete(message.ask);
        return;
      case 'stop':
        this.#stop(message.because);
    }
  }

  #say(message: FromWorker): void {
    if (this.#socket.writable) this.#socket.write(toLine(message));
  }

  #stop(because: string): void {
    this.#stopped.abort(new RunError(because));
  }
}

/** A terminal sends Ctrl-C to every process of the command. Only the main process may answer it: it tells the workers when to stop. */
function leaveCtrlCToTheMainProcess(): void {
  if (process.listenerCount('SIGINT', ignore) === 0) process.on('SIGINT', ignore);
}

function ignore(): void {
  // Nothing to do: see above.
}
