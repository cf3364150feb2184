import { describe, expect, test } from 'vitest';
import type { ClaimId } from '../claims/catalogue.ts';
import type { Mutant } from './mutant.ts';
import { scoreOf, type Verdict } from './score.ts';

const gate = 'web.creation-gated-on-ready';
const scaleUp = 'web.scale-up-ordered-gated';
const hostname = 'web.hostname';

const declared: Pick<Mutant, 'claims' | 'explains' | 'equivalent'> = { claims: [gate, scaleUp], explains: {} };

function verdict(outcome: Verdict['outcome']): (claim: ClaimId) => Verdict {
  return (claim) => ({ claim, outcome, ...(outcome === 'upheld' ? {} : { because: 'it was seen' }) });
}
const upheld = verdict('upheld');
const violated = verdict('violated');
const inconclusive = verdict('inconclusive');
const notRun = verdict('not-run');

describe('killed', () => {
  test.each([
    ['every declared claim is violated', [violated(gate), violated(scaleUp)]],
    ['one is violated, the other inconclusive', [violated(gate), inconclusive(scaleUp)]],
    ['others are upheld', [violated(gate), violated(scaleUp), upheld(hostname)]],
    ['others were not run', [violated(gate), violated(scaleUp), notRun(hostname)]],
  ])('%s', (_, verdicts) => {
    expect(scoreOf(declared, verdicts)).toEqual({ outcome: 'killed' });
  });

  test('another red claim is explained', () => {
    const explains = { [hostname]: 'its story needs the gate' };
    const score = scoreOf({ ...declared, explains }, [violated(gate), violated(scaleUp), violated(hostname)]);
    expect(score).toEqual({ outcome: 'killed' });
  });

  test('another red claim is red without the mutant as well', () => {
    const verdicts = [violated(gate), violated(scaleUp), violated(hostname)];
    expect(scoreOf(declared, verdicts, new Set([hostname]))).toEqual({ outcome: 'killed' });
  });

  test('another claim is red for the story that a declared one broke, and for no other', () => {
    const story = 'web comes up';
    const broke = { ...violated(gate), story, untold: [story] };
    const alike = [broke, violated(scaleUp)];
    const dragged = [
      { ...violated(hostname), story, untold: [story] },
      { ...inconclusive(hostname), untold: [story] },
    ];
    for (const each of dragged) expect(scoreOf(declared, [...alike, each])).toEqual({ outcome: 'killed' });
    const apart = [
      violated(hostname),
      { ...violated(hostname), story: 'another', untold: [story] },
      { ...violated(hostname), story: 'another', untold: ['another'] },
      { ...inconclusive(hostname), untold: ['another'] },
    ];
    for (const each of apart) expect(scoreOf(declared, [...alike, each])).toMatchObject({ outcome: 'unexplained' });
    const open = [{ ...inconclusive(gate), untold: [story] }, violated(scaleUp), { ...violated(hostname), story }];
    expect(scoreOf(declared, open)).toMatchObject({ outcome: 'unexplained' });
  });

  test('one of the declared claims is judged by no suite, which is told', () => {
    const verdicts = [violated(gate), notRun(scaleUp)];
    const score = scoreOf(declared, verdicts, new Set(), new Set([scaleUp]));
    expect(score).toEqual({ outcome: 'killed', because: `no suite judges ${scaleUp}` });
    expect(scoreOf(declared, [upheld(gate)], new Set(), new Set([scaleUp]))).toMatchObject({ outcome: 'survived' });
    expect(scoreOf(declared, verdicts, new Set([gate]), new Set([scaleUp]))).toMatchObject({ outcome: 'not judged' });
    expect(scoreOf(declared, verdicts, new Set(), new Set([gate, scaleUp]))).toEqual({
      outcome: 'not judged',
      because: `no suite judges ${gate}, ${scaleUp}`,
    });
  });

  test('one of the declared claims does not count, and the other is violated', () => {
    expect(scoreOf(declared, [violated(gate), violated(scaleUp)], new Set([scaleUp]))).toEqual({ outcome: 'killed' });
  });

  test('nothing is declared, and some claim is violated', () => {
    const verdicts = [upheld(gate), violated(hostname), inconclusive(scaleUp)];
    expect(scoreOf({ claims: undefined, explains: {} }, verdicts)).toEqual({ outcome: 'killed' });
  });
});

