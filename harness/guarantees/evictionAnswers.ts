import type { Observation } from '../history/entries.ts';
import { breach } from './findings.ts';
import type { Breach, Span, Window } from './guarantee.ts';
import { objectsNamed, thereAt, type ObjectLife } from './objects.ts';

type ApiAnswer = Extract<Observation, { of: 'api' }>;

/** Evictions that were asked for at one moment, within a span that begins before them. */
export interface Asked extends Span {
  readonly moment: string;
  readonly from: string;
}

/**
 * What the API server answered to one eviction. `refused`: 429, for the budget's sake, which its causes name. `otherwise`: a final answer that is neither
 * that nor a grant; so is a 429 whose words alone speak of a budget, as programs go by the cause.
 * `unclear` says nothing of the budget: overload, missing rights, the server's own fault.
 */
export interface EvictionAnswer {
  readonly pod: string;
  readonly is: 'granted' | 'refused' | 'otherwise' | 'unclear';
  readonly entry: ApiAnswer;
}

/** The answers to the evictions of this moment, in the order in which they came. */
export function answersAt(window: Window, moment: string): readonly EvictionAnswer[] {
  return window.observations('api', moment).flatMap((entry) => {
    const pod = /^create pods\/([^/]+)\/eviction$/.exec(entry.request)?.[1];
    return pod === undefined ? [] : [{ pod, is: meaningOf(entry), entry }];
  });
}

/** The Pod of that name that was there when the span began. */
export function podAtStart(window: Window, name: string): ObjectLife<'pods'> | undefined {
  return thereAt(objectsNamed(window, 'pods', name), window.from)[0];
}

/** What an eviction that was granted has to do: the Pod is asked to go within the span. */
export function notGone(life: ObjectLife<'pods'>, answer: EvictionAnswer): Breach | undefined {
  if (life.deletion !== undefined) return undefined;
  return breach(`the eviction of ${life.name} was granted, and it was not deleted`, life.last, answer.entry);
}

/** What one that was refused must not do. */
export function notSpared(life: ObjectLife<'pods'>, answer: EvictionAnswer): Breach | undefined {
  if (life.deletion === undefined) return undefined;
  return breach(`the eviction of ${life.name} was refused, and it was deleted`, answer.entry, life.deletion);
}

/** The server's words, for sentences about it. */
export function wordsOf({ entry }: EvictionAnswer): string {
  const { message = '' } = (entry.body ?? {}) as Status;
  const lack = entry.code === 429 && !namesBudget(entry) ? `, without the cause ${budgetCause}` : '';
  return `${entry.code}${message === '' ? '' : `: ${message}`}${lack}`;
}

/** The words of a server that finds several budgets over a Pod. */
export const severalBudgets = 'more than one PodDisruptionBudget';

const budgetCause = 'DisruptionBudget';

interface Status {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string }[] };
}

function meaningOf(entry: ApiAnswer): EvictionAnswer['is'] {
  const { code, body } = entry;
  if (code < 300) return 'granted';
  const { message = '' } = (body ?? {}) as Status;
  if (code === 429 && namesBudget(entry)) return 'refused';
  if (code === 429) return message.includes('disruption budget') ? 'otherwise' : 'unclear';
  const isOfRights = code === 401 || (code === 403 && message.includes('cannot create resource'));
  const isOfBudgets = message.includes(severalBudgets);
  return (code >= 400 && code < 500 && !isOfRights) || isOfBudgets ? 'otherwise' : 'unclear';
}

function namesBudget({ body }: ApiAnswer): boolean {
  const { details } = (body ?? {}) as Status;
  return (details?.causes ?? []).some(({ reason }) => reason === budgetCause);
}
