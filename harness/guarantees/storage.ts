import type { Change } from '../history/entries.ts';
import { claimNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { livesOf } from './lives.ts';
import { objectsNamed, thereAt } from './objects.ts';
import { bytesOf } from './quantity.ts';

/**
 * "NAME … www-web-0 … www-web-1": claims are named <template>-<set>-<ordinal>, one for each Pod.
 *
 * Verified: at the end of the span the namespace holds exactly these claims, and no other was ever seen; every change of each of the set's Pods refers to its own claim under the name of the
 * template.
 * Not verified: whether the claims are bound (see `eachClaimHasAVolumeOfItsOwn`).
 */
export function claimsAreExactly(set: OrdinalSet, ordinals: readonly number[], span: Span = {}): Guarantee {
  return guarantee('claimsAreExactly', ['pods', 'persistentvolumeclaims'], span, (window) => {
    const expected = claimNames(set, ordinals);
    const pods = livesOf(window, set).flatMap(({ ordinal, changes }) => changes.map((change) => ({ ordinal, change })));
    return together(
      each(expected, 'claims', (name) =>
        claimAtEnd(window, name) === undefined ? missingAtEnd(window, `there was no claim ${name}`) : undefined,
      ),
      withoutStrangers(window, expected),
      each(pods, 'changes of Pods', ({ ordinal, change }) => refersElsewhere(set, ordinal, change)),
    );
  });
}

/**
 * "kubectl get pvc -l app=nginx" lists the claims.
 *
 * Verified: at every change in the span each of these claims carries every label that the set selects its Pods by.
 * Not verified: further labels.
 */
export function claimsCarryTheSelector(set: OrdinalSet, ordinals: readonly number[], span: Span = {}): Guarantee {
  return guarantee('claimsCarryTheSelector', ['persistentvolumeclaims', 'statefulsets'], span, (window) => {
    const stored = [...window.stateAtEnd('statefulsets').values()].find((each) => each.metadata.name === set.name);
    const labels = Object.entries(stored?.spec?.selector?.matchLabels ?? {});
    if (labels.length === 0) return undecided(`no labels are known that ${set.name} selects by`);
    const names = claimNames(set, ordinals);
    return together(
      ...nonEmpty(
        names.map((name) => {
          const changes = window
            .changes('persistentvolumeclaims')
            .filter((change) => change.object.metadata.name === name);
          if (changes.length === 0)
            return each([name], 'claims', () => missingAtEnd(window, `there was no claim ${name}`));
          return each(changes, 'changes of claims', (change) => {
            const wrong = labels.find(([label, value]) => change.object.metadata.labels?.[label] !== value);
            return wrong === undefined ? undefined : breach(`${name} is without the label ${wrong.join('=')}`, change);
          });
        }),
      ),
    );
  });
}

/** What a claim template asks for. */
export interface AskedStorage {
  readonly storage: string;
  readonly accessModes: readonly string[];
}

/**
 * "The StatefulSet controller created two PersistentVolumeClaims that are bound to two PersistentVolumes."
 *
 * Verified: each claim was made within the span, and not by this run; at its end each is Bound to a volume of its own that is Bound back to it by uid, offers at least the storage asked for
 * and exactly the access modes.
 * Not verified: that the volume really has that much room.
 */
export function eachClaimHasAVolumeOfItsOwn(
  set: OrdinalSet,
  ordinals: readonly number[],
  asked: AskedStorage,
  span: Span = {},
): Guarantee {
  const resources = ['persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('eachClaimHasAVolumeOfItsOwn', resources, span, (window) => {
    const names = claimNames(set, ordinals);
    const volumes = names.map((name) => claimAtEnd(window, name)?.object.spec?.volumeName);
    const findings = together(
      each(names, 'claims', (name) => unbound(window, name)),
      each(names, 'volumes', (name) => unlikeAsked(window, name, asked)),
      each(names, 'claims with a volume of their own', (name, position) => {
        const volume = volumes[position];
        const twin = volumes.indexOf(volume);
        const change = claimAtEnd(window, name);
        if (volume === undefined || change === undefined || twin === position) return undefined;
        return breach(`${names[twin]} and ${name} share the volume ${volume}`, change);
      }),
    );
    return unlessInDoubt(doubtAboutMaker(window, 'persistentvolumeclaims'), findings);
  });
}

