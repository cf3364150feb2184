import type { Change } from '../history/entries.ts';
import { isReady, isTerminating, revisionOf } from '../history/pods.ts';
import { claimNameOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { boundAt, claimNamesOf, type BoundClaim, type ClaimLife } from './claims.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { changeAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { objectAt, objectsNamed, objectsOf, thereAt, versionsWithin, wasDone, type ObjectLife } from './objects.ts';

type SetLife = ObjectLife<'statefulsets'>;
type ClaimChange = Change<'persistentvolumeclaims'>;

const resources = ['pods', 'statefulsets', 'persistentvolumeclaims', 'persistentvolumes'] as const;

/**
 * "The default for policies is Retain."
 *
 * Verified: in every state of the set within the span its claims are to be retained both when it is deleted and when it is scaled; a set without the
 * field, as servers had it before there was a policy, retains.
 * Not verified: that they are (see `claimsAreKept`).
 */
export function thePolicyIsRetain(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('thePolicyIsRetain', ['statefulsets'], span, (window) => {
    const versions = objectsNamed(window, 'statefulsets', set.name).flatMap((life) => versionsWithin(life, window));
    return each(versions, 'states of the set', (change) => {
      const { whenDeleted = 'Retain', whenScaled = 'Retain' } = policyOf(change) ?? {};
      if (whenDeleted === 'Retain' && whenScaled === 'Retain') return undefined;
      return breach(`the policy of ${set.name} is ${whenDeleted} when deleted, ${whenScaled} when scaled`, change);
    });
  });
}

/**
 * What is retained belongs to nobody: no owner reference is there by which a claim could be collected.
 *
 * Verified: in every state of these ordinals' claims within the span they have no owner reference; each claim was there.
 * Not verified: that nobody deletes them outright (see `claimsAreKept`).
 */
export function noClaimHasAnOwner(set: OrdinalSet, ordinals: readonly number[], span: Span = {}): Guarantee {
  return guarantee('noClaimHasAnOwner', ['persistentvolumeclaims'], span, (window) => {
    const names = namesOf(set, ordinals);
    const states = names.map((name) =>
      objectsNamed(window, 'persistentvolumeclaims', name).flatMap((life) => versionsWithin(life, window)),
    );
    const missing = states.findIndex((versions) => versions.length === 0);
    if (missing >= 0) return undecided(`there was no claim ${names[missing]} in the span`);
    return each(states.flat(), 'states of claims', (change) => {
      const [owner] = change.object.metadata.ownerReferences ?? [];
      if (owner === undefined) return undefined;
      return breach(`${change.object.metadata.name} is owned by the ${owner.kind} ${owner.name}`, change);
    });
  });
}

/**
 * "The StatefulSet controller adds owner references to its PVCs": with `whenDeleted: Delete` the set owns the claims of the Pods that are there.
 *
 * Verified: at this fence each of these ordinals' claims has exactly one owner, the set by its uid, as its controller.
 * Not verified: how long the controller took; the story waits for it only so long.
 */
export function claimsAreOwnedByTheSet(set: OrdinalSet, ordinals: readonly number[], at: string): Guarantee {
  return guarantee('claimsAreOwnedByTheSet', ['statefulsets', 'persistentvolumeclaims'], { to: at }, (window) => {
    const owner = thereAt(objectsNamed(window, 'statefulsets', set.name), window.to).at(-1);
    if (owner === undefined) return undecided(`there is no StatefulSet ${set.name} (${at})`);
    return each(namesOf(set, ordinals), 'claims with their owner', (name) => {
      const claim = thereAt(objectsNamed(window, 'persistentvolumeclaims', name), window.to).at(-1);
      if (claim === undefined) return missingAtEnd(window, `there is no claim ${name}`);
      return isOwnedBy(claim.last, owner.uid) ? undefined : breach(`${ownersInWords(claim.last)} (${at})`, claim.last);
    });
  });
}

/**
 * "With the whenDeleted policy, all PVCs from the volumeClaimTemplate are deleted after their Pods have been deleted."
 *
 * Verified: when the span began, each of these ordinals' claims was Bound and owned by the set, by uid and as its controller; the set is deleted
 * within it, and at its end the claims are gone, and so are their volumes, unless they are to be retained: those are Released.
 * Not verified: that no claim goes before its Pod (see `claimStaysWhileItsPodDoes`); what is left on disks (see reclaiming.ts).
 */
export function claimsGoWithTheirSet(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('claimsGoWithTheirSet', resources, span, (window) => {
    const owner = thereAt(objectsNamed(window, 'statefulsets', set.name), window.from)[0];
    if (owner?.gone === undefined) return undecided(`${set.name} was not there and then deleted in the span`);
    const pairs = pairsAt(window, namesOf(set, ordinals));
    if (typeof pairs === 'string') return undecided(pairs);
    const findings = together(
      each(pairs, 'claims', ({ claim }) => {
        const atStart = changeOf(claim, window.from);
        if (!isOwnedBy(atStart, owner.uid)) return breach(ownersInWords(atStart), atStart);
        return claim.gone === undefined ? breach(`the claim ${claim.name} outlives its set`, claim.last) : undefined;
      }),
      each(pairs, 'volumes', unlessReclaimed),
    );
    return unlessInDoubt(doubtAboutPolicy(owner, window, 'whenDeleted'), findings);
  });
}

/**
 * "With the whenScaled policy, only PVCs corresponding to Pod replicas being scaled down are deleted, after their Pods have been deleted."
 *
 * Verified: when the span began these ordinals had Pods with Bound claims; the Pods went within it; each claim came to be owned by the very Pod that
 * mounted it, by uid, and by nobody else; at the end the claims of that time are gone.
 * Not verified: the claims that are to stay (see `claimsAreKept`), and that none goes before its Pod (see `claimStaysWhileItsPodDoes`).
 */
export function claimsGoWithThePodsScaledAway(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('claimsGoWithThePodsScaledAway', resources, span, (window) => {
    const owner = thereAt(objectsNamed(window, 'statefulsets', set.name), window.from)[0];
    if (owner === undefined) return undecided(`there was no StatefulSet ${set.name} when the span began`);
    const pairs = pairsAt(window, namesOf(set, ordinals));
    if (typeof pairs === 'string') return undecided(pairs);
    const there = livesAt(livesOf(window, set), window.from);
    const pods = ordinals.map((ordinal) => there.find((life) => life.ordinal === ordinal));
    const kept = pods.findIndex((pod) => pod?.gone === undefined);
    if (kept >= 0) return undecided(`${podNameOf(set, ordinals[kept] ?? 0)} was not there and then scaled away`);
    const findings = each(pairs, 'claims of Pods scaled away', ({ claim }) => {
      const pod = pods.find((each) => each !== undefined && claimNamesOf(set, each.ordinal).includes(claim.name));
      const owned = claim.changes.find((change) => (change.object.metadata.ownerReferences ?? []).length > 0);
      if (claim.gone === undefined) return breach(`the claim ${claim.name} outlives its Pod`, claim.last);
      const condemned = claim.changes.find((change) => isOwnedBy(change, pod?.uid));
      if (condemned !== undefined) return undefined;
      return breach(`the claim ${claim.name} was never owned by its Pod alone`, owned ?? claim.gone);
    });
    return unlessInDoubt(doubtAboutPolicy(owner, window, 'whenScaled'), findings);
  });
}

/**
 * "… after their Pods have been deleted": in a window in which the Pod is held Terminating its claims do not go.
 *
 * Verified: from the window's first moment to its last the Pod is there and Terminating, and so are its claims; with `untouched` nobody even asked
 * for their deletion. The garbage collector, which is what deletes them, was at work.
 * Not verified: that they go afterwards (see the other two).
 */
export function claimStaysWhileItsPodDoes(
  set: OrdinalSet,
  ordinal: number,
  how: 'untouched' | 'there',
  span: Span,
): Guarantee {
  return guarantee('claimStaysWhileItsPodDoes', ['pods', 'persistentvolumeclaims'], span, (window) => {
    const pod = livesAt(livesOf(window, set), window.from).find((life) => life.ordinal === ordinal);
    const atStart = pod === undefined ? undefined : changeAt(pod, window.from);
    if (pod === undefined || atStart === undefined || !isTerminating(atStart.object) || pod.gone !== undefined)
      return undecided(`${podNameOf(set, ordinal)} was not Terminating from the window's first moment to its last`);
    const claims = claimNamesOf(set, ordinal)
      .map((name) => objectsNamed(window, 'persistentvolumeclaims', name))
      .flatMap((lives) => lives.filter((life) => life.first.index <= window.from).slice(-1));
    return each(claims, 'claims of a Pod that is Terminating', (claim) => {
      if (claim.gone !== undefined) return breach(`${claim.name} was gone before ${pod.name}`, claim.gone, pod.last);
      if (how === 'there' || claim.deletion === undefined) return undefined;
      return breach(`${claim.name} was deleted before ${pod.name} had gone`, claim.deletion, pod.last);
    });
  });
}

/**
 * A claim that another controller owns is left alone.
 *
 * Verified: when the span began the claim had a controller that is neither the set nor its Pod; to the end it stays the same claim with the same
 * owner references, and nobody asks for its deletion. Meanwhile the set, whose policy deletes, was scaled below the ordinal and deleted, and took
 * another claim of its own with it.
 * Not verified: owners that are no controllers: those do not keep the set from adding itself.
 */
export function aForeignClaimIsLeftAlone(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return guarantee('aForeignClaimIsLeftAlone', resources, span, (window) => {
    const name = claimNameOf(set, ordinal);
    const claim = thereAt(objectsNamed(window, 'persistentvolumeclaims', name), window.from)[0];
    if (claim === undefined) return undecided(`there was no claim ${name} when the span began`);
    const atStart = changeOf(claim, window.from);
    const owners = ownersOf(atStart);
    const findings = each(versionsWithin(claim, window), 'states of the claim', (change) => {
      if (change.type === 'deleted' || change.object.metadata.deletionTimestamp !== undefined)
        return breach(`${name} was deleted`, atStart, change);
      return ownersOf(change) === owners ? undefined : breach(ownersInWords(change), atStart, change);
    });
    return unlessInDoubt(doubtAboutForeigner(window, set, ordinal, claim), findings);
  });
}

/** How the Pods of which ordinal were lost. */
export interface Losses {
  readonly deleted: readonly number[];
  readonly evicted: readonly number[];
  readonly updated: readonly number[];
}

/**
 * "The policies only apply when Pods are being removed due to the StatefulSet being deleted or scaled down", not to Pods that fail, are drained or
 * updated.
 *
 * Verified: the set's policy was Delete in both respects throughout; the Pod of each ordinal was lost within the span in the way named (this run
 * deleted or evicted it, or its successor is of another revision), and another one is there, Ready, at the end; its claims are the same by uid, Bound
 * to the same volumes, and nobody asked for the deletion of either.
 * Not verified: the loss of a node.
 */
export function claimsOutlastTheirPods(set: OrdinalSet, losses: Losses, span: Span): Guarantee {
  return guarantee('claimsOutlastTheirPods', resources, span, (window) => {
    const owner = thereAt(objectsNamed(window, 'statefulsets', set.name), window.from)[0];
    if (owner === undefined) return undecided(`there was no StatefulSet ${set.name} when the span began`);
    const ordinals = [...losses.deleted, ...losses.evicted, ...losses.updated];
    const pairs = pairsAt(window, namesOf(set, ordinals));
    if (typeof pairs === 'string') return undecided(pairs);
    const doubts = [
      doubtAboutPolicy(owner, window, 'whenDeleted'),
      doubtAboutPolicy(owner, window, 'whenScaled'),
      ...losses.deleted.map((ordinal) => doubtAboutCall(window, 'delete', podNameOf(set, ordinal))),
      ...losses.evicted.map((ordinal) => doubtAboutCall(window, 'evict', podNameOf(set, ordinal))),
      ...ordinals.map((ordinal) => doubtAboutLoss(window, set, ordinal, losses.updated.includes(ordinal))),
    ];
    const findings = each(pairs, 'claims with their volumes', (pair) => unlessLasting(window, pair));
    return unlessInDoubt(
      doubts.find((doubt) => doubt !== undefined),
      findings,
    );
  });
}

function namesOf(set: OrdinalSet, ordinals: readonly number[]): readonly string[] {
  return ordinals.flatMap((ordinal) => claimNamesOf(set, ordinal));
}

function pairsAt(window: Window, names: readonly string[]): readonly BoundClaim[] | string {
  const pairs = names.map((name) => boundAt(window, name, window.from));
  const doubt = pairs.find((pair) => typeof pair === 'string');
  return doubt === undefined
    ? pairs.filter((pair) => typeof pair !== 'string')
    : `${doubt} when the span began, so nothing can be told of it`;
}

function policyOf(change: Change<'statefulsets'>) {
  return change.object.spec?.persistentVolumeClaimRetentionPolicy;
}

/** Nobody promised anything for a set that retains its claims at any time of the span. */
function doubtAboutPolicy(set: SetLife, window: Window, when: 'whenDeleted' | 'whenScaled'): string | undefined {
  const versions = versionsWithin(set, window);
  const isDeleting = versions.length > 0 && versions.every((change) => policyOf(change)?.[when] === 'Delete');
  return isDeleting ? undefined : `the policy of ${set.name} was not ${when}: Delete throughout the span`;
}

function changeOf(claim: ClaimLife, index: number): ClaimChange {
  return claim.changes.findLast((change) => change.index <= index) ?? claim.first;
}

function isOwnedBy({ object }: ClaimChange, uid: string | undefined): boolean {
  const owners = object.metadata.ownerReferences ?? [];
  return owners.length === 1 && owners.every((owner) => owner.uid === uid && owner.controller === true);
}

function ownersOf({ object }: ClaimChange): string {
  return JSON.stringify(
    (object.metadata.ownerReferences ?? []).map(({ uid, controller }) => [uid, controller === true]),
  );
}

function ownersInWords({ object }: ClaimChange): string {
  const owners = object.metadata.ownerReferences ?? [];
  const words = owners.map(
    ({ kind, name, controller }) => `${kind} ${name}${controller === true ? '' : ', no controller'}`,
  );
  return `${object.metadata.name} is owned by ${words.join(' and ') || 'nobody'}`;
}

function unlessReclaimed({ claim, volume }: BoundClaim): Breach | undefined {
  const { spec, status } = volume.last.object;
  const isKept = spec?.persistentVolumeReclaimPolicy === 'Retain';
  if (isKept ? status?.phase === 'Released' && volume.gone === undefined : volume.gone !== undefined) return undefined;
  const phase = volume.gone === undefined ? (status?.phase ?? 'without a phase') : 'gone';
  return breach(`the volume of ${claim.name}, to be ${isKept ? 'retained' : 'deleted'}, is ${phase}`, volume.last);
}

function doubtAboutForeigner(window: Window, set: OrdinalSet, ordinal: number, claim: ClaimLife): string | undefined {
  const owner = thereAt(objectsNamed(window, 'statefulsets', set.name), window.from)[0];
  const controller = changeOf(claim, window.from).object.metadata.ownerReferences?.find(
    (each) => each.controller === true,
  );
  const own = [owner?.uid, ...livesOf(window, set).map((life) => life.uid)];
  if (controller === undefined || own.includes(controller.uid)) return `${claim.name} had no other controller`;
  const wasDeleting = owner?.changes.some((change) => {
    const { whenDeleted, whenScaled } = policyOf(change) ?? {};
    return whenDeleted === 'Delete' || whenScaled === 'Delete';
  });
  if (owner?.gone === undefined || wasDeleting !== true)
    return `${set.name}, with a policy that deletes, was not deleted`;
  const pod = livesOf(window, set).find((life) => life.ordinal === ordinal && life.first.index <= window.from);
  const lastAsked = owner.changes.findLast((change) => change.object.metadata.deletionTimestamp === undefined);
  if (pod?.gone === undefined || (lastAsked?.object.spec?.replicas ?? ordinal + 1) > ordinal)
    return `${set.name} was not scaled below ${podNameOf(set, ordinal)}`;
  const others = objectsOf(window, 'persistentvolumeclaims').filter((each) => each.name !== claim.name);
  return others.some((each) => each.gone !== undefined && each.gone.index > window.from)
    ? undefined
    : `no other claim of ${set.name} went, so its policy was not seen at work`;
}

function doubtAboutCall(window: Window, verb: 'delete' | 'evict', pod: string): string | undefined {
  return wasDone(window, verb, `pods/${pod}`) ? undefined : `this run did not ${verb} ${pod} in the span`;
}

function doubtAboutLoss(window: Window, set: OrdinalSet, ordinal: number, byUpdate: boolean): string | undefined {
  const lives = livesOf(window, set).filter((life) => life.ordinal === ordinal);
  const old = livesAt(lives, window.from)[0];
  const now = livesAt(lives, window.to).at(-1);
  if (old?.gone === undefined || now === undefined || now.uid === old.uid || !isStandingReady(now))
    return `${podNameOf(set, ordinal)} was not there, lost, and Ready again at the end`;
  const isUpdated = revisionOf(now.last.object) !== revisionOf(old.last.object);
  return byUpdate && !isUpdated ? `${now.name} was not moved to another revision` : undefined;
}

function isStandingReady(life: PodLife): boolean {
  return isReady(life.last.object) && !isTerminating(life.last.object);
}

function unlessLasting(window: Window, { claim, volume }: BoundClaim): Breach | undefined {
  if (claim.deletion !== undefined) return breach(`the claim ${claim.name} was deleted`, claim.deletion);
  if (volume.deletion !== undefined) return breach(`the volume of ${claim.name} was deleted`, volume.deletion);
  const now = objectAt(claim, window.to);
  const isBound = now?.status?.phase === 'Bound' && now.spec?.volumeName === volume.name;
  return isBound ? undefined : breach(`the claim ${claim.name} is not Bound to ${volume.name} any more`, claim.last);
}
