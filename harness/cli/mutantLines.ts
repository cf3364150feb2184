import type { MutantResult, MutantsReport } from '../mutants/results.ts';
import { clip } from '../report/describe.ts';
import { colourful, plain, type Paint } from '../report/terminal/frame.ts';
import { LiveLines } from '../report/terminal/liveLines.ts';
import { durationInWords } from '../report/words.ts';
import type { Screen } from './screen.ts';

interface Step {
  readonly text: string;
  readonly sinceMs: number;
  readonly detail: string;
}

/** Mutants on the terminal: a line for each when it ends, and on a terminal a line below for what goes on on each cluster. */
export class MutantLines {
  readonly #screen: Screen;
  readonly #live: LiveLines | undefined;
  readonly #paint: Paint;
  readonly #steps = new Map<string, Step>();
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(screen: Screen, terminal: NodeJS.WriteStream = process.stderr) {
    const isTerminal = terminal.isTTY;
    this.#screen = screen;
    this.#live = isTerminal ? new LiveLines(terminal) : undefined;
    this.#paint = isTerminal && !process.env['NO_COLOR'] ? colourful : plain;
    this.#timer = isTerminal ? setInterval(() => this.#draw(), 250).unref() : undefined;
  }

  begin({ totals, clusters }: MutantsReport, directory: string): void {
    this.say(
      `${totals.waiting} of ${totals.mutants} mutants to judge on ${clusters.join(' and ')}; the report is in ${directory}`,
    );
  }

  step(cluster: string, text: string | undefined): void {
    if (text === undefined) this.#steps.delete(cluster);
    else this.#steps.set(cluster, { text, sinceMs: Date.now(), detail: '' });
    this.#draw();
  }

  progress(cluster: string, judged: number, of: number): void {
    const step = this.#steps.get(cluster);
    if (step !== undefined) this.#steps.set(cluster, { ...step, detail: `, ${judged} of ${of} judged` });
  }

  ended(result: MutantResult, { totals }: MutantsReport): void {
    const done = totals.mutants - totals.waiting;
    const { id, outcome, because, cost } = result;
    const took = cost === undefined ? '' : ` (${durationInWords(cost.totalMs)}: build ${parts(cost)})`;
    const why = because === undefined ? '' : `: ${clip(because, 300)}`;
    const look =
      outcome === 'killed' || outcome === 'equivalent' ? 'green' : outcome === 'not judged' ? 'yellow' : 'red';
    const count = `[${String(done).padStart(String(totals.mutants).length)}/${totals.mutants}]`;
    this.print(`${count} ${this.#paint(look, outcome.padEnd(12))} ${id}${took}${why}`);
  }

  /** A line of the result. */
  print(text: string): void {
    this.#live?.clear();
    this.#screen.print(text);
    this.#draw();
  }

  say(text: string): void {
    this.#live?.clear();
    this.#screen.say(text);
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#live?.end();
  }

  #draw(): void {
    const columns = process.stderr.columns || 80;
    const lines = [...this.#steps].map(
      ([cluster, { text, sinceMs, detail }]) =>
        `.. ${this.#steps.size > 1 ? `${cluster}: ` : ''}${text}${detail}, ${durationInWords(Date.now() - sinceMs)}`,
    );
    this.#live?.show(lines.map((line) => clip(line, columns)));
  }
}

function parts({ buildMs, swapMs, storiesMs, restoreMs }: NonNullable<MutantResult['cost']>): string {
  const [build, swap, stories, restore] = [buildMs, swapMs, storiesMs, restoreMs].map(durationInWords);
  return `${build}, swap ${swap}, stories ${stories}, restore ${restore}`;
}
