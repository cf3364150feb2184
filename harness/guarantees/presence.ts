import type { ResourceName } from '../history/objects.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';
import { objectsNamed, thereAt } from './objects.ts';

/**
 * "service/nginx unchanged": what was applied again was there already, and nobody wrote it.
 *
 * Verified: the object is there at both ends of the span, under one uid, and the API server reported no change of it in between, so that its resourceVersion
 * is the same.
 * Not verified: that it was applied at all (see `isAppliedWithoutError`).
 */
export function isUnchanged(resource: ResourceName, name: string, span: Span): Guarantee {
  return guarantee('isUnchanged', [resource], span, (window) => {
    const lives = objectsNamed(window, resource, name);
    const standing = thereAt(lives, window.from);
    if (standing.length === 0) return undecided(`${resource}/${name} was not there when the span began`);
    const written = lives.flatMap((life) => life.changes).filter((change) => change.index > window.from);
    return each(standing, 'objects that were there before', (life) => {
      const [change] = written;
      return change === undefined ? undefined : breach(`${resource}/${name} was ${change.type}`, life.first, change);
    });
  });
}

/**
 * "… does not delete the headless Service": the object outlives what happened around it.
 *
 * Verified: the object that was there when the span began is there at its end, under the same uid, and was never asked to go.
 * Not verified: its fields, which others may have written.
 */
export function isKept(resource: ResourceName, name: string, span: Span): Guarantee {
  return guarantee('isKept', [resource], span, (window) => {
    const standing = thereAt(objectsNamed(window, resource, name), window.from);
    if (standing.length === 0) return undecided(`${resource}/${name} was not there when the span began`);
    return each(standing, 'objects that were there before', (life) =>
      life.deletion === undefined ? undefined : breach(`${resource}/${name} was deleted`, life.first, life.deletion),
    );
  });
}

/**
 * "statefulset.apps/web created": an object of a name that had existed before is made anew.
 *
 * Verified: earlier in the history there was an object of this name and it was gone when the new one was added; exactly one was added within the span; it is there at the end,
 * under a uid that none before it had.
 * Not verified: its fields.
 */
export function isMadeAnew(resource: ResourceName, name: string, span: Span): Guarantee {
  return guarantee('isMadeAnew', [resource], span, (window) => {
    const lives = objectsNamed(window, resource, name);
    const earlier = lives.filter((life) => life.first.index <= window.from);
    const [before] = earlier;
    if (before === undefined) return undecided(`there was no ${resource}/${name} before the span`);
    const made = lives.filter((life) => life.first.type === 'added' && life.first.index > window.from);
    return each(earlier, 'objects of that name before', (old) => {
      const [first, second] = made;
      if (first === undefined) return breach(`${resource}/${name} was not made again`, old.last);
      if (second !== undefined) return breach(`${resource}/${name} was made more than once`, first.first, second.first);
      return first.gone === undefined ? undefined : breach(`${resource}/${name} did not last`, first.first, first.gone);
    });
  });
}

/**
 * "statefulset "web" deleted": the object is no more.
 *
 * Verified: there was one when the span began or later; at the end of the span there is none of this name.
 * Not verified: what became of objects that belonged to it.
 */
export function isRemoved(resource: ResourceName, name: string, span: Span): Guarantee {
  return guarantee('isRemoved', [resource], span, (window) => {
    const lives = objectsNamed(window, resource, name).filter(
      (life) => life.gone === undefined || life.gone.index > window.from,
    );
    return each(lives, `${resource} called ${name}`, (life) =>
      life.gone === undefined ? breach(`${resource}/${name} is still there`, life.last) : undefined,
    );
  });
}

/**
 * `kubectl apply` of a manifest: the API server took every object.
 *
 * Verified: within the span each target was applied, and every call that did so succeeded.
 * Not verified: what became of the objects.
 */
export function isAppliedWithoutError(targets: readonly string[], span: Span): Guarantee {
  return guarantee('isAppliedWithoutError', [], span, (window) => {
    const calls = window.operations().filter((call) => call.verb === 'apply' && call.phase !== 'invoked');
    const unanswered = targets.find((target) => !calls.some((call) => call.target === target && isCertain(call.phase)));
    if (unanswered !== undefined) return undecided(`it is not known how applying ${unanswered} ended`);
    return each(
      calls.filter((call) => targets.includes(call.target)),
      'answers to apply',
      (call) =>
        call.phase === 'failed'
          ? breach(`applying ${call.target} failed: ${call.because ?? 'no reason'}`, call)
          : undefined,
    );
  });
}

function isCertain(phase: string): boolean {
  return phase === 'succeeded' || phase === 'failed';
}

/**
 * "Error from server (NotFound)": the API server, asked for the object itself, has none.
 *
 * Verified: every answer of this moment is 404.
 * Not verified: what a watch shows (see `isRemoved`). An answer that is about something else (429, 5xx, none) leaves it open.
 */
export function isAnsweredNotFound(moment: string): Guarantee {
  return guarantee('isAnsweredNotFound', [], {}, (window) => {
    const answers = window.observations('api', moment);
    const mute = answers.find(({ code }) => code !== 404 && (code < 200 || code >= 300));
    if (mute !== undefined) return undecided(`${mute.request} (${moment}) was answered with ${mute.code}`);
    return each(answers, `answers of the API server (${moment})`, (answer) =>
      answer.code === 404 ? undefined : breach(`${answer.request} found it: ${answer.code}`, answer),
    );
  });
}
