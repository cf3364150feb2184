import type { ClaimId } from '../claims/catalogue.ts';
import type { Mutant } from './mutant.ts';

/** How a claim came out on the mutated cluster. */
export interface Verdict {
  readonly claim: ClaimId;
  readonly outcome: 'upheld' | 'violated' | 'inconclusive' | 'not-run';
  /** The finding's sentence, for all but upheld. */
  readonly because?: string;
  /** The story that holds its counterexample. */
  readonly story?: string;
  /** Stories of it that could not be told. */
  readonly untold?: readonly string[];
}

/** What the verdicts say of a mutant. */
export type Score =
  /** `because`: what it declares beyond that, and no suite judges. */
  | { readonly outcome: 'killed'; readonly because?: string }
  /** `stayed`: what should have gone red and did not, or not more than inconclusive. */
  | { readonly outcome: 'survived'; readonly because: string; readonly stayed: readonly ClaimId[] }
  /** Red as declared, and more than that. */
  | { readonly outcome: 'unexplained'; readonly because: string; readonly unexplained: readonly ClaimId[] }
  | { readonly outcome: 'equivalent' }
  | { readonly outcome: 'not judged'; readonly because: string };

/**
 * Compares the verdicts on a mutated cluster with what the mutant declares. Claims that are not upheld on the unmutated cluster (`tainted`), or that no
 * suite judges as yet (`unproved`), count neither for nor against it.
 *
 * Killed: every declared claim is red, at least one of them violated, and every other red claim is explained: by the mutant, or because it is red for a story that could
 * not be told, as a declared and violated claim is. Where none is declared, any violated claim kills.
 */
export function scoreOf(
  mutant: Pick<Mutant, 'claims' | 'explains' | 'equivalent'>,
  verdicts: readonly Verdict[],
  tainted: ReadonlySet<ClaimId> = new Set(),
  unproved: ReadonlySet<ClaimId> = new Set(),
): Score {
  const judged = verdicts.filter(({ claim, outcome }) => !tainted.has(claim) && outcome !== 'not-run');
  if (judged.length === 0) return { outcome: 'not judged', because: 'no claim that is upheld without it was judged' };
  const isRed = ({ outcome }: Verdict): boolean => outcome !== 'upheld';
  const red = judged.filter(isRed).map(({ claim }) => claim);
  const dragged = judged
    .filter((each) => isRed(each) && isDraggedAlong(each, mutant, judged))
    .map(({ claim }) => claim);
  const violated = judged.filter(({ outcome }) => outcome === 'violated').map(({ claim }) => claim);
  if (mutant.equivalent !== undefined) return scoreOfEquivalent(red);
  if (mutant.claims === undefined) return scoreOfUndeclared(violated, red);
  const green = judged.filter(({ outcome }) => outcome === 'upheld').map(({ claim }) => claim);
  return scoreOfDeclared({ ...mutant, claims: mutant.claims }, { red, dragged, violated, green, tainted, unproved });
}

/** The claim is red for nothing but a story that could not be told, and a claim that the mutant declares is violated in that story. */
export function isDraggedAlong(
  { outcome, story, untold = [] }: Verdict,
  { claims = [] }: Pick<Mutant, 'claims'>,
  verdicts: readonly Verdict[],
): boolean {
  const broke = verdicts.filter((each) => claims.includes(each.claim) && each.outcome === 'violated');
  const shared = untold.filter((title) => broke.some((each) => each.untold?.includes(title) === true));
  return shared.length > 0 && (outcome === 'inconclusive' || (story !== undefined && shared.includes(story)));
}

function scoreOfEquivalent(red: readonly ClaimId[]): Score {
  if (red.length === 0) return { outcome: 'equivalent' };
  const because = `it is declared equivalent, and ${list(red)} went red`;
  return { outcome: 'unexplained', because, unexplained: red };
}

function scoreOfUndeclared(violated: readonly ClaimId[], red: readonly ClaimId[]): Score {
  if (violated.length > 0) return { outcome: 'killed' };
  const because =
    red.length === 0 ? 'every claim stayed green' : `no claim is violated; ${list(red)} only inconclusive`;
  return { outcome: 'survived', because, stayed: [] };
}

interface Judged {
  readonly red: readonly ClaimId[];
  /** Those of them that are so for a story that a declared claim broke. */
  readonly dragged: readonly ClaimId[];
  /** Those of them that are violated. */
  readonly violated: readonly ClaimId[];
  readonly green: readonly ClaimId[];
  readonly tainted: ReadonlySet<ClaimId>;
  readonly unproved: ReadonlySet<ClaimId>;
}

function scoreOfDeclared(
  { claims, explains }: Pick<Mutant, 'explains'> & { readonly claims: readonly ClaimId[] },
  { red, dragged, violated, green, tainted, unproved }: Judged,
): Score {
  const silent = claims.filter((claim) => unproved.has(claim));
  const judgeable = claims.filter((claim) => !unproved.has(claim));
  const countable = judgeable.filter((claim) => !tainted.has(claim));
  if (judgeable.length === 0) return { outcome: 'not judged', because: sayUnproved(silent) };
  if (countable.length === 0)
    return { outcome: 'not judged', because: `${list(judgeable)}: not upheld on the unmutated cluster either` };
  const isExplained = (claim: ClaimId): boolean => explains[claim] !== undefined || dragged.includes(claim);
  const unexplained = red.filter((claim) => !claims.includes(claim) && !isExplained(claim));
  const also = unexplained.length === 0 ? '' : `; ${list(unexplained)} went red, which nobody declared`;
  const stayed = countable.filter((claim) => !red.includes(claim));
  if (stayed.length > 0) return { outcome: 'survived', because: `${sayStayed(stayed, green)}${also}`, stayed };
  if (!countable.some((claim) => violated.includes(claim)))
    return {
      outcome: 'survived',
      because: `${list(countable)} only inconclusive, none violated${also}`,
      stayed: countable,
    };
  if (unexplained.length === 0)
    return { outcome: 'killed', ...(silent.length === 0 ? {} : { because: sayUnproved(silent) }) };
  return { outcome: 'unexplained', because: `${list(unexplained)} went red, which nobody declared`, unexplained };
}

/** A claim that was not judged has not stayed green; but neither does it kill. */
function sayStayed(stayed: readonly ClaimId[], green: readonly ClaimId[]): string {
  const parts = [
    { claims: stayed.filter((claim) => green.includes(claim)), what: 'stayed green' },
    { claims: stayed.filter((claim) => !green.includes(claim)), what: 'not judged' },
  ];
  return parts.flatMap(({ claims, what }) => (claims.length === 0 ? [] : [`${list(claims)} ${what}`])).join('; ');
}

function sayUnproved(claims: readonly ClaimId[]): string {
  return `no suite judges ${list(claims)}`;
}

function list(claims: readonly ClaimId[]): string {
  return claims.join(', ');
}
