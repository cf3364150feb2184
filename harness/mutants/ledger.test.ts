import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Ledger, type LedgerFacts } from './ledger.ts';
import { exitCodeOf, medianCostOf, totalsOf, waiting, type MutantResult } from './results.ts';
import { readMutantsReport } from './stored.ts';
import { aMutant } from './testing.ts';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'steadfast-ledger-'));
});
afterAll(() => rm(directory, { recursive: true }));

const killed = aMutant({ id: 'killed' });
const other = aMutant({ id: 'other', bug: 7, breaks: 'It <never> breaks.' });
const cost = { buildMs: 1000, swapMs: 2000, storiesMs: 3000, restoreMs: 4000, totalMs: 10_000 };
const result: MutantResult = {
  ...waiting(killed),
  outcome: 'killed',
  red: [{ claim: 'web.creation-gated-on-ready', outcome: 'violated', because: 'web-1 was <early>', role: 'declared' }],
  judged: 3,
  cost,
};

function facts(different: Partial<LedgerFacts> = {}): LedgerFacts {
  const run = { id: '20261121-0532-x7k2', commit: 'abc', argv: ['mutants'] };
  return { directory, run, selection: {}, clusters: ['one'], mutants: [killed, other], controls: [], ...different };
}

describe('the ledger', () => {
  test('has each result on disk as soon as it is added, and says how it ended', async () => {
    const ledger = new Ledger(facts());
    await ledger.add(result);
    const stored = await readMutantsReport(directory);
    expect(stored).toMatchObject({
      status: 'running',
      totals: { mutants: 2, killed: 1, waiting: 1 },
      medianCost: cost,
    });
    expect([ledger.isOpen('killed'), ledger.isOpen('other')]).toEqual([false, true]);
    expect(await ledger.end('interrupted', 'by Ctrl-C')).toMatchObject({ status: 'interrupted', because: 'by Ctrl-C' });
  });

  test('renders a page and Markdown, in which nothing that others wrote is markup', async () => {
    const ledger = new Ledger(facts());
    await ledger.add(result);
    await ledger.add({ ...waiting(other), outcome: 'survived', because: 'a <b> stayed green', judged: 1, cost });
    await ledger.end('complete');
    const page = await readFile(join(directory, 'mutants.html'), 'utf8');
    const markdown = await readFile(join(directory, 'mutants.md'), 'utf8');
    for (const text of [page, markdown]) {
      expect(text).toContain('1 of 2 mutants killed');
      expect(text).toContain('https://github.com/kubernetes/kubernetes/issues/7');
    }
    expect(page).toContain('It &lt;never&gt; breaks.');
    expect(page).toContain('web-1 was &lt;early&gt;');
    expect(markdown).toContain('It \\<never\\> breaks.');
  });

  test('takes over what an unfinished run has judged, unless the mutant has changed since', async () => {
    const resumed = await new Ledger(facts()).end('interrupted');
    const withResult = { ...resumed, mutants: [result, { ...waiting(other), outcome: 'not judged' as const }] };
    const same = new Ledger(facts({ resumed: withResult }));
    expect([same.isOpen('killed'), same.isOpen('other')]).toEqual([false, true]);
    const changed = [aMutant({ id: 'killed', replace: 'something else' }), other];
    expect(new Ledger(facts({ resumed: withResult, mutants: changed })).isOpen('killed')).toBe(true);
  });
});

describe('the exit code', () => {
  const of = (...outcomes: readonly MutantResult['outcome'][]) =>
    totalsOf(outcomes.map((outcome) => ({ ...result, outcome })));

  test.each([
    [0, 'complete', of('killed', 'equivalent')],
    [1, 'complete', of('killed', 'survived')],
    [1, 'complete', of('killed', 'unexplained')],
    [1, 'complete', of('killed', 'build failed')],
    [1, 'complete', of('killed', 'not judged')],
    [1, 'complete', of('killed', 'waiting')],
    [1, 'complete', of()],
    [130, 'interrupted', of('killed')],
    [70, 'broken', of('killed')],
    [70, 'running', of('killed')],
  ] as const)('is %i when it is %s', (code, status, totals) => {
    expect(exitCodeOf({ status, totals })).toBe(code);
  });
});

test('the median cost is that of the mutants whose stories were told', () => {
  const costing = (totalMs: number, judged = 1) => ({ ...result, judged, cost: { ...cost, totalMs } });
  expect(medianCostOf([costing(5), costing(90), costing(7), costing(1, 0)])?.totalMs).toBe(7);
  expect(medianCostOf([])).toBeUndefined();
});
