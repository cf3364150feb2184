import type { Observation } from '../history/entries.ts';
import { claimNameOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { livesOf } from './lives.ts';
import { eachPodAnswers } from './outputs.ts';
import type { Asked } from './settled.ts';
import { volumeAtEnd } from './storage.ts';

type NodeLook = Extract<Observation, { of: 'node' }>;

/** Prints what the kernel says of process 1 and of every process of a program. */
export function showsProcesses(program: string): readonly string[] {
  return ['sh', '-c', `cat /proc/1/status; for process in $(pidof ${program}); do cat /proc/$process/status; done`];
}

/** Prints owner, group and mode of a directory. */
export function showsOwner(directory: string): readonly string[] {
  return ['stat', '-c', '%u %g %a', directory];
}

/**
 * "Instead of running as root, the ZooKeeper process runs as the zookeeper user."
 *
 * Verified: in each Pod, process 1 and every process of the program (of which there is one at least) have this user in all four places that the kernel knows, and this group among their
 * groups.
 * Not verified: processes that come and go.
 */
export function theProcessRunsAs(
  set: OrdinalSet,
  ordinals: readonly number[],
  run: { readonly program: string; readonly user: number; readonly group: number },
  asked: Asked,
): Guarantee {
  return eachPodAnswers('theProcessRunsAs', set, ordinals, showsProcesses(run.program), asked, (printed) => {
    const processes = printed.output.stdout.split(/^(?=Name:)/m).filter((text) => text !== '');
    const because = (what: string) => breach(`${what} in ${printed.pod.name}`, printed.pod.change, printed.output);
    if (!processes.some((text) => fieldOf(text, 'Name') === run.program)) return because(`no ${run.program} runs`);
    const wrong = processes.find((text) => {
      const users = (fieldOf(text, 'Uid') ?? '').split(/\s+/);
      const groups = (fieldOf(text, 'Groups') ?? '').split(/\s+/);
      const isOfUser = users.length === 4 && users.every((user) => user === String(run.user));
      return !isOfUser || !groups.includes(String(run.group));
    });
    if (wrong === undefined) return undefined;
    const words = ['Uid', 'Groups'].map((name) => `${name} ${fieldOf(wrong, name)?.replaceAll(/\s+/g, ' ')}`);
    return because(`${fieldOf(wrong, 'Name')} has ${words.join(', ')}`);
  });
}

function fieldOf(status: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1]?.trim();
}

/**
 * "Because fsGroup is 1000, the ownership of the Pods' PersistentVolumes is set to the zookeeper group, and the process is able to read and write its data."
 *
 * Verified: in each Pod the root of the volume belongs to the group, whose members may read, write and search it, and passes the group on to what is made in it; it does not belong to the
 * user, so that it is the group that lets the process in.
 * Not verified: what the process writes (its readiness shows that it does).
 */
export function theVolumeBelongsToTheGroup(
  set: OrdinalSet,
  ordinals: readonly number[],
  directory: string,
  owner: { readonly user: number; readonly group: number },
  asked: Asked,
): Guarantee {
  return eachPodAnswers('theVolumeBelongsToTheGroup', set, ordinals, showsOwner(directory), asked, (printed) => {
    const found = ownerIn(printed.output);
    const { user, group, mode } = found;
    if (user === owner.user) return breach(`${directory} belongs to the user itself`, printed.output);
    if (isOpenTo(owner.group, found)) return undefined;
    const because = `${directory} in ${printed.pod.name} is of group ${group} with mode ${mode.toString(8)}`;
    return breach(because, printed.pod.change, printed.output);
  });
}

interface Owner {
  readonly user: number;
  readonly group: number;
  readonly mode: number;
}

function ownerIn({ stdout }: { readonly stdout: string }): Owner {
  const [user = '', group = '', mode = ''] = stdout.trim().split(' ');
  return { user: Number(user), group: Number(group), mode: Number.parseInt(mode, 8) };
}

/** The group may do all there, and what is made there is the group's as well. */
function isOpenTo(wanted: number, { group, mode }: Owner): boolean {
  return group === wanted && (mode & 0o070) === 0o070 && (mode & 0o2000) !== 0;
}

/** The last look, at this moment, at the directory that the Pod's claim has on its node, or at a file there. */
function lookAtVolume(
  window: Window,
  set: OrdinalSet,
  ordinal: number,
  moment: string,
  file?: string,
): NodeLook | undefined {
  const spec = volumeAtEnd(window, claimNameOf(set, ordinal))?.object.spec;
  const directory = spec?.hostPath?.path ?? spec?.local?.path;
  if (directory === undefined) return undefined;
  const path = file === undefined ? directory : `${directory}/${file}`;
  return window.observations('node', moment).findLast(({ argv }) => argv.at(-1) === path);
}

