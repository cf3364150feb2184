import { join } from 'node:path';
import type { ResourceName } from '../history/objects.ts';
import type { Guarantee } from '../guarantees/guarantee.ts';
import { messageOf, RunError } from '../errors.ts';
import { History, type HistoryHeader } from '../history/history.ts';
import { loadHistory } from '../history/store.ts';
import { tell } from './tell.ts';
import type { Stage } from './verbs.ts';
import { runSpec } from './worker.ts';

/** What a story returned as it stands in its history: data, in which a handle has become its set. */
export type Told<Value> = Value extends { toJSON(): infer Data }
  ? Data
  : Value extends readonly (infer Item)[]
    ? readonly Told<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: Told<Value[Key]> }
      : Value;

export interface StoryOptions {
  /** It takes nodes for itself: told while no other story is, after all others. */
  readonly alone?: boolean;
  /** How many of the run's `--jobs` places it takes: 1, or more for one whose servers keep the machine busy. */
  readonly places?: number;
  /** About how long it takes on two cores, where that is more than a minute: of several the longest is told first, so that it does not begin when all others are through. */
  readonly minutes?: number;
  /** Resources to record beside those that every story records: `['nodes']`. */
  readonly follows?: readonly ResourceName[];
  /** The oldest server on which it can be told, `1.31`; on older ones its claims are not run. */
  readonly since?: string;
}

const ownerOf = new Map<string, Story<unknown>>();

/**
 * Acts once, when its first claim asks; every claim judges the one history it leaves. In a run that judges again, the history is the
 * stored one and nothing acts.
 */
export class Story<Value> {
  readonly title: string;
  readonly #options: StoryOptions;
  readonly #tell: (stage: Stage) => Promise<Value>;
  #tutorial: string | undefined;
  #history: Promise<History> | undefined;

  constructor(title: string, options: StoryOptions, tellIt: (stage: Stage) => Promise<Value>) {
    this.title = title;
    this.#options = options;
    this.#tell = tellIt;
  }

  /** A story belongs to the tutorial of the claims that are made about it, and no other of that tutorial may leave its history in the same file. */
  belongsTo(tutorial: string): void {
    if (this.#tutorial !== undefined && this.#tutorial !== tutorial)
      throw new Error(`the story “${this.title}” is used by claims of ${this.#tutorial} and of ${tutorial}`);
    this.#tutorial = tutorial;
    const owner = ownerOf.get(this.file) ?? this;
    if (owner !== this)
      throw new Error(`two stories of ${tutorial} would leave one history, “${owner.title}” and “${this.title}”`);
    ownerOf.set(this.file, owner);
  }

  /** Path of the history, relative to the run's directory. */
  get file(): string {
    return `histories/${this.#tutorial ?? 'no-tutorial'}--${slugOf(this.title)}.jsonl`;
  }

  history(): Promise<History> {
    return (this.#history ??= this.#make());
  }

  async #make(): Promise<History> {
    const run = runSpec();
    const tutorial = this.#tutorial ?? 'no-tutorial';
    const { alone = false, places = 1, minutes = 1, follows = [], since } = this.#options;
    const script = {
      tutorial,
      title: this.title,
      alone,
      places,
      minutes,
      follows,
      since,
      tell: this.#tell,
      file: this.file,
    };
    try {
      return run.mode === 'judge' ? await loadHistory(join(run.directory, this.file)) : await tell(script);
    } catch (error) {
      // Nothing of this story could even be recorded: its claims say why, its neighbours go on.
      return untold(script, messageOf(error));
    }
  }
}

/** One story and the guarantees its history is judged by. */
export interface Judging {
  readonly story: Story<unknown>;
  readonly guarantees: (told: unknown) => readonly Guarantee[];
}

/** Pairs a story with the guarantees to judge it by: for claims that rest on more than one story. */
export function on<Value>(
  story: Story<Value>,
  guarantees: (told: Told<Value>) => Guarantee | readonly Guarantee[],
): Judging {
  return {
    story: story as Story<unknown>,
    guarantees: (told) => [guarantees(told as Told<Value>)].flat(),
  };
}

function untold(script: { readonly tutorial: string; readonly title: string }, because: string): History {
  const run = runSpec();
  const header: HistoryHeader = {
    schema: 'steadfast/history/1',
    run: run.id,
    tutorial: script.tutorial,
    story: script.title,
    namespace: 'none',
    startedAtMs: Date.now(),
    server: { version: run.cluster.serverVersion, provider: run.cluster.provider },
    resources: [],
    variations: [],
  };
  return new History(header, { status: 'broken', because }, []);
}

function slugOf(title: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (slug === '') throw new RunError(`a story needs a title with letters in it, not “${title}”`);
  return slug.slice(0, 100);
}
