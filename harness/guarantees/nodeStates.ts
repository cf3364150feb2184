import type { Recorded } from '../history/objects.ts';
import type { Window } from './guarantee.ts';
import { objectsOf, thereAt, versionsWithin, type ObjectLife } from './objects.ts';

type Node = Recorded<'nodes'>;
export type NodeLife = ObjectLife<'nodes'>;

/** What kubectl cordon sets, and the taint that the control plane adds to it. */
export const cordonTaint = 'node.kubernetes.io/unschedulable';

export function isCordoned({ spec }: Node): boolean {
  return spec?.unschedulable === true;
}

/** A taint, other than a cordon's, that keeps Pods without tolerations away. */
export function isTainted({ spec }: Node): boolean {
  return (spec?.taints ?? []).some(
    ({ key, effect }) => key !== cordonTaint && (effect === 'NoSchedule' || effect === 'NoExecute'),
  );
}

export function isSchedulable(node: Node): boolean {
  return !isCordoned(node) && !isTainted(node);
}

/** The nodes that are there at the end of the window. */
export function nodesAtEnd(window: Window): readonly NodeLife[] {
  return thereAt(objectsOf(window, 'nodes'), window.to);
}

/** Why the window cannot say what the scheduler had to choose from: a node changed sides within it. */
export function doubtAboutNodes(window: Window): string | undefined {
  const turned = objectsOf(window, 'nodes').find((life) => {
    const sides = versionsWithin(life, window).map(({ type, object }) =>
      type === 'deleted' ? 'gone' : `${isCordoned(object)} ${isTainted(object)}`,
    );
    return new Set(sides).size > 1;
  });
  return turned === undefined ? undefined : `${turned.name} was cordoned, tainted or given back in the span`;
}
