import { closest } from 'fastest-levenshtein';
import picomatch from 'picomatch';
import { UsageError } from '../errors.ts';
import { claim, claimIds, isClaimId, isTutorial, tutorialNames, tutorials } from './catalogue.ts';
import type { ClaimId, Tutorial } from './catalogue.ts';

export interface Selection {
  /** Names of tutorials; empty means all of them. */
  readonly tutorials: readonly string[];
  /** Ids or globs, in which `*` also matches dots; empty means every claim of the tutorials. */
  readonly claims: readonly string[];
}

/**
 * The claims that are in one of the tutorials and match one of the patterns, in the order of the catalogue, each once.
 *
 * Never answers with nothing, for a run of no claims would pass: a name or pattern that selects nothing is a UsageError that names the nearest one.
 */
export function selectClaims(selection: Selection): ClaimId[] {
  const chosen = new Set(selection.tutorials.map(knownTutorial));
  const within = claimIds.filter((id) => chosen.size === 0 || chosen.has(claim(id).tutorial));
  if (selection.claims.length === 0) return within;

  const matched = new Set(selection.claims.flatMap((pattern) => matching(pattern, within)));
  return within.filter((id) => matched.has(id));
}

function knownTutorial(name: string): Tutorial {
  if (isTutorial(name)) return name;
  throw new UsageError(`there is no tutorial '${name}'`, {
    remedy: `did you mean '${closest(name, [...tutorialNames])}'? The tutorials are: ${tutorialNames.join(', ')}`,
  });
}

function matching(pattern: string, within: readonly ClaimId[]): readonly ClaimId[] {
  const everywhere = matchesOf(pattern);
  if (everywhere.length === 0) throw unknownClaim(pattern);
  const found = within.filter((id) => everywhere.includes(id));
  const [elsewhere] = everywhere;
  if (found.length > 0 || elsewhere === undefined) return found;
  throw new UsageError(`'${pattern}' matches no claim of the chosen tutorials`, {
    remedy: `it belongs to '${claim(elsewhere).tutorial}': choose that tutorial too, or leave the tutorials out; ${howToList}`,
  });
}

function matchesOf(pattern: string): readonly ClaimId[] {
  if (isClaimId(pattern)) return [pattern];
  if (!isGlob(pattern)) return [];
  const matches = picomatch(pattern, { dot: true });
  return claimIds.filter((id) => matches(id));
}

function isGlob(pattern: string): boolean {
  const { isGlob: glob, negated } = picomatch.scan(pattern);
  return glob || negated;
}

function unknownClaim(pattern: string): UsageError {
  const message = isGlob(pattern) ? `no claim matches '${pattern}'` : `there is no claim '${pattern}'`;
  return new UsageError(message, { remedy: `did you mean '${nearest(pattern)}'? ${howToList}` });
}

/** For a glob the nearest is sought among the globs of whole tutorials as well, so that `webb.*` leads to `web.*`. */
function nearest(pattern: string): string {
  const wholeTutorials = Object.values(tutorials).map(({ prefix }) => `${prefix}.*`);
  return closest(pattern, isGlob(pattern) ? [...wholeTutorials, ...claimIds] : [...claimIds]);
}

const howToList = "'npm run certify -- --list' lists every claim";
