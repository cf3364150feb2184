import type { Change } from '../../history/entries.ts';
import type { History } from '../../history/history.ts';
import type { Recorded, ResourceName } from '../../history/objects.ts';
import { controllerOf, isReady, isRunning, isTerminating, revisionOf } from '../../history/pods.ts';
import { describeObject, shortUid } from '../describe.ts';

/** One name over time: its bars never overlap, for a name is given again only after it has gone. */
export interface Lane {
  readonly group: 'sets' | 'pods' | 'other pods' | 'volumes' | 'nodes';
  readonly resource: ResourceName;
  readonly label: string;
  readonly bars: readonly Bar[];
  /** Which Pods use a volume claim, and when. Empty elsewhere. */
  readonly uses: readonly Use[];
}

/** One object, by uid, from when it was first reported to when it was gone. */
export interface Bar {
  readonly uid: string;
  readonly segments: readonly [Segment, ...Segment[]];
  /** It was there before the recording began. */
  readonly fromBefore: boolean;
  /** It was reported gone; otherwise it lasts to the picture's right edge. */
  readonly gone: boolean;
  /** What tells this object from the others in its lane: revision and uid. */
  readonly label: string;
  /** The number of the Pod's revision in the order in which its set's revisions appeared, from 1. */
  readonly revision?: number;
}

/** A stretch of an object's life in which it looked the same. */
export interface Segment {
  readonly look: Look;
  readonly fromMs: number;
  readonly toMs: number;
  /** The changes in it. */
  readonly indexes: readonly number[];
  /** The change that ended it. Absent for what lasts to the end. */
  readonly endIndex?: number;
  readonly facts: readonly string[];
  /** Said inside the bar. */
  readonly label?: string;
}

export type Look =
  | 'pending'
  | 'running'
  | 'ready'
  | 'succeeded'
  | 'failed'
  | 'terminating'
  | 'steady'
  | 'unbound'
  | 'bound'
  | 'lost'
  | 'cordoned'
  | 'not-ready';

export interface Use {
  readonly pod: string;
  readonly uid: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly indexes: readonly number[];
}

/** Sets and Deployments, their Pods by name, other Pods, volume claims, and nodes to which something happened. */
export function lanesOf(history: History, endMs: number): readonly Lane[] {
  const pods = podLanes(history, endMs);
  return [
    ...lanes(history.changes('statefulsets'), endMs, 'sets', lookOfSet),
    ...lanes(history.changes('deployments'), endMs, 'sets', lookOfDeployment),
    ...pods.filter((lane) => lane.group === 'pods'),
    ...lanes(history.changes('persistentvolumeclaims'), endMs, 'volumes', lookOfClaim).map((lane) => ({
      ...lane,
      uses: usesOf(lane.label, history.changes('pods'), endMs),
    })),
    ...pods.filter((lane) => lane.group === 'other pods'),
    ...lanes(history.changes('nodes'), endMs, 'nodes', lookOfNode).filter(somethingHappened),
  ];
}

/** How an object looks. Changes that look and read the same make one segment. */
interface Appearance {
  readonly look: Look;
  readonly label?: string;
}

function lanes<Name extends ResourceName>(
  changes: readonly Change<Name>[],
  endMs: number,
  group: Lane['group'],
  appearance: (object: Recorded<Name>) => Appearance,
): readonly Lane[] {
  const byName = new Map<string, Lane & { readonly bars: readonly Bar[] }>();
  for (const life of livesOf(changes)) {
    const [first] = life;
    const name = first.object.metadata.name;
    const lane = byName.get(name) ?? { group, resource: first.resource, label: name, bars: [], uses: [] };
    byName.set(name, { ...lane, bars: [...lane.bars, barOf(life, endMs, appearance)] });
  }
  return [...byName.values()].toSorted((a, b) => byOrdinal.compare(a.label, b.label));
}

/** Puts web-2 before web-10. */
const byOrdinal = new Intl.Collator('en', { numeric: true });

type Life<Name extends ResourceName> = readonly [Change<Name>, ...Change<Name>[]];

function livesOf<Name extends ResourceName>(changes: readonly Change<Name>[]): readonly Life<Name>[] {
  const lives = new Map<string, [Change<Name>, ...Change<Name>[]]>();
  for (const change of changes) {
    const life = lives.get(change.object.metadata.uid);
    if (life === undefined) lives.set(change.object.metadata.uid, [change]);
    else life.push(change);
  }
  return [...lives.values()];
}

function barOf<Name extends ResourceName>(
  life: Life<Name>,
  endMs: number,
  appearance: (object: Recorded<Name>) => Appearance,
): Bar {
  const [first] = life;
  const gone = life.find((change) => change.type === 'deleted');
  const { uid } = first.object.metadata;
  return {
    uid,
    segments: segmentsOf(life, gone?.atMs ?? endMs, appearance),
    fromBefore: first.type === 'present',
    gone: gone !== undefined,
    label: shortUid(uid),
  };
}

