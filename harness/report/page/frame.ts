import { durationInWords } from '../words.ts';
import { escapeXml } from '../xml.ts';

/** What stands in a page of a report. All of it is markup but for the title. */
export interface PageParts {
  readonly title: string;
  readonly style: string;
  readonly body: string;
  /** A page without one forbids scripts altogether. */
  readonly script?: string;
}

/** A report as one file: it asks nothing of a network, and says so to the browser. */
export function framed({ title, style, body, script }: PageParts): string {
  const scripts = script === undefined ? '' : ` script-src 'unsafe-inline';`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';${scripts} img-src data:">
<link rel="icon" href="data:,">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}

/** Counts as shares of one bar, each named below it, and behind them what else is counted, as items. */
export function sharesBar(
  shares: readonly { readonly look: string; readonly count: number; readonly name: string }[],
  others: readonly string[] = [],
): string {
  const bar = shares.map(({ look, count }) => `<span class="${look}" style="flex-grow:${count}"></span>`);
  const names = shares.map(({ look, count, name }) => `<li class="${look}"><b>${count}</b> ${name}</li>`);
  return `<div class="shares" aria-hidden="true">${bar.join('')}</div><ul class="counts">${[...names, ...others].join('')}</ul>`;
}

export function fact(name: string, value: string, kind: 'text' | 'markup' = 'text'): string {
  return `<div><dt>${name}</dt><dd>${kind === 'text' ? escapeXml(value) : value}</dd></div>`;
}

/** Which run it was, when, of what, and by which command. */
export function factsOfRun(run: {
  readonly id: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly commit: string;
  readonly argv: readonly string[];
}): string {
  return [
    fact('Run', run.id),
    fact('Began', `${run.startedAt.replace('T', ' ').slice(0, 19)} UTC`),
    fact('Took', durationInWords(run.durationMs)),
    fact('Commit', run.commit.slice(0, 12)),
    fact('Command', ['steadfast', ...run.argv].join(' ')),
  ].join('\n');
}
