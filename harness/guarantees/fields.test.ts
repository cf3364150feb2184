import { describe, expect, test } from 'vitest';
import { fence, fenced, gap, observed, setReported, unfenced, web, type Step } from '../history/testing.ts';
import { changeIsForbidden, onlyThisFieldChanges, specIsKept } from './fields.ts';
import { before, spanned } from './testing.ts';

const moment = 'asked';

function answered(code: number, causes: readonly object[] = []): Step {
  const body = { details: { causes } };
  return observed({ of: 'api', moment, request: 'patch statefulsets/web', code, body });
}

function set(spec: object, generation: number, type: 'added' | 'modified' = 'modified'): Step {
  return setReported(type, { metadata: { generation }, spec });
}

const spec = { replicas: 2, serviceName: 'nginx', updateStrategy: { type: 'RollingUpdate' } };
const stored = [set(spec, 1, 'added'), before] as const;

describe('changeIsForbidden', () => {
  const { judge } = changeIsForbidden(moment, 'serviceName');
  const list = (...names: readonly string[]) => ({
    reason: 'FieldValueForbidden',
    field: 'spec',
    message: `Forbidden: updates for fields other than ${names.map((name) => `'${name}'`).join(', ')} are forbidden`,
  });

  test('upheld: the spec may not change but for fields of which this is none', () => {
    expect(judge(fenced(answered(422, [list('replicas', 'template')])))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('upheld: the field itself is named', () => {
    const named = { field: 'spec.serviceName', reason: 'FieldValueInvalid', message: 'field is immutable' };
    expect(judge(fenced(answered(422, [named])))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: accepted, or refused with another code', () => {
    for (const code of [200, 409])
      expect(judge(fenced(answered(code, [list('replicas')])))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: refused for another reason', () => {
    const others = [
      { field: 'spec.serviceName', reason: 'FieldValueInvalid', message: 'not a DNS label' },
      { field: 'spec.template', reason: 'FieldValueForbidden', message: 'field is immutable' },
      list('replicas', 'serviceName'),
    ];
    for (const other of others) expect(judge(fenced(answered(422, [other])))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(answered(422)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one of two is accepted', () => {
    expect(judge(fenced(answered(422, [list('replicas')]), answered(200)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody asked, or the server had no word for it', () => {
    expect(judge(fenced())).toMatchObject({ outcome: 'inconclusive' });
    for (const code of [0, 429, 500]) expect(judge(fenced(answered(code)))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('specIsKept', () => {
  const { judge } = specIsKept(web, moment, spanned);

  test('upheld: the status may change', () => {
    const status = setReported('modified', { metadata: { generation: 1 }, spec, status: { replicas: 1 } });
    expect(judge(fenced(...stored, answered(422), status))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: the spec changes, if only for a moment', () => {
    const history = fenced(...stored, answered(422), set({ ...spec, serviceName: 'other' }, 2), set(spec, 3));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'the spec of web changed' });
  });
  test('violated: the generation alone changes', () => {
    expect(judge(fenced(...stored, answered(422), set(spec, 2)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody asked in the span, there is no set, a gap, no fence', () => {
    expect(judge(fenced(...stored))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...stored, fence('later'), answered(422)))).toMatchObject({ outcome: 'upheld' });
    const early = specIsKept(web, moment, { from: 'before', to: 'later' });
    expect(early.judge(fenced(...stored, fence('later'), answered(422)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(before, answered(422)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...stored, answered(422), setReported('deleted')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...stored, answered(422), gap('statefulsets')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...stored, answered(422)))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('onlyThisFieldChanges', () => {
  const { judge } = onlyThisFieldChanges(web, { field: 'replicas', value: 3 }, moment, spanned);
  const three = { ...spec, replicas: 3 };

  test('upheld: this one, by one generation', () => {
    expect(judge(fenced(...stored, answered(200), set(three, 2)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('upheld: of an object value the server fills in the rest', () => {
    const change = { field: 'updateStrategy', value: { type: 'OnDelete' } };
    const filled = set({ ...spec, updateStrategy: { type: 'OnDelete', since: 1 } }, 2);
    const { judge: filling } = onlyThisFieldChanges(web, change, moment, spanned);
    expect(filling(fenced(...stored, answered(200), filled))).toMatchObject({ outcome: 'upheld' });
    expect(filling(fenced(...stored, answered(200), set({ ...spec, updateStrategy: 'OnDelete' }, 2)))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: refused', () => {
    expect(judge(fenced(...stored, answered(422)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: answered with 200 and not stored, or stored as something else', () => {
    expect(judge(fenced(...stored, answered(200)))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...stored, answered(200), set({ ...spec, replicas: 4 }, 2)))).toMatchObject({
      outcome: 'violated',
      because: 'replicas is 4',
    });
  });
  test('violated: another field changes as well, appears, or goes', () => {
    const { serviceName: _, ...without } = three;
    for (const other of [{ ...three, serviceName: 'other' }, { ...three, paused: true }, without])
      expect(judge(fenced(...stored, answered(200), set(other, 2)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the generation stays, or jumps', () => {
    for (const generation of [1, 3])
      expect(judge(fenced(...stored, answered(200), set(three, generation)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was so before, nobody asked, the server had no word, there is no set', () => {
    expect(judge(fenced(set(three, 1, 'added'), before, answered(200)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...stored, set(three, 2)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...stored, answered(503)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(before, answered(200)))).toMatchObject({ outcome: 'inconclusive' });
  });
});
