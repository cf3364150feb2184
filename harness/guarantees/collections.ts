import { controllerOf } from '../history/pods.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectsNamed, objectsOf, thereAt, type ObjectLife } from './objects.ts';

/** The sets that carry the labels of a deletion, and those that do not. */
export interface Groups {
  readonly matching: readonly string[];
  readonly others: readonly string[];
}

/**
 * Deleting by label removes exactly the matching sets.
 *
 * Verified: all sets of both groups were there with Pods when the span began. Within it the story deleted sets as a collection and the server agreed. At its end the matching
 * ones are gone, with the Pods that they controlled; each other set is the one that was there (uid), as are its Pods, and none of them was ever asked to go; in a span
 * in which the garbage collector was seen at work, twice at its end.
 * Not verified: claims and revisions.
 */
export function exactlyTheMatchingSetsGo({ matching, others }: Groups, span: Span): Guarantee {
  return guarantee('exactlyTheMatchingSetsGo', ['statefulsets', 'pods'], span, (window) => {
    if (span.alive !== 'garbage-collector') return undecided('the garbage collector was not watched in the span');
    const sets = [...matching, ...others].map((name) => ({ name, ...familyOf(window, name) }));
    const missing = sets.find(({ set, pods }) => set === undefined || pods.length === 0);
    if (missing !== undefined) return undecided(`${missing.name} was not there with a Pod when the span began`);
    if (!wereDeletedTogether(window)) return undecided('no sets were deleted as a collection in the span');
    const membersOf = (names: readonly string[]): readonly ObjectLife[] =>
      sets.filter(({ name }) => names.includes(name)).flatMap(({ set, pods }) => [...(set ? [set] : []), ...pods]);
    return together(
      each(membersOf(matching), 'matching sets and their Pods', unlessGone),
      each(membersOf(others), 'other sets and their Pods', unlessKept),
    );
  });
}

interface Family {
  readonly set: ObjectLife<'statefulsets'> | undefined;
  readonly pods: readonly ObjectLife<'pods'>[];
}

/** A set and the Pods that it controlled when the span began. */
function familyOf(window: Window, name: string): Family {
  const [set] = thereAt(objectsNamed(window, 'statefulsets', name), window.from);
  const pods = thereAt(objectsOf(window, 'pods'), window.from).filter(
    ({ first }) => set !== undefined && controllerOf(first.object)?.uid === set.uid,
  );
  return { set, pods };
}

function wereDeletedTogether(window: Window): boolean {
  return window
    .operations()
    .some(
      ({ verb, target, phase }) => verb === 'delete' && target.startsWith('statefulsets with') && phase === 'succeeded',
    );
}

function unlessGone(life: ObjectLife): Breach | undefined {
  return life.gone === undefined ? breach(`${life.last.resource}/${life.name} is still there`, life.last) : undefined;
}

function unlessKept(life: ObjectLife): Breach | undefined {
  return life.deletion === undefined
    ? undefined
    : breach(`${life.last.resource}/${life.name} was deleted as well`, life.first, life.deletion);
}
