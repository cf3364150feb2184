import { isReady } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, isReadyAt, isRunningAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { doubtAboutAttention } from './quiet.ts';

/**
 * Parallel: "the StatefulSet controller launched both web-0 and web-1 at the same time".
 *
 * Verified: within the span the Pods added are of exactly these ordinals, one each; every one of them was added before any of them was Running and Ready, and all of them became
 * so.
 * Not verified: in which order they were added or became Ready.
 */
export function podsAreLaunchedTogether(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('podsAreLaunchedTogether', ['pods'], span, (window) => {
    const additions = additionsOf(window, set);
    const launched = ordinals.map((ordinal) => additions.find((life) => life.ordinal === ordinal));
    const missing = ordinals.find((_, position) => launched[position]?.ready === undefined);
    if (missing !== undefined) return undecided(`${podNameOf(set, missing)} was not added and Ready within the span`);
    const together = launched.filter((life) => life !== undefined);
    const [earliest] = together.toSorted((a, b) => (a.ready?.index ?? 0) - (b.ready?.index ?? 0));
    return unlessBroken(
      additions
        .filter((life) => !together.includes(life))
        .map((life) => breach(`${life.name} was added as well`, life.first)),
      each(together, 'Pods launched together', (life) => {
        const ready = earliest?.ready;
        if (ready === undefined || life.first.index < ready.index) return undefined;
        return breach(`${life.name} was added only when ${earliest?.name} was Running and Ready`, ready, life.first);
      }),
    );
  });
}

/**
 * Parallel: "… and not to wait for Pods to become Running and Ready … prior to launching … another Pod".
 *
 * Verified: within the span one Pod was added, was Running and never Ready; each of the others was added too and was Running and Ready while that one was Running and not.
 * When one of them was never added, that counts as blocked only if the controller had observed the set's newest generation (`doubtAboutAttention`).
 * Not verified: how soon they followed.
 */
export function noPodWaitsForTheUnready(
  set: OrdinalSet,
  unready: number,
  others: readonly number[],
  span: Span,
): Guarantee {
  return guarantee('noPodWaitsForTheUnready', ['pods', 'statefulsets'], span, (window) => {
    const additions = additionsOf(window, set);
    const held = additions.find((life) => life.ordinal === unready);
    const doubt = doubtAboutHeld(held, podNameOf(set, unready)) ?? doubtAboutAttention(window, set, span);
    if (held === undefined || doubt !== undefined) return undecided(doubt ?? `${set.name} has no Pod to wait for`);
    const launched = others.map((ordinal) => additions.find((life) => life.ordinal === ordinal));
    const slow = launched.find((life) => life !== undefined && !wasReadyBeside(life, held));
    const isBlocked = launched.includes(undefined);
    if (slow !== undefined && !isBlocked)
      return undecided(`${slow.name} was not seen Ready while ${held.name} was not`);
    return each(others, 'Pods launched beside an unready one', (ordinal, position) =>
      launched[position] === undefined
        ? breach(`${podNameOf(set, ordinal)} was not added while ${held.name} was not Ready`, held.first, held.last)
        : undefined,
    );
  });
}

/** Which Pods were to end together, and which of them the story kept Terminating meanwhile. */
export interface Ending {
  readonly ordinals: readonly number[];
  readonly held: readonly number[];
}

/**
 * "… not to wait for Pods to become … completely terminated prior to … terminating another Pod", and "during deletion, a StatefulSet removes all
 * Pods concurrently".
 *
 * Verified: each of these Pods was there when the span began and was asked to go while every held one was still there; no other Pod of the set was asked to go. A Pod that
 * never was asked is held against the cluster only if the controller had its chance: at work twice after the held ones were Terminating, or with the newest generation observed.
 * Not verified: any order among them: none is promised.
 */
