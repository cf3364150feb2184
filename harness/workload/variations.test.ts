import { describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import {
  claimLabels,
  claimRetention,
  command,
  emptyDirs,
  heldPending,
  heldUnready,
  image,
  labelled,
  minReadySeconds,
  named,
  podManagementPolicy,
  replicas,
  service,
  startOrdinal,
  storageClass,
  updateStrategy,
} from './variations.ts';
import { varied, workloadFrom, type Variation } from './workload.ts';

const web = workloadFrom(new URL('../../suites/web-basics/manifests/web.yaml', import.meta.url));
const setOf = (...variations: Variation[]) =>
  varied(web, ...variations).objects.find((each) => each.kind === 'StatefulSet');
const serviceOf = (...variations: Variation[]) =>
  varied(web, ...variations).objects.find((each) => each.kind === 'Service');

test('the tutorial as it is has no variation', () => {
  expect(web.variations).toEqual([]);
  expect(web.objects.map((object) => object.kind)).toEqual(['Service', 'StatefulSet']);
});

test('each variation changes what it says, says it in one sentence, and leaves the workload it was made from alone', () => {
  const before = JSON.stringify(web);
  const changed = varied(web, replicas(5), image('x:1'));
  expect(changed.variations).toEqual(['5 replicas', 'image x:1']);
  expect(JSON.stringify(web)).toBe(before);
});

describe('in the StatefulSet', () => {
  const cases: readonly [string, Variation, object][] = [
    ['replicas', replicas(5), { spec: { replicas: 5 } }],
    ['name', named('db'), { metadata: { name: 'db' } }],
    ['readiness gate', heldUnready(), { spec: { template: { spec: { readinessGates: [{}] } } } }],
    ['scheduling gate', heldPending(), { spec: { template: { spec: { schedulingGates: [{}] } } } }],
    ['policy', podManagementPolicy('Parallel'), { spec: { podManagementPolicy: 'Parallel' } }],
    ['strategy', updateStrategy({ type: 'OnDelete' }), { spec: { updateStrategy: { type: 'OnDelete' } } }],
    ['command', command('false'), { spec: { template: { spec: { containers: [{ command: ['false'] }] } } } }],
    ['class', storageClass('fast'), { spec: { volumeClaimTemplates: [{ spec: { storageClassName: 'fast' } }] } }],
    [
      'retention',
      claimRetention('Delete', 'Retain'),
      { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } } },
    ],
    [
      'labels of claims',
      claimLabels({ tier: 'data' }),
      { spec: { volumeClaimTemplates: [{ metadata: { name: 'www', labels: { tier: 'data' } } }] } },
    ],
    ['seconds to be Ready', minReadySeconds(5), { spec: { minReadySeconds: 5 } }],
    ['first ordinal', startOrdinal(5), { spec: { ordinals: { start: 5 } } }],
    [
      'labels',
      labelled({ tier: 'front' }),
      {
        metadata: { labels: { tier: 'front' } },
        spec: {
          selector: { matchLabels: { app: 'nginx', tier: 'front' } },
          template: { metadata: { labels: { app: 'nginx', tier: 'front' } } },
        },
      },
    ],
  ];
  test.each(cases)('%s', (_, variation, expected) => expect(setOf(variation)).toMatchObject(expected));

  test('emptyDir volumes keep the mounts and drop the claims', () => {
    const spec = setOf(emptyDirs())?.['spec'] as Record<string, unknown>;
    expect(spec).not.toHaveProperty('volumeClaimTemplates');
    expect(spec).toMatchObject({
      template: {
        spec: { volumes: [{ name: 'www', emptyDir: {} }], containers: [{ volumeMounts: [{ name: 'www' }] }] },
      },
    });
  });
});

test('in the Service: a field is set, or left out', () => {
  expect(serviceOf(service({ publishNotReadyAddresses: true }))).toMatchObject({
    spec: { publishNotReadyAddresses: true },
  });
  expect(serviceOf(service({ clusterIP: undefined }))?.['spec']).not.toHaveProperty('clusterIP');
});

test('a file that holds no manifest is refused, with its name', () => {
  const self = new URL(import.meta.url);
  expect(() => workloadFrom(self)).toThrow(UsageError);
  expect(() => workloadFrom(self)).toThrow('variations.test.ts, document 1');
});
