import type { ClaimId } from './claims/catalogue.ts';
import type { Judgement, RunSpec } from './run.ts';

/** What a test says of itself before it runs: which claim it makes, or on which broken variant the claim must turn red. */
export interface Declared {
  readonly claim: ClaimId;
  readonly kind: 'claim' | 'control';
  /** Titles of the stories it is judged by. */
  readonly stories: readonly string[];
}

/** What the main process hands to the suites' workers, and what their tests hand back. */
declare module 'vitest' {
  interface ProvidedContext {
    readonly run: RunSpec;
  }
  interface TaskMeta {
    declared?: Declared;
    judgement?: Judgement;
  }
}
