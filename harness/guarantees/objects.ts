import type { Change } from '../history/entries.ts';
import type { Recorded, ResourceName } from '../history/objects.ts';
import type { Window } from './guarantee.ts';

/**
 * One object of any resource from its first to its last recorded change, known by its uid: what `PodLife` is for Pods. An object of the same
 * name made later is another life.
 */
export interface ObjectLife<Name extends ResourceName = ResourceName> {
  readonly uid: string;
  readonly name: string;
  readonly first: Change<Name>;
  readonly last: Change<Name>;
  readonly changes: readonly Change<Name>[];
  /** First seen with a deletionTimestamp; the deletion itself when it came without one. */
  readonly deletion: Change<Name> | undefined;
  readonly gone: Change<Name> | undefined;
}

/** The lives of a resource's objects up to the end of the window, in the order in which they began. */
export function objectsOf<Name extends ResourceName>(window: Window, resource: Name): readonly ObjectLife<Name>[] {
  const byUid = new Map<string, [Change<Name>, ...Change<Name>[]]>();
  for (const change of window.history.changes(resource, -1, window.to)) {
    const known = byUid.get(change.object.metadata.uid);
    if (known === undefined) byUid.set(change.object.metadata.uid, [change]);
    else known.push(change);
  }
  return [...byUid.values()].map(lifeOf<Name>);
}

/** The same for the objects of one name: one life after another. */
export function objectsNamed<Name extends ResourceName>(
  window: Window,
  resource: Name,
  name: string,
): readonly ObjectLife<Name>[] {
  return objectsOf(window, resource).filter((life) => life.name === name);
}

/** Those that exist right after the entry with this index. */
export function thereAt<Name extends ResourceName>(
  lives: readonly ObjectLife<Name>[],
  index: number,
): readonly ObjectLife<Name>[] {
  return lives.filter((life) => life.first.index <= index && (life.gone === undefined || life.gone.index > index));
}

/** The object as it stood right after the entry with this index; undefined when it was not there. */
export function objectAt<Name extends ResourceName>(life: ObjectLife<Name>, index: number): Recorded<Name> | undefined {
  const change = life.changes.findLast((each) => each.index <= index);
  return change === undefined || change.type === 'deleted' ? undefined : (change.object as Recorded<Name>);
}

/** Where the object stood when the window opened, and every change of it up to the window's end. */
export function versionsWithin<Name extends ResourceName>(
  life: ObjectLife<Name>,
  window: Pick<Window, 'from' | 'to'>,
): readonly Change<Name>[] {
  const standing = life.changes.findLast((each) => each.index <= window.from);
  const since = life.changes.filter((each) => each.index > window.from && each.index <= window.to);
  return standing === undefined || standing.type === 'deleted' ? since : [standing, ...since];
}

function lifeOf<Name extends ResourceName>(changes: readonly [Change<Name>, ...Change<Name>[]]): ObjectLife<Name> {
  const [first] = changes;
  return {
    uid: first.object.metadata.uid,
    name: first.object.metadata.name,
    first,
    last: changes.at(-1) ?? first,
    changes,
    deletion: changes.find((each) => each.type === 'deleted' || 'deletionTimestamp' in each.object.metadata),
    gone: changes.find((each) => each.type === 'deleted'),
  };
}

/** Whether the story did this to the object (`pods/web-0`) in the window, and the server agreed. */
export function wasDone(window: Window, done: string, object: string): boolean {
  return window
    .operations()
    .some(({ verb, target, phase }) => verb === done && target === object && phase === 'succeeded');
}

/** What was told of the object of this uid within the span. */
export function eventsOf(window: Window, uid: string): readonly Change<'events'>[] {
  return window.changes('events').filter(({ object }) => object.involvedObject.uid === uid);
}
