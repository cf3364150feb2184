import { revisionOf } from '../history/pods.ts';
import type { Recorded } from '../history/objects.ts';
import type { OrdinalSet } from '../history/sets.ts';
import type { Window } from './guarantee.ts';
import { livesOf, type PodLife } from './lives.ts';

/**
 * What the first container of a Pod runs, as its runtime names it, whatever its spec asks for. A runtime names an image
 * by the digest that a registry has for it or, where the image came to the node another way, by an id of its own: two
 * names of one image. Only names of one kind can be compared.
 */
export function imageIDOf(pod: Recorded<'pods'>): string | undefined {
  const imageID = pod.status?.containerStatuses?.[0]?.imageID ?? '';
  return imageID === '' ? undefined : imageID;
}

/** Every image that Pods of this revision were seen to run, up to the end of the window. */
export function imageIDsOf(window: Window, set: OrdinalSet, revision: string | undefined): readonly string[] {
  return imageIDsOfLives(livesOf(window, set).filter((life) => revisionOf(life.first.object) === revision));
}

/** Every image that these Pods were seen to run. */
export function imageIDsOfLives(lives: readonly PodLife[]): readonly string[] {
  const ids = lives.flatMap((life) => life.changes).map(({ object }) => imageIDOf(object));
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** Whether an image is one of those that are known, or cannot be compared with any of them. */
export function isOneOf(known: readonly string[], imageID: string | undefined): 'yes' | 'no' | 'unknown' {
  if (imageID === undefined) return 'unknown';
  const comparable = known.filter((each) => isDigest(each) === isDigest(imageID));
  if (comparable.length === 0) return 'unknown';
  return comparable.some((each) => valueOf(each) === valueOf(imageID)) ? 'yes' : 'no';
}

function isDigest(imageID: string): boolean {
  return imageID.includes('@');
}

/** Names before the digest tell from where an image was pulled: one image may come from two places. */
function valueOf(imageID: string): string {
  return imageID.slice(imageID.lastIndexOf('@') + 1);
}
