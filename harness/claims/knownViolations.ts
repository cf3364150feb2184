import { isClaimId, type ClaimId } from './catalogue.ts';
import { isAtLeast } from './serverVersions.ts';

/** A promise that published servers break, by a bug that is known. */
export interface KnownViolation {
  /** The issue of kubernetes/kubernetes. */
  readonly issue: number;
  /** What goes wrong, in a sentence. */
  readonly says: string;
  /** The minor version it was reported of, and the first that mends it; without the latter none does. */
  readonly since: string;
  readonly mendedIn?: string;
  /** Minor versions on which this suite has seen it. */
  readonly seenOn: readonly string[];
  /** Every finding must read like this: the claim broken in another way is not the known violation. */
  readonly finding: RegExp;
}

/**
 * Seen on unmodified servers. A run in which exactly these are violated has found what is known and nothing else.
 */
export const knownViolations: Readonly<Partial<Record<ClaimId, KnownViolation>>> = {
  'ref.current-revision-after-ondelete': {
    issue: 73492,
    says: 'when every Pod was replaced under OnDelete, status.currentRevision stays the old one',
    since: '1.13',
    seenOn: ['1.34'],
    finding: /^every Pod is of \S+, and \S+ is current still/,
  },
  'ref.partition-scaled-to-zero': {
    issue: 121534,
    says: 'a set that was scaled to 0 forgets which Pods its partition had kept at the old template',
    since: '1.28',
    seenOn: ['1.34'],
    finding: /^web-0 came back at \S+, not at \S+/,
  },
};

export interface KnownHere extends Pick<KnownViolation, 'issue' | 'says' | 'finding'> {
  /** Whether it was seen on this very version; a distribution that adds to the version may have mended it by itself. */
  readonly certain: boolean;
}

/** What is known of a claim on a server of this version; undefined when it ought to be upheld. */
export function knownViolation(
  claim: string,
  serverVersion: string,
  table: Readonly<Partial<Record<ClaimId, KnownViolation>>> = knownViolations,
): KnownHere | undefined {
  const known = isClaimId(claim) ? table[claim] : undefined;
  if (known === undefined || !isAtLeast(serverVersion, known.since)) return undefined;
  if (known.mendedIn !== undefined && isAtLeast(serverVersion, known.mendedIn)) return undefined;
  const { issue, says, finding, seenOn } = known;
  const minor = /^v(\d+\.\d+)\.\d+$/.exec(serverVersion)?.[1];
  return { issue, says, finding, certain: minor !== undefined && seenOn.includes(minor) };
}
