import type { Fence } from '../history/entries.ts';
import type { ResourceName } from '../history/objects.ts';
import type { Recording } from '../history/recording.ts';
import type { Kube } from './client.ts';
import { type CompareTimings, compareTimings, compareWithList } from './fence.ts';
import { ResourceWatch, type WatchTimings, watchTimings } from './watch.ts';

export interface RecorderOptions {
  readonly namespace: string;
  readonly resources: readonly ResourceName[];
  /** Ends the recording, like `stop`. */
  readonly signal?: AbortSignal | undefined;
  /** For tests, which have less patience. */
  readonly timings?: Partial<WatchTimings & CompareTimings>;
}

export interface FenceOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Do not wait until the quiet watches have come as far as the lists, which takes a second or two. The next fence that does wait proves this one as
   * well, or a gap stands in the recording.
   */
  readonly provisional?: boolean;
}

export interface Recorder {
  /**
   * Lists every recorded resource (but `events`, which come and go for no reason of the story's) and resolves once the recording is equal to it
   * and its watch has told everything up to it. A resource for which that takes longer than 15 seconds gets a gap and is left out of
   * the fence. Rejects only when aborted.
   */
  fence(name: string, options?: FenceOptions): Promise<Fence>;
  /** Resolves when all connections are closed. Can be called again. */
  stop(): Promise<void>;
}

/** Resolves once every resource was listed and is being watched: from here on nothing is missed without a gap. */
export async function startRecorder(kube: Kube, recording: Recording, options: RecorderOptions): Promise<Recorder> {
  const stopping = new AbortController();
  const { signal: outer, namespace } = options;
  const timings = { ...watchTimings, ...compareTimings, ...options.timings };
  const abort = (): void => stopping.abort(outer?.reason);
  outer?.throwIfAborted();
  outer?.addEventListener('abort', abort, { once: true });

  const watches = new Map(
    options.resources.map((resource) => [
      resource,
      new ResourceWatch(kube, recording, { resource, namespace, timings, signal: stopping.signal }),
    ]),
  );
  const stop = async (): Promise<void> => {
    outer?.removeEventListener('abort', abort);
    stopping.abort(new Error('the recorder was stopped'));
    await Promise.all([...watches.values()].map((watch) => watch.ended()));
  };
  const fence = async (name: string, asked: FenceOptions = {}): Promise<Fence> => {
    const provisional = asked.provisional ?? false;
    const signal = AbortSignal.any([stopping.signal, ...(asked.signal === undefined ? [] : [asked.signal])]);
    const compared = [...watches].filter(([resource]) => resource !== 'events');
    const versions = await Promise.all(
      compared.map(async ([resource, watch]) => {
        const outcome = await compareWithList(kube, recording, watch, {
          resource,
          namespace,
          signal,
          provisional,
          ...timings,
        });
        if (outcome.equal) return [resource, outcome.version] as const;
        recording.append({ kind: 'gap', resource, because: `at the fence “${name}”: ${outcome.because}` });
        return undefined;
      }),
    );
    const lists = Object.fromEntries(versions.filter((version) => version !== undefined));
    return recording.append({ kind: 'fence', name, lists, ...(provisional ? { provisional } : {}) }) as Fence;
  };

  try {
    await Promise.all([...watches.values()].map((watch) => watch.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { fence, stop };
}
