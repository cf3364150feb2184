import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import type { DnsAnswer } from '../history/observations.ts';
import { added, ended, fence, fenced, gap, observed, readied, unready, web, type Step } from '../history/testing.ts';
import {
  dnsNamesOf,
  dnsNamesStayTheSame,
  eachPodNameResolvesToItsPod,
  srvNamesEachReadyPod,
  theServiceNameResolvesToEachPod,
} from './dns.ts';

const zone = 'cluster.local';
const names = dnsNamesOf(web, { name: 'steadfast-vector', zone });
const asked = { moment: 'asked', from: 'settled', to: 'done' };
const port = { name: 'web', port: 80 };

/** web-0 has 10.0.0.1 and web-1 10.0.0.2, both Ready; then clients see this. */
function seen(...steps: readonly Step[]): History {
  return fenced(readied('web-0'), readied('web-1'), fence('settled'), ...steps, fence('done'));
}

function answer(type: 'A' | 'SRV', name: string, fields: Partial<DnsAnswer>, moment = 'asked'): Step {
  const nothing = { status: 'NOERROR', addresses: [], services: [] } as const;
  return observed({ of: 'dns', moment, question: { name, type }, ...nothing, ...fields });
}

const a = (name: string, ...addresses: readonly string[]): Step => answer('A', name, { addresses });
const timeout = (type: 'A' | 'SRV', name: string): Step => answer(type, name, { status: 'TIMEOUT' });
const nxdomain = (name: string): Step => answer('A', name, { status: 'NXDOMAIN' });
const srv = (...targets: readonly string[]): Step =>
  answer('SRV', names.port('web'), { services: targets.map((target) => ({ target, port: 80 })) });

describe('dnsNamesOf', () => {
  test('the names of the tutorial', () => {
    expect(names.service).toBe('nginx.steadfast-vector.svc.cluster.local');
    expect(names.pod(1)).toBe('web-1.nginx.steadfast-vector.svc.cluster.local');
    expect(names.port('web')).toBe('_web._tcp.nginx.steadfast-vector.svc.cluster.local');
  });
});

