import type { Recorded } from '../history/objects.ts';
import { holds, type Requirement } from './requirements.ts';

interface Term {
  readonly matchExpressions?: readonly Requirement[];
  readonly matchFields?: readonly Requirement[];
}

/**
 * Whether a node may be used, by the terms of a node selector as volumes and Pods have it: one term must hold, and a term holds if all its requirements
 * do. A term without requirements holds for no node; no terms at all are no restriction.
 */
export function admits(terms: readonly Term[] | undefined, node: Recorded<'nodes'>): boolean {
  if (terms === undefined) return true;
  return terms.some(({ matchExpressions = [], matchFields = [] }) => {
    const requirements = [
      ...matchExpressions.map((each) => ({ ...each, value: node.metadata.labels?.[each.key] })),
      ...matchFields.map((each) => ({ ...each, value: each.key === 'metadata.name' ? node.metadata.name : undefined })),
    ];
    return requirements.length > 0 && requirements.every(({ value, ...requirement }) => holds(requirement, value));
  });
}
