import { reported, type Step } from '../history/testing.ts';

export const claimFields = {
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, storageClassName: 'standard' },
  status: { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
};
const volumeFields = { storageClassName: 'standard', persistentVolumeReclaimPolicy: 'Delete' };

/** What a vector may say otherwise of a claim's spec and its volume's. */
export interface StoredTraits {
  readonly claim?: object;
  readonly volume?: object;
}

/** The claim of one ordinal, as the tutorial asks for it, with the volume bound to it: a directory on a node. */
export function stored(ordinal: number, change: StoredTraits = {}): readonly Step[] {
  const name = `www-web-${ordinal}`;
  const uid = `persistentvolumeclaims/${name}#1`;
  return [
    reported('persistentvolumeclaims', 'added', name, {
      ...claimFields,
      spec: { ...claimFields.spec, volumeName: `pv-${ordinal}`, ...change.claim },
    }),
    reported('persistentvolumes', 'added', `pv-${ordinal}`, {
      spec: { ...volumeFields, claimRef: { name, uid }, hostPath: { path: `/data/pv-${ordinal}` }, ...change.volume },
      status: { phase: 'Bound' },
    }),
  ];
}