/**
 * "As the cluster … is configured to dynamically provision PersistentVolumes, the PersistentVolumes were created and bound automatically."
 *
 * Verified: each claim is Bound to a volume that was made after the recording began, names its provisioner in the annotation `pv.kubernetes.io/provisioned-by` and is of
 * the claim's storage class, which is not empty; this run made no volume.
 * Not verified: that the provisioner is the one of the class.
 */
export function volumesAreProvisioned(set: OrdinalSet, ordinals: readonly number[], span: Span = {}): Guarantee {
  const resources = ['persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('volumesAreProvisioned', resources, span, (window) => {
    const names = claimNames(set, ordinals);
    const findings = together(
      each(names, 'claims', (name) => unbound(window, name)),
      each(names, 'volumes', (name) => unprovisioned(window, name)),
    );
    return unlessInDoubt(doubtAboutMaker(window, 'persistentvolumes'), findings);
  });
}

/**
 * "PVC never Pending": what the Pods come back to is there all the time.
 *
 * Verified: each of these claims was Bound when the span began, and every change of a claim of its name in the span leaves it Bound to that volume.
 * Not verified: the volume itself (see `claimsAreKept`).
 */
export function noClaimIsEverPending(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('noClaimIsEverPending', ['persistentvolumeclaims'], span, (window) => {
    const names = claimNames(set, ordinals);
    const before = names.map((name) =>
      [...window.stateAtStart('persistentvolumeclaims').values()].find((claim) => claim.metadata.name === name),
    );
    const missing = before.findIndex((claim) => claim?.status?.phase !== 'Bound');
    if (missing >= 0) return undecided(`the claim ${names[missing]} was not Bound when the span began`);
    return each(names, 'claims', (name, position) => {
      const volume = before[position]?.spec?.volumeName;
      const lost = window
        .changes('persistentvolumeclaims')
        .filter((change) => change.object.metadata.name === name)
        .find(
          ({ type, object }) =>
            type === 'deleted' || object.status?.phase !== 'Bound' || object.spec?.volumeName !== volume,
        );
      return lost === undefined ? undefined : breach(`the claim ${name} was not Bound to ${volume} all the time`, lost);
    });
  });
}

function claimNames(set: OrdinalSet, ordinals: readonly number[]): readonly string[] {
  return ordinals.flatMap((ordinal) => set.claimTemplates.map((template) => claimNameOf(set, ordinal, template)));
}

function nonEmpty(findings: readonly Findings[]): readonly [Findings, ...Findings[]] {
  const [first, ...rest] = findings;
  return [first ?? undecided('no claim was asked about'), ...rest];
}

/** The last change of the claim of that name, unless it is gone at the end. */
function claimAtEnd(window: Window, name: string): Change<'persistentvolumeclaims'> | undefined {
  return thereAt(objectsNamed(window, 'persistentvolumeclaims', name), window.to).at(-1)?.last;
}

/** The volume that a claim names, as its last change shows it. */
export function volumeAtEnd(window: Window, claim: string): Change<'persistentvolumes'> | undefined {
  const name = claimAtEnd(window, claim)?.object.spec?.volumeName;
  return name === undefined
    ? undefined
    : thereAt(objectsNamed(window, 'persistentvolumes', name), window.to).at(-1)?.last;
}

/** Claims of other names break the promise; that there are none is nothing to count. */
function withoutStrangers(window: Window, expected: readonly string[]): Findings {
  return each(window.changes('persistentvolumeclaims'), 'changes of claims', (change) => {
    const { name } = change.object.metadata;
    return expected.includes(name) ? undefined : breach(`there was a claim ${name}`, change);
  });
}

