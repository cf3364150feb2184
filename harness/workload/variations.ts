import type { Manifest } from '../history/objects.ts';
import type { Variation, Workload } from './workload.ts';

/** The readiness gate of `heldUnready`: a Pod with it is Ready only once a story has set the condition. */
export const heldCondition = 'steadfast.dev/let-ready';
/** The scheduling gate of `heldPending`. */
export const heldSchedulingGate = 'steadfast.dev/let-schedule';

export function replicas(count: number): Variation {
  return inSet(`${count} replicas`, (spec) => ({ ...spec, replicas: count }));
}

/** The set goes by another name; its Pods keep their labels. */
export function named(name: string): Variation {
  return (workload) => ({
    ...changeKind(workload, 'StatefulSet', (object) => ({ ...object, metadata: { ...object.metadata, name } })),
    variations: [...workload.variations, `the StatefulSet is called ${name}`],
  });
}

/** Pods are Running and not Ready until the story lets them. */
export function heldUnready(): Variation {
  return inPods(`a readiness gate ${heldCondition} holds each Pod unready until the story lets it`, (spec) => ({
    ...spec,
    readinessGates: [{ conditionType: heldCondition }],
  }));
}

/** Pods stay Pending until the story lets them be scheduled. */
export function heldPending(): Variation {
  return inPods(`a scheduling gate ${heldSchedulingGate} holds each Pod Pending until the story lets it`, (spec) => ({
    ...spec,
    schedulingGates: [{ name: heldSchedulingGate }],
  }));
}

/** A Pod in which the story has run `holdsOn` goes on as before when it is asked to go, until `letsGo` is run in it, or for five minutes: longer than any deadline of a slow machine. */
export function stopsWhenLet(): Variation {
  const waits = ['sh', '-c', 'while [ -e /tmp/hold ]; do sleep 0.2; done'];
  const told = inContainer('a Pod that is asked to go may be held until the story lets it stop', (container) => ({
    ...container,
    lifecycle: { preStop: { exec: { command: waits } } },
  }));
  const grace = inPods('a grace period of 300 seconds', (pod) => ({ ...pod, terminationGracePeriodSeconds: 300 }));
  return (workload) => grace(told(workload));
}

export const holdsOn = ['touch', '/tmp/hold'] as const;
export const letsGo = ['rm', '/tmp/hold'] as const;

export function podManagementPolicy(policy: 'OrderedReady' | 'Parallel'): Variation {
  return inSet(`podManagementPolicy ${policy}`, (spec) => ({ ...spec, podManagementPolicy: policy }));
}

export function updateStrategy(strategy: object): Variation {
  return inSet(`updateStrategy ${JSON.stringify(strategy)}`, (spec) => ({ ...spec, updateStrategy: strategy }));
}

export function image(name: string): Variation {
  return inContainer(`image ${name}`, (container) => ({ ...container, image: name }));
}

export function command(...argv: readonly string[]): Variation {
  return inContainer(`command ${argv.join(' ')}`, (container) => ({ ...container, command: argv }));
}

/** No claims: for stories about Pods alone, where storage would only cost time. Mounts of the claims become emptyDir volumes. */
export function emptyDirs(): Variation {
  return (workload) =>
    varyStatefulSet(workload, 'emptyDir volumes in place of volumeClaimTemplates', (spec) => {
      const names = claimTemplateNames(spec);
      const { volumeClaimTemplates: _, ...rest } = spec;
      return withPodSpec(rest, (pod) => ({ ...pod, volumes: names.map((name) => ({ name, emptyDir: {} })) }));
    });
}

export function storageClass(name: string): Variation {
  return inSet(`claims ask for StorageClass ${name}`, (spec) => ({
    ...spec,
    volumeClaimTemplates: claimTemplates(spec).map((template) => ({
      ...template,
      spec: { ...(template['spec'] as object), storageClassName: name },
    })),
  }));
}

/** The claim templates have labels of their own. */
export function claimLabels(labels: Readonly<Record<string, string>>): Variation {
  return inSet(`claims with the labels ${JSON.stringify(labels)}`, (spec) => ({
    ...spec,
    volumeClaimTemplates: claimTemplates(spec).map((template) => ({
      ...template,
      metadata: { ...(template['metadata'] as object), labels },
    })),
  }));
}

