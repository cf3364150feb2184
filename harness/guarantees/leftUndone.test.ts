import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  fence,
  fenced,
  gap,
  ready,
  reported,
  running,
  setReported,
  terminating,
  unfenced,
  unready,
  type Step,
} from '../history/testing.ts';
import { nothingIsLeftUndone } from './leftUndone.ts';

const { judge } = nothingIsLeftUndone({ from: 'opens', to: 'closes', alive: 'statefulset' });
const stood = (...steps: readonly Step[]) => judge(fenced(...steps, fence('opens'), alive(), alive(), fence('closes')));

/** The set asks for so much, and says that it has taken note. */
const asks = (spec: object = {}, { generation = 1, observedGeneration = 1 } = {}): Step =>
  setReported('added', {
    metadata: { generation },
    spec: { replicas: 2, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }, ...spec },
    status: { observedGeneration, updateRevision: 'web-1' },
  });
const stands = (name: string, revision = 'web-1'): readonly Step[] => [added(name, { revision }), ready(name)];
const failed = reported('events', 'added', 'web.1', { reason: 'FailedCreate', involvedObject: { name: 'web' } });
const both = [...stands('web-0'), ...stands('web-1')];

describe('upheld: nothing is left to do, or something keeps it back', () => {
  const waiting: readonly [string, readonly Step[]][] = [
    ['all are there', [asks(), ...both]],
    ['web-0 is not Ready', [asks(), added('web-0', { revision: 'web-1' }), running('web-0')]],
    ['web-0 is on its way out', [asks(), ...stands('web-0'), terminating('web-0')]],
    [
      'the claim of web-1 is on its way out',
      [
        asks({ volumeClaimTemplates: [{ metadata: { name: 'www' } }] }),
        ...stands('web-0'),
        reported('persistentvolumeclaims', 'added', 'www-web-1', { metadata: { deletionTimestamp: '2026-01-01' } }),
      ],
    ],
    ['web-1 is too many, and web-0 is not Ready', [asks({ replicas: 1 }), ...both, unready('web-0')]],
    ['web-1 is outdated, and web-0 is not Ready', [asks(), ...stands('web-1', 'web-0'), added('web-0')]],
    ['web-0 is outdated, below the partition', [asks(rolling(1)), ...stands('web-0', 'web-0'), ...stands('web-1')]],
    ['under OnDelete', [asks({ updateStrategy: { type: 'OnDelete' } }), ...stands('web-0', 'x'), ...stands('web-1')]],
    ['numbered from 1', [asks({ replicas: 1, ordinals: { start: 1 } }), ...stands('web-1')]],
  ];
  test.each(waiting)('%s', (_, steps) => expect(stood(...steps)).toMatchObject({ outcome: 'upheld' }));
});

describe('violated', () => {
  const undone: readonly [string, readonly Step[], string][] = [
    ['no Pod was made', [asks()], 'web-0 is asked for'],
    ['its predecessor is Ready', [asks(), ...stands('web-0')], 'web-1 is asked for'],
    ['a Parallel set', [asks({ podManagementPolicy: 'Parallel' }), added('web-0')], 'web-1 is asked for'],
    ['the first of two', [asks({ ordinals: { start: 1 } }), ...stands('web-2')], 'web-1 is asked for'],
    ['a Pod too many', [asks({ replicas: 1 }), ...both], 'web-1 is one too many'],
    ['an outdated Pod', [asks(), ...stands('web-0', 'web-0'), ...stands('web-1')], 'web-0 is outdated'],
    ['at the partition', [asks(rolling(1)), ...stands('web-0', 'x'), ...stands('web-1', 'x')], 'web-1 is outdated'],
    ['what failed was tried anew', [asks(), failed, ...stands('web-0')], 'web-1 is asked for'],
    ['a spec without notice', [asks({}, { generation: 2 }), ...both], 'took no note'],
  ];
  test.each(undone)('%s', (_, steps, because) => {
    expect(stood(...steps)).toMatchObject({ outcome: 'violated', because: expect.stringContaining(because) as string });
  });
});

describe('inconclusive', () => {
  test('there is no set, or one that is deleted, that moved, that was hindered, or that waits for Pods to be available', () => {
    expect(stood()).toMatchObject({ outcome: 'inconclusive' });
    const gone = setReported('added', {
      metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
      spec: { replicas: 2 },
    });
    expect(stood(gone)).toMatchObject({ outcome: 'inconclusive' });
    expect(stood(asks(), failed)).toMatchObject({ outcome: 'inconclusive' });
    expect(stood(asks({ minReadySeconds: 5 }))).toMatchObject({ outcome: 'inconclusive' });
    const moving = [asks(), fence('opens'), alive(), added('web-0'), alive(), fence('closes')];
    expect(judge(fenced(...moving))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('the controller was seen once, there is a gap, or no fence', () => {
    const once = [asks(), fence('opens'), alive(), fence('closes')];
    expect(judge(fenced(...once))).toMatchObject({ outcome: 'inconclusive' });
    expect(stood(asks(), gap('pods'))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(asks(), fence('opens'), alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
    const { judge: loose } = nothingIsLeftUndone({ from: 'opens' });
    expect(loose(fenced(asks(), fence('opens'), alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
});

function rolling(partition: number): object {
  return { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } };
}
