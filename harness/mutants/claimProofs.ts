import type { ClaimId } from '../claims/catalogue.ts';
import type { Control } from '../claims/coverage.ts';
import type { ClaimProof, MutantResult } from './results.ts';
import { vectorsByGuarantee } from './vectors.ts';

export interface Known {
  /** By claim, as its verdict named them. */
  readonly guarantees: Readonly<Record<string, readonly string[]>>;
  readonly controls: readonly Control[];
  readonly results: readonly MutantResult[];
}

/** What can turn each claim red. A claim that nothing can is unproved: its green says nothing. */
export async function claimProofs(
  claims: readonly ClaimId[],
  { guarantees, controls, results }: Known,
): Promise<readonly ClaimProof[]> {
  const named = claims.map((claim) => ({ claim, guarantees: guarantees[claim] ?? [] }));
  const vectors = await vectorsByGuarantee([...new Set(named.flatMap((each) => each.guarantees))]);
  return named.map(({ claim, guarantees: own }) => {
    const proof = {
      claim,
      guarantees: own,
      vectors: [...new Set(own.flatMap((guarantee) => vectors.get(guarantee) ?? []))],
      controls: controls.filter(({ id }) => id === claim).map(({ variant }) => variant),
      mutants: results.filter((result) => isViolatedBy(claim, result)).map(({ id }) => id),
    };
    const { vectors: vectored, controls: controlled, mutants } = proof;
    return { ...proof, unproved: vectored.length + controlled.length + mutants.length === 0 };
  });
}

function isViolatedBy(claim: ClaimId, { red }: MutantResult): boolean {
  return red.some((each) => each.claim === claim && each.outcome === 'violated' && each.role !== 'tainted');
}