export function podsTerminateTogether(set: OrdinalSet, { ordinals, held }: Ending, span: Span): Guarantee {
  return guarantee('podsTerminateTogether', ['pods', 'statefulsets'], span, (window) => {
    const there = livesAt(livesOf(window, set), window.from);
    const ending = ordinals.map((ordinal) => there.find((life) => life.ordinal === ordinal));
    const missing = ordinals.find((_, position) => !isStanding(ending[position], window.from));
    if (missing !== undefined) return undecided(`${podNameOf(set, missing)} was not there to go when the span began`);
    const lives = ending.filter((life) => life !== undefined);
    const kept = lives.filter((life) => held.includes(life.ordinal));
    if (lives.every((life) => life.deletion === undefined)) return undecided(`no Pod of ${set.name} was asked to go`);
    const untold = lives.some((life) => life.deletion === undefined)
      ? doubtAboutChance(window, set, span, kept)
      : undefined;
    if (untold !== undefined) return undecided(untold);
    return unlessBroken(
      there
        .filter((life) => !lives.includes(life) && isWithin(life, window))
        .map((life) => breach(`${life.name} was asked to go as well`, life.deletion ?? life.last)),
      each(lives, 'Pods that were to go together', (life) => unlessInTime(life, kept)),
    );
  });
}

/**
 * "The policy is stored as Parallel."
 *
 * Verified: at every change of the set within the span `spec.podManagementPolicy` has this value.
 * Not verified: how the controller behaves by it.
 */
export function thePolicyIsStored(set: OrdinalSet, policy: 'OrderedReady' | 'Parallel', span: Span): Guarantee {
  return guarantee('thePolicyIsStored', ['statefulsets'], span, (window) => {
    const changes = window.changes('statefulsets').filter((change) => change.object.metadata.name === set.name);
    return each(changes, 'changes of the set', (change) => {
      const stored = change.object.spec?.podManagementPolicy;
      return stored === policy ? undefined : breach(`${set.name} is stored with ${stored ?? 'no policy'}`, change);
    });
  });
}

function doubtAboutHeld(held: PodLife | undefined, name: string): string | undefined {
  if (held === undefined) return `${name} was not added within the span`;
  if (held.deletion !== undefined) return `${name} did not stay`;
  if (held.changes.some((change) => isReady(change.object))) return `${name} became Ready`;
  return isRunningAt(held, held.last.index) ? undefined : `${name} was not Running`;
}

/** At some point both were Running, the one Ready and the other not. */
function wasReadyBeside(life: PodLife, held: PodLife): boolean {
  const moments = [...life.changes, ...held.changes].map((change) => change.index);
  return moments.some((index) => isReadyAt(life, index) && isRunningAt(held, index) && !isReadyAt(held, index));
}

function unlessInTime(life: PodLife, kept: readonly PodLife[]): Breach | undefined {
  const { deletion } = life;
  if (deletion === undefined) return breach(`${life.name} was not asked to go`, ...evidenceOf(kept, life));
  const late = kept.find((each) => each !== life && each.gone !== undefined && each.gone.index < deletion.index);
  return late?.gone === undefined
    ? undefined
    : breach(`${life.name} was asked to go only when ${late.name} was gone`, late.gone, deletion);
}

function evidenceOf(kept: readonly PodLife[], life: PodLife): readonly [PodLife['last'], ...PodLife['last'][]] {
  return [life.last, ...kept.map((each) => each.deletion).filter((each) => each !== undefined)];
}

/** Whether whoever deletes Pods had reason and time to delete another one while the held ones were Terminating. */
function doubtAboutChance(window: Window, set: OrdinalSet, span: Span, kept: readonly PodLife[]): string | undefined {
  if (span.alive === undefined) return doubtAboutAttention(window, set, span);
  const since = Math.min(...kept.map((life) => life.deletion?.index ?? window.to));
  const signs = window.observations('liveness').filter((sign) => sign.invokedAtIndex >= since);
  return signs.length >= 2
    ? undefined
    : `no controller was seen at work twice after a held Pod of ${set.name} was Terminating`;
}

function isStanding(life: PodLife | undefined, index: number): boolean {
  return life !== undefined && (life.deletion === undefined || life.deletion.index > index);
}

function isWithin(life: PodLife, window: Window): boolean {
  return life.deletion !== undefined && life.deletion.index > window.from;
}
