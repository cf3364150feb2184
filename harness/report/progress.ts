import type { Progress, Step } from '../cluster/progress.ts';
import { clip } from './describe.ts';
import { colourful, plain, type Paint } from './terminal/frame.ts';
import { LiveLines, type Screen } from './terminal/liveLines.ts';
import { durationInWords } from './words.ts';

export interface ProgressOptions {
  readonly now?: () => number;
  readonly colours?: boolean;
}

/** Work shorter than this is worth a line at its end only. */
const worthALineMs = 2_000;

/** Where nothing can be redrawn, work that lasts says so this often. */
const reminderMs = 15_000;

/**
 * Prints what is being set up, and why. On a terminal the steps under way are redrawn in place; elsewhere a step that lasts gets a line
 * at its start, one now and then, and one at its end.
 */
export function printProgress(screen: Screen = process.stderr, options: ProgressOptions = {}): Progress {
  const { now = Date.now } = options;
  const isTerminal = screen.isTTY === true;
  const paint = (options.colours ?? (isTerminal && !process.env['NO_COLOR'])) ? colourful : plain;
  const printer = isTerminal ? new LivePrinter(screen, now, paint) : new LinePrinter(screen, now);
  return { step: (what, why) => printer.begin(what, why) };
}

/** `done: node image (built, 48 s)`. */
export function renderStepEnd(
  how: 'done' | 'skipped' | 'failed',
  what: string,
  tookMs: number,
  detail?: string,
): string {
  const facts = [
    ...(detail === undefined ? [] : [detail]),
    ...(tookMs < worthALineMs ? [] : [durationInWords(tookMs)]),
  ];
  const mark = { done: 'ok', skipped: '--', failed: 'FAILED' }[how];
  return `${mark.padEnd(2)} ${what}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}`;
}

interface StepUnderWay {
  readonly what: string;
  readonly why: string;
  readonly beganAtMs: number;
  detail: string | undefined;
}

/** Steps where lines stay as they were written. */
class LinePrinter {
  readonly #screen: Screen;
  readonly #now: () => number;

  constructor(screen: Screen, now: () => number) {
    this.#screen = screen;
    this.#now = now;
  }

  begin(what: string, why: string): Step {
    const step: StepUnderWay = { what, why, beganAtMs: this.#now(), detail: undefined };
    const started = setTimeout(() => this.#write(`.. ${what}: ${why}`), worthALineMs).unref();
    const reminder = setInterval(() => this.#write(reminderOf(step, this.#now())), reminderMs).unref();
    const end = (how: 'done' | 'skipped' | 'failed', detail?: string): void => {
      clearTimeout(started);
      clearInterval(reminder);
      this.#write(renderStepEnd(how, what, this.#now() - step.beganAtMs, detail));
    };
    return stepThat((detail) => (step.detail = detail), end);
  }

  #write(line: string): void {
    this.#screen.write(`${line}\n`);
  }
}

function reminderOf({ what, beganAtMs, detail }: StepUnderWay, nowMs: number): string {
  return `.. ${what}, ${durationInWords(nowMs - beganAtMs)}${detail === undefined ? '' : `: ${clip(detail, 160)}`}`;
}

/** Steps on a terminal: those under way stand at the end and are redrawn, those that ended stay above. */
class LivePrinter {
  readonly #screen: Screen;
  readonly #now: () => number;
  readonly #paint: Paint;
  readonly #live: LiveLines;
  readonly #steps = new Set<StepUnderWay>();
  #timer: NodeJS.Timeout | undefined;

  constructor(screen: Screen, now: () => number, paint: Paint) {
    this.#screen = screen;
    this.#now = now;
    this.#paint = paint;
    this.#live = new LiveLines(screen);
  }

  begin(what: string, why: string): Step {
    const step: StepUnderWay = { what, why, beganAtMs: this.#now(), detail: undefined };
    this.#steps.add(step);
    this.#timer ??= setInterval(() => this.#draw(), 250).unref();
    this.#draw();
    return stepThat(
      (detail) => {
        step.detail = detail;
        this.#draw();
      },
      (how, detail) => this.#end(step, how, detail),
    );
  }

  #end(step: StepUnderWay, how: 'done' | 'skipped' | 'failed', detail: string | undefined): void {
    if (!this.#steps.delete(step)) return;
    this.#live.clear();
    const look = ({ done: 'green', skipped: 'dim', failed: 'red' } as const)[how];
    this.#screen.write(`${this.#paint(look, renderStepEnd(how, step.what, this.#now() - step.beganAtMs, detail))}\n`);
    this.#draw();
    if (this.#steps.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    const { columns = 80 } = this.#screen;
    this.#live.show([...this.#steps].map((step) => clip(this.#lineOf(step), columns)));
  }

  #lineOf({ what, why, beganAtMs, detail }: StepUnderWay): string {
    return `.. ${what}, ${durationInWords(this.#now() - beganAtMs)}: ${detail ?? why}`;
  }
}

function stepThat(
  update: (detail: string) => void,
  end: (how: 'done' | 'skipped' | 'failed', detail?: string) => void,
): Step {
  return {
    update,
    done: (detail) => end('done', detail),
    skipped: (detail) => end('skipped', detail),
    failed: (detail) => end('failed', detail),
  };
}
