import { describe, expect, test } from 'vitest';
import { fence, fenced, observed, reported, type Step } from '../history/testing.ts';
import { theServiceAwaitsItsAddress, theServiceLeadsToItsTierAlone } from './services.ts';
import { db, front, podComes, podGoes } from './testingDeployed.ts';

describe('theServiceLeadsToItsTierAlone', () => {
  const { judge } = theServiceLeadsToItsTierAlone({ name: 'db', port: 3306, tier: db, other: front }, 'cluster.local', {
    moment: 'asked',
    from: 'begin',
    to: 'done',
  });
  const pods = [
    podComes('db-aa-1', { ip: '10.0.0.1' }),
    podComes('front-aa-1', { of: front, ip: '10.0.0.2' }),
  ] as const;
  const service = (spec: object = {}): Step =>
    reported('services', 'added', 'db', {
      spec: { clusterIP: 'None', clusterIPs: ['None'], ports: [{ port: 3306 }], ...spec },
    });
  const to = (address: string, name: string, ready = true) => ({
    addresses: [address],
    conditions: { ready },
    targetRef: { name, uid: `pods/${name}#1` },
  });
  const slice = (endpoints: readonly object[], port = 3306): Step =>
    reported('endpointslices', 'added', 'db-1', {
      metadata: { labels: { 'kubernetes.io/service-name': 'db' } },
      endpoints,
      ports: [{ port }],
    });
  const answer = (addresses: readonly string[], status: 'NOERROR' | 'NXDOMAIN' | 'TIMEOUT' = 'NOERROR'): Step =>
    observed({
      of: 'dns',
      moment: 'asked',
      question: { name: 'db.steadfast-vector.svc.cluster.local', type: 'A' },
      status,
      addresses,
      services: [],
    });
  const own = to('10.0.0.1', 'db-aa-1');
  const told = (made: Step, endpoints: Step, ...answers: readonly Step[]) =>
    fenced(...pods, made, endpoints, fence('begin'), ...answers, fence('done'));

  test('upheld: one endpoint, one address', () => {
    expect(judge(told(service(), slice([own]), answer(['10.0.0.1'])))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });
  test('violated: both Pods are endpoints, or the other alone, or none', () => {
    const other = to('10.0.0.2', 'front-aa-1');
    for (const endpoints of [[own, other], [other], []])
      expect(judge(told(service(), slice(endpoints), answer(['10.0.0.1'])))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the endpoint is not ready, is another Pod of the address, or another port', () => {
    const answered = answer(['10.0.0.1']);
    expect(judge(told(service(), slice([to('10.0.0.1', 'db-aa-1', false)]), answered))).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(told(service(), slice([to('10.0.0.1', 'db-aa-0')]), answered))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(service(), slice([own], 80), answered))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: an address of its own, another port, more addresses, no such name', () => {
    const addressed = service({ clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] });
    expect(judge(told(addressed, slice([own]), answer(['10.0.0.1'])))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(service({ ports: [{ port: 80 }] }), slice([own]), answer(['10.0.0.1'])))).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(told(service(), slice([own]), answer(['10.0.0.1', '10.0.0.2'])))).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(told(service(), slice([own]), answer([], 'NXDOMAIN')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody asked or answered, a Pod changed, or there is no other tier to leave out', () => {
    expect(judge(told(service(), slice([own])))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(service(), slice([own]), answer([], 'TIMEOUT')))).toMatchObject({ outcome: 'inconclusive' });
    const gone = podGoes('front-aa-1', { of: front });
    expect(judge(told(service(), slice([own]), answer(['10.0.0.1']), gone))).toMatchObject({ outcome: 'inconclusive' });
    const alone = fenced(pods[0], service(), slice([own]), fence('begin'), answer(['10.0.0.1']), fence('done'));
    expect(judge(alone)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('violated: there is no such Service', () => {
    expect(judge(fenced(...pods, fence('begin'), fence('done')))).toMatchObject({ outcome: 'violated' });
  });
});

describe('theServiceAwaitsItsAddress', () => {
  const { judge } = theServiceAwaitsItsAddress('site', 80, 'later');
  const usual = { type: 'LoadBalancer', clusterIP: '10.96.0.7', ports: [{ port: 80, nodePort: 32406 }] };
  const given = { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } };
  const service = (spec: object = {}, status: object = {}, type: 'added' | 'modified' | 'present' = 'added'): Step =>
    reported('services', type, 'site', { spec: { ...usual, ...spec }, status });
  const later = (
    body: object = { metadata: { name: 'site' }, spec: usual, status: { loadBalancer: {} } },
    code = 200,
  ): Step => observed({ of: 'api', moment: 'later', request: 'get services/site', code, body });

  test('upheld: pending at first, and still', () => {
    expect(judge(fenced(service(), later()))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: another type, no node port, one out of range, no cluster address, another port', () => {
    const odd = [
      { type: 'NodePort' },
      { type: 'ClusterIP' },
      { ports: [{ port: 80 }] },
      { ports: [{ port: 80, nodePort: 8080 }] },
      { ports: [{ port: 8080, nodePort: 32406 }] },
      { clusterIP: 'None' },
    ];
    for (const spec of odd) expect(judge(fenced(service(spec), later()))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: an address that nobody is known to have given', () => {
    expect(
      judge(fenced(service(), service({}, given, 'modified'), service({}, {}, 'modified'), later())),
    ).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(fenced(service(), later({ metadata: {}, spec: usual, status: given })))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: a controller of load balancers gave the address', () => {
    const managedFields = [{ manager: 'metallb', fieldsV1: { 'f:status': { 'f:loadBalancer': {} } } }];
    expect(judge(fenced(service(), later({ metadata: { managedFields }, spec: usual, status: given })))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: it was there before, or was not asked for again', () => {
    expect(judge(fenced(service({}, {}, 'present'), later()))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(service()))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(service(), later({}, 500)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('violated: there is no such Service', () => {
    expect(judge(fenced(later()))).toMatchObject({ outcome: 'violated' });
  });
});
