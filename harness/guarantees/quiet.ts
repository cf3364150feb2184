import { imageOf, isReady, isRunning, isTerminating, revisionOf } from '../history/pods.ts';
import { claimNameOf, isControlledBy, podNameOf, type OrdinalSet } from '../history/sets.ts';
import type { Change } from '../history/entries.ts';
import type { Recorded, ResourceName } from '../history/objects.ts';
import { missingAtEnd } from './absence.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, changeAt, deletionsOf, livesAt, livesOf, type PodLife } from './lives.ts';

/**
 * A state in which the story holds one Pod, so that something else must not happen meanwhile. A hold that was not kept
 * from the window's first moment to its last leaves the question open: nobody promised anything for it.
 */
export interface Hold {
  readonly ordinal: number;
  readonly stays: 'Pending' | 'Running and not Ready' | 'not Ready' | 'Terminating';
}

/**
 * "… is not launched until …": in a quiet window no Pod of the set is added.
 *
 * Verified: no addition in the span, while the controller showed itself at work at least twice after it had observed
 * the set's newest generation (a set that is deleted has no generation to observe), and while the hold, if one is
 * named, was kept.
 * Not verified: that a Pod would be added without the hold: the story's next steps show it.
 */
export function noPodIsAdded(set: OrdinalSet, span: Span, hold?: Hold): Guarantee {
  return quiet('noPodIsAdded', set, span, hold, (window) =>
    nothingAmong(additionsOf(window, set), window, `of the controller with no Pod of ${set.name} added`, (life) =>
      breach(`${life.name} was added${meanwhile(set, hold)}`, life.first),
    ),
  );
}

/**
 * "… before the next is deleted", "… will not be updated": in a quiet window no Pod of the set begins to be deleted, by
 * whomever.
 *
 * Verified: no Pod gets a deletionTimestamp or vanishes in the span, under the same conditions as `noPodIsAdded`.
 * Not verified: Pods that were Terminating when the window opened; they may go.
 */
export function noPodIsDeleted(set: OrdinalSet, span: Span, hold?: Hold): Guarantee {
  return quiet('noPodIsDeleted', set, span, hold, (window) =>
    nothingAmong(deletionsOf(window, set), window, `of the controller with no Pod of ${set.name} deleted`, (life) =>
      breach(`${life.name} was deleted${meanwhile(set, hold)}`, life.deletion ?? life.last),
    ),
  );
}

/**
 * "Existing Pods are left as they are": these ordinals have the same Pods at the end of the span as at its beginning.
 *
 * Verified: each keeps its uid, IP, image, revision and restart counts at every change in the span, and none is ever
 * asked to go. The controller was at work meanwhile: either the span says so (`alive`, under the same conditions as
 * `noPodIsAdded`), or it added a Pod of this set or observed a new generation.
 * Not verified: readiness, labels and annotations.
 */
export function eachPodIsUntouched(set: OrdinalSet, ordinals: readonly number[], span: Span, hold?: Hold): Guarantee {
  return quiet('eachPodIsUntouched', set, span, hold, (window) => {
    const there = livesAt(livesOf(window, set), window.from);
    const lives = ordinals.map((ordinal) => there.find((life) => life.ordinal === ordinal));
    const missing = ordinals.find((_, position) => !isStanding(lives[position], window.from));
    if (missing !== undefined)
      return undecided(`${podNameOf(set, missing)} was not there to be left alone when the span began`);
    return each(
      lives.filter((life) => life !== undefined),
      'Pods left as they were',
      (life) => touchOf(life, window),
    );
  });
}

/**
 * "There are still five PersistentVolumeClaims and five PersistentVolumes": what these ordinals' Pods store is kept.
 *
 * Verified: for each ordinal and each of the set's claim templates the claim was Bound at the beginning of the span; at
 * its end it is the same claim (uid), Bound to the same volume (uid); neither was ever asked to go. The controller was
 * at work as in `eachPodIsUntouched`.
 * Not verified: what is in the volumes.
 */
