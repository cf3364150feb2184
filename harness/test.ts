import { afterAll, test } from 'vitest';
import { catalogue, type ClaimId } from './claims/catalogue.ts';
import type { Guarantee } from './guarantees/guarantee.ts';
import './provided.ts';
import { judgeClaim, judgeControl, redTest } from './story/judging.ts';
import { on, Story, type Judging, type StoryOptions, type Told } from './story/story.ts';
import type { Stage } from './story/verbs.ts';
import { closeWorker, runSpec } from './story/worker.ts';

export { describe } from 'vitest';
export { answerOf } from './clients/clients.ts';
export type * from './clients/clients.ts';
export type { VolumePlace } from './story/volume.ts';
export { betweenMarks, betweenMarksAtRest } from './story/looking.ts';
export { deadlines, patience } from './deadlines.ts';
export { NotRun } from './story/notRun.ts';
export type { DnsAnswer } from './history/observations.ts';
export { on, type Story, type Told } from './story/story.ts';
export type {
  Drain,
  Nodes,
  Patience,
  Probe,
  RecordedState,
  Stage,
  StatefulSetHandle,
  StoryNamespace,
} from './story/verbs.ts';
export * from './workload/index.ts';

type Guarantees<Value> = (told: Told<Value>) => Guarantee | readonly Guarantee[];

/**
 * A story: deploys and acts once, when its first claim asks, while everything is recorded. It holds no judgement. What it returns is handed
 * to the claims as data. Titles are unique within a tutorial.
 */
export function story<Value>(title: string, tell: (stage: Stage) => Promise<Value>): Story<Value>;
export function story<Value>(
  title: string,
  options: StoryOptions,
  tell: (stage: Stage) => Promise<Value>,
): Story<Value>;
export function story<Value>(
  title: string,
  options: StoryOptions | ((stage: Stage) => Promise<Value>),
  tell?: (stage: Stage) => Promise<Value>,
): Story<Value> {
  if (typeof options === 'function') return new Story(title, {}, options);
  if (tell === undefined) throw new Error(`the story “${title}” is not told`);
  return new Story(title, options, tell);
}

/**
 * One claim is one test, titled with its sentence in the catalogue. It holds no action and no waiting: the guarantees, made of what the
 * stories told, are judged on the stories' histories, and the test is green only if every one is upheld.
 */
export function claim<Value>(id: ClaimId, story: Story<Value>, guarantees: Guarantees<Value>): void;
export function claim(id: ClaimId, ...judgings: readonly [Judging, ...Judging[]]): void;
export function claim(id: ClaimId, ...asked: readonly unknown[]): void {
  declare(id, 'claim', judgingsOf(asked), lineOfCaller());
}

/** A control: the same guarantees on a broken variant. The test is green only if they come out violated. */
export function breaks<Value>(id: ClaimId, story: Story<Value>, guarantees: Guarantees<Value>): void;
export function breaks(id: ClaimId, ...judgings: readonly [Judging, ...Judging[]]): void;
export function breaks(id: ClaimId, ...asked: readonly unknown[]): void {
  declare(id, 'control', judgingsOf(asked), lineOfCaller());
}

function declare(id: ClaimId, kind: 'claim' | 'control', judgings: readonly Judging[], line: string): void {
  const { says, tutorial } = catalogue[id];
  for (const { story } of judgings) story.belongsTo(tutorial);
  const run = runSpec();
  if (run.claims !== undefined && !run.claims.includes(id)) return;
  if (kind === 'control' && !run.controls) return;
  const stories = judgings.map(({ story }) => story.title);
  const title = kind === 'claim' ? `${id}: ${says}` : `control: ${stories.join(' and ')} breaks ${id}`;
  test(title, { meta: { declared: { claim: id, kind, stories } } }, async (context) => {
    const judge = kind === 'claim' ? judgeClaim : judgeControl;
    const judgement = await judge(id, judgings, line);
    context.task.meta.judgement = judgement;
    if (judgement.outcome === 'not-run') context.skip(judgement.because);
    if (judgement.outcome !== 'upheld') throw redTest(judgement, run.id);
  });
}

function judgingsOf(asked: readonly unknown[]): readonly Judging[] {
  const [first, second] = asked;
  if (first instanceof Story) return [on(first, second as Guarantees<unknown>)];
  return asked as readonly Judging[];
}

/** The suite's line on which a claim is made: the first frame of the stack outside this file. */
function lineOfCaller(): string {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const frame = frames.find((each) => each.includes('/suites/') && !each.includes('/harness/')) ?? frames[2] ?? '';
  const place = /\(?(?:file:\/\/)?([^()\s]+:\d+:\d+)\)?$/.exec(frame)?.[1] ?? 'unknown place';
  return place.replace(`${process.cwd()}/`, '');
}

afterAll(closeWorker);
