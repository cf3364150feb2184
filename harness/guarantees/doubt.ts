import type { Findings } from './guarantee.ts';
import { undecided } from './findings.ts';

/** A reason to leave the question open, which counts only if nothing that was examined is broken. */
export function unlessInDoubt(doubt: string | undefined, findings: Findings): Findings {
  const isBroken = findings.status === 'examined' && findings.breaches.length > 0;
  return doubt === undefined || isBroken ? findings : undecided(doubt);
}
