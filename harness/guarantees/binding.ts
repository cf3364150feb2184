import type { Change } from '../history/entries.ts';
import { conditionOf, describePod, isReady } from '../history/pods.ts';
import type { Recorded } from '../history/objects.ts';
import { admits } from './affinity.ts';
import { boundAt, claimAt, volumesOf, type VolumeLife } from './claims.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectsNamed, objectsOf, thereAt, type ObjectLife } from './objects.ts';

const resources = ['persistentvolumeclaims', 'persistentvolumes'] as const;
/** By these annotations of a claim a provisioner is asked for a volume, and on which node it is to be. */
const provisioningMarks = ['volume.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/selected-node'];

/**
 * "A PVC to PV binding is a one-to-one mapping, using a ClaimRef which is a bi-directional binding."
 *
 * Verified: in no recorded state are two claims Bound to one volume, nor two volumes Bound to one claim, by uid; the volume of each claim that ever
 * was Bound was seen to name that claim, by uid; and no volume passes from one claim to another without having been without one.
 * Not verified: claims and volumes of other namespaces. Volumes are recorded as far as they concern the story's own.
 */
export function bindingIsExclusive(span: Span = {}): Guarantee {
  return guarantee('bindingIsExclusive', resources, span, (window) => {
    const claims = window.changes('persistentvolumeclaims').filter(isBound);
    const volumes = window.changes('persistentvolumes').filter(isBound);
    return together(
      each(claims, 'states of Bound claims', (change) => rivalOf(window, change)),
      each(claims, 'claims bound to', (change) => unlessNamedBack(window, change)),
      each(volumes, 'states of Bound volumes', (change) => twinOf(window, change)),
      each(objectsOf(window, 'persistentvolumes'), 'volumes', handedOn),
    );
  });
}

/**
 * "WaitForFirstConsumer … will delay the binding and provisioning of a PersistentVolume until a Pod using the PersistentVolumeClaim is created."
 *
 * Verified: within the span the claim was made; to its end no Pod mounts it, it is Pending in every state, names no volume, no provisioner was asked
 * for one, and no volume is for it. The claim `consumed`, of the same class and made later, has a Pod and is Bound at the end: so whoever provisions
 * and binds for that class was at work, and had heard of the other claim first.
 * Not verified: how long it would stay so.
 */
export function nothingIsProvisionedWithoutAPod(claimName: string, consumed: string, span: Span): Guarantee {
  return guarantee('nothingIsProvisionedWithoutAPod', ['pods', ...resources], span, (window) => {
    const claim = claimAt(window, claimName, window.to);
    if (claim?.first.type !== 'added' || claim.first.index <= window.from)
      return undecided(`the claim ${claimName} was not made within the span`);
    const user = window.changes('pods').find(({ object }) => mounts(object, claimName));
    if (user !== undefined) return undecided(`${user.object.metadata.name} mounts ${claimName}`);
    const [volume] = volumesOf(objectsOf(window, 'persistentvolumes'), claim);
    const findings = each(claim.changes, 'states of a claim without a Pod', (change) => {
      if (volume !== undefined)
        return breach(`there is a volume for ${claimName}, which no Pod uses`, change, volume.first);
      const { object } = change;
      const { spec, status } = object;
      const asked = provisioningMarks.find((mark) => object.metadata.annotations?.[mark] !== undefined);
      if (asked !== undefined)
        return breach(`a volume was asked for ${claimName}, which no Pod uses (${asked})`, change);
      const isWaiting = spec?.volumeName === undefined && (status?.phase ?? 'Pending') === 'Pending';
      return isWaiting ? undefined : breach(`${claimName} is ${status?.phase} without a Pod`, change);
    });
    const other = boundAt(window, consumed, window.to);
    const isWitness =
      typeof other !== 'string' &&
      other.claim.first.index > claim.first.index &&
      other.claim.last.object.spec?.storageClassName === claim.last.object.spec?.storageClassName;
    return unlessInDoubt(isWitness ? undefined : `no later claim of the same class was bound meanwhile`, findings);
  });
}

/**
 * "PersistentVolumes will be selected or provisioned conforming to the topology that is specified by the Pod's scheduling constraints."
 *
 * Verified: the Pod, which may run on one node only, runs there, Ready, at the end of the span; its claim is Bound, and the node affinity of the
 * volume admits that node by its labels, as it admits the node that the scheduler had chosen when the volume was made.
 * Not verified: that a volume without an affinity can be used from everywhere (see `aPodRunsOnlyWhereItsVolumeIs`).
 */
