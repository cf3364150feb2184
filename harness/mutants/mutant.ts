import type { ClaimId } from '../claims/catalogue.ts';
import type { ComponentName } from '../cluster/components.ts';

/** A real component with one promise broken, as data: where, what stands there instead, and which claims must go red. */
export interface Mutant {
  readonly id: string;
  readonly component: ComponentName;
  readonly module: GoModule;
  /** Relative to the module's root. */
  readonly file: string;
  /** Matches exactly once in the file. */
  readonly search: string;
  readonly replace: string;
  /** The promise that it breaks. */
  readonly breaks: string;
  /** Each of them must go red. Undefined, in a catalogue from outside: any violated claim kills. */
  readonly claims: readonly ClaimId[] | undefined;
  /** What may go red as well, and why. */
  readonly explains: Readonly<Partial<Record<ClaimId, string>>>;
  /** The issue of kubernetes/kubernetes that it re-creates. */
  readonly bug?: number;
  /** One of those that `npm test` runs. */
  readonly quick: boolean;
  /** Why it cannot be seen from outside, where it cannot. */
  readonly equivalent?: string;
  /** The catalogue's file that holds it. */
  readonly from: string;
}

export interface GoModule {
  readonly path: string;
  readonly version: string;
}

/** `kubernetes/kubernetes` numbers its issues. */
export function bugUrl(bug: number): string {
  return `https://github.com/kubernetes/kubernetes/issues/${bug}`;
}
