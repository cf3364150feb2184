import type { StoryBegan, StoryEnded, StoryWaits } from '../report/events.ts';

/**
 * What the workers and the main process say to each other, one JSON object per line. The worker's side is `turns.ts` beside this file, the main
 * process's `harness/cli/turns.ts`.
 */
export type FromWorker = Ask | End | Told;

/** A story asks for its turn. `ask` is the worker's own number for it. */
export interface Ask {
  readonly kind: 'ask';
  readonly ask: number;
  readonly story: string;
  /** It takes nodes for itself: nothing else may be told meanwhile. */
  readonly alone: boolean;
  /** How many of the places it takes that `--jobs` gives. */
  readonly places: number;
  /** About how long it takes. */
  readonly minutes: number;
}

/** The turn is given back. */
export interface End {
  readonly kind: 'end';
  readonly ask: number;
}

/** News of a story, for whoever watches the run. */
export interface Told {
  readonly kind: 'told';
  readonly news: StoryNews;
}

export type StoryNews = StoryBegan | StoryWaits | StoryEnded;

export type FromMain = Granted | Stop;

export interface Granted {
  readonly kind: 'granted';
  readonly ask: number;
}

/** The run is being interrupted: every story is to be given up and cleaned away. */
export interface Stop {
  readonly kind: 'stop';
  readonly because: string;
}

export function toLine(message: FromWorker | FromMain): string {
  return `${JSON.stringify(message)}\n`;
}

/** Cuts what arrives into lines, wherever the chunks were split. The stream must have an encoding set. */
export function onEachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
