import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  ended,
  fenced,
  gap,
  observed,
  ready,
  readied,
  terminating,
  unfenced,
  web,
} from '../history/testing.ts';
import {
  boundVolumeStays,
  claimGoesOnceUnused,
  claimInUseStays,
  claimOfAStartingPodStays,
  claimOfAStoppingPodStays,
  claimIsRemadeForAWaitingPod,
  volumeGoesWithItsClaim,
} from './protection.ts';
import { directoryLook } from './reclaiming.ts';
import { before, changed, spanned } from './testing.ts';
import { claimGoes, claimIs, kept, lookedAt, printed, volumeGoes, volumeIs } from './testingVolumes.ts';

const outcomeOf = (outcome: 'upheld' | 'violated' | 'inconclusive', because = '') =>
  expect.objectContaining({ outcome, ...(because === '' ? {} : { because: expect.stringContaining(because) }) });

const leaving = claimIs('www-web-0', { deleting: true });

describe('claimOfAStartingPodStays', () => {
  const { judge } = claimOfAStartingPodStays(web, 0, 'unused', spanned);
  const withoutNode = changed(added('web-0'), (object) => ({
    ...object,
    spec: { ...(object['spec'] as object), nodeName: undefined },
  }));
  const there = [added('web-0'), ...kept(0), claimIs('unused', { phase: 'Pending' }, 'added')];
  const unusedGoes = [claimIs('unused', { deleting: true }), claimGoes('unused')];

  test('upheld: it stays, and the unused one goes', () => {
    expect(judge(fenced(...there, leaving, before, ...unusedGoes))).toEqual(outcomeOf('upheld'));
  });
  test('violated: it goes, or loses its finalizer', () => {
    expect(judge(fenced(...there, leaving, claimGoes('www-web-0'), before, ...unusedGoes))).toEqual(
      outcomeOf('violated', 'removed'),
    );
    const bare = claimIs('www-web-0', { deleting: true, finalizers: [] });
    expect(judge(fenced(...there, leaving, bare, before, ...unusedGoes))).toEqual(outcomeOf('violated', 'protection'));
  });
  test('inconclusive: the Pod has no node, or runs; the unused one stays, a gap', () => {
    const [, ...rest] = there;
    expect(judge(fenced(withoutNode, ...rest, leaving, before, ...unusedGoes))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...there, leaving, before, ready('web-0'), ...unusedGoes))).toEqual(
      outcomeOf('inconclusive', 'Pending on a node'),
    );
    expect(judge(fenced(...there, leaving, before))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...there, leaving, before, ...unusedGoes, gap('pods')))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('claimOfAStoppingPodStays', () => {
  const { judge } = claimOfAStoppingPodStays(web, 0, 'unused', spanned);
  const there = [readied('web-0'), ...kept(0), claimIs('unused', { phase: 'Pending' }, 'added')];
  const stopping = [...there, terminating('web-0'), leaving] as const;
  const unusedGoes = [claimIs('unused', { deleting: true }), claimGoes('unused')];

  test('upheld: it stays, and the unused one goes', () => {
    expect(judge(fenced(...stopping, before, ...unusedGoes))).toEqual(outcomeOf('upheld'));
  });
  test('violated: it goes, or loses its finalizer', () => {
    const gone = fenced(...stopping, claimGoes('www-web-0'), before, ...unusedGoes);
    expect(judge(gone)).toEqual(outcomeOf('violated', 'removed'));
    const bare = claimIs('www-web-0', { deleting: true, finalizers: [] });
    expect(judge(fenced(...stopping, bare, before, ...unusedGoes))).toEqual(outcomeOf('violated', 'protection'));
  });
  test('inconclusive: the Pod was not asked to go, or is gone before the end; the unused one stays, a gap', () => {
    expect(judge(fenced(...there, leaving, before, ...unusedGoes))).toEqual(outcomeOf('inconclusive', 'Terminating'));
    expect(judge(fenced(...stopping, before, ...unusedGoes, deleted('web-0')))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...stopping, before))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...stopping, before, ...unusedGoes, gap('pods')))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('claimInUseStays', () => {
  const { judge } = claimInUseStays(web, 0, 'unused', { moment: 'goes on', nonce: 'a word' }, spanned);
  const there = [readied('web-0'), ...kept(0), claimIs('unused', { phase: 'Pending' }, 'added')];
  const works = printed('goes on', 'web-0', 'a word\n');
  const unusedGoes = [claimIs('unused', { deleting: true }), claimGoes('unused')];

  test('upheld: it stays, the Pod goes on, and the unused one goes', () => {
    expect(judge(fenced(...there, leaving, before, works, ...unusedGoes))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: it goes, at once or within the window', () => {
    expect(judge(fenced(...there, leaving, claimGoes('www-web-0'), before, works, ...unusedGoes))).toEqual(
      outcomeOf('violated', 'removed'),
    );
    expect(judge(fenced(...there, leaving, before, works, ...unusedGoes, claimGoes('www-web-0')))).toEqual(
      outcomeOf('violated', 'removed'),
    );
  });
  test('violated: it goes at once without a deletionTimestamp, and nothing else was seen', () => {
    expect(judge(fenced(...there, claimGoes('www-web-0'), before, works))).toEqual(outcomeOf('violated'));
  });
  test('violated: it loses its finalizer to another', () => {
    const bare = claimIs('www-web-0', { deleting: true, finalizers: ['somebody.else/holds'] });
    expect(judge(fenced(...there, leaving, bare, before, works, ...unusedGoes))).toEqual(
      outcomeOf('violated', 'protection'),
    );
  });
  test('violated: the Pod cannot write or read any more', () => {
    const output = {
      of: 'command',
      moment: 'goes on',
      pod: 'web-0',
      argv: ['sh'],
      stdout: '',
      stderr: 'I/O error',
    } as const;
    const fails = observed({ ...output, exitCode: 1 });
    expect(judge(fenced(...there, leaving, before, fails, ...unusedGoes))).toEqual(outcomeOf('violated', 'I/O error'));
    const other = printed('goes on', 'web-0', 'another word\n');
    expect(judge(fenced(...there, leaving, before, other, ...unusedGoes))).toEqual(outcomeOf('violated'));
  });
  test('inconclusive: the unused one stays, or went before', () => {
    expect(judge(fenced(...there, leaving, before, works))).toEqual(outcomeOf('inconclusive', 'unused'));
    expect(judge(fenced(...there, ...unusedGoes, leaving, before, works))).toEqual(outcomeOf('inconclusive', 'unused'));
  });
  test('inconclusive: nobody asked, or only within the window', () => {
    expect(judge(fenced(...there, before, works, ...unusedGoes))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...there, before, leaving, works, ...unusedGoes))).toEqual(outcomeOf('inconclusive'));
  });
  test('inconclusive: the Pod goes, is another one, or mounts another claim; it was not asked to write', () => {
    const all = [...there, leaving, before, works, ...unusedGoes];
    expect(judge(fenced(...all, terminating('web-0')))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...all, ...[ended('web-0'), readied('web-0')]))).toEqual(outcomeOf('inconclusive'));
    const other = [readied('web-0', { claim: 'other' }), ...there.slice(1), leaving, before, works, ...unusedGoes];
    expect(judge(fenced(...other))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...there, leaving, before, ...unusedGoes))).toEqual(outcomeOf('inconclusive', 'write'));
  });
  test('inconclusive: a gap in the claims, no fence', () => {
    const all = [...there, leaving, before, works, ...unusedGoes];
    expect(judge(fenced(...all, gap('persistentvolumeclaims')))).toEqual(outcomeOf('inconclusive'));
    expect(judge(unfenced(...all))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('claimGoesOnceUnused', () => {
  const { judge } = claimGoesOnceUnused(web, 0, spanned);
  const there = [readied('web-0'), ...kept(0), leaving, before];

  test('upheld: it goes after the Pod, and another may come', () => {
    expect(judge(fenced(...there, ended('web-0'), claimGoes('www-web-0')))).toEqual(outcomeOf('upheld'));
    expect(judge(fenced(...there, ended('web-0'), claimGoes('www-web-0'), ...kept(0)))).toEqual(outcomeOf('upheld'));
  });
  test('violated: it stays', () => {
    expect(judge(fenced(...there, ended('web-0')))).toEqual(outcomeOf('violated', 'still there'));
  });
  test('violated: it goes before the Pod, or the Pod stays', () => {
    const early = [terminating('web-0'), claimGoes('www-web-0'), deleted('web-0')];
    expect(judge(fenced(...there, ...early))).toEqual(outcomeOf('violated', 'before its Pod'));
    expect(judge(fenced(...there, claimGoes('www-web-0')))).toEqual(outcomeOf('violated', 'before its Pod'));
  });
  test('inconclusive: neither goes, or nobody had asked', () => {
    expect(judge(fenced(...there))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(readied('web-0'), ...kept(0), before, ended('web-0')))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('boundVolumeStays', () => {
  const { judge } = boundVolumeStays('www-web-1', spanned);
  const marked = volumeIs('pv-1', { claim: 'www-web-1', deleting: true });
  const there = [...kept(0), ...kept(1), marked, before];
  const otherGoes = [volumeIs('pv-0', { phase: 'Released', deleting: true }), volumeGoes('pv-0')];

  test('upheld: it stays Bound, and another goes', () => {
    expect(judge(fenced(...there, ...otherGoes))).toEqual(outcomeOf('upheld'));
  });
  test('violated: it goes, at once or later', () => {
    const gone = volumeGoes('pv-1', { claim: 'www-web-1' });
    expect(judge(fenced(...there, gone, ...otherGoes))).toEqual(outcomeOf('violated', 'removed'));
    expect(judge(fenced(...kept(0), ...kept(1), gone, before))).toEqual(outcomeOf('violated', 'removed'));
  });
  test('violated: it is not Bound any more, or not protected', () => {
    const failed = volumeIs('pv-1', { claim: 'www-web-1', deleting: true, phase: 'Failed' });
    expect(judge(fenced(...there, failed, ...otherGoes))).toEqual(outcomeOf('violated', 'Failed'));
    const bare = volumeIs('pv-1', { claim: 'www-web-1', deleting: true, finalizers: [] });
    expect(judge(fenced(...there, bare, ...otherGoes))).toEqual(outcomeOf('violated', 'protection'));
  });
  test('inconclusive: no other volume went, or one went before', () => {
    expect(judge(fenced(...there))).toEqual(outcomeOf('inconclusive', 'other'));
    expect(judge(fenced(...kept(0), ...kept(1), ...otherGoes, marked, before))).toEqual(outcomeOf('inconclusive'));
  });
  test('inconclusive: the claim is deleted too, or nobody asked for the volume to go', () => {
    const claimLeaves = claimIs('www-web-1', { volume: 'pv-1', deleting: true });
    expect(judge(fenced(...there, claimLeaves, ...otherGoes))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...kept(0), ...kept(1), before, ...otherGoes))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('volumeGoesWithItsClaim', () => {
  const { judge } = volumeGoesWithItsClaim('www-web-0', { before: 'first', after: 'last' }, spanned);
  const there = [...kept(0), volumeIs('pv-0', { deleting: true }), before];
  const asked = claimIs('www-web-0', { deleting: true });
  const gone = [asked, claimGoes('www-web-0'), volumeGoes('pv-0')];
  const withData = ['kubernetes.io/pv-protection', 'external-provisioner.volume.kubernetes.io/finalizer'];
  const promised = [...kept(0, {}, { finalizers: withData }), ...there.slice(2)];
  const look = (moment: string, stdout: string) => lookedAt(moment, directoryLook('/data/pv-0'), stdout);

  test('upheld: both go', () => {
    expect(judge(fenced(...there, ...gone))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('upheld: and the data, where that is promised', () => {
    const history = fenced(look('first', 'there\n'), ...promised, ...gone, look('last', 'absent\n'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: the volume stays, or the claim does', () => {
    expect(judge(fenced(...there, asked, claimGoes('www-web-0')))).toEqual(outcomeOf('violated', 'persistentvolumes'));
    expect(judge(fenced(...there, asked))).toEqual(outcomeOf('violated', 'persistentvolumeclaims'));
  });
  test('violated: the data stays, although that is promised', () => {
    const history = fenced(look('first', 'there\n'), ...promised, ...gone, look('last', 'there\n'));
    expect(judge(history)).toEqual(outcomeOf('violated', 'directory'));
  });
  test('inconclusive: the data was not looked for, or never seen', () => {
    expect(judge(fenced(look('first', 'there\n'), ...promised, ...gone))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...promised, ...gone, look('last', 'absent\n')))).toEqual(outcomeOf('inconclusive'));
  });
  test('inconclusive: only one of them was deleted', () => {
    expect(judge(fenced(...there))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...kept(0), before, ...gone))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('claimIsRemadeForAWaitingPod', () => {
  const { judge } = claimIsRemadeForAWaitingPod(web, 0, spanned);
  const unplaced = changed(added('web-0'), (object) => {
    const { nodeName: _, ...spec } = object['spec'] as Record<string, unknown>;
    return { ...object, spec };
  });
  const waits = [unplaced, ...kept(0, { phase: 'Pending', volume: null }), before];
  const runs = ready('web-0');
  const remade = [claimIs('www-web-0', {}, 'added'), volumeIs('pv-0', { nth: 2 }, 'added')];

  test('upheld: another claim comes, and the same Pod runs', () => {
    expect(judge(fenced(...waits, claimGoes('www-web-0'), ...remade, runs))).toEqual(outcomeOf('upheld'));
  });
  test('violated: none comes', () => {
    expect(judge(fenced(...waits, claimGoes('www-web-0')))).toEqual(outcomeOf('violated', 'not made again'));
  });
  test('violated: it comes and is not Bound, or the Pod does not run', () => {
    const unbound = claimIs('www-web-0', { phase: 'Pending', volume: null }, 'added');
    expect(judge(fenced(...waits, claimGoes('www-web-0'), unbound))).toEqual(outcomeOf('violated', 'Pending'));
    expect(judge(fenced(...waits, claimGoes('www-web-0'), ...remade))).toEqual(outcomeOf('violated', 'web-0'));
  });
  test('violated: the old one stays, while one that is deleted later goes', () => {
    const unused = claimIs('unused', { phase: 'Pending' }, 'added');
    const later = [claimIs('unused', { deleting: true }), claimGoes('unused')];
    expect(judge(fenced(unused, ...waits, leaving, ...later))).toEqual(outcomeOf('violated', 'stays'));
    expect(judge(fenced(unused, ...waits, leaving))).toEqual(outcomeOf('inconclusive', 'stays'));
    expect(judge(fenced(unused, ...waits, ...later, leaving))).toEqual(outcomeOf('inconclusive', 'stays'));
  });
  test('inconclusive: nobody deletes the claim, the Pod does not wait, or is another one', () => {
    expect(judge(fenced(...waits, runs))).toEqual(outcomeOf('inconclusive', 'deleted'));
    const placed = [readied('web-0'), ...waits.slice(1)];
    expect(judge(fenced(...placed, claimGoes('www-web-0'), ...remade))).toEqual(outcomeOf('inconclusive'));
    const again = [ended('web-0'), readied('web-0')];
    expect(judge(fenced(...waits, claimGoes('www-web-0'), ...remade, ...again))).toEqual(outcomeOf('inconclusive'));
  });
});
