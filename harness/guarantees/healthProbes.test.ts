import { expect, test } from 'vitest';
import { fenced, setReported, unfenced, web, type Step } from '../history/testing.ts';
import { bothProbesAreTheSame } from './healthProbes.ts';

const probe = (command: string, timeoutSeconds = 5) => ({ exec: { command: ['sh', '-c', command] }, timeoutSeconds });
const stored = (...containers: readonly object[]): Step =>
  setReported('added', { spec: { template: { spec: { containers } } } });
const both = (...containers: readonly object[]) => bothProbesAreTheSame(web).judge(fenced(stored(...containers)));
const ready = probe('zookeeper-ready 2181');

test('upheld: they are equal', () => {
  expect(both({ readinessProbe: ready, livenessProbe: ready })).toMatchObject({ outcome: 'upheld' });
});
test('violated: one is missing', () => {
  expect(both({ readinessProbe: ready })).toMatchObject({ outcome: 'violated' });
  expect(both({ livenessProbe: ready })).toMatchObject({ outcome: 'violated' });
});
test('violated: another command, or another time', () => {
  expect(both({ readinessProbe: ready, livenessProbe: probe('true') })).toMatchObject({ outcome: 'violated' });
  expect(both({ readinessProbe: ready, livenessProbe: probe('zookeeper-ready 2181', 1) })).toMatchObject({
    outcome: 'violated',
  });
});
test('violated: a second container without', () => {
  expect(both({ readinessProbe: ready, livenessProbe: ready }, { name: 'agent' })).toMatchObject({
    outcome: 'violated',
  });
});
test('inconclusive: no set, no container, no fence', () => {
  expect(bothProbesAreTheSame(web).judge(fenced())).toMatchObject({ outcome: 'inconclusive' });
  expect(both()).toMatchObject({ outcome: 'inconclusive' });
  const history = unfenced(stored({ readinessProbe: ready, livenessProbe: ready }));
  expect(bothProbesAreTheSame(web).judge(history)).toMatchObject({ outcome: 'inconclusive' });
});
