import type { Change } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { claimNameOf, isControlledBy, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { breach, each, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, deletionsOf, isReadyAt, livesAt, livesOf, strangersOf, type PodLife } from './lives.ts';
import { objectsNamed, objectsOf, thereAt } from './objects.ts';
import { setAt } from './revisions.ts';

/**
 * "`kubectl scale --replicas=5`": the replica count is set through the set's `/scale` subresource.
 *
 * Verified: the set asked for another number when the span began and asks for this one at its end; by the server's own
 * book of managed fields it was the `scale` subresource that wrote `spec.replicas`.
 * Not verified: what the controller does about it (see `exactlyTheseAreLaunched`).
 */
export function replicasAreSetThroughScale(set: OrdinalSet, replicas: number, span: Span): Guarantee {
  return guarantee('replicasAreSetThroughScale', ['statefulsets'], span, (window) => {
    const before = setAt(window, set, 'start');
    if (before === undefined || before.spec?.replicas === replicas)
      return undecided(`${set.name} was not there with another number of replicas when the span began`);
    if (setAt(window, set, 'end')?.spec?.replicas !== replicas)
      return each([replicas], 'replica counts', () =>
        missingAtEnd(window, `${set.name} does not ask for ${replicas} replicas`),
      );
    const written = window
      .changes('statefulsets')
      .filter(({ object }) => object.metadata.name === set.name && object.spec?.replicas === replicas);
    if (written.some(({ object }) => (object.metadata.managedFields ?? []).length === 0))
      return undecided(`the recording does not tell who manages the fields of ${set.name}`);
    return each(written, `changes of the set with ${replicas} replicas`, (change) =>
      isWrittenThroughScale(change.object)
        ? undefined
        : breach('spec.replicas was not written through the scale subresource', change),
    );
  });
}

/**
 * "… and three more Pods are launched."
 *
 * Verified: the Pods added in the span are exactly those of these ordinals, each once and controlled by the set; at the
 * end they are Running and Ready; the set never controls a Pod of a name that is not its own.
 * Not verified: their order.
 */
export function exactlyTheseAreLaunched(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('exactlyTheseAreLaunched', ['pods'], span, (window) => {
    const additions = additionsOf(window, set);
    const surplus = additions.filter(
      (life, position) =>
        !ordinals.includes(life.ordinal) ||
        additions.findIndex((each) => each.ordinal === life.ordinal) < position ||
        !isControlledBy(set, life.first.object),
    );
    return unlessBroken(
      [
        ...surplus.map((life) => breach(`${life.name} was added as well`, life.first)),
        ...strangersOf(window, set).map((change) => breach(`${set.name} made ${change.object.metadata.name}`, change)),
      ],
      each(ordinals, 'Pods to be launched', (ordinal) => {
        const life = additions.find((each) => each.ordinal === ordinal);
        if (life === undefined) return missingAtEnd(window, `${podNameOf(set, ordinal)} was not added`);
        return isReadyAt(life, window.to) ? undefined : breach(`${life.name} is not Running and Ready`, life.last);
      }),
    );
  });
}

/**
 * "… each with a claim of its own": a Pod that scaling adds brings new storage.
 *
 * Verified: every Pod added in the span mounts, for each claim template, the claim named after the template and itself;
 * this claim was made within the span and not after the Pod became Ready (by the server's clock), is Bound at the end,
 * and its volume belongs to no other claim.
 * Not verified: the volume's size and class.
 */
export function eachNewPodGetsNewClaims(set: OrdinalSet, span: Span): Guarantee {
  return guarantee(
    'eachNewPodGetsNewClaims',
    ['pods', 'persistentvolumeclaims', 'persistentvolumes'],
    span,
    (window) => {
      const additions = additionsOf(window, set);
      const unready = additions.find((life) => life.ready === undefined);
      if (unready !== undefined)
        return undecided(`${unready.name} never became Ready, so its claims may be still on their way`);
      return each(additions, 'added Pods', (life) => problemOfClaims(window, set, life));
    },
  );
}

/**
 * "Patching `spec.replicas` from 5 to 3": exactly the highest ordinals go.
 *
 * Verified: the set asked for more when the span began and asks for this number at its end; the Pods that were deleted
 * in the span are exactly those of ordinals from that number up, each of them is gone, and none is added.
 * Not verified: their order; the Pods below (see `eachPodIsUntouched`).
 */
export function exactlyTheHighestAreRemoved(set: OrdinalSet, replicas: number, span: Span): Guarantee {
  return guarantee('exactlyTheHighestAreRemoved', ['pods', 'statefulsets'], span, (window) => {
    const before = setAt(window, set, 'start')?.spec?.replicas ?? 0;
    if (before <= replicas)
      return undecided(`${set.name} did not have more than ${replicas} replicas when the span began`);
    if (setAt(window, set, 'end')?.spec?.replicas !== replicas)
      return undecided(`${set.name} does not ask for ${replicas} replicas at the end of the span`);
    const condemned = livesAt(livesOf(window, set), window.from).filter((life) => life.ordinal >= replicas);
    const others = deletionsOf(window, set).filter((life) => !condemned.some((each) => each.uid === life.uid));
    return unlessBroken(
      [
        ...additionsOf(window, set).map((life) => breach(`${life.name} was added`, life.first)),
        ...others.map((life) => breach(`${life.name} was deleted as well`, life.deletion ?? life.last)),
      ],
      condemned.length === before - replicas
        ? each(condemned, 'Pods above the new size', (life) =>
            life.gone === undefined ? breach(`${life.name} is still there`, life.last) : undefined,
          )
        : undecided(`${set.name} did not have ${before} Pods when the span began`),
    );
  });
}

/**
 * "The controller deleted one Pod at a time, in reverse order with respect to its ordinal index": the order.
 *
 * Verified: the first Pod whose deletion begins in the span is the highest there is, and each later one has the next
 * lower ordinal.
 * Not verified: that they wait for each other (see `eachPodIsGoneBeforeTheNextIsDeleted`).
 */
export function podsAreDeletedInReverseOrder(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('podsAreDeletedInReverseOrder', ['pods'], span, (window) => {
    const deletions = deletionsOf(window, set);
    const highest = livesAt(livesOf(window, set), window.from).toSorted((a, b) => b.ordinal - a.ordinal)[0];
    const [first] = deletions;
    const startsLow = first !== undefined && highest !== undefined && first.ordinal < highest.ordinal;
    return unlessBroken(
      startsLow
        ? [
            breach(
              `${first.name} was deleted first, with ${highest.name} there`,
              highest.first,
              first.deletion ?? first.last,
            ),
          ]
        : [],
      each(deletions.slice(1), 'deletions that follow another', (life, position) => {
        const before = deletions[position];
        if (before === undefined || life.ordinal === before.ordinal - 1) return undefined;
        return breach(
          `${life.name} was deleted right after ${before.name}`,
          before.deletion ?? before.last,
          life.deletion ?? life.last,
        );
      }),
    );
  });
}

/**
 * "… and it waited for each to be completely shutdown before deleting the next."
 *
 * Verified: whenever the deletion of a Pod begins in the span, no other Pod of the set is Terminating: those deleted
 * before are gone from the API.
 * Not verified: that their processes ended (see `eachPodHasStoppedWhenItIsGone`).
 */
export function eachPodIsGoneBeforeTheNextIsDeleted(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('eachPodIsGoneBeforeTheNextIsDeleted', ['pods'], span, (window) => {
    const lives = livesOf(window, set);
    return each(deletionsOf(window, set).slice(1), 'deletions that follow another', (life) => {
      const since = life.deletion?.index ?? life.last.index;
      const leaving = livesAt(lives, since - 1).find(
        (other) => other.uid !== life.uid && other.deletion !== undefined && other.deletion.index < since,
      );
      if (leaving === undefined) return undefined;
      return breach(
        `${life.name} was deleted while ${leaving.name} was Terminating`,
        leaving.deletion ?? leaving.last,
        life.deletion ?? life.last,
      );
    });
  });
}

function isWrittenThroughScale(set: Recorded<'statefulsets'>): boolean {
  return (set.metadata.managedFields ?? []).some((entry) => {
    const fields = entry.fieldsV1 as { readonly 'f:spec'?: { readonly 'f:replicas'?: object } } | undefined;
    return entry.subresource === 'scale' && fields?.['f:spec']?.['f:replicas'] !== undefined;
  });
}

function claimNamesOf(set: OrdinalSet, ordinal: number): readonly string[] {
  return set.claimTemplates.map((template) => claimNameOf(set, ordinal, template));
}

function problemOfClaims(window: Window, set: OrdinalSet, life: PodLife): Breach | undefined {
  const pod = life.ready ?? life.last;
  const mounted = (pod.object.spec?.volumes ?? [])
    .map((volume) => volume.persistentVolumeClaim?.claimName)
    .filter((name) => name !== undefined);
  const expected = claimNamesOf(set, life.ordinal);
  if (expected.length === 0 || mounted.toSorted().join() !== expected.toSorted().join())
    return breach(`${life.name} mounts ${mounted.join(', ') || 'no claim'}`, pod);
  const problem = expected.map((name) => problemOfClaim(window, name, pod)).find((each) => each !== undefined);
  return problem;
}

function problemOfClaim(window: Window, name: string, pod: Change<'pods'>): Breach | undefined {
  const [claim, another] = objectsNamed(window, 'persistentvolumeclaims', name);
  if (claim === undefined) return breach(`there is no claim ${name}`, pod);
  if (another !== undefined) return breach(`the claim ${name} was made twice`, claim.first, another.first);
  if (claim.first.index <= window.from) return breach(`the claim ${name} was there before`, claim.first, pod);
  const { status, spec, metadata } = claim.last.object;
  if (status?.phase !== 'Bound' || claim.deletion !== undefined)
    return breach(`the claim ${name} is not Bound at the end`, claim.last);
  const volume = thereAt(objectsOf(window, 'persistentvolumes'), window.to).find(
    (each) => each.name === spec?.volumeName,
  );
  if (volume === undefined) return breach(`the volume ${spec?.volumeName} of ${name} is not there`, claim.last);
  if (volume.last.object.spec?.claimRef?.uid !== metadata.uid)
    return breach(`the volume of ${name} belongs to another claim`, claim.last, volume.last);
  const sharer = thereAt(objectsOf(window, 'persistentvolumeclaims'), window.to).find(
    (each) => each.uid !== claim.uid && each.last.object.spec?.volumeName === spec?.volumeName,
  );
  if (sharer !== undefined) return breach(`${name} and ${sharer.name} have the same volume`, claim.last, sharer.last);
  return wasMadeLate(claim.first.object, pod.object)
    ? breach(`the claim ${name} was made after its Pod was Ready`, claim.first, pod)
    : undefined;
}

/** Claims and Pods arrive on two connections: what orders them is the server's clock, in whole seconds. */
function wasMadeLate(claim: Recorded<'persistentvolumeclaims'>, pod: Recorded<'pods'>): boolean {
  const ready = pod.status?.conditions?.find((condition) => condition.type === 'Ready')?.lastTransitionTime;
  const made = claim.metadata.creationTimestamp;
  return ready !== undefined && made !== undefined && Date.parse(made) > Date.parse(ready);
}
