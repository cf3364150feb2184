import type { Change } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { isControlledBy, type OrdinalSet } from '../history/sets.ts';
import { breach, each, together, undecided } from './findings.ts';
import { missingAtEnd } from './absence.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { doubtAboutAttention, isObserved } from './quiet.ts';

type StatefulSet = Recorded<'statefulsets'>;

/**
 * "A modification of the template makes a new revision".
 *
 * Verified: at the end of the span the set reports an update revision that it did not report at the beginning, and its
 * ControllerRevisions are those of the beginning and exactly that one, with a higher number than any of them.
 * Not verified: what the revision holds (see `templateChangesAlone`), and what becomes of the Pods.
 */
export function templateChangeMakesARevision(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('templateChangeMakesARevision', ['statefulsets', 'controllerrevisions'], span, (window) => {
    const [before, after] = [setAt(window, set, 'start'), setAt(window, set, 'end')];
    if (before?.status?.updateRevision === undefined || after === undefined)
      return undecided(`${set.name} reported no revision when the span began, or was not there at its end`);
    if (!isObserved(after)) return undecided(`the controller had not observed the newest generation of ${set.name}`);
    return each([after.status?.updateRevision], 'new revisions', (revision) => {
      if (revision === before.status?.updateRevision)
        return breachBySet(window, set, `the update revision is still ${revision}`);
      const problem = differenceOfRevisions(window, set, revision);
      return problem === undefined ? undefined : breachBySet(window, set, problem);
    });
  });
}

/**
 * The contrary: applying the template that the set has already makes no revision.
 *
 * Verified: in a span in which the set was written to, with the same template as before, and in which the controller
 * observed it and was seen at work, no ControllerRevision of the set appears and its revisions stay as they were.
 * Not verified: the Pods (see `eachPodIsUntouched`).
 */
export function sameTemplateMakesNoRevision(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('sameTemplateMakesNoRevision', ['statefulsets', 'controllerrevisions'], span, (window) => {
    const before = setAt(window, set, 'start');
    const changes = changesOf(window, set);
    const doubt = doubtAboutSameness(window, set, span, before, changes);
    if (doubt !== undefined) return undecided(doubt);
    return together(
      each(changes, 'changes of the set', (change) => {
        const revisions = [change.object.status?.currentRevision, change.object.status?.updateRevision];
        const same = isSame(revisions, [before?.status?.currentRevision, before?.status?.updateRevision]);
        return same ? undefined : breach(`${set.name} went on to revision ${revisions[1]}`, change);
      }),
      atMostNothing(revisionChanges(window, set), changes.length),
    );
  });
}

/** The API server writes the fields of an object in an order of its own, always the same. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The set as it stood at an end of the span. */
export function setAt(window: Window, set: OrdinalSet, when: 'start' | 'end'): StatefulSet | undefined {
  const state = when === 'start' ? window.stateAtStart('statefulsets') : window.stateAtEnd('statefulsets');
  return [...state.values()].find((each) => each.metadata.name === set.name);
}

/** A breach by what the set reports at the end of the span: its last change is the evidence. */
export function breachBySet(window: Window, set: OrdinalSet, because: string): Breach | undefined {
  const changes = window.history.changes('statefulsets', -1, window.to);
  const last = changes.findLast((change) => change.object.metadata.name === set.name);
  return last === undefined ? missingAtEnd(window, because) : breach(because, last);
}

/** The image that the set's template asks for (its first container's). */
export function templateImageOf(set: StatefulSet | undefined): string | undefined {
  return set?.spec?.template.spec?.containers[0]?.image;
}

/** The names of the set's ControllerRevisions at an end of the span. */
export function revisionsAt(
  window: Window,
  set: OrdinalSet,
  when: 'start' | 'end',
): readonly Recorded<'controllerrevisions'>[] {
  const state =
    when === 'start' ? window.stateAtStart('controllerrevisions') : window.stateAtEnd('controllerrevisions');
  return [...state.values()].filter((revision) => isControlledBy(set, revision));
}

function differenceOfRevisions(window: Window, set: OrdinalSet, revision: string | undefined): string | undefined {
  const before = revisionsAt(window, set, 'start');
  const after = revisionsAt(window, set, 'end');
  const fresh = after.filter((each) => before.every((old) => old.metadata.uid !== each.metadata.uid));
  const names = fresh.map((each) => each.metadata.name).join(', ') || 'none';
  const [only] = fresh;
  if (only === undefined || fresh.length > 1 || only.metadata.name !== revision)
    return `the set reports revision ${revision}; new ControllerRevisions: ${names}`;
  if (after.length !== before.length + 1) return 'an older ControllerRevision is gone';
  const newest = before.every((old) => old.revision < only.revision);
  return newest ? undefined : `the ControllerRevision ${names} does not have the highest number`;
}

function doubtAboutSameness(
  window: Window,
  set: OrdinalSet,
  span: Span,
  before: StatefulSet | undefined,
  changes: readonly Change<'statefulsets'>[],
): string | undefined {
  if (span.alive === undefined) return 'the span is not a quiet window';
  if (before === undefined) return `${set.name} was not there when the span began`;
  const other = changes.some((change) => !isSame(change.object.spec?.template, before.spec?.template));
  if (other) return `the template of ${set.name} did change in the span`;
  return doubtAboutAttention(window, set, span);
}

function atMostNothing(changes: readonly Change<'controllerrevisions'>[], count: number): Findings {
  const breaches = changes
    .filter((change) => change.type === 'added')
    .map((change) => breach(`the ControllerRevision ${change.object.metadata.name} was added`, change));
  return { status: 'examined', examined: { count, of: 'occasions to make a revision' }, breaches };
}

function changesOf(window: Window, set: OrdinalSet): readonly Change<'statefulsets'>[] {
  return window.changes('statefulsets').filter((change) => change.object.metadata.name === set.name);
}

function revisionChanges(window: Window, set: OrdinalSet): readonly Change<'controllerrevisions'>[] {
  return window.changes('controllerrevisions').filter((change) => isControlledBy(set, change.object));
}
