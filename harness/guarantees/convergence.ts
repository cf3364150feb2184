import type { Change, Operation } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { isReady, isTerminating, revisionOf } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { imagesOf } from './containers.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, changeAt, livesAt, livesOf } from './lives.ts';
import { doubtAboutAttention } from './quiet.ts';
import { breachBySet, setAt } from './revisions.ts';
import { doubtAboutStandstill, podsMovedSince } from './standstill.ts';

type StatefulSet = Recorded<'statefulsets'>;

/** A roll-out from where it began, through whatever happened to it, to the quiet window in which it must be over. */
export interface RollOut {
  readonly from: string;
  readonly rest: Required<Span>;
}

/**
 * However often the template changes and whatever Pods are lost meanwhile, a rolling update comes to its end and stays there.
 *
 * Verified: the template was changed again, or a Pod was deleted by the story, while the set reported two different revisions. In the quiet window at the end there is one Pod of
 * each ordinal, of the update revision and asking for the template's images; the set reports this revision as current; none of the Pods, once all are of that revision and Ready,
 * is replaced. No Pod is ever replaced more often than the template was changed and the story deleted it.
 * Not verified: the order of the updates (see `podsAreUpdatedInReverseOrder`), and what the set counts (see `statusIsTrueOfThePods`). Pods that do not stand still and Ready
 * in the window leave it open, for as long as they may.
 * Source: "Rolling Updates" of the StatefulSet page.
 */
export function updateConverges(set: OrdinalSet, { from, rest }: RollOut): Guarantee {
  const span = { ...rest, from };
  return guarantee('updateConverges', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    const opens = window.history.fence(rest.from)?.index;
    if (stored === undefined || opens === undefined)
      return undecided(`${set.name} was not there in a quiet window at the end`);
    const doubt = doubtAboutAttention(window, set, span) ?? doubtAboutTrouble(window, set);
    if (doubt !== undefined) return undecided(doubt);
    const restless = isDoneAt(window, set, stored, opens) ? podsMovedSince(window, set, opens) : [];
    const unsettled = doubtAboutStandstill(window, set, opens);
    return unlessBroken(
      [
        ...surplusReplacements(window, set),
        ...restless.map(({ name, last }) => breach(`${name} was replaced when all was at rest`, last)),
      ],
      unsettled === undefined
        ? together(
            each(ordinalsOf(stored), 'Pods at rest', (ordinal) => unlessUpdated(window, set, stored, ordinal)),
            each([stored], 'final status', () => unlessDone(window, set, stored)),
          )
        : undecided(unsettled),
    );
  });
}

/**
 * Under OnDelete the update is over when the last Pod was replaced by hand, and the set says so.
 *
 * Verified: at the end of a quiet window of a set with the strategy OnDelete, whose update revision at the beginning of the span was another one, every ordinal has one Pod of the
 * update revision, not on its way out; the set reports this revision as current too, and as many current replicas as it has.
 * Not verified: who replaced the Pods. Pods that do not stand still and Ready in the window leave it open.
 * Source: the fields currentRevision and currentReplicas of StatefulSetStatus; kubernetes/kubernetes 73492 and 106055.
 */
export function updateByHandBecomesCurrent(set: OrdinalSet, { from, rest }: RollOut): Guarantee {
  const span = { ...rest, from };
  return guarantee('updateByHandBecomesCurrent', ['pods', 'statefulsets'], span, (window) => {
    const [before, stored] = [setAt(window, set, 'start'), setAt(window, set, 'end')];
    if (before === undefined || stored === undefined)
      return undecided(`${set.name} was not there from the beginning of the span to its end`);
    if (stored.spec?.updateStrategy?.type !== 'OnDelete') return undecided(`${set.name} is not updated OnDelete`);
    if (before.status?.updateRevision === stored.status?.updateRevision)
      return undecided(`the template of ${set.name} did not change in the span`);
    const opens = window.history.fence(rest.from)?.index ?? window.from;
    const doubt = doubtAboutAttention(window, set, span) ?? doubtAboutStandstill(window, set, opens);
    if (doubt !== undefined) return undecided(doubt);
    const { replicas = 0 } = stored.spec;
    const { currentRevision, updateRevision, currentReplicas = 0 } = stored.status ?? {};
    return together(
      each(ordinalsOf(stored), 'Pods replaced by hand', (ordinal) => unlessUpdated(window, set, stored, ordinal)),
      each([currentRevision], 'current revisions', () =>
        currentRevision === updateRevision
          ? undefined
          : breachBySet(window, set, `every Pod is of ${updateRevision}, and ${currentRevision} is current still`),
      ),
      each([currentReplicas], 'counts of current replicas', () =>
        currentReplicas === replicas
          ? undefined
          : breachBySet(window, set, `${set.name} reports ${currentReplicas} current replicas of ${replicas}`),
      ),
    );
  });
}

