import type { Change } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { isReady, isRunningAndReady } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Window } from './guarantee.ts';
import { secondsBeforeItsProbe } from './healthProbes.ts';
import { changeAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { eventsOf } from './objects.ts';
import type { From } from './standing.ts';

type Pod = Recorded<'pods'>;
type PodChange = Change<'pods'>;

/**
 * "It restarted the parent process": a container that failed is started again, in the Pod it was in.
 *
 * Verified: the Pod of this ordinal was Running and Ready when the span began. At its end it is the same Pod (uid), never asked to go, Running and Ready; its container is another
 * (containerID) with one restart more, and its last state tells that the one before ended with an exit code other than 0; in between the Pod was seen not Ready,
 * and it has been Ready again only since its readiness probe may have begun: `initialDelaySeconds` after the start, both times cut to whole seconds.
 * Not verified: what made it fail (see `livenessProbeRestarts`), and how long it took. A Pod to which nothing was seen to happen leaves the question open.
 */
export function containerIsRestarted(set: OrdinalSet, ordinal: number, span: From): Guarantee {
  return guarantee('containerIsRestarted', ['pods'], span, (window) =>
    ofReadyPod(window, set, ordinal, (restart) =>
      isUntouched(restart)
        ? undecided(`nothing was seen to happen to ${restart.life.name}`)
        : each([restart], 'restarts of a container', unlessRestarted),
    ),
  );
}

/**
 * "When the liveness probe fails, Kubernetes will automatically restart the process for you."
 *
 * Verified: what `containerIsRestarted` verifies; and in the span the kubelet told in events of this Pod that the liveness probe failed, and that it therefore killed the container.
 * Where it tells of a kill for something else, and of none for that, the probe was not the cause by its own word.
 * Not verified: how many failures it took. Events may be lost: without them a restart leaves the question open.
 */
export function livenessProbeRestarts(set: OrdinalSet, ordinal: number, span: From): Guarantee {
  return guarantee('livenessProbeRestarts', ['pods'], span, (window) =>
    ofReadyPod(window, set, ordinal, (restart) => {
      const { life } = restart;
      if (isUntouched(restart)) return undecided(`nothing was seen to happen to ${life.name}`);
      const told = eventsOf(window, life.uid);
      const failed = told.some(
        ({ object: { reason, message = '' } }) => reason === 'Unhealthy' && message.startsWith('Liveness probe'),
      );
      const kills = told.filter(({ object }) => object.reason === 'Killing');
      const isForLiveness = kills.some(({ object }) => object.message?.includes('failed liveness') === true);
      const [other] = isForLiveness ? [] : kills;
      return unlessInDoubt(
        failed && isForLiveness
          ? undefined
          : `no events tell that the liveness probe of ${life.name} made the kubelet restart it`,
        each([restart], 'restarts by the liveness probe', () => {
          const because = `the container of ${life.name} was killed for something else: ${other?.object.message ?? ''}`;
          return unlessRestarted(restart) ?? (other && breach(because, other));
        }),
      );
    }),
  );
}

/**
 * "The script must terminate with the child process."
 *
 * Verified: at this moment a command in the Pod printed the time, by the clock of the node, and then ended the child process (exit code 0); by the kubelet's word the container that had been running
 * ended at most so many seconds later, and not before. Both times are cut to whole seconds.
 * Not verified: that it was the child's end that ended it.
 */
export function containerEndsWithItsProcess(
  set: OrdinalSet,
  ordinal: number,
  ended: From & { readonly moment: string },
  withinSeconds: number,
): Guarantee {
  return guarantee('containerEndsWithItsProcess', ['pods'], ended, (window) =>
    ofReadyPod(window, set, ordinal, ({ life, before, after, fall }) => {
      const [command] = window.observations('command', ended.moment);
      const killedAtMs = Date.parse(command?.stdout.split('\n')[0] ?? '');
      if (command === undefined || command.pod !== life.name || command.exitCode !== 0 || Number.isNaN(killedAtMs))
        return undecided(`it is not known when the process in ${life.name} was ended (${ended.moment})`);
      if (fall === undefined) return undecided(`nothing was seen to happen to ${life.name}`);
      return each([command], 'processes that were ended', () => {
        const { state, lastState } = containerOf(after.object) ?? {};
        const own = containerOf(before.object)?.containerID;
        // Until it is started again its end is its state.
        const end = [state?.terminated, lastState?.terminated].find(
          (each) => each?.containerID !== undefined && each.containerID === own,
        );
        if (end === undefined)
          return breach(`the container of ${life.name} did not end with its process`, command, after);
        const seconds = (Date.parse(end.finishedAt ?? '') - killedAtMs) / 1000;
        if (seconds >= 0 && seconds <= withinSeconds) return undefined;
        return breach(`the container of ${life.name} ended ${seconds} s after its process`, command, after);
      });
    }),
  );
}

/**
 * "The restart starts from the image's file system": what made the probe fail is mended by it, for good.
 *
 * Verified: the Pod was Ready, after a restart, when the span began; it is the same Pod at the end, with no further restart. By the server's times something was recorded in the span that happened
 * at least so many seconds after its container started: long enough for the probe to have failed as often as it takes.
 * Not verified: that the probe ran; the kubelet tells only of failures.
 */
export function isNotRestartedAgain(set: OrdinalSet, ordinal: number, seconds: number, span: From): Guarantee {
  return guarantee('isNotRestartedAgain', ['pods'], span, (window) =>
    ofReadyPod(window, set, ordinal, ({ life, before }) => {
      const container = containerOf(before.object);
      const startedAtMs = Date.parse(container?.state?.running?.startedAt ?? '');
      if (Number.isNaN(startedAtMs) || (container?.restartCount ?? 0) === 0)
        return undecided(`the container of ${life.name} had not been restarted when the span began`);
      const latestMs = Math.max(...window.changes('pods').flatMap(({ object }) => timesIn(object)));
      const passed = Math.floor((latestMs - startedAtMs) / 1000);
      const later = life.changes.filter(({ index }) => index > window.from);
      const touched = later.find(
        ({ type, object }) => type === 'deleted' || restartsIn(object) !== restartsIn(before.object),
      );
      return unlessInDoubt(
        passed >= seconds
          ? undefined
          : `no more than ${Math.max(0, passed)} s were seen to pass, and ${seconds} s are needed`,
        each([life], 'containers after a restart', () =>
          touched === undefined
            ? undefined
            : breach(`the container of ${life.name} was restarted again`, before, touched),
        ),
      );
    }),
  );
}

/**
 * "Readiness is not the same as liveness": a process can be alive and not ready.
 *
 * Verified: throughout the span the Pod, the same by its uid, is Running and not Ready, its container running and never restarted; and at this moment within it a command in the Pod got the answer
 * from the process that a live one gives.
 * Not verified: why it is not ready.
 */
export function isAliveAndNotReady(
  set: OrdinalSet,
  ordinal: number,
  alive: { readonly moment: string; readonly answer: string },
  span: From,
): Guarantee {
  return guarantee('isAliveAndNotReady', ['pods'], span, (window) => {
    const life = livesAt(livesOf(window, set), window.from).find((each) => each.ordinal === ordinal);
    const before = life && changeAt(life, window.from);
    if (life === undefined || before === undefined) return undecided(`${podNameOf(set, ordinal)} was not there`);
    const later = life.changes.filter(({ index }) => index > window.from);
    const answers = window.observations('command', alive.moment).filter(({ pod }) => pod === life.name);
    return together(
      each([before, ...later], `versions of ${life.name}`, (change) => {
        const container = containerOf(change.object);
        const isAlive = change.type !== 'deleted' && container?.state?.running !== undefined;
        if (!isAlive || restartsIn(change.object) !== restartsIn(before.object))
          return breach(`${life.name} did not stay alive`, before, change);
        return isReady(change.object) ? breach(`${life.name} is Ready`, change) : undefined;
      }),
      each(answers, 'answers of the process', (answer) =>
        answer.stdout.trim() === alive.answer
          ? undefined
          : breach(`the process in ${life.name} answered “${answer.stdout.trim()}”`, answer),
      ),
    );
  });
}

/** One Pod that was Ready when the span began, and how it stands at the end. */
interface Restart {
  readonly life: PodLife;
  readonly before: PodChange;
  readonly after: PodChange;
  /** The first change of the span in which it is not Running and Ready. */
  readonly fall: PodChange | undefined;
}

function ofReadyPod(
  window: Window,
  set: OrdinalSet,
  ordinal: number,
  examine: (restart: Restart) => Findings,
): Findings {
  const life = livesAt(livesOf(window, set), window.from).find((each) => each.ordinal === ordinal);
  const before = life && changeAt(life, window.from);
  if (life === undefined || before === undefined || !isRunningAndReady(before.object))
    return undecided(`${podNameOf(set, ordinal)} was not Running and Ready when the span began`);
  const fall = life.changes.find(({ index, object }) => index > window.from && !isRunningAndReady(object));
  return examine({ life, before, after: life.last, fall });
}

function isUntouched({ life, fall }: Restart): boolean {
  return fall === undefined && life.deletion === undefined;
}

function unlessRestarted({ life, before, after }: Restart): Breach | undefined {
  const [was, is] = [containerOf(before.object), containerOf(after.object)];
  if (life.deletion !== undefined)
    return breach(`${life.name} was deleted in place of a restart in it`, before, life.deletion);
  const count = restartsIn(after.object) - restartsIn(before.object);
  if (count !== 1) return breach(`the container of ${life.name} was restarted ${count} times, not once`, before, after);
  if (is?.containerID === was?.containerID) return breach(`${life.name} still has the container it had`, before, after);
  const end = is?.lastState?.terminated;
  if (end?.containerID !== was?.containerID || end?.exitCode === 0)
    return breach(
      `the container of ${life.name} is not said to have failed: exit code ${end?.exitCode}`,
      before,
      after,
    );
  if (!isRunningAndReady(after.object)) return breach(`${life.name} did not become Ready again`, before, after);
  const early = secondsBeforeItsProbe(after.object);
  return early === undefined || early <= 1
    ? undefined
    : breach(`${life.name} was Ready ${early} s before its readiness probe begins`, before, after);
}

function containerOf({ status }: Pod) {
  return status?.containerStatuses?.[0];
}

function restartsIn(pod: Pod): number {
  return containerOf(pod)?.restartCount ?? 0;
}

/** When things happened to a Pod, by the servers' words. */
function timesIn({ status }: Pod): readonly number[] {
  const started = (status?.containerStatuses ?? []).map(({ state }) => state?.running?.startedAt);
  const turned = (status?.conditions ?? []).map(({ lastTransitionTime }) => lastTransitionTime);
  return [...started, ...turned].map((time) => Date.parse(time ?? '')).filter((time) => !Number.isNaN(time));
}
