import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotThere } from '../files.ts';
import type { Change } from '../history/entries.ts';
import type { History } from '../history/history.ts';
import { describePod } from '../history/pods.ts';
import { clip, describeEntry, secondsSince } from './describe.ts';
import type { ClaimEvidence, Evidence, StoryEvidence } from './evidence.ts';
import { stemOf, type Histories } from './gather.ts';
import { timelineOf } from './timeline/model.ts';
import { renderTimeline } from './timeline/render.ts';
import { judgeCommand, outcomeInWords } from './words.ts';
import { writeWhole } from './whole.ts';

/**
 * What one needs to see why: a page for each claim that is violated or inconclusive and for each story that broke, and the timeline with the
 * counterexample marked for each claim that is violated.
 */
export async function writeDiagnostics(directory: string, evidence: Evidence, histories: Histories): Promise<void> {
  const folder = join(directory, 'diagnostics');
  const claims = evidence.claims.filter(({ outcome }) => outcome === 'violated' || outcome === 'inconclusive');
  for (const claim of claims) {
    const files = await filesFor(folder, claim.histories);
    await writeWhole(join(folder, `${claim.id}.md`), diagnoseClaim(claim, evidence.run.id, histories, files));
    const picture = pictureOf(claim, histories);
    if (picture !== undefined) await writeWhole(join(folder, `${claim.id}.svg`), picture);
  }
  for (const story of evidence.stories.filter(({ status }) => status === 'broken')) {
    const files = await filesFor(folder, [story.file]);
    await writeWhole(join(folder, `${stemOf(story.file)}.md`), diagnoseStory(story, histories.get(story.file), files));
  }
}

/** Where a story leaves the logs of its containers while its namespace still lives, relative to the run's directory. */
export function logsFolderOf(historyFile: string): string {
  return `diagnostics/${stemOf(historyFile)}`;
}

async function filesFor(folder: string, histories: readonly string[]): Promise<readonly string[]> {
  const listed = await Promise.all(histories.map((file) => filesIn(folder, stemOf(file))));
  return listed.flat();
}

async function filesIn(folder: string, stem: string): Promise<readonly string[]> {
  try {
    return (await readdir(join(folder, stem))).toSorted().map((file) => `${stem}/${file}`);
  } catch (error) {
    if (isNotThere(error)) return [];
    throw error;
  }
}

function pictureOf({ counterexample }: ClaimEvidence, histories: Histories): string | undefined {
  const history = counterexample === undefined ? undefined : histories.get(counterexample.history);
  if (counterexample === undefined || history === undefined) return undefined;
  return renderTimeline(timelineOf(history), {
    standalone: true,
    counterexample: counterexample.entries.map(({ index }) => index),
  });
}

function diagnoseClaim(claim: ClaimEvidence, run: string, histories: Histories, files: readonly string[]): string {
  const steps = (claim.counterexample?.entries ?? []).map(
    ({ seconds, subject, says }, position) => `${position + 1}. ${seconds.toFixed(3)} s  ${subject}  ${says}`,
  );
  return [
    `# ${claim.id} is ${outcomeInWords(claim.outcome)}`,
    '',
    claim.says,
    '',
    `Documented at ${claim.source}. Judged by ${claim.guarantees.join(', ') || 'no guarantee'}${claim.line === undefined ? '' : `, claimed at ${claim.line}`}.`,
    '',
    `Because: ${claim.because ?? 'no reason was given'}`,
    ...(steps.length === 0
      ? []
      : ['', '## Counterexample', '', '```', ...steps, '```', '', `![timeline](${claim.id}.svg)`]),
    ...claim.histories.flatMap((file) => lastSeen(file, histories.get(file))),
    ...linksTo(files),
    '',
    `Judge it again: \`${judgeCommand(run, claim.id)}\``,
    '',
  ].join('\n');
}

function diagnoseStory(story: StoryEvidence, history: History | undefined, files: readonly string[]): string {
  return [
    `# The story “${story.title}” broke`,
    '',
    story.because ?? 'no reason was given',
    ...lastSeen(story.file, history),
    ...linksTo(files),
    '',
  ].join('\n');
}

function lastSeen(file: string, history: History | undefined): readonly string[] {
  if (history === undefined) return ['', `There is no history at ${file}.`];
  const { startedAtMs } = history.header;
  const pods = [...history.stateAfter('pods', Infinity).values()].map(
    (pod) => `${describePod(pod)}, on ${pod.spec?.nodeName ?? 'no node'}`,
  );
  const tail = history.entries
    .filter(
      (entry) =>
        entry.kind === 'operation' || entry.kind === 'gap' || (entry.kind === 'observation' && entry.of === 'wait'),
    )
    .slice(-12)
    .map(
      (entry) =>
        `${secondsSince(startedAtMs, entry.atMs)}  ${describeEntry(entry).subject}  ${describeEntry(entry).says}`,
    );
  return [
    '',
    `## ${history.header.story}`,
    '',
    `History: ../${file} (${history.entries.length} entries), namespace ${history.header.namespace}.`,
    ...block('Pods at the end', pods),
    ...block('What this run did last', tail),
    ...block('Kubernetes Events', eventsOf(history, startedAtMs)),
  ];
}

/** Each Event as it stood last: its count says how often it came. */
function eventsOf(history: History, startMs: number): readonly string[] {
  const last = new Map<string, Change<'events'>>();
  for (const change of history.changes('events')) last.set(change.object.metadata.uid, change);
  return [...last.values()].map(({ atMs, object }) => {
    const count = object.count === undefined || object.count === 1 ? '' : ` (${object.count} times)`;
    const about = `${object.involvedObject.kind ?? ''}/${object.involvedObject.name ?? ''}`;
    return `${secondsSince(startMs, atMs)}  ${object.type ?? ''} ${object.reason ?? ''} ${about}: ${clip(object.message ?? '', 300)}${count}`;
  });
}

function block(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0
    ? []
    : ['', `### ${heading}`, '', '```', ...lines.map((line) => line.replaceAll('```', "'''")), '```'];
}

function linksTo(files: readonly string[]): readonly string[] {
  return files.length === 0 ? [] : ['', '## Logs', '', ...files.map((file) => `- [${file}](${file})`)];
}
