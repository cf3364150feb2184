import { describe, expect, test } from 'vitest';
import {
  added,
  ended,
  fenced,
  observed,
  readied,
  ready,
  reported,
  running,
  terminating,
  timeAt,
  touched,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { before, changed, spanned } from './testing.ts';
import {
  containerEndsWithItsProcess,
  containerIsRestarted,
  isAliveAndNotReady,
  isNotRestartedAgain,
  livenessProbeRestarts,
} from './containerRestarts.ts';

interface Container {
  readonly id: string;
  readonly restarts?: number;
  readonly startedAt?: number;
  readonly running?: boolean;
  readonly last?: { readonly id: string; readonly exitCode?: number; readonly finishedAt?: number };
}

/** The Pod's only container, as the kubelet tells of it in this change. */
function holding(step: Step, { id, restarts = 0, startedAt = 0, running: runs = true, last }: Container): Step {
  const terminated = last && {
    containerID: last.id,
    exitCode: last.exitCode ?? 143,
    finishedAt: timeAt(last.finishedAt ?? 0),
  };
  const state = runs ? { running: { startedAt: timeAt(startedAt) } } : { terminated: { exitCode: 1 } };
  const status = {
    name: 'nginx',
    containerID: id,
    restartCount: restarts,
    state,
    lastState: terminated && { terminated },
  };
  return changed(step, (object) => ({
    ...object,
    status: { ...(object['status'] as object), containerStatuses: [status] },
  }));
}

const first = { id: 'one' };
const second = { id: 'two', restarts: 1, startedAt: 20, last: { id: 'one', finishedAt: 11 } };
const start = [holding(readied('web-0'), first), before] as const;
const fallen = holding(unready('web-0'), { ...first, running: false });
const back = [holding(running('web-0'), second), holding(ready('web-0'), second)] as const;
const restarted = [fallen, ...back] as const;
const judged = (...steps: readonly Step[]) => containerIsRestarted(web, 0, spanned).judge(fenced(...start, ...steps));

describe('a container that failed', () => {
  test('upheld: is started again in its Pod', () => {
    expect(judged(...restarted)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the Pod is replaced', () => {
    expect(judged(fallen, ended('web-0'), readied('web-0'))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 was deleted in place of a restart in it',
    });
  });
  test('violated: it is not restarted, although it was noticed', () => {
    expect(judged(holding(unready('web-0'), first))).toMatchObject({
      outcome: 'violated',
      because: 'the container of web-0 was restarted 0 times, not once',
    });
  });
  test('violated: it is restarted twice', () => {
    const third = { ...second, id: 'three', restarts: 2, last: { id: 'two' } };
    expect(judged(...restarted, holding(ready('web-0'), third))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it ended well, or another container is said to have ended', () => {
    const well = { ...second, last: { id: 'one', exitCode: 0 } };
    expect(judged(fallen, holding(ready('web-0'), well))).toMatchObject({ outcome: 'violated' });
    const other = { ...second, last: { id: 'none' } };
    expect(judged(fallen, holding(ready('web-0'), other))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: only the number rises', () => {
    expect(judged(fallen, holding(ready('web-0'), { ...second, id: 'one' }))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is not Ready again', () => {
    expect(judged(fallen, holding(running('web-0'), second))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 did not become Ready again',
    });
  });
  test('it is Ready when its readiness probe has begun, and not before', () => {
    const readyAt = (turnedAt: number): Step =>
      changed(holding(ready('web-0', { turnedAt }), second), (object) => ({
        ...object,
        spec: { containers: [{ name: 'nginx', readinessProbe: { initialDelaySeconds: 10 } }] },
      }));
    expect(judged(fallen, readyAt(30))).toMatchObject({ outcome: 'upheld' });
    expect(judged(fallen, readyAt(29))).toMatchObject({ outcome: 'upheld' });
    expect(judged(fallen, readyAt(21))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 was Ready 9 s before its readiness probe begins',
    });
  });
  test('inconclusive: nothing was seen to happen', () => {
    expect(judged(touched('web-0'))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not Ready before, or the end is not fenced', () => {
    const history = fenced(holding(added('web-0'), first), before, ...restarted);
    expect(containerIsRestarted(web, 0, spanned).judge(history)).toMatchObject({ outcome: 'inconclusive' });
    expect(containerIsRestarted(web, 0, spanned).judge(unfenced(...start, ...restarted))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('a failing liveness probe', () => {
  const event = (reason: string, message: string, uid = 'web-0#1'): Step =>
    reported('events', 'added', `${reason}-${message.length}`, { reason, message, involvedObject: { uid } });
  const unhealthy = event('Unhealthy', 'Liveness probe failed: sh: zookeeper-ready: not found');
  const killing = event('Killing', 'Container nginx failed liveness probe, will be restarted');
  const probed = (...steps: readonly Step[]) =>
    livenessProbeRestarts(web, 0, spanned).judge(fenced(...start, ...steps));

  test('upheld: the events tell of it', () => {
    expect(probed(unhealthy, fallen, killing, ...back)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: no liveness probe, no restart', () => {
    const readiness = event('Unhealthy', 'Readiness probe failed');
    expect(probed(readiness, killing, unhealthy, holding(unready('web-0'), first))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: not restarted, and no event of the liveness probe', () => {
    expect(probed(holding(unready('web-0'), first))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the kubelet says that it killed the container for something else', () => {
    const startup = event('Killing', 'Container nginx failed startup probe');
    expect(probed(unhealthy, fallen, startup, ...back)).toMatchObject({
      outcome: 'violated',
      because: expect.stringMatching(/^the container of web-0 was killed for something else: .* startup probe$/),
    });
    expect(probed(unhealthy, fallen, startup, killing, ...back)).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: a restart for another reason', () => {
    expect(probed(...restarted)).toMatchObject({ outcome: 'inconclusive' });
    expect(probed(event('Unhealthy', 'Readiness probe failed'), ...restarted)).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: the events speak of another Pod', () => {
    const others = [event('Unhealthy', 'Liveness probe failed', 'x'), event('Killing', 'failed liveness probe', 'x')];
    expect(probed(...others, ...restarted)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('a process that is ended', () => {
  const moment = 'java is ended';
  const command = (stdout = `${timeAt(10)}\n`, exitCode = 0): Step =>
    observed({ of: 'command', moment, pod: 'web-0', argv: ['sh'], exitCode, stdout, stderr: '' });
  const guarantee = containerEndsWithItsProcess(web, 0, { from: 'before', moment }, 5);
  const took = (...steps: readonly Step[]) => guarantee.judge(fenced(...start, ...steps));

  test('upheld: ends the container with it', () => {
    expect(took(command(), ...restarted)).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: it ends with it and is not started again, which is for others to judge', () => {
    const terminated = { containerID: 'one', exitCode: 143, finishedAt: timeAt(11) };
    const stopped = changed(unready('web-0'), (object) => ({
      ...object,
      status: {
        ...(object['status'] as object),
        containerStatuses: [{ name: 'nginx', containerID: 'one', restartCount: 0, state: { terminated } }],
      },
    }));
    expect(took(command(), stopped)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the container ends much later, or before', () => {
    const late = { ...second, last: { id: 'one', finishedAt: 41 } };
    expect(took(command(), fallen, holding(ready('web-0'), late))).toMatchObject({
      outcome: 'violated',
      because: 'the container of web-0 ended 31 s after its process',
    });
    const early = { ...second, last: { id: 'one', finishedAt: 9 } };
    expect(took(command(), fallen, holding(ready('web-0'), early))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the wrapper lives on', () => {
    expect(took(command(), holding(unready('web-0'), first))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nothing was hit, or nobody knows when', () => {
    expect(took(command(`${timeAt(10)}\n`, 1), ...restarted)).toMatchObject({ outcome: 'inconclusive' });
    expect(took(command('pkill: not found'), ...restarted)).toMatchObject({ outcome: 'inconclusive' });
    expect(took(...restarted)).toMatchObject({ outcome: 'inconclusive' });
    expect(took(command(), touched('web-0'))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('after a restart', () => {
  const begun = [holding(readied('web-0'), second), readied('web-1'), before] as const;
  const later = (seconds: number): Step => unready('web-1', { turnedAt: 20 + seconds });
  const again = (...steps: readonly Step[]) =>
    isNotRestartedAgain(web, 0, 40, spanned).judge(fenced(...begun, ...steps));

  test('upheld: the time has passed without another', () => {
    expect(again(later(40))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: there is another, or the Pod is gone', () => {
    expect(again(holding(ready('web-0'), { ...second, restarts: 2 }))).toMatchObject({ outcome: 'violated' });
    expect(again(later(50), ended('web-0'))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: too little time was seen to pass', () => {
    expect(again(later(39))).toMatchObject({ outcome: 'inconclusive' });
    expect(again()).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: there had been no restart', () => {
    const history = fenced(holding(readied('web-0'), first), readied('web-1'), before, later(100));
    expect(isNotRestartedAgain(web, 0, 40, spanned).judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('alive and not ready', () => {
  const moment = 'asked';
  const answered = (stdout = 'imok'): Step =>
    observed({ of: 'command', moment, pod: 'web-0', argv: ['nc'], exitCode: 0, stdout, stderr: '' });
  const begun = [holding(readied('web-0'), first), holding(unready('web-0'), first), before] as const;
  const both = (...steps: readonly Step[]) =>
    isAliveAndNotReady(web, 0, { moment, answer: 'imok' }, spanned).judge(fenced(...begun, ...steps));

  test('upheld: it answers and is not Ready', () => {
    expect(both(answered())).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it is Ready, restarted or gone', () => {
    expect(both(answered(), holding(ready('web-0'), first))).toMatchObject({ outcome: 'violated' });
    expect(both(answered(), holding(unready('web-0'), second))).toMatchObject({ outcome: 'violated' });
    expect(both(answered(), holding(terminating('web-0'), { ...first, running: false }))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: it does not answer', () => {
    expect(both(answered(''))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody asked it', () => {
    expect(both()).toMatchObject({ outcome: 'inconclusive' });
  });
});