export function claimRetention(whenDeleted: 'Retain' | 'Delete', whenScaled: 'Retain' | 'Delete'): Variation {
  return inSet(`persistentVolumeClaimRetentionPolicy ${whenDeleted}/${whenScaled}`, (spec) => ({
    ...spec,
    persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled },
  }));
}

/** A Pod counts as available only after it has been Ready for so long. */
export function minReadySeconds(seconds: number): Variation {
  return inSet(`minReadySeconds ${seconds}`, (spec) => ({ ...spec, minReadySeconds: seconds }));
}

/** The Pods are numbered from here on instead of from 0. */
export function startOrdinal(start: number): Variation {
  return inSet(`ordinals start at ${start}`, (spec) => ({ ...spec, ordinals: { start } }));
}

/** The set, its selector and its Pods carry these labels as well: for several sets in one namespace. */
export function labelled(labels: Readonly<Record<string, string>>): Variation {
  const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return (workload) => {
    const varied = inSet(`labels ${words.join(', ')}`, (spec) => {
      const { metadata, ...template } = spec['template'] as { readonly metadata: Fields };
      return {
        ...spec,
        selector: { matchLabels: { ...matchLabels(spec), ...labels } },
        template: { ...template, metadata: { ...metadata, labels: { ...(metadata['labels'] as Fields), ...labels } } },
      };
    })(workload);
    return changeKind(varied, 'StatefulSet', (object) => ({
      ...object,
      metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } },
    }));
  };
}

/** Changes the headless Service, e.g. `{ publishNotReadyAddresses: true }`; a field set to `undefined` is left out. */
export function service(change: Readonly<Record<string, unknown>>): Variation {
  return (workload) => ({
    ...changeKind(workload, 'Service', (object) => ({
      ...object,
      spec: Object.fromEntries(
        Object.entries({ ...(object['spec'] as object), ...change }).filter(([, value]) => value !== undefined),
      ),
    })),
    variations: [
      ...workload.variations,
      `Service with ${Object.entries(change)
        .map(([field, value]) => `${field} ${value === undefined ? 'left out' : JSON.stringify(value)}`)
        .join(', ')}`,
    ],
  });
}

/** Any other change of the StatefulSet's spec, with the sentence that tells it. */
export function inSet(sentence: string, change: (spec: Fields) => Fields): Variation {
  return (workload) => varyStatefulSet(workload, sentence, change);
}

/** Any other change of the Pod template's spec. */
export function inPods(sentence: string, change: (spec: Fields) => Fields): Variation {
  return inSet(sentence, (spec) => withPodSpec(spec, change));
}

type Fields = Readonly<Record<string, unknown>>;

/** Any other change of the Pods' containers. */
export function inContainer(sentence: string, change: (container: Fields) => Fields): Variation {
  return inPods(sentence, (pod) => ({ ...pod, containers: (pod['containers'] as readonly Fields[]).map(change) }));
}

function varyStatefulSet(workload: Workload, sentence: string, change: (spec: Fields) => Fields): Workload {
  return {
    ...changeKind(workload, 'StatefulSet', (object) => ({ ...object, spec: change(object['spec'] as Fields) })),
    variations: [...workload.variations, sentence],
  };
}

function changeKind(workload: Workload, kind: string, change: (object: Manifest) => Manifest): Workload {
  return { ...workload, objects: workload.objects.map((object) => (object.kind === kind ? change(object) : object)) };
}

function withPodSpec(spec: Fields, change: (pod: Fields) => Fields): Fields {
  const template = spec['template'] as Fields;
  return { ...spec, template: { ...template, spec: change(template['spec'] as Fields) } };
}

function claimTemplates(spec: Fields): readonly Fields[] {
  return (spec['volumeClaimTemplates'] as readonly Fields[] | undefined) ?? [];
}

function claimTemplateNames(spec: Fields): readonly string[] {
  return claimTemplates(spec).map((template) => (template['metadata'] as { name: string }).name);
}

function matchLabels(spec: Fields): Fields {
  return (spec['selector'] as { readonly matchLabels: Fields }).matchLabels;
}
