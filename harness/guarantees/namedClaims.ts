import { missingAtEnd } from './absence.ts';
import { claimAt } from './claims.ts';
import { defaultClassesIn } from './defaultClass.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectsNamed } from './objects.ts';
import { doubtAboutMaker, unbound, unlikeAsked, unprovisioned, type AskedStorage } from './storage.ts';

/**
 * "When a StorageClass is not specified in the PersistentVolumeClaim, the cluster's default StorageClass is used instead."
 *
 * Verified: what was built to be applied asks for no class in these claims; each claim was made within the span; its first change names the class, and so does every later one, that the API server, asked at that moment, calls the
 * one default.
 * Not verified: a default that is named later than the claim.
 */
export function claimsTakeTheDefaultClass(
  names: readonly string[],
  moments: { readonly built: string; readonly classes: string },
  span: Span = {},
): Guarantee {
  return guarantee('claimsTakeTheDefaultClass', ['persistentvolumeclaims'], span, (window) => {
    const built = window.history.entries.find(
      (entry) => entry.kind === 'observation' && entry.of === 'manifest' && entry.moment === moments.built,
    );
    if (built?.kind !== 'observation' || built.of !== 'manifest')
      return undecided(`nothing was built (${moments.built})`);
    const manifests = built.objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');
    const unbuilt = names.find((name) => !manifests.some(({ metadata }) => metadata.name === name));
    if (unbuilt !== undefined) return undecided(`no claim ${unbuilt} was built (${moments.built})`);
    const defaults = window.observations('api', moments.classes).flatMap(defaultClassesIn);
    const [className] = defaults;
    if (className === undefined || defaults.length > 1)
      return undecided(`it is not known which StorageClass is the default: ${defaults.join(', ') || 'none'}`);
    return together(
      each(manifests, 'claims that were written', ({ metadata, spec }) => {
        const asked = (spec as { readonly storageClassName?: string } | undefined)?.storageClassName;
        return asked === undefined ? undefined : breach(`${metadata.name} asks for the class “${asked}”`, built);
      }),
      each(names, 'claims', (name) => ofAnotherClass(window, name, className)),
    );
  });
}

function ofAnotherClass(window: Window, name: string, className: string): Breach | undefined {
  const life = objectsNamed(window, 'persistentvolumeclaims', name).at(-1);
  if (life === undefined) return missingAtEnd(window, `there was no claim ${name}`);
  if (life.first.type !== 'added' || life.first.index <= window.from)
    return breach(`${name} was there before`, life.first);
  const odd = life.changes.find(({ object }) => object.spec?.storageClassName !== className);
  return odd === undefined
    ? undefined
    : breach(`${name} is of the class “${odd.object.spec?.storageClassName}”, the default is ${className}`, odd);
}

/**
 * "mysql-pv-claim   Bound   pvc-8cbd7b2e-…   20Gi   RWO".
 *
 * Verified: each claim was made within the span, was Pending first and Bound then, never the other way; at its end it is Bound to a volume that is Bound back to it by uid, was made after the recording began by the
 * provisioner it names, is of the claim's class, has exactly this capacity and these access modes; no two share one; this run made no volume.
 * Not verified: how long it took; that the volume has so much room.
 */
export function claimsComeToBeBound(names: readonly string[], asked: AskedStorage, span: Span = {}): Guarantee {
  const resources = ['persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('claimsComeToBeBound', resources, span, (window) => {
    const volumes = names.map((name) => claimAt(window, name, window.to)?.last.object.spec?.volumeName);
    const findings = together(
      each(names, 'claims', (name) => unbound(window, name)),
      each(names, 'phases of claims', (name) => notPendingThenBound(window, name)),
      each(names, 'volumes', (name) => unlikeAsked(window, name, asked) ?? unprovisioned(window, name)),
      each(names, 'claims with a volume of their own', (name, position) => {
        const twin = volumes.indexOf(volumes[position]);
        return twin === position ? undefined : missingAtEnd(window, `${names[twin]} and ${name} have no two volumes`);
      }),
    );
    return unlessInDoubt(doubtAboutMaker(window, 'persistentvolumes'), findings);
  });
}

function notPendingThenBound(window: Window, name: string): Breach | undefined {
  const changes = objectsNamed(window, 'persistentvolumeclaims', name).at(-1)?.changes ?? [];
  const [first] = changes;
  if (first === undefined) return missingAtEnd(window, `there was no claim ${name}`);
  const phases = changes.map(({ object }) => object.status?.phase);
  if (phases[0] !== 'Pending') return breach(`${name} was ${phases[0] ?? 'without a phase'} at first`, first);
  const bound = phases.indexOf('Bound');
  const odd = changes.find((_, position) => bound >= 0 && position > bound && phases[position] !== 'Bound');
  return odd === undefined ? undefined : breach(`${name} was Bound, and then ${odd.object.status?.phase}`, odd);
}