function ordinalsOf({ spec }: StatefulSet): readonly number[] {
  return Array.from({ length: spec?.replicas ?? 0 }, (_, ordinal) => ordinal);
}

function isDoneAt(window: Window, set: OrdinalSet, { spec, status }: StatefulSet, index: number): boolean {
  const done = livesAt(livesOf(window, set), index).filter((life) => {
    const pod = changeAt(life, index)?.object;
    return pod !== undefined && isReady(pod) && !isTerminating(pod) && revisionOf(pod) === status?.updateRevision;
  });
  return done.length === spec?.replicas;
}

/** A Pod that was replaced although neither its template had changed again nor the story had deleted it. */
function surplusReplacements(window: Window, set: OrdinalSet): readonly Breach[] {
  const templates = templateChanges(window, set).length;
  const update = setAt(window, set, 'start')?.status?.updateRevision;
  const additions = additionsOf(window, set);
  return [...new Set(additions.map((life) => life.name))].flatMap((name) => {
    const before = livesAt(livesOf(window, set), window.from).find((life) => life.name === name);
    const isBehind = before === undefined || revisionOf(before.first.object) !== update;
    const deletions = deletionsByTheStory(window).filter(({ target }) => target === `pods/${name}`).length;
    const made = additions.filter((life) => life.name === name);
    const surplus = made[templates + deletions + (isBehind ? 1 : 0)];
    if (surplus === undefined) return [];
    return [breach(`${name} was made ${made.length} times for ${templates} changes of its template`, surplus.first)];
  });
}

function unlessUpdated(window: Window, set: OrdinalSet, stored: StatefulSet, ordinal: number): Breach | undefined {
  const [life, twin] = livesAt(livesOf(window, set), window.to).filter((each) => each.ordinal === ordinal);
  if (life === undefined || twin !== undefined)
    return missingAtEnd(window, `there is not one ${podNameOf(set, ordinal)}`);
  const pod = life.last.object;
  const update = stored.status?.updateRevision;
  if (isTerminating(pod)) return breach(`${life.name} is Terminating`, life.last);
  if (revisionOf(pod) !== update) return breach(`${life.name} is of ${revisionOf(pod)}, not ${update}`, life.last);
  const asked = imagesOf(stored.spec?.template.spec);
  return imagesOf(pod.spec) === asked
    ? undefined
    : breach(`${life.name} asks for ${imagesOf(pod.spec)}, and its template for ${asked}`, life.last);
}

function unlessDone(window: Window, set: OrdinalSet, { status }: StatefulSet): Breach | undefined {
  const { currentRevision, updateRevision } = status ?? {};
  if (currentRevision === updateRevision) return undefined;
  return breachBySet(window, set, `every Pod is of ${updateRevision}, and ${currentRevision} is current still`);
}

/** An update that nothing came between shows nothing about those that something does. */
function doubtAboutTrouble(window: Window, set: OrdinalSet): string | undefined {
  const reports = reportsOf(window, set);
  const isUnderWay = (index: number): boolean => {
    const status = reports.findLast((each) => each.index < index)?.object.status;
    return status?.currentRevision !== status?.updateRevision;
  };
  const troubles = [...templateChanges(window, set), ...deletionsByTheStory(window)];
  const isTroubled = troubles.some(({ index }) => isUnderWay(index));
  return isTroubled ? undefined : `nothing came between the beginning of an update of ${set.name} and its end`;
}

/** Changes of the set in the span that gave it another template than it had right before. */
function templateChanges(window: Window, set: OrdinalSet): readonly Change<'statefulsets'>[] {
  const reports = reportsOf(window, set);
  const templateOf = (change: Change<'statefulsets'> | undefined): string =>
    JSON.stringify(change?.object.spec?.template);
  return reports.filter(
    (change, position) =>
      change.index > window.from && position > 0 && templateOf(change) !== templateOf(reports[position - 1]),
  );
}

function deletionsByTheStory(window: Window): readonly Operation[] {
  return window
    .operations()
    .filter(({ verb, target, phase }) => verb === 'delete' && target.startsWith('pods/') && phase !== 'invoked');
}

function reportsOf(window: Window, set: OrdinalSet): readonly Change<'statefulsets'>[] {
  return window.history
    .changes('statefulsets', -1, window.to)
    .filter(({ object }) => object.metadata.name === set.name);
}
