import type { NewEntry } from './entries.ts';
import type { History, HistoryHeader } from './history.ts';
import type { ObservationFact, WatchedController } from './observations.ts';
import type { Recorded, ResourceName } from './objects.ts';
import { Recording } from './recording.ts';
import { resourceNames } from './resources.ts';
import type { OrdinalSet } from './sets.ts';

/**
 * Tiny histories in one line, for vectors: `fenced(added('web-0'), ready('web-0'), added('web-1'))`. Each builder remembers the Pod it speaks of,
 * so that `ready` changes the Pod that `added` made; a name that is added again after `deleted` is a new Pod with a new uid.
 */
export type Step = (world: World) => readonly NewEntry[];

/** The set that the builders' Pods belong to. */
export const web: OrdinalSet = { name: 'web', service: 'nginx', claimTemplates: ['www'] };

/** What a vector may say of a Pod; the rest is as the StatefulSet controller would make it. */
export interface PodTraits {
  readonly uid?: string;
  readonly revision?: string;
  readonly image?: string;
  readonly imageID?: string;
  readonly node?: string;
  readonly ip?: string;
  readonly hostname?: string;
  readonly restarts?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The uid of the owning set; `null` for a Pod without an owner. */
  readonly owner?: string | null;
  /** The claim mounted as `www`; `null` for a Pod without one. */
  readonly claim?: string | null;
  /** By the server's clock (see `timeAt`): when it was made, when its readiness last turned, when it was asked to go with ten seconds' grace. */
  readonly madeAt?: number;
  readonly turnedAt?: number;
  readonly askedAt?: number;
}

/** The server's clock so many seconds after the vectors' day began. */
export function timeAt(seconds: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString().replace('.000Z', 'Z');
}

interface World {
  version: number;
  readonly pods: Map<string, PodState>;
  readonly made: Map<string, number>;
  readonly uids: Map<string, string>;
}

interface PodState {
  readonly uid: string;
  readonly name: string;
  traits: PodTraits;
  phase: 'Pending' | 'Running' | 'Failed' | 'Succeeded';
  ready: boolean;
  terminating: boolean;
}

/** A sealed history that ends with a fence named `end`. */
export function fenced(...steps: readonly Step[]): History {
  return build([...steps, fence('end')]);
}

/** A sealed history as it is: without a fence unless a step sets one. */
export function unfenced(...steps: readonly Step[]): History {
  return build(steps);
}

/** A fenced history of a recording that followed only these resources. */
export function following(resources: readonly ResourceName[], ...steps: readonly Step[]): History {
  return build([...steps, fence('end')], { resources });
}

function build(steps: readonly Step[], header: Partial<HistoryHeader> = {}): History {
  const world: World = { version: 0, pods: new Map(), made: new Map(), uids: new Map() };
  let clock = 0;
  const recording = new Recording(() => (clock += 1000));
  for (const step of steps) for (const entry of step(world)) recording.append(entry);
  return recording.seal(
    {
      schema: 'steadfast/history/1',
      run: 'vector',
      tutorial: 'web-basics',
      story: 'a vector',
      namespace: 'steadfast-vector',
      startedAtMs: 0,
      server: { version: 'v1.34.4', provider: 'kind' },
      resources: resourceNames,
      variations: [],
      ...header,
    },
    { status: 'told', told: {} },
  );
}

/** The Pod is made: Pending, not Ready, with a new uid unless one is given. */
export function added(name: string, traits: PodTraits = {}): Step {
  return (world) => [podChange(world, newPod(world, name, traits), 'added')];
}

/** The Pod was there when the recording began; Running and Ready unless changed later. */
export function present(name: string, traits: PodTraits = {}): Step {
  return (world) => {
    const pod = newPod(world, name, traits);
    pod.phase = 'Running';
    pod.ready = true;
    return [podChange(world, pod, 'present')];
  };
}

export const running = podStep((pod) => (pod.phase = 'Running'));
export const ready = podStep((pod) => {
  pod.phase = 'Running';
  pod.ready = true;
});
export const unready = podStep((pod) => (pod.ready = false));
export const failed = podStep((pod) => {
  pod.phase = 'Failed';
  pod.ready = false;
});
export const succeeded = podStep((pod) => {
  pod.phase = 'Succeeded';
  pod.ready = false;
});
/** The Pod has a deletionTimestamp and is still there. */
export const terminating = podStep((pod) => (pod.terminating = true));
/** Something else of the Pod changed: labels, owner, restarts … */
export const touched = podStep(() => undefined);

