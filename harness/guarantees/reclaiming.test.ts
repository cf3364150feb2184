import { describe, expect, test } from 'vitest';
import {
  added,
  ended,
  fence,
  fenced,
  following,
  gap,
  observed,
  operated,
  readied,
  reported,
  setReported,
  unfenced,
  web,
} from '../history/testing.ts';
import { directoryLook, noStorageIsDeletedUnasked, storageIsReclaimed } from './reclaiming.ts';
import { claimFields, stored } from './testingClaims.ts';

const before = fence('before');
const span = { from: 'before', to: 'end' };
const leaving = { deletionTimestamp: '2026-01-01T00:00:00Z' };

const claimGone = (ordinal: number) => reported('persistentvolumeclaims', 'deleted', `www-web-${ordinal}`);
const volumeGone = (ordinal: number) =>
  reported('persistentvolumes', 'deleted', `pv-${ordinal}`, {
    spec: { claimRef: { name: `www-web-${ordinal}`, uid: `persistentvolumeclaims/www-web-${ordinal}#1` } },
  });

describe('noStorageIsDeletedUnasked', () => {
  const { judge } = noStorageIsDeletedUnasked(web, span);
  const there = [setReported('added'), readied('web-0'), ...stored(0), before];

  test('upheld: the set is deleted and its storage stays', () => {
    expect(judge(fenced(...there, setReported('deleted'), ended('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('upheld: this run asked for the deletion of the claim', () => {
    const asked = operated('delete', 'persistentvolumeclaims/www-web-0', 'invoked');
    expect(judge(fenced(...there, ended('web-0'), asked, claimGone(0), volumeGone(0)))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: the claim is deleted, and nobody asked', () => {
    expect(judge(fenced(...there, setReported('deleted'), claimGone(0)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the claim is only asked to go', () => {
    const marked = reported('persistentvolumeclaims', 'modified', 'www-web-0', { ...claimFields, metadata: leaving });
    expect(judge(fenced(...there, ended('web-0'), marked))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the volume is deleted under its claim', () => {
    expect(judge(fenced(...there, ended('web-0'), volumeGone(0)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: we asked for it only afterwards, or for another claim', () => {
    const late = operated('delete', 'persistentvolumeclaims/www-web-0', 'invoked');
    const other = operated('delete', 'persistentvolumeclaims/www-web-1', 'invoked');
    expect(judge(fenced(...there, ended('web-0'), claimGone(0), late))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...there, other, ended('web-0'), claimGone(0)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nothing of the set was deleted', () => {
    expect(judge(fenced(...there))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it had no claims, or a claim without a volume', () => {
    const bare = [setReported('added'), readied('web-0')];
    expect(judge(fenced(...bare, before, ended('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    const [claim] = stored(0);
    expect(judge(fenced(...bare, claim ?? before, before, ended('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: volumes were not followed, a gap in the claims, no fence', () => {
    const followed = ['pods', 'statefulsets', 'persistentvolumeclaims'] as const;
    expect(judge(following(followed, ...there, ended('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...there, ended('web-0'), gap('persistentvolumeclaims')))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(unfenced(...there, ended('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('storageIsReclaimed', () => {
  const { judge } = storageIsReclaimed(web, [0, 1], { before: 'first', after: 'last' }, span);
  const look = (moment: string, ordinal: number, stdout: string) =>
    observed({ of: 'node', moment, node: 'worker-1', argv: directoryLook(`/data/pv-${ordinal}`), stdout });
  const there = [...stored(0), ...stored(1), before, look('first', 0, 'there\n'), look('first', 1, 'there\n')];
  const gone = [claimGone(0), volumeGone(0), claimGone(1), volumeGone(1)];
  const absent = [look('last', 0, 'absent\n'), look('last', 1, 'absent\n')];

  test('upheld: claims, volumes and directories are gone', () => {
    expect(judge(fenced(...there, ...gone, ...absent))).toMatchObject({ outcome: 'upheld', examined: { count: 6 } });
  });
  test('violated: a volume is left, Released', () => {
    const released = reported('persistentvolumes', 'modified', 'pv-1', {
      spec: { claimRef: { name: 'www-web-1', uid: 'persistentvolumeclaims/www-web-1#1' } },
      status: { phase: 'Released' },
    });
    const history = fenced(...there, claimGone(0), volumeGone(0), claimGone(1), released, ...absent);
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: expect.stringContaining('Released') });
  });
  test('violated: a claim is left, or made again', () => {
    expect(judge(fenced(...there, claimGone(0), volumeGone(0), ...absent))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...there, ...gone, ...absent, ...stored(2)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a directory is left', () => {
    const history = fenced(...there, ...gone, look('last', 0, 'absent\n'), look('last', 1, 'there\n'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: expect.stringContaining('directory') });
  });
  test('inconclusive: nobody looked before, or after, or saw nothing clear', () => {
    const unseen = [...stored(0), ...stored(1), before, look('first', 0, 'there\n')];
    expect(judge(fenced(...unseen, ...gone, ...absent))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...there, ...gone, look('last', 0, 'absent\n')))).toMatchObject({ outcome: 'inconclusive' });
    const unclear = [look('last', 0, 'absent\n'), look('last', 1, '')];
    expect(judge(fenced(...there, ...gone, ...unclear))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the directory was not there in the first place', () => {
    const never = [...stored(0), ...stored(1), before, look('first', 0, 'there\n'), look('first', 1, 'absent\n')];
    expect(judge(fenced(...never, ...gone, ...absent))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a Pod still mounted a claim', () => {
    expect(judge(fenced(added('web-0'), ...there, ended('web-0'), ...gone, ...absent))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: a claim was not there, or not Bound', () => {
    const history = fenced(...stored(0), before, look('first', 0, 'there\n'), claimGone(0), volumeGone(0), ...absent);
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap in the volumes', () => {
    expect(judge(fenced(...there, gap('persistentvolumes'), ...gone, ...absent))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
