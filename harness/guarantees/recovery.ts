import { controllerOf, describePod, isReady, isTerminating } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { claimAt, claimNamesOf } from './claims.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessInDoubt } from './doubt.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, changeAt, livesAt, livesOf, type PodLife } from './lives.ts';

/**
 * A lost Pod comes back although one of a higher ordinal is not healthy.
 *
 * Verified: the Pod of the lost ordinal was there when the span began, was deleted within it and is gone; from then on the Pod of the sick ordinal was there and never
 * Ready; at the end of the span, before which the story waited with patience, there is another Pod of the lost ordinal, controlled by the set, Running and Ready.
 * Not verified: how long it took.
 */
export function lostPodComesBackBeside(
  set: OrdinalSet,
  { lost, sick }: { readonly lost: number; readonly sick: number },
  span: Span,
): Guarantee {
  return guarantee('lostPodComesBackBeside', ['pods'], span, (window) => {
    const old = livesAt(livesOf(window, set), window.from).find((life) => life.ordinal === lost);
    if (old?.gone === undefined) return undecided(`${podNameOf(set, lost)} was not there and then gone`);
    return unlessInDoubt(doubtAboutSickness(window, set, sick), isReplaced(window, set, old, 'Running and Ready'));
  });
}

/** How a Pod ended, and in which state its successor is expected: one that is held Pending cannot become Ready. */
export interface End {
  readonly by: 'Failed' | 'Succeeded' | { readonly evictedAt: string };
  readonly successorIs: 'Running and Ready' | 'Pending';
}

/**
 * A Pod that has ended for good, or was evicted, is deleted and made again under its name.
 *
 * Verified: the Pod of this ordinal, there when the span began, was seen in that phase (or the server agreed to its eviction at that moment) and had not been asked
 * to go before; the story itself deleted no Pod. At the end it is gone, and there is one other Pod of its name, controlled by the set, which has been Ready if it is to be, with the
 * same claims (uid), which were never asked to go. Between the two no Pod of the name came and went.
 * Not verified: what is in the claims' volumes.
 */
export function endedPodIsReplaced(set: OrdinalSet, ordinal: number, end: End, span: Span): Guarantee {
  return guarantee('endedPodIsReplaced', ['pods', 'persistentvolumeclaims'], span, (window) => {
    const old = livesAt(livesOf(window, set), window.from).find((life) => life.ordinal === ordinal);
    if (old === undefined) return undecided(`${podNameOf(set, ordinal)} was not there when the span began`);
    const doubt = doubtAboutEnd(window, old, end);
    if (doubt !== undefined) return undecided(doubt);
    const replaced = isReplaced(window, set, old, end.successorIs);
    const names = claimNamesOf(set, ordinal);
    const missing = names.find((name) => claimAt(window, name, window.from) === undefined);
    if (missing !== undefined) return undecided(`${old.name} had no claim ${missing} when the span began`);
    return names.length === 0 ? replaced : together(replaced, claimsAreUsedAgain(window, set, old, names));
  });
}

function doubtAboutSickness(window: Window, set: OrdinalSet, sick: number): string | undefined {
  const name = podNameOf(set, sick);
  const beside = livesAt(livesOf(window, set), window.from).find((life) => life.ordinal === sick);
  const changes = (beside?.changes ?? []).filter((change) => change.index > window.from);
  const before = beside === undefined ? undefined : changeAt(beside, window.from);
  if (before === undefined || beside?.deletion !== undefined) return `${name} was not there to stay`;
  const healthy = [before, ...changes].some(({ object }) => isReady(object));
  return healthy ? `${name} was Ready within the span` : undefined;
}

function doubtAboutEnd(window: Window, old: PodLife, { by }: End): string | undefined {
  const ours = window.operations().find(({ verb, target }) => verb === 'delete' && target.startsWith('pods'));
  if (ours !== undefined) return `the story itself deleted ${ours.target}`;
  if (typeof by === 'object') {
    const answers = window.observations('api', by.evictedAt);
    return answers.some(({ code }) => code === 201) ? undefined : `nobody was evicted (${by.evictedAt})`;
  }
  const ended = old.changes.find(({ object }) => object.status?.phase === by && !isTerminating(object));
  return ended === undefined ? `${old.name} was not seen ${by} before it was deleted` : undefined;
}

/** A Pod that is on its way in or out leaves the question open. */
function isReplaced(window: Window, set: OrdinalSet, old: PodLife, state: End['successorIs']): Findings {
  const fresh = additionsOf(window, set).filter((life) => life.ordinal === old.ordinal);
  const last = fresh.at(-1);
  const isLeaving = old.gone === undefined && isTerminating(old.last.object);
  const isComing = state === 'Running and Ready' && last?.gone === undefined && last?.ready === undefined;
  const underWay = isLeaving ? old : isComing ? last : undefined;
  return unlessInDoubt(
    underWay && `at the end ${describePod(underWay.last.object)}`,
    each([old], 'Pods to be replaced', () => unlessReplacedBy(window, set, old, fresh)),
  );
}

function unlessReplacedBy(
  window: Window,
  set: OrdinalSet,
  old: PodLife,
  [fresh, second]: readonly PodLife[],
): Breach | undefined {
  if (old.gone === undefined)
    return isTerminating(old.last.object) ? undefined : breach(`${old.name} is still there`, old.last);
  if (fresh === undefined) return missingAtEnd(window, `${old.name} did not come back`);
  if (second !== undefined) return breach(`${old.name} came back more than once`, fresh.first, second.first);
  const owner = controllerOf(fresh.last.object);
  if (owner?.kind !== 'StatefulSet' || owner.name !== set.name)
    return breach(`the new ${old.name} is not controlled by ${set.name}`, old.last, fresh.last);
  return fresh.deletion === undefined ? undefined : breach(`the new ${old.name} was deleted`, old.last, fresh.deletion);
}

function claimsAreUsedAgain(window: Window, set: OrdinalSet, old: PodLife, names: readonly string[]): Findings {
  const fresh = additionsOf(window, set).findLast((life) => life.ordinal === old.ordinal);
  return each(names, 'claims', (name) => {
    const claim = claimAt(window, name, window.from);
    if (claim?.deletion !== undefined) return breach(`the claim ${name} was deleted`, claim.deletion);
    if (fresh === undefined || mounts(fresh, name)) return undefined;
    return breach(`the new ${old.name} does not use the claim ${name}`, fresh.first);
  });
}

function mounts({ first }: PodLife, claim: string): boolean {
  return (first.object.spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === claim);
}
