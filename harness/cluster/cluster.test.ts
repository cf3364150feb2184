import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { refuseTooLittle } from './cache.ts';
import { faultsOf, readApiAnswer, storageClasses } from './health.ts';
import { workloads } from './images/workloads.ts';
import { splitImageName } from './mirror.ts';
import { isRegistry } from './registry.ts';

describe('free space', () => {
  it('is refused with what there is, what is needed, and where', () => {
    const refuse = () => refuseTooLittle('/var/cache', 3 * 1024 ** 3);
    expect(refuse).toThrow(UsageError);
    expect(refuse).toThrow('no free disk space for images: 3.0 GiB are free in /var/cache, 12.0 GiB are needed');
  });

  it('is enough at twelve gibibytes', () => {
    expect(() => refuseTooLittle('/var/cache', 12 * 1024 ** 3)).not.toThrow();
  });
});

describe('the health of a cluster', () => {
  const node = (index: number) => ({ name: `n-${index}`, running: true, paused: false, ready: true });
  const healthy = { nodes: [1, 2, 3, 4, 5].map(node), version: 'v1.34.4', storageClasses };

  it('has no faults when all is there', () => {
    expect(faultsOf(healthy)).toEqual([]);
  });

  it('names each fault', () => {
    const nodes = [
      { ...node(1), running: false },
      { ...node(2), ready: false },
      { ...node(3), running: false, paused: true, ready: false },
    ];
    expect(
      faultsOf({ nodes, version: 'v1.34.4', storageClasses: ['standard', 'shared', 'retained', 'local-owned'] }),
    ).toEqual([
      'it has 3 nodes instead of 5',
      'node n-1 is stopped',
      'node n-2 is not Ready',
      'node n-3 is paused',
      'it lacks the StorageClasses fast, unserved',
    ]);
  });

  it('takes a node for Ready only when it says so and has reported lately', () => {
    const of = (name: string, status: string) => ({
      kind: 'Node',
      metadata: { name },
      status: {
        nodeInfo: { kubeletVersion: 'v1.34.4' },
        conditions: [
          { type: 'DiskPressure', status: 'True' },
          { type: 'Ready', status },
        ],
      },
    });
    const lease = (name: string, renewTime: string) => ({ metadata: { name }, spec: { renewTime } });
    const since = new Date('2026-01-01T00:01:00Z');
    const late = '2026-01-01T00:01:01.000000Z';
    const items = [of('a', 'True'), of('b', 'Unknown'), of('c', 'False'), of('d', 'True'), of('e', 'True')];
    const fast = { kind: 'StorageClass', metadata: { name: 'fast' } };
    const leases = [lease('a', late), lease('b', late), lease('c', late), lease('d', '2026-01-01T00:00:59.000000Z')];
    expect(
      readApiAnswer(JSON.stringify({ items: [...items, fast] }), JSON.stringify({ items: leases }), since),
    ).toEqual({
      version: 'v1.34.4',
      readyNodes: ['a'],
      storageClasses: ['fast'],
    });
  });
});

describe('a registry', () => {
  const headers = new Headers({ 'Docker-Distribution-Api-Version': 'registry/2.0' });

  it('is what speaks like one, with or without a token', () => {
    expect(isRegistry(200, headers)).toBe(true);
    expect(isRegistry(401, headers)).toBe(true);
  });

  it('is not a proxy that answers in its stead', () => {
    expect(isRegistry(200, new Headers())).toBe(false);
    expect(isRegistry(403, headers)).toBe(false);
  });
});

describe('the workload images', () => {
  it('have no name twice, and each name says its registry', () => {
    const names = workloads.flatMap((workload) => workload.names);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(splitImageName(name).path).not.toBe('');
  });

  it('refuses a name that leaves its registry out', () => {
    expect(() => splitImageName('library/busybox:1.28')).toThrow(/registry/);
  });
});
