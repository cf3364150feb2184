import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { loadHistory, parseHistory, storeHistory } from './store.ts';
import { added, fenced, ready } from './testing.ts';

const history = fenced(added('web-0'), ready('web-0'));
const stored = async (): Promise<{ readonly file: string; readonly lines: string[] }> => {
  const file = join(await mkdtemp(join(tmpdir(), 'steadfast-')), 'histories', 'a-story.jsonl');
  await storeHistory(history, file);
  return { file, lines: (await readFile(file, 'utf8')).trimEnd().split('\n') };
};

test('what is loaded is what was stored', async () => {
  const { file } = await stored();
  const loaded = await loadHistory(file);
  expect(loaded.entries).toEqual(history.entries);
  expect(loaded.header).toEqual(history.header);
  expect(loaded.telling).toEqual(history.telling);
});

test('what was stored is not written over', async () => {
  const { file, lines } = await stored();
  await expect(storeHistory(fenced(added('web-1')), file)).rejects.toThrow(/is not written over: .*a-story\.jsonl$/);
  expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toEqual(lines);
});

describe('a damaged history is refused with file and line', () => {
  const refused = async (damage: (lines: string[]) => string[], words: string, end = '\n'): Promise<void> => {
    const { lines } = await stored();
    const text = `${damage(lines).join('\n')}${end}`;
    expect(() => parseHistory(text, 'a.jsonl')).toThrow(UsageError);
    expect(() => parseHistory(text, 'a.jsonl')).toThrow(words);
  };

  test('a line that is not JSON', () => refused((lines) => lines.with(2, '{"kind":'), 'a.jsonl, line 3'));
  test('a line that is missing', () =>
    refused((lines) => lines.toSpliced(1, 1), 'the seal counts 3 entries, the file holds 2'));
  test('lines in another order', () =>
    refused(
      (lines) => lines.with(1, lines[2] ?? '').with(2, lines[1] ?? ''),
      'line 2: expected the entry with index 0',
    ));
  test('no seal', () => refused((lines) => lines.slice(0, -1), 'the history was never finished'));
  test('cut off in the middle of a line', () => refused((lines) => lines, 'the file was cut off', ''));
  test('another schema', () => refused((lines) => lines.with(0, '{"kind":"header","schema":"x"}'), 'line 1'));
  test('an entry of an unknown kind', () => refused((lines) => lines.with(1, '{"kind":"rumour","index":0}'), 'line 2'));
  test('an empty file', async () => {
    const { file } = await stored();
    await writeFile(file, '');
    await expect(loadHistory(file)).rejects.toThrow(UsageError);
  });
});
