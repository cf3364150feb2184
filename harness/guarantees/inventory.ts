import type { ResourceName } from '../history/objects.ts';
import { missingAtEnd } from './absence.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectAt, objectsOf, thereAt, type ObjectLife } from './objects.ts';

/** What a namespace is to hold: names by resource; one that ends with `*` stands for exactly one name that begins so. */
export type Inventory = Readonly<Partial<Record<ResourceName, readonly string[]>>>;

/** A label that objects carry, and the resources of which each object has to. */
export interface Labelled {
  readonly label: string;
  readonly value: string;
  readonly resources: readonly ResourceName[];
}

/**
 * "The kustomization.yaml contains all the resources": one `apply -k` creates these objects.
 *
 * Verified: within the span one `apply -k` was made, and it succeeded; when it was begun the namespace held no object of these resources; at the end it holds exactly these, each added after it was begun, and each that has
 * to carries the label.
 * Not verified: resources that are not named; what controllers make of the objects.
 */
export function theNamespaceHoldsExactly(inventory: Inventory, labelled: Labelled, span: Span = {}): Guarantee {
  const resources = resourcesOf(inventory);
  return guarantee('theNamespaceHoldsExactly', resources, span, (window) => {
    const applied = window.operations().filter(({ verb }) => verb === 'apply -k');
    const [invoked, answer, third] = applied;
    if (invoked?.phase !== 'invoked' || answer === undefined || third !== undefined)
      return undecided('there was not one apply -k in the span');
    if (answer.phase === 'indeterminate') return undecided(`it is not known how apply -k ended: ${answer.because}`);
    const found = resources.flatMap((resource) =>
      objectsOf(window, resource).filter((life) => life.first.index < invoked.index),
    );
    if (found[0] !== undefined) return undecided(`${found[0].first.resource}/${found[0].name} was there before`);
    const there = resources.flatMap((resource) => thereAt(objectsOf(window, resource), window.to));
    const refused = answer.phase === 'failed' ? [breach(`apply -k failed: ${answer.because ?? ''}`, answer)] : [];
    return unlessBroken(
      refused,
      together(
        each(expectedOf(inventory), 'objects that were to be made', ({ resource, name }) => {
          const count = there.filter((life) => life.first.resource === resource && isMeant(name, life.name)).length;
          return count === 1 ? undefined : missingAtEnd(window, `there are ${count} ${resource} called ${name}`);
        }),
        each(there, 'objects that are there', (life) => {
          const { resource } = life.first;
          if (!(inventory[resource] ?? []).some((name) => isMeant(name, life.name)))
            return breach(`${resource}/${life.name} was made as well`, life.first);
          if (!labelled.resources.includes(resource)) return undefined;
          return life.last.object.metadata.labels?.[labelled.label] === labelled.value
            ? undefined
            : breach(`${resource}/${life.name} is without the label ${labelled.label}=${labelled.value}`, life.last);
        }),
      ),
    );
  });
}

/**
 * "Run the following command to delete your Secret, Deployments, Services and PersistentVolumeClaims."
 *
 * Verified: when the span began exactly these objects were there; within it one `delete -k` was made, and at its end none of them is there, nor one of the same names made later, no other object of these resources, no
 * ReplicaSet and no Pod that the Deployments owned, and none of the volumes that the claims were bound to, each of which was to be deleted with its claim.
 * Not verified: that the disk was cleared.
 */
export function nothingIsLeftOf(inventory: Inventory, span: Span): Guarantee {
  const resources = [...new Set([...resourcesOf(inventory), 'replicasets', 'pods', 'persistentvolumes'] as const)];
  return guarantee('nothingIsLeftOf', resources, span, (window) => {
    const calls = window.operations().filter(({ verb }) => verb === 'delete -k');
    const unsure = calls.find(({ phase }) => phase === 'indeterminate');
    if (calls.length === 0) return undecided('there was no delete -k in the span');
    if (unsure !== undefined) return undecided(`it is not known how delete -k ended: ${unsure.because}`);
    const before = resourcesOf(inventory).flatMap((resource) => thereAt(objectsOf(window, resource), window.from));
    const missing = expectedOf(inventory).find(
      ({ resource, name }) => !before.some((life) => life.first.resource === resource && isMeant(name, life.name)),
    );
    if (missing !== undefined) return undecided(`${missing.resource}/${missing.name} was not there before`);
    const owned = ownedAtStart(window);
    const volumes = volumesAtStart(window, before);
    if (typeof volumes === 'string') return undecided(volumes);
    const left = resourcesOf(inventory).flatMap((resource) => thereAt(objectsOf(window, resource), window.to));
    return unlessBroken(
      left.map((life) => breach(`${life.first.resource}/${life.name} is still there`, life.last)),
      together(
        each(before, 'objects', (life) => stillThere(life)),
        each(owned, 'ReplicaSets and Pods of the Deployments', (life) => stillThere(life)),
        each(volumes, 'volumes', (life) => stillThere(life)),
      ),
    );
  });
}

function stillThere(life: ObjectLife) {
  return life.gone === undefined ? breach(`${life.first.resource}/${life.name} is still there`, life.last) : undefined;
}

/** ReplicaSets of Deployments, and Pods of those ReplicaSets, by their owners' uids. */
function ownedAtStart(window: Window): readonly ObjectLife[] {
  const ownedBy = (life: ObjectLife, uids: ReadonlySet<string>): boolean =>
    (life.last.object.metadata.ownerReferences ?? []).some(({ uid }) => uids.has(uid));
  const deployments = new Set(objectsOf(window, 'deployments').map(({ uid }) => uid));
  const sets = objectsOf(window, 'replicasets').filter((life) => ownedBy(life as ObjectLife, deployments));
  const uids = new Set(sets.map(({ uid }) => uid));
  const pods = objectsOf(window, 'pods').filter((life) => ownedBy(life as ObjectLife, uids));
  return [...sets, ...pods].filter(
    ({ gone }) => gone === undefined || gone.index > window.from,
  ) as readonly ObjectLife[];
}

function volumesAtStart(window: Window, before: readonly ObjectLife[]): readonly ObjectLife[] | string {
  const claims = before.filter(({ first }) => first.resource === 'persistentvolumeclaims');
  const volumes = thereAt(objectsOf(window, 'persistentvolumes'), window.from);
  const pairs = claims.map((claim) => ({
    claim,
    volume: volumes.find(({ last }) => last.object.spec?.claimRef?.uid === claim.uid),
  }));
  const unbound = pairs.find(({ volume }) => volume === undefined);
  if (unbound !== undefined) return `the claim ${unbound.claim.name} had no recorded volume`;
  const bound = pairs.map(({ volume }) => volume).filter((volume) => volume !== undefined);
  const retained = bound.find(
    (volume) => objectAt(volume, window.from)?.spec?.persistentVolumeReclaimPolicy !== 'Delete',
  );
  return retained === undefined ? (bound as readonly ObjectLife[]) : `the volume ${retained.name} is not to be deleted`;
}

function resourcesOf(inventory: Inventory): readonly ResourceName[] {
  return Object.keys(inventory) as readonly ResourceName[];
}

function expectedOf(inventory: Inventory): readonly { readonly resource: ResourceName; readonly name: string }[] {
  return resourcesOf(inventory).flatMap((resource) => (inventory[resource] ?? []).map((name) => ({ resource, name })));
}

function isMeant(name: string, found: string): boolean {
  return name.endsWith('*') ? found.startsWith(name.slice(0, -1)) : found === name;
}
