import { describe, expect, test } from 'vitest';
import { fenced, observed, unfenced, type Step } from '../history/testing.ts';
import { requestIsAccepted, requestIsRefused } from './api.ts';

const moment = 'asked';

function answered(code: number, body: unknown = {}): Step {
  return observed({ of: 'api', moment, request: 'create statefulsets (dry run)', code, body });
}

describe('requestIsAccepted', () => {
  const path = ['spec', 'updateStrategy', 'type'];
  const { judge } = requestIsAccepted(moment, { path, value: 'OnDelete' });
  const stored = (type: string) => ({ spec: { updateStrategy: { type } } });

  test('upheld: created and stored as asked', () => {
    expect(judge(fenced(answered(201, stored('OnDelete'))))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: refused', () => {
    expect(judge(fenced(answered(422, { message: 'no' })))).toMatchObject({
      outcome: 'violated',
      because: 'create statefulsets (dry run) was refused with 422: no',
    });
  });
  test('violated: accepted and stored as something else, or not at all', () => {
    expect(judge(fenced(answered(201, stored('RollingUpdate'))))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(answered(201, { spec: {} })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one of two is refused', () => {
    expect(judge(fenced(answered(201, stored('OnDelete')), answered(403)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the server answered nothing, was overloaded, or broke', () => {
    for (const code of [0, 429, 500, 503])
      expect(judge(fenced(answered(code)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody asked', () => {
    expect(judge(fenced())).toMatchObject({ outcome: 'inconclusive' });
    expect(requestIsAccepted('another moment').judge(fenced(answered(201)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no fence', () => {
    expect(judge(unfenced(answered(201, stored('OnDelete'))))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('requestIsRefused', () => {
  const { judge } = requestIsRefused(moment, { code: 422, field: 'spec.updateStrategy' });
  const caused = (...fields: readonly string[]) => ({
    message: 'invalid',
    details: { causes: fields.map((field) => ({ field })) },
  });

  test('upheld: the field is named, or one below it', () => {
    for (const field of ['spec.updateStrategy', 'spec.updateStrategy.type', 'spec.updateStrategy[0]'])
      expect(judge(fenced(answered(422, caused('metadata.name', field))))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: an unknown field is named in the message alone', () => {
    const { judge: strictly } = requestIsRefused(moment, { code: 400, field: 'spec.template.updateStrategy' });
    const body = { message: 'strict decoding error: unknown field "spec.template.updateStrategy"' };
    expect(strictly(fenced(answered(400, body)))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: accepted', () => {
    expect(judge(fenced(answered(201)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: refused for another reason', () => {
    expect(judge(fenced(answered(422, caused('metadata.name'))))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(answered(422, caused('spec.updateStrategyOfOld'))))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(answered(422)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: refused with another code', () => {
    expect(judge(fenced(answered(409, caused('spec.updateStrategy'))))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the server answered nothing, was overloaded, or broke', () => {
    for (const code of [0, 429, 500]) expect(judge(fenced(answered(code)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody asked', () => {
    expect(judge(fenced())).toMatchObject({ outcome: 'inconclusive' });
  });
});
