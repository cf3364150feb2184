import type { Change, Observation } from '../history/entries.ts';
import type { Recorded } from '../history/objects.ts';
import type { OrdinalSet } from '../history/sets.ts';
import { missingAtEnd } from './absence.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { setAt } from './revisions.ts';

type ApiAnswer = Extract<Observation, { of: 'api' }>;
type Spec = Readonly<Record<string, unknown>>;

/**
 * A change of this field of the set's spec is refused for what it is: a change.
 *
 * Verified: every request of this moment was answered with 422, and a cause of it is that the field may not change: one that names the field, or one that forbids changes
 * of the spec but for a list of fields in which this one is not.
 * Not verified: that the value itself would do (a new set with it is the proof).
 */
export function changeIsForbidden(moment: string, field: string): Guarantee {
  return guarantee('changeIsForbidden', [], {}, (window) => {
    const answers = window.observations('api', moment);
    const mute = answers.find(({ code }) => saysNothing(code));
    if (mute !== undefined) return undecided(`${mute.request} (${moment}) was answered with ${mute.code}`);
    return each(answers, `answers of the API server (${moment})`, (answer) => {
      if (answer.code < 300) return breach(`${answer.request} was accepted with ${answer.code}`, answer);
      if (answer.code !== 422) return breach(`${answer.request} was refused with ${answer.code}, not 422`, answer);
      return causesOf(answer).some((cause) => forbids(cause, field))
        ? undefined
        : breach(`${answer.request} was refused without a word about a change of ${field}`, answer);
    });
  });
}

/**
 * … and refused it stays as it was.
 *
 * Verified: a request of this moment was answered within the span, and at every change of the set in it, and at its end, the whole spec and the generation are those of
 * its beginning.
 * Not verified: the status.
 */
export function specIsKept(set: OrdinalSet, moment: string, span: Span): Guarantee {
  return guarantee('specIsKept', ['statefulsets'], span, (window) => {
    const before = setAt(window, set, 'start');
    const answers = window.observations('api', moment);
    if (before === undefined) return undecided(`${set.name} was not there when the span began`);
    if (setAt(window, set, 'end') === undefined) return undecided(`${set.name} was not there when the span ended`);
    return each(answers, `answers of the API server (${moment})`, (answer) => {
      const touched = changesOf(window, set).find(
        ({ object }) => !isSame(object.spec, before.spec) || object.metadata.generation !== before.metadata.generation,
      );
      return touched === undefined ? undefined : breach(`the spec of ${set.name} changed`, answer, touched);
    });
  });
}

/**
 * A change of this field is accepted and stored, and nothing else changes by it.
 *
 * Verified: the field had another value when the span began; every request of this moment, within the span, was answered with 200; at the end of the span the set's spec
 * has this value there, all its other fields have the values that they had, and its generation is the next one.
 * Not verified: what controllers make of it.
 */
export function onlyThisFieldChanges(
  set: OrdinalSet,
  { field, value }: { readonly field: string; readonly value: unknown },
  moment: string,
  span: Span,
): Guarantee {
  return guarantee('onlyThisFieldChanges', ['statefulsets'], span, (window) => {
    const [before, after] = [setAt(window, set, 'start'), setAt(window, set, 'end')];
    const answers = window.observations('api', moment);
    const mute = answers.find(({ code }) => saysNothing(code));
    if (before?.spec === undefined || after?.spec === undefined)
      return undecided(`${set.name} was not there from the beginning of the span to its end`);
    if (holds(valueOf(before, field), value)) return undecided(`${field} had that value when the span began`);
    if (mute !== undefined) return undecided(`${mute.request} (${moment}) was answered with ${mute.code}`);
    return each(answers, `answers of the API server (${moment})`, (answer) => {
      if (answer.code !== 200) return breach(`${answer.request} was answered with ${answer.code}`, answer);
      const problem = problemOf(before, after, field, value);
      return problem === undefined ? undefined : breachAtEnd(window, set, problem, answer);
    });
  });
}

function problemOf(
  before: Recorded<'statefulsets'>,
  after: Recorded<'statefulsets'>,
  field: string,
  value: unknown,
): string | undefined {
  if (!holds(valueOf(after, field), value)) return `${field} is ${JSON.stringify(valueOf(after, field))}`;
  const other = [...new Set([...Object.keys(before.spec ?? {}), ...Object.keys(after.spec ?? {})])].find(
    (name) => name !== field && !isSame(valueOf(before, name), valueOf(after, name)),
  );
  if (other !== undefined) return `${other} changed as well`;
  const generations = [before.metadata.generation, after.metadata.generation];
  return generations[1] === (generations[0] ?? 0) + 1 ? undefined : `generation ${generations.join(' became ')}`;
}

function breachAtEnd(window: Window, set: OrdinalSet, because: string, answer: ApiAnswer): Breach | undefined {
  const last = changesOf(window, set).at(-1);
  return last === undefined ? missingAtEnd(window, because) : breach(because, answer, last);
}

/** Whether a stored value is the one that was asked for: the server may fill in more, not less. */
function holds(stored: unknown, asked: unknown): boolean {
  if (typeof asked !== 'object' || asked === null) return stored === asked;
  if (typeof stored !== 'object' || stored === null) return false;
  return Object.entries(asked).every(([name, value]) => holds((stored as Spec)[name], value));
}

function valueOf(set: Recorded<'statefulsets'>, field: string): unknown {
  return (set.spec as unknown as Spec | undefined)?.[field];
}

/** The API server writes the fields of an object in an order of its own, always the same. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function changesOf(window: Window, set: OrdinalSet): readonly Change<'statefulsets'>[] {
  return window.changes('statefulsets').filter(({ object }) => object.metadata.name === set.name);
}

interface Cause {
  readonly reason?: string;
  readonly field?: string;
  readonly message?: string;
}

function causesOf({ body }: ApiAnswer): readonly Cause[] {
  return (body as { readonly details?: { readonly causes?: readonly Cause[] } } | undefined)?.details?.causes ?? [];
}

function forbids({ reason, field: named, message = '' }: Cause, field: string): boolean {
  if (named === `spec.${field}`) return reason === 'FieldValueForbidden' || message.includes('immutable');
  return named === 'spec' && reason === 'FieldValueForbidden' && !message.includes(`'${field}'`);
}

/** No connection, overload, or the server's own fault: no word about the question. */
function saysNothing(code: number): boolean {
  return code < 200 || code === 429 || code >= 500;
}
