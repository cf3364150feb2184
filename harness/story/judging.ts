import { catalogue, type ClaimId } from '../claims/catalogue.ts';
import { inconclusive, type Examined, type Guarantee, type Verdict } from '../guarantees/guarantee.ts';
import { nothingIsLeftUndone } from '../guarantees/leftUndone.ts';
import type { History } from '../history/history.ts';
import { messageOf } from '../errors.ts';
import { describeCounterexample } from '../report/describe.ts';
import type { JudgedStory, Judgement } from '../run.ts';
import type { Judging } from './story.ts';

type Outcome = Judgement['outcome'];

/** One guarantee judged on one history. */
interface Part {
  readonly guarantee: string;
  readonly scope?: Guarantee['scope'];
  readonly story: string;
  readonly verdict: Verdict | { readonly outcome: 'not-run'; readonly because: string };
}

/** Judges a claim on all its stories. It is upheld only if every guarantee is upheld on its story; the gravest outcome is the claim's. */
export async function judgeClaim(claim: ClaimId, judgings: readonly Judging[], line: string): Promise<Judgement> {
  const judged = await judgeAll(judgings, isAboutObjects(claim));
  const { parts } = judged;
  const gravest = gravestOf(parts);
  return {
    ...commonOf(claim, judged, line),
    kind: 'claim',
    outcome: gravest.verdict.outcome,
    ...('because' in gravest.verdict ? { because: gravest.verdict.because } : {}),
    ...violationsOf(parts),
    ...counterexampleOf(gravest),
  };
}

/** Judges a control: the guarantees of the claim, on a broken variant, must come out violated. */
export async function judgeControl(claim: ClaimId, judgings: readonly Judging[], line: string): Promise<Judgement> {
  const judged = await judgeAll(judgings, false);
  const { parts } = judged;
  const broken = parts.find((part) => part.verdict.outcome === 'violated');
  const common = { ...commonOf(claim, judged, line), kind: 'control' as const };
  if (broken?.verdict.outcome === 'violated')
    return {
      ...common,
      outcome: 'upheld',
      ...counterexampleOf(broken),
      because: `turned red: ${broken.verdict.because}`,
    };
  const gravest = gravestOf(parts).verdict;
  return gravest.outcome === 'upheld'
    ? {
        ...common,
        outcome: 'violated',
        because: 'the broken variant did not turn the claim red: the check proves nothing',
      }
    : { ...common, outcome: gravest.outcome, ...('because' in gravest ? { because: gravest.because } : {}) };
}

/** What a red test says: the guarantee, the claim and where it is written, the counterexample, and how to judge it again. */
export function redTest(judgement: Judgement, runId: string): Error {
  const { says, source } = catalogue[judgement.claim];
  const lines = [
    `${judgement.claim} is ${judgement.outcome}: ${judgement.because ?? 'no reason was given'}`,
    `claim: ${says}`,
    `source: ${source}`,
    `guarantee: ${judgement.guarantees.join(', ')}`,
    ...(judgement.counterexample === undefined ? [] : ['', describeCounterexample(judgement.counterexample), '']),
    ...judgement.stories.map((story) => `history: reports/${runId}/${story.file}`),
    `judge it again: npm run judge -- ${runId} --claim ${judgement.claim}`,
  ];
  const error = new Error(lines.join('\n'));
  error.name = judgement.kind === 'control' ? 'ControlStayedGreen' : 'ClaimNotUpheld';
  error.stack = `${error.name}: ${error.message}\n    at ${judgement.line}`;
  return error;
}

interface Judged {
  readonly parts: readonly Part[];
  readonly stories: readonly JudgedStory[];
  /** How long the judging took, without the telling. */
  readonly judgingMs: number;
}

async function judgeAll(judgings: readonly Judging[], looksBehindWaits: boolean): Promise<Judged> {
  const histories = await Promise.all(judgings.map((judging) => judging.story.history()));
  const began = performance.now();
  const paired = judgings.flatMap((judging, position) => {
    const history = histories[position];
    return history === undefined ? [] : [{ judging, history }];
  });
  return {
    parts: paired.flatMap(({ judging, history }) => judgeHistory(judging, history, looksBehindWaits)),
    stories: paired.map(({ judging, history }) => judgedStory(judging, history)),
    judgingMs: performance.now() - began,
  };
}

