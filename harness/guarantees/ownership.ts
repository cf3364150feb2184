import type { Change } from '../history/entries.ts';
import { controllerOf, isTerminating } from '../history/pods.ts';
import { isControlledBy, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, changeAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { isObserved } from './quiet.ts';
import { breachBySet, setAt } from './revisions.ts';

type PodChange = Change<'pods'>;

/**
 * A Pod that matches the selector and that nobody controls is adopted.
 *
 * Verified: within the span the Pod of this ordinal was seen without a controller; at its end it is the same Pod (uid, restart counts), was never asked to go, and names
 * the set, by its uid, as the controller that blocks on it; if it had an owner before it lost it, by the same reference. Since it was without one, no other Pod
 * of its ordinal was added.
 * Not verified: how soon; whether its labels match is the story's matter.
 */
export function podIsAdopted(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return guarantee('podIsAdopted', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    const orphan = orphansOf(window, set, ordinal)[0];
    if (stored === undefined) return undecided(`${set.name} was not there to adopt anybody`);
    if (orphan === undefined) return undecided(`${podNameOf(set, ordinal)} was never seen without a controller`);
    return unlessBroken(
      twinsOf(window, set, orphan),
      each([orphan], 'Pods without a controller', ({ life, at }) => {
        if (life.deletion !== undefined) return breach(`${life.name} was deleted`, at, life.deletion);
        if (restartsOf(life.last) > restartsOf(at))
          return breach(`${life.name} had a container restarted`, at, life.last);
        const reference = referenceTo(stored.metadata.uid, life.last);
        if (reference === undefined) return breach(`${life.name} is not controlled by ${set.name}`, at, life.last);
        const earlier = life.changes.find((change) => change.index < at.index && isControlledBy(set, change.object));
        const expected = earlier === undefined ? ownReference(set, stored.metadata.uid) : ownerIn(earlier);
        return reference === expected ? undefined : breach(`${life.name} is owned as ${reference}`, at, life.last);
      }),
    );
  });
}

/**
 * An adopted Pod becomes the one of its ordinal: the labels by which it is told from others are put on it.
 *
 * Verified: the Pod of this ordinal was added within the span without the label `statefulset.kubernetes.io/pod-name`; at its end, being the same Pod (uid), there to
 * stay and controlled by the set, it carries the labels of its name and its ordinal.
 * Not verified: its hostname, which nobody can change.
 */
export function adoptedPodIsGivenItsIdentity(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return guarantee('adoptedPodIsGivenItsIdentity', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    const made = additionsOf(window, set).find((life) => life.ordinal === ordinal);
    if (made === undefined || labelOf(made.first, nameLabel) !== undefined)
      return undecided(`no ${podNameOf(set, ordinal)} was added without the labels of its ordinal`);
    if (stored === undefined || controllerOf(made.last.object)?.uid !== stored.metadata.uid)
      return undecided(`${made.name} is not controlled by ${set.name}`);
    return each([made], 'adopted Pods', ({ name, first, last, deletion }) => {
      if (deletion !== undefined) return breach(`${name} was deleted`, first, deletion);
      const labels = [labelOf(last, nameLabel), labelOf(last, indexLabel)];
      return labels[0] === name && labels[1] === String(ordinal)
        ? undefined
        : breach(`${name} is labelled with the name ${labels[0]}, the index ${labels[1]}`, first, last);
    });
  });
}

/**
 * A Pod whose labels stop matching is released.
 *
 * Verified: the set controlled the Pod of this ordinal when the span began; within the span the Pod comes to name no owner at all, and at its end it is the same Pod
 * (uid, restart counts), there to stay, still without an owner. No other Pod of its ordinal is added.
 * Not verified: how soon, and why: whether its labels match is the story's matter.
 */
