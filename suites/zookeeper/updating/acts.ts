import type { RecordedState, StoryNamespace } from '../../../harness/test.ts';
import { rolloutStatusOf } from '../../../harness/guarantees/rollout.ts';

type StoredSet = NonNullable<ReturnType<RecordedState['statefulsets']['get']>>;

/** Where the template asks for the CPU, for JSON patches and for looking it up. */
const cpuPath = '/spec/template/spec/containers/0/resources/requests/cpu';
export const cpuField = 'spec.template.spec.containers.0.resources.requests.cpu';

/** `kubectl patch sts zk --type='json' -p='[{"op": "replace", …, "value": "0.3"}]'` */
export function patchesCpu(namespace: StoryNamespace, value: string): Promise<void> {
  return namespace.patches('statefulsets', 'zk', [{ op: 'replace', path: cpuPath, value }], { type: 'json' });
}

/**
 * `kubectl rollout undo sts/zk`: the template of the last revision but one by number becomes the set's, by a strategic merge patch with what that
 * ControllerRevision holds.
 */
export async function undoes(namespace: StoryNamespace): Promise<void> {
  let data: object = {};
  await namespace.until('two revisions to be there', ({ controllerrevisions }) => {
    const numbered = [...controllerrevisions.values()].toSorted((a, b) => b.revision - a.revision);
    data = numbered[1]?.data ?? {};
    return numbered.length > 1;
  });
  await namespace.patches('statefulsets', 'zk', data, { type: 'strategic' });
}

/** Waits as `kubectl rollout status` does, and goes on when it refuses or the time is over. */
export function rolloutEnds(namespace: StoryNamespace, deadlineMs: number): Promise<boolean> {
  const hasEnded = (set: StoredSet): boolean => rolloutStatusOf(set).is !== 'waiting';
  return namespace.sees(
    'kubectl rollout status to end',
    ({ statefulsets }) => {
      const set = statefulsets.get('zk');
      return set !== undefined && hasEnded(set);
    },
    { deadlineMs },
  );
}
