import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogue, type ClaimId } from '../claims/catalogue.ts';
import { History } from '../history/history.ts';
import { storeHistory } from '../history/store.ts';
import { buildEvidence } from '../report/gather.ts';
import type { Judgement } from '../run.ts';
import { root } from './folders.ts';
import { ended, startApart, type Ended } from './testing/apart.ts';

const run = '20261121-0532-x7k2';
const historyFile = 'histories/web-basics--a-story.jsonl';
let folder = '';

/** A stored run of three claims, all of which its evidence calls upheld, and a suite whose guarantees say otherwise today. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadfast-judge-'));
  await mkdir(join(folder, 'suites', 'web-basics'), { recursive: true });
  await writeFile(join(folder, 'suites', 'web-basics', 'web-basics.suite.ts'), suite);
  await storeRun(run);
});

afterAll(() => rm(folder, { recursive: true }));

const suite = `
import { claim, describe, story } from '${root}harness/test.ts';
const always = (verdict) => () => ({ name: 'always', judge: () => verdict });
const examined = { count: 1, of: 'stories' };
describe('a section', () => {
  const told = story('a story', async () => { throw new Error('nothing may be told when a run is judged again'); });
  claim('web.objects-created', told, always({ outcome: 'upheld', examined }));
  claim('web.pod-naming', told, always({ outcome: 'violated', because: 'it is wrong today', examined, counterexample: [
    { kind: 'gap', index: 0, atMs: 0, resource: 'pods', because: 'planted' }] }));
  claim('web.hostname', told, always({ outcome: 'inconclusive', because: 'nobody knows' }));
});
`;

const claims: readonly ClaimId[] = ['web.objects-created', 'web.pod-naming', 'web.hostname'];

async function storeRun(id: string, more: readonly Pick<Judgement, 'kind' | 'claim' | 'line'>[] = []): Promise<void> {
  const directory = join(folder, 'reports', id);
  const header = {
    schema: 'steadfast/history/1' as const,
    run: id,
    tutorial: 'web-basics',
    story: 'a story',
    namespace: 'steadfast-x',
    startedAtMs: 0,
    server: { version: 'v1.34.4', provider: 'kind' },
    resources: ['pods' as const],
    variations: [],
  };
  await storeHistory(new History(header, { status: 'told', told: null }, []), join(directory, historyFile));
  const made = claims.map((claim) => ({ kind: 'claim' as const, claim, line: 'suite.ts:1' }));
  const judgements = [...made, ...more].map((each): Judgement => ({
    ...each,
    tutorial: 'web-basics',
    outcome: 'upheld',
    examined: { count: 1, of: 'stories' },
    stories: [{ title: 'a story', file: historyFile, status: 'told', durationMs: 1 }],
    guarantees: ['always'],
    durationMs: 1,
    judgingMs: 1,
  }));
  const facts = {
    id,
    startedAtMs: 0,
    durationMs: 1,
    commit: 'unknown',
    argv: ['certify'],
    status: 'complete' as const,
    cluster: { provider: 'kind' as const, name: 'steadfast', version: 'v1.34.4', nodes: [], storageClasses: [] },
    images: [],
    tutorials: [{ id: 'web-basics', title: 'StatefulSet Basics' }],
    asked: () => 'it was not chosen for this run',
  };
  await writeFile(join(directory, 'evidence.json'), JSON.stringify(buildEvidence(facts, judgements, catalogue)));
}

function judge(...argv: readonly string[]): Promise<Ended> {
  const env = { STEADFAST_REPORTS: join(folder, 'reports'), STEADFAST_SUITES: join(folder, 'suites') };
  return ended(startApart(['judge', ...argv], env));
}

test('a claim judged as it was then: 0, and it says that nothing differs', async () => {
  const { exitCode, stdout } = await judge(run, '--claim', 'web.objects-created');
  expect(stdout).toContain('upheld       web.objects-created\n');
  expect(stdout).toContain('The verdicts are those of the stored evidence.');
  expect(exitCode).toBe(0);
});

test('what differs is named; the gravest verdict decides the exit code; the stored run stays as it was', async () => {
  const before = await contentsOf(join(folder, 'reports', run));
  const { exitCode, stdout } = await judge(run);
  expect(stdout).toContain('violated     web.pod-naming: it is wrong today');
  expect(stdout).toContain('web.pod-naming: upheld then, violated now');
  expect(stdout).toContain('web.hostname: upheld then, inconclusive now');
  expect(exitCode).toBe(1);
  expect(await contentsOf(join(folder, 'reports', run))).toEqual(before);
});

test('a control that turned red then, and does not now, is named with its place', async () => {
  const { stdout } = await judge(run, '--claim', 'web.objects-created');
  expect(stdout).not.toContain('control');
  const withControl = '20261121-0534-ctrl';
  await storeRun(withControl, [{ kind: 'control', claim: 'web.objects-created', line: 'suite.ts:9' }]);
  const again = await judge(withControl, '--claim', 'web.objects-created');
  expect(again.stdout).toContain('control web.objects-created at suite.ts:9: red then, absent now');
});

test('a damaged history is refused with file and line: 64', async () => {
  const damaged = '20261121-0533-dmgd';
  await storeRun(damaged);
  const file = join(folder, 'reports', damaged, historyFile);
  await writeFile(file, (await readFile(file, 'utf8')).replace('{"kind":"seal"', '{"kind":'));
  const { exitCode, stderr } = await judge(damaged);
  expect(stderr).toContain(`damaged history: ${file}, line 2:`);
  expect(exitCode).toBe(64);
});

async function contentsOf(directory: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.toSorted().map(async (file) => [file, await readFile(file, 'utf8')] as const));
}