export function claimsAreKept(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  const resources = ['persistentvolumeclaims', 'persistentvolumes'] as const;
  return quiet(
    'claimsAreKept',
    set,
    span,
    undefined,
    (window) => {
      const names = ordinals.flatMap((ordinal) =>
        set.claimTemplates.map((template) => claimNameOf(set, ordinal, template)),
      );
      const unbound = names.find((name) => storageOf(window, 'start', name) === undefined);
      if (unbound !== undefined)
        return undecided(`the claim ${unbound} was not Bound to a recorded volume when the span began`);
      return each(names, 'claims with their volumes', (name) => lossOf(window, name));
    },
    resources,
  );
}

/** Why the window cannot tell whether the controller left the set alone or had not looked at it yet. */
export function doubtAboutAttention(window: Window, set: OrdinalSet, span: Span): string | undefined {
  if (span.alive === 'garbage-collector') return undefined;
  if (span.alive !== 'statefulset')
    return hasWorked(window, set) ? undefined : `no sign that the controller worked on ${set.name} in the span`;
  const changes = changesOf(window, set);
  const last = changes.at(-1);
  if (last === undefined) return `the StatefulSet ${set.name} was never recorded`;
  if (last.type === 'deleted' || last.object.metadata.deletionTimestamp !== undefined) return undefined;
  if (!isObserved(last.object))
    return `the controller had not observed generation ${last.object.metadata.generation} of ${set.name}`;
  const stale = changes.findLast((change) => !isObserved(change.object))?.index ?? -1;
  const since = changes.find((change) => change.index > stale)?.index ?? -1;
  const signs = signsOfLife(window).filter((sign) => sign.controller === 'statefulset' && sign.invokedAtIndex >= since);
  if (signs.length >= 2) return undefined;
  return `the controller was not seen alive twice after it had observed generation ${last.object.metadata.generation} of ${set.name}`;
}

/** Whether the controller has seen the newest spec of the set, as this change shows it. */
export function isObserved(set: Recorded<'statefulsets'>): boolean {
  return set.metadata.generation !== undefined && set.status?.observedGeneration === set.metadata.generation;
}

function quiet(
  name: string,
  set: OrdinalSet,
  span: Span,
  hold: Hold | undefined,
  examine: (window: Window) => Findings,
  resources: readonly ResourceName[] = [],
): Guarantee {
  return guarantee(name, ['pods', 'statefulsets', ...resources], span, (window) => {
    const doubt = doubtAboutAttention(window, set, span) ?? doubtAboutHold(window, set, hold);
    return doubt === undefined ? examine(window) : undecided(doubt);
  });
}

/** The fewer the better: every item is a breach, and what is counted is the signs that somebody could have acted. */
function nothingAmong<Item>(
  items: readonly Item[],
  window: Window,
  of: string,
  tell: (item: Item) => Breach,
): Findings {
  return {
    status: 'examined',
    examined: { count: signsOfLife(window).length, of: `signs of life ${of}` },
    breaches: items.map(tell),
  };
}

function signsOfLife(window: Window) {
  return window.observations('liveness');
}

function changesOf(window: Window, set: OrdinalSet): readonly Change<'statefulsets'>[] {
  return window.history
    .changes('statefulsets', -1, window.to)
    .filter((change) => change.object.metadata.name === set.name);
}

/** Only the controller adds Pods that the set owns, and only it writes `observedGeneration`. */
function hasWorked(window: Window, set: OrdinalSet): boolean {
  const hasAdded = additionsOf(window, set).some((life) => isControlledBy(set, life.first.object));
  const before = [...window.stateAtStart('statefulsets').values()].find((each) => each.metadata.name === set.name);
  const hasObserved = window
    .changes('statefulsets')
    .some(
      ({ object }) =>
        object.metadata.name === set.name &&
        (object.status?.observedGeneration ?? 0) > (before?.status?.observedGeneration ?? 0),
    );
  return hasAdded || hasObserved;
}

function doubtAboutHold(window: Window, set: OrdinalSet, hold: Hold | undefined): string | undefined {
  if (hold === undefined) return undefined;
  const name = podNameOf(set, hold.ordinal);
  const life = livesAt(livesOf(window, set), window.from).find((each) => each.ordinal === hold.ordinal);
  const atStart = life === undefined ? undefined : changeAt(life, window.from);
  if (life === undefined || atStart === undefined || !stays(atStart, hold))
    return `${name} was not ${hold.stays} when the window opened`;
  const lost = life.changes.some((change) => change.index > window.from && !stays(change, hold));
  return lost ? `${name} did not stay ${hold.stays} to the end of the window` : undefined;
}

