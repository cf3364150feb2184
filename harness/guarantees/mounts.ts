import type { Change, Observation } from '../history/entries.ts';
import { claimNameOf, podNameOf, type Deployed, type OrdinalSet } from '../history/sets.ts';
import { settledPodOf } from './deployed.ts';
import { doubtAboutSent, type Sent } from './exchanges.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Window } from './guarantee.ts';
import { settledPods, type Asked, type SettledPod } from './settled.ts';
import { volumeAtEnd } from './storage.ts';

/** A word that was written into a Pod's directory, and nowhere else in the world. */
export interface Written {
  readonly ordinal: number;
  readonly nonce: string;
  /** Where it was not written into the container but sent to a server: only what was acknowledged has to be there. */
  readonly sent?: Sent;
}

/**
 * "The /usr/share/nginx/html directory is backed by a PersistentVolume."
 *
 * Verified: for each Pod, the container mounts the Pod's own claim at the directory; in the container the directory is a mount point; and what was written there through the container is found in
 * the directory that the claim's volume is on its node. The nonce was made up by the story, so it is in no image.
 * Not verified: volumes that are no directory of a node.
 */
export function theDirectoryIsTheVolume(
  set: OrdinalSet,
  directory: string,
  written: readonly Written[],
  asked: Asked,
): Guarantee {
  const resources = ['pods', 'persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('theDirectoryIsTheVolume', resources, { from: asked.from, to: asked.to }, (window) => {
    const pods = settledPods(window, set, asked);
    if (typeof pods === 'string') return undecided(pods);
    const [first, ...rest] = written.map(({ ordinal, nonce, sent }) => {
      const pod = pods.find((each) => each.ordinal === ordinal);
      if (pod === undefined) return undecided(`${podNameOf(set, ordinal)} was not there (${asked.moment})`);
      const unsent = sent && doubtAboutSent(window, sent);
      return together(
        each([pod], 'mounts', () => mountsAnother(set, pod, directory)),
        isMountPoint(window, pod.name, directory, asked.moment),
        unsent === undefined
          ? isOnTheVolume(window, claimNameOf(set, ordinal), asked.moment, (printed) => printed.includes(nonce))
          : undecided(unsent),
      );
    });
    return first === undefined ? undecided('nothing was written') : together(first, ...rest);
  });
}

/** A directory of a Deployment's container, the claim that is to be mounted there, and the names of files that it is to keep there. */
export interface BackedDirectory {
  readonly directory: string;
  readonly claim: string;
  readonly files: readonly string[];
}

/**
 * "The MySQL container mounts the PersistentVolume at /var/lib/mysql": the same of the one Pod of a Deployment.
 *
 * Verified: the container mounts the claim at the directory; in the container the directory is a mount point; and each of these files is found in the directory that the claim's volume is on its node, under a line of its own.
 * Not verified: volumes that are no directory of a node; what is in the files.
 */
export function theDirectoryIsBackedBy(deployed: Deployed, backed: BackedDirectory, asked: Asked): Guarantee {
  const resources = ['pods', 'persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('theDirectoryIsBackedBy', resources, { from: asked.from, to: asked.to }, (window) => {
    const pod = settledPodOf(window, deployed, asked);
    if (typeof pod === 'string') return undecided(pod);
    const [first, ...rest] = backed.files.map((file) =>
      isOnTheVolume(window, backed.claim, asked.moment, (printed) => printed.split('\n').includes(file)),
    );
    if (first === undefined) return undecided('no file was asked about');
    return together(
      each([pod], 'mounts', ({ last }) => mountsOther(last, backed.claim, backed.directory)),
      isMountPoint(window, pod.name, backed.directory, asked.moment),
      first,
      ...rest,
    );
  });
}

function mountsAnother(set: OrdinalSet, pod: SettledPod, directory: string): Breach | undefined {
  return mountsOther(pod.change, claimNameOf(set, pod.ordinal), directory);
}

function mountsOther(change: Change<'pods'>, expected: string, directory: string): Breach | undefined {
  const { metadata, spec } = change.object;
  const { containers, volumes } = spec ?? {};
  const mount = containers?.[0]?.volumeMounts?.find((each) => each.mountPath === directory);
  const volume = volumes?.find((each) => each.name === mount?.name);
  const claim = volume?.persistentVolumeClaim?.claimName;
  if (claim === expected) return undefined;
  return breach(`${metadata.name} mounts ${claim ?? 'no claim'} at ${directory}`, change);
}

/** The fifth word of each line of mountinfo is where something is mounted. */
function isMountPoint(window: Window, pod: string, directory: string, moment: string): Findings {
  const read = window
    .observations('command', moment)
    .findLast((output) => output.pod === pod && isMountInfo(output) && output.exitCode === 0);
  if (read === undefined) return undecided(`the mounts of ${pod} were not read (${moment})`);
  return each([read], 'mount points', () => {
    const points = read.stdout.split('\n').map((line) => line.split(' ')[4]);
    return points.includes(directory) ? undefined : breach(`nothing is mounted at ${directory} in ${pod}`, read);
  });
}

function isMountInfo(output: Extract<Observation, { of: 'command' }>): boolean {
  return output.argv.join(' ') === 'cat /proc/self/mountinfo';
}

function isOnTheVolume(window: Window, claim: string, moment: string, isThere: (printed: string) => boolean): Findings {
  const volume = volumeAtEnd(window, claim);
  const path = volume?.object.spec?.hostPath?.path ?? volume?.object.spec?.local?.path;
  if (volume === undefined || path === undefined) return undecided(`${claim} has no volume that is a directory`);
  const look = window.observations('node', moment).findLast(({ argv }) => argv.includes(path));
  if (look === undefined) return undecided(`nobody looked at ${path} on a node (${moment})`);
  return each([look], 'directories on nodes', () =>
    isThere(look.stdout) ? undefined : breach(`what was written is not in the volume of ${claim}`, volume, look),
  );
}
