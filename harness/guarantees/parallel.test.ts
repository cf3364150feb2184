import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  deleted,
  ended,
  fence,
  fenced,
  gap,
  ready,
  readied,
  running,
  setReported,
  terminating,
  unfenced,
  web,
} from '../history/testing.ts';
import {
  noPodWaitsForTheUnready,
  podsAreLaunchedTogether,
  podsTerminateTogether,
  thePolicyIsStored,
} from './parallel.ts';

const before = fence('before');
const span = { from: 'before', to: 'end' };
const asked = setReported('added', { metadata: { generation: 1 } });
const observed = setReported('modified', { metadata: { generation: 1 }, status: { observedGeneration: 1 } });

describe('podsAreLaunchedTogether', () => {
  const { judge } = podsAreLaunchedTogether(web, [0, 1], span);

  test('upheld: both are added before either is Ready, in any order', () => {
    expect(judge(fenced(before, added('web-0'), added('web-1'), ready('web-1'), ready('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
    expect(judge(fenced(before, added('web-1'), added('web-0'), ready('web-0'), ready('web-1')))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('upheld: Running is not Ready', () => {
    const history = fenced(before, added('web-0'), running('web-0'), added('web-1'), ready('web-1'), ready('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: web-1 waits for web-0', () => {
    expect(judge(fenced(before, readied('web-0'), readied('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-0 waits for web-1', () => {
    expect(judge(fenced(before, readied('web-1'), readied('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one more is added', () => {
    const history = fenced(before, added('web-0'), added('web-1'), added('web-2'), ready('web-1'), ready('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one of them is added a second time', () => {
    const steps = [added('web-0'), added('web-1'), ready('web-1'), ready('web-0'), ended('web-1'), readied('web-1')];
    expect(judge(fenced(before, ...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one was never added, or never Ready', () => {
    expect(judge(fenced(before, readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(before, added('web-0'), added('web-1'), ready('web-0')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: they were there before, a gap, no fence', () => {
    const steps = [added('web-0'), added('web-1'), ready('web-1'), ready('web-0')];
    expect(judge(fenced(...steps, before))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(before, gap('pods'), ...steps))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(before, ...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('noPodWaitsForTheUnready', () => {
  const { judge } = noPodWaitsForTheUnready(web, 0, [1, 2], { ...span, alive: 'statefulset' });
  const launched = [before, asked, added('web-0'), added('web-1'), added('web-2'), observed, running('web-0')];
  const signs = [alive(), alive()];

  test('upheld: the others are Ready while web-0 is not', () => {
    expect(judge(fenced(...launched, ready('web-2'), ready('web-1'), ...signs))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: the others are not even added', () => {
    const history = fenced(before, asked, added('web-0'), observed, running('web-0'), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one is added and Ready, the next is not added', () => {
    const steps = [before, asked, added('web-0'), readied('web-1'), observed, running('web-0')];
    expect(judge(fenced(...steps, ...signs))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one was added and never Ready', () => {
    expect(judge(fenced(...launched, ready('web-1'), ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: web-0 became Ready', () => {
    const history = fenced(...launched, ready('web-0'), ready('web-1'), ready('web-2'), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: web-0 was Pending when the others were Ready', () => {
    const steps = [before, asked, added('web-0'), readied('web-1'), readied('web-2'), observed, ...signs];
    expect(judge(fenced(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: web-0 was deleted', () => {
    const history = fenced(...launched, ready('web-1'), ready('web-2'), terminating('web-0'), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the controller had not looked, or was not seen alive', () => {
    const blocked = [before, asked, added('web-0'), running('web-0')];
    expect(judge(fenced(...blocked, ...signs))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...blocked, observed, alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('podsTerminateTogether', () => {
  const ending = { ordinals: [0, 1, 2], held: [2] };
  const { judge } = podsTerminateTogether(web, ending, { ...span, alive: 'statefulset' });
  const three = [asked, readied('web-0'), readied('web-1'), readied('web-2'), observed, before];
  const signs = [alive(), alive()];

  test('upheld: all are asked to go while web-2 is held', () => {
    const steps = [
      terminating('web-2'),
      terminating('web-0'),
      terminating('web-1'),
      deleted('web-0'),
      deleted('web-1'),
    ];
    expect(judge(fenced(...three, ...steps, deleted('web-2'), ...signs))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });
  test('upheld: in whatever order, web-2 last', () => {
    const steps = [ended('web-0'), terminating('web-1'), terminating('web-2'), deleted('web-1')];
    expect(judge(fenced(...three, ...steps, ...signs))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: web-1 is asked to go only when web-2 is gone', () => {
    const steps = [terminating('web-2'), ...signs, terminating('web-0'), deleted('web-2'), terminating('web-1')];
    expect(judge(fenced(...three, ...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-1 and web-0 are never asked to go', () => {
    expect(judge(fenced(...three, terminating('web-2'), ...signs))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: of three that are held, only one is Terminating', () => {
    const all = podsTerminateTogether(web, { ordinals: [0, 1, 2], held: [0, 1, 2] }, { ...span, alive: 'statefulset' });
    expect(all.judge(fenced(...three, terminating('web-2'), ...signs, deleted('web-2'), ended('web-1')))).toMatchObject(
      {
        outcome: 'violated',
      },
    );
  });
  test('violated: a Pod that was to stay is asked to go', () => {
    const two = podsTerminateTogether(web, { ordinals: [1, 2], held: [1, 2] }, { ...span, alive: 'statefulset' });
    const steps = [terminating('web-2'), terminating('web-1'), terminating('web-0'), ...signs];
    expect(two.judge(fenced(...three, ...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nothing was deleted', () => {
    expect(judge(fenced(...three, ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: web-1 was not deleted, and nobody was seen at work after web-2 was Terminating', () => {
    const history = fenced(...three, terminating('web-2'), terminating('web-0'), alive());
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('without a sign of life the newest generation must have been observed', () => {
    const plain = podsTerminateTogether(web, ending, span);
    const scaled = setReported('modified', { metadata: { generation: 2 }, status: { observedGeneration: 1 } });
    const looked = setReported('modified', { metadata: { generation: 2 }, status: { observedGeneration: 2 } });
    expect(plain.judge(fenced(...three, scaled, terminating('web-2')))).toMatchObject({ outcome: 'inconclusive' });
    expect(plain.judge(fenced(...three, scaled, terminating('web-2'), looked))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one was not there, or Terminating before', () => {
    const two = [asked, readied('web-0'), readied('web-2'), observed, before];
    const steps = [terminating('web-2'), terminating('web-0'), ...signs];
    expect(judge(fenced(...two, ...steps))).toMatchObject({ outcome: 'inconclusive' });
    const early = fenced(readied('web-0'), readied('web-1'), readied('web-2'), terminating('web-1'), before, ...steps);
    expect(judge(early)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('thePolicyIsStored', () => {
  const { judge } = thePolicyIsStored(web, 'Parallel', span);
  const stored = (podManagementPolicy?: string) =>
    setReported('modified', { spec: podManagementPolicy === undefined ? {} : { podManagementPolicy } });

  test('upheld: at every change', () => {
    expect(judge(fenced(before, stored('Parallel'), stored('Parallel')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: another one, or none', () => {
    expect(judge(fenced(before, stored('Parallel'), stored('OrderedReady')))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(before, stored()))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the set did not change within the span', () => {
    expect(judge(fenced(stored('Parallel'), before, readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
