import { describe, expect, test } from 'vitest';
import {
  ended,
  fenced,
  observed,
  readied,
  ready as isReady,
  setReported,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { aFailingCheckEndsReadiness, bothProbesAreTheSame } from './healthProbes.ts';
import { before, changed, spanned } from './testing.ts';

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

describe('aFailingCheckEndsReadiness', () => {
  const probed = (step: Step): Step =>
    changed(step, (object) => ({ ...object, spec: { containers: [{ name: 'server', readinessProbe: ready }] } }));
  const checked = (exitCode: number, argv: readonly string[] = ready.exec.command): Step =>
    observed({ of: 'command', moment: 'by hand', pod: 'web-0', argv, exitCode, stdout: '', stderr: '' });
  const judged = (...steps: readonly Step[]) =>
    aFailingCheckEndsReadiness(web, 0, 'by hand', spanned).judge(fenced(probed(readied('web-0')), before, ...steps));

  test('upheld: it fails, and the Pod is not Ready', () => {
    expect(judged(probed(unready('web-0')), checked(127))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the Pod stays Ready, or is so again', () => {
    expect(judged(checked(127))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is Ready, and its check fails',
    });
    expect(judged(probed(unready('web-0')), checked(1), probed(isReady('web-0')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: the check passes, or another command was run, or none; the Pod went', () => {
    expect(judged(checked(0))).toMatchObject({ outcome: 'inconclusive' });
    expect(judged(checked(1, ['false']))).toMatchObject({ outcome: 'inconclusive' });
    expect(judged(probed(unready('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judged(checked(1), ended('web-0'))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not Ready before', () => {
    const history = fenced(readied('web-0'), probed(unready('web-0')), before, checked(1));
    expect(aFailingCheckEndsReadiness(web, 0, 'by hand', spanned).judge(history)).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