describe('survived', () => {
  test('a declared claim stayed green', () => {
    expect(scoreOf(declared, [violated(gate), upheld(scaleUp)])).toEqual({
      outcome: 'survived',
      because: `${scaleUp} stayed green`,
      stayed: [scaleUp],
    });
  });

  test('a declared claim was not judged', () => {
    expect(scoreOf(declared, [violated(gate), notRun(scaleUp)])).toMatchObject({ because: `${scaleUp} not judged` });
    expect(scoreOf(declared, [violated(gate)])).toMatchObject({ outcome: 'survived', stayed: [scaleUp] });
  });

  test('the declared claims are inconclusive at most', () => {
    expect(scoreOf(declared, [inconclusive(gate), inconclusive(scaleUp)])).toEqual({
      outcome: 'survived',
      because: `${gate}, ${scaleUp} only inconclusive, none violated`,
      stayed: [gate, scaleUp],
    });
  });

  test('what else went red is told as well', () => {
    const score = scoreOf(declared, [violated(gate), upheld(scaleUp), violated(hostname)]);
    expect(score).toMatchObject({ because: `${scaleUp} stayed green; ${hostname} went red, which nobody declared` });
  });

  test('a claim that is violated without the mutant kills nothing', () => {
    const score = scoreOf({ claims: undefined, explains: {} }, [violated(gate), upheld(scaleUp)], new Set([gate]));
    expect(score).toEqual({ outcome: 'survived', because: 'every claim stayed green', stayed: [] });
  });

  test('nothing is declared, and claims are inconclusive at most', () => {
    const score = scoreOf({ claims: undefined, explains: {} }, [inconclusive(gate)]);
    expect(score).toMatchObject({ outcome: 'survived', because: `no claim is violated; ${gate} only inconclusive` });
  });
});

test.each([violated, inconclusive])('unexplained: red as declared, and a claim that nobody named', (red) => {
  expect(scoreOf(declared, [violated(gate), violated(scaleUp), red(hostname)])).toEqual({
    outcome: 'unexplained',
    because: `${hostname} went red, which nobody declared`,
    unexplained: [hostname],
  });
});

describe('equivalent', () => {
  const argued = { claims: undefined, explains: {}, equivalent: 'the other gate says the same' };

  test('as argued: nothing went red', () => {
    expect(scoreOf(argued, [upheld(gate), upheld(scaleUp)])).toEqual({ outcome: 'equivalent' });
  });

  test('it is a finding when something goes red', () => {
    expect(scoreOf(argued, [upheld(gate), inconclusive(scaleUp)])).toMatchObject({
      outcome: 'unexplained',
      unexplained: [scaleUp],
    });
  });

  test('what was not judged is not equivalent', () => {
    expect(scoreOf(argued, [])).toMatchObject({ outcome: 'not judged' });
  });
});

describe('not judged', () => {
  test('there are no verdicts', () => {
    expect(scoreOf(declared, [])).toMatchObject({ outcome: 'not judged' });
    expect(scoreOf(declared, [notRun(gate), notRun(scaleUp)])).toMatchObject({ outcome: 'not judged' });
  });

  test('no declared claim is upheld without the mutant', () => {
    const verdicts = [violated(gate), violated(scaleUp), upheld(hostname)];
    expect(scoreOf(declared, verdicts, new Set([gate, scaleUp]))).toMatchObject({
      outcome: 'not judged',
      because: `${gate}, ${scaleUp}: not upheld on the unmutated cluster either`,
    });
  });
});
