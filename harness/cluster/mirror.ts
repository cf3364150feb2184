import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { RunError } from '../errors.ts';
import type { Engine } from './engine/engine.ts';
import type { BuiltWorkload } from './images/workloads.ts';
import type { Made } from './images/workshop.ts';
import { registryAnswers } from './registry.ts';

const port = 5000;
const network = 'kind';
const answerDeadlineMs = 20_000;
const answerPauseMs = 100;

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

/** A registry container on the network of the nodes that answers; started again or made anew when it is not there. */
export async function ensureRegistry(engine: Engine, container: string, image: Made): Promise<void> {
  const state = await engine.attempt(['inspect', '-f', '{{.State.Running}} {{.Config.Image}}', container]);
  const [running, used] = state.stdout.trim().split(' ');
  if (state.code === 0 && used === image.at) {
    if (running !== 'true') await engine.run(['start', container]);
  } else {
    if (state.code === 0) await engine.run(['rm', '-f', '-v', container]);
    await ensureNetwork(engine);
    await engine.run(['run', '-d', '--name', container, '--network', network, '-p', `127.0.0.1::${port}`, image.at]);
  }
  await untilItAnswers(await addressOf(engine, container));
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
    return (await fetch(url, { method: 'HEAD', headers })).ok;
  } catch {
    return false; // Nobody listens there: the registry is starting or gone, and will be looked after.
  }
}

/** Where this machine reaches the registry: the engine picks a free port each time it starts. */
async function addressOf(engine: Engine, container: string): Promise<string> {
  return firstLine(await engine.run(['port', container, String(port)]));
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]?.trim() ?? '';
}

/** A process that was just started listens a little later, and tells nobody when. */
async function untilItAnswers(address: string): Promise<void> {
  const deadline = Date.now() + answerDeadlineMs;
  while (!(await registryAnswers(`http://${address}/v2/`))) {
    if (Date.now() > deadline) throw new RunError(`the registry at ${address} does not answer`);
    await after(answerPauseMs);
  }
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
