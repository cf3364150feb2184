import { describe, expect, test } from 'vitest';
import { buildEvidence } from './gather.ts';
import { exitCodeOf } from './exit.ts';
import { faultsOf } from './schema.ts';
import { burstStory, createdStory, judged, sampleCatalogue, sampleFacts } from './testing.ts';
import type { Judgement } from '../run.ts';

const allUpheld = ['web.ordered-creation', 'web.gated', 'web.identity'].map((id) => judged(id, 'upheld'));
const burst = burstStory();
const burstFile = 'histories/web-basics--burst.jsonl';
const violated = judged('web.gated', 'violated', {
  stem: 'web-basics--burst',
  because: 'web-1 was added while web-0 was not Running and Ready',
  counterexample: burst.changes('pods').filter(({ type }) => type === 'added'),
  counterexampleStory: 'three replicas are created',
});

function evidenceOf(judgements: readonly Judgement[], facts: Parameters<typeof sampleFacts>[0] = {}) {
  return buildEvidence(sampleFacts(facts), judgements, sampleCatalogue, new Map([[burstFile, burst]]));
}

describe('claims', () => {
  test('each claim of the tutorials asked for stands there once, in the order of the catalogue, and no other', () => {
    const { claims } = evidenceOf([...allUpheld.toReversed(), judged('webpar.burst', 'upheld')]);
    expect(claims.map(({ id }) => id)).toEqual(['web.ordered-creation', 'web.gated', 'web.identity']);
  });

  test.each([
    ['running', 'not judged yet when this report was written'],
    ['interrupted', 'the run was interrupted before it was judged'],
    ['broken', 'the run broke before it was judged'],
  ] as const)('one that was not judged is not run, with the reason: %s', (status, because) => {
    const { claims } = evidenceOf(allUpheld.slice(1), { status });
    expect(claims[0]).toMatchObject({ outcome: 'not-run', because });
  });

  test('one that was not asked for says so', () => {
    const asked = (id: string): true | string => id === 'web.gated' || 'not asked for in this run';
    const evidence = evidenceOf([judged('web.gated', 'upheld')], { asked });
    expect(evidence.claims[2]).toMatchObject({ outcome: 'not-run', because: 'not asked for in this run' });
    expect(exitCodeOf(evidence)).toBe(0);
  });

  test('a claim that two tests make is as good as its worst verdict', () => {
    const { claims } = evidenceOf([violated, ...allUpheld]);
    expect(claims[1]?.outcome).toBe('violated');
  });

  test('a counterexample names its history, and each entry with its index and the seconds since the story began', () => {
    const { claims } = evidenceOf([violated]);
    expect(claims[1]?.counterexample).toMatchObject({
      history: burstFile,
      entries: [
        { index: 3, seconds: 0.037, subject: 'pods/web-0' },
        { index: 4, seconds: 0.045, subject: 'pods/web-1' },
      ],
    });
  });
});

test('a run that calls itself complete is broken when a verdict got lost', () => {
  const evidence = evidenceOf(allUpheld.slice(1));
  expect(evidence.status).toBe('broken');
  expect(evidence.because).toBe('1 claims were asked for and never judged: web.ordered-creation');
  expect(exitCodeOf(evidence)).toBe(70);
});

test('variations are gathered from the histories', () => {
  const histories = new Map([['histories/web-basics--created.jsonl', createdStory()]]);
  const { variations, stories } = buildEvidence(sampleFacts(), allUpheld, sampleCatalogue, histories);
  expect(variations).toEqual([
    { says: 'probes every second instead of every ten', stories: ['three replicas are created'] },
  ]);
  expect(stories).toMatchObject([{ file: 'histories/web-basics--created.jsonl', status: 'told', gaps: 0 }]);
});

describe('exit codes', () => {
  const control = (outcome: Judgement['outcome']): Judgement => judged('web.gated', outcome, { kind: 'control' });
  test.each<[string, number, readonly Judgement[], Parameters<typeof sampleFacts>[0]]>([
    ['every judged claim upheld', 0, allUpheld, {}],
    ['and its controls red', 0, [...allUpheld, control('upheld')], {}],
    ['a claim not run, for a reason', 0, [...allUpheld.slice(1), judged('web.ordered-creation', 'not-run')], {}],
    ['a claim violated', 1, [...allUpheld, violated], {}],
    ['violated and inconclusive', 1, [violated, judged('web.identity', 'inconclusive'), ...allUpheld], {}],
    ['a control stayed green', 1, [...allUpheld, control('violated')], {}],
    ['a claim inconclusive', 2, [...allUpheld, judged('web.identity', 'inconclusive')], {}],
    ['a control inconclusive', 2, [...allUpheld, control('inconclusive')], {}],
    ['nothing judged at all', 2, [], { asked: () => 'not asked for in this run' }],
    [
      'every claim not run',
      2,
      ['web.ordered-creation', 'web.gated', 'web.identity'].map((id) => judged(id, 'not-run')),
      {},
    ],
    ['interrupted, though all is upheld', 130, allUpheld, { status: 'interrupted' }],
    ['broken, though a claim is violated', 70, [violated], { status: 'broken', because: 'the cluster went away' }],
    ['never finished', 70, allUpheld, { status: 'running' }],
  ])('%s: %i', (_case, code, judgements, facts) => {
    const evidence = evidenceOf(judgements, facts);
    expect(exitCodeOf(evidence)).toBe(code);
    expect(faultsOf(evidence)).toEqual([]);
  });
});

describe('the schema', () => {
  const evidence = evidenceOf([violated, ...allUpheld, judged('web.gated', 'upheld', { kind: 'control' })]);

  test('is kept as JSON travels', () => {
    expect(faultsOf(JSON.parse(JSON.stringify(evidence)))).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['a field it does not know', { ...evidence, mood: 'good' }, /additional properties: mood/],
    [
      'an outcome it does not know',
      { ...evidence, claims: [{ ...evidence.claims[0], outcome: 'passed' }] },
      /\/claims\/0\/outcome/,
    ],
    ['a violation without a reason', { ...evidence, claims: [without(evidence.claims[1], 'because')] }, /because/],
    [
      'an upheld claim that rests on nothing',
      { ...evidence, claims: [without(evidence.claims[0], 'examined')] },
      /examined/,
    ],
    [
      'an upheld claim that examined none',
      { ...evidence, claims: [{ ...evidence.claims[0], examined: { count: 0, of: 'Pods' } }] },
      /count must be >= 1/,
    ],
    ['a status it does not know', { ...evidence, status: 'fine' }, /\/status/],
    ['no totals', without(evidence, 'totals'), /totals/],
  ])('refuses %s', (_case, value, fault) => {
    expect(faultsOf(value).join('\n')).toMatch(fault);
  });
});

function without(value: object | undefined, field: string): object {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([name]) => name !== field));
}
