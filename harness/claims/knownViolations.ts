import { isClaimId, type ClaimId } from './catalogue.ts';
import { isAtLeast } from './serverVersions.ts';

/** A promise that published servers break, by a bug that is known. */
export interface KnownViolation {
  /** The issue of kubernetes/kubernetes. */
  readonly issue: number;
  /** What goes wrong, in a sentence. */
  readonly says: string;
  /** The oldest and the first mended minor version; without the latter it is not mended. */
  readonly since: string;
  readonly mendedIn?: string;
  /** Every finding must read like this: the claim broken in another way is not the known violation. */
  readonly finding: RegExp;
}

/**
 * Seen on unmodified servers. A run in which exactly these are violated has found what is known and nothing else.
 */
export const knownViolations: Readonly<Partial<Record<ClaimId, KnownViolation>>> = {};

export interface KnownHere extends Pick<KnownViolation, 'issue' | 'says' | 'finding'> {
  /** Whether this very version was published with the bug; a distribution that adds to the version may have mended it by itself. */
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
  const { issue, says, finding } = known;
  return { issue, says, finding, certain: /^v\d+\.\d+\.\d+$/.test(serverVersion) };
}
