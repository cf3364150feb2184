import type { RunEvent } from '../events.ts';
import { renderConclusion } from './conclusion.ts';
import { colourful, plain, renderFrame, renderLine, type Paint } from './frame.ts';
import { LiveLines, type Screen } from './liveLines.ts';
import { advance, stateBefore, type RunState } from './state.ts';

export interface TerminalOptions {
  readonly now?: () => number;
  /** Unless given: whether the screen is a terminal and NO_COLOR is not set. */
  readonly colours?: boolean;
}

/**
 * Shows a run while it goes on. On a terminal the last lines are redrawn and only what is not upheld stays; elsewhere every claim and every
 * story gets a line of its own. Nothing is decided here.
 */
export class Terminal {
  readonly #screen: Screen;
  readonly #live: LiveLines | undefined;
  readonly #now: () => number;
  readonly #paint: Paint;
  readonly #timer: NodeJS.Timeout | undefined;
  #state: RunState;

  constructor(screen: Screen = process.stdout, { now = Date.now, colours }: TerminalOptions = {}) {
    this.#screen = screen;
    this.#now = now;
    this.#state = stateBefore(now());
    const isTerminal = screen.isTTY === true;
    this.#paint = (colours ?? (isTerminal && !process.env['NO_COLOR'])) ? colourful : plain;
    this.#live = isTerminal ? new LiveLines(screen) : undefined;
    this.#timer = isTerminal ? setInterval(() => this.#draw(), 250).unref() : undefined;
  }

  /** An arrow, so that it can be handed on as it is. */
  readonly handle = (event: RunEvent): void => {
    const line = this.#staysOnScreen(event) ? renderLine(event, this.#state, this.#paint) : undefined;
    this.#state = advance(this.#state, event);
    if (line !== undefined) this.say(line);
    if (event.kind !== 'run-ended') return this.#draw();
    this.close();
    this.#screen.write(`${renderConclusion(event.evidence, event.directory, this.#paint)}\n`);
  };

  /** A line of somebody else's, put above the live part. */
  say(line: string): void {
    this.#live?.clear();
    this.#screen.write(`${line}\n`);
    this.#draw();
  }

  /** Takes the live part away. May be called more than once. */
  close(): void {
    clearInterval(this.#timer);
    this.#state = { ...this.#state, stories: [] };
    this.#live?.end();
  }

  /** On a terminal what went well passes by in the counts. */
  #staysOnScreen(event: RunEvent): boolean {
    if (this.#live === undefined) return true;
    if (event.kind === 'claim-judged') return event.judgement.outcome !== 'upheld';
    return event.kind === 'story-ended' && event.status === 'broken';
  }

  #draw(): void {
    const { columns = 80, rows = 24 } = this.#screen;
    this.#live?.show(renderFrame(this.#state, this.#now(), columns, rows, this.#paint));
  }
}