export function deleted(name: string): Step {
  return (world) => {
    const pod = podNamed(world, name);
    world.pods.delete(name);
    return [podChange(world, pod, 'deleted')];
  };
}

/** `added` and `ready` in one. */
export function readied(name: string, traits: PodTraits = {}): Step {
  return (world) => [...added(name, traits)(world), ...ready(name)(world)];
}

/** `terminating` and `deleted` in one. */
export function ended(name: string): Step {
  return (world) => [...terminating(name)(world), ...deleted(name)(world)];
}

/** A change of any other resource. `fields` are merged over name, uid (the same for the same name, unless given) and resourceVersion. */
export function reported(
  resource: Exclude<ResourceName, 'pods'>,
  type: 'present' | 'added' | 'modified' | 'deleted',
  name: string,
  fields: { readonly metadata?: object; readonly [field: string]: unknown } = {},
): Step {
  return (world) => {
    const key = `${resource}/${name}`;
    const uid = world.uids.get(key) ?? `${key}#${count(world, key)}`;
    if (type === 'deleted') world.uids.delete(key);
    else world.uids.set(key, uid);
    const metadata = {
      name,
      namespace: 'steadfast-vector',
      uid,
      resourceVersion: nextVersion(world),
      ...fields.metadata,
    };
    return [{ kind: 'change', resource, type, object: { ...fields, metadata } } as unknown as NewEntry];
  };
}

/** A change of the StatefulSet `web`. */
export function setReported(
  type: 'present' | 'added' | 'modified' | 'deleted',
  fields: { readonly metadata?: object; readonly spec?: object; readonly status?: object } = {},
): Step {
  return reported('statefulsets', type, web.name, fields);
}

/** What a vector may say of a budget; by default one that wants two, in the words of a controller that sees three healthy Pods. */
export interface BudgetTraits {
  readonly name?: string;
  readonly spec?: object;
  readonly generation?: number;
  readonly observed?: number;
  readonly expected?: number;
  readonly desired?: number;
  readonly healthy?: number;
  readonly allowed?: number;
  /** What the condition DisruptionAllowed says, where it is not what follows from `allowed`. */
  readonly condition?: 'True' | 'False';
  /** Pods whose eviction was granted and is not through. */
  readonly disrupted?: readonly string[];
}

/** A change of a budget over the Pods of `web`. */
export function budgeted(
  traits: BudgetTraits = {},
  type: 'present' | 'added' | 'modified' | 'deleted' = 'modified',
): Step {
  const { name = 'web', spec = { minAvailable: 2 }, generation = 1, observed = generation, disrupted = [] } = traits;
  const { expected = 3, desired = 2, healthy = 3, allowed = Math.max(0, healthy - desired) } = traits;
  const condition = traits.condition ?? (allowed > 0 ? 'True' : 'False');
  return reported('poddisruptionbudgets', type, name, {
    metadata: { generation },
    spec: { selector: { matchLabels: { app: 'nginx' } }, ...spec },
    status: {
      observedGeneration: observed,
      expectedPods: expected,
      desiredHealthy: desired,
      currentHealthy: healthy,
      disruptionsAllowed: allowed,
      conditions: [{ type: 'DisruptionAllowed', status: condition }],
      ...(disrupted.length === 0
        ? {}
        : { disruptedPods: Object.fromEntries(disrupted.map((pod) => [pod, '2026-01-01T00:00:00Z'])) }),
    },
  });
}

export function fence(name: string, without: readonly ResourceName[] = []): Step {
  return (world) => {
    const version = nextVersion(world);
    const lists = Object.fromEntries(
      resourceNames.filter((resource) => !without.includes(resource)).map((resource) => [resource, version]),
    );
    return [{ kind: 'fence', name, lists }];
  };
}

/** A fence that relies on a later one. */
export function provisionalFence(name: string): Step {
  return (world) => fence(name)(world).map((entry) => ({ ...entry, provisional: true }) as NewEntry);
}

export function gap(resource: ResourceName, because = 'the watch was told 410 Gone'): Step {
  return () => [{ kind: 'gap', resource, because }];
}

export function observed(fact: ObservationFact): Step {
  return () => [{ kind: 'observation', ...fact }];
}

export function operated(
  verb: string,
  target: string,
  phase: 'invoked' | 'succeeded' | 'failed' | 'indeterminate' = 'succeeded',
  detail?: string,
): Step {
  return () => [{ kind: 'operation', call: 0, phase, verb, target, ...(detail === undefined ? {} : { detail }) }];
}

