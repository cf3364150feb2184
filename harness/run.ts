import type { ClaimId, Tutorial } from './claims/catalogue.ts';
import type { Entry } from './history/entries.ts';

/**
 * What the command line decided, handed to every suite's worker. `live` tells the stories on a cluster; `judge` takes each story's history
 * from an earlier run and touches no cluster.
 */
export interface RunSpec {
  readonly id: string;
  /** Absolute path of `reports/<id>`. Histories are under `histories/` in it, in `judge` mode those of the judged run. */
  readonly directory: string;
  readonly mode: 'live' | 'judge';
  readonly startedAtMs: number;
  readonly cluster: ClusterSpec;
  /** The class for claims that name none, where it is not the cluster's default. Listed in the report as an overlay. */
  readonly storageClass?: string;
  /** Only these claims; `undefined` means all. */
  readonly claims?: readonly ClaimId[];
  /** Whether the broken variants are judged as well. */
  readonly controls: boolean;
  /** Whether stories may cordon, drain or restart nodes. Always so on kind. */
  readonly allowDisruption: boolean;
  /** What the deadlines of its stories are multiplied by: how much slower the cluster's machine is than the one they were written for. */
  readonly pace: number;
  /** Path of the socket on which stories ask for their turn; none in `judge` mode. */
  readonly turnsSocket?: string;
}

export interface ClusterSpec {
  readonly provider: 'kind' | 'existing';
  /** The kind cluster's name, or the context's. */
  readonly name: string;
  /** Where its context is described; without it, where kubectl would look. */
  readonly kubeconfigPath?: string;
  readonly context: string;
  readonly serverVersion: string;
}

/** How a claim, or a control, came out: what a test hands to the reporter. */
export interface Judgement {
  readonly claim: ClaimId;
  readonly tutorial: Tutorial;
  /** A control is upheld as a test when its guarantee was `violated` on the broken variant. */
  readonly kind: 'claim' | 'control';
  readonly outcome: 'upheld' | 'violated' | 'inconclusive' | 'not-run';
  /** For all but upheld: why, in a sentence. */
  readonly because?: string;
  /** Every finding of every guarantee that is violated; `because` is the first of them. */
  readonly violations?: readonly string[];
  /** Where a guarantee is violated: why each of the others that is inconclusive could not be judged. */
  readonly doubts?: readonly string[];
  readonly examined?: { readonly count: number; readonly of: string };
  /** Each history judged: the story's title and its file's path relative to the run's directory. */
  readonly stories: readonly JudgedStory[];
  readonly guarantees: readonly string[];
  /** What each of those guarantees looks at, where it says so: lets the picture dim the rest. */
  readonly scope?: readonly { readonly resources: readonly string[]; readonly from?: string; readonly to?: string }[];
  readonly counterexample?: readonly Entry[];
  /** The story to which the counterexample belongs. */
  readonly counterexampleStory?: string;
  /** Telling its stories and judging them, in milliseconds. Claims of one story share the telling. */
  readonly durationMs: number;
  /** The judging alone. */
  readonly judgingMs: number;
  /** `suites/web-basics/web-basics.suite.ts:42`: where the claim is made. */
  readonly line: string;
}

export interface JudgedStory {
  readonly title: string;
  readonly file: string;
  readonly status: 'told' | 'broken' | 'not-run';
  readonly durationMs: number;
}

/** The label that everything a run creates carries, with the run's id as its value. */
export const runLabel = 'steadfast.dev/run';

/** A namespace to be created for a run: by its label everything in it can be found and removed. */
export function runNamespace(run: string, name: string, annotations: Readonly<Record<string, string>> = {}) {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [runLabel]: run }, annotations } };
}
