import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import { ended, fence, fenced, gap, observed, readied, reported, web, type Step } from '../history/testing.ts';
import { theDirectoryIsTheVolume } from './mounts.ts';

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
  readonly pod?: Step;
  readonly looked?: readonly Step[];
}

function told({ pod, looked }: Told): History {
  const steps = looked ?? [mountinfo(directory), onNode(`${nonce}\n`)];
  return fenced(claim, volume, pod ?? mounting(readied('web-0'), 'www'), fence('before'), ...steps, fence('after'));
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
