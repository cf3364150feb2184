import type { Readable } from 'node:stream';
import { messageOf } from '../errors.ts';
import type { NewEntry } from '../history/entries.ts';
import type { Recorded, ResourceName } from '../history/objects.ts';
import type { Recording } from '../history/recording.ts';
import { Backoff, type BackoffTimings } from './backoff.ts';
import { type Kube, type KubeStream, type List, textOf } from './client.ts';
import { asStatus, type Status } from './errors.ts';
import { LineSplitter } from './lines.ts';
import { listPatiently, type ListScope } from './lists.ts';
import { parseWatchLine, type WatchMessage } from './message.ts';
import { replaySince } from './replay.ts';
import { compareVersions } from '../history/versions.ts';

export interface WatchTimings extends BackoffTimings {
  /** A connection on which nothing came for so long is replaced. It may be dead, and replacing it loses nothing. */
  readonly quietMs: number;
  /** The same for a connection that is to bring a bookmark, from the request on: whoever waits for one does not wait long. */
  readonly quietBrieflyMs: number;
  /** For how long a watch that cannot be resumed is tried again before that is a gap. */
  readonly resumeWithinMs: number;
}

export const watchTimings: WatchTimings = {
  quietMs: 45_000,
  quietBrieflyMs: 5_000,
  resumeWithinMs: 90_000,
  shortestBackoffMs: 50,
  longestBackoffMs: 3_000,
};

export interface WatchScope extends ListScope {
  readonly timings: WatchTimings;
}

/**
 * How one connection ended, and so what comes next: resume; resume after a while; read back what the server does not tell from there any more;
 * or give up this thread of changes.
 */
type End = { readonly kind: 'closed' } | { readonly kind: 'troubled' | 'expired' | 'lost'; readonly because: string };

/**
 * Follows one resource into a recording: one list, then a watch from that list's resourceVersion, resumed whenever it ends, from the last
 * resourceVersion that was heard of.
 *
 * Invariant: everything the server reported up to `reached` is in the recording, or a gap stands in it. Each change is in it once.
 */
export class ResourceWatch {
  readonly #kube: Kube;
  readonly #recording: Recording;
  readonly #scope: WatchScope;
  /** The newest resourceVersion heard of for each uid, also of objects that are gone. */
  readonly #heard = new Map<string, string>();
  /** The uids of the persistent volumes that belong into this recording. */
  readonly #kept = new Set<string>();
  readonly #listeners = new Set<() => void>();
  readonly #opened = Promise.withResolvers<void>();
  #reached = '0';
  /** The newest list that a fence took the recording to be complete up to. */
  #heldTo = '0';
  #interrupt: (() => void) | undefined;
  #bookmarksWanted = 0;
  /** How many connections in a row were asked for a bookmark. */
  #timesAsked = 0;
  #troubledSinceMs: number | undefined;
  readonly #backoff: Backoff;
  #running: Promise<void> = Promise.resolve();

  constructor(kube: Kube, recording: Recording, scope: WatchScope) {
    this.#kube = kube;
    this.#recording = recording;
    this.#scope = scope;
    this.#backoff = new Backoff(scope.timings, scope.signal);
  }

  /** Resolves once everything that is there was recorded as `present` and the watch is open. */
  async start(): Promise<void> {
    const list = await this.#list(this.#scope.timings.resumeWithinMs);
    for (const object of this.concerned(list.items)) this.#append('present', object);
    this.#standAt(list);
    this.#running = this.#run();
    await this.#opened.promise;
  }

  /** Resolves when its connection is closed; the scope's signal is what ends it. */
  async ended(): Promise<void> {
    await this.#running;
  }

  /** Up to this resourceVersion the server has told everything. */
  get reached(): string {
    return this.#reached;
  }

