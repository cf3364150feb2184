import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Kube } from '../kube/connect.ts';
import { connectFromEnvironment } from '../kube/liveCluster.ts';
import { runLabel } from '../run.ts';
import { isNothing } from './leftovers.ts';
import { leftBy, liveRuns, type LiveRuns } from './testing/liveRuns.ts';

let runs: LiveRuns;
let kube: Kube;

beforeAll(async () => {
  runs = await liveRuns();
  kube = connectFromEnvironment();
});

afterAll(async () => {
  kube.close();
  await runs.close();
});

test.concurrent('Ctrl-C in the middle of a story: nothing is left, and what was judged is reported', async () => {
  const run = await runs.startInTheMiddle();
  const pressedAtMs = Date.now();
  run.sendToAll('SIGINT');
  const { exitCode } = await run.end;
  expect(exitCode).toBe(130);
  expect(Date.now() - pressedAtMs).toBeLessThan(75_000);
  expect(isNothing(await leftBy(run.id, kube))).toBe(true);

  const { status, because, claims } = await run.evidence();
  expect({ status, because }).toEqual({ status: 'interrupted', because: 'interrupted by Ctrl-C' });
  const outcomeOf = (claim: string) => claims.find((each) => each.id === claim);
  expect(outcomeOf('web.objects-created')).toMatchObject({ outcome: 'upheld' });
  expect(outcomeOf('web.pod-naming')).toMatchObject({
    outcome: 'not-run',
    because: 'the run was interrupted before it was judged',
  });
});

test.concurrent('SIGTERM to the command alone does the same', async () => {
  const run = await runs.startInTheMiddle();
  run.send('SIGTERM');
  expect((await run.end).exitCode).toBe(130);
  expect(isNothing(await leftBy(run.id, kube))).toBe(true);
  expect((await run.evidence()).because).toBe('interrupted by SIGTERM');
});

test.concurrent(
  'a second Ctrl-C leaves at once and names the command that removes what is left, which it does',
  async () => {
    const run = await runs.startInTheMiddle();
    run.sendToAll('SIGINT');
    // Presses closer together than a hand can make them are taken for one.
    await pause(600);
    const pressedAtMs = Date.now();
    run.sendToAll('SIGINT');
    const { exitCode, stdout, stderr } = await run.end;
    expect(exitCode).toBe(130);
    expect(Date.now() - pressedAtMs).toBeLessThan(3_000);
    expect(stdout + stderr).toContain(`npm run clean -- --run ${run.id}`);
    await runs.command('clean', '--run', run.id);
    expect(isNothing(await leftBy(run.id, kube))).toBe(true);
  },
);

test.concurrent('clean leaves a run alone while it goes on, and removes everything of it after a kill -9', async () => {
  const run = await runs.startInTheMiddle();
  expect((await runs.command('clean', '--run', run.id)).stdout).toContain(
    `left alone: run ${run.id} is still going on`,
  );

  run.sendToAll('SIGKILL');
  await run.end;
  const going = await goingAnyway(run.id);
  const left = await leftBy(run.id, kube);
  expect(left.volumes).toHaveLength(1);
  const staying = left.namespaces.filter(({ uid }) => !going.has(uid));
  // The run's own and the long story's.
  expect(staying.length).toBeGreaterThanOrEqual(2);

  const cleaned = await runs.command('clean', '--run', run.id);
  expect(cleaned.exitCode).toBe(0);
  for (const { name } of staying) expect(cleaned.stdout).toContain(`removing namespace ${name} of run ${run.id}`);
  expect(isNothing(await leftBy(run.id, kube))).toBe(true);
  expect((await run.evidence()).status).toBe('running');
});

/** Namespaces that the run itself had begun to remove: whether they are still there when somebody looks again is chance. */
async function goingAnyway(run: string): Promise<ReadonlySet<string>> {
  const query = { labelSelector: `${runLabel}=${run}` };
  const { items } = await kube.list({ resource: 'namespaces' }, { query });
  return new Set(
    items.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).map(({ metadata }) => metadata.uid),
  );
}
