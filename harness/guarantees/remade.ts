import type { Recorded } from '../history/objects.ts';
import { controllerOf } from '../history/pods.ts';
import type { OrdinalSet } from '../history/sets.ts';
import type { Window } from './guarantee.ts';
import { changeAt, isReadyAt, type PodLife } from './lives.ts';
import { objectAt, objectsNamed, thereAt } from './objects.ts';

/** The set that is there at the end of the span, if it was made within it. */
export function setMadeWithin(window: Window, set: OrdinalSet): Recorded<'statefulsets'> | string {
  const life = thereAt(objectsNamed(window, 'statefulsets', set.name), window.to)[0];
  const isMade = life?.first.type === 'added' && life.first.index > window.from;
  const stored = life === undefined ? undefined : objectAt(life, window.to);
  return isMade && stored !== undefined ? stored : `${set.name} was not made within the span`;
}

/** The uid of whoever controls the Pod at this point. */
export function controllerAt(life: PodLife, index: number): string | undefined {
  const change = changeAt(life, index);
  return change === undefined ? undefined : controllerOf(change.object)?.uid;
}

/** Whether one of these Pods is of this ordinal, Running and Ready at this point. */
export function isReadyOf(lives: readonly PodLife[], ordinal: number, index: number): boolean {
  return lives.some((life) => life.ordinal === ordinal && isReadyAt(life, index));
}
