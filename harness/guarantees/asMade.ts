import type { Recorded } from '../history/objects.ts';
import type { PodLife } from './lives.ts';

/**
 * Where two Pods differ in what they were made with: labels, annotations, and the spec without the node, which is the scheduler's, and the name of the
 * token's volume, which is each Pod's own. Undefined where they do not; and where one of them was there before the recording, since much is added to a
 * Pod once it is there.
 */
export function differenceAsMade(old: PodLife, fresh: PodLife): string | undefined {
  if (old.first.type !== 'added' || fresh.first.type !== 'added') return undefined;
  return firstDifference(madeWith(old.first.object), madeWith(fresh.first.object));
}

function madeWith({ metadata, spec }: Recorded<'pods'>): unknown {
  const { labels = {}, annotations = {} } = metadata;
  const made = { labels, annotations, spec: { ...spec, nodeName: undefined } };
  return JSON.parse(JSON.stringify(made).replaceAll(/\bkube-api-access-\w+/g, 'kube-api-access'));
}

/** The path to the first value that is not the same in both. */
function firstDifference(one: unknown, other: unknown, path: readonly string[] = []): string | undefined {
  if (!isComposite(one) || !isComposite(other)) return one === other ? undefined : path.join('.');
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.map((key) => firstDifference(one[key], other[key], [...path, key])).find((found) => found !== undefined);
}

function isComposite(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
