import { messageOf } from '../errors.ts';
import type { Recorded } from '../history/objects.ts';
import { asStatus, type Status } from './errors.ts';
import { isVersion } from '../history/versions.ts';

/** What one line of a watch says. */
export type WatchMessage =
  | { readonly kind: 'change'; readonly type: 'added' | 'modified' | 'deleted'; readonly object: Recorded }
  | { readonly kind: 'bookmark'; readonly version: string }
  | { readonly kind: 'error'; readonly status: Status }
  | { readonly kind: 'not-understood'; readonly because: string };

const changeTypes = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted' } as const;

/** Parses a line once and checks as much of it as the recording relies on. Never throws. */
export function parseWatchLine(line: string): WatchMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return notUnderstood(messageOf(error), line);
  }
  if (typeof value !== 'object' || value === null) return notUnderstood('expected an object', line);
  const { type, object } = value as { type?: unknown; object?: unknown };
  if (type === 'ERROR') return { kind: 'error', status: asStatus(object) };
  const metadata = metadataOf(object);
  if (metadata === undefined || !isVersion(metadata.resourceVersion))
    return notUnderstood('an object without a resourceVersion', line);
  if (type === 'BOOKMARK') return { kind: 'bookmark', version: metadata.resourceVersion };
  if (typeof metadata.uid !== 'string' || metadata.uid === '') return notUnderstood('an object without a uid', line);
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED')
    return notUnderstood(`the unknown event type ${JSON.stringify(type) ?? 'undefined'}`, line);
  return { kind: 'change', type: changeTypes[type], object: object as Recorded };
}

function metadataOf(object: unknown): { readonly uid?: unknown; readonly resourceVersion?: unknown } | undefined {
  if (typeof object !== 'object' || object === null || !('metadata' in object)) return undefined;
  return typeof object.metadata === 'object' && object.metadata !== null ? object.metadata : undefined;
}

function notUnderstood(why: string, line: string): WatchMessage {
  return {
    kind: 'not-understood',
    because: `the watch sent a line that is not understood (${why}): ${line.slice(0, 200)}`,
  };
}
