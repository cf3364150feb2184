import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  deleted,
  fenced,
  gap,
  operated,
  reported,
  terminating,
  touched,
  unfenced,
  type Step,
} from '../history/testing.ts';
import { exactlyTheMatchingSetsGo } from './collections.ts';
import { before } from './testing.ts';

const { judge } = exactlyTheMatchingSetsGo(
  { matching: ['left'], others: ['right'] },
  { from: 'before', alive: 'garbage-collector' },
);

const set = (name: string, type: 'added' | 'modified' | 'deleted' = 'added', metadata: object = {}): Step =>
  reported('statefulsets', type, name, { metadata });
const pod = (name: string): Step => added(`${name}-0`, { owner: `statefulsets/${name}#1` });
const two = [set('left'), pod('left'), set('right'), pod('right'), before] as const;
const asked = operated('delete', 'statefulsets with group=left');
const gone = [set('left', 'deleted'), deleted('left-0')] as const;
const signs = [alive('garbage-collector'), alive('garbage-collector')] as const;

describe('exactlyTheMatchingSetsGo', () => {
  test('upheld: left goes with its Pod, right stays', () => {
    expect(judge(fenced(...two, asked, ...gone, touched('right-0'), ...signs))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 4 },
    });
  });
  test('violated: left, or its Pod, is still there', () => {
    for (const part of gone)
      expect(judge(fenced(...two, asked, part, ...signs))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: right, or its Pod, goes as well or is asked to', () => {
    const harms = [
      set('right', 'deleted'),
      set('right', 'modified', { deletionTimestamp: 'now' }),
      deleted('right-0'),
      terminating('right-0'),
    ];
    for (const harm of harms)
      expect(judge(fenced(...two, asked, ...gone, harm, ...signs))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: right is made anew', () => {
    const anew = [set('right', 'deleted'), set('right')];
    expect(judge(fenced(...two, asked, ...gone, ...anew, ...signs))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one of them had no Pod, or was not there', () => {
    const podless = [set('left'), pod('left'), set('right'), before];
    const alone = [set('left'), pod('left'), before];
    for (const start of [podless, alone])
      expect(judge(fenced(...start, asked, ...gone, ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: they were not deleted as a collection, or it is not known', () => {
    expect(judge(fenced(...two, ...gone, ...signs))).toMatchObject({ outcome: 'inconclusive' });
    const perhaps = operated('delete', 'statefulsets with group=left', 'indeterminate');
    expect(judge(fenced(...two, perhaps, ...gone, ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the garbage collector was not seen, or not watched', () => {
    expect(judge(fenced(...two, asked, ...gone, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
    const loosely = exactlyTheMatchingSetsGo({ matching: ['left'], others: ['right'] }, { from: 'before' });
    expect(loosely.judge(fenced(...two, asked, ...gone, ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap, or no fence', () => {
    expect(judge(fenced(...two, asked, ...gone, gap('pods'), ...signs))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...two, asked, ...gone, ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
});
