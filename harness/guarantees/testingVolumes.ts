import { observed, reported, type Step } from '../history/testing.ts';

type ChangeType = 'present' | 'added' | 'modified' | 'deleted';

const asked = { deletionTimestamp: '2026-01-01T00:00:00Z' };

export interface OwnerTraits {
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly controller?: boolean;
}

/** What a vector may say of a claim; by default it is Bound to the volume `pv-0`, protected, and belongs to nobody. */
export interface ClaimTraits {
  readonly phase?: string;
  readonly volume?: string | null;
  readonly owners?: readonly OwnerTraits[];
  readonly finalizers?: readonly string[];
  readonly deleting?: boolean;
  readonly className?: string;
  readonly annotations?: object;
}

/** A claim as it is reported next. */
export function claimIs(name: string, traits: ClaimTraits = {}, type: ChangeType = 'modified'): Step {
  const { phase = 'Bound', volume = 'pv-0', owners = [], finalizers = ['kubernetes.io/pvc-protection'] } = traits;
  const { deleting = false, className = 'standard', annotations = {} } = traits;
  return reported('persistentvolumeclaims', type, name, {
    metadata: {
      finalizers,
      annotations,
      ...(owners.length === 0 ? {} : { ownerReferences: owners.map(ownerOf) }),
      ...(deleting ? asked : {}),
    },
    spec: { storageClassName: className, ...(volume === null ? {} : { volumeName: volume }) },
    status: { phase },
  });
}

export function claimGoes(name: string): Step {
  return claimIs(name, { deleting: true, finalizers: [] }, 'deleted');
}

/** What a vector may say of a volume; by default it is Bound, to be deleted with its claim, and a directory of worker-1. */
export interface VolumeTraits {
  /** The claim it is for; `null` for none. */
  readonly claim?: string | null;
  /** Which of the claims that have had the name. */
  readonly nth?: number;
  readonly phase?: string;
  readonly policy?: 'Delete' | 'Retain';
  readonly finalizers?: readonly string[];
  readonly deleting?: boolean;
  readonly nodes?: readonly string[];
}

/** A volume as it is reported next; its directory is `/data/<name>`. */
export function volumeIs(name: string, traits: VolumeTraits = {}, type: ChangeType = 'modified'): Step {
  const { claim = 'www-web-0', nth = 1, phase = 'Bound', policy = 'Delete', deleting = false } = traits;
  const { finalizers = ['kubernetes.io/pv-protection'], nodes = ['worker-1'] } = traits;
  const values = { key: 'kubernetes.io/hostname', operator: 'In', values: nodes };
  return reported('persistentvolumes', type, name, {
    metadata: { finalizers, ...(deleting ? asked : {}) },
    spec: {
      persistentVolumeReclaimPolicy: policy,
      hostPath: { path: `/data/${name}` },
      ...(claim === null ? {} : { claimRef: { name: claim, uid: `persistentvolumeclaims/${claim}#${nth}` } }),
      ...(nodes.length === 0
        ? {}
        : { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [values] }] } } }),
    },
    status: { phase },
  });
}

export function volumeGoes(name: string, traits: VolumeTraits = {}): Step {
  return volumeIs(name, { ...traits, deleting: true, finalizers: [] }, 'deleted');
}

/** The claim of an ordinal of `web`, Bound to the volume `pv-<ordinal>`. */
export function kept(ordinal: number, traits: ClaimTraits = {}, volume: VolumeTraits = {}): readonly Step[] {
  const name = `www-web-${ordinal}`;
  return [
    claimIs(name, { volume: `pv-${ordinal}`, ...traits }, 'added'),
    volumeIs(`pv-${ordinal}`, { claim: name, ...volume }, 'added'),
  ];
}

/** What a Pod printed. */
export function printed(moment: string, pod: string, stdout: string, argv: readonly string[] = ['ls']): Step {
  return observed({ of: 'command', moment, pod, argv, exitCode: 0, stdout, stderr: '' });
}

/** What a node printed. */
export function lookedAt(moment: string, argv: readonly string[], stdout: string): Step {
  return observed({ of: 'node', moment, node: 'worker-1', argv, stdout });
}

export const ownedBySet: OwnerTraits = { kind: 'StatefulSet', name: 'web', uid: 'statefulsets/web#1' };

function ownerOf({ kind = 'Service', name = 'nginx', uid = 'nginx#1', controller = true }: OwnerTraits): object {
  return { apiVersion: 'v1', kind, name, uid, controller };
}
