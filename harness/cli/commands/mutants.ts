import { join } from 'node:path';
import Table from 'cli-table3';
import { requireGo } from '../../cluster/images/go.ts';
import { UsageError } from '../../errors.ts';
import { builtInCatalogue, catalogueFrom } from '../../mutants/catalogue.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import { exitCodeOf, type MutantsReport, type Selection } from '../../mutants/results.ts';
import { selectMutants } from '../../mutants/select.ts';
import { locateAll } from '../../mutants/source.ts';
import { readMutantsReport } from '../../mutants/stored.ts';
import type { Desk } from '../desk.ts';
import { reportsFolder, storedRuns } from '../folders.ts';
import type { MutantsOptions } from '../program.ts';
import { collectProofs } from '../proofs.ts';

/** Exit code 0 if every mutant is killed or argued equivalent, 1 if not. */
export async function mutantsCommand(options: MutantsOptions, desk: Desk): Promise<number> {
  const resumed = options.resume === true ? await unfinished() : undefined;
  const selection = resumed?.selection ?? selectionOf(options);
  if (options.file !== undefined && options.file !== selection.file)
    throw new UsageError(`the run that is gone on with is not one of ${options.file}`, {
      remedy: 'Leave --file out, or begin another run without --resume.',
    });
  const { file } = selection;
  const selected = selectMutants(await (file === undefined ? builtInCatalogue() : catalogueFrom(file)), selection);
  const now = resumed !== undefined && names(options) ? selectMutants(selected, selectionOf(options)) : selected;
  if (options.list === true) {
    desk.screen.print(tableOf(now));
    return 0;
  }
  await requireGo();
  const located = await locateAll(selected);
  const proofs = await collectProofs();
  // What a cluster takes is loaded only now, so that a mistake in the catalogue is told at once.
  const { runMutants } = await import('../mutantRun.ts');
  const clusters = options.clusters ?? 1;
  const order = {
    located,
    now: now.map(({ id }) => id),
    selection,
    proofs,
    clusters,
    ...(resumed === undefined ? {} : { resumed }),
  };
  const report = await runMutants(order, desk);
  for (const line of conclusionOf(report)) desk.screen.print(line);
  return exitCodeOf(report);
}

/** What is said when all is through. */
export function conclusionOf(report: MutantsReport): readonly string[] {
  const { totals, medianCost, run, because, claims } = report;
  const counts = (['killed', 'survived', 'unexplained', 'equivalent', 'build failed', 'not judged', 'waiting'] as const)
    .filter((outcome) => totals[outcome] > 0)
    .map((outcome) => `${totals[outcome]} ${outcome}`);
  const unproved = claims.filter((each) => each.unproved).map(({ claim }) => claim);
  return [
    `${totals.mutants} mutants: ${counts.join(', ')}`,
    ...(medianCost === undefined ? [] : [`median cost of a mutant: ${(medianCost.totalMs / 1000).toFixed(1)} s`]),
    ...(unproved.length === 0 ? [] : [`unproved, nothing turns them red: ${unproved.join(', ')}`]),
    ...(because === undefined ? [] : [because]),
    `report: ${join(reportsFolder(), run.id, 'mutants.html')}`,
  ];
}

/** Whether the options name mutants: with `--resume` they are some of those of the run that is gone on with. */
function names({ only, component, file, quick }: MutantsOptions): boolean {
  return [only, component, file, quick].some((each) => each !== undefined);
}

function selectionOf({ only, component, file, quick }: MutantsOptions): Selection {
  return {
    ...(file === undefined ? {} : { file }),
    ...(only === undefined ? {} : { only }),
    ...(component === undefined ? {} : { component }),
    ...(quick === undefined ? {} : { quick }),
  };
}

async function unfinished(): Promise<MutantsReport> {
  for (const run of await storedRuns()) {
    const report = await readMutantsReport(join(reportsFolder(), run));
    if (report !== undefined && report.status !== 'complete') return report;
  }
  throw new UsageError('there is no unfinished run of mutants to go on with', {
    remedy: 'Begin one: npm run mutants',
  });
}

function tableOf(mutants: readonly Mutant[]): string {
  const table = new Table({
    head: ['mutant', 'component', 'breaks', 'claims', ''],
    colWidths: [null, null, 60, null, null],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { id, component, breaks, claims, bug, quick, equivalent } of mutants) {
    const marks = [
      bug === undefined ? '' : `#${bug}`,
      quick ? 'quick' : '',
      equivalent === undefined ? '' : 'equivalent',
    ];
    table.push([id, component, breaks, (claims ?? ['any']).join('\n'), marks.filter(Boolean).join('\n')]);
  }
  return `${table.toString()}\n${mutants.length} mutants`;
}
