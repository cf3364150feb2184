import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import {
  deleted,
  ended,
  fenced,
  gap,
  observed,
  readied,
  reported,
  terminating,
  touched,
  web,
  type Step,
} from '../history/testing.ts';
import { eachPodIsGivenItsTime, podsAreGivenTime, podsEndByThemselves, theServerIsDrainedFirst } from './endings.ts';
import { before, changed, spanned } from './testing.ts';

type Fields = Readonly<Record<string, object>>;

/** The Pod has so many seconds to end, by its spec and by what its deletion was given. */
function given(step: Step, seconds: number, granted = seconds): Step {
  return changed(step, (object) => {
    const { spec, metadata } = object as Fields;
    const isAsked = 'deletionTimestamp' in (metadata ?? {});
    return {
      ...object,
      spec: { ...spec, terminationGracePeriodSeconds: seconds },
      metadata: { ...metadata, ...(isAsked ? { deletionGracePeriodSeconds: granted } : {}) },
    };
  });
}

describe('podsAreGivenTime', () => {
  const { judge } = podsAreGivenTime(web, 1800, 'read', spanned);
  const read = (seconds: unknown): Step => {
    const body = { spec: { terminationGracePeriodSeconds: seconds } };
    return observed({ of: 'api', moment: 'read', request: 'get pods/web-0', code: 200, body });
  };
  const goes = (granted = 1800): readonly Step[] => [
    given(terminating('web-0'), 1800, granted),
    given(deleted('web-0'), 1800, granted),
  ];
  const there = [given(readied('web-0'), 1800), before] as const;

  test('upheld: in the spec, at the deletion and as it is read', () => {
    expect(judge(fenced(...there, read(1800), ...goes()))).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: another time in the spec, at the deletion, as it is read', () => {
    const short = [given(readied('web-0'), 30), before, read(1800), given(terminating('web-0'), 30, 1800)];
    expect(judge(fenced(...short))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...there, read(1800), ...goes(30)))).toMatchObject({ outcome: 'violated' });
    for (const wrong of [30, undefined])
      expect(judge(fenced(...there, read(wrong), ...goes()))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Pod was deleted, nobody read it, a gap', () => {
    expect(judge(fenced(...there, read(1800), given(touched('web-0'), 1800)))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(...there, ...goes()))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...there, read(1800), ...goes(), gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachPodIsGivenItsTime', () => {
  const { judge } = eachPodIsGivenItsTime(web, spanned);
  const there = [given(readied('web-0'), 10), given(readied('web-1'), 30), before] as const;

  test('upheld: each what its own spec says', () => {
    const go = [given(terminating('web-1'), 30), given(deleted('web-1'), 30, 0), given(terminating('web-0'), 10)];
    expect(judge(fenced(...there, ...go))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: less, or none', () => {
    expect(judge(fenced(...there, given(terminating('web-1'), 30, 1)))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 was given 1 s to end, and its spec says 30',
    });
    expect(judge(fenced(...there, given(deleted('web-1'), 30, 0)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Pod was deleted, a gap', () => {
    expect(judge(fenced(...there, given(touched('web-0'), 10)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...there, given(terminating('web-1'), 30), gap('pods')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('podsEndByThemselves', () => {
  const { judge } = podsEndByThemselves(web, spanned);
  /** Asked to go at 12:00:00 with 1800 seconds; its container ended so many seconds later. */
  const ends = (seconds: number, exitCode: number, reason = 'Error'): readonly Step[] => {
    const asked = (step: Step): Step =>
      changed(step, (object) => ({
        ...object,
        metadata: {
          ...(object as Fields)['metadata'],
          deletionTimestamp: '2026-01-01T12:30:00Z',
          deletionGracePeriodSeconds: 1800,
        },
      }));
    const finishedAt = new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString();
    const stopped = (step: Step): Step =>
      changed(step, (object) => ({
        ...object,
        status: { containerStatuses: [{ name: 'nginx', state: { terminated: { exitCode, reason, finishedAt } } }] },
      }));
    return [asked(terminating('web-0')), stopped(asked(touched('web-0'))), stopped(asked(deleted('web-0')))];
  };
  const told = (steps: readonly Step[]): History => fenced(readied('web-0'), before, ...steps);

  test('upheld: it ended soon, by a signal that it heard or by itself', () => {
    for (const exitCode of [143, 0]) expect(judge(told(ends(12, exitCode)))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: killed, out of memory, or only when its time was nearly over', () => {
    expect(judge(told(ends(12, 137)))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(ends(12, 1, 'OOMKilled')))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(ends(1790, 143)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Pod went, or nobody told how it ended', () => {
    expect(judge(told([]))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told([terminating('web-0')]))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told([ended('web-0')]))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theServerIsDrainedFirst', () => {
  const { judge } = theServerIsDrainedFirst(web, 0, 'goes', spanned);
  const log = (text: string, traits: { ended?: boolean; openedAtIndex?: number; uid?: string } = {}): Step =>
    observed({
      of: 'log',
      moment: 'goes',
      pod: 'web-0',
      uid: 'web-0#1',
      text,
      ended: true,
      openedAtIndex: 2,
      ...traits,
    });
  const drained = 'INFO starts\nINFO DRAINING: starting drain process\nINFO Announcing shutdown\nINFO DRAINED\n';
  const told = (...steps: readonly Step[]): History => fenced(readied('web-0'), before, ended('web-0'), ...steps);
  const hookFailed = reported('events', 'added', 'web-0.1', {
    reason: 'FailedPreStopHook',
    message: 'exit code 1',
    involvedObject: { uid: 'web-0#1' },
  });

  test('upheld: it begins to drain, and is drained', () => {
    expect(judge(told(log(drained)))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: stopped without a drain, or in the midst of one, or drained only before it begins', () => {
    for (const text of ['INFO Announcing shutdown\n', 'INFO DRAINING: starting\n', 'INFO DRAINED\nINFO DRAINING\n'])
      expect(judge(told(log(text)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the hook failed all the same', () => {
    expect(judge(told(hookFailed, log(drained)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody followed the log, from before the deletion, to its end, of this very Pod', () => {
    expect(judge(told())).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(log(drained, { openedAtIndex: 3 })))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(log(drained, { ended: false })))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(log(drained, { uid: 'web-0#2' })))).toMatchObject({ outcome: 'inconclusive' });
    const stays = fenced(readied('web-0'), before, terminating('web-0'), log(drained));
    expect(judge(stays)).toMatchObject({ outcome: 'inconclusive' });
  });
});