  /** A fence took the recording to be complete up to this resourceVersion: what is told of the time before it from now on is a gap. */
  holdTo(version: string): void {
    if (compareVersions(version, this.#heldTo) > 0) this.#heldTo = version;
  }

  /** Is called after every line taken in; returns what takes the listener off again. */
  onProgress(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Replaces the connection by one that the server closes after three seconds, and again, each time a second later, until what it returns is called. Such a
   * connection brings a bookmark two seconds before its end: the only way for a client to ask how far a quiet watch has come. It brings none while the newest change that the
   * server knows of is one of this resource, in whatever namespace; a list makes the server look how far its store is.
   */
  wantBookmarks(): () => void {
    this.#bookmarksWanted += 1;
    this.#interrupt?.();
    return () => {
      this.#bookmarksWanted -= 1;
    };
  }

  /** Of what a list or a watch reports, what belongs into this recording. */
  concerned(objects: readonly Recorded[]): readonly Recorded[] {
    return objects.filter((object) => this.#concerns(object));
  }

  async #run(): Promise<void> {
    const { signal, timings } = this.#scope;
    while (!signal.aborted) {
      const end = await this.#followOnce();
      if (signal.aborted) break;
      if (end.kind === 'closed') continue;
      this.#troubledSinceMs ??= performance.now();
      const tooLong = performance.now() - this.#troubledSinceMs > timings.resumeWithinMs;
      if (end.kind === 'expired') await this.#readBack(end.because);
      else if (end.kind === 'lost') await this.#beginAnew(end.because);
      else if (tooLong) await this.#beginAnew(`not resumed within ${timings.resumeWithinMs / 1000} s: ${end.because}`);
      await this.#backoff.pause();
    }
    this.#opened.reject(signal.reason);
  }

  /** One connection, from the last resourceVersion heard of to its end. */
  async #followOnce(): Promise<End> {
    const { signal } = this.#scope;
    const connection = new AbortController();
    const close = (): void => connection.abort(signal.reason);
    signal.addEventListener('abort', close, { once: true });
    const brief = this.#bookmarksWanted > 0;
    try {
      const stream = await this.#open(brief, connection.signal);
      if (stream.code !== 200) return await this.#refused(stream, connection);
      this.#opened.resolve();
      if (brief) void this.#nudge(connection.signal);
      return await this.#read(stream.body, brief);
    } catch (error) {
      return { kind: 'troubled', because: messageOf(error) };
    } finally {
      signal.removeEventListener('abort', close);
      connection.abort();
    }
  }

  /**
   * A server sends a bookmark two seconds before it ends a connection, or once a minute, and keeps changes for its watches for little more than a minute where many are made. A quiet watch on a
   * busy cluster hears of nothing else, so its connections end sooner than that: one that stayed where it was would be answered 410 at last, and read back over thousands of revisions.
   */
  async #open(brief: boolean, signal: AbortSignal): Promise<KubeStream> {
    this.#timesAsked = brief ? this.#timesAsked + 1 : 0;
    const timeoutSeconds = brief ? 2 + this.#timesAsked : 25 + Math.floor(Math.random() * 10);
    return await this.#kube.stream({
      target: this.#place(),
      query: { watch: true, allowWatchBookmarks: true, resourceVersion: this.#reached, timeoutSeconds },
      ...(brief ? { deadlineMs: this.#scope.timings.quietBrieflyMs } : {}),
      signal,
    });
  }

  /** What is answered does not matter, nor that there is an answer. */
  async #nudge(signal: AbortSignal): Promise<void> {
    await this.#kube.list(this.#place(), { query: { limit: 1 }, signal }).catch(() => undefined);
  }

  async #refused(stream: KubeStream, connection: AbortController): Promise<End> {
    const stalled = setTimeout(() => connection.abort(), this.#scope.timings.quietMs);
    try {
      return endOf({ code: stream.code, ...asStatus(parsedOrNothing(await textOf(stream.body))) });
    } finally {
      clearTimeout(stalled);
    }
  }

  /** Takes in lines until the stream ends, falls silent, or says something after which it cannot go on. */
  #read(body: Readable, brief: boolean): Promise<End> {
    const { promise, resolve } = Promise.withResolvers<End>();
    const openedAtMs = performance.now();
    let heard = false;
    const lines = new LineSplitter((line) => {
      const end = this.#take(parseWatchLine(line));
      heard = true;
      if (end !== undefined) throw new WatchEnded(end);
    });
    const { quietMs, quietBrieflyMs } = this.#scope.timings;
    const silence = setTimeout(() => resolve({ kind: 'closed' }), brief ? quietBrieflyMs : quietMs);
    this.#interrupt = () => resolve({ kind: 'closed' });
    if (this.#bookmarksWanted > 0 && !brief) this.#interrupt();
    body.on('data', (chunk: Buffer) => {
      silence.refresh();
      try {
        lines.push(chunk);
      } catch (error) {
        body.removeAllListeners('data');
        resolve(
          error instanceof WatchEnded
            ? error.end
            : { kind: 'lost', because: `the watch cannot be read: ${messageOf(error)}` },
        );
      }
    });
    body.on('error', (error) => resolve({ kind: 'troubled', because: `the watch broke: ${messageOf(error)}` }));
    body.on('end', () => {
      // A server that closes at once and says nothing would otherwise be asked again and again without a pause.
      const abrupt = !heard && performance.now() - openedAtMs < 1_000;
      resolve(
        abrupt
          ? { kind: 'troubled', because: 'the server closes the watch as soon as it is open' }
          : { kind: 'closed' },
      );
    });
    return promise.finally(() => {
      clearTimeout(silence);
      this.#interrupt = undefined;
    });
  }

  /** What one line does to the recording. Says how the watch ends if it cannot go on after it. */
  #take(message: WatchMessage): End | undefined {
    const end = this.#takeIn(message);
    if (end === undefined) this.#isWell();
    this.#tellListeners();
    return end;
  }

