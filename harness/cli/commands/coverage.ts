import { coverageOf, isComplete, renderCoverage, renderCoverageMarkdown } from '../../claims/coverage.ts';
import type { Desk } from '../desk.ts';
import type { CoverageOptions } from '../program.ts';
import { collectProofs } from '../proofs.ts';

/** Exit code 0 if every claim of the catalogue is proved by a test or listed as not run with a reason, and 1 otherwise. */
export async function coverageCommand({ markdown }: CoverageOptions, { screen }: Desk): Promise<number> {
  const { proofs, controls } = await collectProofs();
  const coverage = coverageOf(proofs, controls);
  screen.print(markdown === true ? renderCoverageMarkdown(coverage).trimEnd() : renderCoverage(coverage));
  return isComplete(coverage) ? 0 : 1;
}
