import { area, rounded, type Scale } from './geometry.ts';
import type { Timeline } from './model.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where each entry was drawn. Several entries share the box of the thing they changed. */
export type Boxes = ReadonlyMap<number, Box>;

export function boxesFrom(drawn: readonly (readonly [number, Box])[]): Boxes {
  return new Map(drawn);
}

/**
 * Outlines the things that the entries are about, and numbers the entries in their order, each at its moment. An entry that the picture
 * has no lane for stands as a numbered line.
 */
export function drawCounterexample(
  indexes: readonly number[],
  boxes: Boxes,
  timeline: Timeline,
  scale: Scale,
  bottom: number,
): string {
  const outlines = new Set<Box>();
  const taken: { readonly x: number; readonly y: number }[] = [];
  const badges = indexes.map((index, position) => {
    const box = boxes.get(index);
    if (box !== undefined) outlines.add(box);
    const atMs = timeline.moments.get(index);
    const moment = atMs === undefined ? (box?.x ?? area.plotLeft) : scale(atMs);
    const at = box === undefined ? moment : Math.min(Math.max(moment, box.x), box.x + box.width);
    const y = box?.y ?? 20;
    const x = freeFrom(at, y, taken);
    taken.push({ x, y });
    const line = box === undefined ? `<path d="M${at} ${y}V${bottom}"/>` : '';
    return `${line}<circle cx="${x}" cy="${y}" r="7.5"/><text x="${x}" y="${y + 3.5}">${position + 1}</text>`;
  });
  const frames = [...outlines].map(
    ({ x, y, width, height }) =>
      `<rect x="${rounded(x - 2)}" y="${y - 2}" width="${rounded(width + 4)}" height="${height + 4}" rx="4"/>`,
  );
  return `<g class="counterexample">${frames.join('')}${badges.join('')}</g>`;
}

/** Entries that came together would hide one another's numbers: later ones move to the right. */
function freeFrom(x: number, y: number, taken: readonly { readonly x: number; readonly y: number }[]): number {
  const right = Math.max(...taken.filter((badge) => badge.y === y).map((badge) => badge.x + 16), x);
  return rounded(right);
}
