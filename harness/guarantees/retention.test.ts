import { describe, expect, test } from 'vitest';
import {
  alive,
  deleted,
  ended,
  fence,
  fenced,
  following,
  gap,
  operated,
  readied,
  setReported,
  terminating,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import {
  aForeignClaimIsLeftAlone,
  claimsAreOwnedByTheSet,
  claimsGoWithThePodsScaledAway,
  claimsGoWithTheirSet,
  claimsOutlastTheirPods,
  claimStaysWhileItsPodDoes,
  noClaimHasAnOwner,
  thePolicyIsRetain,
} from './retention.ts';
import { before, spanned } from './testing.ts';
import { claimGoes, claimIs, kept, ownedBySet, volumeGoes, volumeIs } from './testingVolumes.ts';

const outcomeOf = (outcome: 'upheld' | 'violated' | 'inconclusive', because = '') =>
  expect.objectContaining({ outcome, ...(because === '' ? {} : { because: expect.stringContaining(because) }) });

function policied(
  whenDeleted: string,
  whenScaled: string,
  type: 'added' | 'modified' = 'added',
  more: object = {},
): Step {
  return setReported(type, { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled }, ...more } });
}

const setGoes = setReported('deleted', {
  metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
  spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } },
});
const ownedByPod = (pod: string, nth = 1) => ({ kind: 'Pod', name: pod, uid: `${pod}#${nth}` });
const signs = [alive('garbage-collector'), alive('garbage-collector')];

