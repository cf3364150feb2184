import type { Observation } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { claimNameOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { unlessInDoubt } from './doubt.ts';
import { doubtAboutSent, type Sent } from './exchanges.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { changeAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { printedBy } from './outputs.ts';
import type { Asked } from './settled.ts';
import { volumeAtEnd } from './storage.ts';

type Look = Extract<Observation, { of: 'node' }>;

/** Two looks at the same place, before and after something was written. */
export interface Looks {
  readonly before: string;
  readonly after: string;
}

/** Prints the names of the files below a directory that hold a word; ends well if there is none, or no such directory. */
export function findsFilesWith(word: string, directory: string): readonly string[] {
  return ['sh', '-c', `test ! -d ${directory} || grep -rl -- ${word} ${directory} || test $? = 1`];
}

/**
 * "ZooKeeper servers … write every mutation to a durable WAL on storage media."
 *
 * Verified: in the volume of each of these Pods, looked at on its node, a log file holds the word that a server had acknowledged to a client, and before it was written no file there did.
 * Not verified: that the log was written before the client was answered.
 */
export function theLogHoldsTheWord(
  set: OrdinalSet,
  ordinals: readonly number[],
  log: { readonly word: string; readonly directory: string; readonly sent: Sent },
  { before, after }: Looks,
  span: Span = {},
): Guarantee {
  return guarantee('theLogHoldsTheWord', ['persistentvolumeclaims', 'persistentvolumes'], span, (window) => {
    const looks = ordinals.map((ordinal) => ({
      ordinal,
      was: lookInto(window, set, ordinal, before, log.directory),
      is: lookInto(window, set, ordinal, after, log.directory),
    }));
    const unseen = looks.find(({ was, is }) => was === undefined || is === undefined);
    if (unseen !== undefined)
      return undecided(`nobody looked twice into the volume of ${podNameOf(set, unseen.ordinal)}`);
    const early = looks.find(({ was }) => was?.stdout.trim() !== '');
    if (early !== undefined) return undecided(`${log.word} was there before it was written`);
    const unsent = doubtAboutSent(window, log.sent);
    if (unsent !== undefined) return undecided(unsent);
    return each(looks, 'logs', ({ ordinal, is }) => {
      const files = (is?.stdout ?? '').split('\n').filter((file) => /\/log\.[0-9a-f]+$/.test(file));
      if (files.length > 0 || is === undefined) return undefined;
      return breach(`no log in the volume of ${podNameOf(set, ordinal)} holds what was written`, is);
    });
  });
}

/**
 * "ZooKeeper servers will periodically snapshot their in memory state to storage media."
 *
 * Verified: in the volume of each of these Pods there is, at the second look, a snapshot of a later transaction than any at the first, while the containers that ran then still do.
 * Not verified: what is in it, and how often one is taken.
 */
export function snapshotsAreTaken(
  set: OrdinalSet,
  ordinals: readonly number[],
  directory: string,
  { before, after }: Looks,
  span: Span,
): Guarantee {
  const resources = ['pods', 'persistentvolumeclaims', 'persistentvolumes'] as const;
  return guarantee('snapshotsAreTaken', resources, span, (window) => {
    const looks = ordinals.map((ordinal) => ({
      ordinal,
      was: lookInto(window, set, ordinal, before, directory),
      is: lookInto(window, set, ordinal, after, directory),
    }));
    const unseen = looks.find(({ was, is }) => was === undefined || is === undefined);
    if (unseen !== undefined)
      return undecided(`nobody looked twice into the volume of ${podNameOf(set, unseen.ordinal)}`);
    const restarted = ordinals.find((ordinal) => wasDisturbed(window, set, ordinal));
    return unlessInDoubt(
      restarted === undefined ? undefined : `${podNameOf(set, restarted)} was started again, and takes one then anyway`,
      each(looks, 'volumes', ({ ordinal, was, is }) => {
        if (was === undefined || is === undefined || newest(is) > newest(was)) return undefined;
        return breach(`${podNameOf(set, ordinal)} took no snapshot`, was, is);
      }),
    );
  });
}

/** The number of the transaction that the newest snapshot is of, from the files' names; -1 where there is none. */
function newest(look: Look): bigint {
  const numbers = [...look.stdout.matchAll(/snapshot\.([0-9a-f]+)$/gm)].map((found) => BigInt(`0x${found[1] ?? '0'}`));
  return numbers.reduce((highest, each) => (each > highest ? each : highest), -1n);
}

function wasDisturbed(window: Window, set: OrdinalSet, ordinal: number): boolean {
  const containers = livesOf(window, set)
    .filter((life) => life.ordinal === ordinal && (life.gone === undefined || life.gone.index > window.from))
    .flatMap((life) => life.changes.filter((change) => change.index > window.from).concat(atStart(life, window)))
    .flatMap((change) => change.object.status?.containerStatuses ?? [])
    .map(({ containerID }) => containerID);
  return new Set(containers).size > 1;
}

function atStart(life: PodLife, window: Window) {
  const change = changeAt(life, window.from);
  return change === undefined ? [] : [change];
}

/** What was seen on the node of the directory that a Pod's claim has for its volume. */
function lookInto(
  window: Window,
  set: OrdinalSet,
  ordinal: number,
  moment: string,
  directory: string,
): Look | undefined {
  const spec = volumeAtEnd(window, claimNameOf(set, ordinal))?.object.spec;
  const path = spec?.hostPath?.path ?? spec?.local?.path;
  if (path === undefined) return undefined;
  return window.observations('node', moment).findLast(({ argv }) => argv.join(' ').includes(`${path}${directory}`));
}

/** Prints each file below a directory: its name from there, and when it was last changed. */
export function listsFiles(directory: string): readonly string[] {
  return ['find', directory, '-type', 'f', '-printf', '%P %T@\\n'];
}

/**
 * "Even when the Pods are rescheduled, all the writes made to the servers' WALs, and all their snapshots, remain durable."
 *
 * Verified: at the second moment the Pod is another one on another node and Ready; every log and snapshot that was there at the first moment is there under its name, last changed no earlier than
 * it was then, and one of them at least not since: the server did not begin anew on an empty volume.
 * Not verified: what is in the files (see `theValueSurvives`).
 */
export function theFilesMoveAlong(
  set: OrdinalSet,
  ordinal: number,
  directory: string,
  moments: { readonly before: Asked; readonly after: Asked },
): Guarantee {
  const span = { from: moments.before.from, to: moments.after.to };
  return guarantee('theFilesMoveAlong', ['pods'], span, (window) => {
    const before = printedBy(window, set, [ordinal], listsFiles(directory), moments.before);
    const after = printedBy(window, set, [ordinal], listsFiles(directory), moments.after);
    if (typeof before === 'string') return undecided(before);
    if (typeof after === 'string') return undecided(after);
    const [was] = before;
    const [is] = after;
    if (was === undefined || is === undefined || was.output.exitCode !== 0 || is.output.exitCode !== 0)
      return undecided(`the files of ${podNameOf(set, ordinal)} were not listed twice`);
    const nodes = [was, is].map(({ pod }) => pod.change.object.spec?.nodeName);
    if (was.pod.uid === is.pod.uid || nodes[0] === nodes[1] || !is.pod.ready)
      return undecided(`${was.pod.name} was not moved to another node and Ready there`);
    const now = filesIn(is.output.stdout);
    const files = [...filesIn(was.output.stdout)].filter(([name]) => /\/(log|snapshot)\.[0-9a-f]+$/.test(`/${name}`));
    const isOld = files.some(([name, changed]) => now.get(name) === changed);
    return together(
      each(files, 'logs and snapshots', ([name, changed]) => {
        const found = now.get(name);
        if (found === undefined) return breach(`${name} is gone`, was.output, is.output);
        return found >= changed ? undefined : breach(`${name} is older than it was`, was.output, is.output);
      }),
      each([is], 'moved servers', () =>
        isOld ? undefined : breach('every file was written anew', was.output, is.output),
      ),
    );
  });
}

/** Each file with the time of its last change. */
function filesIn(listing: string): ReadonlyMap<string, number> {
  const lines = listing.split('\n').filter((line) => line.includes(' '));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

/**
 * "When a server crashes, it can recover its previous state by replaying the WAL."
 *
 * Verified: within the span the container of each of these Pods was killed (exit code 137) and was Ready again in the same Pod, and all were dead before any of them had come back Ready: none had a peer
 * to copy from. It was started once, or once more after kubelet had ended it (exit code 143).
 * Not verified: what they know then (see `noAcknowledgedWriteIsLost`).
 */
export function allServersCrashTogether(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('allServersCrashTogether', ['pods'], span, (window) => {
    const lives = livesAt(livesOf(window, set), window.from);
    const crashes = ordinals.map((ordinal) =>
      crashOf(
        window,
        lives.find((life) => life.ordinal === ordinal),
      ),
    );
    const missing = crashes.findIndex((crash) => crash === undefined);
    if (missing >= 0) return undecided(`${podNameOf(set, ordinals[missing] ?? 0)} was not killed and started again`);
    const known = crashes.filter((crash) => crash !== undefined);
    const lastEnd = Math.max(...known.map(({ endedAt }) => endedAt));
    const early = known.find(({ readyAt }) => readyAt <= lastEnd);
    return unlessInDoubt(
      early === undefined ? undefined : `${early.life.name} was Ready again before the last one was killed`,
      together(each(known, 'crashed servers', ({ life }) => unlessSame(window, life))),
    );
  });
}

interface Crash {
  readonly life: PodLife;
  readonly endedAt: number;
  readonly readyAt: number;
}

/**
 * From the kubelet's report: when the container of the Pod was killed for the first time in the span, and when the Pod was Ready again for the first time after. A kubelet that is
 * very busy may say so while the container is dead, and have forgotten it once the next one runs.
 */
function crashOf(window: Window, life: PodLife | undefined): Crash | undefined {
  if (life === undefined) return undefined;
  const before = restartsAt(life, window.from);
  const reports = window.changes('pods').filter(({ object }) => object.metadata.uid === life.uid);
  const restarted = reports.filter(({ object }) => (containerOf(object)?.restartCount ?? 0) > before);
  const [first] = restarted;
  const told = reports.filter(({ index }) => first !== undefined && index < first.index);
  const dead = told.map(({ object }) => containerOf(object)?.state?.terminated).find((state) => state !== undefined);
  const end = containerOf(first?.object)?.lastState?.terminated ?? dead;
  if (end?.exitCode !== 137) return undefined;
  const endedAt = Date.parse(String(end.finishedAt));
  const readyAt = restarted
    .flatMap(({ object }) => object.status?.conditions ?? [])
    .filter(({ type, status }) => type === 'Ready' && status === 'True')
    .map(({ lastTransitionTime }) => Date.parse(String(lastTransitionTime)))
    .find((time) => time >= endedAt);
  return readyAt === undefined ? undefined : { life, endedAt, readyAt };
}

function unlessSame(window: Window, life: PodLife): Breach | undefined {
  if (life.gone !== undefined) return breach(`${life.name} was not started again in its Pod`, life.first, life.gone);
  const restarts = restartsAt(life, window.to) - restartsAt(life, window.from);
  if (restarts === 1) return undefined;
  const end = containerOf(changeAt(life, window.to)?.object)?.lastState?.terminated;
  // Kubelet's own doing, whose probe may find a server slow while all of them elect a leader: no failure to recover.
  if (restarts === 2 && end?.exitCode === 143) return undefined;
  return breach(`${life.name} was started again ${restarts} times`, life.last);
}

function restartsAt(life: PodLife, index: number): number {
  return containerOf(changeAt(life, index)?.object)?.restartCount ?? 0;
}

function containerOf(pod: Recorded<'pods'> | undefined) {
  return pod?.status?.containerStatuses?.[0];
}
