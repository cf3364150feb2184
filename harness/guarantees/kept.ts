import type { Observation } from '../history/entries.ts';
import { claimNameOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { boundAt, claimAt, type BoundClaim, type VolumeLife } from './claims.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { objectAt, objectsNamed, objectsOf, thereAt, versionsWithin } from './objects.ts';

/** What a story called two moments at which it looked at the same place. */
export interface Looks {
  readonly before: string;
  readonly after: string;
}

/** A file at a path, as a shell on a node would print it: `fileLook(path)`. */
export const fileLook = (path: string): readonly string[] => [
  'sh',
  '-c',
  'test -f "$1" && cat "$1" || echo absent',
  'sh',
  path,
];

const resources = ['persistentvolumeclaims', 'persistentvolumes'] as const;

/**
 * A new claim of the same name is another claim: it has a volume of its own, and finds nothing in it.
 *
 * Verified: the claim of this ordinal that was Bound when the span began and the one at its end differ by uid, and so do their volumes; the Pod
 * listed its directory at both moments, and what was in it before is not there after, nor anything else (`lost+found` belongs to an empty file
 * system).
 * Not verified: what became of the old volume (see `storageIsReclaimed` and `theReleasedVolumeIsNotTaken`).
 */
export function theStorageIsFresh(set: OrdinalSet, ordinal: number, listed: Looks, span: Span): Guarantee {
  return guarantee('theStorageIsFresh', resources, span, (window) => {
    const name = claimNameOf(set, ordinal);
    const [was, now] = [boundAt(window, name, window.from), boundAt(window, name, window.to)];
    if (typeof was === 'string') return undecided(`${was} when the span began`);
    if (typeof now === 'string') return each([now], 'new claims', () => missingAtEnd(window, now));
    return together(
      each([now], 'new claims', () => unlessAnother(was, now)),
      emptied(window, podNameOf(set, ordinal), listed),
    );
  });
}

/**
 * "When the PersistentVolumeClaim is deleted, the PersistentVolume still exists and the volume is considered “released”", with "the previous
 * claimant's data".
 *
 * Verified: the claim was Bound when the span began and is gone at its end; its volume is there, Released, for that same claim by uid; the file
 * looked at on the node held the nonce before and holds exactly the same after.
 * Not verified: files that nobody looked at.
 */
export function theRetainedVolumeKeepsItsData(claimName: string, nonce: string, looks: Looks, span: Span): Guarantee {
  return guarantee('theRetainedVolumeKeepsItsData', resources, span, (window) => {
    const was = boundAt(window, claimName, window.from);
    if (typeof was === 'string') return undecided(`${was} when the span began`);
    const { claim, volume } = was;
    if (claim.gone === undefined) return undecided(`the claim ${claimName} was not deleted`);
    return together(
      each([volume], 'retained volumes', () => unlessReleased(window, was)),
      unlessLost(window, volume, nonce, looks),
    );
  });
}

/**
 * "It is not yet available for another claim because the previous claimant's data remains on the volume."
 *
 * Verified: when the span began the volume that the claim `asker` asks for by its name was Released, and it is so to the end, for the same claim as
 * before by uid; the asker stays Pending; a claim of the name `newcomer`, made after the asker, is Bound to another volume: so whoever binds claims
 * had come to the asker.
 * Not verified: how long it stays so.
 */
export function theReleasedVolumeIsNotTaken(asker: string, newcomer: string, span: Span): Guarantee {
  return guarantee('theReleasedVolumeIsNotTaken', resources, span, (window) => {
    const asking = claimAt(window, asker, window.to);
    const name = asking?.first.object.spec?.volumeName;
    const volume = thereAt(objectsOf(window, 'persistentvolumes'), window.from).find((each) => each.name === name);
    const released = volume === undefined ? undefined : objectAt(volume, window.from);
    if (asking === undefined || volume === undefined || released?.status?.phase !== 'Released')
      return undecided(`no claim ${asker} asked for a volume that was Released when the span began`);
    const owner = released.spec?.claimRef?.uid;
    const findings = together(
      each(versionsWithin(volume, window), 'states of the volume', (change) => {
        const { spec, status } = change.object;
        if (change.type === 'deleted') return breach(`the volume ${volume.name} was deleted`, change);
        if (spec?.claimRef?.uid === owner && status?.phase === 'Released') return undefined;
        return breach(`the volume is ${status?.phase} for ${spec?.claimRef?.name ?? 'nobody'}`, volume.first, change);
      }),
      each(versionsWithin(asking, window), 'states of the claim that asks for it', (change) =>
        change.object.status?.phase === 'Bound' ? breach(`the claim ${asker} was Bound`, change) : undefined,
      ),
    );
    return unlessInDoubt(doubtAboutBinder(window, asker, newcomer, volume), findings);
  });
}

/**
 * Once nobody claims it any more, a released volume can be claimed again, with its data.
 *
 * Verified: the volume was Released when the span began; then it was Available without a claim, and at the end it is Bound to the claim `asker`, each
 * to the other, by uid; the file on the node holds the nonce.
 * Not verified: that it is the claim's only way to a volume.
 */
export function theFreedVolumeIsClaimedAgain(asker: string, nonce: string, looks: Looks, span: Span): Guarantee {
  return guarantee('theFreedVolumeIsClaimedAgain', resources, span, (window) => {
    const asking = claimAt(window, asker, window.to);
    const name = asking?.last.object.spec?.volumeName;
    const volume = thereAt(objectsOf(window, 'persistentvolumes'), window.from).find((each) => each.name === name);
    if (volume === undefined || objectAt(volume, window.from)?.status?.phase !== 'Released')
      return undecided(`no claim ${asker} asked for a volume that was Released when the span began`);
    const versions = versionsWithin(volume, window);
    const freed = versions.find(({ object }) => object.spec?.claimRef === undefined);
    if (freed === undefined) return undecided(`nobody took the old claim off ${volume.name}`);
    const now = boundAt(window, asker, window.to);
    return together(
      each([volume], 'freed volumes', () =>
        versions.some(({ object }) => object.spec?.claimRef === undefined && object.status?.phase === 'Available')
          ? undefined
          : breach(`${volume.name} never was Available`, freed),
      ),
      each([volume], 'volumes claimed again', () => (typeof now === 'string' ? breach(now, volume.last) : undefined)),
      unlessLost(window, volume, nonce, looks),
    );
  });
}

function unlessAnother(was: BoundClaim, now: BoundClaim): Breach | undefined {
  if (was.claim.uid === now.claim.uid) return breach(`${now.claim.name} is the same claim as before`, now.claim.last);
  if (was.volume.uid !== now.volume.uid) return undefined;
  return breach(`${now.claim.name} has the volume of the claim before it`, was.claim.last, now.claim.last);
}

/** Both listings are of the same Pod name and the same directory. */
function emptied(window: Window, pod: string, { before, after }: Looks): Findings {
  const [was, now] = [before, after].map((moment) => listingOf(window, pod, moment));
  if (was === undefined || now === undefined || was.argv.join() !== now.argv.join())
    return undecided(`${pod} did not list its directory twice (${before}; ${after})`);
  if (namesIn(was).length === 0) return undecided(`there was nothing in the directory of ${pod} (${before})`);
  return each([now], 'directories', () =>
    namesIn(now).length === 0 ? undefined : breach(`${pod} finds ${namesIn(now).join(', ')} in its new volume`, now),
  );
}

/** Looked for in the whole history: what a story saw before the span counts as well. */
function listingOf(window: Window, pod: string, moment: string): Extract<Observation, { of: 'command' }> | undefined {
  return window.history.entries.findLast(
    (entry): entry is Extract<Observation, { of: 'command' }> =>
      entry.kind === 'observation' &&
      entry.of === 'command' &&
      entry.pod === pod &&
      entry.moment === moment &&
      entry.exitCode === 0 &&
      entry.index <= window.to,
  );
}

function namesIn({ stdout }: Extract<Observation, { of: 'command' }>): readonly string[] {
  return stdout.split('\n').filter((name) => name !== '' && name !== 'lost+found');
}

function unlessReleased(window: Window, { claim, volume }: BoundClaim): Breach | undefined {
  if (volume.deletion !== undefined) return breach(`the volume of ${claim.name} was deleted`, volume.deletion);
  const now = objectAt(volume, window.to);
  if (now?.status?.phase === 'Released' && now.spec?.claimRef?.uid === claim.uid) return undefined;
  return breach(`the volume of ${claim.name} is ${now?.status?.phase} for ${now?.spec?.claimRef?.name}`, volume.last);
}

function unlessLost(window: Window, volume: VolumeLife, nonce: string, { before, after }: Looks): Findings {
  const path = volume.first.object.spec?.hostPath?.path ?? volume.first.object.spec?.local?.path;
  const lookAt = (moment: string) =>
    window.history.entries.findLast(
      (entry): entry is Extract<Observation, { of: 'node' }> =>
        entry.kind === 'observation' &&
        entry.of === 'node' &&
        entry.moment === moment &&
        entry.index <= window.to &&
        path !== undefined &&
        entry.argv.some((word) => word.startsWith(`${path}/`)),
    );
  const [was, now] = [lookAt(before), lookAt(after)];
  if (was?.stdout.trim() !== nonce) return undecided(`what was written was not seen in ${volume.name} (${before})`);
  if (now === undefined) return undecided(`nobody looked into ${volume.name} (${after})`);
  return each([now], 'files', () =>
    now.stdout === was.stdout ? undefined : breach(`${volume.name} holds “${now.stdout.trim()}” (${after})`, was, now),
  );
}

function doubtAboutBinder(window: Window, asker: string, newcomer: string, volume: VolumeLife): string | undefined {
  const asking = objectsNamed(window, 'persistentvolumeclaims', asker).at(-1);
  const other = boundAt(window, newcomer, window.to);
  if (typeof other === 'string') return `${other}, so nobody was seen to bind claims`;
  const isLater = other.claim.first.index > (asking?.first.index ?? Infinity);
  return isLater && other.volume.uid !== volume.uid ? undefined : `${newcomer} was not bound after ${asker} was made`;
}
