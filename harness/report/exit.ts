import type { Evidence, Totals } from './evidence.ts';

export type ExitCode = 0 | 1 | 2 | 70 | 130;

/**
 * What the command says to whoever called it.
 *
 * 0: every judged claim is upheld, or violated only as it is known of the server's version. 1: a claim is violated, or a control stayed green, so that
 * nothing its guarantee says can be relied on. 2: nothing violated, but a claim or a control is inconclusive, a violation that is known of this very
 * version was not seen, or nothing was judged at all. 70: the run broke. 130: it was interrupted.
 */
export function exitCodeOf({ status, totals }: Pick<Evidence, 'status' | 'totals'>): ExitCode {
  switch (status) {
    case 'interrupted':
      return 130;
    case 'broken':
    case 'running':
      return 70;
    case 'complete':
      if (newViolations(totals) > 0 || totals.controls.green > 0) return 1;
      return isUnsure(totals) ? 2 : 0;
  }
}

/** Violations beyond those that are known of the server's version. */
export function newViolations({ violated, known }: Totals): number {
  return violated - (known?.violated ?? 0);
}

function isUnsure({ inconclusive, controls, judged, known }: Totals): boolean {
  return inconclusive > 0 || controls.inconclusive > 0 || judged === 0 || (known?.notSeen ?? 0) > 0;
}
