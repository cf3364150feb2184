import type { Span } from '../../../harness/guarantees/guarantee.ts';
import { patience, type RecordedState, type StatefulSetHandle, type StoryNamespace } from '../../../harness/test.ts';

/** Our finalizer on the set: it stays, deleted, until the story lets it go. */
const hold = 'steadfast.dev/hold-deletion';

/** A deleted set: from before the deletion to a moment when it was still held, and to the end of a window after it was gone. */
export interface Deletion {
  readonly held: Span;
  readonly whole: Required<Span>;
}

/**
 * Deletes the set and holds it, as an object, at the point where the garbage collector has done with it: what became of its Pods by then
 * became of them before the set disappeared.
 */
export async function deletesHeld(
  namespace: StoryNamespace,
  web: StatefulSetHandle,
  propagation: 'Orphan' | 'Background',
): Promise<Deletion> {
  const from = await namespace.mark(`before ${web.name} is deleted`);
  await web.patch({ metadata: { finalizers: [hold] } });
  await web.delete(propagation, { wait: false });
  await namespace.until(`nothing but our hold to keep ${web.name}`, ({ statefulsets }) => {
    const { deletionTimestamp, finalizers } = statefulsets.get(web.name)?.metadata ?? {};
    return deletionTimestamp !== undefined && finalizers?.join() === hold;
  });
  const to = await namespace.mark(`${web.name} is deleted and held`);
  await namespace.asks('the hold is taken off', {
    verb: 'patch',
    resource: 'statefulsets',
    name: web.name,
    body: { metadata: { finalizers: null } },
  });
  await namespace.until(`${web.name} to be gone`, ({ statefulsets }) => !statefulsets.has(web.name));
  const quiet = await namespace.quietly(`${web.name} is gone`, 'garbage-collector');
  return { held: { from, to }, whole: { ...quiet, from } };
}

/** Deletes the set and leaves its Pods, then deletes web-0, which nobody brings back. */
export async function leavesOrphansWithoutTheFirst(namespace: StoryNamespace, web: StatefulSetHandle): Promise<void> {
  await web.delete('Orphan');
  await losesTheFirst(namespace, web);
}

/** Deletes web-0. Where it was taken away with its set, there is nothing left to delete, and the story goes on. */
export async function losesTheFirst(namespace: StoryNamespace, web: StatefulSetHandle): Promise<void> {
  const stands = ({ pods }: RecordedState): boolean => {
    const pod = pods.get('web-0');
    return pod !== undefined && pod.metadata.deletionTimestamp === undefined;
  };
  if (await namespace.sees('web-0 to stand', stands, { deadlineMs: patience.glanceMs })) await web.deletePod(0);
  await web.podDisappears(0);
}

/** GETs the object itself; the answer is recorded as of this moment. */
export async function looksFor(
  namespace: StoryNamespace,
  moment: string,
  resource: 'statefulsets' | 'services',
  name: string,
): Promise<string> {
  await namespace.asks(moment, { verb: 'get', resource, name });
  return moment;
}
