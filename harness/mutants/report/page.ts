import { readFileSync } from 'node:fs';
import { fact, factsOfRun, framed, sharesBar } from '../../report/page/frame.ts';
import { counted } from '../../report/words.ts';
import { escapeXml } from '../../report/xml.ts';
import { bugUrl } from '../mutant.ts';
import type { ClaimProof, MutantResult, MutantsReport, RedClaim } from '../results.ts';
import { costInWords, headlineOf, judgeAgain, lookOf, outcomesIn, toneOf } from './words.ts';

/** The report of a run of mutants as one file that asks nothing of a network, in the look of the report on claims. */
export function renderMutantsPage(report: MutantsReport): string {
  const body = `${head(report)}
<main>
${mutants(report)}
${tainted(report)}
${proofs(report.claims)}
</main>`;
  return framed({ title: `${headlineOf(report)} · Steadfast ${report.run.id}`, style, body });
}

const style = ['../../report/page/page.css', 'page.css']
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .join('');

function head(report: MutantsReport): string {
  const { run, because, clusters, medianCost, baseline } = report;
  const looked = `${counted(baseline.claims.length, 'claim')}, ${baseline.tainted.length} of them not upheld`;
  const unmutated = baseline.report === undefined ? '' : ` <a href="${escapeXml(baseline.report)}">unmutated</a>`;
  const files = `<a href="mutants.json">mutants.json</a> <a href="mutants.md">mutants.md</a>${unmutated}`;
  return `<header class="${toneOf(report)}">
<p class="brand">Steadfast <span>would the suites notice a broken promise?</span></p>
<h1>${escapeXml(headlineOf(report))}</h1>
${because === undefined ? '' : `<p class="because">${escapeXml(because)}</p>`}
${proportions(report)}
<dl class="facts">
${fact(clusters.length === 1 ? 'Cluster' : 'Clusters', clusters.join(', '))}
${fact('Unmutated cluster', looked)}
${medianCost === undefined ? '' : fact('Median cost of a mutant', costInWords(medianCost))}
${factsOfRun(run)}
${fact('Files', files, 'markup')}
</dl>
</header>`;
}

function proportions(report: MutantsReport): string {
  return sharesBar(
    outcomesIn(report)
      .toReversed()
      .map((outcome) => ({ look: lookOf(outcome), count: report.totals[outcome], name: outcome })),
  );
}

/** Grouped by component, as they stand in the catalogue. */
function mutants(report: MutantsReport): string {
  const components = [...Map.groupBy(report.mutants, ({ component }) => component)];
  const tables = components.map(
    ([component, own]) =>
      `<table class="claims"><caption>${escapeXml(component)}</caption><colgroup><col class="of-outcome"><col><col class="of-red"><col class="of-cost"></colgroup><thead class="unseen"><tr><th>Outcome</th><th>Mutant</th><th>Claims</th><th>Cost</th></tr></thead><tbody>${own.map((each) => row(each, report)).join('')}</tbody></table>`,
  );
  return `<section class="tutorial" id="mutants"><h2>Mutants <small>real components with one promise broken</small></h2>${tables.join('\n')}</section>`;
}

function row(mutant: MutantResult, report: MutantsReport): string {
  const { id, outcome, breaks, bug, because, equivalent, module, file, log = [] } = mutant;
  const issue = bug === undefined ? '' : ` <a href="${bugUrl(bug)}" rel="noreferrer">#${bug}</a>`;
  const link = mutant.report === undefined ? '' : ` <a href="${escapeXml(mutant.report)}">stories</a>`;
  return `<tr class="${lookOf(outcome)}" id="mutant-${escapeXml(id)}">
<td><span class="outcome ${lookOf(outcome)}">${outcome}</span></td>
<td>${escapeXml(breaks)}<small><code>${escapeXml(id)}</code>${issue}${link}</small><small>${escapeXml(`${module} ${file}`)}</small>${because === undefined ? '' : `<p class="because">${escapeXml(because)}</p>`}${equivalent === undefined ? '' : `<p class="because quiet">${escapeXml(equivalent)}</p>`}${log.length === 0 ? '' : `<pre>${escapeXml(log.join('\n'))}</pre>`}</td>
<td>${claimsOf(mutant, report)}</td>
<td>${costOf(mutant)}</td></tr>`;
}

function claimsOf(mutant: MutantResult, report: MutantsReport): string {
  const red = mutant.red.map((each) => redClaim(each, judgeAgain(report, mutant, each.claim)));
  const green = mutant.stayed
    .filter((claim) => !mutant.red.some((each) => each.claim === claim))
    .map((claim) => `<li><code>${escapeXml(claim)}</code> <small>stayed green</small></li>`);
  return `<ul class="red">${[...red, ...green].join('')}</ul>`;
}

function redClaim({ claim, outcome, because, role }: RedClaim, command: string): string {
  const roles = {
    declared: '',
    explained: ', explained',
    unexplained: ', unexplained',
    tainted: ', as without the mutant',
  };
  return `<li title="${escapeXml(command)}"><code class="${outcome}">${escapeXml(claim)}</code> <small>${outcome}${roles[role]}: ${escapeXml(because)}</small></li>`;
}

function costOf({ cost }: MutantResult): string {
  if (cost === undefined) return '';
  const [total = '', parts = ''] = costInWords(cost).split(': ');
  return `<b>${total}</b><small>${parts.replaceAll(', ', '<br>')}</small>`;
}

function tainted({ baseline }: MutantsReport): string {
  if (baseline.tainted.length === 0) return '';
  const rows = baseline.tainted.map(
    ({ claim, outcome, because }) =>
      `<tr class="${outcome}"><td><span class="outcome ${outcome}">${outcome}</span></td><td><code>${escapeXml(claim)}</code><p class="because">${escapeXml(because)}</p></td></tr>`,
  );
  return `<section class="tutorial"><h2>Not upheld without any mutant <small>counted for none</small></h2><table class="claims"><colgroup><col class="of-outcome"><col></colgroup><tbody>${rows.join('')}</tbody></table></section>`;
}

function proofs(claims: readonly ClaimProof[]): string {
  if (claims.length === 0) return '';
  const unproved = claims.filter((each) => each.unproved).length;
  return `<section class="tutorial" id="claims"><h2>What turns each claim red <small>${unproved === 0 ? 'none is unproved' : `${unproved} unproved`}</small></h2><table class="claims"><colgroup><col><col><col><col></colgroup><thead><tr><th>Claim</th><th>Vectors</th><th>Controls</th><th>Mutants of this run</th></tr></thead><tbody>${claims.map(proofRow).join('')}</tbody></table></section>`;
}

function proofRow({ claim, guarantees, vectors, controls, mutants: own, unproved }: ClaimProof): string {
  const files = vectors.map((file) => file.split('/').at(-1) ?? file);
  const links = own.map((id) => `<a href="#mutant-${escapeXml(id)}">${escapeXml(id)}</a>`);
  return `<tr class="${unproved ? 'violated' : ''}"><td><code>${escapeXml(claim)}</code><small>${escapeXml(guarantees.join(', '))}</small>${unproved ? '<p class="because">unproved: nothing turns it red</p>' : ''}</td><td>${escapeXml(files.join(', '))}</td><td>${escapeXml(controls.join('; '))}</td><td>${links.join('<br>')}</td></tr>`;
}
