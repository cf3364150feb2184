import { secondsSince } from '../describe.ts';
import { escapeXml } from '../xml.ts';
import type { Box } from './counterexample.ts';
import { area, fit, plotWidth, rounded, textWidth, type Scale } from './geometry.ts';
import type { Bar, Lane, Segment, Use } from './lanes.ts';
import type { Timeline } from './model.ts';
import type { Drawing } from './render.ts';

const headings: Readonly<Record<Lane['group'], string>> = {
  sets: 'StatefulSets',
  pods: 'Pods by ordinal',
  volumes: 'Volume claims and their users',
  'other pods': 'Other Pods',
  nodes: 'Nodes',
};

/** Room for a lane and the bar in it. Claims have their users below the bar. */
const measures: Readonly<Record<Lane['group'], { readonly lane: number; readonly bar: number }>> = {
  sets: { lane: 22, bar: 14 },
  pods: { lane: 27, bar: 19 },
  volumes: { lane: 29, bar: 6 },
  'other pods': { lane: 18, bar: 10 },
  nodes: { lane: 18, bar: 10 },
};

export function drawLanes(timeline: Timeline, scale: Scale, top: number): Drawing {
  let y = top;
  const boxes: (readonly [number, Box])[] = [];
  const markup = timeline.lanes.map((lane, position) => {
    const opens = timeline.lanes[position - 1]?.group !== lane.group;
    const heading = opens ? drawHeading(headings[lane.group], y) : '';
    if (opens) y += 19;
    const drawn = drawLane(lane, timeline, scale, y);
    boxes.push(...drawn.boxes);
    y = drawn.bottom;
    return heading + drawn.markup;
  });
  return { markup: markup.join('\n'), bottom: y, boxes };
}

export function drawHeading(text: string, y: number): string {
  return `<text class="heading" x="8" y="${y + 14}">${escapeXml(text)}</text><path class="rule" d="M0 ${y + 18.5}H${area.width}"/>`;
}

export function drawName(name: string, y: number, height: number): string {
  const shown = fit(name, area.plotLeft - 18);
  return `<text class="name" x="8" y="${rounded(y + height / 2 + 4)}">${shown === name ? '' : `<title>${escapeXml(name)}</title>`}${escapeXml(shown)}</text>`;
}

function drawLane(lane: Lane, timeline: Timeline, scale: Scale, y: number): Drawing {
  const { lane: height, bar: barHeight } = measures[lane.group];
  const barY = lane.uses.length > 0 || lane.group === 'volumes' ? y + 4 : y + (height - barHeight) / 2;
  const bars = lane.bars.map((bar) => drawBar(lane, bar, timeline, scale, barY, barHeight));
  const uses = lane.uses.map((use) => drawUse(lane, use, timeline, scale, barY + barHeight + 2));
  return {
    markup: `<g class="lane">${drawName(lane.label, y, height)}<path class="rail" d="M${area.plotLeft} ${y + height - 0.5}H${area.plotRight}"/>${[...bars, ...uses].map((drawn) => drawn.markup).join('')}${drawDoubt(lane, timeline, scale, y, height)}</g>`,
    bottom: y + height,
    boxes: bars.flatMap((drawn) => drawn.boxes),
  };
}

/** After a gap nothing in the lanes of its resource can be trusted. */
function drawDoubt(lane: Lane, timeline: Timeline, scale: Scale, y: number, height: number): string {
  const gap = timeline.gaps.find((each) => each.resource === lane.resource);
  if (gap === undefined) return '';
  const x = scale(gap.atMs);
  return `<rect class="doubt" x="${x}" y="${y}" width="${rounded(area.plotRight - x)}" height="${height}"/>`;
}

