import type { ObservationFact } from './observations.ts';
import type { Recorded, ResourceName } from './objects.ts';

/**
 * One line of a history. `index` counts from 0 in the order in which entries were appended; it orders the changes of
 * one resource as the API server ordered them, and nothing else: two resources arrive on two connections.
 * `atMs` is this machine's clock (milliseconds since 1970), for people, pictures and benchmarks; no guarantee looks at it.
 */
export type Entry = Change | Operation | Observation | Gap | Fence;

interface Placed {
  readonly index: number;
  readonly atMs: number;
}

/**
 * The API server reported an object. `present`: it was in the list from which the watch set out, so it was made earlier.
 * The others are the watch's own words. The object is whole, as it was sent.
 */
export type Change<Name extends ResourceName = ResourceName> = {
  [Each in Name]: Placed & {
    readonly kind: 'change';
    readonly resource: Each;
    readonly type: 'present' | 'added' | 'modified' | 'deleted';
    readonly object: Recorded<Each>;
  };
}[Name];

/**
 * Something this run asked of the cluster. Each call is two entries with one `call` number: `invoked`, then how it ended. A call that
 * timed out, or whose connection broke after it was sent, is `indeterminate`: it may have happened.
 */
export interface Operation extends Placed {
  readonly kind: 'operation';
  readonly call: number;
  readonly phase: 'invoked' | 'succeeded' | 'failed' | 'indeterminate';
  /** `apply`, `create`, `patch`, `delete`, `scale`, `set condition` … */
  readonly verb: string;
  /** `statefulsets/web`, `pods/web-1`: the resource's plural name and the object's. */
  readonly target: string;
  /** What exactly was asked, in a few words or as the body sent. */
  readonly detail?: string;
  /** Why it failed or cannot be known, in the server's words. */
  readonly because?: string;
}

/** What a client of the workload, or the story itself, saw at a moment: see `observations.ts`. */
export type Observation = Placed & { readonly kind: 'observation' } & ObservationFact;

/** From here on the recording of this resource cannot be trusted: something may have happened that it does not hold. */
export interface Gap extends Placed {
  readonly kind: 'gap';
  readonly resource: ResourceName;
  readonly because: string;
}

/**
 * Up to here the recording is complete: for each resource a consistent list was taken and the folded changes were equal to it,
 * object by object, resourceVersion by resourceVersion. `name` is what the story calls this moment.
 */
export interface Fence extends Placed {
  readonly kind: 'fence';
  readonly name: string;
  /**
   * The fold was equal to the list, and whether the watches had come as far as the list was left to a later fence: a change up to the list that
   * arrives after this one is recorded with a gap before it. Only behind a fence without this mark is it known that none did.
   */
  readonly provisional?: true;
  /** The resourceVersion of the list for each resource that was compared. */
  readonly lists: Readonly<Partial<Record<ResourceName, string>>>;
}

type WithoutPlace<Each> = Each extends Entry ? Omit<Each, 'index' | 'atMs'> : never;

/** An entry before it is appended: the recording gives it its place. */
export type NewEntry = WithoutPlace<Entry>;
