import { describe, expect, test } from 'vitest';
import {
  added,
  ended,
  failed,
  fenced,
  gap,
  observed,
  operated,
  readied,
  ready,
  reported,
  running,
  succeeded,
  terminating,
  touched,
  unfenced,
  unready,
  web,
} from '../history/testing.ts';
import { endedPodIsReplaced, lostPodComesBackBeside } from './recovery.ts';
import { before, claimless, spanned } from './testing.ts';

describe('lostPodComesBackBeside', () => {
  const { judge } = lostPodComesBackBeside(web, { lost: 0, sick: 1 }, spanned);
  const sick = [readied('web-0'), added('web-1'), running('web-1'), before] as const;

  test('upheld: a new web-0 becomes Ready while web-1 is not', () => {
    expect(judge(fenced(...sick, ended('web-0'), touched('web-1'), readied('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: no web-0 comes', () => {
    expect(judge(fenced(...sick, ended('web-0')))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 did not come back',
    });
  });
  test('violated: it comes without an owner, comes twice, is deleted again', () => {
    expect(judge(fenced(...sick, ended('web-0'), readied('web-0', { owner: null })))).toMatchObject({
      outcome: 'violated',
    });
    const twice = fenced(...sick, ended('web-0'), readied('web-0'), ended('web-0'), readied('web-0'));
    expect(judge(twice)).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...sick, ended('web-0'), readied('web-0'), terminating('web-0')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: it is there and still starting', () => {
    expect(judge(fenced(...sick, ended('web-0'), added('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not lost, or is still going', () => {
    expect(judge(fenced(...sick))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...sick, terminating('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: web-1 was healthy, became so, or went', () => {
    const healthy = fenced(readied('web-0'), readied('web-1'), before, ended('web-0'), readied('web-0'));
    const healed = fenced(...sick, ended('web-0'), ready('web-1'), unready('web-1'), readied('web-0'));
    const gone = fenced(...sick, ended('web-1'), ended('web-0'), readied('web-0'));
    for (const history of [healthy, healed, gone]) expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap, or no fence', () => {
    const steps = [...sick, ended('web-0'), readied('web-0')];
    expect(judge(fenced(...steps, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('endedPodIsReplaced', () => {
  const claim = (type: 'added' | 'modified' | 'deleted', metadata: object = {}) =>
    reported('persistentvolumeclaims', type, 'www-web-0', { metadata });
  const there = [claim('added'), readied('web-0'), before] as const;
  const { judge } = endedPodIsReplaced(web, 0, { by: 'Failed', successorIs: 'Running and Ready' }, spanned);

  test('upheld: it fails, goes, and comes back with its claim', () => {
    expect(judge(fenced(...there, failed('web-0'), ended('web-0'), readied('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: it stays where it failed', () => {
    expect(judge(fenced(...there, failed('web-0')))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is still there',
    });
  });
  test('violated: it goes and does not come back, or comes twice', () => {
    expect(judge(fenced(...there, failed('web-0'), ended('web-0')))).toMatchObject({ outcome: 'violated' });
    const twice = [ended('web-0'), readied('web-0'), ended('web-0'), readied('web-0')];
    expect(judge(fenced(...there, failed('web-0'), ...twice))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: its claim is deleted, or not used again', () => {
    const steps = [...there, failed('web-0'), ended('web-0'), readied('web-0')];
    expect(judge(fenced(...steps, claim('modified', { deletionTimestamp: 'now' })))).toMatchObject({
      outcome: 'violated',
    });
    const other = [...there, failed('web-0'), ended('web-0'), readied('web-0', { claim: 'www-web-1' })];
    expect(judge(fenced(...other))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was asked to go before it failed, or never failed', () => {
    const asked = fenced(...there, terminating('web-0'), failed('web-0'), ended('web-0'), readied('web-0'));
    expect(judge(asked)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...there, ended('web-0'), readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...there, succeeded('web-0'), ended('web-0'), readied('web-0')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: the story deleted it', () => {
    const history = fenced(...there, failed('web-0'), operated('delete', 'pods/web-0'), ended('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it is still going, or the new one still starting', () => {
    expect(judge(fenced(...there, failed('web-0'), terminating('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...there, failed('web-0'), ended('web-0'), added('web-0')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: it was not there, or had no claim', () => {
    expect(judge(fenced(claim('added'), before, added('web-0'), failed('web-0')))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(readied('web-0'), before, failed('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });

  test('Succeeded, held Pending, without claims', () => {
    const end = { by: 'Succeeded', successorIs: 'Pending' } as const;
    const { judge: succeeding } = endedPodIsReplaced(claimless, 0, end, spanned);
    const pending = [added('web-0'), before] as const;
    expect(succeeding(fenced(...pending, succeeded('web-0'), ended('web-0'), added('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
    expect(succeeding(fenced(...pending, succeeded('web-0')))).toMatchObject({ outcome: 'violated' });
  });

  test('evicted: what counts is that the server agreed', () => {
    const end = { by: { evictedAt: 'evicted' }, successorIs: 'Running and Ready' } as const;
    const { judge: evicting } = endedPodIsReplaced(web, 0, end, spanned);
    const answered = (code: number) =>
      observed({ of: 'api', moment: 'evicted', request: 'create pods/web-0/eviction', code, body: {} });
    expect(evicting(fenced(...there, answered(201), ended('web-0'), readied('web-0')))).toMatchObject({
      outcome: 'upheld',
    });
    expect(evicting(fenced(...there, answered(201)))).toMatchObject({ outcome: 'violated' });
    expect(evicting(fenced(...there, answered(201), ended('web-0')))).toMatchObject({ outcome: 'violated' });
    expect(evicting(fenced(...there, answered(429), ended('web-0'), readied('web-0')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
