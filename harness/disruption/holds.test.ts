import { expect, test } from 'vitest';
import type { Kube } from '../kube/connect.ts';
import { holdFinalizer, releaseHolds } from './holds.ts';

test('only our finalizers are taken off, and only from what has them', async () => {
  const patched: unknown[] = [];
  const object = (name: string, finalizers?: readonly string[]) => ({
    metadata: { name, uid: `${name}#1`, finalizers },
  });
  const kube = {
    list: ({ resource }: { readonly resource: string }) =>
      Promise.resolve({
        items:
          resource === 'pods'
            ? [
                object('web-0', ['example.com/theirs', holdFinalizer]),
                object('web-1', ['example.com/theirs']),
                object('web-2'),
              ]
            : [object(resource === 'statefulsets' ? 'web' : 'www-web-0', ['steadfast.dev/hold'])],
      }),
    patch: (place: unknown, body: unknown, type: unknown) => {
      patched.push([place, body, type]);
      return Promise.resolve({});
    },
  } as unknown as Kube;
  await releaseHolds(kube, 'a-run');
  const off = (uid: string, finalizer: string) => ({
    metadata: { uid, '$deleteFromPrimitiveList/finalizers': [finalizer] },
  });
  expect(patched).toEqual([
    [{ resource: 'pods', namespace: 'a-run', name: 'web-0' }, off('web-0#1', holdFinalizer), 'strategic'],
    [{ resource: 'statefulsets', namespace: 'a-run', name: 'web' }, off('web#1', 'steadfast.dev/hold'), 'strategic'],
    [
      { resource: 'persistentvolumeclaims', namespace: 'a-run', name: 'www-web-0' },
      off('www-web-0#1', 'steadfast.dev/hold'),
      'strategic',
    ],
  ]);
});
