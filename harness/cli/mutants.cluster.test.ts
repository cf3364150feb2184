import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { groundOf, restoreKindCluster } from '../cluster/index.ts';
import { clusterFolder } from '../cluster/state.ts';
import { faultsOf } from '../cluster/swap/swap.ts';
import { connectFromEnvironment } from '../kube/liveCluster.ts';
import { readMutantsReport } from '../mutants/stored.ts';
import type { Evidence } from '../report/evidence.ts';
import { storedRuns } from './folders.ts';
import { describeLeftovers } from './leftovers.ts';
import { ended, startApart, type Ended } from './testing/apart.ts';
import { leftBy } from './testing/liveRuns.ts';

/** The StatefulSet controller, which takes a Running predecessor for a Ready one. */
const catalogue = {
  component: 'kube-controller-manager',
  module: 'k8s.io/kubernetes@v1.34.4',
  mutants: [
    {
      id: 'created-on-running',
      file: 'pkg/controller/statefulset/stateful_set_control.go',
      search: '\tif !isRunningAndReady(replicas[i]) && monotonic {',
      replace: '\tif replicas[i].Status.Phase == v1.PodRunning {\n\t\treturn false, nil\n\t}\n\tif monotonic {',
      breaks: 'A Pod is created only when its predecessor is Running and Ready.',
      claims: ['web.creation-gated-on-ready'],
    },
  ],
};

const cluster = (process.env['STEADFAST_CONTEXT'] ?? '').replace(/^kind-/, '');
const journal = join(clusterFolder(cluster), 'mutation.json');
let folder = '';
let reports = '';
/** What was started and has not ended. */
const children = new Set<number>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadfast-mutants-'));
  reports = join(folder, 'reports');
  await mkdir(reports);
  await writeFile(join(folder, 'catalogue.json'), JSON.stringify(catalogue));
});

afterAll(async () => {
  for (const pid of children) process.kill(-pid, 'SIGKILL');
  await restoreKindCluster({ step: () => silent }, cluster);
  await rm(folder, { recursive: true });
});

const silent = { update: () => undefined, done: () => undefined, skipped: () => undefined, failed: () => undefined };

/** A component is compiled first, which takes a minute where nothing is cached. */
const withinMs = 600_000;

test(
  'Ctrl-C before any mutant is in place: what the run of the unmutated cluster made is removed',
  async () => {
    const early = join(folder, 'early');
    await mkdir(early);
    const { end, kill } = await startUntil(
      early,
      () => baselineGoesOn(early),
      '--file',
      join(folder, 'catalogue.json'),
    );
    kill('SIGINT');
    expect((await end).exitCode).toBe(130);
    const [run = ''] = await storedRuns(early);
    const evidence = JSON.parse(await readFile(join(early, run, 'baseline', 'evidence.json'), 'utf8')) as Evidence;
    expect(evidence.status).toBe('interrupted');
    const kube = connectFromEnvironment();
    const left = await leftBy(evidence.run.id, kube).finally(() => kube.close());
    expect(describeLeftovers(left)).toEqual([]);
  },
  withinMs,
);

test(
  'Ctrl-C while a mutant is in place: the original is put back, and the report says so',
  async () => {
    const { end, kill } = await startInTheMiddle('--file', join(folder, 'catalogue.json'));
    kill('SIGINT');
    const { exitCode } = await end;
    expect(exitCode).toBe(130);
    expect(existsSync(journal)).toBe(false);
    expect(await faultsOf(await groundOf(cluster))).toEqual([]);
    const [run = ''] = await storedRuns(reports);
    expect(await readMutantsReport(join(reports, run))).toMatchObject({
      status: 'interrupted',
      totals: { waiting: 1 },
    });
  },
  withinMs,
);

test(
  'after a kill -9 the next command says what is in place, and puts the original back',
  async () => {
    const { end, kill } = await startInTheMiddle('--resume');
    kill('SIGKILL');
    await end;
    expect(existsSync(journal)).toBe(true);
    const status = await command('status');
    expect(status).toMatchObject({ exitCode: 1 });
    expect(status.stdout).toContain('created-on-running is in place');
    const cleaned = await command('clean');
    expect(cleaned.exitCode).toBe(0);
    expect(cleaned.stderr).toContain('kube-controller-manager is the mutant created-on-running no more');
    expect(existsSync(journal)).toBe(false);
    expect(await faultsOf(await groundOf(cluster))).toEqual([]);
  },
  withinMs,
);

interface Started {
  readonly end: Promise<Ended>;
  /** Sends a signal to the command and all it started, as a terminal does. */
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Resolves as soon as the stories of the mutant have begun. */
function startInTheMiddle(...args: readonly string[]): Promise<Started> {
  return startUntil(reports, storiesBegin, ...args);
}

async function startUntil(where: string, begins: () => Promise<void>, ...args: readonly string[]): Promise<Started> {
  const child = startApart(['mutants', ...args], { STEADFAST_REPORTS: where, STEADFAST_CLUSTER: cluster });
  const { pid } = child;
  if (pid === undefined) throw new Error('the command could not be started');
  children.add(pid);
  const end = ended(child).finally(() => children.delete(pid));
  const early = end.then(({ stdout, stderr }) => Promise.reject(new Error(`it ended early:\n${stdout}\n${stderr}`)));
  await Promise.race([begins(), early]);
  return { end, kill: (signal) => void process.kill(-pid, signal) };
}

/** The first story of the unmutated cluster has been told. */
async function baselineGoesOn(where: string): Promise<void> {
  const run = await anythingIn(where);
  await fileIn(join(where, run), 'baseline');
  await fileIn(join(where, run, 'baseline'), 'histories');
}

/** The component is exchanged, and then the mutant's own run begins to write its report. */
async function storiesBegin(): Promise<void> {
  await fileIn(clusterFolder(cluster), 'mutation.json');
  const [run = ''] = await storedRuns(reports);
  await fileIn(join(reports, run), 'mutants');
  await fileIn(join(reports, run, 'mutants'), 'created-on-running');
  await fileIn(join(reports, run, 'mutants', 'created-on-running'), 'evidence.json');
}

/** Resolves when a file of that name is there, or is replaced. */
async function fileIn(where: string, name: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen = watch(where, (_, found) => {
    if (found === name) resolve();
  });
  if (existsSync(join(where, name))) resolve();
  await promise.finally(() => seen.close());
}

/** Resolves with the name of what comes first into an empty folder. */
async function anythingIn(where: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const seen = watch(where, (_, found) => {
    if (found !== null) resolve(found);
  });
  return promise.finally(() => seen.close());
}

async function command(...argv: readonly string[]): Promise<Ended> {
  return ended(startApart(argv, { STEADFAST_REPORTS: reports, STEADFAST_CLUSTER: cluster }));
}
