import type { Observation } from '../history/entries.ts';
import type { ResourceName } from '../history/objects.ts';
import { claimNameOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { boundAt } from './claims.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { livesOf } from './lives.ts';
import { objectAt, objectsNamed, objectsOf, versionsWithin, type ObjectLife } from './objects.ts';
import { volumeAtEnd } from './storage.ts';

type Answer = Extract<Observation, { of: 'api' }>;

/** A StorageClass as a manifest has it. */
export interface WrittenClass {
  readonly name: string;
  readonly provisioner: string;
}

/**
 * "storageClassName: fast": claims use the manifest's own class rather than the default.
 *
 * Verified: the API server, asked at that moment, has the class with the manifest's provisioner, and it is not the default; at the end of the span each claim names it, each is Bound to a volume of it,
 * and the volume says that this provisioner made it.
 * Not verified: who created the class, which is cluster-wide; its parameters.
 */
export function claimsAreOfTheClass(
  written: WrittenClass,
  set: OrdinalSet,
  ordinals: readonly number[],
  moment: string,
  span: Span = {},
): Guarantee {
  return guarantee('claimsAreOfTheClass', ['persistentvolumeclaims', 'persistentvolumes'], span, (window) => {
    const names = ordinals.map((ordinal) => claimNameOf(set, ordinal));
    return together(
      each(window.observations('api', moment), 'answers about the class', (answer) => unlikeWritten(written, answer)),
      each(names, 'claims', (name) => {
        const [claim] = objectsNamed(window, 'persistentvolumeclaims', name).slice(-1);
        if (claim === undefined) return missingAtEnd(window, `there is no claim ${name}`);
        const { storageClassName } = claim.last.object.spec ?? {};
        return storageClassName === written.name
          ? undefined
          : breach(`${name} is of class ${storageClassName ?? 'none'}`, claim.last);
      }),
      each(names, 'volumes', (name) => {
        const volume = volumeAtEnd(window, name);
        if (volume === undefined) return missingAtEnd(window, `${name} is not Bound to a recorded volume`);
        const { storageClassName } = volume.object.spec ?? {};
        const maker = volume.object.metadata.annotations?.['pv.kubernetes.io/provisioned-by'];
        if (storageClassName !== written.name)
          return breach(`the volume of ${name} is of class ${storageClassName ?? 'none'}`, volume);
        return maker === written.provisioner
          ? undefined
          : breach(`the volume of ${name} was made by ${maker ?? 'nobody known'}`, volume);
      }),
    );
  });
}

/**
 * A class whose provisioner nobody serves: its claim never binds, and the Pod stays Pending.
 *
 * Verified: from the span's beginning to its end the claim of this ordinal is there, of this class, Pending and without a volume, and this provisioner is asked for one, of which an event tells; the Pod stays
 * Pending, not scheduled; a claim `newcomer` of another class, made after it, was bound within the span: so whoever binds and provisions was at work.
 * Not verified: how long it would stay so.
 */
export function theClaimWaitsForNobody(
  written: WrittenClass,
  set: OrdinalSet,
  ordinal: number,
  newcomer: string,
  span: Span,
): Guarantee {
  const resources = ['pods', 'persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('theClaimWaitsForNobody', resources, span, (window) => {
    const name = claimNameOf(set, ordinal);
    const [claim] = objectsNamed(window, 'persistentvolumeclaims', name);
    const [other] = objectsNamed(window, 'persistentvolumeclaims', newcomer);
    const life = livesOf(window, set).find((one) => one.ordinal === ordinal);
    if (claim === undefined || claim.first.index > window.from)
      return undecided(`the claim ${name} was not there when the span began`);
    if (life === undefined || life.first.index > window.from)
      return undecided(`${podNameOf(set, ordinal)} was not there when the span began`);
    if (other === undefined || other.first.index < window.from)
      return undecided(`no claim ${newcomer} was made within the span`);
    const bound = boundAt(window, newcomer, window.to);
    if (typeof bound === 'string') return undecided(`nobody is known to have been at work: ${bound}`);
    return together(
      each(versionsWithin(claim, window), 'states of the claim', (change) => {
        const { spec, status } = change.object;
        const { storageClassName = 'none', volumeName } = spec ?? {};
        if (storageClassName !== written.name) return breach(`${name} is of class ${storageClassName}`, change);
        if (change.type !== 'deleted' && status?.phase === 'Pending' && volumeName === undefined) return undefined;
        return breach(`${name} is ${status?.phase ?? 'in no phase'} (${volumeName ?? 'no volume'})`, change);
      }),
      requestsIn(window, written, claim),
      each(life.changes, 'states of the Pod', (change) => {
        const { phase, conditions } = change.object.status ?? {};
        const isScheduled = conditions?.some(({ type, status }) => type === 'PodScheduled' && status === 'True');
        return phase === 'Pending' && isScheduled !== true
          ? undefined
          : breach(`${life.name} was scheduled, or is ${phase ?? 'in no phase'}`, change);
      }),
    );
  });
}

function unlikeWritten({ name, provisioner }: WrittenClass, answer: Answer): Breach | undefined {
  const found = answer.body as
    | { readonly provisioner?: string; readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } }
    | undefined;
  if (answer.code !== 200) return breach(`the API server has no class ${name}: ${answer.code}`, answer);
  if (found?.provisioner !== provisioner)
    return breach(`the provisioner of ${name} is ${found?.provisioner ?? 'not known'}`, answer);
  const isDefault = found.metadata?.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
  return isDefault ? breach(`${name} is the default class`, answer) : undefined;
}

/**
 * The controller of volumes tells in an event whom it waits for. Events may be lost, so that there is none proves nothing; but it writes them one after another, and where it had put the provisioner's name on
 * the claim before the window, and told within it of a claim that was made since, it has told nothing of this one.
 */
function requestsIn(
  window: Window,
  { provisioner }: WrittenClass,
  claim: ObjectLife<'persistentvolumeclaims'>,
): Findings {
  const told = window.history.changes('events', -1, window.to);
  const asked = told.filter(
    ({ object }) => object.reason === 'ExternalProvisioning' && object.involvedObject.name === claim.name,
  );
  const since = objectsOf(window, 'persistentvolumeclaims').filter(({ first }) => first.index > window.from);
  const later = told.find(
    ({ object }) =>
      object.source?.component === 'persistentvolume-controller' &&
      since.some(({ uid }) => uid === object.involvedObject.uid),
  );
  const named = objectAt(claim, window.from)?.metadata.annotations?.['volume.kubernetes.io/storage-provisioner'];
  const isSilent = asked.length === 0 && named === provisioner && later !== undefined && !hasGap(window, 'events');
  if (isSilent)
    return each([later], 'events about later claims', () =>
      breach(`nothing was told of who is to make a volume for ${claim.name}, and of a later claim it was`, later),
    );
  return each(asked, 'events about the provisioner', (change) =>
    change.object.message?.includes(provisioner) === true
      ? undefined
      : breach(`another provisioner than ${provisioner} was asked for a volume for ${claim.name}`, change),
  );
}

function hasGap({ history }: Window, resource: ResourceName): boolean {
  return history.entries.some((entry) => entry.kind === 'gap' && entry.resource === resource);
}
