import type { Interruption } from './interruption.ts';
import type { Screen } from './screen.ts';

/** What every command works with. */
export interface Desk {
  readonly argv: readonly string[];
  readonly interruption: Interruption;
  readonly screen: Screen;
}