function stays({ type, object }: Change<'pods'>, hold: Hold): boolean {
  if (type === 'deleted') return false;
  switch (hold.stays) {
    case 'Pending':
      return object.status?.phase === 'Pending' && !isTerminating(object);
    case 'Running and not Ready':
      return isRunning(object) && !isReady(object) && !isTerminating(object);
    case 'not Ready':
      return !isReady(object) && !isTerminating(object);
    case 'Terminating':
      return isTerminating(object);
  }
}

function meanwhile(set: OrdinalSet, hold: Hold | undefined): string {
  return hold === undefined ? '' : ` while ${podNameOf(set, hold.ordinal)} was ${hold.stays}`;
}

function isStanding(life: PodLife | undefined, index: number): life is PodLife {
  return life !== undefined && (life.deletion === undefined || life.deletion.index > index);
}

function touchOf(life: PodLife, window: Window): Breach | undefined {
  const before = changeAt(life, window.from);
  if (before === undefined) return undefined;
  if (life.deletion !== undefined) return breach(`${life.name} was deleted`, before, life.deletion);
  for (const change of life.changes.filter((each) => each.index > window.from)) {
    const touch = differenceOf(before.object, change.object);
    if (touch !== undefined) return breach(`${life.name} ${touch}`, before, change);
  }
  return undefined;
}

/** What a Pod that had it keeps as long as nobody touches it. */
function differenceOf(before: Recorded<'pods'>, after: Recorded<'pods'>): string | undefined {
  if (restartsOf(after) > restartsOf(before)) return 'had a container restarted';
  const ip = before.status?.podIP;
  if (ip !== undefined && after.status?.podIP !== ip) return `lost its IP address ${ip}`;
  if (imageOf(after) !== imageOf(before)) return 'was given another image';
  return revisionOf(after) === revisionOf(before) ? undefined : 'was moved to another revision';
}

function restartsOf(pod: Recorded<'pods'>): number {
  return (pod.status?.containerStatuses ?? []).reduce((sum, status) => sum + status.restartCount, 0);
}

interface Storage {
  readonly claim: Recorded<'persistentvolumeclaims'>;
  readonly volume: Recorded<'persistentvolumes'>;
}

/** The claim of that name with the volume it is Bound to, unless either is missing, unbound or on its way out. */
function storageOf(window: Window, when: 'start' | 'end', name: string): Storage | undefined {
  const claims =
    when === 'start' ? window.stateAtStart('persistentvolumeclaims') : window.stateAtEnd('persistentvolumeclaims');
  const volumes = when === 'start' ? window.stateAtStart('persistentvolumes') : window.stateAtEnd('persistentvolumes');
  const claim = [...claims.values()].find((each) => each.metadata.name === name);
  const volume = [...volumes.values()].find((each) => each.metadata.name === claim?.spec?.volumeName);
  if (claim === undefined || volume === undefined) return undefined;
  if (claim.status?.phase !== 'Bound' || volume.spec?.claimRef?.uid !== claim.metadata.uid) return undefined;
  return { claim, volume };
}

function lossOf(window: Window, name: string): Breach | undefined {
  const before = storageOf(window, 'start', name);
  if (before === undefined) return undefined;
  const uids = [before.claim.metadata.uid, before.volume.metadata.uid];
  const changes = [...window.changes('persistentvolumeclaims'), ...window.changes('persistentvolumes')];
  const own = changes.filter((change) => uids.includes(change.object.metadata.uid));
  const loss = own.find(
    (change) => change.type === 'deleted' || change.object.metadata.deletionTimestamp !== undefined,
  );
  if (loss !== undefined)
    return breach(`the ${loss.resource === 'persistentvolumes' ? 'volume of ' : ''}claim ${name} was deleted`, loss);
  const after = storageOf(window, 'end', name);
  if (after?.claim.metadata.uid === uids[0] && after?.volume.metadata.uid === uids[1]) return undefined;
  const because = `the claim ${name} is not Bound to its volume any more`;
  const last = own.at(-1);
  return last === undefined ? missingAtEnd(window, because) : breach(because, last);
}
