import { posix } from 'node:path';
import type { Entry } from '../history/entries.ts';
import type { History } from '../history/history.ts';
import type { Judgement } from '../run.ts';
import { describeEntry } from './describe.ts';
import type {
  ClaimEvidence,
  ClusterEvidence,
  ControlEvidence,
  CounterexampleEvidence,
  Evidence,
  ImageEvidence,
  KnownEvidence,
  Outcome,
  RunStatus,
  StoryEvidence,
  Totals,
  Turned,
  TutorialEvidence,
  VariationEvidence,
} from './evidence.ts';

/** What the command line knows of the run, beside what was judged. */
export interface RunFacts {
  readonly id: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** `unknown` outside a checkout. */
  readonly commit: string;
  readonly argv: readonly string[];
  readonly status: RunStatus;
  /** Why it was interrupted or broke. */
  readonly because?: string;
  readonly cluster: ClusterEvidence;
  readonly images: readonly ImageEvidence[];
  /** Those that were asked for, in the order of the report. */
  readonly tutorials: readonly TutorialEvidence[];
  /** Whether the claim was asked for, or why it was not going to be judged: `true`, or a sentence. */
  readonly asked: (claim: string) => true | string;
  /** The bug for which servers of this version are known to break the claim. */
  readonly known?: (claim: string) => KnownFacts | undefined;
}

export interface KnownFacts {
  /** The address of the issue or page that tells of it. */
  readonly issue: string;
  readonly says: string;
  /** What every finding of the known violation reads like. */
  readonly finding: RegExp;
  /** Whether this very version is known to have the bug. */
  readonly certain: boolean;
  /** Whether it depends on who is faster. */
  readonly isRace: boolean;
}

/** The part of the catalogue that a report shows. */
export type CatalogueFacts = Readonly<
  Record<
    string,
    { readonly tutorial: string; readonly section: string; readonly says: string; readonly source: string }
  >
>;

/** Histories by their file's path relative to the run's directory, as judgements name them. */
export type Histories = ReadonlyMap<string, History>;

/**
 * Puts together what is known of a run. Every claim of its tutorials appears once: judged, or `not-run` with the reason.
 *
 * A run that says it is complete although a claim it was asked for was never judged is `broken`: verdicts that got lost on their way
 * must not look like a clean run.
 */
export function buildEvidence(
  facts: RunFacts,
  judgements: readonly Judgement[],
  catalogue: CatalogueFacts,
  histories: Histories = new Map(),
): Evidence {
  const judged = worstByClaim(judgements.filter((judgement) => judgement.kind === 'claim'));
  const lost = lostClaims(facts, judged, catalogue);
  const because =
    lost.length === 0 ? facts.because : `${lost.length} claims were asked for and never judged: ${lost.join(', ')}`;
  const claims = facts.tutorials.flatMap(({ id }) => claimsOf(id, facts, judged, catalogue, histories));
  const controls = judgements
    .filter((judgement) => judgement.kind === 'control')
    .map((judgement) => controlEvidence(judgement, histories));
  return {
    schema: 'steadfast/evidence/1',
    status: lost.length === 0 ? facts.status : 'broken',
    ...(because === undefined ? {} : { because }),
    run: {
      id: facts.id,
      startedAt: new Date(facts.startedAtMs).toISOString(),
      durationMs: Math.round(facts.durationMs),
      commit: facts.commit,
      argv: facts.argv,
    },
    cluster: facts.cluster,
    images: facts.images,
    tutorials: facts.tutorials,
    claims,
    controls,
    stories: storiesOf(judgements, histories),
    variations: variationsOf(histories),
    totals: totalsOf(claims, controls),
  };
}

/** A claim that several tests make is as good as its worst verdict. */
function worstByClaim(judgements: readonly Judgement[]): ReadonlyMap<string, Judgement> {
  const badness: Readonly<Record<Outcome, number>> = { violated: 3, inconclusive: 2, 'not-run': 1, upheld: 0 };
  const worst = new Map<string, Judgement>();
  for (const judgement of judgements) {
    const known = worst.get(judgement.claim);
    if (known === undefined || badness[judgement.outcome] > badness[known.outcome])
      worst.set(judgement.claim, judgement);
  }
  return worst;
}

