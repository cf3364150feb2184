import { describe, expect, test } from 'vitest';
import { fence, fenced, gap, observed, web } from '../history/testing.ts';
import {
  fileLook,
  theFreedVolumeIsClaimedAgain,
  theReleasedVolumeIsNotTaken,
  theRetainedVolumeKeepsItsData,
  theStorageIsFresh,
} from './kept.ts';
import { before, spanned } from './testing.ts';
import { claimGoes, claimIs, kept, lookedAt, printed, volumeGoes, volumeIs } from './testingVolumes.ts';

const outcomeOf = (outcome: 'upheld' | 'violated' | 'inconclusive', because = '') =>
  expect.objectContaining({ outcome, ...(because === '' ? {} : { because: expect.stringContaining(because) }) });

const looks = { before: 'first', after: 'last' };
const look = (moment: string, stdout: string) => lookedAt(moment, fileLook('/data/pv-0/nonce.txt'), stdout);
const released = volumeIs('pv-0', { policy: 'Retain', phase: 'Released' });

describe('theStorageIsFresh', () => {
  const { judge } = theStorageIsFresh(web, 0, looks, spanned);
  const was = [...kept(0), printed('first', 'web-0', 'nonce.txt\n'), before];
  const again = [claimIs('www-web-0', { volume: 'pv-9' }, 'added'), volumeIs('pv-9', { nth: 2 }, 'added')];
  const gone = [claimGoes('www-web-0'), volumeGoes('pv-0')];
  const empty = printed('last', 'web-0', 'lost+found\n');

  test('upheld: another claim, another volume, and nothing in it', () => {
    expect(judge(fenced(...was, ...gone, ...again, empty))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: the same claim', () => {
    expect(judge(fenced(...was, empty))).toEqual(outcomeOf('violated', 'same claim'));
  });
  test('violated: another claim with the old volume', () => {
    const old = [claimIs('www-web-0', {}, 'added'), volumeIs('pv-0', { nth: 2 })];
    expect(judge(fenced(...was, claimGoes('www-web-0'), ...old, empty))).toEqual(outcomeOf('violated', 'volume'));
  });
  test('violated: the old data, or anything else, is there', () => {
    for (const found of ['nonce.txt\n', 'something\n'])
      expect(judge(fenced(...was, ...gone, ...again, printed('last', 'web-0', found)))).toEqual(
        outcomeOf('violated', 'finds'),
      );
  });
  test('violated: no new claim, or it is not Bound', () => {
    expect(judge(fenced(...was, ...gone))).toEqual(outcomeOf('violated', 'no claim'));
    const pending = claimIs('www-web-0', { phase: 'Pending', volume: null }, 'added');
    expect(judge(fenced(...was, ...gone, pending))).toEqual(outcomeOf('violated', 'Pending'));
  });
  test('inconclusive: nobody listed the directory, or there was nothing in it before, or the command failed', () => {
    expect(judge(fenced(...was, ...gone, ...again))).toEqual(outcomeOf('inconclusive'));
    const bare = [...kept(0), printed('first', 'web-0', ''), before];
    expect(judge(fenced(...bare, ...gone, ...again, empty))).toEqual(outcomeOf('inconclusive', 'nothing'));
    const output = { of: 'command', moment: 'last', pod: 'web-0', argv: ['ls'], stdout: '', stderr: '' } as const;
    expect(judge(fenced(...was, ...gone, ...again, observed({ ...output, exitCode: 2 })))).toEqual(
      outcomeOf('inconclusive'),
    );
    const elsewhere = printed('last', 'web-0', '', ['ls', '/tmp']);
    expect(judge(fenced(...was, ...gone, ...again, elsewhere))).toEqual(outcomeOf('inconclusive'));
  });
  test('inconclusive: there was no claim before, a gap', () => {
    expect(judge(fenced(before, ...again, empty))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...was, ...gone, ...again, empty, gap('persistentvolumes')))).toEqual(
      outcomeOf('inconclusive'),
    );
  });
});