export function theVolumeSuitsThePod(podName: string, claimName: string, span: Span): Guarantee {
  return guarantee('theVolumeSuitsThePod', ['pods', 'nodes', ...resources], span, (window) => {
    const pod = thereAt(objectsNamed(window, 'pods', podName), window.to).at(-1);
    if (pod === undefined || !mounts(pod.last.object, claimName))
      return undecided(`there is no Pod ${podName} that mounts ${claimName}`);
    if (Object.keys(pod.last.object.spec?.nodeSelector ?? {}).length === 0)
      return undecided(`${podName} may run anywhere`);
    const bound = boundAt(window, claimName, window.to);
    return each([pod], 'Pods with their volumes', () => {
      if (typeof bound === 'string') return breach(`${bound}, although ${podName} needs it`, pod.last);
      const terms = bound.volume.last.object.spec?.nodeAffinity?.required?.nodeSelectorTerms;
      const chosen = bound.claim.last.object.metadata.annotations?.['volume.kubernetes.io/selected-node'];
      const unfit = nodesFor(window, pod, chosen).find((node) => !admits(terms, node));
      if (unfit !== undefined)
        return breach(
          `the volume of ${claimName} cannot be used from ${unfit.metadata.name}, where ${podName} is to run`,
          bound.volume.last,
          pod.last,
        );
      return isReady(pod.last.object) ? undefined : breach(describePod(pod.last.object), pod.last, bound.volume.last);
    });
  });
}

/**
 * A volume that is on one node keeps the Pods that use it there.
 *
 * Verified: the Pod, which may not run on the node where the volume is in use, was given no node and told so; or it was given one that the volume's node
 * affinity admits, and read the word that was written there. A node that the affinity forbids breaks the promise by itself: nothing would run there.
 * Not verified: nodes that could not have taken the Pod anyway.
 */
export function aPodRunsOnlyWhereItsVolumeIs(podName: string, claimName: string, nonce: string, span: Span): Guarantee {
  return guarantee('aPodRunsOnlyWhereItsVolumeIs', ['pods', 'nodes', ...resources], span, (window) => {
    const pod = thereAt(objectsNamed(window, 'pods', podName), window.to).at(-1);
    if (pod === undefined || !mounts(pod.last.object, claimName))
      return undecided(`there is no Pod ${podName} that mounts ${claimName}`);
    const placed = pod.changes.find((change) => change.object.spec?.nodeName !== undefined);
    const refused = pod.changes.some((change) => conditionOf(change.object, 'PodScheduled') === 'False');
    if (placed === undefined)
      return refused
        ? each([pod], 'Pods kept from other nodes', () => undefined)
        : undecided(`${podName} was not tried`);
    const node = placed.object.spec?.nodeName;
    const forbidding = volumeThatForbids(window, claimName, node);
    if (forbidding !== undefined)
      return each([pod], 'Pods on other nodes', () =>
        breach(
          `${podName} was given ${node}, from where the volume of ${claimName} cannot be used`,
          placed,
          forbidding.last,
        ),
      );
    const read = window.observations('command').findLast((output) => output.pod === podName);
    if (read === undefined) return undecided(`${podName} was given ${node}, and nobody looked into its volume`);
    return each([pod], 'Pods on other nodes', () =>
      read.stdout.trim() === nonce ? undefined : breach(`${podName} runs on ${node}, without its data`, placed, read),
    );
  });
}

/**
 * "Immediate … indicates that volume binding and dynamic provisioning occurs once the PersistentVolumeClaim is created."
 *
 * Verified: the claim was made within the span and is Bound at its end, to a volume that is bound to it by uid; until then the namespace had no Pod.
 * Not verified: how soon; the story waits for it only so long.
 */
export function claimIsBoundWithoutAPod(claimName: string, span: Span): Guarantee {
  return guarantee('claimIsBoundWithoutAPod', ['pods', ...resources], span, (window) => {
    const [pod] = window.history.changes('pods', -1, window.to);
    if (pod !== undefined) return undecided(`there was a Pod, ${pod.object.metadata.name}`);
    const claim = claimAt(window, claimName, window.to);
    if (claim?.first.type !== 'added' || claim.first.index <= window.from)
      return undecided(`the claim ${claimName} was not made within the span`);
    const bound = boundAt(window, claimName, window.to);
    return each([claim], 'claims without a Pod', () =>
      typeof bound === 'string' ? breach(bound, claim.last) : undefined,
    );
  });
}

