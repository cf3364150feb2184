import type { Recorded } from '../history/objects.ts';
import { isReady, isRunning, isTerminating } from '../history/pods.ts';
import type { OrdinalSet } from '../history/sets.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Findings, type Guarantee, type Window } from './guarantee.ts';
import {
  described,
  eachOrdinal,
  judgeAnswers,
  resolvesTo,
  servicesOf,
  sorted,
  viewOf,
  viewOfAny,
  type Answer,
  type NamedPort,
  type View,
} from './dnsView.ts';
import type { Asked } from './settled.ts';
import { selects } from './requirements.ts';

/** A Pod of the set is made unready and Ready again in place, and DNS is asked before, meanwhile and afterwards. */
export interface ReadinessFlip {
  readonly ordinal: number;
  readonly before: Asked;
  readonly unready: Asked;
  readonly again: Asked;
}

/**
 * "The SRV records … will contain only the Pods in the StatefulSet that are Running and Ready."
 *
 * Verified: one Pod, the same by its uid and Running throughout, is Ready, then not, then Ready again; at each of the three moments the last A and SRV answer for the
 * Service hold exactly the Ready Pods, the name of each Ready Pod resolves to it, that of an unready one is NXDOMAIN, and the EndpointSlices call exactly the Ready Pods ready.
 * Not verified: how soon DNS follows: only the last answer of each moment counts.
 */
export function dnsFollowsReadiness(set: OrdinalSet, flip: ReadinessFlip, port: NamedPort, zone: string): Guarantee {
  const span = { from: flip.before.from, to: flip.again.to };
  return guarantee('dnsFollowsReadiness', ['pods', 'endpointslices'], span, (window) => {
    const moments = [flip.before, flip.unready, flip.again].map((asked) => viewOf(window, set, zone, asked));
    const [before, unready, again] = moments;
    if (typeof before !== 'object') return undecided(before ?? 'nobody asked');
    if (typeof unready !== 'object') return undecided(unready ?? 'nobody asked');
    if (typeof again !== 'object') return undecided(again ?? 'nobody asked');
    const doubt = doubtAboutFlip(flip.ordinal, before, unready, again);
    if (doubt !== undefined) return undecided(doubt);
    return together(
      dnsAndSlicesAgree(before, set, port),
      dnsAndSlicesAgree(unready, set, port),
      dnsAndSlicesAgree(again, set, port),
    );
  });
}

/**
 * "… only the Pods in the StatefulSet that are Running and Ready": one that is on its way out is neither to a client, whatever its last report says.
 *
 * Verified: the Pod of this ordinal was Terminating, and still reported Running and Ready, from before clients began to ask until after; the last A and SRV answer for the
 * Service hold the other Ready Pods, of which there is one at least, and no more, its own name is NXDOMAIN, and the EndpointSlices do not call it ready.
 * Not verified: how soon DNS follows; what happens to connections that are open.
 * Source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#ready ("never set to true for terminating Pods").
 */
export function dnsLeavesOutThePodThatGoes(
  set: OrdinalSet,
  ordinal: number,
  port: NamedPort,
  zone: string,
  asked: Asked,
): Guarantee {
  const span = { from: asked.from, to: asked.to };
  return guarantee('dnsLeavesOutThePodThatGoes', ['pods', 'endpointslices'], span, (window) =>
    leavesOut(viewOf(window, set, zone, asked, ordinal), set, ordinal, port, ({ name, ready, change }) => {
      const isGoing = isTerminating(change.object) && isRunning(change.object) && ready;
      return isGoing ? undefined : `${name} was not Terminating and Ready`;
    }),
  );
}

/**
 * "The Service … provides DNS names for the Pods" that its selector names: one whose labels have changed is none of them.
 *
 * Verified: from before clients began to ask until after, the Pod of this ordinal was Ready and lacked a label of the Service's selector; the last A and SRV answer for the
 * Service hold the other Ready Pods, of which there is one at least, and no more, its own name is NXDOMAIN, and no EndpointSlice calls it ready.
 * Not verified: how soon DNS follows.
 * Source: https://kubernetes.io/docs/concepts/services-networking/service/#services-in-kubernetes ("continuously scans for Pods that match its selector").
 */
