import type { Recorded } from '../history/objects.ts';
import { isTerminating } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';
import { changeAt, isReadyAt, livesAt, livesOf } from './lives.ts';
import { doubtAboutNodes, isCordoned, isSchedulable, isTainted, nodesAtEnd } from './nodeStates.ts';
import { versionsWithin } from './objects.ts';
import { nodeOf } from './scheduling.ts';
import type { From } from './standing.ts';

type Pod = Recorded<'pods'>;

/**
 * "All of the Pods are deployed on different nodes."
 *
 * Verified: at the end of the span each of the set's ordinals from 0 has a Ready Pod, and no two of them are on one node.
 * Not verified: that it had to be so (see `noTwoShareANode` and `waitsForAntiAffinity`).
 */
export function eachPodHasANodeOfItsOwn(set: OrdinalSet, replicas: number, span: Span = {}): Guarantee {
  return guarantee('eachPodHasANodeOfItsOwn', ['pods'], span, (window) => {
    const lives = livesAt(livesOf(window, set), window.to);
    const ordinals = Array.from({ length: replicas }, (_, ordinal) => ordinal);
    return each(ordinals, 'Pods with their nodes', (ordinal) => {
      const life = lives.find((each) => each.ordinal === ordinal);
      if (life === undefined) return missingAtEnd(window, `there is no ${podNameOf(set, ordinal)}`);
      if (!isReadyAt(life, window.to)) return breach(`${life.name} is not Ready`, life.last);
      const twin = lives.find(
        (each) => each.ordinal !== ordinal && nodeOf(each.last.object) === nodeOf(life.last.object),
      );
      return twin === undefined
        ? undefined
        : breach(`${life.name} and ${twin.name} are both on ${nodeOf(life.last.object)}`, life.last, twin.last);
    });
  });
}

/**
 * "The scheduler should never co-locate two Pods in the domain defined by the topologyKey."
 *
 * Verified: whenever in the span a Pod of the set is seen on a node that it was not seen on before, no other Pod of the set is on that node then. A Pod whose containers have all ended (Failed,
 * Succeeded) takes up no place, and the scheduler does not count it.
 * Not verified: that a node was ever short (see `waitsForAntiAffinity`).
 */
export function noTwoShareANode(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('noTwoShareANode', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    const placed = lives.flatMap((life) => {
      const first = life.changes.find(({ object }) => nodeOf(object) !== undefined);
      return first === undefined || first.index <= window.from ? [] : [{ life, first }];
    });
    return each(placed, 'Pods that were given a node', ({ life, first }) => {
      const node = nodeOf(first.object);
      const neighbours = livesAt(lives, first.index)
        .filter((other) => other.uid !== life.uid)
        .flatMap((other) => changeAt(other, first.index) ?? []);
      const neighbour = neighbours.find(({ object }) => nodeOf(object) === node && !hasEnded(object));
      if (neighbour === undefined) return undefined;
      return breach(`${life.name} was put on ${node} beside ${neighbour.object.metadata.name}`, neighbour, first);
    });
  });
}

/**
 * "The Pod cannot be scheduled because of a PodAntiAffinity rule preventing co-location, and will remain in a Pending state."
 *
 * Verified: throughout the span the Pod of this ordinal is Pending, on no node and not on its way out; the nodes stay as they are, and so many are schedulable, each of them with another Pod of the
 * set on it. At the end the scheduler's reason for the Pod (the message of PodScheduled=False) accounts for every node: the cordoned ones as unschedulable, the tainted ones as tainted, all the others by
 * the Pods' anti-affinity, and none by anything else, such as volumes or resources.
 * Not verified: that the scheduler looked again in the span.
 */
