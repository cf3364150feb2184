import type { Readable } from 'node:stream';

/** Reads a stream line by line, each as soon as its last byte is there. Resolves at the end; what has no line end is dropped. */
export async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const lines = new LineSplitter(onLine);
  for await (const chunk of stream) lines.push(chunk as Buffer);
}

const lineFeed = 0x0a;

/**
 * Puts lines together from chunks that end anywhere.
 *
 * Invariant: bytes are decoded only once their line is whole, so a character split between two chunks is never torn: in UTF-8 no byte of a
 * longer character equals a line feed. Bytes that are not UTF-8 make `push` throw.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #begun: Buffer[] = [];

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      const rest = chunk.subarray(start, end);
      const line = this.#begun.length === 0 ? rest : Buffer.concat([...this.#begun, rest]);
      this.#begun = [];
      start = end + 1;
      this.#onLine(this.#decoder.decode(line));
    }
    if (start < chunk.length) this.#begun.push(chunk.subarray(start));
  }

  /** Hands over what came after the last line end, where that counts as a line. */
  end(): void {
    if (this.#begun.length === 0) return;
    const line = Buffer.concat(this.#begun);
    this.#begun = [];
    this.#onLine(this.#decoder.decode(line));
  }
}
