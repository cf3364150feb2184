import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RunError, messageOf } from '../../errors.ts';
import { isNotThere } from '../../files.ts';
import type { ComponentName } from '../components.ts';
import { clusterFolder } from '../state.ts';
import type { SavedKubelet } from './kubelet.ts';
import type { SavedTemplates } from './podTemplate.ts';
import type { SavedManifest } from './manifest.ts';

export type Saved = SavedManifest | SavedKubelet | SavedTemplates;

/** What has to be put back, and by what one knows that it was. It lies on disk from before the first change until the last check. */
export interface Journal {
  readonly schema: 'steadfast/mutation/1';
  readonly component: ComponentName;
  /** Which mutant, for people. */
  readonly mutant: string;
  readonly saved: Saved;
  /** SHA-256 of the original programs. */
  readonly digests: readonly string[];
}

export async function readJournal(cluster: string): Promise<Journal | undefined> {
  const file = fileOf(cluster);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isNotThere(error)) return undefined;
    throw error;
  }
  try {
    const journal = JSON.parse(text) as Journal;
    if (journal.schema === 'steadfast/mutation/1') return journal;
    throw new Error('it is of another schema');
  } catch (error) {
    throw new RunError(
      `${file} tells what has to be put back on cluster ${cluster}, and cannot be read: ${messageOf(error)}`,
      {
        remedy: 'Make the cluster anew: npm run down, then npm run up.',
        cause: error,
      },
    );
  }
}

/** On disk, not only on its way there, when this resolves: the machine may stop in the middle of what follows. */
export async function writeJournal(cluster: string, journal: Journal): Promise<void> {
  await mkdir(clusterFolder(cluster), { recursive: true });
  const file = fileOf(cluster);
  const handle = await open(`${file}.partial`, 'w');
  try {
    await handle.writeFile(`${JSON.stringify(journal, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.partial`, file);
}

export async function removeJournal(cluster: string): Promise<void> {
  await rm(fileOf(cluster), { force: true });
}

function fileOf(cluster: string): string {
  return join(clusterFolder(cluster), 'mutation.json');
}
