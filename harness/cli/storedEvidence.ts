import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import type { Evidence } from '../report/evidence.ts';

/** Reads what a run has left as its evidence. The folder is that of a stored run. */
export async function readEvidence(folder: string): Promise<Evidence> {
  const file = join(folder, 'evidence.json');
  try {
    const evidence = JSON.parse(await readFile(file, 'utf8')) as Partial<Evidence>;
    if (evidence.schema === 'steadfast/evidence/1') return evidence as Evidence;
  } catch (error) {
    throw unreadable(file, messageOf(error), error);
  }
  throw unreadable(file, 'it is not evidence of schema steadfast/evidence/1');
}

function unreadable(file: string, why: string, cause?: unknown): UsageError {
  return new UsageError(`the evidence ${file} cannot be read: ${why}`, {
    remedy: 'Name another run; this one ended before it could leave a report.',
    cause,
  });
}
