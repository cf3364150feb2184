import type { Change } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { conditionOf, isReady } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span, type Window } from './guarantee.ts';
import { isReadyAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { doubtAboutAttention, isObserved } from './quiet.ts';
import { availableAt } from './readiness.ts';
import { breachBySet, setAt } from './revisions.ts';

/**
 * "… the minimum number of seconds for which a newly created Pod should be running and ready … for it to be considered available."
 *
 * Verified: whenever the set's status, as the controller wrote it for the newest spec, counts available Pods, at least as many of its Pods had been Ready for
 * `minReadySeconds` at that time. Times are the server's: the Ready conditions' transitions, and when the status was written by the book of managed fields. Both are
 * cut to whole seconds, so that comparing them accuses nobody wrongly.
 * Not verified: that a Pod counts in the end (see `readyPodsComeToCountAsAvailable`). Nodes and control plane are taken to agree on the time, as the controller does.
 */
export function noPodCountsAsAvailableTooEarly(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('noPodCountsAsAvailableTooEarly', ['pods', 'statefulsets'], span, (window) => {
    const lives = livesOf(window, set);
    const counting = changesOf(window, set).filter(({ object }) => isObserved(object) && availableIn(object) > 0);
    const untimed = counting.find(({ object }) => statusWrittenAtMs(object) === undefined);
    if (untimed !== undefined)
      return undecided(`the recording does not tell when the status of ${set.name} was written`);
    return each(counting, 'statuses that count available Pods', (change) => {
      const { minReadySeconds = 0 } = change.object.spec ?? {};
      const due = availableAt(lives, minReadySeconds, statusWrittenAtMs(change.object) ?? 0);
      if (availableIn(change.object) <= due.length) return undefined;
      return breach(
        `${set.name} counted ${availableIn(change.object)} available Pods when ${due.length} had been Ready for ${minReadySeconds} s`,
        ...([change, ...livesAt(lives, change.index).flatMap((life) => life.ready ?? [])] as const),
      );
    });
  });
}

/**
 * Availability is reckoned from the time at which a Pod became Ready, so that time has to be right.
 *
 * Verified: in every state of the span in which a Pod of the set is Ready, its condition Ready turned no earlier than its condition ContainersReady, without which it cannot be: both times are the kubelet's.
 * Not verified: that it turned no earlier than the readiness gates, whose time whoever sets them may choose.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions
 */
export function noPodWasReadyBeforeItsContainers(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('noPodWasReadyBeforeItsContainers', ['pods'], span, (window) => {
    const states = livesOf(window, set)
      .flatMap(({ changes }) => changes)
      .filter(({ type, object }) => type !== 'deleted' && isReady(object) && turnedAtMs(object, 'ContainersReady') > 0);
    return each(states, 'states of Ready Pods', (change) => {
      const [ready, containers] = [turnedAtMs(change.object, 'Ready'), turnedAtMs(change.object, 'ContainersReady')];
      return ready >= containers
        ? undefined
        : breach(
            `${change.object.metadata.name} is said to be Ready since ${(containers - ready) / 1000} s before its containers were`,
            change,
          );
    });
  });
}

/**
 * The same of the time itself: a condition that turns is dated anew.
 *
 * Verified: wherever a Pod of the set became Ready, or ceased to be, on account of a readiness gate that was written two seconds or more after the API server had the condition as it was before, the time
 * of the condition is another one afterwards. The two seconds are the API server's, so that it matters little whose clock the kubelet goes by.
 * Not verified: that the new time is right; Pods that turn for another reason.
 */
export function readinessIsDatedAnew(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('readinessIsDatedAnew', ['pods'], span, (window) =>
    each(livesOf(window, set).flatMap(turnsByGate), 'turns of Pods with readiness gates', ({ name, before, after }) => {
      const [was, is] = [before, after].map(({ object }) => turnOf(object, 'Ready'));
      return was?.lastTransitionTime !== is?.lastTransitionTime
        ? undefined
        : breach(`${name} is Ready ${is?.status} since ${is?.lastTransitionTime}, as before it turned`, before, after);
    }),
  );
}

/** Where the condition Ready turned while the containers stayed Ready, long enough after it had been so before. */
function turnsByGate({ name, changes }: PodLife) {
  return changes.flatMap((after, index) => {
    const before = changes[index - 1];
    if (before === undefined || after.type === 'deleted') return [];
    const alike = (one: Change<'pods'>, other: Change<'pods'>, type: string): boolean =>
      conditionOf(one.object, type) === conditionOf(other.object, type);
    if (alike(before, after, 'Ready') || !alike(before, after, 'ContainersReady')) return [];
    const start = changes.slice(0, index).findLastIndex((change) => !alike(change, before, 'Ready')) + 1;
    const gate = changes
      .slice(start + 1, index + 1)
      .find((change, position) => gatesOf(change) !== gatesOf(changes[start + position] ?? change));
    const [fromMs, byMs] = [changes[start], gate].map((change) => change && statusWrittenAtMs(change.object));
    const isTimed = fromMs !== undefined && byMs !== undefined && byMs - fromMs >= 2000;
    return isTimed && conditionOf(before.object, 'Ready') !== undefined ? [{ name, before, after }] : [];
  });
}

function gatesOf({ object }: Change<'pods'>): string {
  return (object.spec?.readinessGates ?? []).map(({ conditionType }) => conditionOf(object, conditionType)).join();
}

function turnOf({ status }: Recorded<'pods'>, type: string) {
  return status?.conditions?.find((each) => each.type === type);
}

/** When this condition of the Pod turned, by the kubelet's word; 0 where it does not say. */
function turnedAtMs(pod: Recorded<'pods'>, type: string): number {
  const condition = turnOf(pod, type);
  const atMs = Date.parse(condition?.lastTransitionTime ?? '');
  return condition?.status === 'True' && Number.isFinite(atMs) ? atMs : 0;
}

/**
 * A Pod that is Ready and not yet available counts as the one and not as the other.
 *
 * Verified: throughout a quiet window this many Pods of the set are Ready, and its status counts them all as Ready and none as available.
 * Not verified: what happens when the time has come (see `readyPodsComeToCountAsAvailable`).
 */
export function readyPodsDoNotCountAsAvailable(set: OrdinalSet, ready: number, span: Span): Guarantee {
  return guarantee('readyPodsDoNotCountAsAvailable', ['pods', 'statefulsets'], span, (window) => {
    const doubt = doubtAboutAttention(window, set, span) ?? doubtAboutReadiness(window, set, ready);
    if (doubt !== undefined) return undecided(doubt);
    return each(reportsIn(window, set), 'reports of the set', (change) => {
      const { readyReplicas = 0 } = change.object.status ?? {};
      const isTrue = readyReplicas === ready && availableIn(change.object) === 0;
      return isTrue ? undefined : breach(countsIn(change.object), change);
    });
  });
}

/**
 * "… should be ready … for it to be considered available", and then it is.
 *
 * Verified: at the end of a quiet window, which the story opened when the time was over or it had waited for longer, as many Pods are Ready, and the set, which has
 * seen its newest spec, counts exactly these as Ready and as available.
 * Not verified: how soon after `minReadySeconds` they counted.
 */
export function readyPodsComeToCountAsAvailable(set: OrdinalSet, ready: number, span: Span): Guarantee {
  return guarantee('readyPodsComeToCountAsAvailable', ['pods', 'statefulsets'], span, (window) => {
    const doubt = doubtAboutAttention(window, set, span) ?? doubtAboutReadiness(window, set, ready);
    const stored = setAt(window, set, 'end');
    if (stored === undefined || doubt !== undefined) return undecided(doubt ?? `${set.name} was not there`);
    return each([stored], 'final status', ({ status }) =>
      status?.readyReplicas === ready && status.availableReplicas === ready
        ? undefined
        : breachBySet(window, set, countsIn(stored)),
    );
  });
}

/** When the status was last written, by the book of managed fields: only a change of a field moves that time. */
function statusWrittenAtMs({ metadata }: Recorded<'statefulsets'> | Recorded<'pods'>): number | undefined {
  const times = (metadata.managedFields ?? [])
    .filter(({ subresource }) => subresource === 'status')
    .map(({ time }) => (time === undefined ? Number.NaN : Date.parse(time)));
  const last = Math.max(...times);
  return Number.isFinite(last) ? last : undefined;
}

function availableIn({ status }: Recorded<'statefulsets'>): number {
  return status?.availableReplicas ?? 0;
}

function countsIn({ metadata, status }: Recorded<'statefulsets'>): string {
  return `${metadata.name} counts ${status?.readyReplicas ?? 0} Ready and ${status?.availableReplicas ?? 0} available Pods`;
}

function doubtAboutReadiness(window: Window, set: OrdinalSet, ready: number): string | undefined {
  const lives = livesAt(livesOf(window, set), window.to);
  const unready = Array.from({ length: ready }, (_, ordinal) => ordinal).find(
    (ordinal) =>
      !lives.some((life) => life.ordinal === ordinal && isReadyAt(life, window.from) && isReadyAt(life, window.to)),
  );
  return unready === undefined
    ? undefined
    : `${podNameOf(set, unready)} was not Ready from the beginning of the window to its end`;
}

/** The set as it stood when the window opened, and every change of it within. */
function reportsIn(window: Window, set: OrdinalSet): readonly Change<'statefulsets'>[] {
  const before = window.history
    .changes('statefulsets', -1, window.from)
    .findLast(({ object }) => object.metadata.name === set.name);
  return [...(before === undefined ? [] : [before]), ...changesOf(window, set)];
}

function changesOf(window: Window, set: OrdinalSet): readonly Change<'statefulsets'>[] {
  return window.changes('statefulsets').filter(({ object }) => object.metadata.name === set.name);
}
