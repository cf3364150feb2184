import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { LineSplitter, readLines } from './lines.ts';

const text = 'first\n\nwéb 😀\nlast\n';
const lines = ['first', '', 'wéb 😀', 'last'];

it('finds the same lines wherever the bytes are split in two', () => {
  const bytes = Buffer.from(text);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const found: string[] = [];
    const splitter = new LineSplitter((line) => found.push(line));
    splitter.push(bytes.subarray(0, cut));
    splitter.push(bytes.subarray(cut));
    expect(found).toEqual(lines);
  }
});

it('drops what has no line end, unless it is told that this is the end', async () => {
  const found: string[] = [];
  await readLines(Readable.from([Buffer.from('one\ntw'), Buffer.from('o')]), (line) => found.push(line));
  expect(found).toEqual(['one']);
  const splitter = new LineSplitter((line) => found.push(line));
  splitter.push(Buffer.from('two'));
  splitter.end();
  splitter.end();
  expect(found).toEqual(['one', 'two']);
});

it('refuses bytes that are not UTF-8', () => {
  const splitter = new LineSplitter(() => undefined);
  expect(() => splitter.push(Buffer.of(0xc3, 0x28, 0x0a))).toThrow(/encoded data was not valid/);
});
