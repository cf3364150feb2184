import type { Recorded, ResourceName } from '../history/objects.ts';
import { isRunningAndReady, isTerminating, revisionOf } from '../history/pods.ts';
import { claimNameOf, isControlledBy, ordinalOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectsOf } from './objects.ts';
import { isObserved } from './quiet.ts';
import { breachBySet } from './revisions.ts';

type Pod = Recorded<'pods'>;
type StatefulSet = Recorded<'statefulsets'>;

/**
 * The controller brings each set to what it asks for: what a story that waited in vain is asked, and every claim about a set rests on.
 *
 * Verified: for each set that is there at the end of the quiet window and not deleted, and of which nothing, nor any Pod, changed in the window. The controller, alive twice meanwhile,
 * has taken note of its newest spec; no Pod that it asks for is missing of which all predecessors are Ready (of a Parallel set: none at all); no Pod is there beyond those it asks for, and no outdated
 * one from its partition up, while all the others are Ready and no Pod is on its way out.
 * Not verified, and left open: sets with minReadySeconds; a Pod of which a claim is on its way out; a set of which an event tells that a Pod or a claim could not be made or
 * deleted, after the last that happened to it, since its controller then waits longer each time. Events may be lost: a set whose controller is held up by failures that nobody
 * was told of would be taken for one that was left.
 * Source: "a StatefulSet controller creates any necessary updates to get there from the current state", the StatefulSet page.
 */
export function nothingIsLeftUndone(span: Span): Guarantee {
  const resources = ['pods', 'statefulsets', 'persistentvolumeclaims'] as const;
  return guarantee('nothingIsLeftUndone', resources, span, (window) => {
    if (span.alive !== 'statefulset') return undecided('the span is not a quiet window');
    const sets = [...window.stateAtEnd('statefulsets').values()].filter((set) => standsStill(window, set));
    return each(sets, 'sets at rest', (set) => leftUndone(window, set));
  });
}

/** Nothing happened to it or its Pods in the window, and nothing tells why that should be right. */
function standsStill(window: Window, set: StatefulSet): boolean {
  const { name, uid, deletionTimestamp } = set.metadata;
  const isOf = (object: Recorded): boolean => object.metadata.uid === uid || isControlledBy(named(set), object);
  const upTo = <Name extends ResourceName>(resource: Name) => window.history.changes(resource, -1, window.to);
  const moves = [...upTo('statefulsets'), ...upTo('pods')].filter(({ object }) => isOf(object));
  const lastMove = Math.max(-1, ...moves.map(({ index }) => index));
  // Whatever failed before that was tried anew then: each move is a reason for the controller to look.
  const wasHindered = upTo('events').some(
    ({ index, object: { involvedObject, reason = '' } }) =>
      index > lastMove && involvedObject.name === name && reason.startsWith('Failed'),
  );
  const waitsForTime = (set.spec?.minReadySeconds ?? 0) > 0;
  return deletionTimestamp === undefined && lastMove <= window.from && !wasHindered && !waitsForTime;
}

function leftUndone(window: Window, set: StatefulSet): Breach | undefined {
  if (!isObserved(set))
    return breachBySet(window, named(set), `the controller took no note of the newest spec of ${set.metadata.name}`);
  const pods = [...window.stateAtEnd('pods').values()];
  const { start = 0 } = set.spec?.ordinals ?? {};
  const asked = Array.from({ length: set.spec?.replicas ?? 1 }, (_, index): Asked => {
    const ordinal = start + index;
    return { ordinal, index, pod: pods.find(({ metadata }) => metadata.name === podNameOf(named(set), ordinal)) };
  });
  const own = pods.filter((pod) => isControlledBy(named(set), pod));
  const isAtRest = asked.every(isThere) && !own.some(isTerminating);
  return notMade(window, set, asked) ?? (isAtRest ? notTakenAway(window, set, asked, own) : undefined);
}

/** A Pod that a set asks for, and the one that is there under its name. */
interface Asked {
  readonly ordinal: number;
  readonly index: number;
  readonly pod: Pod | undefined;
}

const idle = 'the controller was at work, and did not';

function notMade(window: Window, set: StatefulSet, asked: readonly Asked[]): Breach | undefined {
  const missing = asked.find(({ pod }) => pod === undefined);
  if (missing === undefined) return undefined;
  const waits = set.spec?.podManagementPolicy !== 'Parallel' && !asked.slice(0, missing.index).every(isThere);
  if (waits || hasAClaimThatGoes(window, set, missing.ordinal)) return undefined;
  const name = podNameOf(named(set), missing.ordinal);
  return breachBySet(window, named(set), `${name} is asked for, nothing keeps it back, and ${idle} make it`);
}

/** For good, or to be replaced. */
function notTakenAway(
  window: Window,
  set: StatefulSet,
  asked: readonly Asked[],
  own: readonly Pod[],
): Breach | undefined {
  const surplus = own.find(({ metadata }) => {
    const ordinal = ordinalOf(named(set), metadata.name);
    return ordinal !== undefined && !asked.some((each) => each.ordinal === ordinal);
  });
  if (surplus !== undefined)
    return breachByPod(window, surplus, `${surplus.metadata.name} is one too many, and ${idle} take it away`);

  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  const from = rollingUpdate?.partition ?? 0;
  const outdated = asked.find(
    ({ index, pod }) => index >= from && pod !== undefined && revisionOf(pod) !== set.status?.updateRevision,
  );
  if (type !== 'RollingUpdate' || outdated?.pod === undefined) return undefined;
  return breachByPod(window, outdated.pod, `${outdated.pod.metadata.name} is outdated, and ${idle} replace it`);
}

function isThere({ pod }: Asked): boolean {
  return pod !== undefined && isRunningAndReady(pod) && !isTerminating(pod);
}

/** Until it has gone the controller makes no Pod that would use it. */
function hasAClaimThatGoes(window: Window, set: StatefulSet, ordinal: number): boolean {
  const names = named(set).claimTemplates.map((template) => claimNameOf(named(set), ordinal, template));
  return [...window.stateAtEnd('persistentvolumeclaims').values()].some(
    ({ metadata }) => names.includes(metadata.name) && metadata.deletionTimestamp !== undefined,
  );
}

function named({ metadata, spec }: StatefulSet): OrdinalSet {
  const claimTemplates = (spec?.volumeClaimTemplates ?? []).map((template) => template.metadata?.name ?? '');
  return { name: metadata.name, service: spec?.serviceName ?? '', claimTemplates };
}

function breachByPod(window: Window, pod: Pod, because: string): Breach | undefined {
  const life = objectsOf(window, 'pods').find(({ uid }) => uid === pod.metadata.uid);
  return life && breach(because, life.last);
}