function drawBar(lane: Lane, bar: Bar, timeline: Timeline, scale: Scale, y: number, height: number): Drawing {
  const boxes: (readonly [number, Box])[] = [];
  const segments = bar.segments.map((segment) => {
    const x = scale(segment.fromMs);
    const box: Box = { x, y, width: Math.max(1.2, rounded(scale(segment.toMs) - x)), height };
    for (const index of segment.indexes) boxes.push([index, box]);
    return drawSegment(lane, bar, segment, box, timeline);
  });
  const fromX = scale(bar.segments[0].fromMs);
  const toX = scale(bar.segments.at(-1)?.toMs ?? bar.segments[0].toMs);
  const before = bar.fromBefore
    ? `<path class="before" d="M${fromX - 2} ${y + 2}l-4 ${height / 2 - 2}l4 ${height / 2 - 2}"/>`
    : '';
  const gone = bar.gone ? `<path class="gone" d="M${toX} ${y - 2}V${y + height + 2}"/>` : '';
  return { markup: `<g class="bar">${segments.join('')}${before}${gone}</g>`, bottom: y + height, boxes };
}

function drawSegment(lane: Lane, bar: Bar, segment: Segment, { x, y, width, height }: Box, timeline: Timeline): string {
  const facts = [
    `${lane.label} · ${bar.label}`,
    ...segment.facts,
    `${secondsSince(timeline.startMs, segment.fromMs)} to ${secondsSince(timeline.startMs, segment.toMs)}, ${entriesOf(segment.indexes)}`,
  ].join('\n');
  const stripe =
    bar.revision === undefined || height < 16
      ? ''
      : `<rect class="revision r${((bar.revision - 1) % 4) + 1}" x="${x}" y="${y + height - 3}" width="${width}" height="3"/>`;
  const label = labelIn(bar, segment, width, height);
  const text =
    label === ''
      ? ''
      : `<text class="inside" x="${rounded(x + 6)}" y="${rounded(y + height / 2 + 3.5)}">${escapeXml(label)}</text>`;
  return `<g class="it" data-r="${lane.resource}" data-i="${segment.indexes.join(' ')}"${segment.endIndex === undefined ? '' : ` data-e="${segment.endIndex}"`}><title>${escapeXml(facts)}</title><rect class="segment ${segment.look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="2"/>${stripe}${text}</g>`;
}

function labelIn(bar: Bar, segment: Segment, width: number, height: number): string {
  if (height < 12) return '';
  if (segment.label !== undefined) return fit(segment.label, width - 12);
  const longest = bar.segments.reduce((widest, each) => (lengthOf(each) > lengthOf(widest) ? each : widest));
  return segment === longest && textWidth(bar.label) <= width - 12 ? bar.label : '';
}

function lengthOf(segment: Segment): number {
  return segment.toMs - segment.fromMs;
}

function entriesOf(indexes: readonly number[]): string {
  const [first] = indexes;
  const last = indexes.at(-1);
  return first === last ? `entry ${first}` : `entries ${first}–${last}`;
}

function drawUse(lane: Lane, use: Use, timeline: Timeline, scale: Scale, y: number): Drawing {
  const x = scale(use.fromMs);
  const box: Box = { x, y, width: Math.max(1.2, Math.min(rounded(scale(use.toMs) - x), plotWidth)), height: 12 };
  const facts = `${use.pod} · ${use.uid.slice(0, 8)} uses ${lane.label}\n${secondsSince(timeline.startMs, use.fromMs)} to ${secondsSince(timeline.startMs, use.toMs)}`;
  const text = fit(use.pod, box.width - 8);
  return {
    markup: `<g class="it" data-r="pods" data-i="${use.indexes.join(' ')}"><title>${escapeXml(facts)}</title><rect class="use" x="${x}" y="${y}" width="${box.width}" height="12" rx="2"/>${text === '' ? '' : `<text class="user" x="${rounded(x + 5)}" y="${y + 9.5}">${escapeXml(text)}</text>`}</g>`,
    bottom: y + 12,
    boxes: [],
  };
}
