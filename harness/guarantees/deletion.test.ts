import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  deleted,
  ended,
  fence,
  fenced,
  gap,
  present,
  readied,
  reported,
  setReported,
  terminating,
  touched,
  unfenced,
  unready,
  web,
} from '../history/testing.ts';
import {
  eachPodIsGone,
  eachPodOutlivesItsSet,
  everyPodGoesWithItsSet,
  isNotRelaunched,
  nothingIsLeft,
} from './deletion.ts';

const before = fence('before');
const setMade = setReported('added');
const setAskedToGo = setReported('modified', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
const setGone = setReported('deleted');
const two = [setMade, readied('web-0'), readied('web-1')];
const signs = [alive('garbage-collector'), alive('garbage-collector')];

describe('eachPodOutlivesItsSet', () => {
  const { judge } = eachPodOutlivesItsSet(web, { from: 'before', to: 'end', alive: 'garbage-collector' });

  test('upheld: the set is gone and its Pods run on', () => {
    const history = fenced(...two, before, setAskedToGo, touched('web-0', { owner: null }), setGone, ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: a Pod is asked to go', () => {
    expect(judge(fenced(...two, before, setGone, terminating('web-1'), ...signs))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: a Pod vanishes without a deletionTimestamp', () => {
    expect(judge(fenced(...two, before, setGone, deleted('web-0'), ...signs))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod is not Ready for a moment', () => {
    const history = fenced(...two, before, setGone, unready('web-1'), touched('web-1'), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a container was restarted', () => {
    const history = fenced(...two, before, setGone, touched('web-1', { restarts: 1 }), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod is replaced under a new uid', () => {
    const history = fenced(...two, before, setGone, deleted('web-1'), readied('web-1'), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another Pod is added', () => {
    expect(judge(fenced(...two, before, setGone, added('web-2'), ...signs))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the set was asked to go and stays', () => {
    expect(judge(fenced(...two, before, setAskedToGo, ...signs))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the set was not deleted, or was never there', () => {
    expect(judge(fenced(...two, before, ...signs))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(readied('web-0'), before, ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it had no Pod, or one that was not Ready', () => {
    expect(judge(fenced(setMade, before, setGone, ...signs))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...two, added('web-2'), before, setGone, ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the garbage collector was not seen alive, or seen once', () => {
    expect(judge(fenced(...two, before, setGone))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...two, before, setGone, alive('garbage-collector')))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(...two, before, setGone, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap in the sets, no fence', () => {
    expect(judge(fenced(...two, before, setGone, gap('statefulsets'), ...signs))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(unfenced(...two, before, setGone, ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
});

/** A sign of life whose sentinel was changed before anything else happened. */
const earlySign = () => [
  {
    kind: 'observation',
    of: 'liveness',
    moment: 'early',
    controller: 'statefulset',
    seen: 'the sentinel was reconciled',
    invokedAtIndex: 1,
  } as const,
];

describe('isNotRelaunched', () => {
  const { judge } = isNotRelaunched(web, 0, { from: 'before', to: 'end', alive: 'statefulset' });
  const pods = [present('web-0'), present('web-1')];

  test('upheld: web-0 is gone and stays so', () => {
    expect(judge(fenced(...pods, before, ended('web-0'), touched('web-1'), alive(), alive()))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: web-0 is added again', () => {
    const history = fenced(...pods, before, ended('web-0'), alive(), added('web-0'), alive());
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it was there for a moment only', () => {
    const history = fenced(...pods, before, ended('web-0'), alive(), added('web-0'), deleted('web-0'), alive());
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another Pod of the set is added', () => {
    const history = fenced(...pods, before, ended('web-0'), alive(), added('web-2'), alive());
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it is Terminating still, or was never deleted', () => {
    expect(judge(fenced(...pods, before, terminating('web-0'), alive(), alive()))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(...pods, before, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the signs of life are from before it was gone', () => {
    const history = fenced(before, ...pods, earlySign, earlySign, ended('web-0'));
    expect(judge(history)).toMatchObject({
      outcome: 'inconclusive',
      because: expect.stringContaining('at work twice'),
    });
  });
});

describe('everyPodGoesWithItsSet', () => {
  const { judge } = everyPodGoesWithItsSet(web, { from: 'before', to: 'end', alive: 'statefulset' });

  test('upheld: set and Pods are gone, whichever went first', () => {
    const history = fenced(...two, before, setGone, ended('web-0'), ended('web-1'), alive(), alive());
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: the Pods are orphaned', () => {
    const history = fenced(...two, before, setGone, touched('web-0', { owner: null }), alive(), alive());
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod is Terminating at the end', () => {
    const history = fenced(...two, before, setGone, ended('web-0'), terminating('web-1'), alive(), alive());
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod comes back', () => {
    const history = fenced(...two, before, setGone, ended('web-0'), ended('web-1'), alive(), added('web-0'), alive());
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the set stays, without its Pods', () => {
    const history = fenced(...two, before, setAskedToGo, ended('web-0'), ended('web-1'), alive(), alive());
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody deleted the set', () => {
    const history = fenced(...two, before, ended('web-0'), ended('web-1'), alive(), alive());
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it had no Pods', () => {
    expect(judge(fenced(setMade, before, setGone, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody was at work after the last was gone', () => {
    const history = fenced(
      setMade,
      before,
      earlySign,
      earlySign,
      readied('web-0'),
      fence('later'),
      setGone,
      ended('web-0'),
    );
    const late = everyPodGoesWithItsSet(web, { from: 'later', to: 'end' });
    expect(late.judge(history)).toMatchObject({
      outcome: 'inconclusive',
      because: expect.stringContaining('at work twice'),
    });
  });
});

describe('eachPodIsGone', () => {
  const { judge } = eachPodIsGone(web, [0, 1], { from: 'before', to: 'end' });

  test('upheld: both are gone', () => {
    expect(judge(fenced(...two, before, ended('web-1'), ended('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: one is Terminating', () => {
    expect(judge(fenced(...two, before, ended('web-1'), terminating('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one came back', () => {
    expect(judge(fenced(...two, before, ended('web-1'), ended('web-0'), added('web-0')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: one was not there', () => {
    expect(judge(fenced(readied('web-0'), before, ended('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('nothingIsLeft', () => {
  const { judge } = nothingIsLeft(web, { app: 'nginx' }, { from: 'before', to: 'end' });
  const service = reported('services', 'added', 'nginx');
  const serviceGone = reported('services', 'deleted', 'nginx');

  test('upheld: Service, set and Pods are gone', () => {
    const history = fenced(service, ...two, before, serviceGone, setGone, ended('web-0'), ended('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 4 } });
  });
  test('violated: the Service is there', () => {
    const history = fenced(service, ...two, before, setGone, ended('web-0'), ended('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'services/nginx is still there' });
  });
  test('violated: the set is there', () => {
    const history = fenced(service, ...two, before, serviceGone, ended('web-0'), ended('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'statefulsets/web is still there' });
  });
  test('violated: a Pod is there, Terminating', () => {
    const history = fenced(service, ...two, before, serviceGone, setGone, ended('web-0'), terminating('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'pods/web-1 is still there' });
  });
  test('violated: a Pod of another name carries the label', () => {
    const gone = [serviceGone, setGone, ended('web-0'), ended('web-1')];
    expect(judge(fenced(service, ...two, before, ...gone, added('stray-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('upheld: a Pod of another label is nobody’s concern', () => {
    const gone = [serviceGone, setGone, ended('web-0'), ended('web-1')];
    const history = fenced(service, ...two, before, ...gone, added('probe-0', { labels: { app: 'probe' } }));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: there was no Service to begin with', () => {
    expect(judge(fenced(...two, before, setGone, ended('web-0'), ended('web-1')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
