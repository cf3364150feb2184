import { expect, test } from 'vitest';
import { buildEvidence } from './gather.ts';
import { renderJunit } from './junit.ts';
import { renderSummary } from './summary.ts';
import { judged, sampleCatalogue, sampleFacts } from './testing.ts';
import type { Judgement } from '../run.ts';

const evidenceOf = (...judgements: readonly Judgement[]) => buildEvidence(sampleFacts(), judgements, sampleCatalogue);

test('a test case for each claim: violated fails, inconclusive errs, not run is skipped with its reason', () => {
  const xml = renderJunit(
    evidenceOf(
      judged('web.ordered-creation', 'violated'),
      judged('web.gated', 'inconclusive'),
      judged('web.identity', 'not-run', { because: 'needs a second node' }),
    ),
  );
  expect(xml.match(/<testcase /g)).toHaveLength(3);
  expect(xml).toContain('tests="3" failures="1" errors="1" skipped="1"');
  expect(xml).toContain('<failure type="violated" message="for a reason">');
  expect(xml).toContain('<error type="inconclusive"');
  expect(xml).toContain('<skipped message="needs a second node"/>');
});

test('an upheld claim whose control stayed green is an error', () => {
  const xml = renderJunit(
    evidenceOf(judged('web.gated', 'upheld'), judged('web.gated', 'violated', { kind: 'control' })),
  );
  expect(xml).toMatch(
    /name="web\.gated[^>]*><error type="control" message="its control stayed green: for a reason"\/>/,
  );
});

test('whatever a reason holds, the XML stays well-formed', () => {
  const because = 'a <b> & "c" ]]> \u0000\u001b[31m \ud800 \uffff';
  const xml = renderJunit(evidenceOf(judged('web.gated', 'violated', { because })));
  expect(xml).toContain('a &lt;b&gt; &amp; &quot;c&quot; ]]&gt; [31m \ufffd ');
  expect(xml.isWellFormed()).toBe(true);
});

test('the summary says the same on a page, and what others wrote is no markup in it', () => {
  const summary = renderSummary(
    evidenceOf(
      judged('web.ordered-creation', 'upheld'),
      judged('web.gated', 'violated', { because: 'a | <b>\n# c' }),
      judged('web.identity', 'upheld'),
    ),
  );
  expect(summary).toMatch(/^# 1 of 3 claims violated\n/);
  expect(summary).toContain('| StatefulSet Basics | 3 | 2 | 1 | 0 | 0 |');
  expect(summary).toContain('a \\| \\<b\\> \\# c');
  expect(summary).toContain('npm run judge -- 20260101-1200-test --claim web.gated');
});
