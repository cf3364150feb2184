import { area, textWidth } from './geometry.ts';
import type { Look } from './lanes.ts';
import { markOf } from './drawRows.ts';
import type { SightingLook, Timeline } from './model.ts';

const meanings: Readonly<Record<Look, string>> = {
  pending: 'Pending',
  running: 'Running, not Ready',
  ready: 'Running and Ready',
  terminating: 'Terminating',
  succeeded: 'Succeeded',
  failed: 'Failed',
  steady: 'there',
  unbound: 'claim not bound',
  bound: 'claim bound',
  lost: 'claim lost',
  cordoned: 'cordoned',
  'not-ready': 'node not Ready',
};

const sightingMeanings: Readonly<Record<SightingLook, string>> = {
  fine: 'answered',
  absent: 'answered: no',
  bad: 'failed',
  unknown: 'no answer',
};

/** Explains the looks that occur in this picture, and no others. */
export function drawLegend(timeline: Timeline, top: number): { readonly markup: string; readonly bottom: number } {
  const items = itemsOf(timeline);
  let x: number = area.plotLeft;
  const drawn = items.map(({ words, draw }) => {
    const at = x;
    x += textWidth(words) + 34;
    return `${draw(at, top + 12)}<text x="${at + 21}" y="${top + 16}">${words}</text>`;
  });
  return { markup: `<g class="legend">${drawn.join('')}</g>`, bottom: top + (items.length === 0 ? 4 : 26) };
}

interface Item {
  readonly words: string;
  /** Draws a sample that begins at `x` and has its middle at `y`. */
  readonly draw: (x: number, y: number) => string;
}

function itemsOf({ lanes, sightings }: Timeline): readonly Item[] {
  const looks = new Set(lanes.flatMap((lane) => lane.bars.flatMap((bar) => bar.segments.map(({ look }) => look))));
  const marks = new Set(sightings.flatMap((row) => row.sightings.map(({ look }) => look)));
  return [
    ...(Object.keys(meanings) as Look[])
      .filter((look) => looks.has(look) && look !== 'steady')
      .map((look) => ({ words: meanings[look], draw: (x: number, y: number) => sampleOf(look, x, y) })),
    ...(Object.keys(sightingMeanings) as SightingLook[])
      .filter((look) => marks.has(look))
      .map((look) => ({ words: sightingMeanings[look], draw: (x: number, y: number) => markOf(look, x + 12, y) })),
  ];
}

function sampleOf(look: Look, x: number, y: number): string {
  return `<rect class="segment ${look}" x="${x}" y="${y - 5}" width="16" height="10" rx="2"/>`;
}
