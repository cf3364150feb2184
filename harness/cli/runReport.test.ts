import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Evidence } from '../report/evidence.ts';
import type { Judgement } from '../run.ts';
import { RunReport } from './runReport.ts';

let folder = '';
let directory = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadfast-report-'));
  directory = join(folder, '20261121-0532-x7k2');
});

afterEach(() => rm(folder, { recursive: true }));

function reportOfOneClaim(): RunReport {
  return new RunReport(directory, {
    id: '20261121-0532-x7k2',
    startedAtMs: Date.now(),
    commit: 'unknown',
    argv: [],
    cluster: { provider: 'kind', name: 'steadfast', version: 'v1.34.4', nodes: [], storageClasses: [] },
    images: [],
    tutorials: [{ id: 'web-parallel', title: 'Parallel' }],
    asked: (claim) => claim === 'webpar.launch-both' || 'it was not chosen',
  });
}

const upheld: Judgement = {
  claim: 'webpar.launch-both',
  tutorial: 'web-parallel',
  kind: 'claim',
  outcome: 'upheld',
  examined: { count: 2, of: 'Pods' },
  // Its story could not even be begun, so there is no history to read.
  stories: [{ title: 'a story', file: 'histories/absent.jsonl', status: 'broken', durationMs: 0 }],
  guarantees: ['always'],
  durationMs: 1,
  judgingMs: 1,
  line: 'suite.ts:1',
};

async function stored(): Promise<Evidence> {
  return JSON.parse(await readFile(join(directory, 'evidence.json'), 'utf8')) as Evidence;
}

test('a run that goes on has a report already, which says so', async () => {
  const report = reportOfOneClaim();
  await report.write('running');
  expect((await stored()).status).toBe('running');
});

test('of several writings the last one asked for stays', async () => {
  const report = reportOfOneClaim();
  const early = report.write('running');
  report.add(upheld);
  const final = report.write('complete');
  await Promise.all([early, final]);
  expect(await stored()).toMatchObject({ status: 'complete', totals: { judged: 1, upheld: 1 } });
});

test('early writings are not made more often than the machine can bear, and the final one is always made', async () => {
  const report = reportOfOneClaim();
  const failures: unknown[] = [];
  report.writeEarly((error) => void failures.push(error));
  report.add(upheld);
  report.writeEarly((error) => void failures.push(error));
  expect((await report.write('interrupted', 'interrupted by Ctrl-C')).because).toBe('interrupted by Ctrl-C');
  expect((await stored()).status).toBe('interrupted');
  expect(failures).toEqual([]);
});
