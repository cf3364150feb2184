import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  deleted,
  ended,
  fenced,
  gap,
  readied,
  setReported,
  terminating,
  touched,
  unfenced,
  unready,
  web,
  type PodTraits,
  type Step,
} from '../history/testing.ts';
import { podsAreNumberedFrom, theRangeMoves } from './ordinals.ts';
import { before, quiet } from './testing.ts';

/** The set as it asks for Pods, and as many as it says it has. */
function asks(
  { start, replicas = 2, counted = replicas }: { start?: number; replicas?: number; counted?: number },
  type: 'added' | 'modified' = 'modified',
): Step {
  return setReported(type, {
    metadata: { generation: 1 },
    spec: { replicas, ...(start === undefined ? {} : { ordinals: { start } }) },
    status: { observedGeneration: 1, replicas: counted, readyReplicas: counted },
  });
}

const own = (name: string, traits: PodTraits = {}): Step => readied(name, { hostname: name, ...traits });
const signs = [alive(), alive()] as const;

describe('podsAreNumberedFrom', () => {
  const { judge } = podsAreNumberedFrom(web, { start: 5, replicas: 2 }, { alive: 'statefulset' });
  const from5 = asks({ start: 5 }, 'added');

  test('upheld: web-5, then web-6', () => {
    expect(judge(fenced(from5, own('web-5'), own('web-6'), ...signs))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });
  test('violated: it begins with web-0, or with web-4, if only for a moment', () => {
    for (const name of ['web-0', 'web-4'])
      expect(judge(fenced(from5, own(name), ended(name), own('web-5'), own('web-6'), ...signs))).toMatchObject({
        outcome: 'violated',
        because: `there was a Pod ${name}`,
      });
  });
  test('violated: it goes on to web-7', () => {
    const history = fenced(from5, own('web-5'), own('web-6'), added('web-7'), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it stops at web-5', () => {
    expect(judge(fenced(from5, own('web-5'), ...signs))).toMatchObject({
      outcome: 'violated',
      because: 'there is not one web-6',
    });
  });
  test('violated: web-6 comes first, or before web-5 is Ready', () => {
    expect(judge(fenced(from5, own('web-6'), own('web-5'), ...signs))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(from5, added('web-5'), own('web-6'), ...signs))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod of another name is controlled by the set', () => {
    const history = fenced(from5, own('web-5'), own('web-6'), added('web-05'), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'web made web-05' });
  });
  test('violated: index, name, hostname or owner are not those of the ordinal', () => {
    const wrong: readonly PodTraits[] = [
      { labels: { 'apps.kubernetes.io/pod-index': '0' } },
      { labels: { 'statefulset.kubernetes.io/pod-name': 'web-0' } },
      { hostname: 'web-0' },
      { owner: null },
    ];
    for (const traits of wrong)
      expect(judge(fenced(from5, own('web-5', traits), own('web-6'), ...signs))).toMatchObject({
        outcome: 'violated',
      });
  });
  test('violated: the set counts one', () => {
    const history = fenced(asks({ start: 5, counted: 1 }, 'added'), own('web-5'), own('web-6'), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: web-5 is still starting, or going', () => {
    expect(judge(fenced(from5, added('web-5', { hostname: 'web-5' }), ...signs))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(from5, own('web-5'), own('web-6'), terminating('web-6'), ...signs))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: the set asks for something else', () => {
    for (const other of [asks({}, 'added'), asks({ start: 5, replicas: 3 }, 'added')])
      expect(judge(fenced(other, own('web-5'), own('web-6'), ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody at work, a gap, no fence', () => {
    expect(judge(fenced(from5, own('web-5'), own('web-6'), alive()))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(from5, own('web-5'), gap('pods'), own('web-6'), ...signs))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(unfenced(from5, own('web-5'), own('web-6'), ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theRangeMoves', () => {
  const { judge } = theRangeMoves(web, { from: [0, 1, 2], to: [2, 3, 4] }, quiet);
  const three = [
    asks({ replicas: 3 }, 'added'),
    own('web-0'),
    own('web-1'),
    own('web-2'),
    before,
    asks({ start: 2, replicas: 3 }),
  ] as const;
  const fresh = [own('web-3'), own('web-4')] as const;
  const old = [ended('web-1'), ended('web-0')] as const;

  test('upheld: 3, 4 come, 1, 0 go, 2 stays', () => {
    expect(judge(fenced(...three, ...fresh, ...old, ...signs))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 4 },
    });
  });
  test('upheld: who comes and who goes may be mixed', () => {
    const history = fenced(...three, ended('web-1'), own('web-3'), ended('web-0'), own('web-4'), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: 4 comes before 3, or before 3 is Ready', () => {
    expect(judge(fenced(...three, own('web-4'), own('web-3'), ...old, ...signs))).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(fenced(...three, added('web-3'), own('web-4'), ...old, ...signs))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: 0 goes before 1, or before 1 is gone', () => {
    expect(judge(fenced(...three, ...fresh, ended('web-0'), ended('web-1'), ...signs))).toMatchObject({
      outcome: 'violated',
    });
    const early = [terminating('web-1'), terminating('web-0'), deleted('web-1'), deleted('web-0')];
    expect(judge(fenced(...three, ...fresh, ...early, ...signs))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 was deleted when web-1 was not gone',
    });
  });
  test('violated: 2 is replaced', () => {
    const history = fenced(...three, ...fresh, ...old, ended('web-2'), own('web-2'), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'web-2 was added' });
  });
  test('violated: 0 stays, 4 is missing, 1 comes back', () => {
    expect(judge(fenced(...three, ...fresh, ended('web-1'), ...signs))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is there as well',
    });
    expect(judge(fenced(...three, own('web-3'), ...old, ...signs))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...three, ...fresh, ...old, own('web-1'), ended('web-1'), ...signs))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: 0 is still going, 4 still coming, 2 has lost its readiness', () => {
    const going = fenced(...three, ...fresh, ended('web-1'), terminating('web-0'), ...signs);
    const coming = fenced(...three, own('web-3'), added('web-4'), ...old, ...signs);
    const lost = fenced(...three, ...fresh, ...old, unready('web-2'), ...signs);
    for (const history of [going, coming, lost]) expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the span did not begin with 0, 1, 2', () => {
    const history = fenced(asks({ replicas: 3 }, 'added'), own('web-2'), before, ...fresh, ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody was seen at work', () => {
    expect(judge(fenced(...three, ...fresh, ...old, touched('web-2')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
