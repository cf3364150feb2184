import { readFileSync } from 'node:fs';
import type { Evidence } from '../evidence.ts';
import type { Histories } from '../gather.ts';
import { patterns } from '../timeline/patterns.ts';
import { timelineStyle } from '../timeline/render.ts';
import { headlineOf } from '../words.ts';
import { framed } from './frame.ts';
import { head } from './head.ts';
import { picksOf } from './picks.ts';
import { stories } from './stories.ts';
import { controls, verdicts } from './verdicts.ts';

/** The whole report as one file. */
export function renderPage(evidence: Evidence, histories: Histories): string {
  const picks = picksOf(evidence, histories);
  const body = `<svg class="patterns" width="0" height="0" aria-hidden="true">${patterns}</svg>
${head(evidence)}
<main>
${verdicts(evidence)}
${controls(evidence)}
${stories(evidence, histories, picks)}
</main>
<div id="tip" role="tooltip" hidden></div>
<script type="application/json" id="picks">${inScript(picks)}</script>`;
  const title = `${headlineOf(evidence)} · Steadfast ${evidence.run.id}`;
  return framed({ title, style: `${timelineStyle}${pageStyle}`, body, script: pageScript });
}

const pageStyle = readFileSync(new URL('page.css', import.meta.url), 'utf8');

const pageScript = readFileSync(new URL('page.js', import.meta.url), 'utf8');

/** JSON in a script element ends where it says `</`, unless that is written otherwise. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
