import type { Observation } from '../history/entries.ts';
import { unlessInDoubt } from './doubt.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Span } from './guarantee.ts';

type Write = Extract<Observation, { of: 'write' }>;
type Read = Extract<Observation, { of: 'read' }>;

/** The reads that a ledger is judged by: all that was read of it at that moment, by each of these servers. */
export interface LedgerReads {
  readonly ledger: string;
  readonly moment: string;
  readonly servers: readonly string[];
}

/**
 * An acknowledged write is there, and nothing is there that nobody wrote: not a write that was refused, none twice, none that was removed.
 *
 * Verified: each write that a server acknowledged before a read began is in the answer of every server that was read from, unless its removal was asked for; each
 * removal that was acknowledged before it is not, unless it was written again; whatever else is there was asked for before the read ended and was
 * not refused; nothing is there twice.
 * Not verified: writes that nobody answered, which may be there or not; in which order they are there; that no write was lost for a while and came back before
 * it was read.
 */
export function noAcknowledgedWriteIsLost(reads: LedgerReads, span: Span = {}): Guarantee {
  return guarantee('noAcknowledgedWriteIsLost', [], span, (window) => {
    // A write before the span is as good as one within it.
    const writes = window.history.entries.filter(
      (entry): entry is Write =>
        entry.kind === 'observation' &&
        entry.of === 'write' &&
        entry.ledger === reads.ledger &&
        entry.index <= window.to,
    );
    const answers = window.observations('read', reads.moment).filter(({ ledger }) => ledger === reads.ledger);
    const unread = reads.servers.find((server) => !answers.some(({ target }) => target === server));
    const asked = answers.filter(({ target }) => reads.servers.includes(target));
    return unlessInDoubt(doubtAbout(reads, writes, asked, unread), examined(writes, asked));
  });
}

/** Whatever is not read cannot be called kept. */
function doubtAbout(
  { ledger, moment, servers }: LedgerReads,
  writes: readonly Write[],
  reads: readonly Read[],
  unread: string | undefined,
): string | undefined {
  if (servers.length === 0) return `no server was to be asked for ${ledger}`;
  if (unread !== undefined) return `nobody got a whole answer of ${unread} for ${ledger} (${moment})`;
  if (!writes.some((write) => write.phase === 'succeeded')) return `no write into ${ledger} was acknowledged`;
  const firstRead = Math.min(...reads.map(({ invokedAtIndex }) => invokedAtIndex));
  const later = writes.find((write) => write.phase === 'succeeded' && write.index > firstRead);
  return later === undefined
    ? undefined
    : `${later.identity} was acknowledged after ${ledger} had begun to be read (${moment})`;
}

function examined(writes: readonly Write[], reads: readonly Read[]): Findings {
  if (reads.length === 0) return undecided('nobody read the ledger');
  const written = Map.groupBy(writes, ({ identity }) => identity);
  const cases = reads.flatMap((read) => {
    const there = new Set(read.identities);
    return [...new Set([...written.keys(), ...there])].map((identity) => ({
      read,
      identity,
      attempts: attemptsOf(written.get(identity) ?? []).filter(({ invoked }) => invoked.index < read.index),
      isThere: there.has(identity),
    }));
  });
  const twice = each(reads, 'reads', (read) => {
    const again = repeatedIn(read.identities);
    return again === undefined ? undefined : breach(`${read.target} holds ${again} twice`, read);
  });
  return together(each(cases, 'identities at servers', unlessAsWritten), twice);
}

interface Case {
  readonly read: Read;
  readonly identity: string;
  /** What was asked of this identity before the read ended. */
  readonly attempts: readonly Attempt[];
  readonly isThere: boolean;
}

interface Attempt {
  readonly does: Write['does'];
  readonly invoked: Write;
  /** `undefined` where the writer did not live to hear of it. */
  readonly ended: Write | undefined;
}

function unlessAsWritten({ read, identity, attempts, isThere }: Case): Breach | undefined {
  const effective = attempts.filter(({ ended }) => ended?.phase !== 'failed');
  if (isThere) return unlessWritten(read, identity, attempts, effective);
  const added = effective.findLast((attempt) => attempt.does === 'add' && wasAcknowledged(attempt, read));
  if (added?.ended === undefined) return undefined;
  const mayBeRemoved = effective.some((attempt) => attempt.does === 'remove' && mayFollow(attempt, added));
  const because = `${read.target} does not hold ${identity}, which ${added.ended.target} had acknowledged`;
  return mayBeRemoved ? undefined : breach(because, added.ended, read);
}

/** It is there: somebody asked for it, was not refused, and it was not taken away again. */
function unlessWritten(
  read: Read,
  identity: string,
  attempts: readonly Attempt[],
  effective: readonly Attempt[],
): Breach | undefined {
  const additions = effective.filter(({ does }) => does === 'add');
  const refused = attempts.find(({ does }) => does === 'add')?.ended;
  if (additions.length === 0)
    return refused === undefined
      ? breach(`${read.target} holds ${identity}, which nobody wrote`, read)
      : breach(`${read.target} holds ${identity}, which was refused`, refused, read);
  const removed = effective.findLast((attempt) => attempt.does === 'remove' && wasAcknowledged(attempt, read));
  if (removed?.ended === undefined || additions.some((attempt) => mayFollow(attempt, removed))) return undefined;
  return breach(`${read.target} holds ${identity}, whose removal was acknowledged`, removed.ended, read);
}

function wasAcknowledged({ ended }: Attempt, read: Read): boolean {
  return ended?.phase === 'succeeded' && ended.index <= read.invokedAtIndex;
}

/** Whether the one may have taken effect after the other. What nobody answered may do so at any time. */
function mayFollow(one: Attempt, other: Attempt): boolean {
  return one.ended?.phase !== 'succeeded' || one.ended.index > other.invoked.index;
}

/** Each call with its end: the first end behind it that no earlier call of the kind has. */
function attemptsOf(writes: readonly Write[]): readonly Attempt[] {
  const ends = writes.filter(({ phase }) => phase !== 'invoked');
  return writes
    .filter(({ phase }) => phase === 'invoked')
    .map((invoked) => {
      const at = ends.findIndex(({ does, index }) => does === invoked.does && index > invoked.index);
      const [ended] = at < 0 ? [] : ends.splice(at, 1);
      return { does: invoked.does, invoked, ended };
    });
}

function repeatedIn(identities: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return identities.find((identity) => seen.size === seen.add(identity).size);
}
