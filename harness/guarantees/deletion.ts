import type { Recorded } from '../history/objects.ts';
import { isRunningAndReady } from '../history/pods.ts';
import { ordinalOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { restartsOf } from './containers.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, changeAt, isReadyAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { objectsNamed, objectsOf, thereAt, type ObjectLife } from './objects.ts';

/**
 * Non-cascading delete: "even though web has been deleted, all of the Pods are still Running and Ready".
 *
 * Verified: the set was deleted within the span and is gone at its end; every Pod that was there when the span began (all of them Ready) keeps its uid and its restart
 * counts, is Running and Ready at every change, and is never asked to go; no Pod is added.
 * Not verified: who owns the Pods now (see `podsAreReleased`).
 */
export function eachPodOutlivesItsSet(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('eachPodOutlivesItsSet', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAtStart(window, set);
    const lives = livesAt(livesOf(window, set), window.from);
    const unready = lives.find((life) => !isReadyAt(life, window.from) || isLeaving(life, window.from));
    if (stored?.deletion === undefined) return undecided(`${set.name} was not deleted in the span`);
    if (unready !== undefined) return undecided(`${unready.name} was not Running and Ready when the span began`);
    return unlessBroken(
      additionsOf(window, set).map((life) => breach(`${life.name} was added`, life.first)),
      together(
        isGoneAtEnd(stored),
        each(lives, 'Pods of the deleted set', (life) => harmTo(life, window)),
      ),
    );
  });
}

/**
 * "As the web StatefulSet has been deleted, web-0 has not been relaunched."
 *
 * Verified: the Pod of this ordinal was deleted within the span and was gone before the controller showed itself at work twice; no Pod of that name was added after it,
 * nor any other of the set.
 * Not verified: that the set was gone. Were it there, its controller would relaunch the Pod.
 */
export function isNotRelaunched(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return guarantee('isNotRelaunched', ['pods'], span, (window) => {
    const ended = livesOf(window, set).filter((life) => life.ordinal === ordinal && isWithin(life.gone?.index, window));
    const added = additionsOf(window, set);
    const [gone] = ended;
    if (gone?.gone === undefined) return undecided(`${podNameOf(set, ordinal)} was not gone at the end of the span`);
    const doubt = added.length > 0 ? undefined : doubtAboutSigns(window, gone.gone.index);
    if (doubt !== undefined) return undecided(doubt);
    return unlessBroken(
      added.map((life) =>
        breach(`a new ${life.name} was added after the deleted ${gone.name} was gone`, gone.last, life.first),
      ),
      each([gone], 'deleted Pods', () => undefined),
    );
  });
}

/**
 * Cascading delete: "both the StatefulSet and its Pods are deleted".
 *
 * Verified: the set and every Pod of it that was there when the span began are gone at its end, no Pod was added within it, and a controller showed itself at work twice after
 * the last of them was gone.
 * Not verified: in what order the Pods went.
 */
export function everyPodGoesWithItsSet(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('everyPodGoesWithItsSet', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAtStart(window, set);
    const lives = livesAt(livesOf(window, set), window.from);
    if (stored?.deletion === undefined) return undecided(`${set.name} was not deleted in the span`);
    const findings = unlessBroken(
      additionsOf(window, set).map((life) => breach(`${life.name} was added`, life.first)),
      together(isGoneAtEnd(stored), each(lives, 'Pods of the deleted set', isStillThere)),
    );
    const last = Math.max(...lives.map((life) => life.gone?.index ?? window.to));
    const doubt = doubtAboutSigns(window, last);
    const isBroken = findings.status === 'examined' && findings.breaches.length > 0;
    return isBroken || doubt === undefined ? findings : undecided(doubt);
  });
}

/**
 * "… and they are all gone": the Pods of these ordinals have ended.
 *
 * Verified: each was there when the span began, and at its end no Pod of that name is.
 * Not verified: whether one comes back later.
 */
