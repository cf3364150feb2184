import { expect, test } from 'vitest';
import type { Kube } from '../kube/connect.ts';
import { removedNodeOf, removeNode } from './removedNode.ts';

const spec = { podCIDR: '10.244.3.0/24', podCIDRs: ['10.244.3.0/24'], providerID: 'kind://docker/n' };
const ours = { key: 'dedicated', value: 'database', effect: 'NoSchedule' };
const theirs = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };

test('a node is written down in the namespace before its object is deleted, by its uid', async () => {
  const calls: unknown[] = [];
  const annotations = { 'node.alpha.kubernetes.io/ttl': '0', 'steadfast.dev/paused-by': 'a run' };
  const kube = {
    get: () =>
      Promise.resolve({
        metadata: { name: 'n', uid: 'n#1', labels: { zone: 'a' }, annotations },
        spec: { ...spec, taints: [ours, theirs] },
        status: { conditions: [] },
      }),
    patch: (place: unknown, body: object) => Promise.resolve(void calls.push(['patch', place, body])),
    delete: (place: unknown, { uid }: { uid: string }) => Promise.resolve(void calls.push(['delete', place, uid])),
  } as unknown as Kube;
  await removeNode(kube, 'n', 'steadfast-a');
  const kept = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n', labels: { zone: 'a' }, annotations: { 'node.alpha.kubernetes.io/ttl': '0' } },
    spec: { ...spec, taints: [ours] },
  };
  expect(calls).toEqual([
    [
      'patch',
      { resource: 'namespaces', name: 'steadfast-a' },
      { metadata: { annotations: { 'steadfast.dev/removed-node': JSON.stringify(kept) } } },
    ],
    ['delete', { resource: 'nodes', name: 'n' }, 'n#1'],
  ]);
});

test('the namespace says which node it keeps', () => {
  const kept = JSON.stringify({ metadata: { name: 'n' } });
  expect(removedNodeOf({ annotations: { 'steadfast.dev/removed-node': kept } })).toBe('n');
  expect(removedNodeOf({})).toBeUndefined();
});