function isBound({ type, object }: Change<'persistentvolumeclaims'> | Change<'persistentvolumes'>): boolean {
  return type !== 'deleted' && object.status?.phase === 'Bound';
}

/** Another claim that is Bound to the same volume at the same point. */
function rivalOf(window: Window, change: Change<'persistentvolumeclaims'>): Breach | undefined {
  const { spec, metadata } = change.object;
  const others = thereAt(objectsOf(window, 'persistentvolumeclaims'), change.index).map((life) =>
    life.changes.findLast((each) => each.index <= change.index),
  );
  const rival = others.find(
    (other) =>
      other !== undefined &&
      other.object.metadata.uid !== metadata.uid &&
      isBound(other) &&
      other.object.spec?.volumeName === spec?.volumeName,
  );
  return rival === undefined
    ? undefined
    : breach(`${rival.object.metadata.name} and ${metadata.name} are Bound to one volume`, rival, change);
}

/** Another volume that is Bound to the same claim at the same point. */
function twinOf(window: Window, change: Change<'persistentvolumes'>): Breach | undefined {
  const { spec, metadata } = change.object;
  const others = thereAt(objectsOf(window, 'persistentvolumes'), change.index).map((life) =>
    life.changes.findLast((each) => each.index <= change.index),
  );
  const twin = others.find(
    (other) =>
      other !== undefined &&
      other.object.metadata.uid !== metadata.uid &&
      isBound(other) &&
      other.object.spec?.claimRef?.uid === spec?.claimRef?.uid,
  );
  return twin === undefined ? undefined : breach(`two volumes are Bound to ${spec?.claimRef?.name}`, twin, change);
}

/** Volumes come on another connection than claims, so this asks only whether the volume ever named the claim. */
function unlessNamedBack(window: Window, change: Change<'persistentvolumeclaims'>): Breach | undefined {
  const { spec, metadata } = change.object;
  const isNamed = objectsNamed(window, 'persistentvolumes', spec?.volumeName ?? '').some((volume) =>
    volume.changes.some(({ object }) => object.spec?.claimRef?.uid === metadata.uid),
  );
  return isNamed ? undefined : breach(`${metadata.name} is Bound to ${spec?.volumeName}, which never named it`, change);
}

function handedOn(volume: ObjectLife<'persistentvolumes'>): Breach | undefined {
  const position = volume.changes.findIndex((change, at) => {
    const before = volume.changes[at - 1]?.object.spec?.claimRef?.uid;
    const now = change.object.spec?.claimRef?.uid;
    return before !== undefined && now !== undefined && before !== now;
  });
  const [before, after] = [volume.changes[position - 1], volume.changes[position]];
  if (before === undefined || after === undefined) return undefined;
  return breach(`the volume ${volume.name} was handed from one claim to another`, before, after);
}

function mounts(pod: Recorded<'pods'>, claim: string): boolean {
  return (pod.spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === claim);
}

/** The volume of this claim, if its node affinity does not admit this node. */
function volumeThatForbids(window: Window, claimName: string, nodeName: string | undefined): VolumeLife | undefined {
  const bound = boundAt(window, claimName, window.to);
  const node = [...window.stateAtEnd('nodes').values()].find(({ metadata }) => metadata.name === nodeName);
  if (typeof bound === 'string' || node === undefined) return undefined;
  const terms = bound.volume.last.object.spec?.nodeAffinity?.required?.nodeSelectorTerms;
  return admits(terms, node) ? undefined : bound.volume;
}

/** The node the Pod runs on, those its node selector leaves it, and the one that was chosen for its volume. */
function nodesFor(window: Window, pod: ObjectLife<'pods'>, chosen: string | undefined): readonly Recorded<'nodes'>[] {
  const { nodeName, nodeSelector = {} } = pod.last.object.spec ?? {};
  return [...window.stateAtEnd('nodes').values()].filter(({ metadata }) => {
    const isAllowed = Object.entries(nodeSelector).every(([label, value]) => metadata.labels?.[label] === value);
    return isAllowed || metadata.name === nodeName || metadata.name === chosen;
  });
}
