import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import type { DnsAnswer } from '../history/observations.ts';
import {
  ended,
  failed,
  fence,
  fenced,
  gap,
  observed,
  readied,
  ready,
  reported,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { dnsNamesOf } from './dns.ts';
import { dnsFollowsReadiness } from './dnsReadiness.ts';

const zone = 'cluster.local';
const names = dnsNamesOf(web, { name: 'steadfast-vector', zone });
const moment = (name: string) => ({ moment: name, from: name, to: `${name}, seen` });
const flip = { ordinal: 1, before: moment('before'), unready: moment('unready'), again: moment('again') };
const { judge } = dnsFollowsReadiness(web, flip, { name: 'web', port: 80 }, zone);

function answer(at: string, type: 'A' | 'SRV', name: string, fields: Partial<DnsAnswer>): Step {
  const nothing = { status: 'NOERROR', addresses: [], services: [] } as const;
  return observed({ of: 'dns', moment: at, question: { name, type }, ...nothing, ...fields });
}

function slice(type: 'added' | 'modified', ready: readonly number[]): Step {
  return reported('endpointslices', type, 'nginx-x7k2p', {
    metadata: { labels: { 'kubernetes.io/service-name': 'nginx' } },
    endpoints: [0, 1].map((ordinal) => ({
      targetRef: { kind: 'Pod', name: `web-${ordinal}`, uid: `web-${ordinal}#1` },
      conditions: { ready: ready.includes(ordinal), serving: ready.includes(ordinal) },
    })),
  });
}

/** What DNS says when these ordinals are in it; the others are NXDOMAIN. */
function says(at: string, ordinals: readonly number[]): readonly Step[] {
  return [
    answer(at, 'A', names.service, { addresses: ordinals.map((ordinal) => `10.0.0.${ordinal + 1}`) }),
    answer(at, 'SRV', names.port('web'), {
      services: ordinals.map((ordinal) => ({ target: names.pod(ordinal), port: 80 })),
    }),
    ...[0, 1].map((ordinal) =>
      answer(
        at,
        'A',
        names.pod(ordinal),
        ordinals.includes(ordinal) ? { addresses: [`10.0.0.${ordinal + 1}`] } : { status: 'NXDOMAIN' },
      ),
    ),
  ];
}

interface Told {
  readonly flip?: readonly Step[];
  readonly meanwhile?: readonly Step[];
  readonly back?: readonly Step[];
  readonly afterwards?: readonly Step[];
}

function told(story: Told): History {
  return fenced(
    readied('web-0'),
    readied('web-1'),
    slice('added', [0, 1]),
    fence('before'),
    ...says('before', [0, 1]),
    fence('before, seen'),
    ...(story.flip ?? [unready('web-1'), slice('modified', [0])]),
    fence('unready'),
    ...(story.meanwhile ?? says('unready', [0])),
    fence('unready, seen'),
    ...(story.back ?? [ready('web-1'), slice('modified', [0, 1])]),
    fence('again'),
    ...(story.afterwards ?? says('again', [0, 1])),
    fence('again, seen'),
  );
}

describe('dnsFollowsReadiness', () => {
  test('upheld: it leaves the records and comes back', () => {
    expect(judge(told({}))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: an answer from before may linger; the last one counts', () => {
    const meanwhile = [...says('unready', [0, 1]), ...says('unready', [0])];
    expect(judge(told({ meanwhile }))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the unready Pod stays in the records', () => {
    expect(judge(told({ meanwhile: says('unready', [0, 1]) }))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it stays in one kind of record only', () => {
    const a = answer('unready', 'A', names.service, { addresses: ['10.0.0.1', '10.0.0.2'] });
    const srv = answer('unready', 'SRV', names.port('web'), {
      services: [0, 1].map((ordinal) => ({ target: names.pod(ordinal), port: 80 })),
    });
    const own = answer('unready', 'A', names.pod(1), { addresses: ['10.0.0.2'] });
    const empty = answer('unready', 'A', names.pod(1), {});
    for (const wrong of [a, srv, own, empty])
      expect(judge(told({ meanwhile: [...says('unready', [0]), wrong] }))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the EndpointSlice goes on calling it ready', () => {
    expect(judge(told({ flip: [unready('web-1')] }))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the Ready Pod is lost as well', () => {
    const meanwhile = [...says('unready', [0]), answer('unready', 'A', names.service, { status: 'NXDOMAIN' })];
    expect(judge(told({ meanwhile }))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it does not come back', () => {
    expect(judge(told({ afterwards: says('again', [0]) }))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody asked, or was answered', () => {
    expect(judge(told({ meanwhile: [] }))).toMatchObject({ outcome: 'inconclusive' });
    const silent = answer('unready', 'A', names.service, { status: 'TIMEOUT' });
    expect(judge(told({ meanwhile: [...says('unready', [0]), silent] }))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was never unready, was replaced, was not Running, did not become Ready again', () => {
    expect(judge(told({ flip: [] }))).toMatchObject({ outcome: 'inconclusive' });
    const replaced = [ended('web-1'), readied('web-1'), unready('web-1'), slice('modified', [0])];
    expect(judge(told({ flip: replaced }))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told({ flip: [failed('web-1'), slice('modified', [0])] }))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told({ back: [] }))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap in the slices, moments that were not fenced', () => {
    expect(judge(told({ flip: [unready('web-1'), gap('endpointslices')] }))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(readied('web-0'), readied('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