export function dnsLeavesOutThePodThatIsNotSelected(
  set: OrdinalSet,
  ordinal: number,
  port: NamedPort,
  zone: string,
  asked: Asked,
): Guarantee {
  const span = { from: asked.from, to: asked.to };
  return guarantee('dnsLeavesOutThePodThatIsNotSelected', ['pods', 'services', 'endpointslices'], span, (window) =>
    leavesOut(viewOf(window, set, zone, asked), set, ordinal, port, ({ name, ready, change }) => {
      if (!ready) return `${name} was not Ready`;
      const selector = selectorOf(window, set);
      if (selector === undefined) return `the Service ${set.service} had no selector`;
      const isSelected = selects({ matchLabels: selector }, change.object.metadata.labels);
      return isSelected ? `the Service ${set.service} selected ${name}` : undefined;
    }),
  );
}

/** The Pod of this ordinal is in no record, as if it were not Ready, while another one is. `doubt` says why it is not the Pod that is to be left out. */
function leavesOut(
  view: View | string,
  set: OrdinalSet,
  ordinal: number,
  port: NamedPort,
  doubt: (pod: View['pods'][number]) => string | undefined,
): Findings {
  if (typeof view === 'string') return undecided(view);
  const { moment } = view.asked;
  const left = view.pods.find((pod) => pod.ordinal === ordinal);
  const because = left === undefined ? `no Pod of ordinal ${ordinal} was there` : doubt(left);
  if (because !== undefined) return undecided(`${because} (${moment})`);
  const pods = view.pods.map((pod) => (pod === left ? { ...pod, ready: false } : pod));
  if (!pods.some((pod) => pod.ready)) return undecided(`no other Pod was Ready (${moment})`);
  return dnsAndSlicesAgree({ ...view, pods }, set, port);
}

/**
 * "… only the Pods … that are Running and Ready": where none is, DNS knows none.
 *
 * Verified: from before clients began to ask until after, the set had Pods and none of them was Ready; the last A and SRV answer for the Service hold nothing (NXDOMAIN, or NOERROR without a record), the name of each
 * Pod is NXDOMAIN, and the EndpointSlices call none of them ready.
 * Not verified: how soon DNS follows; which of the two answers for a name without records a server gives.
 */
export function dnsKnowsNobody(set: OrdinalSet, port: NamedPort, zone: string, asked: Asked): Guarantee {
  const span = { from: asked.from, to: asked.to };
  return guarantee('dnsKnowsNobody', ['pods', 'endpointslices'], span, (window) => {
    const view = viewOfAny(window, set, zone, asked);
    if (typeof view === 'string') return undecided(view);
    const { pods, names } = view;
    const ready = pods.find((pod) => pod.ready);
    if (ready !== undefined || pods.length === 0)
      return undecided(`${ready?.name ?? 'no Pod'} was ${ready === undefined ? 'there' : 'Ready'} (${asked.moment})`);
    const holdsNothing = (answer: Answer) => {
      const isEmpty = answer.addresses.length === 0 && answer.services.length === 0;
      if (isEmpty && (answer.status === 'NXDOMAIN' || answer.status === 'NOERROR')) return undefined;
      const changes = pods.map((pod) => pod.change);
      return breach(`no Pod is Ready, and ${answer.question.name} gave ${described(answer)}`, answer, ...changes);
    };
    return together(
      judgeAnswers(lastOf(view.answers('A', names.service)), 'A answers for the Service', holdsNothing),
      judgeAnswers(lastOf(view.answers('SRV', names.port(port.name))), 'SRV answers', holdsNothing),
      eachOrdinal(
        pods.map((pod) => pod.ordinal),
        (ordinal) => nameFollowsReadiness(view, ordinal),
      ),
      endpointsFollowReadiness(view, set),
    );
  });
}

