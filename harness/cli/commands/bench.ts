import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import { claim, claimIds, isClaimId } from '../../claims/catalogue.ts';
import type { Evidence } from '../../report/evidence.ts';
import { measure, type Measured } from '../bench/measure.ts';
import { measureRecorder, type RecorderCost } from '../bench/recorder.ts';
import type { Desk } from '../desk.ts';
import { storedRun } from '../folders.ts';
import type { BenchOptions } from '../program.ts';
import { readEvidence } from '../storedEvidence.ts';
import { tutorialsWithSuite } from '../suites.ts';
import { certify } from '../certify.ts';
import { judgeAgain } from './judge.ts';
import { loadHistories } from './report.ts';

interface Benchmark extends Measured {
  readonly run: string;
  readonly cores: number;
  readonly claims: number;
  readonly wallMs: number;
  readonly judgingMsPer10000Entries: number;
  readonly recorderPer10000Events: RecorderCost | undefined;
}

/** Measures a run, or makes one to measure. Writes `bench.json` into the run's folder and prints it; judges nothing and asserts nothing. */
export async function benchCommand(run: string | undefined, { jobs }: BenchOptions, desk: Desk): Promise<number> {
  const folder = await storedRun(run ?? (await freshRun(jobs, desk)));
  const evidence = await readEvidence(folder);
  const benchmark = await benchmarkOf(folder, evidence, desk);
  const file = join(folder, 'bench.json');
  await writeFile(file, `${JSON.stringify(benchmark, undefined, 2)}\n`);
  for (const line of tableOf(benchmark)) desk.screen.print(line);
  desk.screen.print(`Written to ${file}`);
  return 0;
}

async function freshRun(jobs: number | undefined, desk: Desk): Promise<string> {
  const withSuite = new Set<string>(tutorialsWithSuite());
  const claims = claimIds.filter((id) => withSuite.has(claim(id).tutorial));
  const evidence = await certify(claims, jobs === undefined ? {} : { jobs }, desk);
  return evidence.run.id;
}

async function benchmarkOf(folder: string, evidence: Evidence, desk: Desk): Promise<Benchmark> {
  const histories = [...(await loadHistories(folder)).values()];
  const judged = evidence.claims.filter((each) => each.outcome !== 'not-run').map((each) => each.id);
  const judgements = await judgeAgain(folder, evidence, judged.filter(isClaimId), desk);
  const judgingMs = judgements.reduce((total, judgement) => total + judgement.judgingMs, 0);
  const measured = measure(histories);
  return {
    run: evidence.run.id,
    cores: availableParallelism(),
    claims: judged.length,
    wallMs: evidence.run.durationMs,
    ...measured,
    judgingMsPer10000Entries: (judgingMs / measured.entries) * 10_000,
    recorderPer10000Events: measureRecorder(histories),
  };
}

function tableOf(benchmark: Benchmark): readonly string[] {
  const { reaction, recorderPer10000Events: recorder } = benchmark;
  const table = new Table({ head: ['figure', 'value'], colAligns: ['left', 'right'], style: { head: [], border: [] } });
  table.push(
    ['claims judged', String(benchmark.claims)],
    ['wall time of the run', seconds(benchmark.wallMs)],
    [`telling ${benchmark.stories} stories, one after another`, seconds(benchmark.tellingMs)],
    ['of that, the cluster needed', seconds(benchmark.clusterMs)],
    ['overhead ratio', benchmark.overheadRatio.toFixed(3)],
    [`reaction to an awaited change, p50 (${reaction.count})`, `${reaction.p50.toFixed(0)} ms`],
    ['reaction to an awaited change, p99', `${reaction.p99.toFixed(0)} ms`],
    ['judging, per 10,000 entries', `${benchmark.judgingMsPer10000Entries.toFixed(0)} ms`],
    ['recorder CPU, per 10,000 events', recorder === undefined ? 'no events' : `${recorder.cpuMs.toFixed(0)} ms`],
    [
      'recorder heap, per 10,000 events',
      recorder === undefined ? 'no events' : `${recorder.heapMebibytes.toFixed(1)} MiB`,
    ],
  );
  const slowest = benchmark.slowestWaits.map(
    (wait) => `  ${seconds(wait.ms).padStart(7)}  ${wait.for} (${wait.story})`,
  );
  return [...table.toString().split('\n'), 'slowest waits:', ...slowest];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