/**
 * The same, looked at from outside, where a server that is not let in cannot be asked.
 *
 * Verified: on its node the directory that the Pod's claim has for its volume belongs to the group, whose members may read, write and search it, and passes the group on to what is made in it.
 * Not verified: whose it is beside that.
 */
export function theVolumeIsGivenToTheGroup(
  set: OrdinalSet,
  ordinal: number,
  moment: string,
  group: number,
  span: Span = {},
): Guarantee {
  return guarantee('theVolumeIsGivenToTheGroup', ['persistentvolumeclaims', 'persistentvolumes'], span, (window) => {
    const look = lookAtVolume(window, set, ordinal, moment);
    if (look === undefined) return undecided(`nobody looked at the volume of ${podNameOf(set, ordinal)}`);
    return each([look], 'volumes on their node', () => {
      const owner = ownerIn(look);
      if (isOpenTo(group, owner)) return undefined;
      return breach(`the volume is of group ${owner.group} with mode ${owner.mode.toString(8)}`, look);
    });
  });
}

/**
 * The same of what is on the volume already: "the kubelet recursively changes ownership and permissions for the contents of each volume to match the fsGroup".
 *
 * Verified: on its node a file in the directory that the Pod's claim has for its volume was of another group at the first look; at the second it is of this one, whose members may read and write it.
 * Not verified: Pods that ask for the change on a mismatch of the directory alone (fsGroupChangePolicy).
 * Source: https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#configure-volume-permission-and-ownership-change-policy-for-pods
 */
export function whatIsThereIsGivenToTheGroup(
  set: OrdinalSet,
  ordinal: number,
  file: string,
  moments: { readonly before: string; readonly after: string },
  group: number,
): Guarantee {
  const resources = ['persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('whatIsThereIsGivenToTheGroup', resources, {}, (window) => {
    const before = lookAtVolume(window, set, ordinal, moments.before, file);
    const after = lookAtVolume(window, set, ordinal, moments.after, file);
    if (before === undefined || after === undefined || before.index > after.index)
      return undecided(`nobody looked twice at ${file} on the volume of ${podNameOf(set, ordinal)}`);
    const was = ownerIn(before);
    if (Number.isNaN(was.mode) || was.group === group) return undecided(`${file} was not of another group before`);
    return each([after], 'files on their node', () => {
      const is = ownerIn(after);
      if (is.group === group && (is.mode & 0o060) === 0o060) return undefined;
      return breach(`${file} is of group ${is.group} with mode ${is.mode.toString(8)}`, before, after);
    });
  });
}

/**
 * "By default, when the Pod's PersistentVolume is mounted, it is only accessible by the root user. This prevents the process from writing."
 *
 * Verified: on its node the directory that the Pod's claim has for its volume belongs to root and to no group that the Pod is of, and nobody else may write in it; within the span the Pod's container ended
 * with an error at least twice, and the Pod was never Ready.
 * Not verified: storage that hands its volumes out otherwise.
 */
export function theVolumeShutsTheProcessOut(
  set: OrdinalSet,
  ordinal: number,
  moment: string,
  span: Span = {},
): Guarantee {
  const resources = ['pods', 'persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('theVolumeShutsTheProcessOut', resources, span, (window) => {
    const name = podNameOf(set, ordinal);
    const [life] = livesOf(window, set).filter((each) => each.ordinal === ordinal);
    const look = lookAtVolume(window, set, ordinal, moment);
    if (life === undefined) return undecided(`there was no ${name}`);
    if (look === undefined) return undecided(`nobody looked at the volume of ${name}`);
    const failures = new Set(life.changes.flatMap((change) => endsIn(change.object.status?.containerStatuses ?? [])));
    if (failures.size < 2 && life.ready === undefined) return undecided(`the container of ${name} did not end twice`);
    return together(
      each([look], 'volumes on their node', () => unlessRootOnly(look)),
      each([life], 'Pods that cannot write', () =>
        life.ready === undefined ? undefined : breach(`${name} became Ready`, look, life.ready),
      ),
    );
  });
}

function unlessRootOnly(look: NodeLook): Breach | undefined {
  const [user, group, mode = ''] = look.stdout.trim().split(' ');
  const isShut = user === '0' && group === '0' && (Number.parseInt(mode, 8) & 0o022) === 0;
  return isShut ? undefined : breach(`the volume is of ${user}:${group} with mode ${mode}`, look);
}

interface ContainerStatus {
  readonly state?: { readonly terminated?: { readonly exitCode: number; readonly containerID?: string } };
  readonly lastState?: { readonly terminated?: { readonly exitCode: number; readonly containerID?: string } };
}

/** The containers that ended with an error, by their own names. */
function endsIn(statuses: readonly ContainerStatus[]): readonly string[] {
  return statuses
    .flatMap(({ state, lastState }) => [state?.terminated, lastState?.terminated])
    .flatMap((end) => (end === undefined || end.exitCode === 0 ? [] : [end.containerID ?? '']));
}