export function waitsForAntiAffinity(set: OrdinalSet, ordinal: number, schedulable: number, span: From): Guarantee {
  return guarantee('waitsForAntiAffinity', ['pods', 'nodes'], span, (window) => {
    const name = podNameOf(set, ordinal);
    const nodes = nodesAtEnd(window).map(({ last }) => last.object);
    const due = reasonsDue(nodes);
    const lives = livesAt(livesOf(window, set), window.to);
    const life = lives.find((each) => each.ordinal === ordinal);
    const others = lives.filter((each) => each !== life).map((each) => nodeOf(each.last.object));
    const free = nodes.find((node) => isSchedulable(node) && !others.includes(node.metadata.name));
    if (life === undefined) return undecided(`there was no ${name}`);
    const doubt =
      doubtAboutNodes(window) ??
      (due.antiAffinity === schedulable
        ? undefined
        : `${due.antiAffinity} nodes were schedulable, not ${schedulable}`) ??
      (free === undefined ? undefined : `no other Pod of ${set.name} was on ${free.metadata.name}`);
    if (doubt !== undefined) return undecided(doubt);
    const versions = versionsWithin(life, window);
    return each(versions, `versions of the waiting ${name}`, (change, position) => {
      const { object } = change;
      if (isTerminating(object)) return breach(`${name} was deleted`, change);
      if (nodeOf(object) !== undefined) return breach(`${name} was put on ${nodeOf(object)}`, change);
      if (object.status?.phase !== 'Pending') return breach(`${name} was ${object.status?.phase}, not Pending`, change);
      const isLast = position === versions.length - 1;
      const wrong = isLast ? unlikeReasons(schedulersWords(object), due) : undefined;
      return wrong === undefined ? undefined : breach(`${name} waits for another reason: ${wrong}`, change);
    });
  });
}

/** How many nodes the scheduler has to refuse for what, if a Pod is on each that is schedulable. */
interface Reasons {
  readonly nodes: number;
  readonly unschedulable: number;
  readonly tainted: number;
  readonly antiAffinity: number;
}

function reasonsDue(nodes: readonly Recorded<'nodes'>[]): Reasons {
  const cordoned = nodes.filter(isCordoned);
  const tainted = nodes.filter((node) => !isCordoned(node) && isTainted(node));
  const antiAffinity = nodes.length - cordoned.length - tainted.length;
  return { nodes: nodes.length, unschedulable: cordoned.length, tainted: tainted.length, antiAffinity };
}

/** What the scheduler said of a Pod that it found no node for. */
function schedulersWords({ status }: Pod): string {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  return scheduled?.status === 'False' ? (scheduled.message ?? '') : '';
}

/**
 * Reads “0/5 nodes are available: 1 node(s) had untolerated taint {…}, 2 node(s) didn't match pod anti-affinity rules, 2 node(s) were unschedulable. preemption: …” and says where it differs from
 * what is due.
 */
function unlikeReasons(words: string, due: Reasons): string | undefined {
  const [, all, list] = /^0\/(\d+) nodes are available: (.*)$/s.exec(words) ?? [];
  if (all === undefined || list === undefined) return words === '' ? 'the scheduler gave none' : words;
  const reasons = (list.split(/\.\s/)[0] ?? '').replace(/\.$/, '').split(/, (?=\d+ )/);
  const counted = { unschedulable: 0, tainted: 0, antiAffinity: 0, other: 0 };
  for (const reason of reasons) counted[kindOf(reason)] += Number.parseInt(reason, 10);
  const isRight =
    Number(all) === due.nodes &&
    counted.unschedulable === due.unschedulable &&
    counted.tainted === due.tainted &&
    counted.antiAffinity === due.antiAffinity &&
    counted.other === 0;
  return isRight ? undefined : words;
}

function kindOf(reason: string): 'unschedulable' | 'tainted' | 'antiAffinity' | 'other' {
  if (/^\d+ node\(s\) were unschedulable$/.test(reason)) return 'unschedulable';
  if (/^\d+ node\(s\) had untolerated taint/.test(reason)) return 'tainted';
  return /^\d+ node\(s\) didn't match pod anti-affinity rules$/.test(reason) ? 'antiAffinity' : 'other';
}

function hasEnded({ status }: Pod): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded';
}
