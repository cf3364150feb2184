import type { Observation } from '../history/entries.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Window } from './guarantee.ts';
import { settledPods, type Asked, type SettledPod } from './settled.ts';

export type Answer = Extract<Observation, { of: 'dns' }>;

/** The fully qualified names of a set: what a client asks DNS for. */
export interface DnsNames {
  readonly service: string;
  /** The SRV name of a named TCP port. */
  port(name: string): string;
  pod(ordinal: number): string;
}

export function dnsNamesOf(set: OrdinalSet, namespace: { readonly name: string; readonly zone: string }): DnsNames {
  const service = `${set.service}.${namespace.name}.svc.${namespace.zone}`;
  return {
    service,
    port: (name) => `_${name}._tcp.${service}`,
    pod: (ordinal) => `${podNameOf(set, ordinal)}.${service}`,
  };
}

/** A port of the headless Service, by which SRV is asked. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
}

/** What a moment's clients asked, and the Pods as they stood meanwhile. */
export interface View {
  readonly window: Window;
  readonly asked: Asked;
  readonly names: DnsNames;
  readonly pods: readonly SettledPod[];
  answers(type: 'A' | 'SRV', name: string): readonly Answer[];
}

export function whileSettled(
  name: string,
  set: OrdinalSet,
  zone: string,
  asked: Asked,
  examine: (view: View) => Findings,
): Guarantee {
  return guarantee(name, ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const view = viewOf(window, set, zone, asked);
    return typeof view === 'string' ? undecided(view) : examine(view);
  });
}

export function viewOf(window: Window, set: OrdinalSet, zone: string, asked: Asked, going?: number): View | string {
  const view = viewOfAny(window, set, zone, asked, going);
  if (typeof view === 'string' || view.pods.some((pod) => pod.ready)) return view;
  return `no Pod of ${set.name} was Ready (${asked.moment})`;
}

/** The same, whether any of the Pods is Ready or none. */
export function viewOfAny(window: Window, set: OrdinalSet, zone: string, asked: Asked, going?: number): View | string {
  const pods = settledPods(window, set, asked, going);
  if (typeof pods === 'string') return pods;
  return {
    window,
    asked,
    names: dnsNamesOf(set, { name: window.history.header.namespace, zone }),
    pods,
    answers: (type, name) =>
      window
        .observations('dns', asked.moment)
        .filter(({ question }) => question.type === type && question.name === name),
  };
}

export function eachOrdinal(ordinals: readonly number[], examine: (ordinal: number) => Findings): Findings {
  const [first, ...rest] = ordinals.map(examine);
  return first === undefined ? undecided('no ordinal was asked about') : together(first, ...rest);
}

/** Judges each answer. A question that nobody asked, or that no server answered, leaves it open unless an answer is wrong. */
export function judgeAnswers(
  answers: readonly Answer[],
  of: string,
  check: (answer: Answer) => Breach | undefined,
): Findings {
  if (answers.length === 0) return undecided(`nobody asked: no ${of}`);
  const findings = each(
    answers.filter((answer) => answer.status !== 'TIMEOUT'),
    of,
    check,
  );
  const silent = answers.find((answer) => answer.status === 'TIMEOUT');
  return unlessInDoubt(silent && `no server answered ${silent.question.type} ${silent.question.name}`, findings);
}

export function resolvesTo(answer: Answer, pods: readonly SettledPod[]): Breach | undefined {
  const expected = sorted(pods.map((pod) => pod.ip));
  if (answer.status === 'NOERROR' && sorted(answer.addresses) === expected) return undefined;
  const because = `${answer.question.name} gave ${described(answer)}, expected ${expected}`;
  return breach(because, answer, ...pods.map((pod) => pod.change));
}

export function sorted(words: readonly string[]): string {
  return words.toSorted().join(', ');
}

export function servicesOf(answer: Answer): string {
  return answer.status === 'NOERROR' ? sorted(answer.services.map(({ target, port }) => `${target}:${port}`)) : '';
}

export function described(answer: Answer): string {
  if (answer.status !== 'NOERROR') return answer.status;
  const records = answer.question.type === 'A' ? sorted(answer.addresses) : servicesOf(answer);
  return records === '' ? 'no record' : records;
}
