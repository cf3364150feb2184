import type { Observation } from '../history/entries.ts';
import { describePod } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Window } from './guarantee.ts';
import { settledPods, type Asked, type SettledPod } from './settled.ts';

type Answer = Extract<Observation, { of: 'http' }>;

/** What the web server of one Pod is expected to serve under a path. */
export interface Page {
  readonly ordinal: number;
  readonly path: `/${string}`;
  readonly body: string;
}

/** How a client names the page it asks a Pod for: `web-0/`, `web-1/nonce.txt`. */
export function pageTarget(set: OrdinalSet, { ordinal, path }: Pick<Page, 'ordinal' | 'path'>): string {
  return `${podNameOf(set, ordinal)}${path}`;
}

/**
 * "Verify that the NGINX webservers serve the hostnames."
 *
 * Verified: each page, asked for over TCP by another Pod at that moment, came with status 200 and exactly this body, from the address that the API reports for the Pod, which stood
 * still meanwhile.
 * Not verified: where the server has it from (see storage.ts).
 */
export function eachPodServes(set: OrdinalSet, pages: readonly Page[], asked: Asked): Guarantee {
  return guarantee('eachPodServes', ['pods'], { from: asked.from, to: asked.to }, (window) =>
    served(window, set, pages, asked),
  );
}

/**
 * "Even though web-0 and web-1 were rescheduled, they continue to serve their hostnames."
 *
 * Verified: the pages were served at the first moment; at the second each Pod is another one, Ready, and serves the same.
 * Not verified: that it comes from the same volume (see `claimsAreKept`).
 */
export function contentSurvives(
  set: OrdinalSet,
  pages: readonly Page[],
  moments: { readonly before: Asked; readonly after: Asked },
): Guarantee {
  return guarantee('contentSurvives', ['pods'], spanOf(moments), (window) => {
    const pairs = pairsOf(window, set, pages, moments);
    if (typeof pairs === 'string') return undecided(pairs);
    return together(...stillServed(window, set, pages, moments));
  });
}

/**
 * "No matter what node web-0 and web-1 are scheduled on, their PersistentVolumes will be mounted."
 *
 * Verified: the pages were served at the first moment; at the second each Pod is another one on another node, Ready, and serves the same. A new Pod that no node takes, or that
 * is not Ready by then, breaks the promise.
 * Not verified: that it is the same volume (see `claimsAreKept`), and nodes that the Pod was not sent to.
 */
export function contentFollowsToAnotherNode(
  set: OrdinalSet,
  pages: readonly Page[],
  moments: { readonly before: Asked; readonly after: Asked },
): Guarantee {
  return guarantee('contentFollowsToAnotherNode', ['pods'], spanOf(moments), (window) => {
    const pairs = pairsOf(window, set, pages, moments);
    if (typeof pairs === 'string') return undecided(pairs);
    const stuck = pairs.find(({ now }) => !now.ready);
    if (stuck !== undefined)
      return each([stuck], 'moved Pods', ({ was, now }) =>
        breach(describePod(now.change.object), was.change, now.change),
      );
    const stayed = pairs.find(({ was, now }) => nodeOf(was) === undefined || nodeOf(was) === nodeOf(now));
    if (stayed !== undefined) return undecided(`${stayed.now.name} came back on the node where it was before`);
    return together(...stillServed(window, set, pages, moments));
  });
}

interface Moments {
  readonly before: Asked;
  readonly after: Asked;
}

interface Pair {
  readonly was: SettledPod;
  readonly now: SettledPod;
}

function spanOf({ before, after }: Moments): { readonly from: string; readonly to: string } {
  return { from: before.from, to: after.to };
}

/** Each Pod that has a page, at both moments; or why they cannot be compared. */
function pairsOf(window: Window, set: OrdinalSet, pages: readonly Page[], moments: Moments): readonly Pair[] | string {
  const before = settledPods(window, set, moments.before);
  const after = settledPods(window, set, moments.after);
  if (typeof before === 'string') return before;
  if (typeof after === 'string') return after;
  const ordinals = [...new Set(pages.map((page) => page.ordinal))];
  const pairs = ordinals.map((ordinal) => ({
    was: before.find((pod) => pod.ordinal === ordinal),
    now: after.find((pod) => pod.ordinal === ordinal),
  }));
  const whole = pairs.filter((pair): pair is Pair => pair.was !== undefined && pair.now !== undefined);
  if (whole.length < pairs.length) return 'not every Pod was there at both moments';
  const same = whole.find(({ was, now }) => was.uid === now.uid);
  return same === undefined ? whole : `${same.now.name} was not replaced`;
}

/** What was not served before cannot be lost. */
function stillServed(
  window: Window,
  set: OrdinalSet,
  pages: readonly Page[],
  { before, after }: Moments,
): readonly [Findings, ...Findings[]] {
  const first = served(window, set, pages, before);
  const wrong = first.status === 'examined' ? first.breaches[0]?.because : undefined;
  if (wrong !== undefined) return [undecided(`it was not served before the Pod was replaced: ${wrong}`)];
  return [first, served(window, set, pages, after)];
}

function served(window: Window, set: OrdinalSet, pages: readonly Page[], asked: Asked): Findings {
  const pods = settledPods(window, set, asked);
  if (typeof pods === 'string') return undecided(pods);
  const answers = window.observations('http', asked.moment);
  const [first, ...rest] = pages.map((page) => {
    const target = pageTarget(set, page);
    const pod = pods.find((each) => each.ordinal === page.ordinal);
    const own = answers.filter((answer) => answer.target === target);
    if (pod === undefined) return undecided(`${podNameOf(set, page.ordinal)} was not there (${asked.moment})`);
    if (own.length === 0) return undecided(`nobody asked for ${target} (${asked.moment})`);
    const silent = own.find((answer) => answer.status === 0);
    const findings = each(
      own.filter((answer) => answer.status !== 0),
      'pages',
      (answer) => otherThan(page, pod, answer),
    );
    const doubt = silent && `${target} did not answer: ${silent.because ?? 'no reason'} (${asked.moment})`;
    return unlessInDoubt(doubt, findings);
  });
  return first === undefined ? undecided('no page was asked about') : together(first, ...rest);
}

function otherThan(page: Page, pod: SettledPod, answer: Answer): Breach | undefined {
  if (answer.address !== pod.ip)
    return breach(`${answer.target} was answered from ${answer.address}, not from ${pod.ip}`, answer, pod.change);
  if (answer.status === 200 && answer.body === page.body) return undefined;
  const said = answer.status === 200 ? `“${answer.body.trim()}”` : `status ${answer.status}`;
  return breach(`${answer.target} gave ${said}, expected “${page.body.trim()}”`, answer, pod.change);
}

function nodeOf(pod: SettledPod): string | undefined {
  return pod.change.object.spec?.nodeName;
}
