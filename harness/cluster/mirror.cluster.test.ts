import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from './engine/engine.ts';
import { runningEngine } from './engine/ensure.ts';
import type { Made } from './images/workshop.ts';
import { defaultClusterName } from './index.ts';
import { ensureRegistry } from './mirror.ts';
import type { Progress } from './progress.ts';
import { registryOf } from './state.ts';

const container = 'steadfast-registry-under-test';
let engine: Engine | undefined;
let image: Made;

beforeEach(async ({ skip }) => {
  engine = await runningEngine();
  const used = await engine?.attempt(['inspect', '-f', '{{.Config.Image}}', registryOf(defaultClusterName())]);
  skip(used?.code !== 0, 'only a cluster of our own with images built here has a registry');
  image = { key: '', at: used?.stdout.trim() ?? '' };
});

afterEach(() => engine?.attempt(['rm', '-f', '-v', container]));

it.each([
  ['stopped', ['stop', container]],
  ['killed', ['kill', container]],
])('a registry that was %s is started again, and has what it had', async (_how, stop) => {
  await ensure();
  const made = await idOf();
  await engine?.run(stop);
  expect(await ensure()).toEqual(["done: Start the registry on the nodes' network"]);
  expect(await idOf()).toBe(made);
});

it.each([
  ['is paused', ['pause', container], 'paused'],
  ['ends as soon as it starts', ['cp', '/dev/null', `${container}:/etc/docker/registry/config.yml`], 'exit code 1'],
])('a registry that %s is made anew, and it is said why', async (_how, breakIt, why) => {
  await ensure();
  const made = await idOf();
  await engine?.run(breakIt);
  if (breakIt[0] === 'cp') await engine?.run(['stop', container]);
  const [started, ...then] = await ensure();
  expect(started).toMatch(/^skipped: Start the registry .*it will be made anew: /);
  expect(started).toContain(why);
  expect(then).toEqual(["done: Make the registry on the nodes' network"]);
  expect(await idOf()).not.toBe(made);
});

/** The steps that it took. */
async function ensure(): Promise<readonly string[]> {
  const steps: string[] = [];
  const progress: Progress = {
    step: (what) => ({
      update: () => undefined,
      done: () => steps.push(`done: ${what}`),
      skipped: (detail) => steps.push(`skipped: ${what}: ${detail}`),
      failed: (detail) => steps.push(`failed: ${what}: ${detail}`),
    }),
  };
  if (engine !== undefined) await ensureRegistry(engine, container, image, progress);
  return steps;
}

async function idOf(): Promise<string | undefined> {
  return engine?.run(['inspect', '-f', '{{.Id}}', container]);
}
