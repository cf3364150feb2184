import type { Observation } from '../history/entries.ts';
import type { OrdinalSet } from '../history/sets.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';
import { setAt } from './revisions.ts';

type ApiAnswer = Extract<Observation, { of: 'api' }>;

/** What a Scale is expected to say. `status.replicas` is what the set counts, which need not be what it is asked for. */
export interface Shown {
  readonly replicas: number;
  readonly counted: number;
  readonly selector: string;
}

/**
 * `/scale` reads the set's replicas, with a selector.
 *
 * Verified: every answer of this moment is a Scale of `autoscaling/v1` of the set (name, uid, one of its recorded resourceVersions), with these replicas asked for, these
 * counted, and this selector.
 * Not verified: that the set's count is true of its Pods.
 */
export function scaleShows(set: OrdinalSet, expected: Shown, moment: string, span: Span): Guarantee {
  return guarantee('scaleShows', ['statefulsets'], span, (window) => {
    const stored = setAt(window, set, 'end');
    if (stored === undefined) return undecided(`${set.name} was not there at the end of the span`);
    const versions = window.history
      .changes('statefulsets', -1, window.to)
      .filter(({ object }) => object.metadata.uid === stored.metadata.uid)
      .map(({ object }) => object.metadata.resourceVersion);
    return answersOf(window.observations('api', moment), moment, (answer) => {
      if (answer.code !== 200) return `was answered with ${answer.code}`;
      const { kind, apiVersion, metadata, spec, status } = answer.body as Scale;
      if (kind !== 'Scale' || apiVersion !== 'autoscaling/v1') return `gave a ${kind} of ${apiVersion}`;
      if (metadata?.name !== set.name || metadata.uid !== stored.metadata.uid) return `is about ${metadata?.name}`;
      if (!versions.includes(metadata.resourceVersion ?? ''))
        return `is of version ${metadata.resourceVersion}, which the set never had`;
      const said = inWords({
        replicas: spec?.replicas ?? 0,
        counted: status?.replicas ?? 0,
        selector: status?.selector ?? '',
      });
      return said === inWords(expected) ? undefined : `says ${said}, not ${inWords(expected)}`;
    });
  });
}

/**
 * A write that rests on what is no longer so is refused.
 *
 * Verified: every answer of this moment is 409 with the reason `Conflict`.
 * Not verified: that nothing was written (see `specIsKept`).
 */
export function requestConflicts(moment: string): Guarantee {
  return guarantee('requestConflicts', [], {}, (window) =>
    answersOf(window.observations('api', moment), moment, ({ code, body }) => {
      const { reason } = (body ?? {}) as { readonly reason?: string };
      return code === 409 && reason === 'Conflict' ? undefined : `was answered with ${code} ${reason ?? ''}`.trim();
    }),
  );
}

function answersOf(
  answers: readonly ApiAnswer[],
  moment: string,
  problemOf: (answer: ApiAnswer) => string | undefined,
) {
  const mute = answers.find(({ code }) => code < 200 || code === 429 || code >= 500);
  if (mute !== undefined) return undecided(`${mute.request} (${moment}) was answered with ${mute.code}`);
  return each(answers, `answers of the API server (${moment})`, (answer) => {
    const problem = problemOf(answer);
    return problem === undefined ? undefined : breach(`${answer.request} ${problem}`, answer);
  });
}

interface Scale {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly metadata?: { readonly name?: string; readonly uid?: string; readonly resourceVersion?: string };
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly selector?: string };
}

function inWords({ replicas, counted, selector }: Shown): string {
  return `${replicas} replicas, ${counted} counted, selector ${selector}`;
}