/** A sign that the controller is alive, for windows in which nothing may happen. Its sentinel was changed after every earlier step. */
export function alive(controller: WatchedController = 'statefulset'): Step {
  return () => [
    {
      kind: 'observation',
      of: 'liveness',
      moment: 'a sentinel',
      controller,
      seen: 'the sentinel was reconciled',
      invokedAtIndex: Number.MAX_SAFE_INTEGER,
    },
  ];
}

function podStep(change: (pod: PodState) => void): (name: string, traits?: PodTraits) => Step {
  return (name, traits = {}) =>
    (world) => {
      const pod = podNamed(world, name);
      pod.traits = { ...pod.traits, ...traits };
      change(pod);
      return [podChange(world, pod, 'modified')];
    };
}

function newPod(world: World, name: string, traits: PodTraits): PodState {
  const pod: PodState = {
    uid: traits.uid ?? `${name}#${count(world, name)}`,
    name,
    traits,
    phase: 'Pending',
    ready: false,
    terminating: false,
  };
  world.pods.set(name, pod);
  return pod;
}

function podNamed(world: World, name: string): PodState {
  const pod = world.pods.get(name);
  if (pod === undefined) throw new Error(`this vector speaks of ${name} before it was added`);
  return pod;
}

function podChange(world: World, pod: PodState, type: 'present' | 'added' | 'modified' | 'deleted'): NewEntry {
  return { kind: 'change', resource: 'pods', type, object: podObject(pod, nextVersion(world)) };
}

function podObject(pod: PodState, resourceVersion: string): Recorded<'pods'> {
  const { traits } = pod;
  const ordinal = /-(\d+)$/.exec(pod.name)?.[1] ?? '0';
  const owner = traits.owner === undefined ? 'statefulsets/web#1' : traits.owner;
  const claim = traits.claim === undefined ? `www-${pod.name}` : traits.claim;
  const image = traits.image ?? 'registry.k8s.io/nginx-slim:0.8';
  const object = {
    metadata: {
      name: pod.name,
      namespace: 'steadfast-vector',
      uid: pod.uid,
      resourceVersion,
      labels: {
        app: 'nginx',
        'apps.kubernetes.io/pod-index': ordinal,
        'statefulset.kubernetes.io/pod-name': pod.name,
        'controller-revision-hash': traits.revision ?? 'web-1',
        ...traits.labels,
      },
      ...(traits.annotations === undefined ? {} : { annotations: traits.annotations }),
      ...(owner === null
        ? {}
        : {
            ownerReferences: [
              { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: owner, controller: true },
            ],
          }),
      ...(traits.madeAt === undefined ? {} : { creationTimestamp: timeAt(traits.madeAt) }),
      ...(pod.terminating ? deletionFields(traits) : {}),
    },
    spec: {
      hostname: traits.hostname ?? pod.name,
      subdomain: 'nginx',
      nodeName: traits.node ?? 'worker-1',
      containers: [{ name: 'nginx', image }],
      volumes: claim === null ? [] : [{ name: 'www', persistentVolumeClaim: { claimName: claim } }],
    },
    status: {
      phase: pod.phase,
      podIP: traits.ip ?? `10.0.0.${Number(ordinal) + 1}`,
      conditions: [readyCondition(pod)],
      containerStatuses: [
        {
          name: 'nginx',
          image,
          imageID: traits.imageID ?? `${image}@sha256:0`,
          restartCount: traits.restarts ?? 0,
          ready: pod.ready,
          started: pod.ready,
        },
      ],
    },
  };
  return object as unknown as Recorded<'pods'>;
}

function deletionFields({ askedAt }: PodTraits): object {
  if (askedAt === undefined) return { deletionTimestamp: timeAt(0) };
  return { deletionTimestamp: timeAt(askedAt + 10), deletionGracePeriodSeconds: 10 };
}

function readyCondition({ ready: isReady, traits: { turnedAt } }: PodState): object {
  const turned = turnedAt === undefined ? {} : { lastTransitionTime: timeAt(turnedAt) };
  return { type: 'Ready', status: isReady ? 'True' : 'False', ...turned };
}

function count(world: World, key: string): number {
  const made = (world.made.get(key) ?? 0) + 1;
  world.made.set(key, made);
  return made;
}

function nextVersion(world: World): string {
  world.version += 1;
  return String(world.version);
}