export function eachPodIsGone(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('eachPodIsGone', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    const before = livesAt(lives, window.from).map((life) => life.ordinal);
    const missing = ordinals.find((ordinal) => !before.includes(ordinal));
    if (missing !== undefined) return undecided(`${podNameOf(set, missing)} was not there when the span began`);
    const relevant = lives.filter((life) => ordinals.includes(life.ordinal) && !isOver(life, window.from));
    return each(relevant, 'Pods that were to go', isStillThere);
  });
}

/**
 * Cleaning up: the Service and the StatefulSet, deleted one by one, "end absent", and so do the Pods.
 *
 * Verified: a set, its Service and at least one Pod were there when the span began; at its end there is no StatefulSet and no Service of these names, no Pod of the set, and no Pod
 * whatever that carries all of these labels.
 * Not verified: claims and volumes, which stay.
 */
export function nothingIsLeft(set: OrdinalSet, labels: Readonly<Record<string, string>>, span: Span): Guarantee {
  return guarantee('nothingIsLeft', ['pods', 'statefulsets', 'services'], span, (window) => {
    const before = {
      StatefulSet: thereAt(objectsNamed(window, 'statefulsets', set.name), window.from),
      Service: thereAt(objectsNamed(window, 'services', set.service), window.from),
      Pod: livesAt(livesOf(window, set), window.from),
    };
    const missing = Object.entries(before).find(([, lives]) => lives.length === 0)?.[0];
    if (missing !== undefined) return undecided(`no ${missing} of ${set.name} was there when the span began`);
    const left = [
      ...thereAt(objectsNamed(window, 'statefulsets', set.name), window.to),
      ...thereAt(objectsNamed(window, 'services', set.service), window.to),
      ...thereAt(objectsOf(window, 'pods'), window.to).filter((life) => isOfSet(set, life.last.object, labels)),
    ];
    const all = [...before.StatefulSet, ...before.Service, ...before.Pod];
    return unlessBroken(
      left.map((life) => breach(`${life.last.resource}/${life.name} is still there`, life.last)),
      each<unknown>(all, 'objects that were there', () => undefined),
    );
  });
}

function setAtStart(window: Window, set: OrdinalSet): ObjectLife<'statefulsets'> | undefined {
  return thereAt(objectsNamed(window, 'statefulsets', set.name), window.from)[0];
}

function isGoneAtEnd(stored: ObjectLife<'statefulsets'>): Findings {
  return each([stored], 'deleted StatefulSets', (life) =>
    life.gone === undefined ? breach(`${life.name} was deleted and is still there`, life.last) : undefined,
  );
}

function harmTo(life: PodLife, window: Window): Breach | undefined {
  if (life.deletion !== undefined) return breach(`${life.name} was deleted`, life.first, life.deletion);
  const before = changeAt(life, window.from) ?? life.first;
  const changes = life.changes.filter((change) => change.index > window.from);
  const unready = changes.find((change) => !isRunningAndReady(change.object));
  if (unready !== undefined) return breach(`${life.name} was not Running and Ready any more`, before, unready);
  const restarted = changes.find((change) => restartsOf(change.object) !== restartsOf(before.object));
  return restarted === undefined ? undefined : breach(`${life.name} had a container restarted`, before, restarted);
}

function isStillThere(life: PodLife): Breach | undefined {
  return life.gone === undefined ? breach(`${life.name} is still there`, life.last) : undefined;
}

function isLeaving(life: PodLife, index: number): boolean {
  return life.deletion !== undefined && life.deletion.index <= index;
}

function isOver(life: PodLife, index: number): boolean {
  return life.gone !== undefined && life.gone.index <= index;
}

function isWithin(index: number | undefined, window: Window): boolean {
  return index !== undefined && index > window.from && index <= window.to;
}

/** "Not relaunched" counts only from when the Pod was gone: signs of life before that say nothing. */
function doubtAboutSigns(window: Window, since: number): string | undefined {
  const signs = window.observations('liveness').filter((sign) => sign.invokedAtIndex >= since);
  return signs.length >= 2 ? undefined : 'no controller was seen at work twice after the last Pod was gone';
}

function isOfSet(set: OrdinalSet, pod: Recorded<'pods'>, labels: Readonly<Record<string, string>>): boolean {
  const carriesAll = Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value);
  return carriesAll || ordinalOf(set, pod.metadata.name) !== undefined;
}
