import { controllerOf, describePod, isRunningAndReady, isTerminating } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, deletionsOf, isReadyAt, livesAt, livesOf, strangersOf, type PodLife } from './lives.ts';
import { doubtAboutAttention } from './quiet.ts';
import { breachBySet, setAt } from './revisions.ts';

/** Where the numbering of a set begins, and how many Pods it has. */
export interface Numbering {
  readonly start: number;
  readonly replicas: number;
}

/**
 * "Pods will be assigned ordinals from `.spec.ordinals.start` up through `.spec.ordinals.start + .spec.replicas - 1`."
 *
 * Verified: no Pod outside that range was ever seen in the span, whether by a name of the set or controlled by it, and the range was filled in order, each Pod when
 * those below it in the range were Ready. At the end, a quiet window, the set asks for this numbering and has seen it; each ordinal of the range has one Pod, Running
 * and Ready, controlled by the set, with the labels, the hostname and the subdomain of its ordinal; the set counts as many.
 * Not verified: claims and DNS.
 */
export function podsAreNumberedFrom(set: OrdinalSet, numbering: Numbering, span: Span): Guarantee {
  const ordinals = rangeOf(numbering);
  return guarantee('podsAreNumberedFrom', ['pods', 'statefulsets'], span, (window) => {
    const doubt = doubtAboutNumbering(window, set, numbering, span);
    if (doubt !== undefined) return undecided(doubt);
    const outside = livesOf(window, set).filter((life) => isSeenIn(life, window) && !ordinals.includes(life.ordinal));
    return unlessBroken(
      [
        ...outside.map((life) => breach(`there was a Pod ${life.name}`, life.first)),
        ...strangersOf(window, set).map((change) => breach(`${set.name} made ${change.object.metadata.name}`, change)),
        ...additionsOutOfTurn(window, set, ordinals),
      ],
      areThereAtEnd(window, set, ordinals),
    );
  });
}

