import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  ended,
  fenced,
  following,
  gap,
  readied,
  reported,
  terminating,
  touched,
  unfenced,
  unready,
  web,
} from '../history/testing.ts';
import {
  eachNewPodGetsNewClaims,
  eachPodIsGoneBeforeTheNextIsDeleted,
  exactlyTheHighestAreRemoved,
  exactlyTheseAreLaunched,
  podsAreDeletedInReverseOrder,
  replicasAreSetThroughScale,
} from './scaling.ts';
import { before, bound, changed, spanned, stands } from './testing.ts';

describe('replicasAreSetThroughScale', () => {
  const { judge } = replicasAreSetThroughScale(web, 5, spanned);
  const replicas = { 'f:spec': { 'f:replicas': {} } };
  const throughScale = [{ manager: 'steadfast', operation: 'Update', subresource: 'scale', fieldsV1: replicas }];
  const byPatch = [{ manager: 'steadfast', operation: 'Update', fieldsV1: replicas }];
  const two = [stands({ replicas: 2 }, 'added'), before] as const;

  test('upheld: the scale subresource wrote the new number', () => {
    expect(judge(fenced(...two, stands({ replicas: 5, managedFields: throughScale })))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: it was written past the subresource', () => {
    expect(judge(fenced(...two, stands({ replicas: 5, managedFields: byPatch })))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the subresource wrote something else', () => {
    const other = [{ ...throughScale[0], fieldsV1: { 'f:status': {} } }, ...byPatch];
    expect(judge(fenced(...two, stands({ replicas: 5, managedFields: other })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the set asks for another number in the end', () => {
    expect(judge(fenced(...two, stands({ replicas: 4, managedFields: throughScale })))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: the recording holds no managed fields', () => {
    expect(judge(fenced(...two, stands({ replicas: 5 })))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: there were five replicas already', () => {
    expect(judge(fenced(stands({ replicas: 5 }, 'added'), before))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('exactlyTheseAreLaunched', () => {
  const { judge } = exactlyTheseAreLaunched(web, [1, 2], spanned);
  const one = [readied('web-0'), before] as const;

  test('upheld: web-1 and web-2', () => {
    expect(judge(fenced(...one, readied('web-1'), readied('web-2')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: web-2 is missing', () => {
    expect(judge(fenced(...one, readied('web-1')))).toMatchObject({
      outcome: 'violated',
      because: 'web-2 was not added',
    });
  });
  test('violated: web-3 is too many', () => {
    expect(judge(fenced(...one, readied('web-1'), readied('web-2'), added('web-3')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: web-3 was there for a moment', () => {
    const history = fenced(...one, readied('web-1'), readied('web-2'), added('web-3'), deleted('web-3'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-1 was launched twice', () => {
    expect(judge(fenced(...one, readied('web-1'), ended('web-1'), readied('web-1'), readied('web-2')))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 was added as well',
    });
  });
  test('violated: web-1 is not of the set', () => {
    expect(judge(fenced(...one, readied('web-1', { owner: null }), readied('web-2')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the set makes a Pod of another name', () => {
    const history = fenced(...one, readied('web-1'), readied('web-2'), added('web-6f9c'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'web made web-6f9c' });
  });
  test('violated: web-2 is not Ready', () => {
    expect(judge(fenced(...one, readied('web-1'), added('web-2')))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...one, readied('web-1'), readied('web-2'), unready('web-2')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: nothing was to be launched', () => {
    expect(exactlyTheseAreLaunched(web, [], spanned).judge(fenced(...one))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap, or no fence', () => {
    expect(judge(fenced(...one, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...one, readied('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachNewPodGetsNewClaims', () => {
  const { judge } = eachNewPodGetsNewClaims(web, spanned);
  const one = [readied('web-0'), ...bound('web-0'), before] as const;

  test('upheld: a claim and a volume for each', () => {
    const history = fenced(...one, ...bound('web-1'), readied('web-1'), ...bound('web-2'), readied('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: there is no claim', () => {
    expect(judge(fenced(...one, readied('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-1 mounts the claim of web-0, or none', () => {
    for (const claim of ['www-web-0', null])
      expect(judge(fenced(...one, ...bound('web-1'), readied('web-1', { claim })))).toMatchObject({
        outcome: 'violated',
      });
  });
  test('violated: the claim was there before', () => {
    const history = fenced(readied('web-0'), ...bound('web-1'), before, readied('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'the claim www-web-1 was there before' });
  });
  test('violated: the volume is that of web-0', () => {
    const [claim] = bound('web-1', { volume: 'web-0-volume' });
    const history = fenced(...one, ...(claim === undefined ? [] : [claim]), readied('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the claim is not Bound', () => {
    const pending = reported('persistentvolumeclaims', 'added', 'www-web-1', {
      spec: {},
      status: { phase: 'Pending' },
    });
    expect(judge(fenced(...one, pending, readied('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the claim was made when its Pod was Ready already', () => {
    const early = changed(readied('web-1'), (pod) => ({
      ...pod,
      status: {
        ...(pod['status'] as object),
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2025-12-31T23:59:59Z' }],
      },
    }));
    expect(judge(fenced(...one, early, ...bound('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the set has no claim templates', () => {
    const { judge: without } = eachNewPodGetsNewClaims({ ...web, claimTemplates: [] }, spanned);
    expect(without(fenced(...one, readied('web-1', { claim: null })))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the new Pod never became Ready', () => {
    expect(judge(fenced(...one, ...bound('web-1'), added('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no Pod was added', () => {
    expect(judge(fenced(...one))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the volumes were not followed', () => {
    const history = following(['pods', 'persistentvolumeclaims'], ...one, ...bound('web-1'), readied('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('exactlyTheHighestAreRemoved', () => {
  const { judge } = exactlyTheHighestAreRemoved(web, 1, spanned);
  const three = [stands({}, 'added'), readied('web-0'), readied('web-1'), readied('web-2'), before] as const;
  const asked = stands({ replicas: 1, generation: 2 });

  test('upheld: web-2 and web-1 go', () => {
    expect(judge(fenced(...three, asked, ended('web-2'), ended('web-1')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: web-0 goes as well', () => {
    const history = fenced(...three, asked, ended('web-2'), ended('web-1'), terminating('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'web-0 was deleted as well' });
  });
  test('violated: web-0 goes instead of web-1', () => {
    expect(judge(fenced(...three, asked, ended('web-2'), ended('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-1 is still there', () => {
    expect(judge(fenced(...three, asked, ended('web-2'), terminating('web-1')))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 is still there',
    });
  });
  test('violated: web-2 comes back', () => {
    const history = fenced(...three, asked, ended('web-2'), ended('web-1'), added('web-2'), ended('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the set was not scaled down', () => {
    expect(judge(fenced(...three, ended('web-2'), ended('web-1')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(stands({ replicas: 1 }, 'added'), readied('web-0'), before))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: web-2 was not there to be removed', () => {
    const two = [stands({}, 'added'), readied('web-0'), readied('web-1'), before];
    expect(judge(fenced(...two, asked, ended('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('podsAreDeletedInReverseOrder', () => {
  const { judge } = podsAreDeletedInReverseOrder(web, spanned);
  const three = [readied('web-0'), readied('web-1'), readied('web-2'), before] as const;

  test('upheld: 2, 1, 0', () => {
    expect(judge(fenced(...three, ended('web-2'), ended('web-1'), ended('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('upheld: the order of the askings counts, not of the ends', () => {
    const history = fenced(...three, terminating('web-2'), terminating('web-1'), deleted('web-1'), deleted('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: 1, 2', () => {
    expect(judge(fenced(...three, ended('web-1'), ended('web-2')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: 1, 0 while 2 stays', () => {
    expect(judge(fenced(...three, ended('web-1'), ended('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: 2, 0', () => {
    expect(judge(fenced(...three, ended('web-2'), ended('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: 2, its successor, 1', () => {
    expect(judge(fenced(...three, ended('web-2'), readied('web-2'), ended('web-2')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: one deletion has no order', () => {
    expect(judge(fenced(...three, ended('web-2')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no fence', () => {
    expect(judge(unfenced(...three, ended('web-2'), ended('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachPodIsGoneBeforeTheNextIsDeleted', () => {
  const { judge } = eachPodIsGoneBeforeTheNextIsDeleted(web, spanned);
  const three = [readied('web-0'), readied('web-1'), readied('web-2'), before] as const;

  test('upheld: each is gone before the next is asked', () => {
    expect(judge(fenced(...three, ended('web-2'), ended('web-1'), ended('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: web-2 is still there', () => {
    const history = fenced(...three, terminating('web-2'), terminating('web-1'), deleted('web-2'), deleted('web-1'));
    expect(judge(history)).toMatchObject({
      outcome: 'violated',
      because: 'web-1 was deleted while web-2 was Terminating',
    });
  });
  test('violated: web-2 outlives both', () => {
    const history = fenced(...three, terminating('web-2'), deleted('web-1'), deleted('web-0'), deleted('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: what was Terminating before the span still is', () => {
    const history = fenced(...three.slice(0, 3), terminating('web-2'), before, ended('web-1'), ended('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('upheld: the Pods went without a deletionTimestamp', () => {
    expect(judge(fenced(...three, deleted('web-2'), deleted('web-1')))).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: only one was deleted', () => {
    expect(judge(fenced(...three, ended('web-2'), touched('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap in the Pods', () => {
    expect(judge(fenced(...three, ended('web-2'), gap('pods'), ended('web-1')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