  #takeIn(message: WatchMessage): End | undefined {
    switch (message.kind) {
      case 'change':
        return this.#change(message.type, message.object);
      case 'bookmark':
        this.#advance(message.version);
        return undefined;
      case 'error':
        return endOf(message.status);
      case 'not-understood':
        return { kind: 'lost', because: message.because };
    }
  }

  #change(type: 'added' | 'modified' | 'deleted', object: Recorded): End | undefined {
    const { uid, name, resourceVersion } = object.metadata;
    const known = this.#heard.get(uid);
    if (known !== undefined && compareVersions(resourceVersion, known) <= 0) return undefined;
    if (compareVersions(resourceVersion, this.#reached) <= 0) {
      const because = `${name} at ${resourceVersion} was reported after everything up to ${this.#reached} had been`;
      return { kind: 'lost', because };
    }
    if (this.#concerns(object)) {
      if (compareVersions(resourceVersion, this.#heldTo) <= 0) this.#belied(name, resourceVersion);
      this.#append(type, object);
    }
    this.#heard.set(uid, resourceVersion);
    this.#advance(resourceVersion);
    return undefined;
  }

  /** A fence was set too early. What it bounds cannot be told from what followed, so the recording says that it has a gap. */
  #belied(name: string, version: string): void {
    const because = `${name} at ${version} was told after a fence that had taken everything up to ${this.#heldTo} to be told`;
    this.#recording.append({ kind: 'gap', resource: this.#scope.resource, because });
  }

  /** Takes in, revision by revision, what the server has stored and its watches do not tell any more. What it has not is a gap. */
  async #readBack(because: string): Promise<void> {
    try {
      const listAt = (version?: string): Promise<List<Recorded>> =>
        this.#list(this.#scope.timings.resumeWithinMs, version);
      const { before, changes, after } = await replaySince(this.#reached, listAt);
      if (!this.#isRecorded(before)) throw new Error('what was recorded is not what was stored');
      for (const { type, object } of changes) this.#change(type, object);
      this.#standAt(after);
      this.#isWell();
      this.#tellListeners();
    } catch (error) {
      if (!this.#scope.signal.aborted) await this.#beginAnew(`${because}; it cannot be read back: ${messageOf(error)}`);
    }
  }

  #isRecorded(list: List<Recorded>): boolean {
    const listed = new Map(list.items.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
    const recorded = [...this.#recording.state(this.#scope.resource).keys()];
    const isHeard = ([uid, version]: readonly [string, string]): boolean => this.#heard.get(uid) === version;
    return [...listed].every(isHeard) && recorded.every((uid) => listed.has(uid));
  }

  /** Sets a gap, lists again, and records what differs from what was recorded, so that the story can go on. */
  async #beginAnew(because: string): Promise<void> {
    const { resource, signal } = this.#scope;
    this.#recording.append({ kind: 'gap', resource, because });
    try {
      const list = await this.#list(Infinity);
      this.#appendDifference(this.concerned(list.items));
      this.#standAt(list);
      this.#troubledSinceMs = undefined;
    } catch (error) {
      if (!signal.aborted)
        this.#recording.append({ kind: 'gap', resource, because: `not listed again: ${messageOf(error)}` });
    }
    this.#tellListeners();
  }

  #appendDifference(listed: readonly Recorded[]): void {
    const there = new Set(listed.map((object) => object.metadata.uid));
    const before: ReadonlyMap<string, Recorded> = this.#recording.state(this.#scope.resource);
    for (const [uid, object] of [...before]) if (!there.has(uid)) this.#append('deleted', object);
    const byVersion = listed.toSorted((a, b) =>
      compareVersions(a.metadata.resourceVersion, b.metadata.resourceVersion),
    );
    for (const object of byVersion) {
      const known = before.get(object.metadata.uid);
      if (known === undefined) this.#append('added', object);
      else if (known.metadata.resourceVersion !== object.metadata.resourceVersion) this.#append('modified', object);
    }
  }

  #list(withinMs: number, exactly?: string): Promise<List<Recorded>> {
    return listPatiently(this.#kube, this.#scope, { ...this.#scope.timings, withinMs }, exactly);
  }

  #append(type: 'present' | 'added' | 'modified' | 'deleted', object: Recorded): void {
    this.#kept.add(object.metadata.uid);
    this.#recording.append({ kind: 'change', resource: this.#scope.resource, type, object } as NewEntry);
  }

  #concerns(object: Recorded): boolean {
    if (this.#scope.resource !== 'persistentvolumes' || this.#kept.has(object.metadata.uid)) return true;
    return (object as Recorded<'persistentvolumes'>).spec?.claimRef?.namespace === this.#scope.namespace;
  }

  /** Takes a list as the place from which the watch sets out. */
  #standAt(list: List<Recorded>): void {
    for (const { metadata } of list.items) this.#heard.set(metadata.uid, metadata.resourceVersion);
    this.#reached = list.metadata.resourceVersion;
  }

  #advance(version: string): void {
    if (compareVersions(version, this.#reached) > 0) this.#reached = version;
  }

  #isWell(): void {
    this.#troubledSinceMs = undefined;
    this.#backoff.reset();
  }

  #tellListeners(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #place(): { readonly resource: ResourceName; readonly namespace: string } {
    return { resource: this.#scope.resource, namespace: this.#scope.namespace };
  }
}

/** Carries the end of a watch out of the middle of a chunk: what follows in it must not be taken in. */
class WatchEnded extends Error {
  readonly end: End;

  constructor(end: End) {
    super(end.kind);
    this.end = end;
  }
}

/**
 * What the server's error means for the thread of changes. Overload and trouble inside the server pass, and a watch resumed from the same
 * resourceVersion misses nothing; if they stay, the time limit makes a gap of them. After 410 Gone its watches begin later.
 */
function endOf({ code, reason, message }: Status): End {
  const because = `the server ended the watch with ${[code, reason, message].filter(Boolean).join(' ') || 'an error it does not name'}`;
  if (code === 410) return { kind: 'expired', because };
  const passes = code !== undefined && (code === 401 || code === 403 || code === 429 || code >= 500);
  return { kind: passes ? 'troubled' : 'lost', because };
}

function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
