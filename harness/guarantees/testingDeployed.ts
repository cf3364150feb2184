import { observed, reported, type Step } from '../history/testing.ts';
import type { Deployed } from '../history/sets.ts';
import { printed } from './testingVolumes.ts';

type ChangeType = 'present' | 'added' | 'modified' | 'deleted';

/** The Deployment that the vectors' Pods belong to, and another of the same application. */
export const db: Deployed = { name: 'db', labels: { app: 'site', tier: 'db' } };
export const front: Deployed = { name: 'front', labels: { app: 'site', tier: 'front' } };

/** What a vector may say of a Pod of a Deployment; by default it is Running and Ready, of the template `aa`. */
export interface DeployedPodTraits {
  readonly of?: Deployed;
  readonly template?: string;
  readonly owner?: { readonly kind: string; readonly name: string; readonly uid: string } | null;
  readonly phase?: string;
  readonly ready?: boolean;
  readonly terminating?: boolean;
  readonly restarts?: number;
  readonly node?: string;
  readonly ip?: string;
  readonly waiting?: string;
  readonly spec?: object;
}

/** A Pod of a Deployment as it is reported next. The builders of `history/testing.ts` know Pods of sets alone. */
export function podIs(name: string, traits: DeployedPodTraits = {}, type: ChangeType = 'modified'): Step {
  const { of = db, template = 'aa', phase = 'Running', ready = phase === 'Running', restarts = 0 } = traits;
  const { node = 'worker-1', ip = '10.0.0.1', terminating = false, spec = {} } = traits;
  const set = `${of.name}-${template}`;
  const owner =
    traits.owner === undefined ? { kind: 'ReplicaSet', name: set, uid: `replicasets/${set}#1` } : traits.owner;
  const state = traits.waiting === undefined ? {} : { state: { waiting: { reason: traits.waiting } } };
  return reported('pods' as 'events', type, name, {
    metadata: {
      labels: { ...of.labels, 'pod-template-hash': template },
      ...(owner === null ? {} : { ownerReferences: [{ ...owner, controller: true }] }),
      ...(terminating ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: { nodeName: node, containers: [{ name: of.name }], ...spec },
    status: {
      phase,
      podIP: ip,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [{ name: of.name, restartCount: restarts, ready, ...state }],
    },
  });
}

/** A Pod that was made and is Ready. */
export const podComes = (name: string, traits: DeployedPodTraits = {}): Step => podIs(name, traits, 'added');

export function podGoes(name: string, traits: DeployedPodTraits = {}): Step {
  return podIs(name, { ...traits, terminating: true }, 'deleted');
}

/** The ReplicaSet of a template, which belongs to its Deployment. */
export function setIs(template: string, of: Deployed = db, type: ChangeType = 'added', owner = of.name): Step {
  return reported('replicasets', type, `${of.name}-${template}`, {
    metadata: {
      ownerReferences: [{ kind: 'Deployment', name: owner, uid: `deployments/${owner}#1`, controller: true }],
    },
  });
}

export interface DeploymentTraits {
  readonly of?: Deployed;
  readonly replicas?: number;
  readonly template?: object;
  readonly generation?: number;
  readonly observed?: number;
  readonly available?: 'True' | 'False';
  readonly ready?: number;
}

/** A Deployment as it is reported next; by default it is Available, with one replica. */
export function deploymentIs(traits: DeploymentTraits = {}, type: ChangeType = 'modified'): Step {
  const { of = db, replicas = 1, template = {}, generation = 1, observed: seen = generation } = traits;
  const { available = 'True', ready = 1 } = traits;
  return reported('deployments', type, of.name, {
    metadata: { generation },
    spec: { replicas, selector: { matchLabels: of.labels }, template },
    status: { observedGeneration: seen, readyReplicas: ready, conditions: [{ type: 'Available', status: available }] },
  });
}

/** What a client was answered; without an answer it was refused by the code, or not answered at all. */
export function exchanged(
  client: string,
  moment: string,
  target: string,
  request: string,
  outcome: { readonly answer?: unknown; readonly code?: string; readonly because?: string },
): Step {
  const { answer, code, because = 'a reason' } = outcome;
  const ended =
    answer === undefined
      ? ({
          status: code === undefined ? 'indeterminate' : 'failed',
          because,
          ...(code === undefined ? {} : { code }),
        } as const)
      : ({ status: 'succeeded', answer } as const);
  return observed({ of: 'exchange', moment, client, target, request, ...ended, invokedAtIndex: 0, beganAtMs: 0 });
}

/** What the mounts of a container are. */
export const mounted = (moment: string, pod: string, directory: string): Step =>
  printed(moment, pod, `712 701 8:1 /pv ${directory} rw - ext4 /dev/sda1 rw\n`, ['cat', '/proc/self/mountinfo']);