describe('theRetainedVolumeKeepsItsData', () => {
  const { judge } = theRetainedVolumeKeepsItsData('www-web-0', 'a word', looks, spanned);
  const was = [...kept(0, {}, { policy: 'Retain' }), before, look('first', 'a word\n')];

  test('upheld: Released, with its data', () => {
    expect(judge(fenced(...was, claimGoes('www-web-0'), released, look('last', 'a word\n')))).toEqual(
      outcomeOf('upheld'),
    );
  });
  test('violated: the volume goes, or is not Released, or is for another claim', () => {
    const after = look('last', 'a word\n');
    expect(judge(fenced(...was, claimGoes('www-web-0'), volumeGoes('pv-0'), after))).toEqual(outcomeOf('violated'));
    expect(judge(fenced(...was, claimGoes('www-web-0'), after))).toEqual(outcomeOf('violated', 'Bound'));
    for (const claim of [null, 'another'])
      expect(
        judge(fenced(...was, claimGoes('www-web-0'), volumeIs('pv-0', { claim, phase: 'Released' }), after)),
      ).toEqual(outcomeOf('violated'));
  });
  test('violated: the data is gone, or other data is there', () => {
    for (const stdout of ['absent\n', 'another word\n'])
      expect(judge(fenced(...was, claimGoes('www-web-0'), released, look('last', stdout)))).toEqual(
        outcomeOf('violated', 'holds'),
      );
  });
  test('inconclusive: nobody looked, or what was written was never seen, or the claim stays', () => {
    expect(judge(fenced(...was, claimGoes('www-web-0'), released))).toEqual(outcomeOf('inconclusive'));
    const unseen = [...kept(0), before, look('first', 'absent\n')];
    expect(judge(fenced(...unseen, claimGoes('www-web-0'), released, look('last', 'absent\n')))).toEqual(
      outcomeOf('inconclusive'),
    );
    expect(judge(fenced(...was, look('last', 'a word\n')))).toEqual(outcomeOf('inconclusive', 'not deleted'));
  });
});

describe('theReleasedVolumeIsNotTaken', () => {
  const { judge } = theReleasedVolumeIsNotTaken('again', 'www-web-0', spanned);
  const was = [...kept(0, {}, { policy: 'Retain' }), claimGoes('www-web-0'), released, before];
  const asks = claimIs('again', { phase: 'Pending' }, 'added');
  const newcomer = [claimIs('www-web-0', { volume: 'pv-9' }, 'added'), volumeIs('pv-9', { nth: 2 }, 'added')];

  test('upheld: it stays Released, and the newcomer has another', () => {
    expect(judge(fenced(...was, asks, ...newcomer))).toEqual(outcomeOf('upheld'));
  });
  test('violated: the asker is Bound', () => {
    expect(judge(fenced(...was, asks, claimIs('again'), ...newcomer))).toEqual(outcomeOf('violated', 'again'));
  });
  test('violated: the newcomer, of the name of the old claim, gets it', () => {
    const taken = [claimIs('www-web-0', {}, 'added'), volumeIs('pv-0', { nth: 2, policy: 'Retain' })];
    expect(judge(fenced(...was, asks, ...taken))).toEqual(outcomeOf('violated'));
  });
  test('violated: it becomes Available, or goes', () => {
    const free = volumeIs('pv-0', { claim: null, policy: 'Retain', phase: 'Available' });
    expect(judge(fenced(...was, asks, free, ...newcomer))).toEqual(outcomeOf('violated', 'Available'));
    expect(judge(fenced(...was, asks, volumeGoes('pv-0'), ...newcomer))).toEqual(outcomeOf('violated', 'deleted'));
  });
  test('inconclusive: the newcomer was not Bound, or made before', () => {
    expect(judge(fenced(...was, asks))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...was, ...newcomer, asks))).toEqual(outcomeOf('inconclusive', 'after'));
  });
  test('inconclusive: nobody asks for it, or it was not Released', () => {
    expect(judge(fenced(...was, ...newcomer))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...kept(0), before, asks, ...newcomer))).toEqual(outcomeOf('inconclusive'));
  });
});

describe('theFreedVolumeIsClaimedAgain', () => {
  const { judge } = theFreedVolumeIsClaimedAgain('again', 'a word', looks, spanned);
  const was = [
    look('first', 'a word\n'),
    ...kept(0, {}, { policy: 'Retain' }),
    claimGoes('www-web-0'),
    released,
    claimIs('again', { phase: 'Pending' }, 'added'),
    before,
  ];
  const freed = [
    volumeIs('pv-0', { claim: null, policy: 'Retain', phase: 'Released' }),
    volumeIs('pv-0', { claim: null, policy: 'Retain', phase: 'Available' }),
  ];
  const claimed = [volumeIs('pv-0', { claim: 'again', policy: 'Retain' }), claimIs('again')];

  test('upheld: Available, then Bound, with its data', () => {
    expect(judge(fenced(...was, ...freed, ...claimed, look('last', 'a word\n')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });
  test('violated: it never is Available, or nobody gets it', () => {
    expect(judge(fenced(...was, ...freed.slice(0, 1), ...claimed, look('last', 'a word\n')))).toEqual(
      outcomeOf('violated', 'Available'),
    );
    expect(judge(fenced(...was, ...freed, look('last', 'a word\n')))).toEqual(outcomeOf('violated', 'Pending'));
  });
  test('violated: the data is not what it was', () => {
    expect(judge(fenced(...was, ...freed, ...claimed, look('last', 'absent\n')))).toEqual(
      outcomeOf('violated', 'holds'),
    );
  });
  test('inconclusive: nobody freed it, it was not Released, or nobody looked', () => {
    expect(judge(fenced(...was, ...claimed, look('last', 'a word\n')))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...was.slice(0, 3), fence('before'), ...freed, ...claimed))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...was, ...freed, ...claimed))).toEqual(outcomeOf('inconclusive', 'looked'));
  });
});
