import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import type { DnsAnswer } from '../history/observations.ts';
import {
  deleted,
  ended,
  failed,
  fence,
  fenced,
  gap,
  observed,
  readied,
  ready,
  reported,
  terminating,
  touched,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { dnsNamesOf } from './dns.ts';
import {
  dnsFollowsReadiness,
  dnsKnowsNobody,
  dnsLeavesOutThePodThatGoes,
  dnsLeavesOutThePodThatIsNotSelected,
} from './dnsReadiness.ts';

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

describe('dnsLeavesOutThePodThatGoes', () => {
  const going = dnsLeavesOutThePodThatGoes(web, 1, { name: 'web', port: 80 }, zone, moment('going'));
  const start = [readied('web-0'), readied('web-1'), slice('added', [0, 1])] as const;
  const asks = (before: readonly Step[], ...answers: readonly Step[]) =>
    going.judge(fenced(...start, ...before, fence('going'), ...answers, fence('going, seen')));
  const asked = [terminating('web-1'), slice('modified', [0])] as const;

  test('upheld: it is in no record while it stops', () => {
    expect(asks(asked, ...says('going', [0]))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: reported once more, and the same', () => {
    expect(asks(asked, ...says('going', [0]), touched('web-1'))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it stays in the records, in all or in one', () => {
    expect(asks(asked, ...says('going', [0, 1]))).toMatchObject({ outcome: 'violated' });
    const own = answer('going', 'A', names.pod(1), { addresses: ['10.0.0.2'] });
    expect(asks(asked, ...says('going', [0]), own)).toMatchObject({
      outcome: 'violated',
      because: 'web-1 is Terminating and its name gave 10.0.0.2',
    });
  });
  test('violated: the EndpointSlice goes on calling it ready', () => {
    expect(asks([terminating('web-1')], ...says('going', [0]))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the other Pod is lost as well', () => {
    const lost = answer('going', 'A', names.service, { status: 'NXDOMAIN' });
    expect(asks(asked, ...says('going', [0]), lost)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was not asked to go, was not Ready any more, or was gone before the end', () => {
    expect(asks([slice('modified', [0])], ...says('going', [0]))).toMatchObject({ outcome: 'inconclusive' });
    expect(asks([...asked, unready('web-1')], ...says('going', [0]))).toMatchObject({ outcome: 'inconclusive' });
    expect(asks([ended('web-1'), slice('modified', [0])], ...says('going', [0]))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(asks(asked, ...says('going', [0]), deleted('web-1'))).toMatchObject({ outcome: 'inconclusive' });
    expect(asks([], ...asked, ...says('going', [0]))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the other one goes, or is not Ready, as well; nobody asked; a gap', () => {
    expect(asks([...asked, terminating('web-0')], ...says('going', []))).toMatchObject({ outcome: 'inconclusive' });
    expect(asks([...asked, unready('web-0'), slice('modified', [])], ...says('going', []))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(asks(asked)).toMatchObject({ outcome: 'inconclusive' });
    expect(asks([...asked, gap('endpointslices')], ...says('going', [0]))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('dnsLeavesOutThePodThatIsNotSelected', () => {
  const apart = dnsLeavesOutThePodThatIsNotSelected(web, 1, { name: 'web', port: 80 }, zone, moment('apart'));
  const service = (selector?: object): Step => reported('services', 'added', 'nginx', { spec: { selector } });
  const selects = service({ app: 'nginx' });
  const pods = [readied('web-0', { labels: { app: 'nginx' } }), readied('web-1', { labels: { app: 'apart' } })];
  const asks = (before: readonly Step[], ...answers: readonly Step[]) =>
    apart.judge(fenced(...before, slice('added', [0]), fence('apart'), ...answers, fence('apart, seen')));

  test('upheld: it is in no record', () => {
    expect(asks([selects, ...pods], ...says('apart', [0]))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it stays in the records', () => {
    const own = answer('apart', 'A', names.pod(1), { addresses: ['10.0.0.2'] });
    expect(asks([selects, ...pods], ...says('apart', [0, 1]))).toMatchObject({ outcome: 'violated' });
    expect(asks([selects, ...pods], ...says('apart', [0]), own)).toMatchObject({
      outcome: 'violated',
      because: 'web-1 is not selected and its name gave 10.0.0.2',
    });
  });
  test('violated: an EndpointSlice goes on calling it ready', () => {
    const still = [selects, ...pods, slice('added', [0, 1])];
    const { judge: judgeApart } = apart;
    expect(judgeApart(fenced(...still, fence('apart'), ...says('apart', [0]), fence('apart, seen')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test.each<[string, readonly Step[]]>([
    [
      'it is selected all the same',
      [service({ tier: 'web' }), readied('web-0'), readied('web-1', { labels: { tier: 'web' } })],
    ],
    ['the Service has no selector', [service(), ...pods]],
    ['there is no Service', pods],
    ['it is not Ready', [selects, ...pods, unready('web-1')]],
    ['it is not there', [selects, ...pods.slice(0, 1)]],
    ['the other one is not Ready', [selects, ...pods, unready('web-0')]],
    ['a gap', [selects, ...pods, gap('services')]],
  ])('inconclusive: %s', (_, before) => {
    expect(asks(before, ...says('apart', [0]))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody asked', () => {
    expect(asks([selects, ...pods])).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('dnsKnowsNobody', () => {
  const { judge: judgeNone } = dnsKnowsNobody(web, { name: 'web', port: 80 }, zone, moment('none'));
  const noneReady = [readied('web-0'), readied('web-1'), unready('web-0'), unready('web-1')] as const;
  const asks = (before: readonly Step[], ready: readonly number[], ...answers: readonly Step[]) =>
    judgeNone(fenced(...before, slice('added', ready), fence('none'), ...answers, fence('none, seen')));

  test('upheld: nothing is in a record, and the names of the Pods are unknown', () => {
    expect(asks(noneReady, [], ...says('none', []))).toMatchObject({ outcome: 'upheld' });
    const unknown = answer('none', 'A', names.service, { status: 'NXDOMAIN' });
    expect(asks(noneReady, [], ...says('none', []), unknown)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: one stays in the records, in all or in one', () => {
    expect(asks(noneReady, [], ...says('none', [1]))).toMatchObject({ outcome: 'violated' });
    const own = answer('none', 'A', names.pod(1), { addresses: ['10.0.0.2'] });
    const srv = answer('none', 'SRV', names.port('web'), { services: [{ target: names.pod(1), port: 80 }] });
    const failing = answer('none', 'A', names.service, { status: 'SERVFAIL' });
    for (const wrong of [own, srv, failing])
      expect(asks(noneReady, [], ...says('none', []), wrong)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: an EndpointSlice calls one ready', () => {
    expect(asks(noneReady, [1], ...says('none', []))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one is Ready, there is none, nobody asked, a gap', () => {
    expect(asks([...noneReady, ready('web-0')], [0], ...says('none', [0]))).toMatchObject({ outcome: 'inconclusive' });
    expect(asks([], [], ...says('none', []))).toMatchObject({ outcome: 'inconclusive' });
    expect(asks(noneReady, [])).toMatchObject({ outcome: 'inconclusive' });
    expect(asks([...noneReady, gap('pods')], [], ...says('none', []))).toMatchObject({ outcome: 'inconclusive' });
  });
});
