import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  ended,
  fenced,
  gap,
  readied,
  setReported,
  terminating,
  touched,
  unfenced,
  web,
  type Step,
} from '../history/testing.ts';
import { adoptedPodIsGivenItsIdentity, podIsAdopted, podIsReleased, theSetCountsItsOwn } from './ownership.ts';
import { before, changed, spanned, stands } from './testing.ts';

const set = stands({ replicas: 2 }, 'added');
const orphan = { owner: null };
const reference = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  name: 'web',
  uid: 'statefulsets/web#1',
  controller: true,
  blockOwnerDeletion: true,
};

/** The Pod with these owners instead of the builders'. */
function owned(step: Step, ...owners: readonly object[]): Step {
  return changed(step, (pod) => ({ ...pod, metadata: { ...(pod['metadata'] as object), ownerReferences: owners } }));
}

describe('podIsAdopted', () => {
  const { judge } = podIsAdopted(web, 0, spanned);
  const lost = [set, owned(readied('web-0'), reference), before, touched('web-0', orphan)] as const;

  test('upheld: it loses its owner and gets it back', () => {
    expect(judge(fenced(...lost, owned(touched('web-0'), reference)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('upheld: it comes without an owner and gets one', () => {
    const history = fenced(set, before, added('web-0', orphan), owned(touched('web-0'), reference));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it stays without an owner', () => {
    expect(judge(fenced(...lost, touched('web-0')))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is not controlled by web',
    });
  });
  test('violated: it is owned by somebody else, by an earlier set, or owned and not controlled', () => {
    for (const wrong of [{ uid: 'other' }, { controller: false }])
      expect(judge(fenced(...lost, owned(touched('web-0'), { ...reference, ...wrong })))).toMatchObject({
        outcome: 'violated',
      });
  });
  test('violated: its owner is not held to its deletion any more, or is there twice', () => {
    const loose = owned(touched('web-0'), { ...reference, blockOwnerDeletion: false });
    const twice = owned(touched('web-0'), reference, { ...reference, controller: false });
    for (const step of [loose, twice]) expect(judge(fenced(...lost, step))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is deleted, or asked to go', () => {
    expect(judge(fenced(...lost, ended('web-0')))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...lost, owned(terminating('web-0'), reference)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another Pod takes its place', () => {
    const history = fenced(...lost, deleted('web-0'), owned(readied('web-0'), reference));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'another web-0 was added' });
  });
  test('violated: its container was restarted', () => {
    const history = fenced(...lost, owned(touched('web-0', { restarts: 1 }), reference));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was never without an owner in the span', () => {
    expect(judge(fenced(set, readied('web-0'), before, touched('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    const earlier = fenced(set, readied('web-0', orphan), owned(touched('web-0'), reference), before);
    expect(judge(earlier)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: there is no set, a gap, no fence', () => {
    expect(judge(fenced(...lost, setReported('deleted')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...lost, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...lost))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('adoptedPodIsGivenItsIdentity', () => {
  const { judge } = adoptedPodIsGivenItsIdentity(web, 0, spanned);
  const labelled = (step: Step, labels: object = {}): Step =>
    changed(step, (pod) => ({ ...pod, metadata: { ...(pod['metadata'] as object), labels } }));
  const nameless = [set, before, labelled(added('web-0', orphan))] as const;
  const adopted = owned(touched('web-0'), reference);

  test('upheld: it is adopted and labelled', () => {
    expect(judge(fenced(...nameless, adopted))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: it is adopted and stays without labels, or gets those of another', () => {
    for (const labels of [{}, { 'statefulset.kubernetes.io/pod-name': 'web-0' }])
      expect(judge(fenced(...nameless, labelled(adopted, labels)))).toMatchObject({ outcome: 'violated' });
    const other = owned(touched('web-0', { labels: { 'apps.kubernetes.io/pod-index': '1' } }), reference);
    expect(judge(fenced(...nameless, other))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is deleted', () => {
    expect(judge(fenced(...nameless, adopted, owned(terminating('web-0'), reference)))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: it had the labels from the beginning, was not adopted, not added', () => {
    expect(judge(fenced(set, before, added('web-0', orphan), adopted))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...nameless, touched('web-0', orphan)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(set, labelled(added('web-0')), before, adopted))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('podIsReleased', () => {
  const { judge } = podIsReleased(web, 0, spanned);
  const owner = [set, readied('web-0'), before] as const;

  test('upheld: it loses its owner and stays', () => {
    const history = fenced(...owner, touched('web-0', { labels: { app: 'apart' } }), touched('web-0', orphan));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: it keeps its owner, or gets it back', () => {
    expect(judge(fenced(...owner, touched('web-0')))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is still owned by web',
    });
    const again = fenced(...owner, touched('web-0', orphan), owned(touched('web-0'), reference));
    expect(judge(again)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is owned on, if not controlled', () => {
    const history = fenced(...owner, owned(touched('web-0'), { ...reference, controller: false }));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is deleted, or replaced', () => {
    expect(judge(fenced(...owner, touched('web-0', orphan), terminating('web-0')))).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(fenced(...owner, ended('web-0'), readied('web-0', orphan)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it had no owner to begin with, was not there, or the set is gone', () => {
    expect(judge(fenced(set, readied('web-0', orphan), before))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(set, before, readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...owner, touched('web-0', orphan), setReported('deleted')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('theSetCountsItsOwn', () => {
  const { judge } = theSetCountsItsOwn(web, 1, {});
  const two = [readied('web-0'), readied('web-1', orphan)] as const;

  test('upheld: it controls one of two and counts one', () => {
    expect(judge(fenced(stands({ replicas: 1 }, 'added'), ...two))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it counts both, or controls both', () => {
    expect(judge(fenced(stands({ replicas: 2 }, 'added'), ...two))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(stands({ replicas: 1 }, 'added'), readied('web-0'), readied('web-1')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: it has not seen its newest spec, or is not there', () => {
    expect(judge(fenced(stands({ replicas: 1, generation: 2, observed: 1 }, 'added'), ...two))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(...two))).toMatchObject({ outcome: 'inconclusive' });
  });
});
