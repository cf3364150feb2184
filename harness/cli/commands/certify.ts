import { claim, tutorialNames, tutorials, type ClaimId } from '../../claims/catalogue.ts';
import { claimsNotRun, notRun } from '../../claims/notRun.ts';
import { selectClaims } from '../../claims/select.ts';
import { exitCodeOf } from '../../report/exit.ts';
import type { Desk } from '../desk.ts';
import { storedRun } from '../folders.ts';
import type { CertifyOptions } from '../program.ts';
import { readEvidence } from '../storedEvidence.ts';

export async function certifyCommand(options: CertifyOptions, desk: Desk): Promise<number> {
  const claims = await chosenClaims(options);
  if (options.list === true) {
    for (const line of listClaims(claims)) desk.screen.print(line);
    return 0;
  }
  if (claims.length === 0) {
    desk.screen.print('That run left no claim violated or inconclusive: there is nothing to judge again.');
    return 0;
  }
  // What a cluster takes is loaded only now, so that a mistyped claim is told at once.
  const { certify } = await import('../certify.ts');
  return exitCodeOf(await certify(claims, options, desk));
}

async function chosenClaims({
  tutorial = [],
  claim: ids = [],
  onlyFailed,
}: CertifyOptions): Promise<readonly ClaimId[]> {
  const selected = selectClaims({ tutorials: tutorial, claims: ids });
  if (onlyFailed === undefined) return selected;
  const evidence = await readEvidence(await storedRun(onlyFailed === true ? 'latest' : onlyFailed));
  const failed = new Set(
    evidence.claims.filter(({ outcome }) => outcome === 'violated' || outcome === 'inconclusive').map(({ id }) => id),
  );
  return selected.filter((id) => failed.has(id));
}

function listClaims(claims: readonly ClaimId[]): readonly string[] {
  return tutorialNames.flatMap((tutorial) => {
    const ids = claims.filter((id) => claim(id).tutorial === tutorial);
    if (ids.length === 0) return [];
    const reason = notRun[tutorial];
    const count = `${ids.length} ${ids.length === 1 ? 'claim' : 'claims'}`;
    const heading = `${tutorials[tutorial].title} (${tutorial}): ${count}${reason === undefined ? '' : `, not run: ${reason}`}`;
    return [heading, ...ids.map((id) => `  ${id}  ${claim(id).says}${ownReason(id)}`)];
  });
}

function ownReason(id: ClaimId): string {
  return claimsNotRun[id] === undefined ? '' : ` (not run: ${claimsNotRun[id]})`;
}
