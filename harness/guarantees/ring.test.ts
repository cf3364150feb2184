import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import {
  added,
  ended,
  fence,
  fenced,
  gap,
  observed,
  readied,
  ready,
  running,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { ringViewOf } from './nodetool.ts';
import {
  eachMemberHasTokens,
  readyMeansUpAndNormal,
  theMemberComesBack,
  thePodsFormOneRing,
  theRingIsIn,
} from './ring.ts';
import { printed } from './testingVolumes.ts';

const ids = ['a', 'b', 'c', 'd'].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`);

/** A line of `nodetool status`: `UN 0`, or `UN 0 as 2` for a Host ID of another. */
function line(state: string, ordinal: number, { id = ordinal, tokens = 32, rack = 'Rack1-K8Demo' } = {}): string {
  return `${state}  10.0.0.${ordinal + 1}   104.55 KiB  ${tokens}           67.1%             ${ids[id]}  ${rack}`;
}

function status(lines: readonly string[], datacenter = 'DC1-K8Demo'): string {
  const head = `Datacenter: ${datacenter}\n======================\nStatus=Up/Down\n|/ State=Normal/Leaving/Joining/Moving\n`;
  return `${head}--  Address      Load       Tokens       Owns (effective)  Host ID                               Rack\n${lines.join('\n')}\n\n`;
}

const says = (moment: string, pod: string, lines: readonly string[], datacenter?: string): Step =>
  printed(moment, pod, status(lines, datacenter), ['nodetool', 'status']);

const both = [line('UN', 0), line('UN', 1)];
const asked = { moment: 'asked', from: 'begin', to: 'close' } as const;
const pods = [readied('web-0'), readied('web-1')];

function told(...looks: readonly Step[]): History {
  return fenced(...pods, fence('begin'), ...looks, fence('close'));
}

describe('ringViewOf', () => {
  test('reads members in whatever state, with and without a load, and nothing else', () => {
    const view = ringViewOf(status([line('UN', 0), `DN  10.0.0.9  ?  32  ?  ${ids[1]}  Rack1-K8Demo`, 'UX nonsense']));
    expect(view.datacenters).toEqual(['DC1-K8Demo']);
    expect(view.members).toEqual([
      { state: 'UN', address: '10.0.0.1', tokens: 32, hostId: ids[0], rack: 'Rack1-K8Demo' },
      { state: 'DN', address: '10.0.0.9', tokens: 32, hostId: ids[1], rack: 'Rack1-K8Demo' },
    ]);
  });
});

describe('thePodsFormOneRing', () => {
  const { judge } = thePodsFormOneRing(web, [0, 1], asked);
  const inBoth = (lines: readonly string[]): readonly Step[] => [
    says('asked', 'web-0', lines),
    says('asked', 'web-1', lines),
  ];

  test('upheld: each names both, up and normal', () => {
    expect(judge(told(...inBoth(both)))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('upheld: though a Pod is not Ready for a while', () => {
    const flaps = [unready('web-1'), ...inBoth(both), ready('web-1')];
    expect(judge(told(...flaps))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: one is missing, one is left over, one is down, one joins', () => {
    for (const lines of [
      [line('UN', 0)],
      [...both, line('DN', 2)],
      [line('UN', 0), line('DN', 1)],
      [line('UN', 0), line('UJ', 1)],
    ])
      expect(judge(told(...inBoth(lines)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: two rings of one, though each is up and normal', () => {
    const torn = [says('asked', 'web-0', [line('UN', 0)]), says('asked', 'web-1', [line('UN', 1)])];
    expect(judge(told(...torn))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: only one of them sees both', () => {
    const half = [says('asked', 'web-0', both), says('asked', 'web-1', [line('UN', 1)])];
    expect(judge(told(...half))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one Host ID twice, other Host IDs in another view, an answer without members', () => {
    expect(judge(told(...inBoth([line('UN', 0), line('UN', 1, { id: 0 })])))).toMatchObject({ outcome: 'violated' });
    const other = [says('asked', 'web-0', both), says('asked', 'web-1', [line('UN', 0), line('UN', 1, { id: 2 })])];
    expect(judge(told(...other))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(...inBoth([])))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one was not asked, or not at this moment; a Pod was replaced meanwhile; a gap', () => {
    expect(judge(told(says('asked', 'web-0', both)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(says('asked', 'web-0', both), says('later', 'web-1', both)))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(told(...inBoth(both), ended('web-1'), readied('web-1')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(...inBoth(both), gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theRingIsIn and eachMemberHasTokens', () => {
  const place = theRingIsIn({ datacenter: 'DC1-K8Demo', rack: 'Rack1-K8Demo' }, web, [0], asked);
  const tokens = eachMemberHasTokens(32, web, [0], asked);

  test('upheld: as the manifest asks', () => {
    const history = told(says('asked', 'web-0', both));
    for (const { judge } of [place, tokens]) expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: another datacenter, another rack, another number of tokens', () => {
    expect(place.judge(told(says('asked', 'web-0', both, 'datacenter1')))).toMatchObject({ outcome: 'violated' });
    const racked = [line('UN', 0), line('UN', 1, { rack: 'rack1' })];
    expect(place.judge(told(says('asked', 'web-0', racked)))).toMatchObject({ outcome: 'violated' });
    const fewer = [line('UN', 0), line('UN', 1, { tokens: 8 })];
    expect(tokens.judge(told(says('asked', 'web-0', fewer)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody was asked', () => {
    for (const { judge } of [place, tokens]) expect(judge(told())).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('readyMeansUpAndNormal', () => {
  const moments = [
    { moment: 'joins', from: 'joins: begin', to: 'joins: end' },
    { moment: 'stands', from: 'stands: begin', to: 'stands: end' },
  ];
  const { judge } = readyMeansUpAndNormal(web, 1, moments);
  const look = (moment: string, viewer: string, state: string): readonly Step[] => [
    fence(`${moment}: begin`),
    says(moment, viewer, [line('UN', 0), line(state, 1)]),
    fence(`${moment}: end`),
  ];
  const starts = [readied('web-0'), added('web-1'), running('web-1')];

  test('upheld: joining while it is not Ready, up and normal once it is', () => {
    const history = fenced(
      ...starts,
      ...look('joins', 'web-0', 'UJ'),
      ready('web-1'),
      ...look('stands', 'web-1', 'UN'),
    );
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: Ready while its own server says that it joins, or does not know it', () => {
    const early = fenced(...starts, ready('web-1'), ...look('joins', 'web-1', 'UJ'), ...look('stands', 'web-1', 'UN'));
    expect(judge(early)).toMatchObject({ outcome: 'violated' });
    const unknown = [fence('joins: begin'), says('joins', 'web-1', [line('UN', 0)]), fence('joins: end')];
    expect(judge(fenced(...starts, ready('web-1'), ...unknown))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: Ready while its own server says that it is still bootstrapping; what others say so is no view', () => {
    const refuses = (viewer: string): readonly Step[] => [
      fence('joins: begin'),
      observed({
        of: 'command',
        moment: 'joins',
        pod: viewer,
        argv: ['nodetool', 'status'],
        exitCode: 1,
        stdout: 'Error: The node does not have system_traces yet, probably still bootstrapping\n',
        stderr: '',
      }),
      fence('joins: end'),
    ];
    const early = judge(fenced(...starts, ready('web-1'), ...refuses('web-1')));
    expect(early).toMatchObject({
      outcome: 'violated',
      because: 'web-1 is Ready while its own server calls it no member',
    });
    expect(judge(fenced(...starts, ready('web-1'), ...refuses('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...starts, ...refuses('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was never seen joining, or not asked once it was Ready, or only others were asked', () => {
    const late = fenced(...starts, ready('web-1'), ...look('stands', 'web-1', 'UN'));
    expect(judge(late)).toMatchObject({ outcome: 'inconclusive' });
    const unasked = fenced(...starts, ...look('joins', 'web-0', 'UJ'), ready('web-1'));
    expect(judge(unasked)).toMatchObject({ outcome: 'inconclusive' });
    const others = fenced(...starts, ...look('joins', 'web-0', 'UJ'), ready('web-1'), ...look('stands', 'web-0', 'UJ'));
    expect(judge(others)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it became Ready during the look', () => {
    const during = [
      fence('joins: begin'),
      ready('web-1'),
      says('joins', 'web-1', [line('UJ', 1)]),
      fence('joins: end'),
    ];
    expect(judge(fenced(...starts, ...during))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theMemberComesBack', () => {
  const moments = {
    before: { moment: 'before', from: 'before: begin', to: 'before: end' },
    after: { moment: 'after', from: 'after: begin', to: 'after: end' },
  };
  const { judge } = theMemberComesBack(web, 1, [0, 1], moments);
  const look = (moment: string, lines: readonly string[]): readonly Step[] => [
    fence(`${moment}: begin`),
    says(moment, 'web-0', lines),
    says(moment, 'web-1', lines),
    fence(`${moment}: end`),
  ];
  const replaced = [ended('web-1'), readied('web-1', { ip: '10.0.0.3' })];
  const back = (lines: readonly string[], between: readonly Step[] = replaced): History =>
    fenced(...pods, ...look('before', both), ...between, ...look('after', lines));

  test('upheld: another address, the same Host ID', () => {
    expect(judge(back([line('UN', 0), line('UN', 2, { id: 1 })]))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a new Host ID, beside the old one that is down or in its place', () => {
    expect(judge(back([line('UN', 0), line('DN', 1), line('UN', 2)]))).toMatchObject({ outcome: 'violated' });
    expect(judge(back([line('UN', 0), line('UN', 2)]))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the two have changed their Host IDs', () => {
    expect(judge(back([line('UN', 0, { id: 1 }), line('UN', 2, { id: 0 })]))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the Pod was not replaced, there was no ring before, nobody looked after', () => {
    expect(judge(back(both, []))).toMatchObject({ outcome: 'inconclusive' });
    const torn = fenced(...pods, ...look('before', [line('UN', 0)]), ...replaced, ...look('after', both));
    expect(judge(torn)).toMatchObject({ outcome: 'inconclusive' });
    const blind = fenced(...pods, ...look('before', both), ...replaced, fence('after: begin'), fence('after: end'));
    expect(judge(blind)).toMatchObject({ outcome: 'inconclusive' });
  });
});
