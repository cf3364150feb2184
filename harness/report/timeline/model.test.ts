import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  fence,
  fenced,
  gap,
  observed,
  operated,
  present,
  ready,
  reported,
  running,
  setReported,
  terminating,
  touched,
  unfenced,
} from '../../history/testing.ts';
import type { Lane } from './lanes.ts';
import { timelineOf } from './model.ts';

function lane(lanes: readonly Lane[], label: string): Lane {
  const found = lanes.find((each) => each.label === label);
  if (found === undefined) throw new Error(`no lane ${label}`);
  return found;
}

function looks({ bars }: Lane): readonly (readonly string[])[] {
  return bars.map(({ segments }) => segments.map(({ look }) => look));
}

describe('Pods', () => {
  test('a life is one bar of Pending, Running, Ready and Terminating, from its addition to its end', () => {
    const { lanes } = timelineOf(
      unfenced(added('web-0'), running('web-0'), ready('web-0'), terminating('web-0'), deleted('web-0')),
    );
    const [bar] = lane(lanes, 'web-0').bars;
    expect(bar?.segments.map(({ look, fromMs, toMs }) => [look, fromMs, toMs])).toEqual([
      ['pending', 1000, 2000],
      ['running', 2000, 3000],
      ['ready', 3000, 4000],
      ['terminating', 4000, 5000],
    ]);
    expect(bar).toMatchObject({ gone: true, fromBefore: false });
  });

  test('changes that change no look lengthen the segment and are found in it', () => {
    const { lanes } = timelineOf(unfenced(added('web-0'), ready('web-0'), touched('web-0'), touched('web-0')));
    const segments = lane(lanes, 'web-0').bars[0]?.segments;
    expect(segments?.map(({ look, indexes }) => [look, indexes])).toEqual([
      ['pending', [0]],
      ['ready', [1, 2, 3]],
    ]);
  });

  test('a name that is given again is a second bar in the same lane', () => {
    const { lanes } = timelineOf(unfenced(added('web-0'), deleted('web-0'), added('web-0'), ready('web-0')));
    expect(looks(lane(lanes, 'web-0'))).toEqual([['pending'], ['pending', 'ready']]);
    expect(lane(lanes, 'web-0').bars.map(({ gone }) => gone)).toEqual([true, false]);
  });

  test('lanes stand in the order of ordinals, ten after two', () => {
    const { lanes } = timelineOf(unfenced(added('web-10'), added('web-2'), added('web-0')));
    expect(lanes.map(({ label }) => label)).toEqual(['web-0', 'web-2', 'web-10']);
  });

  test('revisions are numbered as they appear', () => {
    const { lanes } = timelineOf(unfenced(added('web-0', { revision: 'a' }), added('web-1', { revision: 'b' })));
    expect(lanes.map(({ bars }) => bars[0]?.revision)).toEqual([1, 2]);
  });

  test('one that was there before the recording is told apart', () => {
    expect(timelineOf(unfenced(present('web-0'))).lanes[0]?.bars[0]?.fromBefore).toBe(true);
  });
});

test('a volume claim shows when it was bound, and which Pod used it when', () => {
  const { lanes } = timelineOf(
    unfenced(
      reported('persistentvolumeclaims', 'added', 'www-web-0', { status: { phase: 'Pending' } }),
      added('web-0'),
      reported('persistentvolumeclaims', 'modified', 'www-web-0', { status: { phase: 'Bound' } }),
      deleted('web-0'),
      added('web-0'),
    ),
  );
  const claim = lane(lanes, 'www-web-0');
  expect(looks(claim)).toEqual([['unbound', 'bound']]);
  expect(claim.uses.map(({ uid, fromMs, toMs }) => [uid, fromMs, toMs])).toEqual([
    ['web-0#1', 2000, 4000],
    ['web-0#2', 5000, 5000],
  ]);
});

test('a set shows what was asked of it', () => {
  const { lanes } = timelineOf(
    unfenced(setReported('added', { spec: { replicas: 2 } }), setReported('modified', { spec: { replicas: 5 } })),
  );
  expect(lanes[0]?.bars[0]?.segments.map(({ label }) => label)).toEqual(['2 replicas', '5 replicas']);
});

