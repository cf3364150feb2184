import type { Entry, Observation } from '../history/entries.ts';
import type { State } from '../history/fold.ts';
import type { History } from '../history/history.ts';
import type { Change, Fence, Gap, Operation } from '../history/entries.ts';
import type { WatchedController } from '../history/observations.ts';
import type { ResourceName } from '../history/objects.ts';

/**
 * The executable form of a claim: a pure function of a sealed history. It sees no client, no clock, no chance; judged twice, it says
 * the same twice.
 */
export interface Guarantee {
  readonly name: string;
  readonly judge: (history: History) => Verdict;
  /** What it looks at: resources, and the fences between them. For pictures; no verdict depends on it. */
  readonly scope?: { readonly resources: readonly ResourceName[]; readonly from?: string; readonly to?: string };
}

export type Verdict = Upheld | Violated | Inconclusive;

export interface Upheld {
  readonly outcome: 'upheld';
  readonly examined: Examined;
}

export interface Violated {
  readonly outcome: 'violated';
  readonly because: string;
  /** Why it is violated at the other places, where there are more than one. */
  readonly othersBecause?: readonly string[];
  readonly examined: Examined;
  /** The entries that contradict the promise, in the order of the history. */
  readonly counterexample: readonly [Entry, ...Entry[]];
}

/** Neither: the recording is incomplete, the moment never came, or there was nothing to examine. Red, like a violation. */
export interface Inconclusive {
  readonly outcome: 'inconclusive';
  readonly because: string;
}

/** How much a verdict rests on: `{ count: 3, of: 'Pod additions' }`. */
export interface Examined {
  readonly count: number;
  readonly of: string;
}

/**
 * A part of a history, from one fence to a later one, by their names. Without `from` it begins where the recording does; without `to` it
 * ends at the last fence. Stories return spans as data.
 */
export interface Span {
  readonly from?: string;
  readonly to?: string;
  /** "Nothing happened" counts only if this controller was seen at work at the beginning and at the end of the span. */
  readonly alive?: WatchedController;
}

/** What a guarantee found: how much it looked at, and every place where the promise does not hold. */
export type Findings = ExaminedFindings | { readonly status: 'undecided'; readonly because: string };

export interface ExaminedFindings {
  readonly status: 'examined';
  readonly examined: Examined;
  readonly breaches: readonly Breach[];
}

export interface Breach {
  readonly because: string;
  readonly entries: readonly [Entry, ...Entry[]];
}

/** What a guarantee may look at: the span it was asked about, known to be complete. */
export interface Window {
  readonly history: History;
  /** Indexes of the entries at the ends: `from` exclusive, `to` inclusive. */
  readonly from: number;
  readonly to: number;
  changes<Name extends ResourceName>(resource: Name): readonly Change<Name>[];
  stateAtStart<Name extends ResourceName>(resource: Name): State<Name>;
  stateAtEnd<Name extends ResourceName>(resource: Name): State<Name>;
  observations<Of extends Observation['of']>(of: Of, moment?: string): readonly Extract<Observation, { of: Of }>[];
  operations(): readonly Operation[];
}

/**
 * Makes a guarantee of what it examines. This frame, and no guarantee by itself, sees to it that silence is never agreement: a span whose
 * fences are missing, a resource that was not followed, a gap in it, a controller that was not seen alive, and an examination of
 * nothing are all `inconclusive`.
 */