function refersElsewhere(set: OrdinalSet, ordinal: number, change: Change<'pods'>): Breach | undefined {
  const { metadata, spec } = change.object;
  const claimAs = (template: string): string | undefined =>
    spec?.volumes?.find((each) => each.name === template)?.persistentVolumeClaim?.claimName;
  const other = set.claimTemplates.find((template) => claimAs(template) !== claimNameOf(set, ordinal, template));
  return other === undefined
    ? undefined
    : breach(`${metadata.name} has ${claimAs(other) ?? 'no claim'} as ${other}`, change);
}

/** Whatever this run makes by a call of its own is in the history. */
export function doubtAboutMaker(window: Window, resource: string): string | undefined {
  const own = window
    .operations()
    .find(({ verb, target }) => target.startsWith(`${resource}/`) && ['create', 'apply', 'patch'].includes(verb));
  return own === undefined ? undefined : `this run made it itself: ${own.verb} ${own.target}`;
}

/** Why the claim, made within the window, is not bound to a volume of its own. */
export function unbound(window: Window, name: string): Breach | undefined {
  const claim = claimAtEnd(window, name);
  if (claim === undefined) return missingAtEnd(window, `there was no claim ${name}`);
  const life = objectsNamed(window, 'persistentvolumeclaims', name).at(-1);
  if (life !== undefined && (life.first.type !== 'added' || life.first.index <= window.from))
    return breach(`the claim ${name} was there before`, life.first);
  const volume = volumeAtEnd(window, name);
  if (claim.object.status?.phase !== 'Bound' || volume === undefined)
    return breach(
      `the claim ${name} is ${claim.object.status?.phase ?? 'without a phase'}, its volume ${claim.object.spec?.volumeName ?? 'none'}`,
      claim,
    );
  if (volume.object.spec?.claimRef?.uid === claim.object.metadata.uid && volume.object.status?.phase === 'Bound')
    return undefined;
  return breach(`the volume of ${name} is not Bound back to it`, claim, volume);
}

/** Why the volume does not offer what the claim asks for. */
export function unlikeAsked(window: Window, name: string, asked: AskedStorage): Breach | undefined {
  const volume = volumeAtEnd(window, name);
  if (volume === undefined) return missingAtEnd(window, `the claim ${name} has no volume`);
  const { capacity, accessModes } = volume.object.spec ?? {};
  const storage = capacity?.['storage'] ?? '';
  const enough = bytesOf(asked.storage) ?? Infinity;
  if ((bytesOf(storage) ?? 0) < enough) return breach(`the volume of ${name} offers “${storage}”`, volume);
  const modes = (accessModes ?? []).toSorted().join(', ');
  return modes === asked.accessModes.toSorted().join(', ')
    ? undefined
    : breach(`the volume of ${name} has the access modes ${modes}`, volume);
}

/** Why the claim's volume was not provisioned for it within the window. */
export function unprovisioned(window: Window, name: string): Breach | undefined {
  const claim = claimAtEnd(window, name);
  const volume = volumeAtEnd(window, name);
  if (claim === undefined || volume === undefined) return missingAtEnd(window, `the claim ${name} has no volume`);
  const first = objectsNamed(window, 'persistentvolumes', volume.object.metadata.name).at(-1)?.first;
  if (first?.type !== 'added' || first.index <= window.from)
    return breach(`the volume of ${name} was there before`, first ?? volume);
  if ((volume.object.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] ?? '') === '')
    return breach(`the volume of ${name} names no provisioner`, volume);
  const asked = claim.object.spec?.storageClassName ?? '';
  if (asked !== '' && volume.object.spec?.storageClassName === asked) return undefined;
  return breach(
    `the volume of ${name} is of class ${volume.object.spec?.storageClassName}, the claim of “${asked}”`,
    claim,
    volume,
  );
}
