import { fence, reported, setReported, type Step } from '../history/testing.ts';
import type { OrdinalSet } from '../history/sets.ts';

/**
 * What a vector may say of the StatefulSet `web`; by default it has three replicas, all of revision `old`, and the
 * controller has seen it.
 */
export interface SetTraits {
  readonly replicas?: number;
  readonly generation?: number;
  readonly observed?: number;
  readonly current?: string;
  readonly update?: string;
  readonly updated?: number;
  readonly ready?: number;
  readonly image?: string;
  readonly managedFields?: readonly object[];
}

/** The set as it is reported next: added first, modified afterwards. */
export function stands(traits: SetTraits = {}, type: 'present' | 'added' | 'modified' | 'deleted' = 'modified'): Step {
  const { replicas = 3, generation = 1, observed = generation, current = 'old', update = current } = traits;
  const { updated = update === current ? replicas : 0, ready = replicas, image = images.old } = traits;
  return setReported(type, {
    metadata: { generation, ...(traits.managedFields === undefined ? {} : { managedFields: traits.managedFields }) },
    spec: { replicas, template: { spec: { containers: [{ name: 'nginx', image }] } } },
    status: {
      observedGeneration: observed,
      replicas,
      readyReplicas: ready,
      currentRevision: current,
      updateRevision: update,
      // The API leaves a count of none out.
      ...(updated === 0 ? {} : { updatedReplicas: updated }),
    },
  });
}

/** Revisions `old` and `new` with an image each, as traits of a Pod. */
export const images = { old: 'nginx-slim:0.8', new: 'nginx-slim:0.7' } as const;
export const ofOld = { revision: 'old', image: images.old, imageID: 'sha256:8' } as const;
export const ofNew = { revision: 'new', image: images.new, imageID: 'sha256:7' } as const;

/** A ControllerRevision of the set. */
export function revised(name: string, revision: number, image: string = images.new): Step {
  return reported('controllerrevisions', 'added', name, {
    metadata: { ownerReferences: [{ kind: 'StatefulSet', name: 'web', uid: 'statefulsets/web#1', controller: true }] },
    revision,
    data: { spec: { template: { spec: { containers: [{ name: 'nginx', image }] } } } },
  });
}

/**
 * The claim `www-<pod>` Bound to a volume of its own, which knows it. `nth` counts the claims that have had the name.
 */
export function bound(pod: string, traits: { readonly nth?: number; readonly volume?: string } = {}): readonly Step[] {
  const { nth = 1, volume = `${pod}-volume` } = traits;
  const name = `www-${pod}`;
  return [
    reported('persistentvolumeclaims', 'added', name, {
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { volumeName: volume },
      status: { phase: 'Bound' },
    }),
    reported('persistentvolumes', 'added', volume, {
      spec: { claimRef: { uid: `persistentvolumeclaims/${name}#${nth}`, name } },
    }),
  ];
}

/** Changes the objects of a step's changes: for what the builders have no word for. */
export function changed(step: Step, change: (object: Record<string, unknown>) => object): Step {
  return (world) =>
    step(world).map((entry) =>
      entry.kind === 'change'
        ? ({ ...entry, object: change(entry.object as unknown as Record<string, unknown>) } as unknown as typeof entry)
        : entry,
    );
}

/** What was reported before the span `spanned` begins. */
export const before = fence('before');
export const spanned = { from: 'before' } as const;
/** The same, as a quiet window. */
export const quiet = { from: 'before', alive: 'statefulset' } as const;

/** The set without claims. */
export const claimless: OrdinalSet = { name: 'web', service: 'nginx', claimTemplates: [] };
