import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotThere } from '../../files.ts';
import type { History } from '../../history/history.ts';
import { loadHistory } from '../../history/store.ts';
import { exitCodeOf } from '../../report/exit.ts';
import { writeReport } from '../../report/write.ts';
import type { Desk } from '../desk.ts';
import { storedRun } from '../folders.ts';
import { readEvidence } from '../storedEvidence.ts';

/** Renders the report of a stored run again, from its evidence and its histories. Its verdicts stay as they were. */
export async function reportCommand(run: string, { screen }: Desk): Promise<number> {
  const folder = await storedRun(run);
  const evidence = await readEvidence(folder);
  await writeReport(folder, evidence, await loadHistories(folder));
  screen.print(`The report is in ${folder}`);
  return exitCodeOf(evidence);
}

/** The histories a run has stored, by their path relative to its folder. A damaged one is refused with file and line. */
export async function loadHistories(folder: string): Promise<ReadonlyMap<string, History>> {
  const files = await historyFiles(join(folder, 'histories'));
  const loaded = files.map(
    async (file) => [`histories/${file}`, await loadHistory(join(folder, 'histories', file))] as const,
  );
  return new Map(await Promise.all(loaded));
}

async function historyFiles(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).filter((file) => file.endsWith('.jsonl')).toSorted();
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}
