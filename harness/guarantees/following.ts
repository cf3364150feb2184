import type { Observation } from '../history/entries.ts';
import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';
import { isReadyAt, livesAt, livesOf, type PodLife } from './lives.ts';

type Answer = Extract<Observation, { of: 'http' }>;

/**
 * "Your application will be able to discover the Pods' addresses when they transition to Running and Ready."
 *
 * Verified: a client that holds nothing but the Pod's name first reached the Pod at its address, then, while the Pod was replaced, reached nobody, and in the end reaches the new Pod
 * at its address; whoever answered it meanwhile was one of the two and said `body`.
 * Not verified: how long the name was of no use.
 */
export function theClientFindsThePodAgain(
  set: OrdinalSet,
  ordinal: number,
  body: string,
  moment: string,
  span: Span,
): Guarantee {
  return guarantee('theClientFindsThePodAgain', ['pods'], span, (window) => {
    const replacement = replacementOf(window, set, ordinal);
    if (typeof replacement === 'string') return undecided(replacement);
    const answers = window.observations('http', moment);
    const doubt = doubtAboutClient(answers, replacement);
    const whoever = each(answers, 'changes of what the client saw', (answer) => wrongAnswer(answer, body, replacement));
    if (doubt !== undefined) return unlessInDoubt(doubt, whoever);
    return each(answers, 'changes of what the client saw', (answer, position) => {
      const isLast = position === answers.length - 1;
      return isLast && !isFrom(answer, replacement.now)
        ? breach(
            `in the end the client saw ${described(answer)}, not the new ${replacement.now.name}`,
            answer,
            replacement.now.last,
          )
        : wrongAnswer(answer, body, replacement);
    });
  });
}

interface Replacement {
  readonly was: PodLife;
  readonly now: PodLife;
}

function replacementOf(window: Window, set: OrdinalSet, ordinal: number): Replacement | string {
  const lives = livesOf(window, set).filter((life) => life.ordinal === ordinal);
  const was = livesAt(lives, window.from).at(-1);
  const now = livesAt(lives, window.to).at(-1);
  if (was === undefined || now === undefined || was.uid === now.uid)
    return `${podNameOf(set, ordinal)} was not replaced within the span`;
  if (!isReadyAt(was, window.from) || !isReadyAt(now, window.to))
    return `${podNameOf(set, ordinal)} was not Ready at the beginning and at the end of the span`;
  return { was, now };
}

function doubtAboutClient(answers: readonly Answer[], { was }: Replacement): string | undefined {
  const first = answers.findIndex((answer) => isFrom(answer, was));
  if (first < 0) return `the client did not reach ${was.name} before it was replaced`;
  return answers.slice(first).some((answer) => answer.status === 0)
    ? undefined
    : `the client was never without ${was.name}, so it may have had no occasion to look again`;
}

/** Nobody answered, or one of the two did, with the content that is its own. */
function wrongAnswer(answer: Answer, body: string, { was, now }: Replacement): Breach | undefined {
  if (answer.status === 0) return undefined;
  const isOwn = isFrom(answer, was) || isFrom(answer, now);
  if (isOwn && answer.body === body) return undefined;
  return breach(`the client of ${now.name} saw ${described(answer)}`, answer, was.last, now.last);
}

function isFrom(answer: Answer, life: PodLife): boolean {
  return answer.status === 200 && addressOf(life) !== undefined && answer.address === addressOf(life);
}

/** A Pod keeps the address it was given. */
function addressOf(life: PodLife): string | undefined {
  return life.changes.map((change) => change.object.status?.podIP).find((ip) => ip !== undefined && ip !== '');
}

function described(answer: Answer): string {
  if (answer.status === 0) return `no answer (${answer.because ?? 'no reason'})`;
  return `status ${answer.status} from ${answer.address ?? 'nowhere'}: “${answer.body.trim()}”`;
}
