import type { Observation } from '../history/entries.ts';
import { unlessInDoubt } from './doubt.ts';
import { isMute, wordsOf, type Exchange } from './exchanges.ts';
import { breach, each, undecided } from './findings.ts';
import { guarantee, type Breach, type Guarantee, type Span, type Window } from './guarantee.ts';

/** A value that was written through one server and looked for through others. */
export interface Replicated {
  readonly path: string;
  readonly data: string;
  readonly written: { readonly moment: string; readonly server: string };
  readonly read: { readonly moment: string; readonly servers: readonly string[] };
}

/** What a server answers to a read: the data, and what it knows of the node. */
interface Node {
  readonly data: string;
  readonly stat: {
    readonly czxid: string;
    readonly mzxid: string;
    readonly ctime: number;
    readonly version: number;
    readonly dataLength: number;
  };
}

/**
 * "The data that you created on zk-0 is available on all the servers in the ensemble."
 *
 * Verified: the one server acknowledged the creation; each of the others, brought up to what was committed after that, answers with the same data of the right length; and all that were
 * asked say that it was created, and last changed, by the same transaction.
 * Not verified: how long a server may lag behind: each was made to catch up first.
 */
export function everyServerHolds({ path, data, written, read }: Replicated, span: Span = {}): Guarantee {
  return guarantee('everyServerHolds', [], span, (window) => {
    const creation = window
      .observations('exchange', written.moment)
      .find(({ target, request }) => target === written.server && request === `create ${path} ${data}`);
    if (creation?.status !== 'succeeded')
      return undecided(`${written.server} did not acknowledge ${path} (${written.moment})`);
    const reads = read.servers.map((server) => ({ server, exchange: readOf(window, read.moment, server, path) }));
    const silent = reads.find(({ exchange }) => exchange === undefined || isMute(exchange))?.server;
    const stale = reads.find(
      ({ server, exchange }) => exchange !== undefined && !caughtUp(window, server, creation.index, exchange),
    )?.server;
    const doubt =
      (silent && `${silent} was not asked for ${path}, or did not answer (${read.moment})`) ??
      (stale && `${stale} may have answered with something old: it was not brought up to date first`);
    const answers = reads
      .filter(({ server }) => server !== stale)
      .flatMap(({ exchange }) => (exchange === undefined || isMute(exchange) ? [] : [exchange]));
    const [first] = answers;
    return unlessInDoubt(
      doubt,
      each(answers, 'servers', (answer) => otherThan(data, answer, first)),
    );
  });
}

function otherThan(data: string, answer: Exchange, first: Exchange | undefined): Breach | undefined {
  const node = nodeOf(answer);
  if (node === undefined) return breach(`${answer.target} answered ${wordsOf(answer)}`, answer);
  if (node.data !== data) return breach(`${answer.target} holds “${node.data}”`, answer);
  if (node.stat.dataLength !== new TextEncoder().encode(data).length)
    return breach(`${answer.target} says the data is ${node.stat.dataLength} bytes long`, answer);
  const other = first === undefined ? undefined : nodeOf(first);
  if (first === undefined || other === undefined) return undefined;
  const same = other.stat.czxid === node.stat.czxid && other.stat.mzxid === node.stat.mzxid;
  return same
    ? undefined
    : breach(`${answer.target} has it of another transaction than ${first.target}`, first, answer);
}

/**
 * "Even though you terminated and recreated all of the Pods, the ensemble still serves the original value."
 *
 * Verified: at the second moment the server, brought up to what is committed, answers with the data of the first, created by the same transaction at the same time and of the same version: a
 * node that was written again would differ.
 * Not verified: that all Pods were others in between (see `eachPodIsReplaced`).
 */
export function theValueSurvives(
  path: string,
  moments: { readonly before: Look; readonly after: Look },
  span: Span = {},
): Guarantee {
  return guarantee('theValueSurvives', [], span, (window) => {
    const before = readOf(window, moments.before.moment, moments.before.server, path);
    const after = readOf(window, moments.after.moment, moments.after.server, path);
    const was = before === undefined ? undefined : nodeOf(before);
    if (before === undefined || was === undefined) return undecided(`${path} was not read before`);
    if (after === undefined || isMute(after) || after.index < before.index)
      return undecided(`${path} was not read afterwards, or there was no answer`);
    if (!caughtUp(window, moments.after.server, before.index, after))
      return undecided(`${moments.after.server} may have answered with something old`);
    return each([after], 'values', () => {
      const is = nodeOf(after);
      if (is === undefined) return breach(`${after.target} answered ${wordsOf(after)}`, before, after);
      const kept = (['czxid', 'ctime', 'version'] as const).every((field) => is.stat[field] === was.stat[field]);
      return is.data === was.data && kept ? undefined : breach(`${path} is another node than before`, before, after);
    });
  });
}

interface Look {
  readonly moment: string;
  readonly server: string;
}

