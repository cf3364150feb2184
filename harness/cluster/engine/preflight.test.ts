import { describe, expect, it } from 'vitest';
import { UsageError } from '../../errors.ts';
import { readEngineState } from './ensure.ts';
import { planEngine, type Machine } from './preflight.ts';

const debianRoot: Machine = { engine: 'absent', isRoot: true, osId: 'debian', installForbidden: false };

describe('what is done to have an engine', () => {
  it.each<[string, Partial<Machine>, string]>([
    ['a running one is used, whoever asks', { engine: 'running', isRoot: false, installForbidden: true }, 'use'],
    ['a stopped one is started by root, on any system', { engine: 'stopped', osId: 'fedora' }, 'start'],
    ['a missing one is installed by root on Debian', {}, 'install'],
    ['a missing one is installed by root on Ubuntu', { osId: 'ubuntu' }, 'install'],
  ])('%s', (_title, machine, plan) => {
    expect(planEngine({ ...debianRoot, ...machine })).toBe(plan);
  });

  it.each<[string, Partial<Machine>, RegExp]>([
    ['its socket is forbidden', { engine: 'forbidden' }, /refuses access/],
    ['it is missing and this is not root', { isRoot: false }, /only root/],
    ['it is stopped and this is not root', { engine: 'stopped', isRoot: false }, /only root/],
    ['it is missing and installing is forbidden', { installForbidden: true }, /STEADFAST_NO_INSTALL/],
    [
      'it is stopped and changing the machine is forbidden',
      { engine: 'stopped', installForbidden: true },
      /STEADFAST_NO_INSTALL/,
    ],
    ['it is missing on another system', { osId: 'fedora' }, /not for fedora/],
  ])('the command ends with the remedy when %s', (_title, machine, message) => {
    const plan = () => planEngine({ ...debianRoot, ...machine });
    expect(plan).toThrow(UsageError);
    expect(plan).toThrow(message);
  });
});

describe('the state of the engine', () => {
  const noDaemon = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.';
  it.each([
    ['running', { code: 0, stdout: '26.1.5\n', stderr: '' }, true],
    ['running', { code: 0, stdout: '26.1.5\n', stderr: 'WARNING: No swap limit support' }, false],
    [
      'forbidden',
      { code: 1, stdout: '', stderr: 'permission denied while trying to connect to the Docker daemon socket' },
      true,
    ],
    ['stopped', { code: 1, stdout: '', stderr: noDaemon }, true],
    ['stopped', { code: 0, stdout: '\n', stderr: noDaemon }, true],
    ['absent', { code: 1, stdout: '', stderr: noDaemon }, false],
    ['absent', { code: 127, stdout: '', stderr: '' }, false],
  ])('is %s for %j with a daemon installed: %j', (state, info, daemonInstalled) => {
    expect(readEngineState(info, daemonInstalled)).toBe(state);
  });
});
