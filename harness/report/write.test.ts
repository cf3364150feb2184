import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { History } from '../history/history.ts';
import { buildEvidence } from './gather.ts';
import { faultsOf } from './schema.ts';
import { burstStory, judged, sampleCatalogue, sampleFacts } from './testing.ts';
import { writeReport } from './write.ts';

const burst = burstStory();
const file = 'histories/web-basics--burst.jsonl';
const histories = new Map([[file, burst]]);
const story = 'two replicas appear at once';
const judgements = [
  judged('web.gated', 'violated', {
    stories: [{ title: story, file, status: 'told', durationMs: 1900 }],
    counterexample: burst.changes('pods').filter(({ type }) => type === 'added'),
    counterexampleStory: story,
  }),
  judged('web.ordered-creation', 'upheld', { stories: [{ title: story, file, status: 'told', durationMs: 1900 }] }),
];

let reports: string;
beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'steadfast-report-'));
});
afterEach(() => rm(reports, { recursive: true }));

describe('a report', () => {
  test('is whole, and leaves nothing partial behind', async () => {
    const directory = join(reports, 'one');
    await writeReport(
      directory,
      buildEvidence(sampleFacts({ status: 'interrupted' }), judgements, sampleCatalogue, histories),
      histories,
    );
    expect((await readdir(directory)).toSorted()).toEqual([
      'diagnostics',
      'evidence.json',
      'index.html',
      'junit.xml',
      'summary.md',
    ]);
    expect((await readdir(join(directory, 'diagnostics'))).toSorted()).toEqual(['web.gated.md', 'web.gated.svg']);
    expect(faultsOf(JSON.parse(await readFile(join(directory, 'evidence.json'), 'utf8')))).toEqual([]);
  });

  test('can be written again and again, before anything was judged and after', async () => {
    const directory = join(reports, 'one');
    await writeReport(directory, buildEvidence(sampleFacts({ status: 'running' }), [], sampleCatalogue), new Map());
    await writeReport(
      directory,
      buildEvidence(sampleFacts({ status: 'interrupted' }), judgements, sampleCatalogue, histories),
      histories,
    );
    const evidence = JSON.parse(await readFile(join(directory, 'evidence.json'), 'utf8')) as { status: string };
    expect(evidence.status).toBe('interrupted');
  });

  test('is the latest, unless an old one is rendered again', async () => {
    const evidence = buildEvidence(sampleFacts({ status: 'running' }), [], sampleCatalogue);
    await writeReport(join(reports, 'one'), evidence, new Map());
    await writeReport(join(reports, 'two'), evidence, new Map());
    await writeReport(join(reports, 'one'), evidence, new Map(), { latest: false });
    expect(await readlink(join(reports, 'latest'))).toBe('two');
    expect((await readdir(reports)).toSorted()).toEqual(['latest', 'one', 'two']);
  });

  test('whose evidence departs from the schema is refused, and is there to be looked at', async () => {
    const directory = join(reports, 'one');
    const sound = buildEvidence(sampleFacts({ status: 'interrupted' }), judgements, sampleCatalogue, histories);
    const unsound = { ...sound, schema: 'another' } as unknown as typeof sound;
    await expect(writeReport(directory, unsound, histories)).rejects.toThrow('evidence.json departs from its schema');
    expect(await readdir(directory)).toContain('evidence.json');
  });

  test('that cannot be written says where and why', async () => {
    await writeFile(join(reports, 'one'), 'a file, where the directory should be');
    const evidence = buildEvidence(sampleFacts({ status: 'running' }), [], sampleCatalogue);
    await expect(writeReport(join(reports, 'one'), evidence, new Map())).rejects.toThrow(
      /could not be written to .*one: .*EEXIST/,
    );
  });
});

test('diagnostics of a violated claim: the claim and its document, the counterexample, the Pods, the logs that are there', async () => {
  const directory = join(reports, 'one');
  await mkdir(join(directory, 'diagnostics/web-basics--burst'), { recursive: true });
  await writeFile(join(directory, 'diagnostics/web-basics--burst/web-0.nginx.log'), 'started');
  await writeReport(
    directory,
    buildEvidence(sampleFacts({ status: 'interrupted' }), judgements, sampleCatalogue, histories),
    histories,
  );
  const text = await readFile(join(directory, 'diagnostics/web.gated.md'), 'utf8');
  expect(text).toContain('# web.gated is violated');
  expect(text).toContain('https://kubernetes.io/docs/');
  expect(text).toContain('2. 0.045 s  pods/web-1  added: Pending, not Ready');
  expect(text).toContain('web-1 Running, Ready, on worker');
  expect(text).toContain('[web-basics--burst/web-0.nginx.log](web-basics--burst/web-0.nginx.log)');
});

test('diagnostics of a story that broke', async () => {
  const directory = join(reports, 'one');
  const because = 'waited 30 s for web-0 to be Ready; last seen: web-0 Pending';
  const history = new History(burst.header, { status: 'broken', because }, burst.entries);
  const all = new Map([[file, history]]);
  const unclear = judged('web.gated', 'inconclusive', {
    stories: [{ title: story, file, status: 'broken', durationMs: 1900 }],
  });
  await writeReport(
    directory,
    buildEvidence(sampleFacts({ status: 'interrupted' }), [unclear], sampleCatalogue, all),
    all,
  );
  const text = await readFile(join(directory, 'diagnostics/web-basics--burst.md'), 'utf8');
  expect(text).toContain(`# The story “${story}” broke\n\n${because}`);
  expect(text).toContain('apply statefulsets/web');
});
