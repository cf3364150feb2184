/** The picture's fixed measures, in SVG units. Lane names stand left of `plotLeft`; time runs right of it. */
export const area = { width: 1200, plotLeft: 176, plotRight: 1184 } as const;

export const plotWidth = area.plotRight - area.plotLeft;

/** Where a moment stands, from the left. */
export type Scale = (atMs: number) => number;

export function scaleOf(startMs: number, endMs: number): Scale {
  return (atMs) => {
    const part = Math.min(1, Math.max(0, (atMs - startMs) / (endMs - startMs)));
    return rounded(area.plotLeft + part * plotWidth);
  };
}

export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Round steps of time, few enough to be read. */
export function ticksOf(durationMs: number): readonly { readonly ms: number; readonly label: string }[] {
  const steps = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000];
  const step = steps.find((candidate) => durationMs / candidate <= 14) ?? 1_800_000;
  return Array.from({ length: Math.floor(durationMs / step) + 1 }, (_, position) => {
    const ms = position * step;
    return { ms, label: tickLabel(ms, step) };
  });
}

function tickLabel(ms: number, stepMs: number): string {
  if (stepMs >= 60_000) return `${ms / 60_000} min`;
  const digits = stepMs >= 1_000 ? 0 : 2;
  return `${(ms / 1_000).toFixed(digits)} s`;
}

/** About how wide a text of the small size is: wide enough, so that nothing that is said to fit runs over. */
export function textWidth(text: string): number {
  return text.length * 6.1;
}

/** As much of a text as fits, or nothing. */
export function fit(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const length = Math.floor(width / 6.1) - 1;
  return length < 4 ? '' : `${text.slice(0, length)}…`;
}

/** Gives each stretch the first row in which it touches no other. Stretches come in the order of their beginnings, or nearly so. */
export function pack(stretches: readonly { readonly from: number; readonly to: number }[]): readonly number[] {
  const rows: { from: number; to: number }[][] = [];
  return stretches.map(({ from, to }) => {
    const free = rows.findIndex((row) => row.every((taken) => to + 3 <= taken.from || from >= taken.to + 3));
    const row = free === -1 ? rows.length : free;
    rows[row] = [...(rows[row] ?? []), { from, to }];
    return row;
  });
}
