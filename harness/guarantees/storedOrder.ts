import type { Change } from '../history/entries.ts';
import type { ResourceName } from '../history/objects.ts';
import { compareVersions } from '../history/versions.ts';
import type { Window } from './guarantee.ts';

/**
 * Whether the server stored one change before the other, also where they are of different resources, whose watches may overtake one another. Undefined where
 * the recording does not show that the two count their versions together: no list at the beginning of the window may be of a later version than one at its end.
 */
export function wasStoredBefore(window: Window, first: Change, second: Change): boolean | undefined {
  const between = [first.resource, second.resource];
  if (first.resource !== second.resource && !countTogether(window, between)) return undefined;
  const { resourceVersion: version } = second.object.metadata;
  return compareVersions(first.object.metadata.resourceVersion, version) < 0;
}

function countTogether({ history, from, to }: Window, resources: readonly ResourceName[]): boolean {
  const [opening, closing] = [history.entries[from], history.entries[to]];
  if (opening?.kind !== 'fence' || closing?.kind !== 'fence') return false;
  return resources.every((one) =>
    resources.every((other) => {
      const [before, after] = [opening.lists[one], closing.lists[other]];
      return before !== undefined && after !== undefined && compareVersions(before, after) <= 0;
    }),
  );
}
