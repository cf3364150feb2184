import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kube } from '../../kube/connect.ts';
import type { Evidence } from '../../report/evidence.ts';
import { root, storedRuns } from '../folders.ts';
import { findLeftovers, type Leftovers } from '../leftovers.ts';
import { ended, startApart, type Ended } from './apart.ts';

/**
 * Real runs of a small suite on the cluster under test: one claim is judged at once, the story of the other is in the middle of things, with a Pod and a
 * volume of its own, and stays there until it is stopped.
 */
export interface LiveRuns {
  /** Starts a run and resolves when its long story is in the middle. */
  startInTheMiddle(): Promise<LiveRun>;
  /** Runs another command on the same cluster to its end. */
  command(...argv: readonly string[]): Promise<Ended>;
  close(): Promise<void>;
}

export interface LiveRun {
  readonly id: string;
  readonly end: Promise<Ended>;
  /** Sends a signal to the command's process alone. */
  send(signal: NodeJS.Signals): void;
  /** Sends a signal to the whole process group, as a terminal does. */
  sendToAll(signal: NodeJS.Signals): void;
  evidence(): Promise<Evidence>;
}

export async function liveRuns(env: NodeJS.ProcessEnv = process.env): Promise<LiveRuns> {
  const folder = await mkdtemp(join(tmpdir(), 'steadfast-live-'));
  const suites = join(folder, 'suites');
  await mkdir(join(suites, 'web-basics'), { recursive: true });
  await writeFile(join(suites, 'web-basics', 'web-basics.suite.ts'), suite);
  const cluster = ['--kubeconfig', env['STEADFAST_KUBECONFIG'] ?? '', ...contextOption(env['STEADFAST_CONTEXT'])];
  return {
    startInTheMiddle: async () => startInTheMiddle(await mkdtemp(join(folder, 'run-')), suites, cluster),
    command: (...argv) => ended(startApart([...argv, ...cluster], {})),
    close: () => rm(folder, { recursive: true }),
  };
}

async function startInTheMiddle(folder: string, suites: string, cluster: readonly string[]): Promise<LiveRun> {
  const reports = join(folder, 'reports');
  const env = { STEADFAST_REPORTS: reports, STEADFAST_SUITES: suites, STEADFAST_TEST_MARKS: folder };
  const child = startApart(['certify', ...cluster, '--claim', 'web.objects-created', 'web.pod-naming'], env);
  const { pid } = child;
  const end = ended(child);
  await Promise.race([fileIn(folder, 'middle'), end.then(failEarly)]);
  const [id] = await storedRuns(reports);
  if (id === undefined || pid === undefined) throw new Error('the run left no folder');
  return {
    id,
    end,
    send: (signal) => void process.kill(pid, signal),
    sendToAll: (signal) => void process.kill(-pid, signal),
    evidence: async () => JSON.parse(await readFile(join(reports, id, 'evidence.json'), 'utf8')) as Evidence,
  };
}

/** What a run has left on the cluster, whether it is going on or not. */
export function leftBy(run: string, kube: Kube): Promise<Leftovers> {
  return findLeftovers(kube, { run, force: true, signal: AbortSignal.timeout(30_000) });
}

const suite = `
  import { writeFileSync } from 'node:fs';
  import { claim, describe, story, varied, workloadFrom, replicas } from '${root}harness/test.ts';
  const upheld = () => ({ name: 'always', judge: () => ({ outcome: 'upheld', examined: { count: 1, of: 'stories' } }) });
  const web = () => varied(workloadFrom(new URL('file://${root}suites/web-basics/manifests/web.yaml')), replicas(1));
  describe('a section', () => {
    const short = story('a short story', async () => ({}));
    const long = story('a long story', async ({ namespace }) => {
      await short.history();
      const set = await namespace.deploy(web());
      await set.becomesReady();
      writeFileSync(process.env.STEADFAST_TEST_MARKS + '/middle', '');
      await namespace.until('what never happens', () => false, { deadlineMs: 300_000 });
    });
    claim('web.objects-created', short, upheld);
    claim('web.pod-naming', long, upheld);
  });
`;

async function fileIn(folder: string, name: string): Promise<void> {
  const seen = watch(folder);
  if (existsSync(join(folder, name))) return;
  for await (const { filename } of seen) if (filename === name) return;
}

function failEarly({ exitCode, stdout, stderr }: Ended): never {
  throw new Error(`the run ended early with ${exitCode}:\n${stdout}\n${stderr}`);
}

function contextOption(context: string | undefined): readonly string[] {
  return context === undefined || context === '' ? [] : ['--context', context];
}
