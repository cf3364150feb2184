import type { Asked } from '../guarantees/settled.ts';
import type { StatefulSetHandle, StoryNamespace } from './verbs.ts';

/** Looks at a workload between two marks, so that what clients saw can be held against what the API server reported. */
export async function betweenMarks(
  namespace: StoryNamespace,
  moment: string,
  look: () => Promise<unknown>,
): Promise<Asked> {
  const from = await namespace.mark(`${moment}: begin`);
  await look();
  const to = await namespace.mark(`${moment}: end`);
  return { moment, from, to };
}

/** On a machine where probes run out of their time now and then, one look in so many finds the Pods at rest; where none does, that is the finding. */
const mostLooks = 4;

/**
 * The same for a set that is Ready and stays as it is meanwhile. A look during which one of its Pods turned unready, say, cannot be held against anything: then another one is taken, under a moment
 * of its own. Each look is in the history; the last one is returned, however it went, and whether the Pods stood still is for the guarantee to say.
 */
export async function betweenMarksAtRest(
  namespace: StoryNamespace,
  set: StatefulSetHandle,
  moment: string,
  look: (moment: string) => Promise<unknown>,
): Promise<Asked> {
  for (let count = 1; ; count += 1) {
    await set.seesReady();
    const before = set.recordedChanges();
    const name = count === 1 ? moment : `${moment} (${count})`;
    const taken = await betweenMarks(namespace, name, () => look(name));
    if (set.recordedChanges() === before || count === mostLooks) return taken;
  }
}
