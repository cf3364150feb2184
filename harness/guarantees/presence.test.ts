import { describe, expect, test } from 'vitest';
import { fence, fenced, following, gap, observed, operated, reported, unfenced } from '../history/testing.ts';
import type { ObservationFact } from '../history/observations.ts';
import { isAnsweredNotFound, isAppliedWithoutError, isKept, isMadeAnew, isRemoved, isUnchanged } from './presence.ts';

const made = reported('services', 'added', 'nginx');
const written = reported('services', 'modified', 'nginx');
const marked = reported('services', 'modified', 'nginx', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
const gone = reported('services', 'deleted', 'nginx');
const other = reported('services', 'modified', 'other');
const span = { from: 'before', to: 'end' };
const before = fence('before');

describe('isUnchanged', () => {
  const { judge } = isUnchanged('services', 'nginx', span);

  test('upheld: nobody wrote it', () => {
    expect(judge(fenced(made, written, before, other))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: it was written', () => {
    expect(judge(fenced(made, before, written))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it was deleted', () => {
    expect(judge(fenced(made, before, gone))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it was made again under a new uid', () => {
    expect(judge(fenced(made, before, gone, made))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was not there before', () => {
    expect(judge(fenced(before, made))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: Services were not followed, have a gap, or were not fenced', () => {
    expect(judge(following(['pods'], made, before))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(made, before, gap('services')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(made, before, other))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('isKept', () => {
  const { judge } = isKept('services', 'nginx', span);

  test('upheld: it is there, written by others', () => {
    expect(judge(fenced(made, before, written))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: it was asked to go', () => {
    expect(judge(fenced(made, before, marked))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there is one of its name, under a new uid', () => {
    expect(judge(fenced(made, before, gone, made))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was gone before', () => {
    expect(judge(fenced(made, gone, before))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('isMadeAnew', () => {
  const { judge } = isMadeAnew('services', 'nginx', span);

  test('upheld: the old one had gone and there is a new one', () => {
    expect(judge(fenced(made, gone, before, made, written))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: the old one goes within the span', () => {
    expect(judge(fenced(made, before, gone, made))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it stays as it was', () => {
    expect(judge(fenced(made, before, written))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is gone, and none comes', () => {
    expect(judge(fenced(made, before, gone))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the new one did not last', () => {
    expect(judge(fenced(made, gone, before, made, gone))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it was made twice', () => {
    expect(judge(fenced(made, gone, before, made, gone, made))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: there had been none', () => {
    expect(judge(fenced(before, made))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('isRemoved', () => {
  const { judge } = isRemoved('services', 'nginx', span);

  test('upheld: it went within the span', () => {
    expect(judge(fenced(made, before, marked, gone))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: it is there', () => {
    expect(judge(fenced(made, before))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it was asked to go and is there', () => {
    expect(judge(fenced(made, before, marked))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it came back', () => {
    expect(judge(fenced(made, before, gone, made))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it had gone before', () => {
    expect(judge(fenced(made, gone, before))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('isAppliedWithoutError', () => {
  const { judge } = isAppliedWithoutError(['services/nginx', 'statefulsets/web'], span);
  const applied = (target: string, phase?: 'invoked' | 'failed' | 'indeterminate') => operated('apply', target, phase);

  test('upheld: both succeeded', () => {
    expect(judge(fenced(before, applied('services/nginx'), applied('statefulsets/web')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: one failed', () => {
    expect(judge(fenced(before, applied('services/nginx', 'failed'), applied('statefulsets/web')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: how one of them ended is not known', () => {
    const asked = fenced(before, applied('services/nginx', 'indeterminate'), applied('statefulsets/web'));
    expect(judge(asked)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: one was only begun, or was applied before', () => {
    expect(judge(fenced(before, applied('services/nginx', 'invoked'), applied('statefulsets/web')))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(applied('services/nginx'), before, applied('statefulsets/web')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('isAnsweredNotFound', () => {
  const { judge } = isAnsweredNotFound('gone');
  const answered = (code: number, moment = 'gone') =>
    observed({ of: 'api', moment, request: 'get statefulsets/web', code, body: {} } satisfies ObservationFact);

  test('upheld: 404', () => {
    expect(judge(fenced(answered(404), answered(404)))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: it was found', () => {
    expect(judge(fenced(answered(404), answered(200)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no answer, or one about something else', () => {
    for (const code of [0, 401, 403, 429, 500, 503])
      expect(judge(fenced(answered(code)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not asked at that moment', () => {
    expect(judge(fenced(answered(404, 'earlier')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
