import { expect, test } from 'vitest';
import type { Recorded } from '../history/objects.ts';
import { admits } from './affinity.ts';

const node: Recorded<'nodes'> = {
  metadata: { name: 'worker-1', uid: 'worker-1#1', resourceVersion: '1', labels: { zone: 'a', disks: '4' } },
};
const byLabel = (operator: string, key: string, ...values: readonly string[]) => [
  { matchExpressions: [{ key, operator, values }] },
];

test('no terms are no restriction; a term without requirements, or no term, holds for no node', () => {
  expect(admits(undefined, node)).toBe(true);
  expect(admits([], node)).toBe(false);
  expect(admits([{}], node)).toBe(false);
});

test.each([
  ['In', 'zone', 'a', true],
  ['In', 'zone', 'b', false],
  ['In', 'rack', 'a', false],
  ['NotIn', 'zone', 'a', false],
  ['NotIn', 'zone', 'b', true],
  ['NotIn', 'rack', 'a', true],
  ['Gt', 'disks', '3', true],
  ['Gt', 'disks', '4', false],
  ['Gt', 'rack', '4', false],
  ['Lt', 'disks', '5', true],
  ['Lt', 'disks', '4', false],
  ['Unheard', 'zone', 'a', false],
])('%s %s %s: %s', (operator, key, value, admitted) => {
  expect(admits(byLabel(operator, key, value), node)).toBe(admitted);
});

test('labels that are there, or not', () => {
  expect(admits(byLabel('Exists', 'zone'), node)).toBe(true);
  expect(admits(byLabel('Exists', 'rack'), node)).toBe(false);
  expect(admits(byLabel('DoesNotExist', 'rack'), node)).toBe(true);
  expect(admits(byLabel('DoesNotExist', 'zone'), node)).toBe(false);
});

test('one of the terms must hold, and in it every requirement', () => {
  const [inA] = byLabel('In', 'zone', 'a');
  const [inB] = byLabel('In', 'zone', 'b');
  if (inA === undefined || inB === undefined) throw new Error('this vector has lost its terms');
  expect(admits([inB, inA], node)).toBe(true);
  expect(admits([{ matchExpressions: [...inA.matchExpressions, ...inB.matchExpressions] }], node)).toBe(false);
});

test('a node goes by its name', () => {
  const named = (name: string) => [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] }];
  expect(admits(named('worker-1'), node)).toBe(true);
  expect(admits(named('worker-2'), node)).toBe(false);
});
