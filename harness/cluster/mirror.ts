import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { RunError } from '../errors.ts';
import type { Engine } from './engine/engine.ts';
import type { BuiltWorkload } from './images/workloads.ts';
import type { Made } from './images/workshop.ts';
import { inStep, type Progress } from './progress.ts';
import { registryAnswers } from './registry.ts';

const port = 5000;
const network = 'kind';
const answerDeadlineMs = 60_000;
const answerPauseMs = 100;
const manifestDeadlineMs = 10_000;

/** An image's name, taken apart: `docker.io/library/busybox:1.28` is served as `library/busybox:1.28` for `docker.io`. */
export function splitImageName(name: string): { readonly host: string; readonly path: string } {
  const slash = name.indexOf('/');
  const host = name.slice(0, slash);
  if (slash < 0 || !host.includes('.')) throw new Error(`${name} does not begin with a registry's name`);
  return { host, path: name.slice(slash + 1) };
}

/** containerd's mirror file for one registry: everything is asked of ours, and nothing falls through to the real one. */
export function hostsToml(registry: string): string {
  const url = `http://${registry}:${port}`;
  return `server = "${url}"\n\n[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`;
}

/** Writes the mirror files that the nodes mount; with no registry of ours the folder is empty and changes nothing. */
export async function writeMirrorFiles(folder: string, hosts: readonly string[], registry: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const host of hosts) {
    await mkdir(join(folder, host));
    await writeFile(join(folder, host, 'hosts.toml'), hostsToml(registry));
  }
}

/**
 * A registry container on the network of the nodes that answers. One that was stopped is started again; where it then does not answer, because of what the
 * machine's sudden end left of it, it is made anew, and is empty. Throws a RunError when that one does not answer either.
 */
export async function ensureRegistry(
  engine: Engine,
  container: string,
  image: Made,
  progress: Progress,
): Promise<void> {
  const found = await engine.attempt(['inspect', '-f', '{{.Config.Image}}', container]);
  if (found.code === 0 && found.stdout.trim() === image.at && (await startsAgain(engine, container, progress))) return;
  if (found.code === 0) await engine.run(['rm', '-f', '-v', container]);
  await inStep(progress, "Make the registry on the nodes' network", 'nodes pull the workloads from it', async () => {
    await ensureNetwork(engine);
    await engine.run(['run', '-d', '--name', container, '--network', network, '-p', `127.0.0.1::${port}`, image.at]);
    const silence = await silenceOf(engine, container);
    if (silence !== undefined) throw new RunError(silence);
  });
}

/** Whether a registry that is there serves again. */
async function startsAgain(engine: Engine, container: string, progress: Progress): Promise<boolean> {
  const step = progress.step("Start the registry on the nodes' network", 'nodes pull the workloads from it');
  const started = await engine.attempt(['start', container]);
  const silence = started.code === 0 ? await silenceOf(engine, container) : started.stderr.trim();
  if (silence === undefined) step.done();
  else step.skipped(`it will be made anew: ${silence}`);
  return silence === undefined;
}

/**
 * Why the registry does not answer, in words: where it was asked, what became of its container, and what it said last; undefined as soon as it answers. A
 * process that was just started listens a little later, and tells nobody when.
 */
async function silenceOf(engine: Engine, container: string): Promise<string | undefined> {
  const deadline = Date.now() + answerDeadlineMs;
  let address: string | undefined;
  do {
    const mapped = await engine.attempt(['port', container, String(port)]);
    if (mapped.code !== 0) break; // It has ended: one that runs has its port.
    address = firstLine(mapped.stdout);
    if (await registryAnswers(`http://${address}/v2/`)) return undefined;
    await after(answerPauseMs);
  } while (Date.now() < deadline);
  const state = ['inspect', '-f', '{{.State.Status}}, exit code {{.State.ExitCode}}', container];
  const [{ stdout: status }, log] = await Promise.all([
    engine.attempt(state),
    engine.attempt(['logs', '--tail', '1', container]),
  ]);
  const said = `${log.stdout}${log.stderr}`.trim() || 'nothing';
  return `the registry ${container} does not answer at ${address ?? 'any address'}; its container: ${status.trim()}; it said last: ${said}`;
}

/** Pushes images under all their names; layers the registry has are not sent again. */
export async function pushAll(engine: Engine, container: string, built: readonly BuiltWorkload[]): Promise<void> {
  const address = await addressOf(engine, container);
  for (const { made, names } of built)
    for (const name of names) {
      const here = `${address}/${splitImageName(name).path}`;
      await engine.run(['tag', made.at, here]);
      await engine.run(['push', '-q', here]);
      await engine.run(['rmi', '--no-prune', here]);
    }
}

/** Whether the registry runs and has every one of these images. One that was made anew is empty. */
export async function registryHas(engine: Engine, container: string, names: readonly string[]): Promise<boolean> {
  const mapped = await engine.attempt(['port', container, String(port)]);
  if (mapped.code !== 0) return false;
  const base = `http://${firstLine(mapped.stdout)}/v2`;
  const found = await Promise.all(names.map((name) => answersOk(base, splitImageName(name).path)));
  return found.every(Boolean);
}

async function answersOk(base: string, path: string): Promise<boolean> {
  const [repository = '', tag = ''] = path.split(':');
  try {
    const url = `${base}/${repository}/manifests/${tag}`;
    const headers = { Accept: 'application/vnd.docker.distribution.manifest.v2+json' };
    return (await fetch(url, { method: 'HEAD', headers, signal: AbortSignal.timeout(manifestDeadlineMs) })).ok;
  } catch {
    return false; // Nobody listens there or answers: the registry is starting or gone, and will be looked after.
  }
}

/** Where this machine reaches the registry: the engine picks a free port each time it starts. */
async function addressOf(engine: Engine, container: string): Promise<string> {
  return firstLine(await engine.run(['port', container, String(port)]));
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.trim() ?? '';
}

/** kind makes its network when it is missing; the registry may come first. */
async function ensureNetwork(engine: Engine): Promise<void> {
  if ((await engine.attempt(['network', 'inspect', network])).code === 0) return;
  await engine.run([
    'network',
    'create',
    '-d',
    'bridge',
    '-o',
    'com.docker.network.bridge.enable_ip_masquerade=true',
    network,
  ]);
}