function lostClaims(
  facts: RunFacts,
  judged: ReadonlyMap<string, Judgement>,
  catalogue: CatalogueFacts,
): readonly string[] {
  if (facts.status !== 'complete') return [];
  const tutorials = new Set(facts.tutorials.map(({ id }) => id));
  return Object.entries(catalogue)
    .filter(([id, { tutorial }]) => tutorials.has(tutorial) && !judged.has(id) && facts.asked(id) === true)
    .map(([id]) => id);
}

function claimsOf(
  tutorial: string,
  facts: RunFacts,
  judged: ReadonlyMap<string, Judgement>,
  catalogue: CatalogueFacts,
  histories: Histories,
): readonly ClaimEvidence[] {
  return Object.entries(catalogue)
    .filter(([, claim]) => claim.tutorial === tutorial)
    .map(([id, { section, says, source }]) => {
      const stated = { id, tutorial, section, says, source };
      const judgement = judged.get(id);
      const known = knownEvidence(facts.known?.(id), judgement);
      if (judgement !== undefined) return { ...stated, ...known, ...verdictOf(judgement, histories) };
      return {
        ...stated,
        ...known,
        outcome: 'not-run',
        because: whyNotJudged(facts, id),
        histories: [],
        guarantees: [],
        durationMs: 0,
      };
    });
}

function knownEvidence(known: KnownFacts | undefined, judgement: Judgement | undefined): Pick<ClaimEvidence, 'known'> {
  if (known === undefined) return {};
  const { issue, says } = known;
  const seen = seenOf(known, judgement);
  const doubts = seen === 'in-doubt' ? { doubts: judgement?.doubts ?? [] } : {};
  return { known: { issue, says, seen, ...doubts } };
}

function seenOf(known: KnownFacts, judgement: Judgement | undefined): KnownEvidence['seen'] {
  switch (judgement?.outcome) {
    case 'violated': {
      const findings = judgement.violations ?? [judgement.because ?? ''];
      if (!findings.every((finding) => known.finding.test(finding))) return 'otherwise';
      return judgement.doubts === undefined ? 'as-known' : 'in-doubt';
    }
    case 'upheld':
      if (known.isRace) return 'not-this-time';
      return known.certain ? 'not-seen' : 'mended';
    case 'inconclusive':
    case 'not-run':
    case undefined:
      return 'not-judged';
  }
}

function whyNotJudged(facts: RunFacts, claim: string): string {
  const asked = facts.asked(claim);
  if (asked !== true) return asked;
  switch (facts.status) {
    case 'running':
      return 'not judged yet when this report was written';
    case 'interrupted':
      return 'the run was interrupted before it was judged';
    case 'broken':
      return 'the run broke before it was judged';
    case 'complete':
      return 'no verdict reached the report: its suite did not run to its end';
  }
}

function verdictOf(
  judgement: Judgement,
  histories: Histories,
): Omit<ClaimEvidence, 'id' | 'tutorial' | 'section' | 'says' | 'source'> {
  const story = storyOf(judgement);
  const counterexample = counterexampleOf(judgement, histories);
  return {
    outcome: judgement.outcome,
    ...(judgement.outcome === 'upheld' ? {} : { because: judgement.because ?? 'no reason was given' }),
    ...(judgement.examined === undefined ? {} : { examined: judgement.examined }),
    ...(story === undefined ? {} : { story: story.title }),
    histories: judgement.stories.map(({ file }) => file),
    guarantees: judgement.guarantees,
    ...(judgement.scope === undefined ? {} : { scope: judgement.scope }),
    durationMs: Math.round(judgement.durationMs),
    line: judgement.line,
    ...(counterexample === undefined ? {} : { counterexample }),
  };
}

function storyOf(judgement: Judgement): Judgement['stories'][number] | undefined {
  return judgement.stories.find(({ title }) => title === judgement.counterexampleStory) ?? judgement.stories[0];
}