test('a Deployment and its Pods stand where a set and its Pods do, before others', () => {
  const metadata = { ownerReferences: [{ kind: 'ReplicaSet', name: 'db-aa', uid: '1', controller: true }] };
  const owned = reported('pods' as 'events', 'added', 'db-aa-x5dzt', { metadata, status: { phase: 'Pending' } });
  const deployment = reported('deployments', 'added', 'db', { metadata: { generation: 1 }, spec: { replicas: 1 } });
  const { lanes } = timelineOf(unfenced(added('probe', { owner: null }), deployment, owned));
  expect(lanes.map(({ group, label }) => [group, label])).toEqual([
    ['sets', 'db'],
    ['pods', 'db-aa-x5dzt'],
    ['other pods', 'probe'],
  ]);
  expect(lanes[0]?.bars[0]?.segments[0].label).toBe('1 replica, gen 1');
});

test('a node has a lane only if something happened to it', () => {
  const status = { conditions: [{ type: 'Ready', status: 'True' }] };
  const { lanes } = timelineOf(
    unfenced(
      reported('nodes', 'present', 'quiet', { status }),
      reported('nodes', 'present', 'drained', { status }),
      reported('nodes', 'modified', 'drained', { status, spec: { unschedulable: true } }),
    ),
  );
  expect(lanes.map(({ label }) => label)).toEqual(['drained']);
});

test('fences and gaps are moments with names', () => {
  const { fences, gaps } = timelineOf(fenced(fence('scaled'), gap('pods')));
  expect(fences.map(({ label, index }) => [label, index])).toEqual([
    ['scaled', 0],
    ['end', 2],
  ]);
  expect(gaps).toMatchObject([{ index: 1, resource: 'pods', label: 'gap in pods: the watch was told 410 Gone' }]);
});

test('the two entries of a call are one stretch; a call without an end is unknown', () => {
  const { operations } = timelineOf(
    unfenced(operated('scale', 'statefulsets/web', 'invoked'), operated('scale', 'statefulsets/web')),
  );
  expect(operations).toMatchObject([{ label: 'scale web', fromMs: 1000, toMs: 2000, look: 'fine', indexes: [0, 1] }]);
  const open = timelineOf(unfenced(operated('scale', 'statefulsets/web', 'invoked'), added('web-0')));
  expect(open.operations).toMatchObject([{ look: 'unknown', toMs: 2000 }]);
});

test('what clients saw stands in a row for each thing they looked at; a plain no is told from no answer', () => {
  const dns = (status: 'NOERROR' | 'NXDOMAIN' | 'TIMEOUT') =>
    observed({
      of: 'dns',
      moment: 'now',
      question: { name: 'web-0.nginx.steadfast-vector.svc.cluster.local', type: 'A' },
      status,
      addresses: [],
      services: [],
    });
  const { sightings } = timelineOf(unfenced(dns('NOERROR'), dns('NXDOMAIN'), dns('TIMEOUT')));
  expect(sightings.map(({ label }) => label)).toEqual(['dns A web-0.nginx']);
  expect(sightings[0]?.sightings.map(({ look }) => look)).toEqual(['fine', 'absent', 'unknown']);
});

test('what a client of the application asked stands in a row for each server; a write is drawn once, where it ended', () => {
  const asked = (status: 'succeeded' | 'failed' | 'indeterminate') =>
    observed({
      of: 'exchange',
      moment: 'now',
      client: 'zookeeper',
      target: 'zk-0',
      request: 'get /hello',
      status,
      invokedAtIndex: -1,
      beganAtMs: 0,
    });
  const write = {
    client: 'zookeeper',
    target: 'zk-1',
    ledger: '/ledger',
    moment: 'now',
    does: 'add',
    identity: 'a',
  } as const;
  const wrote = (phase: 'invoked' | 'indeterminate') => observed({ of: 'write', ...write, phase });
  const read = { client: 'zookeeper', target: 'zk-2', ledger: '/ledger', moment: 'now', identities: ['a'] } as const;
  const { sightings } = timelineOf(
    unfenced(
      asked('succeeded'),
      asked('failed'),
      asked('indeterminate'),
      wrote('invoked'),
      wrote('indeterminate'),
      observed({ of: 'read', ...read, invokedAtIndex: 4 }),
    ),
  );
  expect(sightings.map(({ label, sightings: seen }) => [label, seen.map(({ look }) => look)])).toEqual([
    ['zookeeper zk-0', ['fine', 'absent', 'unknown']],
    ['writes to /ledger', ['unknown']],
    ['reads of /ledger', ['fine']],
  ]);
});

test('an empty history is a picture as well', () => {
  expect(timelineOf(unfenced())).toMatchObject({ lanes: [], operations: [], fences: [] });
});
