import type { Observation } from '../history/entries.ts';
import { isRunning } from '../history/pods.ts';
import { ordinalOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Window } from './guarantee.ts';
import { settledPods, type Asked, type SettledPod } from './settled.ts';

type CommandOutput = Extract<Observation, { of: 'command' }>;

/** A Pod is made unready and Ready again in place, and at each of three moments a client connects to a Service many times. */
export interface TrafficFlip {
  readonly ordinal: number;
  readonly service: string;
  readonly before: Asked;
  readonly unready: Asked;
  readonly again: Asked;
}

/**
 * "If you specify a readiness probe, Kubernetes will ensure that your application's processes will not receive network traffic until their readiness checks pass."
 *
 * Verified: one Pod, the same by its uid and Running throughout, is Ready, then not, then Ready again. At each moment the last command of the client in the Pod `probe` printed, for each of at least `connections`
 * connections to the Service, which server answered (a line `serverId=<ordinal + 1>`): each Ready Pod was reached, and no other; and the EndpointSlices of the Service call exactly the Ready Pods ready.
 * Where Pods of the set are clients as well, none of their connections was answered by one that is not Ready, themselves included.
 * Not verified: how soon traffic follows: only the last command of each moment counts. A Pod that is still in the Service is missed by chance once in (n/(n-1))^connections.
 */
export function trafficFollowsReadiness(set: OrdinalSet, flip: TrafficFlip, connections: number): Guarantee {
  const span = { from: flip.before.from, to: flip.again.to };
  return guarantee('trafficFollowsReadiness', ['pods', 'endpointslices'], span, (window) => {
    const moments = [flip.before, flip.unready, flip.again];
    const [before, unready, again] = moments.map((asked) => settledPods(window, set, asked));
    if (typeof before !== 'object') return undecided(before ?? 'nobody asked');
    if (typeof unready !== 'object') return undecided(unready ?? 'nobody asked');
    if (typeof again !== 'object') return undecided(again ?? 'nobody asked');
    const doubt = doubtAboutFlip(set, flip.ordinal, before, unready, again);
    if (doubt !== undefined) return undecided(doubt);
    return together(
      reachesTheReady(window, set, flip.before, before, connections),
      reachesTheReady(window, set, flip.unready, unready, connections),
      reachesTheReady(window, set, flip.again, again, connections),
      slicesCallReady(window, flip.service, flip.before, before),
      slicesCallReady(window, flip.service, flip.unready, unready),
      slicesCallReady(window, flip.service, flip.again, again),
    );
  });
}

/**
 * The same where no Pod is Ready: the Service then leads to nobody, rather than to those that are not.
 *
 * Verified: at this moment the set had Pods and none of them was Ready; the last command of the client in the Pod `probe` printed that it had tried at least `connections` connections to the Service (a line
 * `tried=<number>`), and of no server that answered; and the EndpointSlices of the Service call none of the Pods ready.
 * Not verified: whether connections were refused or left unanswered.
 */
export function nobodyIsReached(
  set: OrdinalSet,
  asked: Asked & { readonly service: string },
  connections: number,
): Guarantee {
  return guarantee('nobodyIsReached', ['pods', 'endpointslices'], { from: asked.from, to: asked.to }, (window) => {
    const pods = settledPods(window, set, asked);
    if (typeof pods !== 'object') return undecided(pods);
    const { reached, tried, last } = connectionsAt(window, asked);
    const answered = answeredTo(window, set, asked);
    const ready = pods.find((pod) => pod.ready);
    if (ready !== undefined) return undecided(`${ready.name} was Ready (${asked.moment})`);
    if (last === undefined || tried < connections)
      return undecided(`${tried} connections were tried, and ${connections} are needed (${asked.moment})`);
    return together(
      each([last], 'clients', () => {
        const [first] = [...reached.map((ordinal) => ({ ordinal, output: last })), ...answered];
        return first && unlessReady(first.ordinal, pods, first.output, asked);
      }),
      slicesCallReady(window, asked.service, asked, pods),
    );
  });
}

