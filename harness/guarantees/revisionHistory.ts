import type { Change, Fence } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import { revisionOf } from '../history/pods.ts';
import { isControlledBy, type OrdinalSet } from '../history/sets.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { changeAt, livesAt, livesOf } from './lives.ts';
import { objectAt, objectsOf, thereAt, type ObjectLife } from './objects.ts';
import { doubtAboutAttention, isObserved } from './quiet.ts';
import { breachBySet, setAt } from './revisions.ts';

type RevisionLife = ObjectLife<'controllerrevisions'>;
type Numbered = Change<'controllerrevisions'>;

/**
 * Going back to an earlier template is going back to its revision, which becomes the newest by its number.
 *
 * Verified: in a span that begins and ends with the same template and has another one in between, the set reports the same update revision at the end as at the
 * beginning; that ControllerRevision is the same object (uid), with a number higher than it had and than any other has; no ControllerRevision was added that holds what
 * another one holds, nor more than there were templates in between.
 * Not verified: the Pods (see `updateConverges`).
 * Source: "Revision history" of the StatefulSet page; `kubectl rollout undo` rests on it.
 */
export function earlierRevisionIsReused(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('earlierRevisionIsReused', ['statefulsets', 'controllerrevisions'], span, (window) => {
    const [start, end] = [setAt(window, set, 'start'), setAt(window, set, 'end')];
    const name = start?.status?.updateRevision;
    const earlier = revisionsAt(window, set, window.from).find((life) => life.name === name);
    if (start === undefined || end === undefined || earlier === undefined)
      return undecided(`${set.name} was not there with a ControllerRevision when the span began`);
    if (!isObserved(start) || !isObserved(end))
      return undecided(`the controller had not observed the newest generation of ${set.name}`);
    const between = templatesBetween(window, set, start);
    if (between === 0 || templateOf(end) !== templateOf(start))
      return undecided(`the template of ${set.name} did not go to another one and back`);
    return together(
      each([end.status?.updateRevision], 'revisions gone back to', (now) =>
        now === name ? undefined : breachBySet(window, set, `the update revision is ${now}, not ${name} again`),
      ),
      each([earlier], 'revisions used again', (life) => unlessNewest(window, set, life)),
      each([between], 'templates in between', (count) => furtherRevision(window, set, count)),
    );
  });
}

/**
 * The numbers of a set's revisions tell them apart, and the newest is the highest.
 *
 * Verified: whenever a ControllerRevision of the set is given a number in the span, by being made or by being used again, no revision of the set has or had one as high.
 * Not verified: that they rise by one.
 */
export function revisionNumbersRise(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('revisionNumbersRise', ['controllerrevisions'], span, (window) => {
    const changes = window.history
      .changes('controllerrevisions', -1, window.to)
      .filter(({ object }) => isControlledBy(set, object));
    const given = changes.filter((change, position) => isNewNumber(change, changes.slice(0, position)));
    return each(
      given.filter((change) => change.index > window.from),
      'numbers given to revisions',
      (change) => {
        const rival = given.find((each) => each.index < change.index && each.object.revision >= change.object.revision);
        if (rival === undefined) return undefined;
        const { name } = change.object.metadata;
        const number = change.object.revision;
        return breach(
          `${name} was given the number ${number}, and ${rival.object.metadata.name} had ${rival.object.revision}`,
          rival,
          change,
        );
      },
    );
  });
}

/**
 * "Live ones never go": a revision that a Pod was made from, or that the set reports, stays.
 *
 * Verified: from each fence of the span to the next, for every Pod of the set that is there at both and for the current and the update revision that the set reports
 * throughout: the ControllerRevision of that name is there at the later fence, and if it was there at the earlier one it is the same object, never deleted.
 * Not verified: revisions that are live between two fences only.
 */
