import type { Recorded } from '../history/objects.ts';
import { isReady, isRunning } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';
import { changeAt, livesAt, livesOf } from './lives.ts';
import { eventsOf } from './objects.ts';
import { breachBySet, setAt } from './revisions.ts';
import type { From } from './standing.ts';

/**
 * "Even though the liveness and readiness probes are identical, it is important to specify both."
 *
 * Verified: at the end of the span each container of the set's template has a readiness and a liveness probe, and they are equal in every field: command, times and thresholds, as stored.
 * Not verified: what they find.
 */
export function bothProbesAreTheSame(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('bothProbesAreTheSame', ['statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    if (stored === undefined) return undecided(`${set.name} was not there`);
    return each(
      stored.spec?.template.spec?.containers ?? [],
      'containers',
      ({ name, readinessProbe, livenessProbe }) => {
        if (readinessProbe === undefined) return breachBySet(window, set, `${name} has no readiness probe`);
        if (livenessProbe === undefined) return breachBySet(window, set, `${name} has no liveness probe`);
        const areSame = JSON.stringify(readinessProbe) === JSON.stringify(livenessProbe);
        return areSame ? undefined : breachBySet(window, set, `the two probes of ${name} differ`);
      },
    );
  });
}

/** The command of a Pod's own readiness probe, run in it at this moment as the kubelet runs it, and whether it is to pass there. */
export interface Check {
  readonly moment: string;
  readonly passes: boolean;
}

/**
 * "A failing readiness check": a Pod that was Ready does not stay so; and one that was not becomes Ready when its check passes again.
 *
 * Verified: the Pod was Ready (or, for a check that passes, Running and not Ready) when the span began and is there, the same by its uid and Running, at its end. In the span, at the moment, the command of its own readiness
 * probe failed (an exit code other than 0), or passed; at the end the Pod is not Ready, or is.
 * Not verified: how soon; the story waits for it only so long. What of the command the kubelet sees.
 */
export function readinessFollowsTheCheck(set: OrdinalSet, ordinal: number, check: Check, span: From): Guarantee {
  const { moment, passes } = check;
  return guarantee('readinessFollowsTheCheck', ['pods'], span, (window) => {
    const name = podNameOf(set, ordinal);
    const life = livesAt(livesOf(window, set), window.from).find((each) => each.ordinal === ordinal);
    const before = life && changeAt(life, window.from);
    const was = passes ? 'Running and not Ready' : 'Ready';
    if (life === undefined || before === undefined || !isRunning(before.object) || isReady(before.object) === passes)
      return undecided(`${name} was not ${was} when the span began`);
    const after = life.last.object;
    if (life.gone !== undefined || !isRunning(after)) return undecided(`${name} did not run on to the end of the span`);
    const own = after.spec?.containers[0]?.readinessProbe?.exec?.command;
    const checks = window
      .observations('command', moment)
      .filter(({ pod, argv }) => pod === name && JSON.stringify(argv) === JSON.stringify(own));
    if (checks.some(({ exitCode }) => (exitCode === 0) !== passes))
      return undecided(`the check of ${name} did not ${passes ? 'pass' : 'fail'} (${moment})`);
    return each(checks, `checks that ${passes ? 'pass' : 'fail'}`, (each) => {
      if (isReady(after) === passes) return undefined;
      return breach(
        `${name} is ${passes ? 'not Ready' : 'Ready'}, and its check ${passes ? 'passes' : 'fails'}`,
        each,
        life.last,
      );
    });
  });
}

/**
 * A Pod whose readiness check fails is not Ready, whatever way it fails in: no answer in time, an answer that is none, or that of one container among several.
 *
 * Verified: none of the set's Pods, of which there is one at least, is Ready at any time in the span; and the kubelet told in an event of each that a readiness probe failed. A Pod that is Ready without such an
 * event is one whose check was taken for passed: whoever asks for this has given it a check that cannot pass.
 * Not verified: that this is what the probe does.
 * Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes
 */
export function noPodIsReadyThatFailsItsCheck(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('noPodIsReadyThatFailsItsCheck', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    const unchecked = lives.find(
      ({ uid }) =>
        !eventsOf(window, uid).some(
          ({ object: { reason, message } }) =>
            reason === 'Unhealthy' && message?.startsWith('Readiness probe') === true,
        ),
    );
    return unlessInDoubt(
      unchecked && `no event tells that a readiness probe of ${unchecked.name} failed`,
      each(lives, 'Pods that fail their check', ({ name, changes }) => {
        const ready = changes.find(({ object }) => isReady(object));
        return ready && breach(`${name} is Ready, and its check cannot pass`, ready);
      }),
    );
  });
}

/**
 * A Pod is Ready when its readiness probe has succeeded, and so not before that begins.
 *
 * Verified: each time one of the set's Pods becomes Ready in the span, and its container has a readiness probe with `initialDelaySeconds`, this is not before that delay after the start of the container; by the
 * kubelet's times, which are cut to whole seconds.
 * Not verified: that the probe succeeded, or ran.
 */
export function noPodIsReadyBeforeItsProbe(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('noPodIsReadyBeforeItsProbe', ['pods'], span, (window) => {
    const turns = livesOf(window, set).flatMap(({ changes }) =>
      changes.filter(({ index, object }, position) => {
        const before = changes[position - 1]?.object;
        const isTurn = isReady(object) && !(before !== undefined && isReady(before));
        return isTurn && index > window.from && index <= window.to && delayOf(object) !== undefined;
      }),
    );
    const untimed = turns.find(({ object }) => secondsBeforeItsProbe(object) === undefined);
    const doubt = untimed && `it is not said when ${untimed.object.metadata.name} was started and became Ready`;
    const findings = each(turns, 'times at which a Pod with a readiness probe became Ready', (turn) => {
      const early = secondsBeforeItsProbe(turn.object) ?? 0;
      return early <= 1
        ? undefined
        : breach(`${turn.object.metadata.name} was Ready ${early} s before its readiness probe begins`, turn);
    });
    return unlessInDoubt(doubt, findings);
  });
}

/** By how much a Pod became Ready before the first probe of its container was due; undefined where that is not said. */
export function secondsBeforeItsProbe(pod: Recorded<'pods'>): number | undefined {
  const delaySeconds = delayOf(pod);
  const startedAtMs = Date.parse(pod.status?.containerStatuses?.[0]?.state?.running?.startedAt ?? '');
  const readyAtMs = Date.parse(pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '');
  if (delaySeconds === undefined || Number.isNaN(startedAtMs) || Number.isNaN(readyAtMs)) return undefined;
  return delaySeconds - (readyAtMs - startedAtMs) / 1000;
}

function delayOf({ spec }: Recorded<'pods'>): number | undefined {
  return spec?.containers?.[0]?.readinessProbe?.initialDelaySeconds;
}