function counterexampleOf(judgement: Judgement, histories: Histories): CounterexampleEvidence | undefined {
  const file = storyOf(judgement)?.file;
  const { counterexample } = judgement;
  if (file === undefined || counterexample === undefined || counterexample.length === 0) return undefined;
  const startMs = histories.get(file)?.header.startedAtMs ?? counterexample[0]?.atMs ?? 0;
  return { history: file, entries: counterexample.map((entry) => entryEvidence(entry, startMs)) };
}

function entryEvidence(entry: Entry, startMs: number): CounterexampleEvidence['entries'][number] {
  return { index: entry.index, seconds: (entry.atMs - startMs) / 1000, ...describeEntry(entry) };
}

function controlEvidence(judgement: Judgement, histories: Histories): ControlEvidence {
  const story = storyOf(judgement);
  const counterexample = counterexampleOf(judgement, histories);
  return {
    claim: judgement.claim,
    tutorial: judgement.tutorial,
    ...(story === undefined ? {} : { story: story.title }),
    turned: turnedOf(judgement),
    ...(judgement.because === undefined ? {} : { because: judgement.because }),
    histories: judgement.stories.map(({ file }) => file),
    durationMs: Math.round(judgement.durationMs),
    line: judgement.line,
    ...(counterexample === undefined ? {} : { counterexample }),
  };
}

/** As a test, a control is upheld when its guarantee was violated. */
function turnedOf({ outcome }: Judgement): Turned {
  switch (outcome) {
    case 'upheld':
      return 'red';
    case 'violated':
      return 'green';
    case 'inconclusive':
    case 'not-run':
      return outcome;
  }
}

function storiesOf(judgements: readonly Judgement[], histories: Histories): readonly StoryEvidence[] {
  const stories = new Map<string, StoryEvidence>();
  for (const { tutorial, stories: told } of judgements)
    for (const { title, file, status, durationMs } of told) {
      if (stories.has(file)) continue;
      const history = histories.get(file);
      stories.set(file, {
        title,
        tutorial,
        file,
        status,
        ...(history === undefined || history.telling.status === 'told' ? {} : { because: history.telling.because }),
        durationMs: Math.round(durationMs),
        ...(history === undefined ? {} : { entries: history.entries.length, gaps: gapsIn(history) }),
      });
    }
  return [...stories.values()];
}

function gapsIn(history: History): number {
  return history.entries.filter((entry) => entry.kind === 'gap').length;
}

function variationsOf(histories: Histories): readonly VariationEvidence[] {
  const stories = new Map<string, Set<string>>();
  for (const { header } of histories.values())
    for (const says of header.variations) stories.set(says, (stories.get(says) ?? new Set()).add(header.story));
  return [...stories].map(([says, titles]) => ({ says, stories: [...titles] }));
}

function totalsOf(claims: readonly ClaimEvidence[], controls: readonly ControlEvidence[]): Totals {
  const count = (outcome: Outcome): number => claims.filter((claim) => claim.outcome === outcome).length;
  const notRun = count('not-run');
  const turned = (how: Turned): number => controls.filter((control) => control.turned === how).length;
  return {
    claims: claims.length,
    judged: claims.length - notRun,
    upheld: count('upheld'),
    violated: count('violated'),
    inconclusive: count('inconclusive'),
    'not-run': notRun,
    ...knownTotals(claims),
    controls: {
      red: turned('red'),
      green: turned('green'),
      inconclusive: turned('inconclusive'),
      'not-run': turned('not-run'),
    },
  };
}

function knownTotals(claims: readonly ClaimEvidence[]): Pick<Totals, 'known'> {
  const seen = claims.flatMap(({ known }) => (known === undefined ? [] : [known.seen]));
  const count = (how: KnownEvidence['seen']): number => seen.filter((each) => each === how).length;
  return seen.length === 0 ? {} : { known: { violated: count('as-known'), notSeen: count('not-seen') } };
}

/** The name that a story's files share: `web-basics--three-replicas-are-created`. */
export function stemOf(historyFile: string): string {
  return posix.basename(historyFile, '.jsonl');
}
