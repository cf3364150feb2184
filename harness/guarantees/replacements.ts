import { isTerminating, revisionOf } from '../history/pods.ts';
import type { Recorded } from '../history/objects.ts';
import type { OrdinalSet } from '../history/sets.ts';
import type { Window } from './guarantee.ts';
import { livesAt, livesOf, type PodLife } from './lives.ts';
import { isObserved } from './quiet.ts';
import { setAt } from './revisions.ts';

/**
 * An update as the set reports it at the end of a span: to which revision, and which Pods it has to replace for that.
 */
export interface Update {
  readonly stored: Recorded<'statefulsets'>;
  readonly revision: string;
  /** The Pods that stood when the span began and are of another revision, from the highest ordinal down. */
  readonly replacements: readonly Replacement[];
}

/** One Pod that an update has to replace. */
export interface Replacement {
  readonly name: string;
  readonly ordinal: number;
  readonly old: PodLife;
  /** The next Pod of this ordinal, of whatever revision. */
  readonly fresh: PodLife | undefined;
}

/**
 * The update that the span shows, or why it cannot be told: a set that lacked Pods to begin with, or that the
 * controller had not looked at.
 */
export function updateOf(window: Window, set: OrdinalSet): Update | string {
  const [before, stored] = [setAt(window, set, 'start'), setAt(window, set, 'end')];
  const revision = stored?.status?.updateRevision;
  if (before === undefined || stored === undefined)
    return `${set.name} was not there from the beginning of the span to its end`;
  if (revision === undefined || !isObserved(stored))
    return `the controller had not observed the newest generation of ${set.name}`;
  const lives = livesOf(window, set);
  const standing = livesAt(lives, window.from).filter(
    (life) => life.deletion === undefined || life.deletion.index > window.from,
  );
  if (standing.length !== before.spec?.replicas)
    return `${set.name} had ${standing.length} of ${before.spec?.replicas} Pods when the span began`;
  const outdated = standing
    .filter((life) => revisionOf(life.first.object) !== revision)
    .toSorted((a, b) => b.ordinal - a.ordinal);
  return { stored, revision, replacements: outdated.map((old) => replacementOf(old, lives)) };
}

/** Whether this Pod is there at this point, of this revision and not on its way out. */
export function isOfRevision(life: PodLife, revision: string): boolean {
  return !isTerminating(life.last.object) && life.gone === undefined && revisionOf(life.last.object) === revision;
}

function replacementOf(old: PodLife, lives: readonly PodLife[]): Replacement {
  const { name, ordinal } = old;
  return {
    name,
    ordinal,
    old,
    fresh: lives.find((life) => life.ordinal === ordinal && life.first.index > old.first.index),
  };
}
