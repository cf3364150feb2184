import type { Change } from '../history/entries.ts';
import type { History } from '../history/history.ts';
import { isControlledBy, ordinalOf, type OrdinalSet } from '../history/sets.ts';
import { isRunning, isRunningAndReady, isTerminating } from '../history/pods.ts';
import type { Window } from './guarantee.ts';

type PodChange = Change<'pods'>;

/**
 * One Pod from its first to its last recorded change. A Pod is known by its uid: a replacement of the same name is another life.
 * Instants are the changes in which they were first seen.
 */
export interface PodLife {
  readonly uid: string;
  readonly name: string;
  readonly ordinal: number;
  /** `added` when the Pod was made within the recording, `present` when it was there before. */
  readonly first: PodChange;
  readonly last: PodChange;
  readonly changes: readonly PodChange[];
  /** First seen Running and Ready. */
  readonly ready: PodChange | undefined;
  /** First seen with a deletionTimestamp; the deletion itself when it came without one. */
  readonly deletion: PodChange | undefined;
  readonly gone: PodChange | undefined;
}

/** The lives of a set's Pods up to the end of the window, in the order in which they began. */
export function livesOf(window: Window, set: OrdinalSet): readonly PodLife[] {
  return livesUpTo(window.history, window.to, (change) => ordinalOf(set, change.object.metadata.name));
}

/** Lives that began within the window: Pods that were added, not those found there. */
export function additionsOf(window: Window, set: OrdinalSet): readonly PodLife[] {
  return livesOf(window, set).filter((life) => life.first.type === 'added' && life.first.index > window.from);
}

/** Lives whose deletion was first seen within the window, in that order. */
export function deletionsOf(window: Window, set: OrdinalSet): readonly PodLife[] {
  return livesOf(window, set)
    .filter((life) => life.deletion !== undefined && life.deletion.index > window.from)
    .toSorted((a, b) => (a.deletion?.index ?? 0) - (b.deletion?.index ?? 0));
}

/** Lives that exist right after the entry with this index. */
export function livesAt(lives: readonly PodLife[], index: number): readonly PodLife[] {
  return lives.filter((life) => life.first.index <= index && (life.gone === undefined || life.gone.index > index));
}

/** The Pod's last change up to this index. */
export function changeAt(life: PodLife, index: number): PodChange | undefined {
  return life.changes.findLast((change) => change.index <= index);
}

/** Whether the Pod was there, Running and Ready, right after the entry with this index. */
export function isReadyAt(life: PodLife, index: number): boolean {
  const change = changeAt(life, index);
  return change !== undefined && change.type !== 'deleted' && isRunningAndReady(change.object);
}

/** Whether the Pod was there and Running, Ready or not. */
export function isRunningAt(life: PodLife, index: number): boolean {
  const change = changeAt(life, index);
  return change !== undefined && change.type !== 'deleted' && isRunning(change.object);
}

/** Changes of Pods that this set controls under a name that is none of its own: there must never be one. */
export function strangersOf(window: Window, set: OrdinalSet): readonly PodChange[] {
  return window
    .changes('pods')
    .filter(
      (change) => isControlledBy(set, change.object) && ordinalOf(set, change.object.metadata.name) === undefined,
    );
}

function livesUpTo(
  history: History,
  to: number,
  ordinal: (change: PodChange) => number | undefined,
): readonly PodLife[] {
  const byUid = new Map<string, [PodChange, ...PodChange[]]>();
  for (const change of history.changes('pods', -1, to)) {
    if (ordinal(change) === undefined) continue;
    const known = byUid.get(change.object.metadata.uid);
    if (known === undefined) byUid.set(change.object.metadata.uid, [change]);
    else known.push(change);
  }
  return [...byUid.values()].map((changes) => lifeOf(changes, ordinal(changes[0]) ?? 0));
}

function lifeOf(changes: readonly [PodChange, ...PodChange[]], ordinal: number): PodLife {
  const [first] = changes;
  return {
    uid: first.object.metadata.uid,
    name: first.object.metadata.name,
    ordinal,
    first,
    last: changes.at(-1) ?? first,
    changes,
    ready: changes.find((change) => change.type !== 'deleted' && isRunningAndReady(change.object)),
    deletion: changes.find((change) => change.type === 'deleted' || isTerminating(change.object)),
    gone: changes.find((change) => change.type === 'deleted'),
  };
}
