import { readFileSync } from 'node:fs';
import { clip, secondsSince } from '../describe.ts';
import { escapeXml } from '../xml.ts';
import { boxesFrom, drawCounterexample, type Box } from './counterexample.ts';
import { area, pack, plotWidth, scaleOf, textWidth, ticksOf, type Scale } from './geometry.ts';
import { drawLanes } from './drawLanes.ts';
import { patterns } from './patterns.ts';
import { drawLegend } from './legend.ts';
import type { Timeline } from './model.ts';
import { drawOperations, drawSightings, drawWaits } from './drawRows.ts';

export interface RenderOptions {
  /** Indexes of the entries to outline; the rest is dimmed. */
  readonly counterexample?: readonly number[];
  /** Counterexamples by claim, drawn hidden: the page shows the one that is picked. */
  readonly overlays?: readonly Overlay[];
  /** With its own style and background: a file of its own rather than a part of the page. */
  readonly standalone?: boolean;
}

export interface Overlay {
  readonly claim: string;
  readonly indexes: readonly number[];
}

/** What has been drawn so far: markup, and how far down it reaches. */
export interface Drawing {
  readonly markup: string;
  readonly bottom: number;
  readonly boxes: readonly (readonly [index: number, box: Box])[];
}

/** A timeline as SVG. Nothing in it but what the model holds; every text is escaped. */
export function renderTimeline(timeline: Timeline, options: RenderOptions = {}): string {
  const scale = scaleOf(timeline.startMs, timeline.endMs);
  const flags = placeFlags(timeline, scale);
  const parts = [drawLanes, drawOperations, drawSightings, drawWaits].reduce<readonly Drawing[]>(
    (drawn, draw) => [...drawn, draw(timeline, scale, drawn.at(-1)?.bottom ?? flags.bottom)],
    [],
  );
  const bottom = (parts.at(-1)?.bottom ?? flags.bottom) + 6;
  const legend = drawLegend(timeline, bottom);
  const boxes = boxesFrom([...parts.flatMap((part) => part.boxes), ...flags.boxes(bottom)]);
  const body = [
    drawTicks(timeline, scale, flags.axisY, bottom),
    ...parts.map((part) => part.markup),
    flags.draw(bottom),
    drawTimes(timeline, scale, flags.axisY),
    legend.markup,
    ...(options.counterexample === undefined
      ? []
      : [drawCounterexample(options.counterexample, boxes, timeline, scale, bottom)]),
    ...(options.overlays ?? []).map(
      ({ claim, indexes }) =>
        `<g class="overlay" data-claim="${escapeXml(claim)}">${drawCounterexample(indexes, boxes, timeline, scale, bottom)}</g>`,
    ),
  ].join('\n');
  return frame(timeline, legend.bottom, body, options);
}

function frame(
  timeline: Timeline,
  height: number,
  body: string,
  { standalone, counterexample }: RenderOptions,
): string {
  const classes = [
    'timeline',
    ...(counterexample === undefined ? [] : ['picked']),
    ...(standalone === true ? ['alone'] : []),
  ];
  const own =
    standalone === true
      ? `<style>${timelineStyle}</style>${patterns}<rect class="paper" width="${area.width}" height="${height}"/>`
      : '';
  const marked = counterexample === undefined ? body : markInScope(body, new Set(counterexample.map(String)));
  return `<svg xmlns="http://www.w3.org/2000/svg" class="${classes.join(' ')}" viewBox="0 0 ${area.width} ${height}" role="img" aria-label="${escapeXml(`Timeline of the story: ${timeline.title}`)}">${own}\n${marked}\n</svg>`;
}

/** The page marks what is in scope when a claim is picked; a picture of its own is marked here. */
function markInScope(body: string, indexes: ReadonlySet<string>): string {
  return body.replaceAll(/class="it" data-r="[^"]*" data-i="([0-9 ]*)"/g, (thing, list: string) =>
    list.split(' ').some((index) => indexes.has(index)) ? thing.replace('class="it"', 'class="it in-scope"') : thing,
  );
}

export const timelineStyle = readFileSync(new URL('timeline.css', import.meta.url), 'utf8');

function drawTicks(timeline: Timeline, scale: Scale, y: number, bottom: number): string {
  const lines = ticksOf(timeline.endMs - timeline.startMs).map(
    ({ ms }) => `M${scale(timeline.startMs + ms)} ${y}V${bottom}`,
  );
  return `<path class="tick" d="${lines.join('')}"/>`;
}

/** Drawn after the fences, so that their lines do not cross out the times. */
function drawTimes(timeline: Timeline, scale: Scale, y: number): string {
  const texts = ticksOf(timeline.endMs - timeline.startMs).map(
    ({ ms, label }) => `<text class="time" x="${scale(timeline.startMs + ms)}" y="${y - 5}">${label}</text>`,
  );
  return texts.join('');
}

interface Flags {
  readonly axisY: number;
  readonly bottom: number;
  draw(bottom: number): string;
  boxes(bottom: number): Drawing['boxes'];
}

/** Fences and gaps stand as named lines through the whole picture; their names are stacked above the axis so that none hides another. */
function placeFlags(timeline: Timeline, scale: Scale): Flags {
  const named = [
    ...timeline.fences.map((fence) => ({ ...fence, look: 'fence', resource: 'fence' })),
    ...timeline.gaps.map((gap) => ({ ...gap, look: 'gap' })),
  ].toSorted((a, b) => a.index - b.index);
  const placed = named.map((flag) => {
    const text = clip(flag.label, 48);
    const x = scale(flag.atMs);
    const width = textWidth(text) + 10;
    const toLeft = x + width > area.plotLeft + plotWidth;
    return { ...flag, text, x, width, toLeft, from: toLeft ? x - width : x, to: toLeft ? x : x + width };
  });
  const rows = pack(placed);
  const count = Math.max(0, ...rows.map((row) => row + 1));
  const axisY = 22 + count * 17;
  return {
    axisY,
    bottom: axisY + 4,
    draw: (bottom) =>
      placed
        .map(({ index, resource, look, text, label, x, toLeft, from, width, atMs }, position) => {
          const y = 2 + (rows[position] ?? 0) * 17;
          const facts = `${look === 'fence' ? 'fence' : 'gap'} “${label}”\n${secondsSince(timeline.startMs, atMs)} · entry ${index}`;
          return `<g class="it" data-r="${resource}" data-i="${index}"><title>${escapeXml(facts)}</title><g class="flag ${look}"><path d="M${x} ${y}V${bottom}"/><rect x="${from}" y="${y}" width="${width}" height="15" rx="2"/><text x="${toLeft ? x - 5 : x + 5}" y="${y + 11}"${toLeft ? ' text-anchor="end"' : ''}>${escapeXml(text)}</text></g></g>`;
        })
        .join('\n'),
    boxes: (bottom) => placed.map(({ index, x }) => [index, { x: x - 2, y: axisY, width: 4, height: bottom - axisY }]),
  };
}
