import { breach, each } from './findings.ts';
import type { Breach, Findings, Window } from './guarantee.ts';
import type { PodLife } from './lives.ts';

/** A breach by what is not there. The closing fence compared complete lists, so it is the evidence: what it does not hold did not exist. */
export function missingAtEnd(window: Window, because: string): Breach | undefined {
  const fence = window.history.entries[window.to];
  return fence === undefined ? undefined : breach(because, fence);
}

/** Nothing of the kind exists at the end, and that is the breach. */
export function nothingAtEnd(window: Window, because: string): Findings {
  return each([because], 'objects', () => missingAtEnd(window, because));
}

/** Why a Pod in whose place there is none may be on its way still: its controller has left it missing only if it was seen at work twice since. */
export function doubtAboutReturn(window: Window, { name, gone }: PodLife): string | undefined {
  if (gone === undefined) return `${name} was not gone yet`;
  const signs = window
    .observations('liveness')
    .filter(({ controller, invokedAtIndex }) => controller === 'statefulset' && invokedAtIndex >= gone.index);
  return signs.length >= 2 ? undefined : `the controller was not seen at work twice after ${name} was gone`;
}
