import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import {
  described,
  eachOrdinal,
  judgeAnswers,
  resolvesTo,
  servicesOf,
  sorted,
  viewOf,
  whileSettled,
  type Answer,
  type NamedPort,
  type View,
} from './dnsView.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee } from './guarantee.ts';
import type { Asked } from './settled.ts';

export { dnsNamesOf, type DnsNames } from './dnsView.ts';

/**
 * "web-N.nginx resolves in-cluster to that Pod's IP."
 *
 * Verified: each A answer that a client in another Pod got at that moment for the full name of each of these Pods is NOERROR with one address, the one that the API
 * reports for the Pod; the Pods stood still meanwhile.
 * Not verified: how soon after a Pod became Ready; the short name (see `shortNamesResolve`).
 */
export function eachPodNameResolvesToItsPod(
  set: OrdinalSet,
  ordinals: readonly number[],
  zone: string,
  asked: Asked,
): Guarantee {
  return whileSettled('eachPodNameResolvesToItsPod', set, zone, asked, (view) =>
    eachOrdinal(ordinals, (ordinal) => {
      const pod = view.pods.find((pod) => pod.ordinal === ordinal && pod.ready);
      if (pod === undefined) return undecided(`${podNameOf(set, ordinal)} was not Ready (${asked.moment})`);
      return judgeAnswers(view.answers('A', view.names.pod(ordinal)), 'A answers for Pods', (answer) =>
        resolvesTo(answer, [pod]),
      );
    }),
  );
}

/**
 * "Query the … headless Service": its name resolves to the addresses of the set's Pods, not to one of its own.
 *
 * Verified: each A answer for the Service's name at that moment, three at least, is NOERROR and holds the address of each Ready Pod of the set once, and no other.
 * Not verified: the order of the addresses.
 */
export function theServiceNameResolvesToEachPod(set: OrdinalSet, zone: string, asked: Asked): Guarantee {
  return whileSettled('theServiceNameResolvesToEachPod', set, zone, asked, (view) => {
    const answers = view.answers('A', view.names.service);
    const ready = view.pods.filter((pod) => pod.ready);
    const findings = judgeAnswers(answers, 'A answers for the Service', (answer) => resolvesTo(answer, ready));
    const doubt = `DNS was asked ${answers.length} times only: the order is shuffled, so it takes three`;
    return unlessInDoubt(answers.length >= 3 ? undefined : doubt, findings);
  });
}

/**
 * "SRV records (one for each Pod that is Running and Ready)", which "point to A record entries that contain the Pods' IP addresses".
 *
 * Verified: each SRV answer for the named port at that moment has one record per Ready Pod, with the Pod's own full name as target and this port; the A answer for each
 * target is the Pod's address.
 * Not verified: priorities and weights; SRV on the Service's bare name, which the DNS specification does not know.
 */
export function srvNamesEachReadyPod(set: OrdinalSet, port: NamedPort, zone: string, asked: Asked): Guarantee {
  return whileSettled('srvNamesEachReadyPod', set, zone, asked, (view) => {
    const ready = view.pods.filter((pod) => pod.ready);
    const expected = ready.map((pod) => `${view.names.pod(pod.ordinal)}:${port.port}`);
    return together(
      judgeAnswers(view.answers('SRV', view.names.port(port.name)), 'SRV answers', (answer) =>
        servicesOf(answer) === sorted(expected)
          ? undefined
          : breach(`SRV ${answer.question.name} gave ${described(answer)}`, answer, ...ready.map((pod) => pod.change)),
      ),
      ...ready.map((pod) =>
        judgeAnswers(view.answers('A', view.names.pod(pod.ordinal)), 'A answers for SRV targets', (answer) =>
          resolvesTo(answer, [pod]),
        ),
      ),
    );
  });
}

/**
 * "The Pods' … SRV records, and A record names have not changed, but the IP addresses associated with the Pods may have changed."
 *
 * Verified: before and after, the SRV answers name the same targets, and the name of each Pod resolves to the address that the Pod has at that moment and to no other; every Pod
 * is another one than before, and one at least has another address, so that an old record would be seen.
 * Not verified: that addresses change: when none did, the question stays open.
 */
export function dnsNamesStayTheSame(
  set: OrdinalSet,
  ordinals: readonly number[],
  port: NamedPort,
  zone: string,
  moments: { readonly before: Asked; readonly after: Asked },
): Guarantee {
  const span = { from: moments.before.from, to: moments.after.to };
  return guarantee('dnsNamesStayTheSame', ['pods'], span, (window) => {
    const before = viewOf(window, set, zone, moments.before);
    const after = viewOf(window, set, zone, moments.after);
    if (typeof before === 'string') return undecided(before);
    if (typeof after === 'string') return undecided(after);
    const doubt = doubtAboutReplacement(ordinals, before, after);
    const targets = before.answers('SRV', before.names.port(port.name));
    const findings = together(
      eachOrdinal(ordinals, (ordinal) => nameLeadsToPod(before, ordinal)),
      eachOrdinal(ordinals, (ordinal) => nameLeadsToPod(after, ordinal)),
      judgeAnswers(targets, 'SRV answers before', (answer) => differsFromEach(answer, targets)),
      judgeAnswers(after.answers('SRV', after.names.port(port.name)), 'SRV answers afterwards', (answer) =>
        differsFromEach(answer, targets),
      ),
    );
    return unlessInDoubt(doubt, findings);
  });
}

function nameLeadsToPod(view: View, ordinal: number): Findings {
  const pod = view.pods.find((each) => each.ordinal === ordinal && each.ready);
  if (pod === undefined) return undecided(`no Pod of ordinal ${ordinal} was Ready (${view.asked.moment})`);
  return judgeAnswers(view.answers('A', view.names.pod(ordinal)), 'A answers for Pods', (answer) =>
    resolvesTo(answer, [pod]),
  );
}

function doubtAboutReplacement(ordinals: readonly number[], before: View, after: View): string | undefined {
  const pairs = ordinals.map((ordinal) =>
    [before, after].map((view) => view.pods.find((pod) => pod.ordinal === ordinal)),
  );
  if (pairs.some(([was, is]) => was === undefined || is === undefined || was.uid === is.uid))
    return 'not every Pod was replaced';
  return pairs.some(([was, is]) => was?.ip !== is?.ip)
    ? undefined
    : 'no Pod got another address, so that an old record could not be told from a new one';
}

function differsFromEach(answer: Answer, others: readonly Answer[]): Breach | undefined {
  const other = others.find((each) => servicesOf(each) !== servicesOf(answer));
  if (servicesOf(answer) === '') return breach(`SRV ${answer.question.name} gave ${described(answer)}`, answer);
  return other === undefined
    ? undefined
    : breach(`SRV gave ${described(other)}, then ${described(answer)}`, other, answer);
}