/** What the last client of this moment printed: the ordinals of the servers that answered, and how often it had tried. */
function connectionsAt(window: Window, { moment }: Asked) {
  const last = window.observations('command', moment).findLast(({ pod }) => pod === 'probe');
  const reached = last === undefined ? [] : serversIn(last);
  return { last, reached, tried: Number(/^tried=(\d+)$/m.exec(last?.stdout ?? '')?.[1] ?? 0) };
}

/** The servers that answered to Pods of the set: a node may treat its own Pods otherwise than a client elsewhere. */
function answeredTo(window: Window, set: OrdinalSet, { moment }: Asked) {
  return window
    .observations('command', moment)
    .filter(({ pod }) => ordinalOf(set, pod) !== undefined)
    .flatMap((output) => serversIn(output).map((ordinal) => ({ ordinal, output })));
}

function serversIn({ stdout }: CommandOutput): readonly number[] {
  return [...stdout.matchAll(/^serverId=(\d+)\s*$/gm)].map(([, id]) => Number(id) - 1);
}

function doubtAboutFlip(
  set: OrdinalSet,
  ordinal: number,
  ...moments: readonly [readonly SettledPod[], readonly SettledPod[], readonly SettledPod[]]
): string | undefined {
  const name = podNameOf(set, ordinal);
  const [was, is, back] = moments.map((pods) => pods.find((pod) => pod.ordinal === ordinal));
  if (was === undefined || is === undefined || back === undefined) return `${name} was not there at each moment`;
  if (was.uid !== is.uid || is.uid !== back.uid) return `${name} was replaced, not made unready in place`;
  if (!was.ready || is.ready || !back.ready) return `${name} was not Ready, unready and Ready again`;
  if (moments[1].every(({ ready }) => !ready)) return 'no other Pod was Ready meanwhile';
  return isRunning(is.change.object) ? undefined : `${name} was not Running while it was unready`;
}

function reachesTheReady(
  window: Window,
  set: OrdinalSet,
  asked: Asked,
  pods: readonly SettledPod[],
  connections: number,
): Findings {
  const { last, reached } = connectionsAt(window, asked);
  if (last === undefined || reached.length < connections)
    return undecided(`${reached.length} connections were answered, and ${connections} are needed (${asked.moment})`);
  return together(
    each(
      [...reached.map((ordinal) => ({ ordinal, output: last })), ...answeredTo(window, set, asked)],
      'answered connections',
      ({ ordinal, output }) => unlessReady(ordinal, pods, output, asked),
    ),
    each(
      pods.filter(({ ready }) => ready),
      'Ready Pods',
      (pod) =>
        reached.includes(pod.ordinal)
          ? undefined
          : breach(`${pod.name} is Ready, and nobody reached it (${asked.moment})`, pod.change, last),
    ),
  );
}

function unlessReady(
  ordinal: number,
  pods: readonly SettledPod[],
  last: CommandOutput,
  { moment }: Asked,
): Breach | undefined {
  const pod = pods.find((each) => each.ordinal === ordinal);
  if (pod === undefined) return breach(`server ${ordinal + 1} answered, which is no Pod's (${moment})`, last);
  return pod.ready ? undefined : breach(`${pod.name} is not Ready, and was reached (${moment})`, pod.change, last);
}

function slicesCallReady(
  window: Window,
  service: string,
  { moment, to }: Asked,
  pods: readonly SettledPod[],
): Findings {
  const until = window.history.fence(to)?.index ?? window.to;
  const slices = [...window.history.stateAfter('endpointslices', until).values()].filter(
    ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service,
  );
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  return each(pods, 'endpoints', (pod) => {
    const isCalledReady = endpoints.some(
      ({ targetRef, conditions }) => targetRef?.uid === pod.uid && conditions?.ready === true,
    );
    const words = isCalledReady ? 'ready' : 'not ready';
    if (isCalledReady === pod.ready) return undefined;
    return breach(`the EndpointSlices of ${service} call ${pod.name} ${words} (${moment})`, pod.change);
  });
}
