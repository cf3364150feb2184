import { imageOf, isTerminating, revisionOf } from '../history/pods.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { doubtAboutReturn, missingAtEnd } from './absence.ts';
import { differenceAsMade } from './asMade.ts';
import { breach, each, together, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { unlessInDoubt } from './doubt.ts';
import { guarantee, type Findings, type Guarantee, type Span, type Window } from './guarantee.ts';
import { additionsOf, changeAt, isReadyAt, livesAt, livesOf, type PodLife } from './lives.ts';
import { doubtAboutAttention, isObserved } from './quiet.ts';
import { breachBySet, revisionsAt, setAt, templateImageOf } from './revisions.ts';
import { imageIDOf, imageIDsOfLives, isOneOf } from './running.ts';

/** The two revisions of an update that is under way, or of one that waits. */
export type Which = 'current' | 'update';

/**
 * "All Pods with an ordinal that is greater than or equal to the partition will be updated"; the others will not.
 *
 * Verified: in a span at whose end the controller was seen at work twice after it had observed the newest generation,
 * the set has exactly its Pods; those of these ordinals are of the update revision, the others of the current one,
 * which is another; the set reports as many updated replicas, and no Pod beyond these ordinals was ever added at the
 * update revision in the span.
 * Not verified: that the others are the same Pods as before (see `eachPodIsUntouched`), and that the updated ones are
 * Ready.
 */
export function exactlyTheseAreUpdated(set: OrdinalSet, ordinals: readonly number[], span: Span): Guarantee {
  return guarantee('exactlyTheseAreUpdated', ['pods', 'statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    const doubt = span.alive === undefined ? 'the span is not a quiet window' : doubtAboutAttention(window, set, span);
    if (stored === undefined || doubt !== undefined)
      return undecided(doubt ?? `${set.name} was not there at the end of the span`);
    const { currentRevision, updateRevision, updatedReplicas = 0 } = stored.status ?? {};
    const all = Array.from({ length: stored.spec?.replicas ?? 0 }, (_, ordinal) => ordinal);
    const lives = livesOf(window, set);
    const early = additionsOf(window, set).filter(
      (life) => !ordinals.includes(life.ordinal) && revisionOf(life.first.object) === updateRevision,
    );
    return unlessBroken(
      early.map((life) => breach(`${life.name} was added at the update revision`, life.first)),
      together(
        each(all, 'Pods', (ordinal) => {
          const [life, twin] = livesAt(lives, window.to).filter((each) => each.ordinal === ordinal);
          if (life === undefined || twin !== undefined)
            return missingAtEnd(window, `there is not one ${podNameOf(set, ordinal)}`);
          const expected = ordinals.includes(ordinal) ? updateRevision : currentRevision;
          if (isTerminating(life.last.object)) return breach(`${life.name} is Terminating`, life.last);
          const revision = revisionOf(life.last.object);
          return revision === expected
            ? undefined
            : breach(`${life.name} is of ${revision}, not ${expected}`, life.last);
        }),
        each([updatedReplicas], 'status of the set', (count) => {
          const isPending = currentRevision !== updateRevision;
          if (count === ordinals.length && isPending) return undefined;
          const revisions = `current ${currentRevision}, update ${updateRevision}`;
          return breachBySet(window, set, `${set.name} reports ${count} updated replicas, ${revisions}`);
        }),
      ),
    );
  });
}

/**
 * "A staged update will keep all of the Pods at the current version while allowing mutations to the `.spec.template`."
 *
 * Verified: the template's image is this one at the end of the span and was another at its beginning; every Pod is the
 * one that was there, with the image it had; the set's ControllerRevisions grew by one, whose stored template has the
 * new image and whose name the set reports as its update revision.
 * Not verified: how long the Pods stay so (see `exactlyTheseAreUpdated`).
 */
export function templateChangesAlone(set: OrdinalSet, image: string, span: Span): Guarantee {
  return guarantee('templateChangesAlone', ['pods', 'statefulsets', 'controllerrevisions'], span, (window) => {
    const [before, after] = [setAt(window, set, 'start'), setAt(window, set, 'end')];
    if (before === undefined || after === undefined)
      return undecided(`${set.name} was not there from the beginning of the span to its end`);
    if (templateImageOf(before) === image) return undecided(`the template had the image ${image} when the span began`);
    if (!isObserved(after)) return undecided(`the controller had not observed the newest generation of ${set.name}`);
    const known = revisionsAt(window, set, 'start').map((revision) => revision.metadata.uid);
    const fresh = revisionsAt(window, set, 'end').filter((revision) => !known.includes(revision.metadata.uid));
    return together(
      each([templateImageOf(after)], 'templates', (now) =>
        now === image ? undefined : breachBySet(window, set, `the template has the image ${now}`),
      ),
      each(livesAt(livesOf(window, set), window.from), 'Pods with the image they had', (life) => {
        const old = changeAt(life, window.from);
        if (life.deletion !== undefined) return breach(`${life.name} was deleted`, life.deletion);
        return old === undefined || imageOf(life.last.object) === imageOf(old.object)
          ? undefined
          : breach(`${life.name} has the image ${imageOf(life.last.object)}`, life.last);
      }),
      each([fresh], 'new ControllerRevisions', ([revision, second]) => {
        if (revision === undefined || second !== undefined)
          return missingAtEnd(window, `there are ${fresh.length} new ControllerRevisions`);
        const { updateRevision } = after.status ?? {};
        const stored = imageInRevision(revision.data);
        if (revision.metadata.name === updateRevision && stored === image) return undefined;
        const because = `the new revision ${revision.metadata.name} has the image ${stored}; the set reports ${updateRevision}`;
        return breachBySet(window, set, because);
      }),
    );
  });
}

/** Of which revision the Pod was, and at which one it is to come back. */
export interface Return {
  readonly was: Which;
  readonly as: Which;
}

/**
 * "Pods that have already received the update will be restored to the updated version, and Pods that have not yet
 * received the update will be restored to the previous version."
 *
 * Verified: in a span throughout which the set reports the same two revisions, different from each other, the Pod of
 * this ordinal was of the one that is named and was deleted; every Pod of the ordinal added after it is of the expected
 * revision; at the end there is one, Running and Ready, under another uid. Its image is the template's exactly if the
 * revision is the updated one; what it runs (imageID) is something that Pods of the old one's revision ran exactly if
 * it is of that revision too; and if it is, it was made with the labels, annotations and spec with which the old one was
 * made, unless that was before the recording. That there is none counts only if the controller was seen at work twice since.
 * Not verified: who deleted the Pod.
 */
export function podComesBack(set: OrdinalSet, ordinal: number, { was, as }: Return, span: Span): Guarantee {
  return ofReturn('podComesBack', set, ordinal, { was, as }, span, (old, fresh, window) => {
    const template = templateImageOf(setAt(window, set, 'end'));
    if ((was === 'update') !== (imageOf(old.last.object) === template))
      return undecided(`the images do not tell the two revisions of ${set.name} apart`);
    const life = fresh.at(-1);
    if (life === undefined || life.gone !== undefined) {
      const doubt = doubtAboutReturn(window, life ?? old);
      if (doubt !== undefined) return undecided(doubt);
      return each([old], 'lost Pods', () => missingAtEnd(window, `${old.name} did not come back`));
    }
    const before = livesOf(window, set).filter((each) => each.first.index < life.first.index);
    const known = imageIDsOfLives(
      before.filter((each) => revisionOf(each.first.object) === revisionOf(old.first.object)),
    );
    const isKnown = isOneOf(known, imageIDOf(life.last.object));
    return unlessInDoubt(
      isKnown === 'unknown' ? `what ${life.name} runs cannot be compared with ${known.join(', ')}` : undefined,
      each([life], 'Pods that came back', ({ last }) => {
        const image = imageOf(last.object);
        if (!isReadyAt(life, window.to)) return breach(`${life.name} is not Running and Ready`, last);
        if ((as === 'update') !== (image === template) || (as === was && image !== imageOf(old.last.object)))
          return breach(`${life.name} came back with the image ${image}`, old.last, last);
        const other = as === was ? differenceAsMade(old, life) : undefined;
        if (other !== undefined) return breach(`${life.name} came back with another ${other}`, old.first, life.first);
        const isAsExpected = isKnown === 'unknown' || (isKnown === 'yes') === (as === was);
        return isAsExpected
          ? undefined
          : breach(`${life.name} came back running ${imageIDOf(last.object)}`, old.last, last);
      }),
    );
  });
}

/**
 * The same of the revision alone, for a Pod that is not Ready (yet).
 *
 * Verified: as in `podComesBack`, but for readiness and images.
 * Not verified: these.
 */
export function podIsRemadeAt(set: OrdinalSet, ordinal: number, back: Return, span: Span): Guarantee {
  return ofReturn('podIsRemadeAt', set, ordinal, back, span, (old, fresh, window) =>
    each([fresh.at(-1)], 'Pods made anew', (life) =>
      life === undefined ? missingAtEnd(window, `${old.name} was not made anew`) : undefined,
    ),
  );
}

function ofReturn(
  name: string,
  set: OrdinalSet,
  ordinal: number,
  { was, as }: Return,
  span: Span,
  examine: (old: PodLife, fresh: readonly PodLife[], window: Window) => Findings,
): Guarantee {
  return guarantee(name, ['pods', 'statefulsets'], span, (window) => {
    const stage = stageOf(window, set);
    if (typeof stage === 'string') return undecided(stage);
    const lives = livesOf(window, set);
    const old = livesAt(lives, window.from).find((life) => life.ordinal === ordinal);
    if (old?.deletion === undefined || old.deletion.index <= window.from)
      return undecided(`${podNameOf(set, ordinal)} was not deleted in the span`);
    if (revisionOf(old.last.object) !== stage[was]) return undecided(`${old.name} was not of the ${was} revision`);
    const fresh = lives.filter((life) => life.ordinal === ordinal && life.first.index > old.first.index);
    const stray = fresh.find((life) => revisionOf(life.first.object) !== stage[as]);
    if (stray !== undefined)
      return each(fresh, 'Pods made anew', () =>
        breach(
          `${stray.name} came back at ${revisionOf(stray.first.object)}, not the ${as} revision ${stage[as]}`,
          old.first,
          stray.first,
        ),
      );
    return examine(old, fresh, window);
  });
}

/** The two revisions that the set reports throughout the span, or why there are not two. */
function stageOf(window: Window, set: OrdinalSet): Readonly<Record<Which, string>> | string {
  const changes = window.changes('statefulsets').filter((change) => change.object.metadata.name === set.name);
  const reports = [setAt(window, set, 'start'), ...changes.map((change) => change.object)].map((each) => each?.status);
  const pairs = reports.map((status) => `${status?.currentRevision} → ${status?.updateRevision}`);
  const { currentRevision: current, updateRevision: update } = reports[0] ?? {};
  if (current === undefined || update === undefined) return `${set.name} reported no revisions when the span began`;
  if (new Set(pairs).size > 1) return `the revisions of ${set.name} did not stay the same`;
  return current === update ? `no update of ${set.name} was under way` : { current, update };
}

/** A ControllerRevision holds a patch of the set: its template. */
function imageInRevision(data: object | undefined): string | undefined {
  return templateImageOf(data as Parameters<typeof templateImageOf>[0]);
}
