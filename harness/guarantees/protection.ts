import type { Recorded } from '../history/objects.ts';
import { describePod, isRunning, isTerminating } from '../history/pods.ts';
import { claimNameOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { boundAt, claimAt, volumesOf, type ClaimLife, type VolumeLife } from './claims.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { changeAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { objectsNamed, objectsOf, versionsWithin } from './objects.ts';
import { wasStoredBefore } from './storedOrder.ts';

const claimProtection = 'kubernetes.io/pvc-protection';
const volumeProtection = 'kubernetes.io/pv-protection';
/** With one of these on a volume its object stays until what is stored is deleted: the first for CSI, the other for what is built in. */
const deletionProtections = ['external-provisioner.volume.kubernetes.io/finalizer', 'kubernetes.io/pv-controller'];

/** How the Pod showed that it could use its volume: it wrote this word and read it again. */
export interface Use {
  readonly moment: string;
  readonly nonce: string;
}

/**
 * "If a user deletes a PVC in active use by a Pod, the PVC is not removed immediately."
 *
 * Verified: the claim was asked to go before the window opened; to its end it is there, protected by the finalizer, while the same Pod mounts it,
 * Running, and writes to it and reads from it. A claim of the name `unused`, which no Pod mounts, was asked to go later and went within the window:
 * so whoever takes off the finalizer was at work.
 * Not verified: Pods that are not scheduled yet, which do not count as users.
 */
export function claimInUseStays(set: OrdinalSet, ordinal: number, unused: string, use: Use, span: Span): Guarantee {
  return guarantee('claimInUseStays', ['pods', 'persistentvolumeclaims'], span, (window) =>
    claimStays(window, set, ordinal, unused, running, (user) => wroteAndRead(window, user, use)),
  );
}

/**
 * The same for a Pod that has its node and does not run yet: "the PVC is in active use by a Pod when a Pod object exists that is using the PVC."
 *
 * Verified: the claim was asked to go before the window opened; to its end it is there, protected by the finalizer, while the same Pod mounts it, on a node and Pending. A claim of the name `unused`, which no
 * Pod mounts, was asked to go later and went within the window.
 * Not verified: what keeps the Pod from running.
 * Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection
 */
export function claimOfAStartingPodStays(set: OrdinalSet, ordinal: number, unused: string, span: Span): Guarantee {
  return guarantee('claimOfAStartingPodStays', ['pods', 'persistentvolumeclaims'], span, (window) =>
    claimStays(window, set, ordinal, unused, starting),
  );
}

/**
 * The same for a Pod that is on its way out: as long as it runs it uses its claim.
 *
 * Verified: the claim was asked to go before the window opened; to its end it is there, protected by the finalizer, while the same Pod mounts it, Running and Terminating. A claim of the name `unused`, which no
 * Pod mounts, was asked to go later and went within the window.
 * Not verified: what keeps the Pod from stopping.
 */
export function claimOfAStoppingPodStays(set: OrdinalSet, ordinal: number, unused: string, span: Span): Guarantee {
  return guarantee('claimOfAStoppingPodStays', ['pods', 'persistentvolumeclaims'], span, (window) =>
    claimStays(window, set, ordinal, unused, stopping),
  );
}

/**
 * "PVC removal is postponed until the PVC is no longer actively used by any Pods", and no longer: it is used as long as "a Pod object exists that is using the PVC".
 *
 * Verified: the claim was on its way out when the span began, and its Pod went within the span; at its end that claim, by uid, is gone, and it did not go before its Pod, by the
 * order in which the server stored both.
 * Not verified: how soon; the story waits for it only so long. The order, where the server does not count both together.
 * Source: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#storage-object-in-use-protection
 */
export function claimGoesOnceUnused(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return guarantee('claimGoesOnceUnused', ['pods', 'persistentvolumeclaims'], span, (window) => {
    const name = claimNameOf(set, ordinal);
    const claim = askedToGo(objectsNamed(window, 'persistentvolumeclaims', name), window);
    if (claim === undefined) return undecided(`nobody had asked for the deletion of ${name} when the span began`);
    const pod = livesAt(livesOf(window, set), window.from).find((life) => life.ordinal === ordinal);
    if (pod === undefined || (pod.gone ?? claim.gone) === undefined)
      return undecided(`${podNameOf(set, ordinal)} did not go in the span`);
    return each([claim], 'claims out of use', () => {
      if (claim.gone === undefined)
        return breach(`the claim ${name} is still there without its Pod`, pod.last, claim.last);
      const isOutlasted = pod.gone === undefined || wasStoredBefore(window, claim.gone, pod.gone) === true;
      return isOutlasted ? breach(`the claim ${name} went before its Pod`, claim.gone, pod.last) : undefined;
    });
  });
}

/**
 * "If an admin deletes a PV that is bound to a PVC, the PV is not removed immediately."
 *
 * Verified: the volume of this claim was asked to go before the window opened; to its end it is there, Bound, protected by the finalizer, and so is
 * the claim, which nobody deletes. Another volume was asked to go later and went within the window: so whoever takes off the finalizer was at work.
 * Not verified: that the claim can be used meanwhile.
 */
export function boundVolumeStays(claimName: string, span: Span): Guarantee {
  return guarantee('boundVolumeStays', ['persistentvolumeclaims', 'persistentvolumes'], span, (window) => {
    const claim = claimAt(window, claimName, window.from);
    if (claim === undefined || claim.deletion !== undefined)
      return undecided(`the claim ${claimName} was not there, undeleted, all through the window`);
    const volumes = objectsOf(window, 'persistentvolumes');
    const volume = askedToGo(volumesOf(volumes, claim), window);
    if (volume === undefined) return undecided(`nobody had asked for the deletion of the volume of ${claimName}`);
    const findings = each([volume], 'bound volumes', () => {
      const lost = unprotected(volume, volumeProtection, `while ${claimName} was bound to it`);
      const released = versionsWithin(volume, window).find(({ object }) => object.status?.phase !== 'Bound');
      if (lost !== undefined || released === undefined) return lost;
      return breach(`the volume of ${claimName} is ${released.object.status?.phase ?? 'without a phase'}`, released);
    });
    const wentToo = volumes.some((life) => wentAfter(life, volume));
    return unlessInDoubt(wentToo ? undefined : 'no other volume was deleted and went in the window', findings);
  });
}

/**
 * "PV removal is postponed until the PV is no longer bound to a PVC", and no longer; "deleted only after the backing storage are deleted".
 *
 * Verified: when the span began the volume was on its way out and its claim was there; within it the claim is deleted, and at its end both are gone.
 * If the volume ever had one of the finalizers by which that is promised, its directory, seen on the node before, is absent.
 * Not verified: the storage of volumes without such a finalizer. Nobody promises anything of it, and provisioners leave it where it is.
 */
export function volumeGoesWithItsClaim(
  claimName: string,
  looks: { readonly before: string; readonly after: string },
  span: Span,
): Guarantee {
  return guarantee('volumeGoesWithItsClaim', ['persistentvolumeclaims', 'persistentvolumes'], span, (window) => {
    const claim = claimAt(window, claimName, window.from);
    const volume = claim && askedToGo(volumesOf(objectsOf(window, 'persistentvolumes'), claim), window);
    if (claim?.deletion === undefined || volume === undefined)
      return undecided(`the claim ${claimName}, and its volume before it, were not both deleted`);
    const findings = each([claim, volume], 'deleted objects', (life: ClaimLife | VolumeLife) =>
      life.gone === undefined ? breach(`${life.first.resource}/${life.name} is still there`, life.last) : undefined,
    );
    return isDeletedWithItsData(volume) ? together(findings, emptied(window, volume, looks)) : findings;
  });
}

/**
 * A Pod that waits for a claim which is missing: the controller makes it again.
 *
 * Verified: when the span began the Pod was Pending on no node and had its claim, which was deleted and went: a Pod that is on no node does not use it yet. At the end of the
 * span the same Pod, by uid, is Running, with a claim of that name and another uid, Bound. That the claim stays counts where another one was deleted after it and went.
 * Not verified: how soon; the story waits for it only so long.
 */
export function claimIsRemadeForAWaitingPod(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  const resources = ['pods', 'persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('claimIsRemadeForAWaitingPod', resources, span, (window) => {
    const name = claimNameOf(set, ordinal);
    const old = claimAt(window, name, window.from);
    if (old?.deletion === undefined && old?.gone === undefined)
      return undecided(`the claim ${name} was not there and then deleted`);
    const othersGo = objectsOf(window, 'persistentvolumeclaims').some((life) => wentAfter(life, old));
    if (old.gone === undefined && !othersGo)
      return undecided(`the claim ${name} stays, and no other was deleted after it and went`);
    const pod = livesAt(livesOf(window, set), window.from).find((life) => life.ordinal === ordinal);
    const waiting = pod && changeAt(pod, window.from)?.object;
    if (pod === undefined || waiting?.status?.phase !== 'Pending' || waiting.spec?.nodeName !== undefined)
      return undecided(`${podNameOf(set, ordinal)} was not Pending on no node when the span began`);
    if (pod.deletion !== undefined) return undecided(`${pod.name} did not wait: it was deleted`);
    return each([pod], 'Pods waiting for a claim', () => {
      if (old.gone === undefined)
        return breach(`the claim ${name} stays, and no Pod on a node uses it`, old.last, pod.last);
      if (claimAt(window, name, window.to) === undefined)
        return missingAtEnd(window, `the claim ${name} was not made again`);
      const now = boundAt(window, name, window.to);
      if (typeof now === 'string') return breach(now, pod.last);
      return isRunning(pod.last.object) ? undefined : breach(describePod(pod.last.object), pod.last);
    });
  });
}

