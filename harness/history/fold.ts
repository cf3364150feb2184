import type { Change } from './entries.ts';
import type { Recorded, ResourceName } from './objects.ts';

/** The objects of one resource that exist at a point of the history, by uid. */
export type State<Name extends ResourceName> = ReadonlyMap<string, Recorded<Name>>;

/** Folds changes into the state after them. The one place that knows what a change does to a state. */
export class Fold {
  readonly #states = new Map<ResourceName, Map<string, Recorded>>();

  apply(change: Change): void {
    const state = this.#stateOf(change.resource);
    if (change.type === 'deleted') state.delete(change.object.metadata.uid);
    else state.set(change.object.metadata.uid, change.object);
  }

  state<Name extends ResourceName>(resource: Name): State<Name> {
    // Only changes of this resource were put there; the compiler cannot follow a name through a map.
    return this.#stateOf(resource) as unknown as State<Name>;
  }

  #stateOf(resource: ResourceName): Map<string, Recorded> {
    const known = this.#states.get(resource);
    if (known !== undefined) return known;
    const fresh = new Map<string, Recorded>();
    this.#states.set(resource, fresh);
    return fresh;
  }
}
