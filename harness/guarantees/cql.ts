import type { Observation } from '../history/entries.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Window } from './guarantee.ts';
import { standingPods, type Asked, type StandingPod } from './settled.ts';

type Exchange = Extract<Observation, { of: 'exchange' }>;
type Row = Readonly<Record<string, unknown>>;

/** What a client asks a server about itself, and about the others. */
export const aboutItself =
  'SELECT broadcast_address, cluster_name, data_center, rack, tokens, host_id, release_version FROM system.local';
export const aboutOthers = 'SELECT peer, host_id FROM system.peers';

/**
 * What a server says of itself to a client, in CQL.
 *
 * Verified: at that moment the server of each of these Pods, which stood there unchanged meanwhile, answered for the Pod's own address, and each of these columns of `system.local` has exactly this value.
 * Not verified: that others see it so (see ring.ts).
 */
export function eachServerTells(
  columns: Readonly<Record<string, string>>,
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
): Guarantee {
  return ofEachServer('eachServerTells', set, ordinals, asked, aboutItself, (pod, answer, [row]) => {
    const other = Object.entries(columns).find(([column, value]) => row?.[column] !== value);
    if (row?.['broadcast_address'] !== pod.ip) return notItself(pod, row, answer);
    return other && breach(`${pod.name} gives ${other[0]} as ${JSON.stringify(row?.[other[0]])}`, answer);
  });
}

/**
 * "32 tokens", as the servers themselves hold them.
 *
 * Verified: as above, and `system.local` lists so many tokens, all different.
 * Not verified: that no other server has one of them.
 */
export function eachServerHoldsTokens(
  count: number,
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
): Guarantee {
  return ofEachServer('eachServerHoldsTokens', set, ordinals, asked, aboutItself, (pod, answer, [row]) => {
    if (row?.['broadcast_address'] !== pod.ip) return notItself(pod, row, answer);
    const tokens = row?.['tokens'];
    const found = Array.isArray(tokens) ? new Set(tokens).size : 0;
    return found === count ? undefined : breach(`${pod.name} holds ${found} tokens`, answer);
  });
}

/**
 * "A seed provider lets new instances discover and join": each knows the others.
 *
 * Verified: at that moment the server of each of these Pods, which stood there unchanged meanwhile, lists in `system.peers` exactly the addresses of the others.
 * Not verified: by which way it heard of them.
 */
export function eachServerKnowsTheOthers(set: OrdinalSet, ordinals: readonly number[], asked: Asked): Guarantee {
  return ofEachServer('eachServerKnowsTheOthers', set, ordinals, asked, aboutOthers, (pod, answer, rows, pods) => {
    const known = rows.map((row) => String(row['peer'])).toSorted();
    const others = pods.filter(({ uid }) => uid !== pod.uid).map(({ ip }) => ip);
    if (known.join() === others.toSorted().join()) return undefined;
    return breach(`${pod.name} knows ${known.join(', ') || 'nobody'}; the others are ${others.join(', ')}`, answer);
  });
}

function ofEachServer(
  name: string,
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
  request: string,
  check: (pod: StandingPod, answer: Exchange, rows: readonly Row[], pods: readonly StandingPod[]) => Breach | undefined,
): Guarantee {
  return guarantee(name, ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const answers = answersOf(window, set, ordinals, asked, request);
    if (typeof answers === 'string') return undecided(answers);
    const pods = answers.map(({ pod }) => pod);
    return each(answers, 'servers', ({ pod, answer }) => check(pod, answer, rowsOf(answer), pods));
  });
}

function answersOf(
  window: Window,
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
  request: string,
): readonly { readonly pod: StandingPod; readonly answer: Exchange }[] | string {
  const pods = standingPods(window, set, asked);
  if (typeof pods === 'string') return pods;
  const answers = [];
  for (const ordinal of ordinals) {
    const name = podNameOf(set, ordinal);
    const pod = pods.find((one) => one.ordinal === ordinal);
    if (pod === undefined) return `${name} was not there, unchanged (${asked.moment})`;
    const answer = window
      .observations('exchange', asked.moment)
      .findLast((one) => one.target === name && one.request === request);
    if (answer?.status !== 'succeeded') return `the server of ${name} did not answer (${asked.moment})`;
    answers.push({ pod, answer });
  }
  return answers;
}

function rowsOf({ answer }: Exchange): readonly Row[] {
  return Array.isArray(answer) ? (answer as readonly Row[]) : [];
}

function notItself(pod: StandingPod, row: Row | undefined, answer: Exchange): Breach {
  return breach(`who answered for ${pod.name} calls itself ${String(row?.['broadcast_address'])}`, answer, pod.change);
}
