#!/usr/bin/env node
// The first thing every command runs, on whatever Node (18 or newer) is there. It sees to it that the project's own packages are installed,
// among them the Node that runs everything else, and then hands over: arguments, terminal, signals and exit code.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binaries = join(root, 'node_modules', '.bin');
const oldestNode = 18;

if (Number(process.versions.node.split('.')[0]) < oldestNode)
  refuse(`Node ${process.versions.node} is too old to install this project`, `Install Node ${oldestNode} or newer.`);
const stale = whyModulesAreStale();
if (stale !== undefined) installModules(stale);
handOver();

/** npm keeps a second lock file beside what it installed; where the two disagree, what is installed is not what was asked for. */
function whyModulesAreStale() {
  const installedLock = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedLock)) return 'they are not installed yet';
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(installedLock);
  const changed = Object.keys({ ...wanted, ...installed }).find(
    (path) => path !== '' && !isAsWanted(wanted[path], installed[path]),
  );
  if (changed !== undefined) return `${changed} is not as package-lock.json has it`;
  if (!existsSync(join(binaries, 'node'))) return 'the Node that runs this project is missing from them';
  return undefined;
}

function isAsWanted(wanted, installed) {
  if (wanted === undefined) return false;
  if (installed === undefined) return wanted.optional === true || wanted.peer === true;
  return wanted.version === installed.version && wanted.integrity === installed.integrity;
}

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

function installModules(why) {
  process.stderr.write(`Installing the Node modules with \`npm ci\`: ${why}.\n`);
  const startedAt = Date.now();
  const { status, error } = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
    // `npm ci` begins by deleting node_modules, so it must not be run by the Node that lies in there.
    env: { ...process.env, PATH: pathWithout(binaries) },
    stdio: ['ignore', 2, 2],
  });
  if (error !== undefined) refuse(`npm could not be started: ${error.message}`, 'Install npm, which comes with Node.');
  if (status !== 0) refuse(`\`npm ci\` ended with exit code ${status}`, 'Its own message above says why.');
  process.stderr.write(`Node modules are installed (${((Date.now() - startedAt) / 1000).toFixed(1)} s).\n`);
}

function pathWithout(folder) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((each) => each !== folder)
    .join(delimiter);
}

/** Signals sent to this process alone go on to the child; it counts those that reach it in several ways at once as one. */
function handOver() {
  const child = spawn(join(binaries, 'node'), [join(root, 'harness', 'cli', 'main.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) =>
    refuse(`Node could not be started: ${error.message}`, 'Delete node_modules and try again.'),
  );
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}

/** The exit code of a run that broke: see harness/errors.ts, which this old Node cannot load. */
function refuse(message, remedy) {
  process.stderr.write(`error: ${message}\n  ${remedy}\n`);
  process.exit(70);
}
