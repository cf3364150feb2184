import type { Breach, Findings } from './guarantee.ts';

/** What must not have happened, beside what was examined: one such thing breaks the promise, even where the rest is undecided. */
export function unlessBroken(breaches: readonly Breach[], findings: Findings): Findings {
  if (breaches.length === 0) return findings;
  if (findings.status === 'examined') return { ...findings, breaches: [...breaches, ...findings.breaches] };
  return { status: 'examined', examined: { count: breaches.length, of: 'contradictions' }, breaches };
}