/**
 * "ZooKeeper allows you to … observe updates to data."
 *
 * Verified: after the node's data was set through another server, the server that was asked to watch told of exactly one change of it, not before the set was sent; and a read that followed
 * gave the new data.
 * Not verified: that the server sent no second notice: the client's library takes a watch off with the first.
 */
export function theWatchTells(
  path: string,
  data: string,
  look: { readonly moment: string; readonly watcher: string; readonly writer: string },
  span: Span = {},
): Guarantee {
  return guarantee('theWatchTells', [], span, (window) => {
    const exchanges = window.observations('exchange', look.moment);
    const of = (target: string, request: string) =>
      exchanges.filter((each) => each.target === target && each.request === request);
    const [asked] = of(look.watcher, `get ${path} and watch it`);
    const [set] = of(look.writer, `set ${path} ${data}`);
    const read = of(look.watcher, `get ${path}`).at(-1);
    if (asked?.status !== 'succeeded') return undecided(`${look.watcher} was not asked to watch ${path}`);
    if (set?.status !== 'succeeded' || set.index < asked.index)
      return undecided(`${path} was not set through ${look.writer} while it was watched`);
    if (read === undefined || isMute(read) || read.index < set.index)
      return undecided(`${path} was not read again through ${look.watcher}`);
    const told = of(look.watcher, `watch ${path}`);
    return each([set], 'changes that are watched', () => {
      const [first, second] = told;
      if (first === undefined) return breach(`${look.watcher} told of no change of ${path}`, asked, set);
      if (second !== undefined) return breach(`${look.watcher} told of the change twice`, first, second);
      if (first.index <= set.invokedAtIndex)
        return breach(`${look.watcher} told of a change before there was one`, first);
      if (JSON.stringify(first.answer) !== JSON.stringify({ event: 'NODE_DATA_CHANGED', path }))
        return breach(`${look.watcher} told of ${JSON.stringify(first.answer)}`, first);
      return nodeOf(read)?.data === data ? undefined : breach(`${look.watcher} then read ${wordsOf(read)}`, set, read);
    });
  });
}

/**
 * "All operations on data are … sequentially consistent", as far as some readers can tell.
 *
 * Verified: the values were acknowledged in this order; what each reader, in a session of its own, read one after another never goes back in it; and each saw at least two of them.
 * Not verified: all other runs: this is a sample, and no proof.
 */
export function noReaderGoesBack(
  path: string,
  values: readonly string[],
  look: { readonly moment: string; readonly writer: string; readonly readers: readonly string[] },
  span: Span = {},
): Guarantee {
  return guarantee('noReaderGoesBack', [], span, (window) => {
    const exchanges = window.observations('exchange', look.moment);
    const sets = exchanges.filter(
      ({ target, request, status }) =>
        target === look.writer && request.startsWith(`set ${path} `) && status === 'succeeded',
    );
    if (sets.map(({ request }) => request.slice(`set ${path} `.length)).join() !== values.join())
      return undecided(`${look.writer} did not acknowledge the values in their order (${look.moment})`);
    const readers = look.readers.map((reader) => ({
      reader,
      reads: exchanges.filter(
        ({ target, request, status }) => target === reader && request === `get ${path}` && status === 'succeeded',
      ),
    }));
    const place = (read: Exchange): number => values.indexOf(nodeOf(read)?.data ?? '');
    const blind = readers.find(({ reads }) => new Set(reads.map(place)).size < 2)?.reader;
    const reads = readers.flatMap((one) => one.reads.map((read, at) => ({ read, before: one.reads[at - 1] })));
    return unlessInDoubt(
      blind && `${blind} did not see two different values (${look.moment})`,
      each(reads, 'reads', ({ read, before }) => {
        if (before === undefined || place(read) >= place(before)) return undefined;
        const words = [before, read].map((each) => `“${nodeOf(each)?.data ?? ''}”`);
        return breach(`${read.target} read ${words.join(' and then ')}`, before, read);
      }),
    );
  });
}

function readOf(window: Window, moment: string, server: string, path: string): Exchange | undefined {
  return window
    .observations('exchange', moment)
    .findLast(({ target, request }) => target === server && request === `get ${path}`);
}

/** Between what was written and the read, the server was brought up to everything committed by then. */
function caughtUp(window: Window, server: string, writtenAt: number, read: Exchange): boolean {
  return window.history.entries.some(
    (entry): entry is Extract<Observation, { of: 'exchange' }> =>
      entry.kind === 'observation' &&
      entry.of === 'exchange' &&
      entry.target === server &&
      entry.request === 'catch up' &&
      entry.status === 'succeeded' &&
      entry.invokedAtIndex >= writtenAt &&
      entry.index <= read.invokedAtIndex,
  );
}

function nodeOf({ status, answer }: Exchange): Node | undefined {
  return status === 'succeeded' && typeof answer === 'object' && answer !== null && 'stat' in answer
    ? (answer as Node)
    : undefined;
}
