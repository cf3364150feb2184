import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf, RunError } from '../errors.ts';
import { writeDiagnostics } from './diagnostics.ts';
import type { Evidence } from './evidence.ts';
import type { Histories } from './gather.ts';
import { renderJunit } from './junit.ts';
import { renderPage } from './page/page.ts';
import { faultsOf } from './schema.ts';
import { renderSummary } from './summary.ts';
import { writeWhole } from './whole.ts';

export interface WriteOptions {
  /** Whether `latest` beside the directory shall point to it. An old run that is rendered again does not become the latest. */
  readonly latest?: boolean;
}

/**
 * Writes the whole report into the run's directory. May be called as often as one likes while the run goes on: each file is whole at any
 * moment, and pictures of sealed histories are drawn once. `evidence.json` comes last, so that whoever finds it finds the rest. It is held against
 * its schema every time.
 */
export async function writeReport(
  directory: string,
  evidence: Evidence,
  histories: Histories,
  { latest = true }: WriteOptions = {},
): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await writeDiagnostics(directory, evidence, histories);
    await writeWhole(join(directory, 'index.html'), renderPage(evidence, histories));
    await writeWhole(join(directory, 'summary.md'), renderSummary(evidence));
    await writeWhole(join(directory, 'junit.xml'), renderJunit(evidence));
    const text = JSON.stringify(evidence, undefined, 2);
    await writeWhole(join(directory, 'evidence.json'), `${text}\n`);
    if (latest) await pointLatestAt(directory);
    keepsContract(JSON.parse(text));
  } catch (error) {
    throw new RunError(`the report could not be written to ${directory}: ${messageOf(error)}`, { cause: error });
  }
}

/** Machines rely on the schema: a run whose evidence departs from it has broken, whatever its verdicts are. */
function keepsContract(evidence: unknown): void {
  const faults = faultsOf(evidence);
  if (faults.length > 0) throw new Error(`evidence.json departs from its schema: ${faults.slice(0, 3).join('; ')}`);
}

async function pointLatestAt(directory: string): Promise<void> {
  const link = join(dirname(directory), 'latest');
  const fresh = `${link}.${process.pid}.partial`;
  await rm(fresh, { force: true });
  await symlink(basename(directory), fresh);
  await rename(fresh, link);
}
