import { outcomes, type Evidence, type ImageEvidence, type NodeEvidence, type PaceEvidence } from '../evidence.ts';
import { counted, headlineOf, outcomeInWords } from '../words.ts';
import { exitCodeOf } from '../exit.ts';
import { escapeXml } from '../xml.ts';
import { fact, factsOfRun, sharesBar } from './frame.ts';

/** What was judged, on what, and how it came out: the part that fits on a screen. */
export function head(evidence: Evidence): string {
  const { run, cluster, because } = evidence;
  const classes = cluster.storageClasses.map(({ name, isDefault }) => (isDefault ? `${name} (default)` : name));
  return `<header class="${toneOf(evidence)}">
<p class="brand">Steadfast <span>does this cluster keep its StatefulSet promises?</span></p>
<h1>${escapeXml(headlineOf(evidence))}</h1>
${because === undefined ? '' : `<p class="because">${escapeXml(because)}</p>`}
${proportions(evidence)}
<dl class="facts">
${fact('Cluster', `${cluster.provider} ${cluster.name}, Kubernetes ${cluster.version}`)}
${fact('Nodes', describeNodes(cluster.nodes))}
${fact('Storage classes', classes.length === 0 ? 'none' : classes.join(', '))}
${cluster.way === undefined ? '' : fact('Node images', cluster.way === 'built' ? 'built on this machine' : 'published by kind')}
${cluster.pace === undefined ? '' : fact('Pace', describePace(cluster.pace))}
${factsOfRun(run)}
${fact('Files', `<a href="evidence.json">evidence.json</a> <a href="summary.md">summary.md</a> <a href="junit.xml">junit.xml</a>`, 'markup')}
</dl>
${images(evidence.images)}
${variations(evidence)}
</header>`;
}

function toneOf(evidence: Evidence): string {
  const code = exitCodeOf(evidence);
  if (code === 0) return 'good';
  return code === 1 ? 'bad' : 'unsure';
}

/** Outcomes as shares of one bar; each share is named below it. */
function proportions({ totals }: Evidence): string {
  const present = outcomes.toReversed().filter((outcome) => totals[outcome] > 0);
  const { red, green, inconclusive } = totals.controls;
  const controls = red + green + inconclusive;
  const turned = `<li class="controls"><b>${red}</b> of ${counted(controls, 'control')} turned red, as each must</li>`;
  return sharesBar(
    present.map((outcome) => ({ look: outcome, count: totals[outcome], name: outcomeInWords(outcome) })),
    controls > 0 ? [turned] : [],
  );
}

function describePace({ measuredMs, referenceMs, factor }: PaceEvidence): string {
  const counted = `a Pod that counts took ${(measuredMs / 1000).toFixed(1)} s, ${(referenceMs / 1000).toFixed(1)} s is usual`;
  return factor === 1 ? `${counted}: deadlines as they are` : `${counted}: deadlines ${factor} times as long`;
}

function describeNodes(nodes: readonly NodeEvidence[]): string {
  const controlPlanes = nodes.filter((node) => node.roles.includes('control-plane')).length;
  const workers = nodes.length - controlPlanes;
  return controlPlanes === 0
    ? counted(workers, 'node')
    : `${counted(controlPlanes, 'control plane')}, ${counted(workers, 'worker')}`;
}

function images(list: readonly ImageEvidence[]): string {
  if (list.length === 0) return '';
  const rows = list.map(
    ({ name, used, fidelity, why }) =>
      `<tr><td><code>${escapeXml(name)}</code></td><td><span class="fidelity ${fidelity}">${fidelity}</span></td><td>${escapeXml(why)}<small>${escapeXml(used)}</small></td></tr>`,
  );
  const original = list.filter(({ fidelity }) => fidelity === 'original').length;
  return `<details><summary>${counted(list.length, 'image')}, ${original} original</summary><table class="plain"><thead><tr><th>Image in the manifest</th><th>Fidelity</th><th>What ran</th></tr></thead><tbody>${rows.join('')}</tbody></table></details>`;
}

function variations({ variations: list }: Evidence): string {
  if (list.length === 0) return '';
  const rows = list.map(
    ({ says, stories }) => `<li>${escapeXml(says)} <small>${escapeXml(stories.join('; '))}</small></li>`,
  );
  return `<details><summary>${counted(list.length, 'variation')} from the tutorials’ manifests</summary><ul>${rows.join('')}</ul></details>`;
}
