import { each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';
import type { OrdinalSet } from '../history/sets.ts';
import { breachBySet, setAt } from './revisions.ts';

/**
 * "Even though the liveness and readiness probes are identical, it is important to specify both."
 *
 * Verified: at the end of the span each container of the set's template has a readiness and a liveness probe, and they are equal in every field: command, times and thresholds, as stored.
 * Not verified: what they find.
 */
export function bothProbesAreTheSame(set: OrdinalSet, span: Span = {}): Guarantee {
  return guarantee('bothProbesAreTheSame', ['statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    if (stored === undefined) return undecided(`${set.name} was not there`);
    return each(
      stored.spec?.template.spec?.containers ?? [],
      'containers',
      ({ name, readinessProbe, livenessProbe }) => {
        if (readinessProbe === undefined) return breachBySet(window, set, `${name} has no readiness probe`);
        if (livenessProbe === undefined) return breachBySet(window, set, `${name} has no liveness probe`);
        const areSame = JSON.stringify(readinessProbe) === JSON.stringify(livenessProbe);
        return areSame ? undefined : breachBySet(window, set, `the two probes of ${name} differ`);
      },
    );
  });
}
