import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  ended,
  fence,
  fenced,
  gap,
  readied,
  terminating,
  touched,
  unfenced,
  web,
} from '../history/testing.ts';
import type { Step } from '../history/testing.ts';
import { eachPodHasStoppedWhenItIsGone } from './stopping.ts';
import { before, changed, spanned } from './testing.ts';

type State = 'running' | 'terminated' | 'waiting';

/** A step of a Pod as its node reports its containers: `nginx` and, if there are two, one that prepared it. */
function reporting(step: Step, state: State, prepared: State = 'terminated'): Step {
  return changed(step, (object) => ({
    ...object,
    status: {
      ...(object['status'] as object),
      containerStatuses: [{ name: 'nginx', restartCount: 0, state: { [state]: {} } }],
      initContainerStatuses: [{ name: 'prepare', restartCount: 0, state: { [prepared]: {} } }],
    },
  }));
}

const runs = (pod: string): Step => reporting(readied(pod), 'running');
const both = [runs('web-0'), runs('web-1'), before] as const;
const stopped = (pod: string): readonly Step[] => [
  reporting(terminating(pod), 'running'),
  reporting(touched(pod), 'terminated'),
  reporting(deleted(pod), 'terminated'),
];

describe('eachPodHasStoppedWhenItIsGone', () => {
  const { judge } = eachPodHasStoppedWhenItIsGone(web, spanned);

  test('upheld: each is last seen with its container ended', () => {
    expect(judge(fenced(...both, ...stopped('web-1'), ...stopped('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('upheld: a container that waited to be started again', () => {
    const crashing = [reporting(terminating('web-1'), 'waiting'), reporting(deleted('web-1'), 'waiting')];
    expect(judge(fenced(...both, ...crashing))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: one went while it ran, asked to go or not', () => {
    const asked = [reporting(terminating('web-1'), 'running'), reporting(deleted('web-1'), 'running')];
    expect(judge(fenced(...both, ...stopped('web-0'), ...asked))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 was gone while its container nginx still ran',
      examined: { count: 2 },
    });
    expect(judge(fenced(...both, reporting(deleted('web-1'), 'running')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: what prepares it runs on', () => {
    const history = fenced(...both, reporting(deleted('web-1'), 'terminated', 'running'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: expect.stringContaining('prepare') });
  });
  test('violated: the next of its name goes too early', () => {
    const again = [runs('web-1'), reporting(deleted('web-1'), 'running')];
    expect(judge(fenced(...both, ...stopped('web-1'), ...again))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: none that had run is gone within the span', () => {
    expect(judge(fenced(...both, reporting(terminating('web-1'), 'running')))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(...both, added('web-2'), ended('web-2')))).toMatchObject({ outcome: 'inconclusive' });
    const earlier = [runs('web-1'), reporting(deleted('web-1'), 'running'), fence('before')];
    expect(judge(fenced(...earlier))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap, no fence', () => {
    expect(judge(fenced(...both, gap('pods'), ...stopped('web-1')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...both, ...stopped('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
