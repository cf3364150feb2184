import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from './folders.ts';

let checkout = '';

/** A checkout of its own: the real bootstrap, an `npm` that notes that it was called and installs what is needed, a command line that obeys. */
beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'steadfast-bootstrap-'));
  await mkdir(join(checkout, 'scripts'));
  await mkdir(join(checkout, 'harness', 'cli'), { recursive: true });
  await mkdir(join(checkout, 'bin'));
  await cp(join(root, 'scripts', 'bootstrap.mjs'), join(checkout, 'scripts', 'bootstrap.mjs'));
  await writeFile(join(checkout, 'package.json'), '{ "type": "module" }');
  await writeFile(join(checkout, 'harness', 'cli', 'main.ts'), obedientMain);
  await writeFile(join(checkout, 'package-lock.json'), lock('1.0.0'));
  await writeFile(
    join(checkout, 'bin', 'npm'),
    `#!/bin/sh\necho "$@" >> "${checkout}/npm-calls"\nexit "\${NPM_EXITS:-0}"\n`,
  );
  await chmod(join(checkout, 'bin', 'npm'), 0o755);
});

afterEach(() => rm(checkout, { recursive: true }));

const obedientMain = `
  const [what, argument] = process.argv.slice(2);
  if (what === 'exit') process.exit(Number(argument));
  if (what === 'die') process.kill(process.pid, argument);
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => { console.log('got ' + name); process.exit(130); });
  if (what === 'wait') { console.log('waiting'); setTimeout(() => {}, 60_000); }
  else console.log(JSON.stringify(process.argv.slice(2)));
`;

function lock(version: string, others: object = {}): string {
  const packages = { '': { name: 'steadfast' }, 'node_modules/one': { version, integrity: 'sha512-x' }, ...others };
  return JSON.stringify({ lockfileVersion: 3, packages });
}

async function installed(version: string, others: object = {}): Promise<void> {
  await mkdir(join(checkout, 'node_modules', '.bin'), { recursive: true });
  await symlink(process.execPath, join(checkout, 'node_modules', '.bin', 'node'));
  await writeFile(join(checkout, 'node_modules', '.package-lock.json'), lock(version, others));
}

function start(argv: readonly string[], env: object = {}): ChildProcess {
  const path = `${join(checkout, 'bin')}:${process.env['PATH'] ?? ''}`;
  return spawn(process.execPath, [join(checkout, 'scripts', 'bootstrap.mjs'), ...argv], {
    env: { ...process.env, PATH: path, ...env },
  });
}

async function ended(child: ChildProcess) {
  const [stdout, stderr, [exitCode]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { stdout: stdout.trim(), stderr, exitCode };
}

async function npmCalls(): Promise<string> {
  return (await readFile(join(checkout, 'npm-calls'), 'utf8')).trim();
}

test('where everything is installed it only hands over, arguments as they are', async () => {
  await installed('1.0.0', { 'node_modules/optional': undefined });
  const { stdout, stderr, exitCode } = await ended(start(['certify', '--claim', 'web.*', 'a b']));
  expect({ stdout, stderr, exitCode }).toEqual({
    stdout: '["certify","--claim","web.*","a b"]',
    stderr: '',
    exitCode: 0,
  });
  await expect(npmCalls()).rejects.toThrow('ENOENT');
});

test('a package that is not as the lock file has it is installed first, saying which', async () => {
  await installed('0.9.0');
  const { stderr, exitCode } = await ended(start(['status']));
  expect(stderr).toContain(
    'Installing the Node modules with `npm ci`: node_modules/one is not as package-lock.json has it.',
  );
  expect(await npmCalls()).toMatch(/^ci /);
  expect(exitCode).toBe(0);
});

test('an optional package that was not installed here is no reason to install', async () => {
  await writeFile(
    join(checkout, 'package-lock.json'),
    lock('1.0.0', { 'node_modules/other-system': { version: '1.0.0', optional: true } }),
  );
  await installed('1.0.0');
  await ended(start(['status']));
  await expect(npmCalls()).rejects.toThrow('ENOENT');
});

test('an installation that fails ends it with 70', async () => {
  const { stderr, exitCode } = await ended(start(['status'], { NPM_EXITS: '7' }));
  expect(stderr).toContain('they are not installed yet');
  expect(stderr).toContain('`npm ci` ended with exit code 7');
  expect(exitCode).toBe(70);
});

test.each([0, 1, 2, 64, 70, 130])('the exit code %i comes through', async (code) => {
  await installed('1.0.0');
  expect((await ended(start(['exit', String(code)]))).exitCode).toBe(code);
});

test('a command that dies of a signal ends as a shell would say it', async () => {
  await installed('1.0.0');
  expect((await ended(start(['die', 'SIGKILL']))).exitCode).toBe(137);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s is passed on, once', async (signal) => {
  await installed('1.0.0');
  const child = start(['wait']);
  const end = ended(child);
  if (child.stdout !== null) await once(child.stdout, 'data');
  child.kill(signal);
  expect(await end).toMatchObject({
    exitCode: 130,
    stdout: expect.stringMatching(new RegExp(`got ${signal}$`)) as string,
  });
});
