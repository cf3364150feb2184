import { RunError } from '../errors.ts';
import type { Recorded } from '../history/objects.ts';
import type { List } from './client.ts';

export interface Replayed {
  readonly type: 'added' | 'modified' | 'deleted';
  readonly object: Recorded;
}

/** Lists one resource: as it was at a resourceVersion, or as it is now. */
export type ListAt = (version?: string) => Promise<List<Recorded>>;

/**
 * Reads back what happened to one resource since a resourceVersion, change by change. An API server that was restarted answers 410 to every watch
 * from before, for its cache begins anew; but the storage still has each revision, until it compacts them. Every write is a revision of its
 * own, so lists at every single one, compared in turn, are what the watch would have said: nothing fits in between.
 *
 * Throws when the storage does not have the revisions any more, and when they are too many to ask a server for that is just coming back.
 */
export async function replaySince(
  version: string,
  listAt: ListAt,
  most = 3000,
): Promise<{ readonly before: List<Recorded>; readonly changes: readonly Replayed[]; readonly after: List<Recorded> }> {
  const before = await listAt(version);
  const after = await listAt();
  const count = Number(BigInt(after.metadata.resourceVersion) - BigInt(version));
  if (count > most) throw new RunError(`${count} revisions since then are more than the ${most} that are read back`);
  const changes: Replayed[] = [];
  let known = before;
  for (let done = 0; done < count; done += batch) {
    const steps = Array.from({ length: Math.min(batch, count - done) }, (_, step) => done + step + 1);
    const lists = await Promise.all(steps.map((step) => listAt(String(BigInt(version) + BigInt(step)))));
    for (const list of lists) {
      changes.push(...stepBetween(known, list));
      known = list;
    }
  }
  return { before, changes, after };
}

/** So many lists are asked for at once. */
const batch = 8;

/** What the one revision between two lists did. It did at most one thing; more would mean that they are not what they claim to be. */
function stepBetween(before: List<Recorded>, after: List<Recorded>): readonly Replayed[] {
  const { resourceVersion } = after.metadata;
  const earlier = new Map(before.items.map((object) => [object.metadata.uid, object]));
  const later = new Set(after.items.map((object) => object.metadata.uid));
  const written = after.items
    .filter(({ metadata }) => earlier.get(metadata.uid)?.metadata.resourceVersion !== metadata.resourceVersion)
    .map((object): Replayed => ({ type: earlier.has(object.metadata.uid) ? 'modified' : 'added', object }));
  const deleted = before.items
    .filter(({ metadata }) => !later.has(metadata.uid))
    // A watch, too, reports a deletion with the last state of the object and the resourceVersion of the deletion.
    .map((object): Replayed => ({ type: 'deleted', object: atVersion(object, resourceVersion) }));
  const changes = [...deleted, ...written];
  if (changes.length > 1 || changes.some(({ object }) => object.metadata.resourceVersion !== resourceVersion))
    throw new RunError(`the lists around revision ${resourceVersion} differ by more than that one revision`);
  return changes;
}

function atVersion(object: Recorded, resourceVersion: string): Recorded {
  return { ...object, metadata: { ...object.metadata, resourceVersion } } as Recorded;
}
