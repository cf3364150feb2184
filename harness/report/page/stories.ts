import type { Evidence, StoryEvidence } from '../evidence.ts';
import { stemOf, type Histories } from '../gather.ts';
import type { History } from '../../history/history.ts';
import { timelineOf } from '../timeline/model.ts';
import { renderTimeline, type Overlay } from '../timeline/render.ts';
import { counted, durationInWords } from '../words.ts';
import { escapeXml } from '../xml.ts';
import type { Pick } from './picks.ts';

/** Each story with its timeline and the claims that were judged by it. */
export function stories(evidence: Evidence, histories: Histories, picks: readonly Pick[]): string {
  if (evidence.stories.length === 0) return '';
  const told = evidence.stories.map((story) => section(story, histories.get(story.file), picks));
  return `<section id="stories"><h2>Stories <small>what was done and what happened; pick a claim to see what its verdict rests on</small></h2>${told.join('\n')}</section>`;
}

function section(story: StoryEvidence, history: History | undefined, picks: readonly Pick[]): string {
  const stem = stemOf(story.file);
  const own = picks.filter((pick) => pick.stories.includes(stem));
  const overlays = own.flatMap(({ key, counterexample }): readonly Overlay[] =>
    counterexample?.story === stem ? [{ claim: key, indexes: counterexample.indexes }] : [],
  );
  const varied = history?.header.variations ?? [];
  return `<section class="story" id="${stem}"><h3>${escapeXml(story.title)}</h3>
<p class="meta">${metaOf(story, history)}</p>
${story.because === undefined ? '' : `<p class="because">${escapeXml(story.because)}</p>`}
${varied.length === 0 ? '' : `<p class="varied">Differs from the tutorial’s manifest: ${escapeXml(varied.join('; '))}</p>`}
<div class="picks">${own.map(chip).join('')}</div>
<p class="verdict" hidden></p>
<div class="picture">${history === undefined ? '<p>There is no history to show.</p>' : renderCached(history, overlays)}</div></section>`;
}

function metaOf(story: StoryEvidence, history: History | undefined): string {
  const facts = [
    escapeXml(story.tutorial),
    `${statuses[story.status]}${durationInWords(story.durationMs)}`,
    ...(story.entries === undefined ? [] : [`${story.entries} entries`]),
    ...(story.gaps === undefined || story.gaps === 0 ? [] : [`<b>${counted(story.gaps, 'gap')}</b>`]),
    ...(history === undefined ? [] : [`<a href="${escapeXml(story.file)}">history</a>`]),
  ];
  return facts.join(' · ');
}

const statuses = { told: 'told in ', broken: '<b>broken</b> after ', 'not-run': '<b>not told</b>, ' } as const;

function chip({ key, claim, kind, outcome }: Pick): string {
  return `<button type="button" class="chip ${outcome}" data-pick="${escapeXml(key)}" aria-pressed="false">${kind === 'control' ? 'control ' : ''}${escapeXml(claim)}</button>`;
}

const rendered = new WeakMap<History, { readonly key: string; readonly svg: string }>();

/** Reports are written often while a run goes on, and a sealed history does not change: its picture is drawn once. */
function renderCached(history: History, overlays: readonly Overlay[]): string {
  const key = JSON.stringify(overlays);
  const known = rendered.get(history);
  if (known?.key === key) return known.svg;
  const svg = renderTimeline(timelineOf(history), { overlays });
  rendered.set(history, { key, svg });
  return svg;
}