export function guarantee(
  name: string,
  resources: readonly ResourceName[],
  span: Span,
  examine: (window: Window) => Findings,
): Guarantee {
  const { from, to } = span;
  return {
    name,
    judge: (history) => judgeSpan(history, resources, span, examine),
    scope: { resources, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
  };
}

function judgeSpan(
  history: History,
  resources: readonly ResourceName[],
  span: Span,
  examine: (window: Window) => Findings,
): Verdict {
  const bounds = boundsOf(history, span);
  if (typeof bounds === 'string') return inconclusive(bounds);
  const window = openWindow(history, bounds.from, bounds.to);
  const doubt = doubtAbout(window, resources, span);
  if (doubt !== undefined) return inconclusive(doubt);
  return verdictOf(examine(window));
}

function verdictOf(findings: Findings): Verdict {
  if (findings.status === 'undecided') return inconclusive(findings.because);
  const [breach, ...others] = findings.breaches;
  if (breach !== undefined)
    return {
      outcome: 'violated',
      because: breach.because,
      ...(others.length === 0 ? {} : { othersBecause: others.map(({ because }) => because) }),
      examined: findings.examined,
      counterexample: inOrder(breach.entries),
    };
  if (findings.examined.count === 0) return inconclusive(`there was nothing to examine: no ${findings.examined.of}`);
  return { outcome: 'upheld', examined: findings.examined };
}

function inOrder(entries: readonly [Entry, ...Entry[]]): readonly [Entry, ...Entry[]] {
  const [first, ...rest] = [...new Set(entries)].toSorted((a, b) => a.index - b.index);
  return first === undefined ? entries : [first, ...rest];
}

export function inconclusive(because: string): Inconclusive {
  return { outcome: 'inconclusive', because };
}

function boundsOf(history: History, span: Span): { from: number; to: number } | string {
  const from = span.from === undefined ? undefined : history.fence(span.from);
  if (span.from !== undefined && from === undefined) return `the recording was never fenced at “${span.from}”`;
  const to = span.to === undefined ? history.lastFence : history.fence(span.to);
  if (to === undefined)
    return span.to === undefined ? 'the recording was never fenced' : `the recording was never fenced at “${span.to}”`;
  if (from !== undefined && from.index >= to.index)
    return `the recording was not fenced after “${span.from}”, so what followed it may be incomplete`;
  return { from: from?.index ?? -1, to: to.index };
}

function doubtAbout(window: Window, resources: readonly ResourceName[], span: Span): string | undefined {
  const { history, from, to } = window;
  const unfollowed = resources.find((resource) => !history.header.resources.includes(resource));
  if (unfollowed !== undefined) return `the recording did not follow ${unfollowed}`;
  const proof = history.entries.find(
    (entry): entry is Fence => entry.kind === 'fence' && entry.index >= to && !entry.provisional,
  );
  if (proof === undefined) return 'its last fence was provisional: what followed may belong before it';
  const gap = history.entries.find(
    (entry): entry is Gap => entry.kind === 'gap' && entry.index <= proof.index && resources.includes(entry.resource),
  );
  if (gap !== undefined) return `the recording of ${gap.resource} has a gap: ${gap.because}`;
  const closing = history.entries[to];
  const compares = (fence: Entry | undefined, resource: ResourceName): boolean =>
    fence?.kind === 'fence' && fence.lists[resource] !== undefined;
  const unfenced = resources.find((resource) => !compares(closing, resource) || !compares(proof, resource));
  if (unfenced !== undefined) return `the closing fence did not compare ${unfenced}`;
  return span.alive === undefined ? undefined : doubtAboutLife(window, from, span.alive);
}

/**
 * How often a controller must be seen alive after what it is to have seen. One that works through a queue may have been busy with another key at the first sign. The collector of Pods takes everything in one sweep: one
 * that took the sentinel has seen what there was before it.
 */
export const signsNeeded: Readonly<Record<WatchedController, number>> = {
  statefulset: 2,
  'garbage-collector': 2,
  disruption: 2,
  'pod-garbage-collector': 1,
};

function doubtAboutLife(window: Window, from: number, controller: WatchedController): string | undefined {
  const signs = window
    .observations('liveness')
    .filter((sign) => sign.controller === controller && sign.invokedAtIndex >= from);
  if (signs.length >= signsNeeded[controller]) return undefined;
  const seen = signs.length === 0 ? 'no sign' : 'one sign only';
  return `${seen} that the ${controller} controller was alive: a window needs one at its beginning and one at its end`;
}

function openWindow(history: History, from: number, to: number): Window {
  return {
    history,
    from,
    to,
    changes: (resource) => history.changes(resource, from, to),
    stateAtStart: (resource) => history.stateAfter(resource, from),
    stateAtEnd: (resource) => history.stateAfter(resource, to),
    observations: <Of extends Observation['of']>(of: Of, moment?: string) =>
      history.entries.filter(
        (entry): entry is Extract<Observation, { of: Of }> =>
          entry.kind === 'observation' &&
          entry.of === of &&
          entry.index > from &&
          entry.index <= to &&
          (moment === undefined || entry.moment === moment),
      ),
    operations: () =>
      history.entries.filter(
        (entry): entry is Operation => entry.kind === 'operation' && entry.index > from && entry.index <= to,
      ),
  };
}
