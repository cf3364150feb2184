import type { Observation } from '../history/entries.ts';
import type { Deployed } from '../history/sets.ts';
import { settledPodOf, type DeployedPod } from './deployed.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Window } from './guarantee.ts';
import type { Asked } from './settled.ts';

type Exchange = Extract<Observation, { of: 'exchange' }>;

/** A statement, as the client recorded it, and what has to come of it. */
export type Statement = { readonly request: string } & (
  | { readonly is: 'done' }
  /** A row with these columns and values is in the answer. */
  | { readonly is: 'answered'; readonly row: Readonly<Record<string, string | number | null>> }
  /** The server refuses it by one of these names. */
  | { readonly is: 'refused'; readonly by: readonly string[] }
);

/**
 * What a client of the database was told: logins that succeed and that do not, what a user may do and may not, and what is there.
 *
 * Verified: at that moment each statement was put to the one Pod of the Deployment, which did not change meanwhile, and what came of it is as it has to be. A server that refuses what it has to do, does what it
 * has to refuse, or does not listen, breaks the promise.
 * Not verified: statements that nobody answered.
 */
export function eachStatementIsAnswered(deployed: Deployed, statements: readonly Statement[], asked: Asked): Guarantee {
  return guarantee('eachStatementIsAnswered', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const pod = settledPodOf(window, deployed, asked);
    if (typeof pod === 'string') return undecided(pod);
    const [first, ...rest] = statements.map((statement) => answered(window, pod, statement, asked.moment));
    return first === undefined ? undecided('no statement was asked about') : together(first, ...rest);
  });
}

function answered(window: Window, pod: DeployedPod, statement: Statement, moment: string): Findings {
  const exchanges = window
    .observations('exchange', moment)
    .filter(({ client, request }) => client === 'mysql' && request === statement.request);
  if (exchanges.length === 0) return undecided(`nobody asked “${statement.request}” (${moment})`);
  const stray = exchanges.find(({ target }) => target !== pod.name);
  if (stray !== undefined) return undecided(`“${statement.request}” was put to ${stray.target}, not to ${pod.name}`);
  const mute = exchanges.find(({ status }) => status === 'indeterminate');
  const doubt = mute && `“${statement.request}” was not answered: ${mute.because ?? 'no reason'} (${moment})`;
  const heard = exchanges.filter(({ status }) => status !== 'indeterminate');
  return unlessInDoubt(
    doubt,
    each(heard, 'answers', (exchange) => otherThan(statement, exchange)),
  );
}

function otherThan(statement: Statement, exchange: Exchange): Breach | undefined {
  const what = `“${statement.request}”`;
  if (statement.is === 'refused') {
    if (exchange.status === 'succeeded') return breach(`${what} was done`, exchange);
    return statement.by.includes(exchange.code ?? '')
      ? undefined
      : breach(`${what} was refused by ${exchange.code ?? 'no name'}: ${exchange.because}`, exchange);
  }
  if (exchange.status !== 'succeeded')
    return breach(`${what} was refused by ${exchange.code ?? 'no name'}: ${exchange.because}`, exchange);
  if (statement.is === 'done') return undefined;
  const rows = exchange.answer as readonly Readonly<Record<string, unknown>>[];
  const wanted = Object.entries(statement.row);
  const isThere = rows.some((row) => wanted.every(([column, value]) => row[column] === value));
  return isThere ? undefined : breach(`${what} gave no row ${JSON.stringify(statement.row)}`, exchange);
}
