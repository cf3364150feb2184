import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import { ended, fence, fenced, gap, observed, readied, web, type Step } from '../history/testing.ts';
import { aboutItself, aboutOthers, eachServerHoldsTokens, eachServerKnowsTheOthers, eachServerTells } from './cql.ts';

const asked = { moment: 'asked', from: 'begin', to: 'close' } as const;

function answered(
  target: string,
  request: string,
  answer: unknown,
  status: 'succeeded' | 'failed' = 'succeeded',
): Step {
  const place = { moment: 'asked', client: 'cassandra', target, request, invokedAtIndex: 0, beganAtMs: 0 } as const;
  return observed({ of: 'exchange', ...place, status, answer });
}

const row = (ordinal: number, columns: object = {}) => ({
  broadcast_address: `10.0.0.${ordinal + 1}`,
  cluster_name: 'K8Demo',
  tokens: ['1', '2'],
  ...columns,
});

function told(...answers: readonly Step[]): History {
  return fenced(readied('web-0'), readied('web-1'), fence('begin'), ...answers, fence('close'));
}

const itself = (ordinal: number, columns: object = {}): Step =>
  answered(`web-${ordinal}`, aboutItself, [row(ordinal, columns)]);

describe('eachServerTells', () => {
  const { judge } = eachServerTells({ cluster_name: 'K8Demo' }, web, [0, 1], asked);

  test('upheld: each gives the value', () => {
    expect(judge(told(itself(0), itself(1)))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: one gives another, or none', () => {
    expect(judge(told(itself(0), itself(1, { cluster_name: 'Test Cluster' })))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(itself(0), answered('web-1', aboutItself, [])))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another server answered in its place', () => {
    expect(judge(told(itself(0), answered('web-1', aboutItself, [row(0)])))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one did not answer, or failed, or something else was asked; a Pod was replaced; a gap', () => {
    expect(judge(told(itself(0)))).toMatchObject({ outcome: 'inconclusive' });
    const failed = answered('web-1', aboutItself, undefined, 'failed');
    expect(judge(told(itself(0), failed))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(itself(0), answered('web-1', 'SELECT 1', [row(1)])))).toMatchObject({ outcome: 'inconclusive' });
    const replaced = told(itself(0), itself(1), ended('web-1'), readied('web-1'));
    expect(judge(replaced)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(itself(0), itself(1), gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachServerHoldsTokens', () => {
  const { judge } = eachServerHoldsTokens(2, web, [0], asked);

  test('upheld: so many, all different', () => {
    expect(judge(told(itself(0)))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: more, fewer, one twice, none', () => {
    for (const tokens of [['1', '2', '3'], ['1'], ['1', '1'], null])
      expect(judge(told(itself(0, { tokens })))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody asked', () => {
    expect(judge(told())).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachServerKnowsTheOthers', () => {
  const { judge } = eachServerKnowsTheOthers(web, [0, 1], asked);
  const knows = (ordinal: number, ...peers: readonly string[]): Step =>
    answered(
      `web-${ordinal}`,
      aboutOthers,
      peers.map((peer) => ({ peer })),
    );

  test('upheld: each lists the other', () => {
    expect(judge(told(knows(0, '10.0.0.2'), knows(1, '10.0.0.1')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: one knows nobody, itself, or somebody who is no Pod', () => {
    for (const peers of [[], ['10.0.0.1'], ['10.0.0.2', '10.0.0.9']])
      expect(judge(told(knows(0, ...peers), knows(1, '10.0.0.1')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one was not asked', () => {
    expect(judge(told(knows(0, '10.0.0.2')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