export function liveRevisionsStay(set: OrdinalSet, span: Span): Guarantee {
  return guarantee('liveRevisionsStay', ['pods', 'statefulsets', 'controllerrevisions'], span, (window) => {
    const fences = window.history.entries.filter(
      (entry): entry is Fence => entry.kind === 'fence' && entry.index >= window.from && entry.index <= window.to,
    );
    const pairs = fences.slice(1).map((later, position) => [fences[position]?.index ?? -1, later.index] as const);
    const live = pairs.flatMap(([from, to]) =>
      namesLive(window, set, from, to).map((name) => ({ name, from, to, fence: window.history.entries[to] })),
    );
    return each(live, 'live revisions from one fence to the next', ({ name, from, to, fence }) => {
      const lives = revisionsOf(window, set).filter((life) => life.name === name);
      const ended = lives.find((life) => life.gone !== undefined && life.gone.index > from && life.gone.index <= to);
      if (ended?.gone !== undefined) return breach(`the live revision ${name} was deleted`, ended.first, ended.gone);
      if (thereAt(lives, to).length > 0 || fence === undefined) return undefined;
      return breach(`there is no ControllerRevision ${name}, which is live`, fence);
    });
  });
}

/**
 * "No more than revisionHistoryLimit old revisions are kept": the newest of them.
 *
 * Verified: at the end of a quiet window the ControllerRevisions of the set that no Pod has and that are neither current nor update are exactly the newest by number of all
 * that there ever were, as many as `limit` says, which is what the set asks for; at least one had to go.
 * Not verified: how soon they go.
 */
export function onlyTheNewestRevisionsAreKept(set: OrdinalSet, limit: number, span: Span): Guarantee {
  const resources = ['pods', 'statefulsets', 'controllerrevisions'] as const;
  return guarantee('onlyTheNewestRevisionsAreKept', resources, span, (window) => {
    const stored = setAt(window, set, 'end');
    if (stored === undefined || span.alive === undefined)
      return undecided(`the span is not a quiet window at whose end ${set.name} is there`);
    const doubt = doubtAboutAttention(window, set, span);
    if (doubt !== undefined) return undecided(doubt);
    if (stored.spec?.revisionHistoryLimit !== limit) return undecided(`${set.name} does not ask for ${limit}`);
    const live = namesLive(window, set, window.to, window.to);
    const old = revisionsOf(window, set).filter((life) => !live.includes(life.name));
    const byNumber = old.toSorted((a, b) => numberOf(b) - numberOf(a));
    if (byNumber.length <= limit) return undecided(`there were no more than ${byNumber.length} old revisions`);
    return each(byNumber, 'old revisions', (life, position) => {
      const isThere = life.gone === undefined;
      const number = `${life.name} (number ${numberOf(life)})`;
      if (position < limit)
        return isThere ? undefined : breach(`the newer old revision ${number} was deleted`, life.last);
      return isThere ? breach(`the old revision ${number} is kept beyond the limit of ${limit}`, life.last) : undefined;
    });
  });
}

function unlessNewest(window: Window, set: OrdinalSet, life: RevisionLife): Breach | undefined {
  if (life.gone !== undefined) return breach(`the revision ${life.name} was deleted`, life.first, life.gone);
  const before = objectAt(life, window.from)?.revision ?? 0;
  const after = objectAt(life, window.to)?.revision ?? 0;
  if (after <= before) return breach(`${life.name} still has the number ${after}`, life.first, life.last);
  const higher = revisionsAt(window, set, window.to).find(
    (other) => other.uid !== life.uid && numberOf(other) >= after,
  );
  if (higher === undefined) return undefined;
  return breach(`${higher.name} has the number ${numberOf(higher)}`, life.last, higher.last);
}

/** A ControllerRevision too many: one that holds what another one held, or one more than there were templates. */
function furtherRevision(window: Window, set: OrdinalSet, templates: number): Breach | undefined {
  const lives = revisionsOf(window, set);
  const added = lives.filter((life) => life.first.type === 'added' && life.first.index > window.from);
  const twin = added.find((life) => twinOf(life, lives) !== undefined);
  if (twin !== undefined)
    return breach(`${twin.name} holds the same template as ${twinOf(twin, lives)?.name}`, twin.first);
  const surplus = added[templates];
  if (surplus === undefined) return undefined;
  return breach(`${surplus.name} was added, one revision more than there were templates`, surplus.first);
}

