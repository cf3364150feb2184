import type { Evidence } from './evidence.ts';

export type ExitCode = 0 | 1 | 2 | 70 | 130;

/**
 * What the command says to whoever called it.
 *
 * 0: every judged claim is upheld. 1: a claim is violated, or a control stayed green, so that nothing its guarantee says can be relied on.
 * 2: nothing violated, but a claim or a control is inconclusive, or nothing was judged at all. 70: the run broke. 130: it was interrupted.
 */
export function exitCodeOf({ status, totals }: Pick<Evidence, 'status' | 'totals'>): ExitCode {
  switch (status) {
    case 'interrupted':
      return 130;
    case 'broken':
    case 'running':
      return 70;
    case 'complete':
      if (totals.violated > 0 || totals.controls.green > 0) return 1;
      return totals.inconclusive > 0 || totals.controls.inconclusive > 0 || totals.judged === 0 ? 2 : 0;
  }
}