/** What the controllers do with objects is what such a claim is about: no answer of DNS or of an application, and nothing that is in an image, has a part in it. */
function isAboutObjects(claim: ClaimId): boolean {
  const others = ['APP', 'DNS', 'IMG', 'TOOLS', 'static'];
  return catalogue[claim].needs.every((need) => !others.some((other) => need.startsWith(other)));
}

/**
 * A story that waited in vain leaves its claims open, unless the controller is to blame by its own deeds: it was at work, and left undone what nothing kept it from.
 * A control proves nothing by such a story.
 */
function verdictOnBroken(history: History, because: string, looksBehindWaits: boolean): Verdict {
  const { telling } = history;
  const untold = `the story “${history.header.story}” could not be told: ${because}`;
  if (telling.status !== 'broken' || telling.inVain === undefined || !looksBehindWaits) return inconclusive(untold);
  const verdict = nothingIsLeftUndone(telling.inVain).judge(history);
  return verdict.outcome === 'violated'
    ? { ...verdict, because: `${verdict.because} (${untold})` }
    : inconclusive(untold);
}

function judgeHistory(judging: Judging, history: History, looksBehindWaits: boolean): readonly Part[] {
  const { telling } = history;
  const whole = (verdict: Part['verdict']): Part => ({ guarantee: 'none', story: judging.story.title, verdict });
  if (telling.status === 'not-run') return [whole({ outcome: 'not-run', because: telling.because })];
  if (telling.status === 'broken') return [whole(verdictOnBroken(history, telling.because, looksBehindWaits))];
  try {
    const guarantees = judging.guarantees(telling.told);
    if (guarantees.length === 0) return [whole(inconclusive('the claim names no guarantee'))];
    return guarantees.map(({ name, judge, scope }) => ({
      guarantee: name,
      ...(scope === undefined ? {} : { scope }),
      story: judging.story.title,
      verdict: judge(history),
    }));
  } catch (error) {
    return [whole(inconclusive(`the guarantee itself failed: ${messageOf(error)}`))];
  }
}

function judgedStory(judging: Judging, history: History): JudgedStory {
  const last = history.entries.at(-1)?.atMs ?? history.header.startedAtMs;
  return {
    title: judging.story.title,
    file: judging.story.file,
    status: history.telling.status,
    durationMs: Math.max(0, last - history.header.startedAtMs),
  };
}

const gravity: readonly Outcome[] = ['upheld', 'not-run', 'inconclusive', 'violated'];

function gravestOf(parts: readonly Part[]): Part {
  const [gravest] = parts.toSorted((a, b) => gravity.indexOf(b.verdict.outcome) - gravity.indexOf(a.verdict.outcome));
  return gravest ?? { guarantee: 'none', story: 'none', verdict: inconclusive('the claim names no story') };
}

function commonOf(claim: ClaimId, { parts, stories, judgingMs }: Judged, line: string) {
  const examined = examinedOf(parts);
  const tellingMs = stories.reduce((sum, story) => sum + story.durationMs, 0);
  return {
    claim,
    tutorial: catalogue[claim].tutorial,
    ...(examined === undefined ? {} : { examined }),
    stories,
    guarantees: [...new Set(parts.map((part) => part.guarantee).filter((name) => name !== 'none'))],
    scope: parts.flatMap((part) => (part.scope === undefined ? [] : [part.scope])),
    durationMs: Math.round(tellingMs + judgingMs),
    judgingMs,
    line,
  };
}

function examinedOf(parts: readonly Part[]): Examined | undefined {
  const examined = parts.flatMap(({ verdict }) => ('examined' in verdict ? [verdict.examined] : []));
  if (examined.length === 0) return undefined;
  return {
    count: examined.reduce((sum, each) => sum + each.count, 0),
    of: [...new Set(examined.map((each) => each.of))].join(', '),
  };
}

function violationsOf(parts: readonly Part[]): Pick<Judgement, 'violations' | 'doubts'> {
  const violations = parts.flatMap(({ verdict }) =>
    verdict.outcome === 'violated' ? [verdict.because, ...(verdict.othersBecause ?? [])] : [],
  );
  if (violations.length === 0) return {};
  const doubts = parts.flatMap(({ verdict }) => (verdict.outcome === 'inconclusive' ? [verdict.because] : []));
  return { violations, ...(doubts.length === 0 ? {} : { doubts }) };
}

function counterexampleOf(part: Part): Pick<Judgement, 'counterexample' | 'counterexampleStory'> {
  return part.verdict.outcome === 'violated'
    ? { counterexample: part.verdict.counterexample, counterexampleStory: part.story }
    : {};
}
