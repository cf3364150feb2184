import { claim, claimIds, isClaimId, type ClaimId, type Tutorial } from '../claims/catalogue.ts';
import type { Proof } from '../claims/coverage.ts';
import { reasonNotRun } from '../claims/notRun.ts';
import type { Mutant } from './mutant.ts';

/**
 * The claims that a mutant is judged by: those it declares or explains, and every other one that is judged by the same stories and so costs nothing more.
 * Without a declaration: every claim that a suite proves, but for those of applications, to which it comes when none of these is violated.
 */
export function claimsToJudge(
  mutant: Pick<Mutant, 'claims' | 'explains'>,
  proofs: readonly Proof[],
): readonly ClaimId[] {
  const provable = new Set(proofs.map(({ id }) => id).filter(isClaimId));
  const inOrder = (claims: ReadonlySet<ClaimId>): readonly ClaimId[] => claimIds.filter((id) => claims.has(id));
  if (mutant.claims === undefined) return inOrder(provable).filter((id) => !isOfApplication(id));
  const named = [...mutant.claims, ...Object.keys(mutant.explains).filter(isClaimId)].filter((id) => provable.has(id));
  const told = new Set(proofs.filter(({ id }) => named.some((each) => each === id)).flatMap(storiesOf));
  const byTheWay = [...provable].filter((id) => {
    const stories = proofs.filter((proof) => proof.id === id).flatMap(storiesOf);
    return stories.length > 0 && stories.every((story) => told.has(story));
  });
  return inOrder(new Set([...named, ...byTheWay]));
}

/** The claims of applications that a suite proves: by them a mutant is judged that declares nothing and that all others have let pass. */
export function claimsOfApplications(proofs: readonly Proof[]): readonly ClaimId[] {
  const provable = new Set(proofs.map(({ id }) => id));
  return claimIds.filter((id) => provable.has(id) && isOfApplication(id));
}

/** Most of what they show of the components the other suites show as well, in a third of the time: an application's servers take minutes to come up. */
const applications: ReadonlySet<Tutorial> = new Set(['wordpress-mysql', 'cassandra', 'zookeeper']);

function isOfApplication(id: ClaimId): boolean {
  return applications.has(claim(id).tutorial);
}

/** The folder of a mutant's stories within that of its run; those of applications that judge a mutant without a declaration are told by themselves. */
export function partOf(
  mutant: { readonly id: string; readonly claims?: unknown },
  judgedBy: readonly ClaimId[],
): string {
  const isApart = mutant.claims === undefined && judgedBy.some((id) => isOfApplication(id));
  return `mutants/${mutant.id}${isApart ? '-applications' : ''}`;
}

/** The declared claims that no suite proves as yet. */
export function unprovedOf({ claims = [] }: Pick<Mutant, 'claims'>, proofs: readonly Proof[]): ReadonlySet<ClaimId> {
  const provable = new Set(proofs.map(({ id }) => id));
  return new Set(claims.filter((id) => !provable.has(id)));
}

/** Why they are not, each in words. */
export function reasonsUnproved(mutant: Pick<Mutant, 'claims'>, proofs: readonly Proof[]): readonly string[] {
  return [...unprovedOf(mutant, proofs)].map((id) => `${id}: ${reasonNotRun(id) ?? 'no suite proves it'}`);
}

/** Titles are unique within a suite. */
function storiesOf({ suite, stories = [] }: Proof): readonly string[] {
  return stories.map((story) => `${suite} ${story}`);
}
