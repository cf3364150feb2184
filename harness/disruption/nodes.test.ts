import { describe, expect, test } from 'vitest';
import type { Kube } from '../kube/connect.ts';
import { ApiError } from '../kube/errors.ts';
import { giveBackNode, outOfService, takeNode } from './nodes.ts';

const run = '20261121-0532-x7k2';
const unreachable = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };

/** A server that has one node and refuses the first writes, as if somebody had been quicker. */
function serverWith(taints: readonly object[], conflicts = 0) {
  const patched: object[] = [];
  let refusals = conflicts;
  const kube = {
    get: () =>
      Promise.resolve({
        metadata: { uid: 'n#1', resourceVersion: String(7 + conflicts - refusals) },
        spec: { taints },
      }),
    patch: (_: unknown, body: object) => {
      refusals -= 1;
      if (refusals >= 0)
        return Promise.reject(new ApiError('PATCH', '/api/v1/nodes/n', { code: 409, body: undefined }));
      patched.push(body);
      return Promise.resolve({});
    },
  } as unknown as Kube;
  return { kube, patched };
}

describe('a node that is out of service', () => {
  test('gets one taint beside those it has, and the mark in the same call', async () => {
    const { kube, patched } = serverWith([unreachable]);
    await takeNode(kube, 'out of service', 'n', run);
    expect(patched).toEqual([
      {
        metadata: { resourceVersion: '7', annotations: { 'steadfast.dev/out-of-service-by': run } },
        spec: { taints: [unreachable, outOfService] },
      },
    ]);
  });
  test('loses that one and the mark', async () => {
    const { kube, patched } = serverWith([outOfService, unreachable]);
    await giveBackNode(kube, 'out of service', 'n', { uid: 'n#1' });
    expect(patched).toEqual([
      {
        metadata: { uid: 'n#1', resourceVersion: '7', annotations: { 'steadfast.dev/out-of-service-by': null } },
        spec: { taints: [unreachable] },
      },
    ]);
  });
  test('is read again when somebody else wrote in between', async () => {
    const { kube, patched } = serverWith([], 2);
    await takeNode(kube, 'out of service', 'n', run);
    expect(patched).toMatchObject([{ metadata: { resourceVersion: '9' } }]);
  });
  test('is left as it is when it is another one', async () => {
    const { kube } = serverWith([outOfService], 1);
    await expect(giveBackNode(kube, 'out of service', 'n', { uid: 'n#0' })).rejects.toThrow('409');
  });
});

test('a cordon and its mark are one call, and so is the way back', async () => {
  const { kube, patched } = serverWith([]);
  await takeNode(kube, 'cordoned', 'n', run);
  await giveBackNode(kube, 'cordoned', 'n');
  expect(patched).toEqual([
    { metadata: { annotations: { 'steadfast.dev/cordoned-by': run } }, spec: { unschedulable: true } },
    { metadata: { annotations: { 'steadfast.dev/cordoned-by': null } }, spec: { unschedulable: null } },
  ]);
});

test('a label and its mark are one call, and so is the way back', async () => {
  const { kube, patched } = serverWith([]);
  await takeNode(kube, 'labelled', 'n', run);
  await giveBackNode(kube, 'labelled', 'n', { uid: 'n#1' });
  const marked = (value: string | null) => ({
    annotations: { 'steadfast.dev/labelled-by': value },
    labels: { 'steadfast.dev/offered-to': value },
  });
  expect(patched).toEqual([{ metadata: marked(run) }, { metadata: { uid: 'n#1', ...marked(null) } }]);
});