function twinOf(life: RevisionLife, lives: readonly RevisionLife[]): RevisionLife | undefined {
  const data = JSON.stringify(life.first.object.data);
  return lives.find(
    (other) => other.first.index < life.first.index && JSON.stringify(other.first.object.data) === data,
  );
}

/** How many other templates than this one the set had in the span. */
function templatesBetween(window: Window, set: OrdinalSet, start: Recorded<'statefulsets'>): number {
  const templates = window
    .changes('statefulsets')
    .filter(({ object }) => object.metadata.name === set.name)
    .map(({ object }) => templateOf(object));
  return new Set(templates.filter((template) => template !== templateOf(start))).size;
}

/** The API server writes the fields of an object in an order of its own, always the same. */
function templateOf(set: Recorded<'statefulsets'>): string {
  return JSON.stringify(set.spec?.template);
}

/** The last number it had while it was there. */
function numberOf(life: RevisionLife): number {
  const last = life.changes.findLast((change) => change.type !== 'deleted') ?? life.last;
  return last.object.revision;
}

function revisionsOf(window: Window, set: OrdinalSet): readonly RevisionLife[] {
  return objectsOf(window, 'controllerrevisions').filter((life) => isControlledBy(set, life.first.object));
}

function revisionsAt(window: Window, set: OrdinalSet, index: number): readonly RevisionLife[] {
  return thereAt(revisionsOf(window, set), index);
}

/** Whether the revision has a number with this change that it did not have before. */
function isNewNumber(change: Numbered, earlier: readonly Numbered[]): boolean {
  const before = earlier.findLast(({ object }) => object.metadata.uid === change.object.metadata.uid);
  return change.type !== 'deleted' && before?.object.revision !== change.object.revision;
}

/** Names of revisions that are in use at both points, and so in between: by a Pod that is there, or by the set's own word. */
function namesLive(window: Window, set: OrdinalSet, from: number, to: number): readonly string[] {
  const lives = livesAt(livesOf(window, set), to).filter(
    (life) => life.first.index <= from && isControlledBy(set, life.first.object),
  );
  const ofPods = lives.map((life) => revisionOf((changeAt(life, to) ?? life.last).object));
  const names = [...ofPods, ...namesReported(window, set, from, to)];
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))] as string[];
}

/**
 * The current revision that the set reports at the first point, unless an update that was over made another one current meanwhile; and the update revision, if it
 * is reported all along. A set that merely forgets its current revision does not thereby free it.
 */
function namesReported(window: Window, set: OrdinalSet, from: number, to: number): readonly (string | undefined)[] {
  const reports = window.history
    .changes('statefulsets', -1, to)
    .filter(({ object }) => object.metadata.name === set.name);
  const within = reports
    .slice(
      Math.max(
        0,
        reports.findLastIndex(({ index }) => index <= from),
      ),
    )
    .map(({ object }) => object);
  const { currentRevision, updateRevision } = within[0]?.status ?? {};
  const isPassed = within.some((each) => each.status?.currentRevision !== currentRevision && isOver(each));
  const isAllAlong = within.every(
    ({ status }) => status?.updateRevision === updateRevision || status?.currentRevision === updateRevision,
  );
  return [isPassed ? undefined : currentRevision, isAllAlong ? updateRevision : undefined];
}

/** Whether the set reports every replica as updated and ready. */
function isOver({ spec, status }: Recorded<'statefulsets'>): boolean {
  const counts = [status?.updatedReplicas ?? 0, status?.readyReplicas ?? 0];
  return status?.currentRevision === status?.updateRevision && counts.every((count) => count === spec?.replicas);
}