describe('thePolicyIsRetain', () => {
  const { judge } = thePolicyIsRetain(web);

  test('upheld: the server says so, or says nothing', () => {
    expect(judge(fenced(policied('Retain', 'Retain')))).toEqual(outcomeOf('upheld'));
    expect(judge(fenced(setReported('added', { spec: {} })))).toEqual(outcomeOf('upheld'));
  });
  test('violated: either of them is Delete, even for a moment', () => {
    expect(judge(fenced(policied('Delete', 'Retain')))).toEqual(outcomeOf('violated'));
    expect(judge(fenced(policied('Retain', 'Delete'), policied('Retain', 'Retain', 'modified')))).toEqual(
      outcomeOf('violated'),
    );
  });
  test('inconclusive: no set, a gap, no fence', () => {
    expect(judge(fenced(readied('web-0')))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(policied('Retain', 'Retain'), gap('statefulsets')))).toEqual(outcomeOf('inconclusive'));
    expect(judge(unfenced(policied('Retain', 'Retain')))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('noClaimHasAnOwner', () => {
  const { judge } = noClaimHasAnOwner(web, [0, 1], spanned);

  test('upheld: nobody owns them', () => {
    expect(judge(fenced(...kept(0), ...kept(1), before))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('upheld: whoever owned one before the span does not any more', () => {
    const once = [...kept(0, { owners: [ownedBySet] }), ...kept(1), claimIs('www-web-0')];
    expect(judge(fenced(...once, before))).toEqual(outcomeOf('upheld'));
  });
  test('violated: one has an owner at the beginning, or for a moment', () => {
    expect(judge(fenced(...kept(0), ...kept(1, { owners: [ownedBySet] }), before))).toEqual(outcomeOf('violated'));
    const moment = [claimIs('www-web-0', { owners: [ownedByPod('web-0')] }), claimIs('www-web-0')];
    expect(judge(fenced(...kept(0), ...kept(1), before, ...moment))).toEqual(outcomeOf('violated'));
  });
  test('inconclusive: a claim is not there', () => {
    expect(judge(fenced(...kept(0), before))).toEqual(outcomeOf('inconclusive', 'www-web-1'));
  });
});

describe('claimsAreOwnedByTheSet', () => {
  const { judge } = claimsAreOwnedByTheSet(web, [0], 'then');
  const there = setReported('added');

  test('upheld: the set, by uid, as controller', () => {
    const history = fenced(there, ...kept(0), claimIs('www-web-0', { owners: [ownedBySet] }), fence('then'));
    expect(judge(history)).toEqual(outcomeOf('upheld'));
  });
  test('violated: nobody, another set of the name, or an owner that is no controller', () => {
    for (const owners of [[], [{ ...ownedBySet, uid: 'web#9' }], [{ ...ownedBySet, controller: false }]])
      expect(judge(fenced(there, ...kept(0, { owners }), fence('then')))).toEqual(outcomeOf('violated'));
  });
  test('violated: a second owner, or no claim at all', () => {
    expect(judge(fenced(there, ...kept(0, { owners: [ownedBySet, {}] }), fence('then')))).toEqual(
      outcomeOf('violated'),
    );
    expect(judge(fenced(there, fence('then')))).toEqual(outcomeOf('violated', 'no claim'));
  });
  test('inconclusive: no set, or the moment never came', () => {
    expect(judge(fenced(...kept(0), fence('then')))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(there, ...kept(0)))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('claimsGoWithTheirSet', () => {
  const { judge } = claimsGoWithTheirSet(web, [0], spanned);
  const owned = [policied('Delete', 'Retain'), ...kept(0, { owners: [ownedBySet] })];
  const gone = [claimGoes('www-web-0'), volumeGoes('pv-0')];

  test('upheld: claim and volume go with the set', () => {
    expect(judge(fenced(...owned, before, setGoes, ...gone))).toEqual(outcomeOf('upheld'));
  });
  test('upheld: a volume that is to be retained is Released', () => {
    const retained = [policied('Delete', 'Retain'), ...kept(0, { owners: [ownedBySet] }, { policy: 'Retain' })];
    const released = volumeIs('pv-0', { policy: 'Retain', phase: 'Released' });
    expect(judge(fenced(...retained, before, setGoes, claimGoes('www-web-0'), released))).toEqual(outcomeOf('upheld'));
  });
  test('violated: the claim stays, or its volume does', () => {
    expect(judge(fenced(...owned, before, setGoes))).toEqual(outcomeOf('violated', 'outlives'));
    const released = volumeIs('pv-0', { phase: 'Released' });
    expect(judge(fenced(...owned, before, setGoes, claimGoes('www-web-0'), released))).toEqual(
      outcomeOf('violated', 'Released'),
    );
  });
  test('violated: it went, but did not belong to the set', () => {
    expect(judge(fenced(policied('Delete', 'Retain'), ...kept(0), before, setGoes, ...gone))).toEqual(
      outcomeOf('violated', 'nobody'),
    );
  });
  test('inconclusive: the policy retains, the set stays, or the claim was not Bound', () => {
    const retaining = [policied('Retain', 'Delete'), ...kept(0, { owners: [ownedBySet] })];
    expect(judge(fenced(...retaining, before, setGoes, ...gone))).toEqual(outcomeOf('inconclusive', 'whenDeleted'));
    expect(judge(fenced(...owned, before, ...gone))).toEqual(outcomeOf('inconclusive'));
    const pending = [policied('Delete', 'Retain'), ...kept(0, { phase: 'Pending' })];
    expect(judge(fenced(...pending, before, setGoes, ...gone))).toEqual(outcomeOf('inconclusive'));
  });
  test('inconclusive: volumes were not followed, a gap', () => {
    const followed = ['pods', 'statefulsets', 'persistentvolumeclaims'] as const;
    expect(judge(following(followed, ...owned, before, setGoes, ...gone))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...owned, before, setGoes, gap('persistentvolumeclaims'), ...gone))).toEqual(
      outcomeOf('inconclusive'),
    );
  });
});

describe('claimsGoWithThePodsScaledAway', () => {
  const { judge } = claimsGoWithThePodsScaledAway(web, [1], spanned);
  const there = [policied('Retain', 'Delete'), readied('web-1'), ...kept(1)];
  const condemned = claimIs('www-web-1', { volume: 'pv-1', owners: [ownedByPod('web-1')] });

  test('upheld: the claim is given to its Pod and goes after it', () => {
    expect(judge(fenced(...there, before, condemned, ended('web-1'), claimGoes('www-web-1')))).toEqual(
      outcomeOf('upheld'),
    );
  });
  test('violated: the claim stays', () => {
    expect(judge(fenced(...there, before, ended('web-1')))).toEqual(outcomeOf('violated', 'outlives'));
  });
  test('violated: it went, but was never its Pod’s, or also the set’s', () => {
    expect(judge(fenced(...there, before, ended('web-1'), claimGoes('www-web-1')))).toEqual(outcomeOf('violated'));
    const both = claimIs('www-web-1', { owners: [ownedByPod('web-1'), ownedBySet] });
    expect(judge(fenced(...there, before, both, ended('web-1'), claimGoes('www-web-1')))).toEqual(
      outcomeOf('violated'),
    );
    const earlier = claimIs('www-web-1', { owners: [ownedByPod('web-1', 9)] });
    expect(judge(fenced(...there, before, earlier, ended('web-1'), claimGoes('www-web-1')))).toEqual(
      outcomeOf('violated'),
    );
  });
  test('violated: another claim of the name came, and the old one stays', () => {
    const history = fenced(...there, before, condemned, ended('web-1'), ...kept(2));
    expect(judge(history)).toEqual(outcomeOf('violated'));
  });
  test('inconclusive: the Pod stays, the policy retains, nothing was there', () => {
    expect(judge(fenced(...there, before, condemned, claimGoes('www-web-1')))).toEqual(outcomeOf('inconclusive'));
    const retaining = [policied('Delete', 'Retain'), readied('web-1'), ...kept(1)];
    expect(judge(fenced(...retaining, before, condemned, ended('web-1'), claimGoes('www-web-1')))).toEqual(
      outcomeOf('inconclusive', 'whenScaled'),
    );
    expect(judge(fenced(policied('Retain', 'Delete'), before))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('claimStaysWhileItsPodDoes', () => {
  const window = { from: 'before', alive: 'garbage-collector' } as const;
  const untouched = claimStaysWhileItsPodDoes(web, 0, 'untouched', window);
  const there = claimStaysWhileItsPodDoes(web, 0, 'there', window);
  const held = [readied('web-0'), ...kept(0), terminating('web-0')];

  test('upheld: it is left alone', () => {
    expect(untouched.judge(fenced(...held, before, ...signs))).toEqual(outcomeOf('upheld'));
    expect(there.judge(fenced(...held, before, ...signs))).toEqual(outcomeOf('upheld'));
  });
  test('violated or not: its deletion is asked for', () => {
    const history = fenced(...held, before, claimIs('www-web-0', { deleting: true }), ...signs);
    expect(untouched.judge(history)).toEqual(outcomeOf('violated', 'deleted before'));
    expect(there.judge(history)).toEqual(outcomeOf('upheld'));
  });
  test('violated: it goes within the window, or had gone when it opened', () => {
    expect(there.judge(fenced(...held, before, claimGoes('www-web-0'), ...signs))).toEqual(outcomeOf('violated'));
    expect(there.judge(fenced(...held, claimGoes('www-web-0'), before, ...signs))).toEqual(outcomeOf('violated'));
  });
  test('upheld: an earlier claim of the name had gone with an earlier Pod', () => {
    const again = [...kept(0), claimGoes('www-web-0'), ...held];
    expect(untouched.judge(fenced(...again, before, ...signs))).toEqual(outcomeOf('upheld'));
  });
  test('inconclusive: the Pod was not held, or went', () => {
    expect(there.judge(fenced(readied('web-0'), ...kept(0), before, ...signs))).toEqual(outcomeOf('inconclusive'));
    expect(there.judge(fenced(...held, before, deleted('web-0'), ...signs))).toEqual(outcomeOf('inconclusive'));
  });
  test('inconclusive: the garbage collector was not seen, there was no claim', () => {
    expect(there.judge(fenced(...held, before))).toEqual(outcomeOf('inconclusive'));
    expect(there.judge(fenced(readied('web-0'), terminating('web-0'), before, ...signs))).toEqual(
      outcomeOf('inconclusive'),
    );
  });
});

describe('aForeignClaimIsLeftAlone', () => {
  const { judge } = aForeignClaimIsLeftAlone(web, 1, spanned);
  const foreign = { volume: 'pv-1', owners: [{}] };
  const there = [
    policied('Retain', 'Retain'),
    readied('web-0'),
    readied('web-1'),
    ...kept(0),
    ...kept(1, foreign),
    before,
  ];
  const scaled = [policied('Delete', 'Delete', 'modified', { replicas: 1 }), ended('web-1')];
  const over = [setGoes, ended('web-0'), claimGoes('www-web-0')];

  test('upheld: it stays with its controller, and another claim goes', () => {
    expect(judge(fenced(...there, ...scaled, claimIs('www-web-1', foreign), ...over))).toEqual(outcomeOf('upheld'));
  });
  test('violated: it goes, or is asked to', () => {
    expect(judge(fenced(...there, ...scaled, claimGoes('www-web-1'), ...over))).toEqual(outcomeOf('violated'));
    const marked = claimIs('www-web-1', { ...foreign, deleting: true });
    expect(judge(fenced(...there, ...scaled, marked, ...over))).toEqual(outcomeOf('violated', 'deleted'));
  });
  test('violated: the set adds itself, or takes the controller off', () => {
    for (const owners of [[{}, ownedBySet], [ownedBySet], []])
      expect(judge(fenced(...there, ...scaled, claimIs('www-web-1', { owners }), ...over))).toEqual(
        outcomeOf('violated'),
      );
  });
  test('inconclusive: it had no other controller', () => {
    const own = [...there.slice(0, 4), ...kept(1, { owners: [ownedBySet] }), before];
    expect(judge(fenced(...own, ...scaled, ...over))).toEqual(outcomeOf('inconclusive', 'controller'));
    const loose = [...there.slice(0, 4), ...kept(1, { owners: [{ controller: false }] }), before];
    expect(judge(fenced(...loose, ...scaled, ...over))).toEqual(outcomeOf('inconclusive'));
  });
  test('inconclusive: nothing went, the set was not scaled, or not deleted, or retained', () => {
    expect(judge(fenced(...there, ...scaled, setGoes, ended('web-0')))).toEqual(outcomeOf('inconclusive'));
    const unscaled = policied('Delete', 'Delete', 'modified', { replicas: 2 });
    expect(judge(fenced(...there, unscaled, ...over))).toEqual(outcomeOf('inconclusive', 'scaled'));
    expect(judge(fenced(...there, ...scaled, ended('web-0'), claimGoes('www-web-0')))).toEqual(
      outcomeOf('inconclusive'),
    );
    expect(judge(fenced(...there, ended('web-1'), ...over))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('claimsOutlastTheirPods', () => {
  const { judge } = claimsOutlastTheirPods(web, { deleted: [0], evicted: [1], updated: [2] }, spanned);
  const pods = [readied('web-0'), readied('web-1'), readied('web-2')];
  const there = [policied('Delete', 'Delete'), ...pods, ...kept(0), ...kept(1), ...kept(2), before];
  const calls = [operated('delete', 'pods/web-0'), operated('evict', 'pods/web-1')];
  const lost = [ended('web-0'), readied('web-0'), ended('web-1'), readied('web-1')];
  const rolled = [ended('web-2'), readied('web-2', { revision: 'web-2' })];

  test('upheld: each Pod is another one, each claim the same', () => {
    expect(judge(fenced(...there, ...calls, ...lost, ...rolled))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });
  test('violated: a claim goes, is asked to, or changes its volume', () => {
    const all = [...there, ...calls, ...lost, ...rolled];
    expect(judge(fenced(...all, claimGoes('www-web-1')))).toEqual(outcomeOf('violated'));
    expect(judge(fenced(...all, claimIs('www-web-1', { volume: 'pv-1', deleting: true })))).toEqual(
      outcomeOf('violated'),
    );
    expect(judge(fenced(...all, claimIs('www-web-1', { volume: 'pv-9' })))).toEqual(outcomeOf('violated'));
    expect(judge(fenced(...all, volumeGoes('pv-2', { claim: 'www-web-2' })))).toEqual(outcomeOf('violated', 'volume'));
  });
  test('violated: it went and another of its name came', () => {
    expect(judge(fenced(...there, ...calls, ...lost, ...rolled, claimGoes('www-web-0'), ...kept(0)))).toEqual(
      outcomeOf('violated'),
    );
  });
  test('inconclusive: a Pod was not lost in the way it says', () => {
    expect(judge(fenced(...there, operated('delete', 'pods/web-0'), ...lost, ...rolled))).toEqual(
      outcomeOf('inconclusive', 'evict'),
    );
    const failed = operated('evict', 'pods/web-1', 'failed');
    expect(judge(fenced(...there, operated('delete', 'pods/web-0'), failed, ...lost, ...rolled))).toEqual(
      outcomeOf('inconclusive', 'evict'),
    );
    const same = [ended('web-2'), readied('web-2')];
    expect(judge(fenced(...there, ...calls, ...lost, ...same))).toEqual(outcomeOf('inconclusive', 'revision'));
    expect(judge(fenced(...there, ...calls, ...rolled))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...there, ...calls, ...lost, ...rolled, unready('web-2')))).toEqual(outcomeOf('inconclusive'));
  });
  test('inconclusive: the policy does not delete', () => {
    const retaining = [policied('Retain', 'Delete'), ...there.slice(1)];
    expect(judge(fenced(...retaining, ...calls, ...lost, ...rolled))).toEqual(outcomeOf('inconclusive', 'policy'));
  });
});
