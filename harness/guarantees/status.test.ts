import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  ended,
  fenced,
  gap,
  readied,
  ready,
  running,
  setReported,
  terminating,
  touched,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { currentRevisionFollowsTheUpdate, statusIsTrueAtEach, statusIsTrueOfThePods } from './status.ts';
import { before, changed, ofNew, ofOld, quiet, spanned, stands } from './testing.ts';

/** The set with a status written out; two replicas, one of them updated. */
function reports(status: object = {}, fields: { readonly metadata?: object; readonly spec?: object } = {}): Step {
  return setReported('modified', {
    metadata: { generation: 2, ...fields.metadata },
    spec: { replicas: 2, ...fields.spec },
    status: {
      observedGeneration: 2,
      replicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      currentReplicas: 1,
      updatedReplicas: 1,
      currentRevision: 'old',
      updateRevision: 'new',
      ...status,
    },
  });
}

const pods = [readied('web-0', ofOld), readied('web-1', ofNew)] as const;
const looked = [alive(), alive()] as const;

describe('statusIsTrueOfThePods', () => {
  const { judge } = statusIsTrueOfThePods(web, quiet);
  const verdict = (...steps: readonly Step[]) => judge(fenced(...steps, before, ...looked));

  test('upheld: half updated, all ready', () => {
    expect(verdict(...pods, reports())).toMatchObject({ outcome: 'upheld', examined: { count: 6 } });
  });
  test('upheld: one revision that is both', () => {
    const both = reports({ currentReplicas: 2, updatedReplicas: 2, updateRevision: 'old' });
    expect(verdict(readied('web-0', ofOld), readied('web-1', ofOld), both)).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: no Pod, and counts left out', () => {
    const none = reports(
      { replicas: 0, readyReplicas: 0, availableReplicas: 0, currentReplicas: undefined, updatedReplicas: undefined },
      { spec: { replicas: 0 } },
    );
    expect(verdict(none)).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: a Pod that is Terminating counts as a replica alone', () => {
    const leaving = reports({ readyReplicas: 1, availableReplicas: 1, updatedReplicas: 0 });
    expect(verdict(...pods, unready('web-1'), terminating('web-1'), leaving)).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: a Pod of another owner is not the set’s', () => {
    expect(verdict(...pods, readied('web-2', { ...ofOld, owner: null }), reports())).toMatchObject({
      outcome: 'upheld',
    });
  });
  test.each([
    ['replicas', 1],
    ['replicas', 3],
    ['readyReplicas', 1],
    ['availableReplicas', 1],
    ['availableReplicas', 3],
    ['currentReplicas', 2],
    ['currentReplicas', undefined],
    ['updatedReplicas', 0],
    ['updatedReplicas', 2],
    ['observedGeneration', 1],
  ])('violated: %s is %s', (field, value) => {
    expect(verdict(...pods, reports({ [field]: value }))).toMatchObject({
      outcome: 'violated',
      because: expect.stringContaining(`reports ${field}`),
    });
  });
  test('violated: a Terminating Pod still counts for its revision', () => {
    const leaving = reports({ readyReplicas: 1, availableReplicas: 1 });
    expect(verdict(...pods, unready('web-1'), terminating('web-1'), leaving)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: an unready Pod counts as ready', () => {
    expect(verdict(...pods, unready('web-0'), reports())).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod that is Running only counts as ready', () => {
    expect(verdict(readied('web-0', ofOld), added('web-1', ofNew), running('web-1'), reports())).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: a Pod that came back under another uid is counted twice', () => {
    expect(verdict(...pods, ended('web-1'), readied('web-1', ofNew), reports({ replicas: 3 }))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: a Pod of another name that the set controls is not counted', () => {
    expect(verdict(...pods, readied('web-00', ofOld), reports())).toMatchObject({
      outcome: 'violated',
      because: 'web reports replicas 2, and the Pods that it controls are 3',
    });
  });
  test('inconclusive: a Pod changed behind the signs of life', () => {
    const sign = changedSign(4);
    expect(judge(fenced(...pods, reports(), before, sign, sign, unready('web-0')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: the spec changed behind the signs of life', () => {
    const sign = changedSign(4);
    const newer = reports({}, { metadata: { generation: 3 } });
    expect(judge(fenced(...pods, reports(), before, sign, sign, newer))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('upheld: changes that are not counted do not matter', () => {
    const sign = changedSign(5);
    const history = fenced(...pods, reports(), before, sign, sign, touched('web-0', { annotations: { a: 'b' } }));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: one sign of life, or none', () => {
    expect(judge(fenced(...pods, reports(), before, alive()))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...pods, reports(), before))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: another controller was alive, or the span is no quiet window', () => {
    const other = alive('garbage-collector');
    expect(judge(fenced(...pods, reports(), before, other, other))).toMatchObject({ outcome: 'inconclusive' });
    expect(statusIsTrueOfThePods(web, spanned).judge(fenced(...pods, reports(), before, ...looked))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: no set, a gap, no fence', () => {
    expect(verdict(...pods)).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(...pods, reports(), gap('pods'))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...pods, reports(), before, ...looked))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('each moment by itself', () => {
    expect(statusIsTrueAtEach(web, [quiet, quiet])).toHaveLength(2);
  });
});

describe('statusIsTrueOfThePods with minReadySeconds', () => {
  const { judge } = statusIsTrueOfThePods(web, quiet);
  const since = (time: string): Step =>
    changed(ready('web-0'), (object) => ({
      ...object,
      status: {
        ...(object['status'] as object),
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time }],
      },
    }));
  const one = (availableReplicas: number, written?: string): Step =>
    reports(
      { replicas: 1, readyReplicas: 1, availableReplicas, currentReplicas: 1, updatedReplicas: 0 },
      {
        spec: { replicas: 1, minReadySeconds: 10 },
        metadata: written === undefined ? {} : { managedFields: [{ subresource: 'status', time: written }] },
      },
    );
  const verdict = (status: Step) =>
    judge(fenced(added('web-0', ofOld), since('2026-01-01T00:00:00Z'), status, before, ...looked));

  test('upheld: not counted before its time', () => {
    expect(verdict(one(0, '2026-01-01T00:00:05Z'))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: counted when its time had come, within the resolution of the times', () => {
    expect(verdict(one(1, '2026-01-01T00:00:10Z'))).toMatchObject({ outcome: 'upheld' });
    expect(verdict(one(1, '2026-01-01T00:00:09Z'))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: counted before its time', () => {
    expect(verdict(one(1, '2026-01-01T00:00:05Z'))).toMatchObject({
      outcome: 'violated',
      because: expect.stringContaining('availableReplicas 1'),
    });
  });
  test('inconclusive: nobody knows when the status was written', () => {
    expect(verdict(one(0))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('currentRevisionFollowsTheUpdate', () => {
  const { judge } = currentRevisionFollowsTheUpdate(web, spanned);
  const start = [stands({}, 'added'), before] as const;
  const updating = stands({ generation: 2, update: 'new', updated: 2 });

  test('upheld: with the last Pod updated and ready', () => {
    expect(judge(fenced(...start, updating, stands({ generation: 2, current: 'new' })))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: before the last Pod is ready', () => {
    expect(judge(fenced(...start, updating, stands({ generation: 2, current: 'new', ready: 2 })))).toMatchObject({
      outcome: 'violated',
      because: 'new became current with 3 updated and 2 ready replicas of 3',
    });
  });
  test('violated: before the last Pod is updated', () => {
    expect(judge(fenced(...start, updating, stands({ generation: 2, current: 'new', updated: 2 })))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: another revision than the update becomes current', () => {
    const astray = stands({ generation: 2, current: 'other', update: 'new', updated: 3 });
    expect(judge(fenced(...start, updating, astray))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the last Pod is updated and ready, and nothing becomes current', () => {
    expect(judge(fenced(...start, updating, stands({ generation: 2, update: 'new', updated: 3 })))).toMatchObject({
      outcome: 'violated',
      because: 'every replica is updated and ready, and old is current still',
    });
  });
  test('inconclusive: the current revision did not change, in the middle of an update or before it is observed', () => {
    expect(judge(fenced(...start, updating))).toMatchObject({ outcome: 'inconclusive' });
    const unseen = stands({ generation: 3, observed: 2, update: 'new', updated: 3 });
    expect(judge(fenced(...start, updating, unseen))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the first revision of a new set is no change', () => {
    expect(judge(fenced(before, stands({}, 'added')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap, no fence', () => {
    const steps = [...start, updating, stands({ generation: 2, current: 'new' })];
    expect(judge(fenced(...steps, gap('statefulsets')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
});

/** A sign of life that was asked for right after the entry of this index. */
function changedSign(invokedAtIndex: number): Step {
  return (world) => alive()(world).map((entry) => ({ ...entry, invokedAtIndex }) as typeof entry);
}
