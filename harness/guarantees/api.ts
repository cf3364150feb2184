import type { Observation } from '../history/entries.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Findings, type Guarantee } from './guarantee.ts';

type ApiAnswer = Extract<Observation, { of: 'api' }>;

/** What a refusal has to say: its status code, and the field it names. */
export interface Refusal {
  readonly code: 400 | 403 | 409 | 422;
  /** `spec.updateStrategy`; a field below it will do. */
  readonly field: string;
}

/** A field of the answer's body, by the names that lead to it, and the value it has to have. */
export interface Stored {
  readonly path: readonly string[];
  readonly value: string | number | boolean;
}

/**
 * The API server accepts what was asked.
 *
 * Verified: every request of this moment was answered with 200, 201 or 202 and, where `stored` is given, the answered
 * object has that value: a server that accepts a request and stores something else does not accept it.
 * Not verified: what controllers make of it.
 */
export function requestIsAccepted(moment: string, stored?: Stored): Guarantee {
  return answers('requestIsAccepted', moment, (answer) => {
    if (answer.code > 202) return `was refused with ${answer.code}: ${messageOf(answer.body)}`;
    if (stored === undefined || valueAt(answer.body, stored.path) === stored.value) return undefined;
    return `was stored with ${stored.path.join('.')} ${JSON.stringify(valueAt(answer.body, stored.path))}, not ${JSON.stringify(stored.value)}`;
  });
}

/**
 * The API server refuses what was asked, for the reason that is claimed.
 *
 * Verified: every request of this moment was answered with that code, and the answer names the field: as a cause of its
 * own, or as an unknown field.
 * Not verified: the rest of the message.
 */
export function requestIsRefused(moment: string, refusal: Refusal): Guarantee {
  return answers('requestIsRefused', moment, (answer) => {
    if (answer.code < 300) return `was accepted with ${answer.code}`;
    if (answer.code !== refusal.code)
      return `was refused with ${answer.code}, not ${refusal.code}: ${messageOf(answer.body)}`;
    return names(answer.body, refusal.field)
      ? undefined
      : `was refused without naming ${refusal.field}: ${messageOf(answer.body)}`;
  });
}

/** An answer that says nothing of the question (no connection, overload, the server's own fault) leaves it open. */
function answers(name: string, moment: string, problemOf: (answer: ApiAnswer) => string | undefined): Guarantee {
  return guarantee(name, [], {}, (window): Findings => {
    const given = window.observations('api', moment);
    const mute = given.find(({ code }) => code < 200 || code === 429 || code >= 500);
    if (mute !== undefined) return undecided(`${mute.request} (${moment}) was answered with ${mute.code}`);
    return each(given, `answers of the API server (${moment})`, (answer) => {
      const problem = problemOf(answer);
      return problem === undefined ? undefined : breach(`${answer.request} ${problem}`, answer);
    });
  });
}

/** The parts of a Status object that name what was wrong. */
interface Status {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly field?: string }[] };
}

function names(body: unknown, field: string): boolean {
  const { message = '', details } = (body ?? {}) as Status;
  const isField = (named: string | undefined): boolean =>
    named === field || named?.startsWith(`${field}.`) === true || named?.startsWith(`${field}[`) === true;
  return (details?.causes ?? []).some((cause) => isField(cause.field)) || message.includes(`unknown field "${field}"`);
}

function messageOf(body: unknown): string {
  return ((body ?? {}) as Status).message ?? 'without a message';
}

function valueAt(body: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], body);
}