function selectorOf(window: Window, set: OrdinalSet): Readonly<Record<string, string>> | undefined {
  const services = [...window.history.stateAfter('services', window.to).values()];
  return services.find(({ metadata }) => metadata.name === set.service)?.spec?.selector;
}

function doubtAboutFlip(ordinal: number, before: View, unready: View, again: View): string | undefined {
  const [was, is, back] = [before, unready, again].map((view) => view.pods.find((pod) => pod.ordinal === ordinal));
  if (was === undefined || is === undefined || back === undefined) return `no Pod of ordinal ${ordinal} was there`;
  if (was.uid !== is.uid || is.uid !== back.uid) return `${is.name} was replaced, not made unready in place`;
  if (!was.ready || is.ready || !back.ready) return `${is.name} was not Ready, unready and Ready again`;
  return isRunning(is.change.object) ? undefined : `${is.name} was not Running while it was unready`;
}

function lastOf(answers: readonly Answer[]): readonly Answer[] {
  return answers.slice(-1);
}

function dnsAndSlicesAgree(view: View, set: OrdinalSet, port: NamedPort): Findings {
  const ready = view.pods.filter((pod) => pod.ready);
  const records = sorted(ready.map((pod) => `${view.names.pod(pod.ordinal)}:${port.port}`));
  return together(
    judgeAnswers(lastOf(view.answers('A', view.names.service)), 'A answers for the Service', (answer) =>
      resolvesTo(answer, ready),
    ),
    judgeAnswers(lastOf(view.answers('SRV', view.names.port(port.name))), 'SRV answers', (answer) =>
      servicesOf(answer) === records
        ? undefined
        : breach(`SRV gave ${described(answer)} (${view.asked.moment})`, answer, ...view.pods.map((pod) => pod.change)),
    ),
    eachOrdinal(
      view.pods.map((pod) => pod.ordinal),
      (ordinal) => nameFollowsReadiness(view, ordinal),
    ),
    endpointsFollowReadiness(view, set),
  );
}

function nameFollowsReadiness(view: View, ordinal: number): Findings {
  const pod = view.pods.find((each) => each.ordinal === ordinal);
  if (pod === undefined) return undecided(`no Pod of ordinal ${ordinal} was there`);
  return judgeAnswers(lastOf(view.answers('A', view.names.pod(ordinal))), 'A answers for Pods', (answer) => {
    if (pod.ready) return resolvesTo(answer, [pod]);
    if (answer.status === 'NXDOMAIN') return undefined;
    return breach(
      `${pod.name} is ${lookOf(pod.change.object)} and its name gave ${described(answer)}`,
      answer,
      pod.change,
    );
  });
}

/** Why a Pod is to be in no record. */
function lookOf(pod: Recorded<'pods'>): string {
  if (isTerminating(pod)) return 'Terminating';
  return isReady(pod) ? 'not selected' : 'not Ready';
}

/** The EndpointSlices at the moment's last fence: each Pod's endpoint is called ready as the Pod is. */
function endpointsFollowReadiness(view: View, set: OrdinalSet): Findings {
  const { window, asked, pods } = view;
  const to = window.history.fence(asked.to)?.index ?? window.to;
  const slices = [...window.history.stateAfter('endpointslices', to).values()].filter(
    (slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === set.service,
  );
  return each(pods, 'endpoints', (pod) => {
    const endpoint = slices.flatMap((slice) => slice.endpoints ?? []).find((each) => each.targetRef?.uid === pod.uid);
    const isListed = endpoint?.conditions?.ready === true;
    if (isListed === pod.ready) return undefined;
    const change = window.history
      .changes('endpointslices', -1, to)
      .findLast((each) => each.object.metadata.labels?.['kubernetes.io/service-name'] === set.service);
    const because = `the EndpointSlice calls ${pod.name} ${isListed ? 'ready' : 'not ready'} (${asked.moment})`;
    return change === undefined ? breach(because, pod.change) : breach(because, pod.change, change);
  });
}
