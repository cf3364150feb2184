import { describe, expect, test } from 'vitest';
import {
  fence,
  fenced,
  observed,
  readied,
  ready,
  reported,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { nobodyIsReached, trafficFollowsReadiness } from './serviceTraffic.ts';

const flip = {
  ordinal: 0,
  service: 'zk-cs',
  before: { moment: 'before', from: 'b1', to: 'b2' },
  unready: { moment: 'unready', from: 'u1', to: 'u2' },
  again: { moment: 'again', from: 'a1', to: 'a2' },
} as const;

/** The servers that answered, by their numbers. */
const reached = (moment: string, ...servers: readonly number[]): Step => reachedFrom('probe', moment, ...servers);
const reachedFrom = (pod: string, moment: string, ...servers: readonly number[]): Step =>
  observed({
    of: 'command',
    moment,
    pod,
    argv: ['bash'],
    exitCode: 0,
    stdout: servers.map((id) => `serverId=${id}\n`).join(''),
    stderr: '',
  });

const slice = (zeroIsReady: boolean, oneIsReady = true): Step =>
  reported('endpointslices', 'modified', 'zk-cs-x', {
    metadata: { labels: { 'kubernetes.io/service-name': 'zk-cs' } },
    endpoints: [
      { addresses: [], targetRef: { uid: 'web-0#1' }, conditions: { ready: zeroIsReady } },
      { addresses: [], targetRef: { uid: 'web-1#1' }, conditions: { ready: oneIsReady } },
    ],
  });

const begin = [readied('web-0'), readied('web-1'), slice(true), fence('b1')] as const;
const fall = [fence('b2'), unready('web-0'), slice(false), fence('u1')] as const;
const rise = [fence('u2'), ready('web-0'), slice(true), fence('a1')] as const;

const judged = (before: Step, meanwhile: readonly Step[], again: Step, falling: readonly Step[] = fall) =>
  trafficFollowsReadiness(web, flip, 3).judge(
    fenced(...begin, before, ...falling, ...meanwhile, ...rise, again, fence('a2')),
  );
const both = (moment: string): Step => reached(moment, 1, 2, 1);
const other = reached('unready', 2, 2, 2);

test('upheld: only Ready Pods are reached, each of them', () => {
  expect(judged(both('before'), [other], both('again'))).toMatchObject({ outcome: 'upheld' });
});
test('upheld: what counts is the last command of a moment', () => {
  expect(judged(both('before'), [reached('unready', 1, 2, 1), other], both('again'))).toMatchObject({
    outcome: 'upheld',
  });
});
test('violated: the unready Pod is reached', () => {
  expect(judged(both('before'), [reached('unready', 2, 1, 2, 2)], both('again'))).toMatchObject({
    outcome: 'violated',
    because: 'web-0 is not Ready, and was reached (unready)',
  });
});
test('violated: the unready Pod is reached from a Pod of the set, by itself say', () => {
  const inside = reachedFrom('web-0', 'unready', 2, 1);
  expect(judged(both('before'), [other, inside], both('again'))).toMatchObject({
    outcome: 'violated',
    because: 'web-0 is not Ready, and was reached (unready)',
  });
  const elsewhere = [reachedFrom('web-1', 'unready', 2, 2), reachedFrom('stranger', 'unready', 1)];
  expect(judged(both('before'), [other, ...elsewhere], both('again'))).toMatchObject({ outcome: 'upheld' });
});
test('violated: it is not reached when it is Ready again, or was not before', () => {
  expect(judged(both('before'), [other], reached('again', 2, 2, 2))).toMatchObject({ outcome: 'violated' });
  expect(judged(reached('before', 2, 2, 2), [other], both('again'))).toMatchObject({ outcome: 'violated' });
});
test('violated: the slices call it ready', () => {
  const still = [fence('b2'), unready('web-0'), fence('u1')];
  expect(judged(both('before'), [other], both('again'), still)).toMatchObject({ outcome: 'violated' });
});
test('violated: somebody else answers', () => {
  expect(judged(both('before'), [reached('unready', 2, 2, 9)], both('again'))).toMatchObject({ outcome: 'violated' });
});
test('inconclusive: too few answers, or none', () => {
  expect(judged(both('before'), [reached('unready', 2, 2)], both('again'))).toMatchObject({ outcome: 'inconclusive' });
  expect(judged(both('before'), [], both('again'))).toMatchObject({ outcome: 'inconclusive' });
});
test('inconclusive: it was not made unready, or not in place', () => {
  const stays = [fence('b2'), fence('u1')];
  expect(judged(both('before'), [both('unready')], both('again'), stays)).toMatchObject({ outcome: 'inconclusive' });
});
test('inconclusive: not fenced', () => {
  const history = unfenced(...begin, both('before'));
  expect(trafficFollowsReadiness(web, flip, 3).judge(history)).toMatchObject({ outcome: 'inconclusive' });
});

describe('where no Pod is Ready', () => {
  const none = { moment: 'none', from: 'n1', to: 'n2', service: 'zk-cs' } as const;
  const tried = (stdout: string): Step =>
    observed({ of: 'command', moment: 'none', pod: 'probe', argv: ['bash'], exitCode: 0, stdout, stderr: '' });
  const noneReady = [readied('web-0'), readied('web-1'), unready('web-0'), unready('web-1'), slice(false, false)];
  const asked = (steps: readonly Step[], ...client: readonly Step[]) =>
    nobodyIsReached(web, none, 3).judge(fenced(...steps, fence('n1'), ...client, fence('n2')));

  test('upheld: nobody answers', () => {
    expect(asked(noneReady, tried('tried=3\n'))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: an unready Pod is reached', () => {
    expect(asked(noneReady, tried('serverId=2\ntried=3\n'))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 is not Ready, and was reached (none)',
    });
  });
  test('violated: the slices call one ready', () => {
    expect(asked([...noneReady, slice(true, false)], tried('tried=3\n'))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one is Ready, or too few connections were tried', () => {
    expect(asked([readied('web-0'), slice(true)], tried('tried=3\n'))).toMatchObject({ outcome: 'inconclusive' });
    expect(asked(noneReady, tried('tried=2\n'))).toMatchObject({ outcome: 'inconclusive' });
    expect(asked(noneReady)).toMatchObject({ outcome: 'inconclusive' });
  });
});
