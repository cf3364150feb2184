import { describe, expect, it } from 'vitest';
import { claimIds, claimsOf, tutorialNames } from './catalogue.ts';
import { reasonNotRun } from './notRun.ts';
import { coverageOf, isComplete, renderCoverage, renderCoverageMarkdown, type Proof } from './coverage.ts';

/** Which claims are judged changes with the suites; these tests hold for any of it. */
const everyJudgedClaim: readonly Proof[] = tutorialNames.flatMap((suite) =>
  claimsOf(suite)
    .filter((id) => reasonNotRun(id) === undefined)
    .map((id) => ({ id, suite, story: 'a story' })),
);
const notRun = claimIds.filter((id) => reasonNotRun(id) !== undefined);

describe('coverage', () => {
  it('counts the claims of each tutorial', () => {
    const claims = coverageOf([], []).rows.map((row) => row.claims.length);
    expect(claims).toEqual([73, 12, 24, 32, 81, 28, 19, 29, 10, 12, 18, 28, 42]);
  });

  it('is complete when every claim of a judged tutorial has a test', () => {
    const coverage = coverageOf(everyJudgedClaim, []);
    expect(coverage.faults).toEqual([]);
    expect(isComplete(coverage)).toBe(true);
  });

  it('is not complete when one test is missing, and names the claim', () => {
    const coverage = coverageOf(without('web.hostname'), []);
    expect(coverage.rows[0]?.unproved).toEqual(['web.hostname']);
    expect(coverage.rows[0]?.proved).toHaveLength(72);
    expect(isComplete(coverage)).toBe(false);
    expect(renderCoverage(coverage)).toContain('web.hostname has neither a test nor a reason why not');
  });

  it('does not take a control for a proof', () => {
    const coverage = coverageOf(without('web.hostname'), [{ id: 'web.hostname', variant: 'a Deployment' }]);
    expect(coverage.rows[0]?.unproved).toEqual(['web.hostname']);
    expect(coverage.faults).toEqual([
      { kind: 'control-without-proof', id: 'web.hostname', where: "control 'a Deployment'" },
    ]);
  });

  it('counts a claim with two controls once', () => {
    const controls = ['Parallel', 'a Deployment'].map((variant) => ({ id: 'web.ordered-creation', variant }));
    const coverage = coverageOf(everyJudgedClaim, controls);
    expect(coverage.rows[0]?.controlled).toEqual(['web.ordered-creation']);
    expect(isComplete(coverage)).toBe(true);
  });

  it('finds fault with a test of a claim that is listed as not run', () => {
    const reasonOf = () => 'the suite for this tutorial is not written yet';
    const coverage = coverageOf([{ id: 'zk.myid', suite: 'zookeeper', story: 'election' }], [], [], reasonOf);
    expect(coverage.faults).toEqual([{ kind: 'proved-but-not-run', id: 'zk.myid', where: 'zookeeper › election' }]);
    expect(isComplete(coverage)).toBe(false);
  });

  it('excuses a single claim of a judged tutorial, for as long as no test proves it', () => {
    const reasonOf = (id: string): string | undefined =>
      id === 'web.hostname' ? 'the stand-in has no host name' : 'the suite is not written yet';
    const judged = (id: string) => (id.startsWith('web.') && id !== 'web.hostname' ? undefined : reasonOf(id));
    const excused = coverageOf(without('web.hostname'), [], [], judged);
    expect(excused.rows[0]).toMatchObject({ notRun: ['web.hostname'], unproved: [] });
    const both = coverageOf(everyJudgedClaim, [], [], judged);
    expect(both.faults).toContainEqual({
      kind: 'proved-but-not-run',
      id: 'web.hostname',
      where: 'web-basics › a story',
    });
  });

  it('finds fault with a test or a control of a claim that is not in the catalogue', () => {
    const proof = { id: 'web.gone', suite: 'web-basics', story: 'create' };
    const coverage = coverageOf([...everyJudgedClaim, proof], [{ id: 'web.gone', variant: 'Parallel' }]);
    expect(coverage.faults.map(({ kind, id }) => [kind, id])).toEqual([
      ['unknown-claim', 'web.gone'],
      ['unknown-claim', 'web.gone'],
    ]);
    expect(isComplete(coverage)).toBe(false);
  });
});

describe('the coverage table', () => {
  const coverage = coverageOf(
    everyJudgedClaim,
    [{ id: 'web.ordered-creation', variant: 'Parallel' }],
    ['web.ordered-creation', 'web.hostname'].map((id) => ({ id, mutant: 'a mutant' })),
  );

  it('has a row for each tutorial and the totals in Markdown', () => {
    const lines = renderCoverageMarkdown(coverage).trimEnd().split('\n');
    expect(lines.slice(0, 2 + 13 + 1).every((line) => line.startsWith('| '))).toBe(true);
    expect(lines[0]).toBe(
      '| tutorial | claims | proved by a test | with a control | with a mutant | with neither | not run | unproved |',
    );
    expect(lines[2]).toBe('| StatefulSet Basics | 73 | 73 | 1 | 2 | 71 | 0 | 0 |');
    const judged = claimIds.length - notRun.length;
    expect(lines[2 + 13]).toBe(
      `| total | ${claimIds.length} | ${judged} | 1 | 2 | ${judged - 2} | ${notRun.length} | 0 |`,
    );
  });

  it('names the claims that neither a control nor a mutant turns red, and no others', () => {
    const [line = ''] = renderCoverage(coverage).split('\n').slice(-1);
    expect(line).toContain('web.pod-naming');
    expect(line).not.toContain('web.hostname,');
  });

  it('has the same numbers in the terminal', () => {
    const lines = renderCoverage(coverage).split('\n');
    const judged = claimIds.length - notRun.length;
    const numbers = lines.find((line) => line.includes('total'))?.match(/\d+/g);
    expect(numbers).toEqual([claimIds.length, judged, 1, 2, judged - 2, notRun.length, 0].map(String));
  });
});

function without(id: string): readonly Proof[] {
  return everyJudgedClaim.filter((proof) => proof.id !== id);
}
