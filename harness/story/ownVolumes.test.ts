import { expect, test } from 'vitest';
import { Recording } from '../history/recording.ts';
import type { Recorded } from '../history/objects.ts';
import type { Kube } from '../kube/connect.ts';
import type { Lab } from './lab.ts';
import { NotRun } from './notRun.ts';
import { markedAsOurs, releaseOwnVolumes, requireOwnVolume } from './ownVolumes.ts';

interface VolumeTraits {
  readonly policy?: 'Delete' | 'Retain';
  readonly provisioned?: boolean;
  readonly claimed?: boolean;
}

function volume(name: string, { policy = 'Retain', provisioned = true, claimed = true }: VolumeTraits = {}) {
  const object: Recorded<'persistentvolumes'> = {
    metadata: {
      name,
      uid: `${name}#1`,
      resourceVersion: '1',
      ...(provisioned ? { annotations: { 'pv.kubernetes.io/provisioned-by': 'a provisioner' } } : {}),
    },
    spec: {
      persistentVolumeReclaimPolicy: policy,
      ...(claimed ? { claimRef: { namespace: 'ours', name: 'www' } } : {}),
    },
  };
  return object;
}

/** A lab that has recorded these volumes, and writes down what is patched. */
function labWith(...seen: readonly (readonly ['present' | 'added' | 'modified', Recorded<'persistentvolumes'>])[]) {
  const recording = new Recording();
  for (const [type, object] of seen) recording.append({ kind: 'change', resource: 'persistentvolumes', type, object });
  const patched: { readonly name: string; readonly body: object }[] = [];
  const kube = {
    patch: ({ name }: { readonly name: string }, body: object) => {
      patched.push({ name, body });
      return Promise.resolve({});
    },
  } as unknown as Kube;
  return { lab: { recording, kube, namespace: 'ours', run: { id: 'a-run' } } as unknown as Lab, patched };
}

test('only what was provisioned for the story is its own', () => {
  const { lab } = labWith(
    ['added', volume('made-for-us')],
    ['modified', volume('was-there')],
    ['present', volume('was-there-too')],
    ['added', volume('made-by-hand', { provisioned: false })],
  );
  expect(() => requireOwnVolume(lab, 'made-for-us')).not.toThrow();
  for (const name of ['was-there', 'was-there-too', 'made-by-hand', 'never-seen'])
    expect(() => requireOwnVolume(lab, name)).toThrow(NotRun);
});

test('what is changed bears the run’s label beside its others', () => {
  const { lab } = labWith();
  expect(markedAsOurs(lab, { spec: { claimRef: null } })).toEqual({
    metadata: { labels: { 'steadfast.dev/run': 'a-run' } },
    spec: { claimRef: null },
  });
  expect(markedAsOurs(lab, { metadata: { finalizers: null, labels: { a: 'b' } } })).toEqual({
    metadata: { finalizers: null, labels: { a: 'b', 'steadfast.dev/run': 'a-run' } },
  });
});

test('kept volumes of our own are to go with their namespace, claimed or not; others stay as they are', async () => {
  const { lab, patched } = labWith(
    ['added', volume('kept')],
    ['added', volume('freed', { claimed: false })],
    ['added', volume('goes-anyway', { policy: 'Delete' })],
    ['modified', volume('somebody-else’s')],
  );
  await releaseOwnVolumes(lab);
  expect(patched.map(({ name }) => name)).toEqual(['kept', 'freed']);
  expect(patched[0]?.body).toEqual({
    metadata: { uid: 'kept#1', labels: { 'steadfast.dev/run': 'a-run' } },
    spec: { persistentVolumeReclaimPolicy: 'Delete' },
  });
  expect(patched[1]?.body).toMatchObject({
    spec: { persistentVolumeReclaimPolicy: 'Delete', claimRef: { namespace: 'ours', uid: expect.any(String) } },
  });
});
