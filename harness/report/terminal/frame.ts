import { stripVTControlCharacters, styleText } from 'node:util';
import { clip } from '../describe.ts';
import type { RunEvent } from '../events.ts';
import type { Judgement } from '../../run.ts';
import { durationInWords, outcomeInWords } from '../words.ts';
import { lastedMs, type RunState, type StoryUnderWay } from './state.ts';

/** Paints text, or leaves it as it is where colours are not wanted. */
export type Paint = (look: Look, text: string) => string;

export type Look = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

export const plain: Paint = (_look, text) => text;

/** The caller decides by the stream and the environment; nothing is asked here. */
export const colourful: Paint = (look, text) => styleText(look, text, { validateStream: false });

/**
 * The live part of the display, one string per line, none wider than `columns`: where the run stands, the stories under way, and the wait that
 * lasts longest with what it saw last.
 */
export function renderFrame(
  state: RunState,
  nowMs: number,
  columns: number,
  rows: number,
  paint: Paint = plain,
): readonly string[] {
  const room = Math.max(1, rows - 5);
  const shown = state.stories.slice(0, room);
  const hidden = state.stories.length - shown.length;
  const slowest = slowestWait(state.stories);
  return [
    clipPainted(progressLine(state, nowMs, paint), columns),
    ...shown.map((story) => storyLine(story, nowMs, columns)),
    ...(hidden > 0 ? [`  and ${hidden} more`.slice(0, columns)] : []),
    ...(slowest === undefined ? [] : [paint('dim', clip(waitLine(slowest, nowMs), columns))]),
  ];
}

function progressLine(
  { expected, judged, violated, inconclusive, beganAtMs, stories }: RunState,
  nowMs: number,
  paint: Paint,
): string {
  const parts = [
    paint('bold', `${judged.claims} of ${expected.claims} claims`),
    ...(expected.controls > 0 ? [`${judged.controls} of ${expected.controls} controls`] : []),
    ...(violated > 0 ? [paint('red', `${violated} violated`)] : []),
    ...(inconclusive > 0 ? [paint('yellow', `${inconclusive} inconclusive`)] : []),
    `${stories.length} ${stories.length === 1 ? 'story' : 'stories'} under way`,
    durationInWords(nowMs - beganAtMs),
  ];
  return parts.join(' · ');
}

function storyLine({ story, beganAtMs }: StoryUnderWay, nowMs: number, columns: number): string {
  const lasts = durationInWords(nowMs - beganAtMs).padStart(12);
  return `${lasts}  ${clip(story, Math.max(8, columns - lasts.length - 2))}`.slice(0, columns);
}

type Waiting = StoryUnderWay & { readonly waits: NonNullable<StoryUnderWay['waits']> };

function slowestWait(stories: readonly StoryUnderWay[]): Waiting | undefined {
  const waiting = stories.filter((story): story is Waiting => story.waits !== undefined);
  return waiting.toSorted((a, b) => a.waits.sinceMs - b.waits.sinceMs)[0];
}

function waitLine({ story, waits }: Waiting, nowMs: number): string {
  return `slowest wait: ${durationInWords(nowMs - waits.sinceMs)} for ${waits.for} (${story}); last seen: ${waits.lastSeen}`;
}

/** A line that stays: a story that ended, a claim that was judged. Nothing for what is only of passing interest. */
export function renderLine(event: RunEvent, before: RunState, paint: Paint = plain): string | undefined {
  switch (event.kind) {
    case 'story-ended': {
      const took = durationInWords(lastedMs(before, event));
      const how = event.status === 'not-run' ? 'not told' : event.status;
      const look = event.status === 'told' ? 'dim' : 'yellow';
      return paint(
        look,
        `${how.padEnd(12)} ${event.story} (${took})${event.because === undefined ? '' : `: ${clip(event.because, 400)}`}`,
      );
    }
    case 'claim-judged':
      return judgementLine(event.judgement, paint);
    case 'run-began':
    case 'story-began':
    case 'story-waits':
    case 'run-ended':
      return undefined;
  }
}

function judgementLine(judgement: Judgement, paint: Paint): string {
  const { kind, claim, outcome, because, examined } = judgement;
  const word = kind === 'control' ? controlWords[outcome] : outcomeInWords(outcome);
  const rests = examined === undefined ? '' : ` (${examined.count} ${examined.of})`;
  const why = outcome === 'upheld' || because === undefined ? '' : `: ${clip(because, 400)}`;
  return `${paint(looks[outcome], word.padEnd(12))} ${kind === 'control' ? 'control ' : ''}${claim}${outcome === 'upheld' && kind === 'claim' ? rests : ''}${why}`;
}

const controlWords = {
  upheld: 'red as meant',
  violated: 'stayed green',
  inconclusive: 'inconclusive',
  'not-run': 'not run',
} as const;

const looks = { upheld: 'green', violated: 'red', inconclusive: 'yellow', 'not-run': 'dim' } as const satisfies Record<
  string,
  Look
>;

/** As `clip`, for text that may be painted: cut only if its letters need more room than there is. */
function clipPainted(text: string, columns: number): string {
  const letters = stripVTControlCharacters(text);
  return letters.length <= columns ? text : clip(letters, columns);
}
