import { messageOf } from '../errors.ts';
import { Fold } from '../history/fold.ts';
import type { Recorded, ResourceName } from '../history/objects.ts';
import type { Recording } from '../history/recording.ts';
import type { Kube } from './client.ts';
import type { BackoffTimings } from './backoff.ts';
import { listPatiently } from './lists.ts';
import { compareVersions } from '../history/versions.ts';
import type { ResourceWatch } from './watch.ts';

export interface CompareTimings {
  /** How long the recording may take to become equal to the list. */
  readonly equalWithinMs: number;
}

export const compareTimings: CompareTimings = { equalWithinMs: 15_000 };

export interface Comparison extends CompareTimings, BackoffTimings {
  readonly resource: ResourceName;
  readonly namespace: string;
  readonly signal: AbortSignal;
  /** Equality is enough for now; the watch is held to it: what it tells later of the time before the list is a gap. */
  readonly provisional: boolean;
}

export type Compared =
  { readonly equal: true; readonly version: string } | { readonly equal: false; readonly because: string };

/**
 * Takes a consistent list of one resource and waits until two things hold. The recorded changes up to the list's resourceVersion, folded, are equal to
 * it, uid by uid and resourceVersion by resourceVersion. And the watch has come as far as the list: equality alone would not tell of an object that was
 * made and deleted while the watch was late or its connection dead.
 */
export async function compareWithList(
  kube: Kube,
  recording: Recording,
  watch: ResourceWatch,
  comparison: Comparison,
): Promise<Compared> {
  const { resource, namespace, signal, equalWithinMs, provisional } = comparison;
  const over = new AbortController();
  const deadline = setTimeout(() => over.abort(new Error(`no answer within ${equalWithinMs / 1000} s`)), equalWithinMs);
  const limit = AbortSignal.any([signal, over.signal]);
  try {
    const patience = { ...comparison, withinMs: equalWithinMs };
    const list = await listPatiently(kube, { resource, namespace, signal: limit }, patience);
    const { resourceVersion: version } = list.metadata;
    const difference = (): string | undefined =>
      !provisional && compareVersions(watch.reached, version) < 0
        ? `the watch has told everything up to ${watch.reached} only, the list is of ${version}`
        : differenceAt(recording, resource, version, watch.concerned(list.items));
    const last = difference() === undefined ? undefined : await untilUndefined(difference, watch, !provisional, limit);
    if (last === undefined) {
      watch.holdTo(version);
      return { equal: true, version };
    }
    signal.throwIfAborted();
    return { equal: false, because: `not equal to a list within ${equalWithinMs / 1000} s: ${last}` };
  } catch (error) {
    signal.throwIfAborted();
    return { equal: false, because: `no list to compare with: ${messageOf(error)}` };
  } finally {
    clearTimeout(deadline);
  }
}

/** Resolves with `undefined` as soon as `look` finds that, or with what it found last when the signal is aborted. */
function untilUndefined(
  look: () => string | undefined,
  watch: ResourceWatch,
  bookmarks: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const wantNoMore = bookmarks ? watch.wantBookmarks() : () => undefined;
    const settle = (): void => {
      off();
      wantNoMore();
      signal.removeEventListener('abort', settle);
      resolve(look());
    };
    const off = watch.onProgress(() => {
      if (look() === undefined) settle();
    });
    if (signal.aborted) settle();
    else signal.addEventListener('abort', settle, { once: true });
  });
}

/** In words, the first way in which the recording, folded up to `version`, is not the list of that version; `undefined` if it is. */
export function differenceAt(
  recording: Recording,
  resource: ResourceName,
  version: string,
  listed: readonly Recorded[],
): string | undefined {
  const fold = new Fold();
  for (const entry of recording.entries) {
    const counts = entry.kind === 'change' && entry.resource === resource;
    if (counts && compareVersions(entry.object.metadata.resourceVersion, version) <= 0) fold.apply(entry);
  }
  const recorded: ReadonlyMap<string, Recorded> = fold.state(resource);
  for (const { metadata } of listed) {
    const known = recorded.get(metadata.uid)?.metadata.resourceVersion;
    if (known !== metadata.resourceVersion)
      return `${metadata.name} is listed at ${metadata.resourceVersion} and recorded at ${known ?? 'no version'}`;
  }
  const uids = new Set(listed.map((object) => object.metadata.uid));
  const extra = [...recorded.values()].find((object) => !uids.has(object.metadata.uid));
  return extra && `${extra.metadata.name} is recorded at ${extra.metadata.resourceVersion} and not listed any more`;
}