/** The ordinals of a set when a span begins, and those it is to have at its end. */
export interface Move {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * Raising, lowering and removing `.spec.ordinals.start`, or another number of replicas, moves the range.
 *
 * Verified: the span begins with exactly the Pods of the one range and ends, in a quiet window, with exactly those of the other, each as in `podsAreNumberedFrom`;
 * exactly the Pods of new ordinals are added, in order, each when the ones before it are Ready, and exactly those of old ordinals are deleted, in reverse,
 * each when the ones before it are gone. Who is in both ranges keeps its Pod (uid).
 * Not verified: whether the new come before the old go.
 */
export function theRangeMoves(set: OrdinalSet, { from, to }: Move, span: Span): Guarantee {
  return guarantee('theRangeMoves', ['pods', 'statefulsets'], span, (window) => {
    const before = livesAt(livesOf(window, set), window.from);
    const doubt = doubtAboutAttention(window, set, span) ?? doubtAboutStart(set, before, from);
    if (doubt !== undefined) return undecided(doubt);
    const fresh = to.filter((ordinal) => !from.includes(ordinal));
    const old = from.filter((ordinal) => !to.includes(ordinal));
    const added = additionsOf(window, set);
    const deleted = deletionsOf(window, set);
    return unlessBroken(
      [
        ...added
          .filter((life) => !fresh.includes(life.ordinal))
          .map((life) => breach(`${life.name} was added`, life.first)),
        ...deleted
          .filter((life) => !old.includes(life.ordinal))
          .map((life) => breach(`${life.name} was deleted`, life.deletion ?? life.last)),
        ...additionsOutOfTurn(window, set, fresh),
        ...deletionsOutOfTurn(deleted),
      ],
      areThereAtEnd(window, set, to),
    );
  });
}

function rangeOf({ start, replicas }: Numbering): readonly number[] {
  return Array.from({ length: replicas }, (_, position) => start + position);
}

function isSeenIn(life: PodLife, window: Window): boolean {
  return life.gone === undefined || life.gone.index > window.from;
}

function doubtAboutNumbering(window: Window, set: OrdinalSet, numbering: Numbering, span: Span): string | undefined {
  const doubt = doubtAboutAttention(window, set, span);
  const { ordinals, replicas } = setAt(window, set, 'end')?.spec ?? {};
  if (doubt !== undefined) return doubt;
  const isAsked = (ordinals?.start ?? 0) === numbering.start && replicas === numbering.replicas;
  return isAsked
    ? undefined
    : `${set.name} does not ask for ${numbering.replicas} Pods from ordinal ${numbering.start}`;
}

function doubtAboutStart(set: OrdinalSet, before: readonly PodLife[], from: readonly number[]): string | undefined {
  const there = before.map((life) => life.ordinal).toSorted((a, b) => a - b);
  return there.join() === from.toSorted((a, b) => a - b).join()
    ? undefined
    : `${set.name} had the ordinals ${there.join(', ')} when the span began`;
}

/** One Pod for each of these ordinals and no other, as the set says too. A Pod that is on its way in or out leaves the question open: others may wait for it. */
function areThereAtEnd(window: Window, set: OrdinalSet, ordinals: readonly number[]): Findings {
  const there = livesAt(livesOf(window, set), window.to);
  const underWay = there.find(({ last }) => isTerminating(last.object) || !isRunningAndReady(last.object));
  if (underWay !== undefined) return undecided(`at the end ${describePod(underWay.last.object)}`);
  const stored = setAt(window, set, 'end');
  const { replicas, readyReplicas = 0 } = stored?.status ?? {};
  return unlessBroken(
    there
      .filter((life) => !ordinals.includes(life.ordinal))
      .map((life) => breach(`${life.name} is there as well`, life.last)),
    together(
      each(ordinals, 'Pods of the range', (ordinal) => {
        const [life, twin] = there.filter((each) => each.ordinal === ordinal);
        if (life === undefined || twin !== undefined)
          return missingAtEnd(window, `there is not one ${podNameOf(set, ordinal)}`);
        const lack = lackOf(set, life, stored?.metadata.uid);
        return lack === undefined ? undefined : breach(`${life.name} ${lack}`, life.last);
      }),
      each([replicas], 'counts of the set', () =>
        replicas === ordinals.length && readyReplicas === ordinals.length
          ? undefined
          : breachBySet(window, set, `${set.name} counts ${replicas} Pods, ${readyReplicas} of them Ready`),
      ),
    ),
  );
}

/** What a Pod lacks to be the set's of its ordinal. */
function lackOf(set: OrdinalSet, life: PodLife, owner: string | undefined): string | undefined {
  const { metadata, spec } = life.last.object;
  const labels = metadata.labels ?? {};
  if (controllerOf(life.last.object)?.uid !== owner) return `is not controlled by ${set.name}`;
  if (labels['statefulset.kubernetes.io/pod-name'] !== life.name) return 'does not carry its name as a label';
  const index = labels['apps.kubernetes.io/pod-index'];
  if (index !== String(life.ordinal)) return `carries the index ${index}`;
  if (spec?.hostname === life.name && spec.subdomain === set.service) return undefined;
  return `has the hostname ${spec?.hostname}, subdomain ${spec?.subdomain}`;
}

/** Additions of Pods of these ordinals that came before one of a lower ordinal among them was Ready. */
function additionsOutOfTurn(window: Window, set: OrdinalSet, ordinals: readonly number[]): readonly Breach[] {
  const added = additionsOf(window, set).filter((life) => ordinals.includes(life.ordinal));
  const lives = livesOf(window, set);
  return added.flatMap((life) => {
    const there = livesAt(lives, life.first.index);
    const early = ordinals.find(
      (ordinal) =>
        ordinal < life.ordinal && !there.some((each) => each.ordinal === ordinal && isReadyAt(each, life.first.index)),
    );
    if (early === undefined) return [];
    return [breach(`${life.name} was added when ${podNameOf(set, early)} was not Running and Ready`, life.first)];
  });
}

/** Deletions, in the order in which they were asked for, that came before one of a higher ordinal or before that one was gone. */
function deletionsOutOfTurn(deleted: readonly PodLife[]): readonly Breach[] {
  return deleted.flatMap((life) => {
    const at = life.deletion ?? life.last;
    const higher = deleted.find(
      (each) => each.ordinal > life.ordinal && (each.gone === undefined || each.gone.index > at.index),
    );
    return higher === undefined
      ? []
      : [breach(`${life.name} was deleted when ${higher.name} was not gone`, at, higher.last)];
  });
}
