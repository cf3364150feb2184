import { secondsSince } from '../describe.ts';
import { escapeXml } from '../xml.ts';
import type { Box } from './counterexample.ts';
import { drawHeading, drawName } from './drawLanes.ts';
import { area, fit, pack, rounded, textWidth, type Scale } from './geometry.ts';
import type { SightingLook, SightingRow, Stretch, Timeline } from './model.ts';
import type { Drawing } from './render.ts';

/** More rows than this are not read any more: what comes after keeps its mark and its tooltip, and loses its words. */
const rowLimit = 12;

/** What clients saw: a row of marks for each thing they looked at. */
export function drawSightings(timeline: Timeline, scale: Scale, top: number): Drawing {
  const { sightings: rows } = timeline;
  if (rows.length === 0) return { markup: '', bottom: top, boxes: [] };
  const shown = rows.slice(0, rowLimit);
  const others = rows.slice(rowLimit).flatMap((row) => row.sightings);
  const all =
    others.length === 0 ? shown : [...shown, { label: `${rows.length - rowLimit} others`, sightings: others }];
  const drawn = all.map((row, position) => drawSightingRow(row, timeline, scale, top + 19 + position * 17));
  return {
    markup: drawHeading('What clients saw', top) + drawn.map((row) => row.markup).join('\n'),
    bottom: top + 19 + all.length * 17 + 4,
    boxes: drawn.flatMap((row) => row.boxes),
  };
}

function drawSightingRow(row: SightingRow, timeline: Timeline, scale: Scale, y: number): Drawing {
  const boxes: (readonly [number, Box])[] = [];
  const marks = row.sightings.map((sighting) => {
    const x = scale(sighting.atMs);
    boxes.push([sighting.index, { x: rounded(x - 4), y: y + 4, width: 8, height: 9 }]);
    const facts = [
      ...sighting.facts,
      `${secondsSince(timeline.startMs, sighting.atMs)} · entry ${sighting.index}`,
    ].join('\n');
    return `<g class="it" data-r="observation" data-i="${sighting.index}"><title>${escapeXml(facts)}</title>${markOf(sighting.look, x, y + 8.5)}</g>`;
  });
  return {
    markup: `<g class="lane">${drawName(row.label, y, 17)}<path class="rail" d="M${area.plotLeft} ${y + 16.5}H${area.plotRight}"/>${marks.join('')}</g>`,
    bottom: y + 17,
    boxes,
  };
}

/** Looks differ in shape as well as in colour. */
export function markOf(look: SightingLook, x: number, y: number): string {
  switch (look) {
    case 'fine':
      return `<circle class="sighting fine" cx="${x}" cy="${y}" r="4"/>`;
    case 'absent':
      return `<circle class="sighting absent" cx="${x}" cy="${y}" r="3.5"/>`;
    case 'bad':
      return `<path class="sighting bad" d="M${x - 3.5} ${y - 3.5}l7 7m0 -7l-7 7"/>`;
    case 'unknown':
      return `<path class="sighting unknown" d="M${x} ${y - 4.5}l4.5 4.5l-4.5 4.5l-4.5 -4.5z"/>`;
  }
}

/** What this run asked of the cluster, each with its words beside it. */
export function drawOperations(timeline: Timeline, scale: Scale, top: number): Drawing {
  const placed = timeline.operations.map((each) => placeOperation(each, scale));
  return drawGroup('Operations and disruptions', placed, timeline, top);
}

/** The story's waits, as bars with their words inside. */
export function drawWaits(timeline: Timeline, scale: Scale, top: number): Drawing {
  const placed = timeline.waits.map((each) => placeWait(each, scale));
  return drawGroup('The story waits for', placed, timeline, top);
}

/** A stretch with the room it takes: mark and words together. */
interface Placed {
  readonly stretch: Stretch;
  readonly from: number;
  readonly to: number;
  readonly mark: { readonly x: number; readonly width: number };
  readonly text: string;
  readonly textX: number;
  readonly atEnd: boolean;
  readonly kind: 'operation' | 'wait';
}

function placeOperation(stretch: Stretch, scale: Scale): Placed {
  const x = scale(stretch.fromMs);
  const width = Math.max(4, rounded(scale(stretch.toMs) - x));
  const text = fit(stretch.label, 320);
  const wordsFit = x + width + textWidth(text) + 6 <= area.plotRight;
  return {
    stretch,
    from: wordsFit ? x : x - textWidth(text) - 6,
    to: wordsFit ? x + width + textWidth(text) + 6 : x + width,
    mark: { x, width },
    text,
    textX: wordsFit ? x + width + 4 : x - 4,
    atEnd: !wordsFit,
    kind: 'operation',
  };
}

function placeWait(stretch: Stretch, scale: Scale): Placed {
  const x = scale(stretch.fromMs);
  const width = Math.max(1.2, rounded(scale(stretch.toMs) - x));
  const mark = { x, width };
  return {
    stretch,
    from: x,
    to: x + width,
    mark,
    text: fit(stretch.label, width - 8),
    textX: x + 5,
    atEnd: false,
    kind: 'wait',
  };
}

function drawGroup(heading: string, placed: readonly Placed[], timeline: Timeline, top: number): Drawing {
  if (placed.length === 0) return { markup: '', bottom: top, boxes: [] };
  const rows = pack(placed);
  const count = Math.min(rowLimit, Math.max(...rows) + 1);
  const drawn = placed.map((each, position) => {
    const row = rows[position] ?? 0;
    return drawStretch(each, timeline, top + 22 + Math.min(row, rowLimit - 1) * 16, row < rowLimit);
  });
  return {
    markup: drawHeading(heading, top) + drawn.map((each) => each.markup).join('\n'),
    bottom: top + 22 + count * 16 + 3,
    boxes: drawn.flatMap((each) => each.boxes),
  };
}

function drawStretch(
  { stretch, mark, text, textX, atEnd, kind }: Placed,
  timeline: Timeline,
  y: number,
  inWords: boolean,
): Drawing {
  const height = kind === 'wait' ? 13 : 10;
  const box: Box = { x: mark.x, y: kind === 'wait' ? y : y + 1.5, width: mark.width, height };
  const facts = [
    ...stretch.facts,
    `${secondsSince(timeline.startMs, stretch.fromMs)} to ${secondsSince(timeline.startMs, stretch.toMs)}, entry ${stretch.indexes.join(', ')}`,
  ].join('\n');
  const words =
    text === '' || !inWords
      ? ''
      : `<text class="words" x="${rounded(textX)}" y="${y + 10}"${atEnd ? ' text-anchor="end"' : ''}>${escapeXml(text)}</text>`;
  return {
    markup: `<g class="it" data-r="${kind}" data-i="${stretch.indexes.join(' ')}"><title>${escapeXml(facts)}</title><rect class="${kind} ${stretch.look}" x="${box.x}" y="${box.y}" width="${box.width}" height="${height}" rx="2"/>${words}</g>`,
    bottom: y + 16,
    boxes: stretch.indexes.map((index) => [index, box]),
  };
}
