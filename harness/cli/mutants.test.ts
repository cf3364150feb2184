import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conclusionOf } from './commands/mutants.ts';
import { totalsOf, waiting, type MutantsReport } from '../mutants/results.ts';
import { aMutant } from '../mutants/testing.ts';
import { runHere } from './testing/commandLine.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadfast-mutants-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function catalogue(different: object = {}): Promise<string> {
  const { from: _, module, ...fields } = aMutant();
  const mutants = [{ ...fields, module: `${module.path}@${module.version}`, ...different }];
  const file = join(folder, 'catalogue.json');
  await writeFile(file, JSON.stringify({ mutants }));
  return file;
}

describe('what cannot be is told before anything is touched', () => {
  test.each([
    ['a claim that is not known', { claims: ['web.hostnam'] }, "did you mean 'web.hostname'?"],
    ['a component that is not known', { component: 'kube-prox' }, "did you mean 'kube-proxy'?"],
  ])('%s', async (_, different, words) => {
    const { exitCode, said, reports } = await runHere('mutants', '--file', await catalogue(different));
    expect({ exitCode, reports }).toEqual({ exitCode: 64, reports: [] });
    expect(said).toContain(words);
    expect(said).toContain('catalogue.json');
  });

  test('a file that is not there', async () => {
    expect(await runHere('mutants', '--file', join(folder, 'absent'))).toMatchObject({ exitCode: 64, reports: [] });
  });

  test('a mutant that is not there', async () => {
    const { exitCode, said } = await runHere('mutants', '--file', await catalogue(), '--only', 'created-on-runing');
    expect(exitCode).toBe(64);
    expect(said).toContain("did you mean 'created-on-running'?");
  });

  test('nothing to go on with', async () => {
    const { exitCode, said } = await runHere('mutants', '--resume');
    expect(exitCode).toBe(64);
    expect(said).toContain('there is no unfinished run of mutants');
  });
});

test('--list prints the mutants and touches nothing', async () => {
  const { exitCode, printed, reports } = await runHere('mutants', '--list', '--file', await catalogue());
  expect({ exitCode, reports }).toEqual({ exitCode: 0, reports: [] });
  expect(printed).toContain('created-on-running');
  expect(printed).toContain('web.creation-gated-on-ready');
});

test('the conclusion counts the outcomes and names what nothing turns red', () => {
  const mutants = (['killed', 'killed', 'survived'] as const).map((outcome) => ({ ...waiting(aMutant()), outcome }));
  const report: MutantsReport = {
    schema: 'steadfast/mutants/1',
    status: 'complete',
    run: { id: '20261121-0532-x7k2', startedAt: '', durationMs: 0, commit: '', argv: [] },
    selection: {},
    clusters: [],
    totals: totalsOf(mutants),
    baseline: { claims: [], tainted: [] },
    mutants,
    claims: [
      { claim: 'web.hostname', guarantees: [], vectors: [], controls: [], mutants: [], unproved: true },
      { claim: 'web.pod-naming', guarantees: [], vectors: [], controls: ['a'], mutants: [], unproved: false },
    ],
  };
  expect(conclusionOf(report).slice(0, 2)).toEqual([
    '3 mutants: 2 killed, 1 survived',
    'unproved, nothing turns them red: web.hostname',
  ]);
});
