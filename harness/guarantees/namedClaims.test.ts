import { describe, expect, test } from 'vitest';
import type { Manifest } from '../history/objects.ts';
import { fence, fenced, observed, operated, reported, type Step } from '../history/testing.ts';
import { claimsComeToBeBound, claimsTakeTheDefaultClass } from './namedClaims.ts';

const claimIs = (type: 'present' | 'added' | 'modified', phase: string, spec: object = {}, name = 'data'): Step =>
  reported('persistentvolumeclaims', type, name, {
    spec: { storageClassName: 'standard', volumeName: phase === 'Pending' ? undefined : `pv-${name}`, ...spec },
    status: { phase },
  });

describe('claimsTakeTheDefaultClass', () => {
  const { judge } = claimsTakeTheDefaultClass(['data'], { built: 'built', classes: 'classes' });
  const manifest = (spec: object = {}): Manifest => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec,
  });
  const built = (spec: object = {}): Step =>
    observed({ of: 'manifest', moment: 'built', file: 'kustomization.yaml', objects: [manifest(spec)] });
  const classes = (...defaults: readonly string[]): Step =>
    observed({
      of: 'api',
      moment: 'classes',
      request: 'get storageclasses',
      code: 200,
      body: {
        items: defaults.map((name) => ({
          metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
        })),
      },
    });

  test('upheld: none was asked for, the default was given', () => {
    expect(judge(fenced(built(), classes('standard'), claimIs('added', 'Pending')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: the empty class was asked for, or one was given later or never', () => {
    expect(
      judge(fenced(built({ storageClassName: '' }), classes('standard'), claimIs('added', 'Pending'))),
    ).toMatchObject({
      outcome: 'violated',
    });
    for (const storageClassName of ['other', '', undefined]) {
      const late = claimIs('added', 'Pending', { storageClassName });
      expect(judge(fenced(built(), classes('standard'), late, claimIs('modified', 'Bound')))).toMatchObject({
        outcome: 'violated',
      });
    }
  });
  test('violated: no claim was made, or it was there before', () => {
    expect(judge(fenced(built(), classes('standard')))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(built(), classes('standard'), claimIs('present', 'Bound')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: nothing was built, no default, two of them', () => {
    expect(judge(fenced(classes('standard'), claimIs('added', 'Pending')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(built(), classes(), claimIs('added', 'Pending')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(built(), classes('a', 'b'), claimIs('added', 'Pending')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('claimsComeToBeBound', () => {
  const { judge } = claimsComeToBeBound(['data'], { storage: '20Gi', accessModes: ['ReadWriteOnce'] });
  const volumeIs = (
    spec: object = {},
    metadata: object = { annotations: { 'pv.kubernetes.io/provisioned-by': 'local' } },
  ): Step =>
    reported('persistentvolumes', 'added', 'pv-data', {
      metadata,
      spec: {
        storageClassName: 'standard',
        capacity: { storage: '20Gi' },
        accessModes: ['ReadWriteOnce'],
        claimRef: { name: 'data', uid: 'persistentvolumeclaims/data#1' },
        ...spec,
      },
      status: { phase: 'Bound' },
    });
  const pending = claimIs('added', 'Pending');
  const bound = claimIs('modified', 'Bound');

  test('upheld: Pending, then Bound to a volume that was provisioned', () => {
    expect(judge(fenced(pending, volumeIs(), bound))).toMatchObject({ outcome: 'upheld', examined: { count: 4 } });
  });
  test('violated: never Bound, Bound at once, or Bound and then not', () => {
    expect(judge(fenced(pending))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(volumeIs(), claimIs('added', 'Bound')))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(pending, volumeIs(), bound, claimIs('modified', 'Lost'), bound))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: too small, another mode, another claim, no provisioner, another class', () => {
    const odd = [
      volumeIs({ capacity: { storage: '1Gi' } }),
      volumeIs({ accessModes: ['ReadWriteMany'] }),
      volumeIs({ claimRef: { name: 'data', uid: 'other' } }),
      volumeIs({ storageClassName: 'other' }),
      volumeIs({}, {}),
    ];
    for (const volume of odd) expect(judge(fenced(pending, volume, bound))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: this run made the volume, or nothing was fenced behind the mark', () => {
    expect(judge(fenced(operated('apply', 'persistentvolumes/pv-data'), pending, volumeIs(), bound))).toMatchObject({
      outcome: 'inconclusive',
    });
    const late = claimsComeToBeBound(['data'], { storage: '20Gi', accessModes: [] }, { to: 'never' });
    expect(late.judge(fenced(fence('another')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
