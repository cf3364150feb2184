/** The part of a stream that is written to; `process.stdout` is one. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

const up = (lines: number): string => `\u001B[${lines}A`;
const clearBelow = '\r\u001B[J';
const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';

/**
 * Lines at the end of a terminal that are written over again and again.
 *
 * Invariant: the cursor stands at the beginning of the line below the last one shown. After `end` nothing is shown any more.
 */
export class LiveLines {
  readonly #screen: Screen;
  #height = 0;
  #shown = '';
  #ended = false;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  show(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    if (this.#ended || text === this.#shown) return;
    this.#screen.write(`${hideCursor}${this.#erasing()}${text}${showCursor}`);
    this.#height = lines.length;
    this.#shown = text;
  }

  clear(): void {
    if (this.#height > 0) this.#screen.write(this.#erasing());
    this.#height = 0;
    this.#shown = '';
  }

  end(): void {
    this.clear();
    this.#ended = true;
  }

  #erasing(): string {
    return this.#height === 0 ? clearBelow : `${up(this.#height)}${clearBelow}`;
  }
}
