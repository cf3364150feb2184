import { coverageOf, isComplete, renderCoverage, renderCoverageMarkdown, type Killer } from '../../claims/coverage.ts';
import { builtInCatalogue } from '../../mutants/catalogue.ts';
import type { Mutant } from '../../mutants/mutant.ts';
import type { Desk } from '../desk.ts';
import type { CoverageOptions } from '../program.ts';
import { collectProofs } from '../proofs.ts';

/** Exit code 0 if every claim of the catalogue is proved by a test or listed as not run with a reason, and 1 otherwise. */
export async function coverageCommand({ markdown }: CoverageOptions, { screen }: Desk): Promise<number> {
  const [{ proofs, controls }, mutants] = await Promise.all([collectProofs(), builtInCatalogue()]);
  const coverage = coverageOf(proofs, controls, mutants.flatMap(killersIn));
  screen.print(markdown === true ? renderCoverageMarkdown(coverage).trimEnd() : renderCoverage(coverage));
  return isComplete(coverage) ? 0 : 1;
}

/** What a mutant declares; whether it keeps its word, `npm run mutants` finds out. */
function killersIn({ id: mutant, claims = [], equivalent }: Mutant): readonly Killer[] {
  return equivalent === undefined ? claims.map((id) => ({ id, mutant })) : [];
}
