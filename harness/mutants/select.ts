import { closest } from 'fastest-levenshtein';
import picomatch from 'picomatch';
import { componentNames, isComponentName } from '../cluster/components.ts';
import { UsageError } from '../errors.ts';
import type { Mutant } from './mutant.ts';
import type { Selection } from './results.ts';

/** The mutants that were asked for, in the order of the catalogue. Never answers with nothing: a run of no mutants would pass. */
export function selectMutants(all: readonly Mutant[], { only = [], component, quick }: Selection): readonly Mutant[] {
  if (all.length === 0) throw new UsageError('the catalogue holds no mutants');
  if (component !== undefined && !isComponentName(component))
    throw new UsageError(`there is no component '${component}'`, {
      remedy: `did you mean '${closest(component, [...componentNames])}'? The components are: ${componentNames.join(', ')}`,
    });
  const patterns = only.map((pattern) => matching(pattern, all));
  const selected = all.filter(
    (mutant) =>
      (patterns.length === 0 || patterns.some((matches) => matches(mutant.id))) &&
      (component === undefined || mutant.component === component) &&
      (quick === undefined || mutant.quick),
  );
  if (selected.length > 0) return selected;
  throw new UsageError('no mutant is like that', { remedy: `'npm run mutants -- --list' lists every one` });
}

function matching(pattern: string, all: readonly Mutant[]): (id: string) => boolean {
  const matches = picomatch(pattern, { dot: true });
  const ids = all.map(({ id }) => id);
  if (ids.some((id) => matches(id))) return (id) => matches(id);
  throw new UsageError(`there is no mutant '${pattern}'`, {
    remedy: `did you mean '${closest(pattern, ids)}'? 'npm run mutants -- --list' lists every one`,
  });
}
