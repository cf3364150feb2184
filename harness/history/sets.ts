import type { Recorded } from './objects.ts';

/**
 * A StatefulSet as data: what stories return and guarantees are asked about. Pods are told by name, not by owner, since a claim
 * may be about Pods that have none.
 */
export interface OrdinalSet {
  readonly name: string;
  /** The headless Service that gives the Pods their names. */
  readonly service: string;
  /** The names of its volumeClaimTemplates: `www` makes the claims `www-web-0`, `www-web-1` … */
  readonly claimTemplates: readonly string[];
}

/** The ordinal in a Pod's name, or `undefined` for a name that is not this set's. */
export function ordinalOf(set: OrdinalSet, podName: string): number | undefined {
  const prefix = `${set.name}-`;
  const digits = podName.startsWith(prefix) ? podName.slice(prefix.length) : '';
  return /^(0|[1-9][0-9]*)$/.test(digits) ? Number(digits) : undefined;
}

export function podNameOf(set: OrdinalSet, ordinal: number): string {
  return `${set.name}-${ordinal}`;
}

/** The claim that a Pod of this ordinal gets from a template (the set's first one unless named). */
export function claimNameOf(set: OrdinalSet, ordinal: number, template = set.claimTemplates[0]): string {
  return `${template ?? 'none'}-${set.name}-${ordinal}`;
}

/** Whether the set of that name is the object's controller. */
export function isControlledBy(set: OrdinalSet, object: Recorded): boolean {
  return (object.metadata.ownerReferences ?? []).some(
    (owner) => owner.controller === true && owner.kind === 'StatefulSet' && owner.name === set.name,
  );
}

/** A Deployment as data. Its Pods have names of no pattern that a story could know beforehand, so they are told by the labels it selects. */
export interface Deployed {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}
