import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotThere } from '../files.ts';
import { writeWhole } from '../report/whole.ts';
import { renderMutantsMarkdown } from './report/markdown.ts';
import { renderMutantsPage } from './report/page.ts';
import type { MutantsReport } from './results.ts';

/** Writes `mutants.json` and what is rendered from it. Each file is whole at any moment. */
export async function writeMutantsReport(directory: string, report: MutantsReport): Promise<void> {
  await writeWhole(join(directory, 'mutants.html'), renderMutantsPage(report));
  await writeWhole(join(directory, 'mutants.md'), renderMutantsMarkdown(report));
  await writeWhole(join(directory, 'mutants.json'), `${JSON.stringify(report, undefined, 2)}\n`);
}

/** What a run has left as `mutants.json`; undefined when it ran none, or left nothing that can be read. */
export async function readMutantsReport(directory: string): Promise<MutantsReport | undefined> {
  try {
    const report = JSON.parse(await readFile(join(directory, 'mutants.json'), 'utf8')) as Partial<MutantsReport>;
    return report.schema === 'steadfast/mutants/1' ? (report as MutantsReport) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isNotThere(error)) return undefined;
    throw error;
  }
}