export function podIsReleased(set: OrdinalSet, ordinal: number, span: Span): Guarantee {
  return guarantee('podIsReleased', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    const life = livesAt(livesOf(window, set), window.from).find((each) => each.ordinal === ordinal);
    const before = life === undefined ? undefined : changeAt(life, window.from);
    if (stored === undefined) return undecided(`${set.name} was not there to release anybody`);
    if (life === undefined || before === undefined || controllerOf(before.object)?.uid !== stored.metadata.uid)
      return undecided(`${set.name} did not control ${podNameOf(set, ordinal)} when the span began`);
    return unlessBroken(
      twinsOf(window, set, { life, at: before }),
      each([life], 'Pods to be released', ({ name, deletion, last }) => {
        if (deletion !== undefined) return breach(`${name} was deleted`, before, deletion);
        if (restartsOf(last) > restartsOf(before)) return breach(`${name} had a container restarted`, before, last);
        const [owner] = last.object.metadata.ownerReferences ?? [];
        return owner === undefined ? undefined : breach(`${name} is still owned by ${owner.name}`, before, last);
      }),
    );
  });
}

/**
 * A released Pod is none of the set's.
 *
 * Verified: at the end of the span the set, which has seen its newest spec, counts this many Pods in `status.replicas`, and controls as many.
 * Not verified: which.
 */
export function theSetCountsItsOwn(set: OrdinalSet, replicas: number, span: Span): Guarantee {
  return guarantee('theSetCountsItsOwn', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    if (stored?.status === undefined || !isObserved(stored))
      return undecided(`${set.name} had not seen its newest spec at the end of the span`);
    const own = [...window.stateAtEnd('pods').values()].filter(
      (pod) => controllerOf(pod)?.uid === stored.metadata.uid && !isTerminating(pod),
    );
    return each([stored.status.replicas], 'counts of the set', (counted) =>
      counted === replicas && own.length === replicas
        ? undefined
        : breachBySet(window, set, `${set.name} counts ${counted} Pods and controls ${own.length}`),
    );
  });
}

const nameLabel = 'statefulset.kubernetes.io/pod-name';
const indexLabel = 'apps.kubernetes.io/pod-index';

function labelOf({ object }: PodChange, label: string): string | undefined {
  return object.metadata.labels?.[label];
}

interface Orphan {
  readonly life: PodLife;
  /** The change that shows it without a controller. */
  readonly at: PodChange;
}

function orphansOf(window: Window, set: OrdinalSet, ordinal: number): readonly Orphan[] {
  const lives = livesOf(window, set).filter((life) => life.ordinal === ordinal);
  return lives.flatMap((life) => {
    const at = life.changes.find(
      (change) => change.index > window.from && change.type !== 'deleted' && controllerOf(change.object) === undefined,
    );
    return at === undefined ? [] : [{ life, at }];
  });
}

/** Other Pods of the ordinal, added while this one was there or after it. */
function twinsOf(window: Window, set: OrdinalSet, { life, at }: Orphan): readonly Breach[] {
  return additionsOf(window, set)
    .filter((each) => each.ordinal === life.ordinal && each.uid !== life.uid && each.first.index > at.index)
    .map((each) => breach(`another ${life.name} was added`, at, each.first));
}

function restartsOf({ object }: PodChange): number {
  return (object.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

function referenceTo(uid: string, change: PodChange): string | undefined {
  return controllerOf(change.object)?.uid === uid ? ownerIn(change) : undefined;
}

/** All owners that the Pod names, in one comparable text. */
function ownerIn({ object }: PodChange): string {
  return (object.metadata.ownerReferences ?? [])
    .map(({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }) =>
      inWords({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }),
    )
    .join('; ');
}

function ownReference({ name }: OrdinalSet, uid: string): string {
  return inWords({ apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid, controller: true, blockOwnerDeletion: true });
}

interface Reference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean | undefined;
  readonly blockOwnerDeletion: boolean | undefined;
}

function inWords({ apiVersion, kind, name, uid, controller = false, blockOwnerDeletion = false }: Reference): string {
  const roles = [controller ? 'controller' : 'owner', ...(blockOwnerDeletion ? ['blocking its deletion'] : [])];
  return `${roles.join(', ')} ${kind} ${name} (${uid}) of ${apiVersion}`;
}
