import { expect, test } from 'vitest';
import { fenced, gap, reported, unfenced, type Step } from '../history/testing.ts';
import { theObjectSays } from './objectFields.ts';

const budget = (spec: object): Step => reported('poddisruptionbudgets', 'added', 'zk-pdb', { spec });
const says = theObjectSays('poddisruptionbudgets', 'zk-pdb', {
  'spec.maxUnavailable': 1,
  'spec.minAvailable': undefined,
});

test('upheld: one field as it should be, the other absent', () => {
  expect(says.judge(fenced(budget({ maxUnavailable: 1 })))).toEqual({
    outcome: 'upheld',
    examined: { count: 2, of: 'fields of poddisruptionbudgets/zk-pdb' },
  });
});
test('violated: another value, even one that looks alike', () => {
  expect(says.judge(fenced(budget({ maxUnavailable: '1' })))).toMatchObject({ outcome: 'violated' });
});
test('violated: a field that should not be there', () => {
  expect(says.judge(fenced(budget({ maxUnavailable: 1, minAvailable: 2 })))).toMatchObject({
    outcome: 'violated',
    because: 'spec.minAvailable of poddisruptionbudgets/zk-pdb is 2, and ought to be not there',
  });
});
test('violated: it is not there, or no longer', () => {
  expect(says.judge(fenced())).toMatchObject({ outcome: 'violated' });
  const gone = reported('poddisruptionbudgets', 'deleted', 'zk-pdb', { spec: { maxUnavailable: 1 } });
  expect(says.judge(fenced(budget({ maxUnavailable: 1 }), gone))).toMatchObject({ outcome: 'violated' });
});
test('violated: what counts is the last version', () => {
  const later = reported('poddisruptionbudgets', 'modified', 'zk-pdb', { spec: { maxUnavailable: 2 } });
  expect(says.judge(fenced(budget({ maxUnavailable: 1 }), later))).toMatchObject({ outcome: 'violated' });
});
test('upheld: values inside lists are found by position', () => {
  const pod = reported('services', 'added', 'zk-hs', { spec: { ports: [{ port: 2888 }] } });
  const judged = theObjectSays('services', 'zk-hs', { 'spec.ports.0.port': 2888 }).judge(fenced(pod));
  expect(judged).toMatchObject({ outcome: 'upheld' });
});
test('inconclusive: nothing was asked, no fence, a gap', () => {
  const nothing = theObjectSays('poddisruptionbudgets', 'zk-pdb', {}).judge(fenced(budget({})));
  expect(nothing).toMatchObject({ outcome: 'inconclusive' });
  expect(says.judge(unfenced(budget({ maxUnavailable: 1 })))).toMatchObject({ outcome: 'inconclusive' });
  expect(says.judge(fenced(budget({ maxUnavailable: 1 }), gap('poddisruptionbudgets')))).toMatchObject({
    outcome: 'inconclusive',
  });
});
