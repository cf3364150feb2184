import type { RunEvent, StoryEnded } from '../events.ts';
import type { Judgement } from '../../run.ts';

/** What is known of a run that goes on: everything the display shows. */
export interface RunState {
  readonly beganAtMs: number;
  readonly expected: { readonly claims: number; readonly controls: number };
  readonly judged: { readonly claims: number; readonly controls: number };
  readonly violated: number;
  readonly inconclusive: number;
  /** Stories under way, oldest first. */
  readonly stories: readonly StoryUnderWay[];
}

export interface StoryUnderWay {
  readonly story: string;
  readonly beganAtMs: number;
  readonly waits?: { readonly for: string; readonly lastSeen: string; readonly sinceMs: number };
}

export function stateBefore(atMs: number): RunState {
  return {
    beganAtMs: atMs,
    expected: { claims: 0, controls: 0 },
    judged: { claims: 0, controls: 0 },
    violated: 0,
    inconclusive: 0,
    stories: [],
  };
}

/** The state after an event. `run-began` may come again with greater numbers, as suites are loaded. */
export function advance(state: RunState, event: RunEvent): RunState {
  switch (event.kind) {
    case 'run-began':
      return { ...state, expected: { claims: event.claims, controls: event.controls } };
    case 'story-began':
      return { ...state, stories: [...without(state, event.story), { story: event.story, beganAtMs: event.atMs }] };
    case 'story-waits': {
      const waits = { for: event.for, lastSeen: event.lastSeen, sinceMs: event.sinceMs };
      return {
        ...state,
        stories: state.stories.map((each) => (each.story === event.story ? { ...each, waits } : each)),
      };
    }
    case 'story-ended':
      return { ...state, stories: without(state, event.story) };
    case 'claim-judged':
      return countedIn(state, event.judgement);
    case 'run-ended':
      return { ...state, stories: [] };
  }
}

/** How long a story took, by when it began. */
export function lastedMs(state: RunState, event: StoryEnded): number {
  const begun = state.stories.find(({ story }) => story === event.story);
  return begun === undefined ? 0 : event.atMs - begun.beganAtMs;
}

function without(state: RunState, story: string): readonly StoryUnderWay[] {
  return state.stories.filter((each) => each.story !== story);
}

function countedIn(state: RunState, { kind, outcome }: Judgement): RunState {
  const { claims, controls } = state.judged;
  return {
    ...state,
    judged: kind === 'claim' ? { claims: claims + 1, controls } : { claims, controls: controls + 1 },
    violated: state.violated + (outcome === 'violated' ? 1 : 0),
    inconclusive: state.inconclusive + (outcome === 'inconclusive' ? 1 : 0),
  };
}
