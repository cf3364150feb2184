import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  ended,
  fenced,
  ready,
  readied,
  running,
  terminating,
  touched,
  unready,
  web,
} from '../history/testing.ts';
import { isRelaunchedFirst, surplusGoesOnceTheRestIsReady } from './reapplying.ts';
import { adopted, before, orphan, orphaned, setMade, span } from './testingOrphans.ts';

describe('isRelaunchedFirst', () => {
  const { judge } = isRelaunchedFirst(web, 0, span);

  test('upheld: web-0, and then web-2 goes', () => {
    const history = fenced(...orphaned, before, setMade, added('web-0', adopted), ready('web-0'), ended('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: web-2 goes first', () => {
    const history = fenced(...orphaned, before, setMade, terminating('web-2'), added('web-0'), deleted('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another Pod is added first', () => {
    expect(judge(fenced(...orphaned, before, setMade, added('web-3'), added('web-0')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: nothing is relaunched', () => {
    expect(judge(fenced(...orphaned, before, setMade, ended('web-2')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was there all the time', () => {
    const history = fenced(...orphaned, added('web-0'), before, setMade, ended('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no set was made', () => {
    expect(judge(fenced(...orphaned, before, added('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('surplusGoesOnceTheRestIsReady', () => {
  const { judge } = surplusGoesOnceTheRestIsReady(web, 2, span);
  const taken = [setMade, touched('web-1', adopted), touched('web-2', adopted)];

  test('upheld: web-2 goes when web-0 is back and Ready', () => {
    const history = fenced(...orphaned, before, ...taken, readied('web-0', adopted), ended('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: web-2 goes while web-0 is Running only', () => {
    const steps = [added('web-0', adopted), running('web-0'), terminating('web-2'), ready('web-0'), deleted('web-2')];
    expect(judge(fenced(...orphaned, before, ...taken, ...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-2 goes while web-1 is not Ready', () => {
    const steps = [readied('web-0', adopted), unready('web-1'), ended('web-2'), ready('web-1')];
    expect(judge(fenced(...orphaned, before, ...taken, ...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-2 is left over', () => {
    const history = fenced(...orphaned, before, ...taken, readied('web-0', adopted), touched('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-2 is Terminating still', () => {
    const history = fenced(...orphaned, before, ...taken, readied('web-0', adopted), terminating('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-2 came back', () => {
    const history = fenced(...orphaned, before, ...taken, readied('web-0', adopted), ended('web-2'), added('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod below went as well, or is not the set’s', () => {
    const steps = [...orphaned, before, ...taken, readied('web-0', adopted), ended('web-2')];
    expect(judge(fenced(...steps, ended('web-1')))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...steps, touched('web-1', orphan)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: there was no Pod beyond the replicas', () => {
    const history = fenced(...orphaned, ended('web-2'), before, ...taken.slice(0, 2), readied('web-0', adopted));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no set was made', () => {
    expect(judge(fenced(...orphaned, before, readied('web-0'), ended('web-2')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
