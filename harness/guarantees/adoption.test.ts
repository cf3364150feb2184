import { describe, expect, test } from 'vitest';
import {
  deleted,
  ended,
  fenced,
  gap,
  readied,
  setReported,
  terminating,
  touched,
  unfenced,
  unready,
  web,
} from '../history/testing.ts';
import { eachPodIsAdopted, isAdoptedAndThenReplaced, podsAreReleased } from './adoption.ts';
import { adopted, before, orphan, orphaned, setMade, span } from './testingOrphans.ts';

describe('podsAreReleased', () => {
  const { judge } = podsAreReleased(web, span);
  const owned = [setReported('added'), readied('web-0'), readied('web-1')];
  const setHeld = setReported('modified', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
  const released = [touched('web-0', orphan), touched('web-1', orphan)] as const;

  test('upheld: no owner is left while the set is held', () => {
    expect(judge(fenced(...owned, before, setHeld, ...released))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: one Pod still names it', () => {
    expect(judge(fenced(...owned, before, setHeld, touched('web-0', orphan)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another owner took its place', () => {
    const history = fenced(...owned, before, setHeld, ...released, touched('web-1', { owner: 'statefulsets/other#1' }));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod was deleted', () => {
    expect(judge(fenced(...owned, before, setHeld, ...released, deleted('web-1')))).toMatchObject({
      outcome: 'violated',
    });
  });
  const setIs = (...finalizers: readonly string[]) =>
    setReported('modified', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers } });
  test('upheld: the collector takes its finalizer off when both are released, whatever the watch tells first', () => {
    const history = fenced(...owned, before, setIs('hold', 'orphan'), ...released, setIs('hold'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the collector has let go of the set before it releases the second', () => {
    const [first, second] = released;
    const history = fenced(...owned, before, setIs('hold', 'orphan'), first, setIs('hold'), second);
    expect(judge(history)).toMatchObject({
      outcome: 'violated',
      because: 'web-1 named the set as its owner when nobody kept it any more',
      counterexample: { length: 2 },
    });
  });
  test('inconclusive: the set was gone already', () => {
    const history = fenced(...owned, before, setHeld, ...released, setReported('deleted'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the set was not deleted', () => {
    expect(judge(fenced(...owned, before, ...released))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it had controlled no Pod', () => {
    const history = fenced(setReported('added'), readied('web-0', orphan), before, setHeld);
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachPodIsAdopted', () => {
  const { judge } = eachPodIsAdopted(web, [1], span);

  test('upheld: web-1 stays and has the new owner', () => {
    const history = fenced(...orphaned, before, setMade, touched('web-1', adopted), readied('web-0', adopted));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: it is replaced', () => {
    const history = fenced(...orphaned, before, setMade, ended('web-1'), readied('web-1', adopted));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is adopted and then deleted', () => {
    const history = fenced(...orphaned, before, setMade, touched('web-1', adopted), terminating('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it stays without an owner', () => {
    expect(judge(fenced(...orphaned, before, setMade, touched('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: its owner is the set that is gone', () => {
    const history = fenced(...orphaned, before, setMade, touched('web-1', { owner: 'statefulsets/web#1' }));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: its container was restarted', () => {
    const history = fenced(...orphaned, before, setMade, touched('web-1', { ...adopted, restarts: 1 }));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is not Ready any more', () => {
    const history = fenced(...orphaned, before, setMade, touched('web-1', adopted), unready('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it had an owner all the time', () => {
    const history = fenced(
      setMade,
      readied('web-1'),
      before,
      setReported('deleted'),
      setMade,
      touched('web-1', adopted),
    );
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not Ready before, or not there', () => {
    const history = fenced(...orphaned, unready('web-1'), before, setMade, touched('web-1', adopted));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...orphaned, ended('web-1'), before, setMade))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no set was made in the span', () => {
    expect(judge(fenced(...orphaned, before, touched('web-1', adopted)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap, no fence', () => {
    const steps = [...orphaned, before, setMade, touched('web-1', adopted)];
    expect(judge(fenced(...steps, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('isAdoptedAndThenReplaced', () => {
  const { judge } = isAdoptedAndThenReplaced(web, 1, span);
  const image = 'registry.k8s.io/nginx-slim:0.7';
  const setUpdated = setReported('modified', {
    spec: { template: { spec: { containers: [{ name: 'nginx', image }] } } },
    status: { updateRevision: 'web-2' },
  });
  const taken = [setMade, touched('web-1', adopted), touched('web-2', adopted), readied('web-0', adopted)];
  const rolled = readied('web-1', { ...adopted, revision: 'web-2', image });

  test('upheld: taken over, then replaced once web-2 is gone', () => {
    const history = fenced(...orphaned, before, ...taken, ended('web-2'), ended('web-1'), rolled, setUpdated);
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: it was never adopted', () => {
    const steps = [setMade, readied('web-0', adopted), ended('web-2'), ended('web-1'), rolled, setUpdated];
    expect(judge(fenced(...orphaned, before, ...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it was adopted only when it was Terminating', () => {
    const steps = [setMade, readied('web-0', adopted), ended('web-2'), terminating('web-1'), touched('web-1', adopted)];
    const history = fenced(...orphaned, before, ...steps, deleted('web-1'), rolled, setUpdated);
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: expect.stringContaining('never adopted') });
  });
  test('violated: it was deleted while web-2 was there', () => {
    const history = fenced(...orphaned, before, ...taken, ended('web-1'), ended('web-2'), rolled, setUpdated);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it was deleted while web-0 was not Ready', () => {
    const steps = [...taken, ended('web-2'), unready('web-0'), ended('web-1'), rolled, setUpdated];
    expect(judge(fenced(...orphaned, before, ...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it keeps the old revision, or the old image', () => {
    const steps = [...orphaned, before, ...taken, ended('web-2'), ended('web-1')];
    const sameRevision = fenced(...steps, readied('web-1', { ...adopted, image }), setUpdated);
    const sameImage = fenced(...steps, readied('web-1', { ...adopted, revision: 'web-2' }), setUpdated);
    expect(judge(sameRevision)).toMatchObject({ outcome: 'violated' });
    expect(judge(sameImage)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it stays as it is', () => {
    expect(judge(fenced(...orphaned, before, ...taken, ended('web-2'), setUpdated))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: its replacement is not Ready, or gone again', () => {
    const steps = [...orphaned, before, ...taken, ended('web-2'), ended('web-1'), rolled];
    expect(judge(fenced(...steps, unready('web-1'), setUpdated))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...steps, ended('web-1'), setUpdated))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: web-1 was not there to be adopted', () => {
    const history = fenced(...orphaned, ended('web-1'), before, setMade, rolled, setUpdated);
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the set is not there at the end', () => {
    const history = fenced(
      ...orphaned,
      before,
      ...taken,
      ended('web-2'),
      ended('web-1'),
      rolled,
      setReported('deleted'),
    );
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});
