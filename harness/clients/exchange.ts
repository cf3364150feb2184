import { messageOf, RunError } from '../errors.ts';
import type { Exchange } from '../history/observations.ts';
import type { Recording } from '../history/recording.ts';
import type { Kube } from '../kube/connect.ts';

/** What every client works with: a way to the Pods of a namespace, and the recording that takes what was said. */
export interface Surroundings {
  readonly kube: Kube;
  readonly namespace: string;
  readonly recording: Recording;
  readonly signal: AbortSignal;
}

/** How an exchange ended. A story goes on with whichever it is; what it means is the guarantees' matter. */
export type Outcome<Answer> =
  | { readonly status: 'succeeded'; readonly answer: Answer }
  | ({ readonly status: 'failed' | 'indeterminate' } & Trouble);

export interface Trouble {
  /** The protocol's own name for a refusal. */
  readonly code?: string;
  readonly because: string;
}

/** What an error of a client's library means. `failed`: the server refused, or never got it. What is not known to be either is `indeterminate`. */
export type Classify = (error: unknown) => { readonly status: 'failed' | 'indeterminate' } & Trouble;

export type Asked = Pick<Exchange, 'client' | 'target' | 'moment' | 'request'>;

/** Asks a server, within its time, and records what was asked and how it ended: the one way in which every client speaks. */
export async function exchanged<Answer>(
  { recording, signal }: Surroundings,
  asked: Asked,
  options: { readonly deadlineMs: number; readonly classify: Classify },
  ask: () => Promise<Answer>,
): Promise<Outcome<Answer>> {
  const invokedAtIndex = recording.entries.length - 1;
  const beganAtMs = Date.now();
  const outcome = await settled(ask, { ...options, signal });
  recording.append({ kind: 'observation', of: 'exchange', ...asked, ...outcome, invokedAtIndex, beganAtMs });
  return outcome;
}

/** What became of something asked, within its time. Rejects only when the story is to stop. */
export async function settled<Answer>(
  ask: () => Promise<Answer>,
  options: { readonly deadlineMs: number; readonly classify: Classify; readonly signal: AbortSignal },
): Promise<Outcome<Answer>> {
  const { deadlineMs, classify, signal } = options;
  signal.throwIfAborted();
  const limit = Promise.withResolvers<Outcome<Answer>>();
  const stop = (): void => limit.reject(signal.reason);
  const because = `no answer within ${deadlineMs / 1000} s`;
  const timer = setTimeout(() => limit.resolve({ status: 'indeterminate', because }), deadlineMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([answered(ask, classify), limit.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function answered<Answer>(ask: () => Promise<Answer>, classify: Classify): Promise<Outcome<Answer>> {
  try {
    return { status: 'succeeded', answer: await ask() };
  } catch (error) {
    return classify(error);
  }
}

/** The answer, for a story that cannot go on without it. */
export function answerOf<Answer>(outcome: Outcome<Answer>): Answer {
  if (outcome.status === 'succeeded') return outcome.answer;
  throw new RunError(`the server did not do what the story needs: ${messageOf(outcome.because)}`);
}
