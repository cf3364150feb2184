import { isReady, isTerminating } from '../history/pods.ts';
import type { OrdinalSet } from '../history/sets.ts';
import type { Window } from './guarantee.ts';
import { livesAt, livesOf, type PodLife } from './lives.ts';

/** The Pods of the set that came, were asked to go or went after this point, up to the end of the window. */
export function podsMovedSince(window: Window, set: OrdinalSet, from: number): readonly PodLife[] {
  return livesOf(window, set).filter(({ first, deletion, gone }) =>
    [first, deletion, gone].some((change) => change !== undefined && change.index > from),
  );
}

/**
 * Why what is there at the end need not be what the controller leaves it at: since this point it was not seen alive twice, some Pod was still being replaced, or a kubelet had
 * something to do. A slow machine breaks no promise.
 */
export function doubtAboutStandstill(window: Window, set: OrdinalSet, from: number): string | undefined {
  const signs = window
    .observations('liveness')
    .filter(({ controller, invokedAtIndex }) => controller === 'statefulset' && invokedAtIndex >= from);
  if (signs.length < 2) return `the controller was not seen alive twice since the Pods of ${set.name} came to rest`;
  const [moved] = podsMovedSince(window, set, from);
  if (moved !== undefined) return `${moved.name} was still being replaced`;
  const busy = livesAt(livesOf(window, set), window.to).find(({ changes }) => {
    const since = changes.findLastIndex(({ index }) => index <= from);
    return changes.slice(Math.max(0, since)).some(({ object }) => !isReady(object) || isTerminating(object));
  });
  return busy && `${busy.name} was not Ready throughout the window`;
}