/** The last of these lives whose deletion had been asked for when the window opened. */
function askedToGo<Life extends ClaimLife | VolumeLife>(lives: readonly Life[], window: Window): Life | undefined {
  return lives.findLast(({ deletion }) => deletion !== undefined && deletion.index <= window.from);
}

function wentAfter(life: ClaimLife | VolumeLife, other: ClaimLife | VolumeLife): boolean {
  if (life.uid === other.uid || life.gone === undefined) return false;
  return (life.deletion?.index ?? -1) > (other.deletion?.index ?? Infinity);
}

/** How far a Pod is that uses a claim. */
interface Stage {
  readonly words: string;
  readonly holds: (pod: Recorded<'pods'>) => boolean;
}

const running: Stage = { words: 'Running', holds: (pod) => isRunning(pod) && !isTerminating(pod) };
const stopping: Stage = { words: 'Running and Terminating', holds: (pod) => isRunning(pod) && isTerminating(pod) };
const starting: Stage = {
  words: 'Pending on a node',
  holds: (pod) => (pod.spec?.nodeName ?? '') !== '' && pod.status?.phase === 'Pending' && !isTerminating(pod),
};

function claimStays(
  window: Window,
  set: OrdinalSet,
  ordinal: number,
  unused: string,
  stage: Stage,
  usedBy?: (user: PodLife) => Findings,
): Findings {
  const name = claimNameOf(set, ordinal);
  const claim = askedToGo(objectsNamed(window, 'persistentvolumeclaims', name), window);
  if (claim === undefined) return undecided(`nobody had asked for the deletion of ${name} when the window opened`);
  const user = userOf(window, set, ordinal, name, stage);
  if (typeof user === 'string') return undecided(user);
  const stays = each([claim], 'claims in use', () =>
    unprotected(claim, claimProtection, `while ${user.name} was using it`),
  );
  const wentToo = objectsNamed(window, 'persistentvolumeclaims', unused).some((life) => wentAfter(life, claim));
  const doubt = wentToo ? undefined : `no unused claim was deleted and went after ${name}`;
  return unlessInDoubt(doubt, usedBy === undefined ? stays : together(stays, usedBy(user)));
}

