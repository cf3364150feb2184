import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Guarantee, type Span } from './guarantee.ts';
import { additionsOf, deletionsOf, livesAt, livesOf, type PodLife } from './lives.ts';
import { controllerAt, isReadyOf, setMadeWithin } from './remade.ts';

/**
 * "When the web StatefulSet was recreated, it first relaunched web-0."
 *
 * Verified: the set was made within the span, in which no Pod of this ordinal was there; the first Pod that was added is of this ordinal, and no Pod of the set was asked to go
 * before it.
 * Not verified: what follows.
 */
export function isRelaunchedFirst(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return guarantee('isRelaunchedFirst', ['pods', 'statefulsets'], span, (window) => {
    const stored = setMadeWithin(window, set);
    if (typeof stored === 'string') return undecided(stored);
    const name = podNameOf(set, ordinal);
    const isThere = livesAt(livesOf(window, set), window.from).some((life) => life.ordinal === ordinal);
    if (isThere) return undecided(`${name} was there when the span began`);
    const [first] = additionsOf(window, set);
    const [deleted] = deletionsOf(window, set);
    return each([name], 'Pods that were missing', () => {
      if (first === undefined) return missingAtEnd(window, `${name} was not relaunched`);
      if (first.ordinal !== ordinal) return breach(`${first.name} was added before ${name}`, first.first);
      if (deleted?.deletion === undefined || deleted.deletion.index > first.first.index) return undefined;
      return breach(`${deleted.name} was deleted before ${name} was relaunched`, deleted.deletion, first.first);
    });
  });
}

/**
 * "Once web-0 had been recreated, and once web-1 had been determined to already be Running and Ready, web-2 was terminated."
 *
 * Verified: the set was made within the span; when it began there was at least one Pod of an ordinal at or above this number of replicas, and every such Pod was deleted at a
 * point where all lower ordinals were Running and Ready, and is gone at the end, where the Pods are exactly those of the lower ordinals, all under the set's control.
 * Not verified: the order among several of them.
 */
export function surplusGoesOnceTheRestIsReady(set: OrdinalSet, replicas: number, span: Span): Guarantee {
  return guarantee('surplusGoesOnceTheRestIsReady', ['pods', 'statefulsets'], span, (window) => {
    const stored = setMadeWithin(window, set);
    if (typeof stored === 'string') return undecided(stored);
    const lives = livesOf(window, set);
    const surplus = livesAt(lives, window.from).filter((life) => life.ordinal >= replicas);
    const atEnd = livesAt(lives, window.to);
    const expected = Array.from({ length: replicas }, (_, ordinal) => ordinal);
    return unlessBroken(
      atEnd.filter((life) => life.ordinal >= replicas).map((life) => breach(`${life.name} is still there`, life.last)),
      together(
        each(surplus, 'Pods beyond the replicas', (life) => unlessRestIsReady(life, lives, set, expected)),
        each(expected, 'Pods of the set at the end', (ordinal) => {
          const life = atEnd.find((each) => each.ordinal === ordinal);
          if (life === undefined) return missingAtEnd(window, `${podNameOf(set, ordinal)} is not there`);
          const isOwned = controllerAt(life, window.to) === stored.metadata.uid;
          return isOwned ? undefined : breach(`${life.name} is not controlled by the new ${set.name}`, life.last);
        }),
      ),
    );
  });
}

function unlessRestIsReady(
  life: PodLife,
  lives: readonly PodLife[],
  set: OrdinalSet,
  rest: readonly number[],
): Breach | undefined {
  const { deletion } = life;
  if (deletion === undefined) return breach(`${life.name} was not deleted`, life.last);
  const there = livesAt(lives, deletion.index);
  const unready = rest.find((ordinal) => !isReadyOf(there, ordinal, deletion.index));
  return unready === undefined
    ? undefined
    : breach(`${life.name} was deleted while ${podNameOf(set, unready)} was not Running and Ready`, deletion);
}
