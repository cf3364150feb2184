import type { OrdinalSet } from '../history/sets.ts';
import { modeOf } from './ensembles.ts';
import { textOf, wordOf, type Exchange } from './exchanges.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span, type Window } from './guarantee.ts';
import { settledPods, type Asked } from './settled.ts';

/** Requests that change data: a session that is opened, or data that is read, is none. */
const writes = /^(create|set|delete|together|catch up)\b/;

/**
 * "If the ensemble can not achieve a quorum, the ensemble cannot write data."
 *
 * Verified: at that moment the set has the one Pod and no other, Ready and undisturbed; the server in it answers, and does not say that it serves; writes were sent to it, and it acknowledged none.
 * Not verified: a write that was not answered may still be done once there is a quorum.
 */
export function aServerAloneAcknowledgesNothing(set: OrdinalSet, ordinal: number, asked: Asked): Guarantee {
  return guarantee('aServerAloneAcknowledgesNothing', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const pods = settledPods(window, set, asked);
    if (typeof pods === 'string') return undecided(pods);
    const [pod, other] = pods;
    if (pod === undefined || other !== undefined || pod.ordinal !== ordinal)
      return undecided(`there is not ${set.name}-${ordinal} alone (${asked.moment})`);
    if (!pod.ready) return undecided(`${pod.name} is not Ready (${asked.moment})`);
    const said = wordOf(window, asked.moment, pod.name, 'srvr');
    if (said === undefined) return undecided(`${pod.name} did not answer to srvr (${asked.moment})`);
    return together(
      each([said], 'servers alone', () =>
        modeOf(said) === undefined ? undefined : breach(`${pod.name} serves alone: ${modeOf(said)}`, pod.change, said),
      ),
      each(writesTo(window, pod.name, asked.moment), 'writes to a server alone', (write) =>
        write.status === 'succeeded'
          ? breach(`${pod.name}, alone, acknowledged ${write.request}`, pod.change, write)
          : undefined,
      ),
    );
  });
}

/**
 * "… or at least two of the Pods are Running and Ready": then values are committed.
 *
 * Verified: at that moment the set has exactly these Pods, Ready and undisturbed, and at least one write was sent to each of the servers and acknowledged.
 * Not verified: that it is on all of them (see `everyServerHolds`).
 */
export function aQuorumAcknowledges(set: OrdinalSet, ordinals: readonly number[], asked: Asked): Guarantee {
  return guarantee('aQuorumAcknowledges', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const pods = settledPods(window, set, asked);
    if (typeof pods === 'string') return undecided(pods);
    if (
      pods
        .map((pod) => pod.ordinal)
        .toSorted((a, b) => a - b)
        .join() !== ordinals.join() ||
      !pods.every((pod) => pod.ready)
    )
      return undecided(`there are not exactly ${ordinals.length} Ready Pods (${asked.moment})`);
    const sent = pods.map((pod) => ({ pod, writes: writesTo(window, pod.name, asked.moment) }));
    const idle = sent.find((one) => one.writes.length === 0)?.pod.name;
    const all = sent.flatMap((one) => one.writes.map((write) => ({ pod: one.pod, write })));
    return unlessInDoubt(
      idle && `nothing was written through ${idle} (${asked.moment})`,
      each(all, 'writes to a quorum', ({ pod, write }) =>
        write.status === 'succeeded'
          ? undefined
          : breach(`${write.request} through ${pod.name}: ${write.because ?? write.status}`, pod.change, write),
      ),
    );
  });
}

/**
 * "The ensemble cannot write data until that election is complete."
 *
 * Verified: within the span writes were sent before any server said that it leads, and none of them was acknowledged; a write was acknowledged later on, and every acknowledgement comes after a
 * server had said that it leads.
 * Not verified: how soon after the election the first write is taken.
 */
export function nothingIsWrittenBeforeTheElection(span: Span = {}): Guarantee {
  return guarantee('nothingIsWrittenBeforeTheElection', [], span, (window) => {
    const exchanges = window.observations('exchange');
    const leading = exchanges.find((each) => each.request === 'srvr' && /^Mode: leader$/m.test(textOf(each)));
    const sent = exchanges.filter(({ request, client }) => client !== 'four-letter word' && writes.test(request));
    const early = sent.filter(({ invokedAtIndex }) => leading === undefined || invokedAtIndex < leading.index);
    const acknowledged = sent.filter(({ status }) => status === 'succeeded');
    const doubt =
      (early.length === 0 ? 'nothing was written before a server led' : undefined) ??
      (acknowledged.length === 0 ? 'no write was acknowledged at all' : undefined);
    return unlessInDoubt(
      doubt,
      each(sent, 'writes', (write) =>
        write.status !== 'succeeded' || (leading !== undefined && write.index > leading.index)
          ? undefined
          : breach(`${write.target} acknowledged ${write.request} before any server led`, write),
      ),
    );
  });
}

function writesTo(window: Window, target: string, moment: string): readonly Exchange[] {
  return window
    .observations('exchange', moment)
    .filter((each) => each.target === target && each.client !== 'four-letter word' && writes.test(each.request));
}
