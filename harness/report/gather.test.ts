import { describe, expect, test } from 'vitest';
import { buildEvidence } from './gather.ts';
import { exitCodeOf } from './exit.ts';
import { renderJunit } from './junit.ts';
import { renderSummary } from './summary.ts';
import { renderConclusion } from './terminal/conclusion.ts';
import { describeKnown, headlineOf } from './words.ts';
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

describe('a claim that servers of this version are known to break', () => {
  const finding = /web-1 was added while web-0 was not/;
  const issue = 'https://github.com/kubernetes/kubernetes/issues/73492';
  const known = (certain: boolean, isRace = false) => ({
    known: (id: string) =>
      id === 'web.gated' ? { issue, says: 'it does not wait', finding, certain, isRace } : undefined,
  });
  const others = allUpheld.filter(({ claim }) => (claim as string) !== 'web.gated');
  const withOthers = (judgement: Judgement, certain = true) => evidenceOf([...others, judgement], known(certain));

  test('counts apart when it is violated as it is known, and the run is as it should be', () => {
    const evidence = withOthers(violated);
    expect(evidence.claims[1]?.known).toMatchObject({ seen: 'as-known', issue });
    expect(evidence.totals).toMatchObject({ violated: 1, known: { violated: 1, notSeen: 0 } });
    expect(exitCodeOf(evidence)).toBe(0);
    expect(headlineOf(evidence)).toBe('2 of 3 judged claims upheld, 1 violated exactly as known of v1.34.4');
  });

  test('violated in another way as well, it counts like any other', () => {
    const evidence = withOthers({ ...violated, violations: [violated.because ?? '', 'web-0 was never added'] });
    expect(evidence.claims[1]?.known?.seen).toBe('otherwise');
    expect(exitCodeOf(evidence)).toBe(1);
  });

  test('violated as it is known, with a guarantee that could not be judged, the run is red', () => {
    const evidence = withOthers({ ...violated, doubts: ['web-2 was not asked'] });
    const [, claim] = evidence.claims;
    expect(claim?.known).toMatchObject({ seen: 'in-doubt', doubts: ['web-2 was not asked'] });
    expect(claim && describeKnown(claim)).toMatch(/part of it could not be judged: web-2 was not asked$/);
    expect(exitCodeOf(evidence)).toBe(1);
    expect(faultsOf(evidence)).toEqual([]);
  });

  test('beside a violation that is not known the run is red', () => {
    const evidence = evidenceOf(
      [...others.slice(1), violated, judged('web.ordered-creation', 'violated')],
      known(true),
    );
    expect(exitCodeOf(evidence)).toBe(1);
    expect(headlineOf(evidence)).toBe('2 of 3 claims violated, 1 of them as known of v1.34.4');
  });

  test('not violated on the very version, the check or the table is in doubt', () => {
    const evidence = withOthers(judged('web.gated', 'upheld'));
    expect(evidence.totals.known).toEqual({ violated: 0, notSeen: 1 });
    expect(exitCodeOf(evidence)).toBe(2);
    expect(headlineOf(evidence)).toMatch(/^1 known violation of v1.34.4 not seen/);
  });

  test('not violated where a distribution may have mended it, all is well', () => {
    const evidence = withOthers(judged('web.gated', 'upheld'), false);
    expect(evidence.claims[1]?.known?.seen).toBe('mended');
    expect(exitCodeOf(evidence)).toBe(0);
  });

  test('not violated this time, where it is a race, all is well; violated as known, too', () => {
    const claims = (judgement: Judgement) => evidenceOf([...others, judgement], known(false, true));
    expect(claims(judged('web.gated', 'upheld')).claims[1]?.known?.seen).toBe('not-this-time');
    expect(exitCodeOf(claims(judged('web.gated', 'upheld')))).toBe(0);
    expect(exitCodeOf(claims(violated))).toBe(0);
  });

  test('inconclusive or not judged stays what it is', () => {
    expect(exitCodeOf(withOthers(judged('web.gated', 'inconclusive')))).toBe(2);
    expect(withOthers(judged('web.gated', 'not-run')).claims[1]?.known?.seen).toBe('not-judged');
  });

  test('keeps to the contract, and every rendering says what is known', () => {
    const evidence = withOthers(violated);
    expect(faultsOf(evidence)).toEqual([]);
    expect(renderSummary(evidence)).toContain('kubernetes/issues/73492');
    expect(renderJunit(evidence)).toContain('failures="0" errors="0" skipped="1"');
    expect(renderConclusion(evidence, 'reports/x')).toContain('known of this version (#73492): it does not wait');
    expect(renderJunit(withOthers(judged('web.gated', 'upheld')))).toContain('<error type="known"');
  });
});
