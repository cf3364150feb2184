import { describe, expect, test } from 'vitest';
import { fence, fenced, observed, setReported, web } from '../history/testing.ts';
import { claimsAreOfTheDefaultClass } from './defaultClass.ts';
import { stored, type StoredTraits } from './testingClaims.ts';

const before = fence('before');
const span = { from: 'before', to: 'end' };

describe('claimsAreOfTheDefaultClass', () => {
  const { judge } = claimsAreOfTheDefaultClass(web, [0, 1], 'classes', span);
  const classes = (...defaults: readonly string[]) =>
    observed({
      of: 'api',
      moment: 'classes',
      request: 'get storageclasses',
      code: 200,
      body: {
        items: [
          { metadata: { name: 'other', annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' } } },
          { metadata: { name: 'plain' } },
          ...defaults.map((name) => ({
            metadata: { name, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
          })),
        ],
      },
    });

  test('upheld: two claims as the tutorial has them', () => {
    expect(judge(fenced(before, classes('standard'), ...stored(0), ...stored(1)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: another class, mode, size or reclaim policy', () => {
    const odd: readonly StoredTraits[] = [
      { claim: { storageClassName: 'plain' } },
      { claim: { resources: { requests: { storage: '2Gi' } } } },
      { claim: { volumeName: 'pv-9' } },
      { volume: { storageClassName: 'plain' } },
      { volume: { persistentVolumeReclaimPolicy: 'Retain' } },
      { volume: { claimRef: { name: 'www-web-1', uid: 'persistentvolumeclaims/www-web-1#0' } } },
    ];
    for (const change of odd)
      expect(judge(fenced(before, classes('standard'), ...stored(0), ...stored(1, change)))).toMatchObject({
        outcome: 'violated',
      });
  });
  test('violated: one claim more than there should be', () => {
    const history = fenced(before, classes('standard'), ...stored(0), ...stored(1), ...stored(2));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one claim is missing', () => {
    expect(judge(fenced(before, classes('standard'), ...stored(0)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no default, two of them, or no answer', () => {
    expect(judge(fenced(before, classes(), ...stored(0), ...stored(1)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(before, classes('standard', 'second'), ...stored(0), ...stored(1)))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(before, ...stored(0), ...stored(1)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the set names a class itself', () => {
    const named = setReported('added', {
      spec: { volumeClaimTemplates: [{ spec: { storageClassName: 'standard' } }] },
    });
    expect(judge(fenced(named, before, classes('standard'), ...stored(0), ...stored(1)))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