function segmentsOf<Name extends ResourceName>(
  life: Life<Name>,
  endMs: number,
  appearance: (object: Recorded<Name>) => Appearance,
): readonly [Segment, ...Segment[]] {
  const [first, ...rest] = life;
  const segments: [Segment, ...Segment[]] = [begin(first, endMs, appearance(first.object))];
  for (const change of rest) {
    const current = segments.at(-1) ?? segments[0];
    const seen = appearance(change.object);
    const goesOn = change.type === 'deleted' || (seen.look === current.look && seen.label === current.label);
    segments[segments.length - 1] = goesOn
      ? {
          ...current,
          indexes: [...current.indexes, change.index],
          ...(change.type === 'deleted' ? { endIndex: change.index } : {}),
        }
      : { ...current, toMs: change.atMs, endIndex: change.index };
    if (!goesOn) segments.push(begin(change, endMs, seen));
  }
  return segments;
}

function begin<Name extends ResourceName>(change: Change<Name>, endMs: number, { look, label }: Appearance): Segment {
  return {
    look,
    fromMs: change.atMs,
    toMs: endMs,
    indexes: [change.index],
    // A change of one resource is a change; the compiler does not see that through a type parameter.
    facts: describeObject(change as unknown as Change),
    ...(label === undefined ? {} : { label }),
  };
}

function podLanes(history: History, endMs: number): readonly Lane[] {
  const changes = history.changes('pods');
  const revisions = revisionNumbers(changes);
  const facts = new Map(
    changes.map(({ object }) => [object.metadata.uid, { owner: controllerOf(object), revision: revisionOf(object) }]),
  );
  return lanes(changes, endMs, 'pods', lookOfPod).map((lane) => ({
    ...lane,
    group:
      lane.bars.some((bar) => isControlled(facts.get(bar.uid)?.owner?.kind)) || hasOrdinal(lane.label)
        ? 'pods'
        : 'other pods',
    bars: lane.bars.map((bar) => {
      const revision = revisions.get(facts.get(bar.uid)?.revision ?? '');
      return revision === undefined ? bar : { ...bar, revision, label: `r${revision} · ${bar.label}` };
    }),
  }));
}

function isControlled(owner: string | undefined): boolean {
  return owner === 'StatefulSet' || owner === 'ReplicaSet';
}

/** An orphan keeps its place among its set's Pods. */
function hasOrdinal(name: string): boolean {
  return /-\d+$/.test(name);
}

/** Revisions of a set, numbered in the order in which Pods of them appeared. */
function revisionNumbers(changes: readonly Change<'pods'>[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const perSet = new Map<string, number>();
  for (const { object } of changes) {
    const revision = revisionOf(object);
    if (revision === undefined || numbers.has(revision)) continue;
    const set = object.metadata.name.replace(/-\d+$/, '');
    const number = (perSet.get(set) ?? 0) + 1;
    perSet.set(set, number);
    numbers.set(revision, number);
  }
  return numbers;
}

function lookOfPod(pod: Recorded<'pods'>): Appearance {
  if (isTerminating(pod)) return { look: 'terminating' };
  const phase = pod.status?.phase;
  if (phase === 'Failed') return { look: 'failed' };
  if (phase === 'Succeeded') return { look: 'succeeded' };
  if (!isRunning(pod)) return { look: 'pending' };
  return { look: isReady(pod) ? 'ready' : 'running' };
}

function lookOfSet(set: Recorded<'statefulsets'>): Appearance {
  return lookOfOwner(set, set.spec?.updateStrategy?.rollingUpdate?.partition);
}

function lookOfDeployment(deployment: Recorded<'deployments'>): Appearance {
  return lookOfOwner(deployment);
}

function lookOfOwner(set: Recorded<'statefulsets' | 'deployments'>, partition = 0): Appearance {
  const replicas = set.spec?.replicas ?? 1;
  const label = [
    `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`,
    ...(partition > 0 ? [`partition ${partition}`] : []),
    ...(set.metadata.generation === undefined ? [] : [`gen ${set.metadata.generation}`]),
  ].join(', ');
  return { look: set.metadata.deletionTimestamp === undefined ? 'steady' : 'terminating', label };
}

function lookOfClaim(claim: Recorded<'persistentvolumeclaims'>): Appearance {
  if (claim.metadata.deletionTimestamp !== undefined) return { look: 'terminating' };
  const phase = claim.status?.phase;
  if (phase === 'Bound') return { look: 'bound' };
  return { look: phase === 'Lost' ? 'lost' : 'unbound' };
}

function lookOfNode(node: Recorded<'nodes'>): Appearance {
  const ready = node.status?.conditions?.find((condition) => condition.type === 'Ready')?.status === 'True';
  if (!ready) return { look: 'not-ready' };
  return { look: node.spec?.unschedulable === true ? 'cordoned' : 'steady' };
}

function somethingHappened(lane: Lane): boolean {
  return lane.bars.some((bar) => bar.gone || bar.segments.some((segment) => segment.look !== 'steady'));
}

function usesOf(claimName: string, changes: readonly Change<'pods'>[], endMs: number): readonly Use[] {
  return livesOf(changes).flatMap((life) => {
    const mounting = life.filter(({ object }) =>
      (object.spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === claimName),
    );
    const [first] = mounting;
    if (first === undefined) return [];
    const { name, uid } = first.object.metadata;
    const toMs = life.find((change) => change.type === 'deleted')?.atMs ?? endMs;
    return [{ pod: name, uid, fromMs: first.atMs, toMs, indexes: [first.index] }];
  });
}
