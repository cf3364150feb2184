import { describe, expect, test } from 'vitest';
import {
  added,
  ended,
  fenced,
  observed,
  readied,
  ready as isReady,
  reported,
  running,
  setReported,
  type Step,
  timeAt,
  touched,
  unfenced,
  unready,
  web,
} from '../history/testing.ts';
import {
  bothProbesAreTheSame,
  noPodIsReadyBeforeItsProbe,
  noPodIsReadyThatFailsItsCheck,
  readinessFollowsTheCheck,
} from './healthProbes.ts';
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

describe('readinessFollowsTheCheck', () => {
  const probed = (step: Step): Step =>
    changed(step, (object) => ({ ...object, spec: { containers: [{ name: 'server', readinessProbe: ready }] } }));
  const checked = (exitCode: number, argv: readonly string[] = ready.exec.command): Step =>
    observed({ of: 'command', moment: 'by hand', pod: 'web-0', argv, exitCode, stdout: '', stderr: '' });
  const told = (check: boolean, start: readonly Step[], ...steps: readonly Step[]) =>
    readinessFollowsTheCheck(web, 0, { moment: 'by hand', passes: check }, spanned).judge(
      fenced(...start, before, ...steps),
    );
  const wasReady = [probed(readied('web-0'))];
  const wasUnready = [readied('web-0'), probed(unready('web-0'))];
  const fails = (...steps: readonly Step[]) => told(false, wasReady, ...steps);
  const passes = (...steps: readonly Step[]) => told(true, wasUnready, ...steps);

  test('upheld: it fails, and the Pod is not Ready; it passes, and the Pod is', () => {
    expect(fails(probed(unready('web-0')), checked(127))).toMatchObject({ outcome: 'upheld' });
    expect(passes(probed(isReady('web-0')), checked(0))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the Pod stays Ready, or is so again', () => {
    expect(fails(checked(127))).toMatchObject({ outcome: 'violated', because: 'web-0 is Ready, and its check fails' });
    expect(fails(probed(unready('web-0')), checked(1), probed(isReady('web-0')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the Pod stays unready, or is so again', () => {
    expect(passes(checked(0))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is not Ready, and its check passes',
    });
    expect(passes(probed(isReady('web-0')), checked(0), probed(unready('web-0')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: the check does something else, or another command was run, or none; the Pod went', () => {
    expect(fails(checked(0))).toMatchObject({ outcome: 'inconclusive' });
    expect(passes(checked(1))).toMatchObject({ outcome: 'inconclusive' });
    expect(fails(checked(1, ['false']))).toMatchObject({ outcome: 'inconclusive' });
    expect(fails(probed(unready('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(fails(checked(1), ended('web-0'))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not as it should be before', () => {
    expect(told(false, wasUnready, checked(1))).toMatchObject({ outcome: 'inconclusive' });
    expect(told(true, wasReady, checked(0))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('noPodIsReadyBeforeItsProbe', () => {
  const { judge } = noPodIsReadyBeforeItsProbe(web, { from: 'before' });
  /** The container started at that second, and its readiness probe begins fifteen later. */
  const started = (step: Step, startedAt: number, readinessProbe: object = { initialDelaySeconds: 15 }): Step =>
    changed(step, (object) => ({
      ...object,
      spec: { ...(object['spec'] as object), containers: [{ name: 'nginx', readinessProbe }] },
      status: {
        ...(object['status'] as object),
        containerStatuses: [{ name: 'nginx', state: { running: { startedAt: timeAt(startedAt) } } }],
      },
    }));
  const turns = (turnedAt: number): Step => started(isReady('web-0', { turnedAt }), 20);

  test('upheld: it is Ready when its probe has begun, the cut of the times allowed for, and again later', () => {
    expect(judge(fenced(before, added('web-0'), turns(35)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
    expect(judge(fenced(before, added('web-0'), turns(34)))).toMatchObject({ outcome: 'upheld' });
    const again = fenced(
      before,
      added('web-0'),
      turns(35),
      unready('web-0'),
      started(isReady('web-0', { turnedAt: 90 }), 70),
    );
    expect(judge(again)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: it is Ready at once, the first time or after a restart', () => {
    expect(judge(fenced(before, added('web-0'), turns(21)))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 was Ready 14 s before its readiness probe begins',
    });
    const again = fenced(
      before,
      added('web-0'),
      turns(35),
      unready('web-0'),
      started(isReady('web-0', { turnedAt: 71 }), 70),
    );
    expect(judge(again)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Pod became Ready in the span, or none has such a probe, or it is not said when it started', () => {
    expect(judge(fenced(added('web-0'), turns(21), before, touched('web-0')))).toMatchObject({
      outcome: 'inconclusive',
    });
    const probeless = fenced(before, added('web-0'), started(isReady('web-0', { turnedAt: 21 }), 20, {}));
    expect(judge(probeless)).toMatchObject({ outcome: 'inconclusive' });
    const untimed = changed(turns(35), (object) => ({
      ...object,
      status: { ...(object['status'] as object), containerStatuses: [] },
    }));
    const unsaid = fenced(before, added('web-0'), turns(35), unready('web-0'), untimed);
    expect(judge(unsaid)).toMatchObject({
      outcome: 'inconclusive',
      because: 'it is not said when web-0 was started and became Ready',
    });
    expect(judge(fenced(before, added('web-0'), isReady('web-0', { turnedAt: 21 })))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('noPodIsReadyThatFailsItsCheck', () => {
  const told = (...steps: readonly Step[]) => noPodIsReadyThatFailsItsCheck(web).judge(fenced(...steps));
  const event = (reason: string, message: string, uid = 'web-0#1'): Step =>
    reported('events', 'added', `${reason}-${uid}`, { reason, message, involvedObject: { uid } });
  const failed = event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 404');

  test('upheld: it runs, fails its check and is not Ready', () => {
    expect(told(added('web-0'), running('web-0'), failed)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it is Ready, before or after it failed, or without', () => {
    expect(told(added('web-0'), running('web-0'), isReady('web-0'))).toMatchObject({ outcome: 'violated' });
    expect(told(added('web-0'), running('web-0'), failed, isReady('web-0'))).toMatchObject({ outcome: 'violated' });
    const lost = [isReady('web-0'), failed, unready('web-0')];
    expect(told(added('web-0'), running('web-0'), ...lost)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Pod, no failed check, that of another Pod or of liveness, no fence', () => {
    expect(told()).toMatchObject({ outcome: 'inconclusive' });
    const runs = [added('web-0'), running('web-0')];
    expect(told(...runs)).toMatchObject({ outcome: 'inconclusive' });
    expect(told(...runs, event('Unhealthy', 'Readiness probe failed', 'x'))).toMatchObject({ outcome: 'inconclusive' });
    expect(told(...runs, event('Unhealthy', 'Liveness probe failed'))).toMatchObject({ outcome: 'inconclusive' });
    const history = unfenced(...runs, failed);
    expect(noPodIsReadyThatFailsItsCheck(web).judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});
