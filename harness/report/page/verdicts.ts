import {
  outcomes,
  type ClaimEvidence,
  type ControlEvidence,
  type CounterexampleEvidence,
  type Evidence,
} from '../evidence.ts';
import { stemOf } from '../gather.ts';
import { counted, describeControl, describeKnown, judgeCommand, outcomeInWords, outcomeOfControl } from '../words.ts';
import { escapeXml } from '../xml.ts';

/** Every claim by tutorial and section: its sentence, how it came out, how much that rests on, and the story that shows it. */
export function verdicts(evidence: Evidence): string {
  const tutorials = evidence.tutorials.map(({ id, title }) => {
    const claims = evidence.claims.filter((claim) => claim.tutorial === id);
    return `<section class="tutorial"><h2>${escapeXml(title)} <small>${counted(claims.length, 'claim')}</small></h2>${sectionsOf(claims, evidence)}</section>`;
  });
  return `<section id="verdicts">${filters(evidence)}${tutorials.join('\n')}<p id="nothing" hidden>No claim is like that.</p></section>`;
}

function filters({ totals }: Evidence): string {
  const buttons = outcomes
    .filter((outcome) => totals[outcome] > 0)
    .map(
      (outcome) =>
        `<button type="button" class="chip ${outcome}" data-filter="${outcome}" aria-pressed="false">${outcomeInWords(outcome)} <b>${totals[outcome]}</b></button>`,
    );
  return `<form class="filters" role="search"><input type="search" id="text" placeholder="Find a claim by its words, id or story" aria-label="Find a claim"><span>${buttons.join('')}</span><output id="count">${counted(totals.claims, 'claim')}</output></form>`;
}

function sectionsOf(claims: readonly ClaimEvidence[], evidence: Evidence): string {
  const sections = [...new Set(claims.map((claim) => claim.section))];
  return sections
    .map((section) => {
      const rows = claims.filter((claim) => claim.section === section).map((claim) => row(claim, evidence));
      return `<table class="claims"><caption>${inline(section)}</caption><colgroup><col class="of-outcome"><col><col class="of-examined"><col class="of-story"></colgroup><thead class="unseen"><tr><th>Outcome</th><th>Claim</th><th>Examined</th><th>Story</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
    })
    .join('\n');
}

function row(claim: ClaimEvidence, { run, stories }: Evidence): string {
  const { id, outcome, says, source, because, examined } = claim;
  const titles = claim.histories.map((file) => ({
    file,
    title: stories.find((story) => story.file === file)?.title ?? stemOf(file),
  }));
  const links = titles.map(
    ({ file, title }) =>
      `<a class="pick" href="#${stemOf(file)}" data-pick="${escapeXml(id)}" data-story="${stemOf(file)}">${escapeXml(title)}</a>`,
  );
  const words = [id, says, claim.section, because ?? '', ...titles.map(({ title }) => title)].join(' ').toLowerCase();
  return `<tr class="claim ${outcome}" id="claim-${escapeXml(id)}" data-outcome="${outcome}" data-words="${escapeXml(words)}">
<td><span class="outcome ${outcome}">${outcomeInWords(outcome)}</span></td>
<td>${inline(says)}<small><code>${escapeXml(id)}</code> <a href="${escapeXml(source)}" rel="noreferrer">documented here</a></small>${because === undefined ? '' : `<p class="because">${escapeXml(because)}</p>`}${knownOf(claim)}${evidenceOf(claim, run.id)}</td>
<td>${examined === undefined ? '' : `<b>${examined.count}</b> ${escapeXml(examined.of)}`}</td>
<td>${links.join('<br>')}</td></tr>`;
}

function knownOf(claim: ClaimEvidence): string {
  const words = describeKnown(claim);
  if (words === undefined || claim.known === undefined) return '';
  return `<p class="because quiet"><a href="${escapeXml(claim.known.issue)}" rel="noreferrer">${escapeXml(words)}</a></p>`;
}

function evidenceOf(claim: ClaimEvidence, run: string): string {
  if (claim.outcome === 'upheld' || claim.outcome === 'not-run') return '';
  return `${claim.counterexample === undefined ? '' : steps(claim.counterexample)}<p class="again">Judge it again: <code>${escapeXml(judgeCommand(run, claim.id))}</code></p>`;
}

/** The numbers are those on the timeline. */
function steps({ entries }: CounterexampleEvidence): string {
  const items = entries.map(
    ({ seconds, subject, says }) =>
      `<li><span>${seconds.toFixed(3)} s</span> <b>${escapeXml(subject)}</b> ${escapeXml(says)}</li>`,
  );
  return `<ol class="steps">${items.join('')}</ol>`;
}

/** The broken variants, and whether each turned its guarantee red. */
export function controls({ controls: list }: Evidence): string {
  if (list.length === 0) return '';
  return `<section class="tutorial" id="controls"><h2>Controls <small>variants that are broken on purpose: each must turn its guarantee red</small></h2><table class="claims"><colgroup><col class="of-outcome"><col><col class="of-story"></colgroup><tbody>${list.map(controlRow).join('')}</tbody></table></section>`;
}

function controlRow(control: ControlEvidence): string {
  const stem = stemOf(control.histories[0] ?? '');
  const link =
    control.story === undefined
      ? ''
      : `<a class="pick" href="#${stem}" data-pick="${escapeXml(`control ${control.claim} ${stem}`)}" data-story="${stem}">${escapeXml(control.story)}</a>`;
  return `<tr><td><span class="outcome ${outcomeOfControl(control)}">${describeControl(control)}</span></td><td><code>${escapeXml(control.claim)}</code>${control.because === undefined ? '' : `<p class="because quiet">${escapeXml(control.because)}</p>`}</td><td>${link}</td></tr>`;
}

/** The catalogue's sentences carry Markdown's backticks. */
function inline(text: string): string {
  return escapeXml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}
