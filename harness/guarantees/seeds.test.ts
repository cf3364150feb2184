import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import {
  added,
  ended,
  fence,
  fenced,
  operated,
  readied,
  terminating,
  deleted,
  web,
  type Step,
} from '../history/testing.ts';
import { everyPodWasGoneAtOnce, podsJoinWithoutHelp, theFirstPodIsTheSeed } from './seeds.ts';
import { before, changed, spanned } from './testing.ts';
import { printed } from './testingVolumes.ts';

describe('theFirstPodIsTheSeed', () => {
  const { judge } = theFirstPodIsTheSeed('SEEDS', web, [0, 1], 'cluster.local');
  const seeded = (step: Step, value: string | undefined, name = 'SEEDS'): Step =>
    changed(step, (object) => ({ ...object, spec: { containers: [{ name: 'nginx', env: [{ name, value }] }] } }));
  const own = 'web-0.nginx.steadfast-vector.svc.cluster.local';

  test('upheld: both are given its full name', () => {
    expect(judge(fenced(seeded(readied('web-0'), own), seeded(readied('web-1'), own)))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: the namespace of the tutorial, an address, none', () => {
    for (const other of ['web-0.nginx.default.svc.cluster.local', '$(POD_IP)', undefined])
      expect(judge(fenced(seeded(readied('web-0'), own), seeded(readied('web-1'), other)))).toMatchObject({
        outcome: 'violated',
      });
    const named = fenced(seeded(readied('web-0'), own), seeded(readied('web-1'), own, 'OTHER'));
    expect(judge(named)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one of them was never there', () => {
    expect(judge(fenced(seeded(readied('web-0'), own)))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('podsJoinWithoutHelp', () => {
  const { judge } = podsJoinWithoutHelp(web, [0, 1], { to: 'made' });
  const told = (...help: readonly Step[]): History =>
    fenced(
      operated('apply', 'statefulsets/web', 'invoked'),
      operated('apply', 'statefulsets/web'),
      readied('web-0'),
      ...help,
      readied('web-1'),
      fence('made'),
    );

  test('upheld: the manifest is applied, and the ring is asked for', () => {
    const asks = printed('joins', 'web-0', 'UJ', ['nodetool', 'status']);
    expect(judge(told(asks))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: something else was asked of the server, or run in a Pod', () => {
    expect(judge(told(operated('patch', 'pods/web-0', 'invoked')))).toMatchObject({ outcome: 'violated' });
    const joins = printed('joins', 'web-0', '', ['nodetool', 'join']);
    expect(judge(told(joins))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one never became Ready, or nothing was applied', () => {
    const unready = fenced(
      operated('apply', 'statefulsets/web', 'invoked'),
      readied('web-0'),
      added('web-1'),
      fence('made'),
    );
    expect(judge(unready)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(readied('web-0'), readied('web-1'), fence('made')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('everyPodWasGoneAtOnce', () => {
  const { judge } = everyPodWasGoneAtOnce(web, spanned);
  const two = [readied('web-0'), readied('web-1'), before] as const;

  test('upheld: all went before the first came', () => {
    const history = fenced(...two, ended('web-1'), ended('web-0'), readied('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: one stayed, or one came before the last had gone', () => {
    expect(judge(fenced(...two, ended('web-1'), readied('web-1')))).toMatchObject({ outcome: 'violated' });
    const overlapping = [ended('web-0'), readied('web-0'), terminating('web-1'), deleted('web-1')];
    expect(judge(fenced(...two, ...overlapping))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: there was none before, none is there now, or it is not Ready yet', () => {
    expect(judge(fenced(before, readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...two, ended('web-1'), ended('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    const starting = fenced(...two, ended('web-1'), ended('web-0'), added('web-0'));
    expect(judge(starting)).toMatchObject({ outcome: 'inconclusive' });
  });
});
