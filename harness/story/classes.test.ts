import { expect, test } from 'vitest';
import type { Manifest } from '../history/objects.ts';
import type { Kube } from '../kube/connect.ts';
import { ApiError } from '../kube/errors.ts';
import { takeClass } from './classes.ts';
import type { Lab } from './lab.ts';
import { NotRun } from './notRun.ts';

const written: Manifest = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'fast' },
  provisioner: 'k8s.io/minikube-hostpath',
  parameters: { type: 'pd-ssd' },
};

/** A lab whose cluster has this class, or none; it can do nothing but look. */
function labWith(found: object | undefined): Lab {
  const get = () =>
    found === undefined
      ? Promise.reject(new ApiError('GET', 'storageclasses/fast', { code: 404, body: undefined }))
      : Promise.resolve(found);
  return { kube: { get } as unknown as Kube } as unknown as Lab;
}

test('a class of the cluster that is the manifest’s is taken as it is', async () => {
  const there = { ...written, reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' };
  await expect(takeClass(labWith(there), written)).resolves.toBe(there);
});

test('one that is not there is not made', async () => {
  await expect(takeClass(labWith(undefined), written)).rejects.toThrow(NotRun);
});

test('one that is another is left alone, and it is said in what', async () => {
  const others = {
    provisioner: { ...written, provisioner: 'csi.example.com' },
    parameters: { ...written, parameters: {} },
    reclaimPolicy: { ...written, reclaimPolicy: 'Retain' },
    volumeBindingMode: { ...written, volumeBindingMode: 'WaitForFirstConsumer' },
  };
  for (const [field, other] of Object.entries(others))
    await expect(takeClass(labWith(other), written)).rejects.toThrow(`another than the manifest's (${field})`);
});
