import type { Judgement } from '../run.ts';
import type { Evidence } from './evidence.ts';

/**
 * What happens while a run goes on, for whoever shows it. Plain data: it travels from the workers as JSON lines.
 * Every time is this machine's clock, in milliseconds since 1970.
 */
export type RunEvent = RunBegan | StoryBegan | StoryWaits | StoryEnded | ClaimJudged | RunEnded;

export interface RunBegan {
  readonly kind: 'run-began';
  readonly atMs: number;
  /** How many tests are expected, claims and controls apart. */
  readonly claims: number;
  readonly controls: number;
}

/** A story got its turn and is being told. */
export interface StoryBegan extends OfStory {
  readonly kind: 'story-began';
  readonly namespace?: string;
}

/** A story is waiting. Told again whenever what was seen last has changed; the story's next event ends it. */
export interface StoryWaits extends OfStory {
  readonly kind: 'story-waits';
  /** Completes the sentence "waits for". */
  readonly for: string;
  readonly lastSeen: string;
  /** When the wait began. */
  readonly sinceMs: number;
}

export interface StoryEnded extends OfStory {
  readonly kind: 'story-ended';
  readonly status: 'told' | 'broken' | 'not-run';
  readonly because?: string;
}

/** A claim or a control was judged; which of them, its judgement says. */
export interface ClaimJudged {
  readonly kind: 'claim-judged';
  readonly atMs: number;
  readonly judgement: Judgement;
}

export interface RunEnded {
  readonly kind: 'run-ended';
  readonly atMs: number;
  readonly evidence: Evidence;
  /** Where the report is. */
  readonly directory: string;
}

interface OfStory {
  readonly atMs: number;
  /** Its name within the run. */
  readonly story: string;
}
