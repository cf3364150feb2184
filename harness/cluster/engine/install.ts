import { readFile, writeFile } from 'node:fs/promises';
import { RunError } from '../../errors.ts';
import { run } from '../run.ts';
import type { Step } from '../progress.ts';
import { indexTargetsFormat, lowPrioritySource, mirrorOf, parseIndexTargets, parseOsRelease } from './apt.ts';

/** The release whose Docker (26.1) works with kind on old and new cgroups alike; bookworm's (20.10) fails on privileged containers. */
const engineSuite = 'trixie';
const sourceName = 'steadfast-engine';

/** Installs packages; `name/suite` takes one from the newer release without moving anything else there. */
export async function installPackages(packages: readonly string[], step: Step): Promise<void> {
  step.update('apt-get update');
  // On a machine that has never been updated apt does not yet know of its own release either.
  await run('apt-get', ['update', '-qq']);
  const isAdded = packages.some((name) => name.endsWith(`/${engineSuite}`)) && (await addEngineSource());
  if (isAdded) await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
    onLine: (line) => {
      if (/^(Get:|Unpacking|Setting up)/.test(line)) step.update(line.slice(0, 70));
    },
  });
}

/** The packages of an engine for this machine. Ubuntu's own are recent enough; Debian's come from the newer release. */
export async function enginePackages(): Promise<readonly string[]> {
  const { id } = await osRelease();
  if (id === 'ubuntu') return ['docker.io', 'debootstrap', 'iptables'];
  const fromSuite = ['docker.io', 'docker-cli', 'containerd', 'kind'].map((name) => `${name}/${engineSuite}`);
  return [...fromSuite, 'debootstrap', 'iptables'];
}

/** The Debian mirror of this machine; undefined where it is not a Debian. */
export async function debianMirror(): Promise<string | undefined> {
  const { id, codename } = await osRelease();
  if (id !== 'debian') return undefined;
  const output = await run('apt-get', ['indextargets', '--format', indexTargetsFormat]);
  return mirrorOf(parseIndexTargets(output), codename);
}

export async function osRelease(): Promise<{ readonly id: string; readonly codename: string }> {
  if (process.platform !== 'linux') return { id: process.platform, codename: 'unknown' };
  return parseOsRelease(await readFile('/etc/os-release', 'utf8'));
}

async function addEngineSource(): Promise<boolean> {
  const { codename } = await osRelease();
  if (codename === engineSuite) return false;
  const mirror = await debianMirror();
  if (mirror === undefined) throw new RunError(`apt knows no mirror for its own release ${codename}`);
  const { list, pin } = lowPrioritySource(mirror, engineSuite);
  await writeFile(`/etc/apt/sources.list.d/${sourceName}.list`, list);
  await writeFile(`/etc/apt/preferences.d/${sourceName}`, pin);
  return true;
}
