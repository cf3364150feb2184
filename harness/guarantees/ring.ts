import type { Observation } from '../history/entries.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Window } from './guarantee.ts';
import { bootstrappingOutputOf, ringOutputOf, ringViewOf, type RingMember, type RingView } from './nodetool.ts';
import { standingPods, type Asked, type StandingPod } from './settled.ts';

/**
 * "nodetool status": the Pods form one ring.
 *
 * Verified: asked at that moment in each of these Pods, which stood there unchanged meanwhile, the server there names exactly the addresses of these Pods, every one up and
 * normal, and gives each the same Host ID as the others do; no two have one Host ID.
 * Not verified: that they serve clients (see `eachServerTells`), nor what each owns.
 */
export function thePodsFormOneRing(set: OrdinalSet, ordinals: readonly number[], asked: Asked): Guarantee {
  return guarantee('thePodsFormOneRing', ['pods'], spanOf(asked), (window) =>
    judgedInEachView(window, set, ordinals, asked, (view, views) => unlikeOneRing(view, views)),
  );
}

/**
 * "Datacenter: DC1-K8Demo … Rack1-K8Demo": where the servers say that they are.
 *
 * Verified: in the view of each of these Pods this datacenter is the only one, and every member is in this rack.
 * Not verified: what the placement of data makes of it.
 */
export function theRingIsIn(
  place: { readonly datacenter: string; readonly rack: string },
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
): Guarantee {
  return guarantee('theRingIsIn', ['pods'], spanOf(asked), (window) =>
    judgedInEachView(window, set, ordinals, asked, ({ view, output, pod }) => {
      const elsewhere = view.members.find(({ rack }) => rack !== place.rack);
      if (view.datacenters.join() !== place.datacenter)
        return breach(`${pod.name} knows the datacenters ${view.datacenters.join(', ')}`, output);
      return elsewhere === undefined ? undefined : breach(`${elsewhere.address} is in rack ${elsewhere.rack}`, output);
    }),
  );
}

/**
 * "Tokens 32".
 *
 * Verified: in the view of each of these Pods every member has so many tokens.
 * Not verified: the tokens themselves.
 */
export function eachMemberHasTokens(
  count: number,
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
): Guarantee {
  return guarantee('eachMemberHasTokens', ['pods'], spanOf(asked), (window) =>
    judgedInEachView(window, set, ordinals, asked, ({ view, output }) => {
      const other = view.members.find(({ tokens }) => tokens !== count);
      return other === undefined ? undefined : breach(`${other.address} has ${other.tokens} tokens`, output);
    }),
  );
}

/**
 * The readiness probe: "A Pod is Ready only when nodetool reports its own IP as Up/Normal."
 *
 * Verified: at some moment, while this Pod stood there and was not Ready, a server of the set called it joining; at each moment at which it stood there Ready, its own server,
 * if asked, called its address up and normal (that it is still bootstrapping is another answer), and at one such moment at least it was asked.
 * Not verified: the time between two moments, and views of other servers on a Ready Pod, which hear of a change later.
 */
export function readyMeansUpAndNormal(set: OrdinalSet, ordinal: number, moments: readonly Asked[]): Guarantee {
  return guarantee('readyMeansUpAndNormal', ['pods'], {}, (window) => {
    const looks = moments.flatMap((asked) => looksAt(window, set, ordinal, asked));
    const ready = looks.filter((look) => look.pod.readiness === 'ready' && look.isItsOwn);
    const joining = looks.filter((look) => look.pod.readiness === 'unready' && look.state === 'UJ');
    const name = podNameOf(set, ordinal);
    const doubt =
      joining.length === 0
        ? `${name} was never seen joining while it was not Ready`
        : ready.length === 0
          ? `the server of ${name} was not asked while it was Ready`
          : undefined;
    const findings = each([...joining, ...ready], 'views of the Pod', ({ pod, state, output }) =>
      pod.readiness === 'unready' || state === 'UN'
        ? undefined
        : breach(`${name} is Ready while its own server calls it ${state ?? 'no member'}`, pod.change, output),
    );
    return unlessInDoubt(doubt, findings);
  });
}

/**
 * "A replaced Pod rejoins as the same ring member."
 *
 * Verified: these Pods form one ring at both moments, as `thePodsFormOneRing` has it, so that nobody is left over who is down; the Pod of this ordinal is another one by uid, and
 * the Host ID that its address has after is the one that its predecessor's had before; the Host IDs as a whole are the same.
 * Not verified: that the address changed, which it need not.
 */
