import { breach, each } from './findings.ts';
import type { Breach, Findings, Window } from './guarantee.ts';

/** A breach by what is not there. The closing fence compared complete lists, so it is the evidence: what it does not hold did not exist. */
export function missingAtEnd(window: Window, because: string): Breach | undefined {
  const fence = window.history.entries[window.to];
  return fence === undefined ? undefined : breach(because, fence);
}

/** Nothing of the kind exists at the end, and that is the breach. */
export function nothingAtEnd(window: Window, because: string): Findings {
  return each([because], 'objects', () => missingAtEnd(window, because));
}