/** The Pod that mounts the claim, and is so far, from the window's first moment to its last. */
function userOf(window: Window, set: OrdinalSet, ordinal: number, claim: string, stage: Stage): PodLife | string {
  const pod = livesAt(livesOf(window, set), window.from).find((life) => life.ordinal === ordinal);
  const versions =
    pod === undefined ? [] : [changeAt(pod, window.from), ...pod.changes.filter((each) => each.index > window.from)];
  const uses = versions.every((change) => {
    if (change === undefined || change.type === 'deleted') return false;
    if (!stage.holds(change.object)) return false;
    return (change.object.spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === claim);
  });
  return pod !== undefined && uses
    ? pod
    : `${podNameOf(set, ordinal)} was not ${stage.words} with ${claim} throughout the window`;
}

function unprotected(life: ClaimLife | VolumeLife, finalizer: string, meanwhile: string): Breach | undefined {
  const what = life.first.resource === 'persistentvolumes' ? 'the volume' : 'the claim';
  if (life.gone !== undefined) return breach(`${what} ${life.name} was removed ${meanwhile}`, life.gone);
  const bare = life.changes.find(
    (change) => change.index >= (life.deletion?.index ?? Infinity) && !holds(change, finalizer),
  );
  return bare === undefined ? undefined : breach(`${what} ${life.name} lost its protection ${meanwhile}`, bare);
}

function holds(
  change: { readonly object: { readonly metadata: { readonly finalizers?: readonly string[] } } },
  finalizer: string,
): boolean {
  return (change.object.metadata.finalizers ?? []).includes(finalizer);
}

function wroteAndRead(window: Window, pod: PodLife, { moment, nonce }: Use): Findings {
  const output = window.observations('command', moment).find((each) => each.pod === pod.name);
  if (output === undefined) return undecided(`${pod.name} was not asked to write (${moment})`);
  return each([output], 'writes and reads', () =>
    output.exitCode === 0 && output.stdout.trim() === nonce
      ? undefined
      : breach(`${pod.name} could not write and read: “${(output.stdout + output.stderr).trim()}”`, output),
  );
}

function isDeletedWithItsData(volume: VolumeLife): boolean {
  return volume.changes.some((change) => deletionProtections.some((finalizer) => holds(change, finalizer)));
}

function emptied(
  window: Window,
  volume: VolumeLife,
  { before, after }: { readonly before: string; readonly after: string },
): Findings {
  const path = volume.first.object.spec?.hostPath?.path ?? volume.first.object.spec?.local?.path;
  const lookAt = (moment: string) =>
    window.history.entries.findLast(
      (entry) =>
        entry.kind === 'observation' &&
        entry.of === 'node' &&
        entry.moment === moment &&
        entry.index <= window.to &&
        path !== undefined &&
        entry.argv.includes(path),
    );
  const [first, last] = [lookAt(before), lookAt(after)];
  const wasThere = first !== undefined && 'stdout' in first && first.stdout.trim() === 'there';
  if (!wasThere || last === undefined || !('stdout' in last))
    return undecided(`the directory of ${volume.name} was not seen before, or not looked for after`);
  return each([last], 'directories', () =>
    last.stdout.trim() === 'absent' ? undefined : breach(`the directory of ${volume.name} is still there`, last),
  );
}
