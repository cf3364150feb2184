import { describe, expect, test } from 'vitest';
import { fenced, observed, setReported, unfenced, web, type Step } from '../history/testing.ts';
import { requestConflicts, scaleShows } from './scaleSubresource.ts';

const moment = 'asked';

function answered(code: number, body: unknown): Step {
  return observed({ of: 'api', moment, request: 'get statefulsets/web/scale', code, body });
}

const scale = {
  kind: 'Scale',
  apiVersion: 'autoscaling/v1',
  metadata: { name: 'web', uid: 'statefulsets/web#1', resourceVersion: '1' },
  spec: { replicas: 2 },
  status: { replicas: 1, selector: 'app=nginx' },
};
const set = setReported('added', { spec: { replicas: 2 }, status: { replicas: 1 } });

describe('scaleShows', () => {
  const { judge } = scaleShows(web, { replicas: 2, counted: 1, selector: 'app=nginx' }, moment, {});

  test('upheld: as the set has it', () => {
    expect(judge(fenced(set, answered(200, scale)))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('upheld: none is said by saying nothing', () => {
    const { judge: none } = scaleShows(web, { replicas: 0, counted: 0, selector: 'app=nginx' }, moment, {});
    const empty = { ...scale, spec: {}, status: { selector: 'app=nginx' } };
    expect(none(fenced(set, answered(200, empty)))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: other replicas, another count, another selector or none', () => {
    const wrong = [
      { spec: { replicas: 3 } },
      { status: { ...scale.status, replicas: 2 } },
      { status: { ...scale.status, selector: 'app=other' } },
      { status: { replicas: 1 } },
    ];
    for (const part of wrong)
      expect(judge(fenced(set, answered(200, { ...scale, ...part })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: of another set, of a version that it never had', () => {
    for (const part of [{ name: 'db' }, { uid: 'other' }, { resourceVersion: '7' }])
      expect(judge(fenced(set, answered(200, { ...scale, metadata: { ...scale.metadata, ...part } })))).toMatchObject({
        outcome: 'violated',
      });
  });
  test('violated: no Scale, or not found', () => {
    expect(judge(fenced(set, answered(200, { ...scale, kind: 'StatefulSet' })))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(set, answered(404, {})))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody asked, no word, no set, no fence', () => {
    expect(judge(fenced(set))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(set, answered(500, {})))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(answered(200, scale)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(set, answered(200, scale)))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('requestConflicts', () => {
  const { judge } = requestConflicts(moment);

  test('upheld: 409, Conflict', () => {
    expect(judge(fenced(answered(409, { reason: 'Conflict' })))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: accepted, or another refusal', () => {
    expect(judge(fenced(answered(200, scale)))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(answered(409, { reason: 'AlreadyExists' })))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(answered(422, { reason: 'Invalid' })))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody asked, or no word', () => {
    expect(judge(fenced())).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(answered(429, {})))).toMatchObject({ outcome: 'inconclusive' });
  });
});
