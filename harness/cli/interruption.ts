import { RunError } from '../errors.ts';

/** Why work that had begun was given up: somebody pressed Ctrl-C or sent a signal. */
export class Interrupted extends RunError {
  readonly signalName: NodeJS.Signals;

  constructor(signalName: NodeJS.Signals) {
    super(signalName === 'SIGINT' ? 'interrupted by Ctrl-C' : `interrupted by ${signalName}`);
    this.signalName = signalName;
  }
}

export const interruptedExitCode = 130;

/** Presses less than this apart count as one: a terminal's Ctrl-C also reaches this process through npm and the bootstrap. */
const onePressMs = 500;

/**
 * Ctrl-C and SIGTERM. The first asks everything under way to stop and to clean up; the second leaves at once, after `onSecond` said what is left.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #now: () => number;
  readonly #leave: (exitCode: number) => void;
  #lastPressMs = -Infinity;
  #lastWords: () => void = () => undefined;

  constructor(now: () => number = Date.now, leave: (exitCode: number) => void = (code) => process.exit(code)) {
    this.#now = now;
    this.#leave = leave;
  }

  /** Aborted by the first signal, with an `Interrupted`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get because(): Interrupted | undefined {
    return this.signal.aborted ? (this.signal.reason as Interrupted) : undefined;
  }

  /** What to say when a second signal ends the process before it could clean up. */
  onSecond(lastWords: () => void): void {
    this.#lastWords = lastWords;
  }

  listen(): this {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => this.press(name));
    return this;
  }

  press(name: NodeJS.Signals): void {
    const now = this.#now();
    const sinceLastMs = now - this.#lastPressMs;
    if (sinceLastMs < onePressMs) return;
    this.#lastPressMs = now;
    if (!this.signal.aborted) {
      this.#controller.abort(new Interrupted(name));
      return;
    }
    this.#lastWords();
    this.#leave(interruptedExitCode);
  }
}
