import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RunError, UsageError } from '../errors.ts';
import type { Entry } from './entries.ts';
import { History, type HistoryHeader, type Telling } from './history.ts';

/** The last line of a file: without it the file is not whole. */
interface SealLine {
  readonly kind: 'seal';
  readonly entries: number;
  readonly telling: Telling;
}

/**
 * Writes one JSON line for the header, one per entry, one for the seal; under a temporary name until it is whole. Rejects where a history is already: what was
 * sealed is never written over.
 */
export async function storeHistory(history: History, file: string): Promise<void> {
  if (existsSync(file)) throw new RunError(`a sealed history is there already and is not written over: ${file}`);
  const seal: SealLine = { kind: 'seal', entries: history.entries.length, telling: history.telling };
  const lines = [{ kind: 'header', ...history.header }, ...history.entries, seal].map((line) => JSON.stringify(line));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.partial`, `${lines.join('\n')}\n`);
  await rename(`${file}.partial`, file);
}

/** Reads a stored history. Whatever is not as it was written is refused with file and line: a damaged history proves nothing. */
export async function loadHistory(file: string): Promise<History> {
  return parseHistory(await readFile(file, 'utf8'), file);
}

export function parseHistory(text: string, file: string): History {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw damaged(file, lines.length + 1, 'the last line has no end: the file was cut off');
  const parsed = lines.map((line, position) => parseLine(line, file, position + 1));
  const [header, ...rest] = parsed;
  const seal = rest.pop();
  if (header?.['kind'] !== 'header' || header['schema'] !== 'steadfast/history/1')
    throw damaged(file, 1, 'expected a header of schema steadfast/history/1');
  if (seal?.['kind'] !== 'seal') throw damaged(file, lines.length, 'expected the seal: the history was never finished');
  if (seal['entries'] !== rest.length)
    throw damaged(
      file,
      lines.length,
      `the seal counts ${String(seal['entries'])} entries, the file holds ${rest.length}`,
    );
  rest.forEach((entry, index) => {
    if (entry['index'] !== index || !entryKinds.has(String(entry['kind'])))
      throw damaged(file, index + 2, `expected the entry with index ${index}`);
  });
  const { kind: _, ...fields } = header;
  return new History(
    fields as unknown as HistoryHeader,
    (seal as unknown as SealLine).telling,
    rest as unknown as readonly Entry[],
  );
}

const entryKinds: ReadonlySet<string> = new Set(['change', 'operation', 'observation', 'gap', 'fence']);

function parseLine(line: string, file: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw damaged(file, number, error instanceof Error ? error.message : String(error));
  }
  throw damaged(file, number, 'expected a JSON object');
}

function damaged(file: string, line: number, why: string): UsageError {
  return new UsageError(`damaged history: ${file}, line ${line}: ${why}`, {
    remedy: 'Judge another run, or tell the stories again with a new one.',
  });
}