describe('eachPodNameResolvesToItsPod', () => {
  const { judge } = eachPodNameResolvesToItsPod(web, [0, 1], zone, asked);
  const first = a(names.pod(0), '10.0.0.1');

  test('upheld: each gives its own address', () => {
    expect(judge(seen(first, a(names.pod(1), '10.0.0.2')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: swapped, several, none, NXDOMAIN, SERVFAIL', () => {
    for (const second of [
      a(names.pod(1), '10.0.0.1'),
      a(names.pod(1), '10.0.0.1', '10.0.0.2'),
      a(names.pod(1)),
      nxdomain(names.pod(1)),
      answer('A', names.pod(1), { status: 'SERVFAIL' }),
    ])
      expect(judge(seen(first, second))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one right answer does not mend a wrong one', () => {
    const history = seen(first, a(names.pod(1), '10.0.0.9'), a(names.pod(1), '10.0.0.2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one was not asked, at another moment, another type, or nobody answered', () => {
    for (const second of [
      answer('A', names.pod(1), { addresses: ['10.0.0.2'] }, 'later'),
      answer('SRV', names.pod(1), {}),
      timeout('A', names.pod(1)),
    ])
      expect(judge(seen(first, second))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(first))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: web-1 is not Ready, or changes meanwhile', () => {
    const second = a(names.pod(1), '10.0.0.2');
    const late = fenced(readied('web-0'), added('web-1'), fence('settled'), first, second, fence('done'));
    expect(judge(late)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(first, second, unready('web-1')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(first, second, ended('web-1'), readied('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a Ready Pod without an address is no Pod to compare with', () => {
    const history = fenced(readied('web-0', { ip: '' }), fence('settled'), a(names.pod(0)), fence('done'));
    expect(eachPodNameResolvesToItsPod(web, [0], zone, asked).judge(history)).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: the moment was not fenced, a gap', () => {
    const second = a(names.pod(1), '10.0.0.2');
    expect(judge(fenced(readied('web-0'), readied('web-1'), first, second))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(first, second, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theServiceNameResolvesToEachPod', () => {
  const { judge } = theServiceNameResolvesToEachPod(web, zone, asked);
  const both = a(names.service, '10.0.0.2', '10.0.0.1');

  test('upheld: both addresses, three times, in any order', () => {
    const history = seen(both, a(names.service, '10.0.0.1', '10.0.0.2'), both);
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('upheld: a Pod that is not Ready is not expected', () => {
    const one = a(names.service, '10.0.0.1');
    const history = fenced(readied('web-0'), added('web-1'), fence('settled'), one, one, one, fence('done'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: an address of its own, one missing, one too many, one twice, NXDOMAIN', () => {
    for (const wrong of [
      a(names.service, '10.96.0.9'),
      a(names.service, '10.0.0.1'),
      a(names.service, '10.0.0.1', '10.0.0.2', '10.0.0.3'),
      a(names.service, '10.0.0.1', '10.0.0.1'),
      nxdomain(names.service),
    ])
      expect(judge(seen(both, both, wrong))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: asked twice only, never, or not answered', () => {
    expect(judge(seen(both, both))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen())).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(both, both, both, timeout('A', names.service)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no Pod is Ready, there is no Pod', () => {
    const none = a(names.service);
    const starting = fenced(added('web-0'), fence('settled'), none, none, none, fence('done'));
    expect(judge(starting)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(fence('settled'), none, none, none, fence('done')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('srvNamesEachReadyPod', () => {
  const { judge } = srvNamesEachReadyPod(web, port, zone, asked);
  const addresses = [a(names.pod(0), '10.0.0.1'), a(names.pod(1), '10.0.0.2')];

  test('upheld: a record for each, and each target leads to its Pod', () => {
    expect(judge(seen(srv(names.pod(1), names.pod(0)), ...addresses))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a target made of an address, the Service’s own name, one missing, one twice', () => {
    for (const targets of [
      ['10-0-0-1.nginx.steadfast-vector.svc.cluster.local', names.pod(1)],
      [names.service],
      [names.pod(0)],
      [names.pod(0), names.pod(0)],
      [],
    ])
      expect(judge(seen(srv(...targets), ...addresses))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another port, a target that leads elsewhere', () => {
    const ports = answer('SRV', names.port('web'), {
      services: [0, 1].map((ordinal) => ({ target: names.pod(ordinal), port: 8080 })),
    });
    expect(judge(seen(ports, ...addresses))).toMatchObject({ outcome: 'violated' });
    const swapped = [a(names.pod(0), '10.0.0.2'), a(names.pod(1), '10.0.0.1')];
    expect(judge(seen(srv(names.pod(0), names.pod(1)), ...swapped))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: not asked, not answered, targets not looked up', () => {
    expect(judge(seen(...addresses))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(timeout('SRV', names.port('web')), ...addresses))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(seen(srv(names.pod(0), names.pod(1))))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('dnsNamesStayTheSame', () => {
  const before = { moment: 'before', from: 'before', to: 'seen before' };
  const after = { moment: 'after', from: 'after', to: 'seen after' };
  const { judge } = dnsNamesStayTheSame(web, [0, 1], port, zone, { before, after });
  const answers = (moment: string, addresses: readonly string[], targets = [names.pod(0), names.pod(1)]): Step[] => [
    ...addresses.map((address, ordinal) => answer('A', names.pod(ordinal), { addresses: [address] }, moment)),
    answer('SRV', names.port('web'), { services: targets.map((target) => ({ target, port: 80 })) }, moment),
  ];
  const told = (ips: readonly [string, string], ...afterwards: readonly Step[]): History =>
    fenced(
      readied('web-0'),
      readied('web-1'),
      fence('before'),
      ...answers('before', ['10.0.0.1', '10.0.0.2']),
      fence('seen before'),
      ended('web-0'),
      ended('web-1'),
      readied('web-0', { ip: ips[0] }),
      readied('web-1', { ip: ips[1] }),
      fence('after'),
      ...afterwards,
      fence('seen after'),
    );

  test('upheld: the same names, new addresses behind them', () => {
    const history = told(['10.0.0.3', '10.0.0.4'], ...answers('after', ['10.0.0.3', '10.0.0.4']));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: one address is enough to tell', () => {
    const history = told(['10.0.0.1', '10.0.0.4'], ...answers('after', ['10.0.0.1', '10.0.0.4']));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a name still leads to the old address', () => {
    const history = told(['10.0.0.3', '10.0.0.4'], ...answers('after', ['10.0.0.3', '10.0.0.2']));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: SRV names other targets', () => {
    const other = answers('after', ['10.0.0.3', '10.0.0.4'], [names.pod(0), names.pod(2)]);
    expect(judge(told(['10.0.0.3', '10.0.0.4'], ...other))).toMatchObject({ outcome: 'violated' });
    const none = answers('after', ['10.0.0.3', '10.0.0.4'], []);
    expect(judge(told(['10.0.0.3', '10.0.0.4'], ...none))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no address changed, so that an old record looks like a new one', () => {
    const history = told(['10.0.0.1', '10.0.0.2'], ...answers('after', ['10.0.0.1', '10.0.0.2']));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Pods were not replaced', () => {
    const history = fenced(
      readied('web-0'),
      readied('web-1'),
      fence('before'),
      ...answers('before', ['10.0.0.1', '10.0.0.2']),
      fence('seen before'),
      fence('after'),
      ...answers('after', ['10.0.0.1', '10.0.0.2']),
      fence('seen after'),
    );
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive', because: 'not every Pod was replaced' });
  });
  test('inconclusive: nobody asked, or was answered, afterwards', () => {
    expect(judge(told(['10.0.0.3', '10.0.0.4']))).toMatchObject({ outcome: 'inconclusive' });
    const silent = [
      ...answers('after', ['10.0.0.3', '10.0.0.4']),
      answer('A', names.pod(0), { status: 'TIMEOUT' }, 'after'),
    ];
    expect(judge(told(['10.0.0.3', '10.0.0.4'], ...silent))).toMatchObject({ outcome: 'inconclusive' });
  });
});