export function theMemberComesBack(
  set: OrdinalSet,
  ordinal: number,
  ordinals: readonly number[],
  moments: { readonly before: Asked; readonly after: Asked },
): Guarantee {
  const span = { from: moments.before.from, to: moments.after.to };
  return guarantee('theMemberComesBack', ['pods'], span, (window) => {
    const [before, after] = [moments.before, moments.after].map((asked) => viewsOf(window, set, ordinals, asked));
    if (before === undefined || typeof before === 'string') return undecided(before ?? 'nobody looked');
    if (after === undefined || typeof after === 'string') return undecided(after ?? 'nobody looked');
    const [was, now] = [before, after].map((views) => views.find(({ pod }) => pod.ordinal === ordinal));
    if (was === undefined || now === undefined) return undecided(`${podNameOf(set, ordinal)} was not there`);
    if (was.pod.uid === now.pod.uid) return undecided(`${now.pod.name} was not replaced`);
    const torn = before.find((view) => unlikeOneRing(view, before) !== undefined);
    if (torn !== undefined) return undecided(`there was no one ring before, in the eyes of ${torn.pod.name}`);
    const known = hostIdsOf(was.view);
    return together(
      each(after, 'views of the ring', (view) => unlikeOneRing(view, after)),
      each(after, 'lists of Host IDs', ({ view, pod, output }) =>
        hostIdsOf(view) === known
          ? undefined
          : breach(`${pod.name} knows other Host IDs than before`, was.output, output),
      ),
      each([now], 'members that came back', ({ view, pod, output }) => {
        const [idBefore, idNow] = [memberAt(was.view, was.pod.ip), memberAt(view, pod.ip)].map((one) => one?.hostId);
        return idBefore === idNow ? undefined : breach(`${pod.name} came back as ${idNow}`, was.output, output);
      }),
    );
  });
}

/** The view of one Pod's server, while the Pods stood still. */
interface PodView {
  readonly pod: StandingPod;
  readonly view: RingView;
  readonly output: Extract<Observation, { of: 'command' }>;
}

function spanOf({ from, to }: Asked): { readonly from: string; readonly to: string } {
  return { from, to };
}

function judgedInEachView(
  window: Window,
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
  check: (view: PodView, views: readonly PodView[]) => Breach | undefined,
): Findings {
  const views = viewsOf(window, set, ordinals, asked);
  if (typeof views === 'string') return undecided(views);
  return each(views, 'views of the ring', (view) =>
    view.view.members.length === 0 ? breach(`${view.pod.name} names no member`, view.output) : check(view, views),
  );
}

/** The view of each of these Pods, or why it is not known. */
function viewsOf(
  window: Window,
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: Asked,
): readonly PodView[] | string {
  const pods = standingPods(window, set, asked);
  if (typeof pods === 'string') return pods;
  const views: PodView[] = [];
  for (const ordinal of ordinals) {
    const name = podNameOf(set, ordinal);
    const pod = pods.find((one) => one.ordinal === ordinal);
    if (pod === undefined) return `${name} was not there, unchanged (${asked.moment})`;
    const output = ringOutputOf(window, name, asked.moment);
    if (output === undefined) return `the server of ${name} did not describe the ring (${asked.moment})`;
    views.push({ pod, output, view: ringViewOf(output.stdout) });
  }
  return views;
}

function unlikeOneRing({ pod, view, output }: PodView, views: readonly PodView[]): Breach | undefined {
  const wanted = views.map((one) => one.pod.ip).toSorted();
  const named = view.members.map(({ address }) => address).toSorted();
  if (named.join() !== wanted.join())
    return breach(`${pod.name} names ${named.join(', ')}; the Pods are ${wanted.join(', ')}`, output, pod.change);
  const out = view.members.find(({ state }) => state !== 'UN');
  if (out !== undefined) return breach(`${pod.name} calls ${out.address} ${out.state}`, output);
  if (new Set(view.members.map(({ hostId }) => hostId)).size < view.members.length)
    return breach(`${pod.name} gives one Host ID twice`, output);
  const other = views.find((one) => identitiesOf(one.view) !== identitiesOf(view));
  return other === undefined
    ? undefined
    : breach(`${pod.name} and ${other.pod.name} give other Host IDs`, output, other.output);
}

function identitiesOf({ members }: RingView): string {
  return members
    .map(({ address, hostId }) => `${address} ${hostId}`)
    .toSorted()
    .join();
}

function hostIdsOf({ members }: RingView): string {
  return members
    .map(({ hostId }) => hostId)
    .toSorted()
    .join();
}

function memberAt({ members }: RingView, address: string): RingMember | undefined {
  return members.find((member) => member.address === address);
}

interface Look {
  readonly pod: StandingPod;
  readonly output: Extract<Observation, { of: 'command' }>;
  /** How the Pod's address is called; undefined when it is not among the members. */
  readonly state: string | undefined;
  readonly isItsOwn: boolean;
}

/** What servers said of a Pod's address at a moment at which nothing moved; nothing for a moment at which something did. */
function looksAt(window: Window, set: OrdinalSet, ordinal: number, asked: Asked): readonly Look[] {
  const pods = standingPods(window, set, asked);
  if (typeof pods === 'string') return [];
  const pod = pods.find((one) => one.ordinal === ordinal);
  if (pod === undefined) return [];
  return pods.flatMap((viewer) => {
    const isItsOwn = viewer.name === pod.name;
    const output = ringOutputOf(window, viewer.name, asked.moment);
    const refusal = bootstrappingOutputOf(window, viewer.name, asked.moment);
    // Others may be at their own beginning; of itself a server says by it that it is no member yet.
    if (output === undefined)
      return refusal === undefined || !isItsOwn ? [] : [{ pod, output: refusal, state: undefined, isItsOwn }];
    return [{ pod, output, state: memberAt(ringViewOf(output.stdout), pod.ip)?.state, isItsOwn }];
  });
}
