import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import { ended, fence, fenced, gap, observed, readied, reported, web, type Step } from '../history/testing.ts';
import { theDirectoryIsBackedBy, theDirectoryIsTheVolume } from './mounts.ts';
import { db, mounted, podComes, podIs } from './testingDeployed.ts';
import { asked } from './testingServers.ts';
import { lookedAt } from './testingVolumes.ts';

const directory = '/usr/share/nginx/html';
const nonce = 'f81d4fae';
const { judge } = theDirectoryIsTheVolume(web, directory, [{ ordinal: 0, nonce }], {
  moment: 'looked',
  from: 'before',
  to: 'after',
});

/** The same step, its Pod's container with this volume mounted there. */
function mounting(step: Step, name: string, mountPath = directory): Step {
  return (world) =>
    step(world).map((entry) => {
      if (entry.kind !== 'change' || entry.resource !== 'pods') return entry;
      const containers = [{ name: 'nginx', volumeMounts: [{ name, mountPath }] }];
      return { ...entry, object: { ...entry.object, spec: { ...entry.object.spec, containers } } };
    });
}

const claim = reported('persistentvolumeclaims', 'added', 'www-web-0', { spec: { volumeName: 'pvc-0' } });
const volume = reported('persistentvolumes', 'added', 'pvc-0', { spec: { hostPath: { path: '/volumes/pvc-0' } } });
const mountinfo = (point: string): Step =>
  observed({
    of: 'command',
    moment: 'looked',
    pod: 'web-0',
    argv: ['cat', '/proc/self/mountinfo'],
    exitCode: 0,
    stdout: `701 699 0:45 / / rw - overlay overlay rw\n712 701 8:1 /volumes/pvc-0 ${point} rw - ext4 /dev/sda1 rw\n`,
    stderr: '',
  });
const onNode = (stdout: string, path = '/volumes/pvc-0'): Step =>
  observed({ of: 'node', moment: 'looked', node: 'worker-1', argv: ['find', path, '-type', 'f'], stdout });

interface Told {
  readonly sent?: Step;
  readonly pod?: Step;
  readonly looked?: readonly Step[];
}

function told({ sent, pod, looked }: Told): History {
  const steps = looked ?? [mountinfo(directory), onNode(`${nonce}\n`)];
  const before = [claim, volume, pod ?? mounting(readied('web-0'), 'www'), ...(sent === undefined ? [] : [sent])];
  return fenced(...before, fence('before'), ...steps, fence('after'));
}

describe('theDirectoryIsTheVolume', () => {
  test('upheld: what was written in the directory is in the volume', () => {
    expect(judge(told({}))).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: an emptyDir, the claim of another, the claim at another path', () => {
    const emptyDir = mounting(readied('web-0', { claim: null }), 'www');
    expect(judge(told({ pod: emptyDir }))).toMatchObject({ outcome: 'violated' });
    const crossed = mounting(readied('web-0', { claim: 'www-web-1' }), 'www');
    expect(judge(told({ pod: crossed }))).toMatchObject({ outcome: 'violated' });
    expect(judge(told({ pod: mounting(readied('web-0'), 'www', '/data') }))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the container has no mount there', () => {
    expect(judge(told({ looked: [mountinfo('/data'), onNode(nonce)] }))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is not in the volume', () => {
    expect(judge(told({ looked: [mountinfo(directory), onNode('')] }))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was sent to a server, which did not acknowledge it', () => {
    const sent = { moment: 'now', target: 'web-0', request: `create /a ${nonce}` };
    const asks = { moment: 'looked', from: 'before', to: 'after' };
    const through = theDirectoryIsTheVolume(web, directory, [{ ordinal: 0, nonce, sent }], asks);
    const looked = [mountinfo(directory), onNode('')];
    expect(through.judge(told({ looked }))).toMatchObject({ outcome: 'inconclusive' });
    const acknowledged = asked('web-0', sent.request);
    expect(through.judge(told({ sent: acknowledged, looked }))).toMatchObject({ outcome: 'violated' });
    const found = [mountinfo(directory), onNode(nonce)];
    expect(through.judge(told({ sent: acknowledged, looked: found }))).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: the mounts were not read, nobody looked, or at another directory', () => {
    expect(judge(told({ looked: [onNode(nonce)] }))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told({ looked: [mountinfo(directory)] }))).toMatchObject({ outcome: 'inconclusive' });
    const elsewhere = [mountinfo(directory), onNode(nonce, '/volumes/pvc-1')];
    expect(judge(told({ looked: elsewhere }))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Pod was replaced meanwhile, a gap', () => {
    const replaced = [mountinfo(directory), onNode(nonce), ended('web-0'), mounting(readied('web-0'), 'www')];
    expect(judge(told({ looked: replaced }))).toMatchObject({ outcome: 'inconclusive' });
    const gapped = [mountinfo(directory), onNode(nonce), gap('persistentvolumes')];
    expect(judge(told({ looked: gapped }))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theDirectoryIsBackedBy', () => {
  const backed = { directory: '/var/lib/db', claim: 'data', files: ['ibdata1'] };
  const asked = { moment: 'looked', from: 'before', to: 'after' };
  const judgeBacked = theDirectoryIsBackedBy(db, backed, asked).judge;
  const spec = (claimName: string, mountPath = '/var/lib/db') => ({
    containers: [{ name: 'db', volumeMounts: [{ name: 'storage', mountPath }] }],
    volumes: [{ name: 'storage', persistentVolumeClaim: { claimName } }],
  });
  const data = reported('persistentvolumeclaims', 'added', 'data', { spec: { volumeName: 'pv-0' } });
  const pv = reported('persistentvolumes', 'added', 'pv-0', { spec: { hostPath: { path: '/data/pv-0' } } });
  const ls = (stdout: string) => lookedAt('looked', ['ls', '-1A', '/data/pv-0'], stdout);
  const looks = [mounted('looked', 'db-aa-1', '/var/lib/db'), ls('auto.cnf\nibdata1\n')] as const;
  const seen = (pod: Step, ...steps: readonly Step[]) =>
    fenced(data, pv, pod, fence('before'), ...steps, fence('after'));
  const good = podComes('db-aa-1', { spec: spec('data') });

  test('upheld: mounted, a mount point, and the file is on the node', () => {
    expect(judgeBacked(seen(good, ...looks))).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: another claim, another path, no mount point, no such file', () => {
    expect(judgeBacked(seen(podComes('db-aa-1', { spec: spec('other') }), ...looks))).toMatchObject({
      outcome: 'violated',
    });
    const beside = podComes('db-aa-1', { spec: spec('data', '/beside') });
    expect(judgeBacked(seen(beside, ...looks))).toMatchObject({ outcome: 'violated' });
    const elsewhere = mounted('looked', 'db-aa-1', '/beside');
    expect(judgeBacked(seen(good, elsewhere, looks[1]))).toMatchObject({ outcome: 'violated' });
    for (const names of ['', 'ibdata10\n', 'ibdata\n'])
      expect(judgeBacked(seen(good, looks[0], ls(names)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody looked, at the mounts or at the disk; or the Pod started again meanwhile', () => {
    expect(judgeBacked(seen(good, looks[0]))).toMatchObject({ outcome: 'inconclusive' });
    expect(judgeBacked(seen(good, looks[1]))).toMatchObject({ outcome: 'inconclusive' });
    const again = podIs('db-aa-1', { spec: spec('data'), restarts: 1 });
    expect(judgeBacked(seen(good, ...looks, again))).toMatchObject({ outcome: 'inconclusive' });
  });
});
