/**
 * `evidence.json`, the contract with machines. `evidence.schema.json` says the same to those who do not read TypeScript, and a
 * test keeps the two together. A field may be added under this schema's name; one that is taken away or changes its meaning needs a new name.
 */
export interface Evidence {
  readonly schema: 'steadfast/evidence/1';
  /** `running`: written while the run went on. Found after its end, the run died without a word. */
  readonly status: RunStatus;
  /** Why the run was interrupted or broke. */
  readonly because?: string;
  readonly run: RunEvidence;
  readonly cluster: ClusterEvidence;
  readonly images: readonly ImageEvidence[];
  readonly tutorials: readonly TutorialEvidence[];
  /** Every claim of the tutorials above, each once. */
  readonly claims: readonly ClaimEvidence[];
  /** Guarantees judged on variants that are broken on purpose: they show that the instrument can go red. */
  readonly controls: readonly ControlEvidence[];
  readonly stories: readonly StoryEvidence[];
  /** How workloads differed from the tutorials' manifests, and in which stories. */
  readonly variations: readonly VariationEvidence[];
  readonly totals: Totals;
}

export type RunStatus = 'running' | 'complete' | 'interrupted' | 'broken';

export type Outcome = 'upheld' | 'violated' | 'inconclusive' | 'not-run';

export const outcomes = ['violated', 'inconclusive', 'not-run', 'upheld'] as const satisfies readonly Outcome[];

/** How a control came out. `green`: the broken variant passed, so the guarantee proves nothing. */
export type Turned = 'red' | 'green' | 'inconclusive' | 'not-run';

export interface RunEvidence {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The suite's own commit; `unknown` outside a checkout. */
  readonly commit: string;
  readonly argv: readonly string[];
}

export interface ClusterEvidence {
  readonly provider: 'kind' | 'existing';
  readonly name: string;
  /** The API server's version. */
  readonly version: string;
  /** Whether the nodes came from published images or were built on this machine. Only where this run made the cluster. */
  readonly way?: 'upstream' | 'built';
  /** How fast it is. Not there where it was not measured. */
  readonly pace?: PaceEvidence;
  readonly nodes: readonly NodeEvidence[];
  readonly storageClasses: readonly StorageClassEvidence[];
}

/** The speed of the machine, by which the stories' deadlines are sized. */
export interface PaceEvidence {
  /** A Pod that counts, from its creation to its end, in milliseconds. */
  readonly measuredMs: number;
  /** The same on the machine on which the table of deadlines was made. */
  readonly referenceMs: number;
  /** What every deadline was multiplied by: at least 1. */
  readonly factor: number;
}

export interface NodeEvidence {
  readonly name: string;
  readonly roles: readonly string[];
  readonly version: string;
}

export interface StorageClassEvidence {
  readonly name: string;
  readonly provisioner: string;
  readonly isDefault: boolean;
  readonly bindingMode: string;
  readonly reclaimPolicy: string;
}

export interface ImageEvidence {
  /** The name in the tutorial's manifest. */
  readonly name: string;
  /** What ran under that name. */
  readonly used: string;
  readonly fidelity: 'original' | 'rebuilt' | 'stand-in';
  readonly why: string;
}

export interface TutorialEvidence {
  readonly id: string;
  readonly title: string;
}

export interface ClaimEvidence {
  readonly id: string;
  readonly tutorial: string;
  readonly section: string;
  /** The claim's sentence. */
  readonly says: string;
  /** The page and section that say so. */
  readonly source: string;
  readonly outcome: Outcome;
  /** Why; there for all but `upheld`. */
  readonly because?: string;
  /** A bug for which servers of this version are known to break the claim, whatever the outcome was here. */
  readonly known?: KnownEvidence;
  readonly examined?: { readonly count: number; readonly of: string };
  /** The story it was judged by; with a counterexample, the story that holds it. */
  readonly story?: string;
  /** Files of all histories it was judged by, relative to the run's directory. */
  readonly histories: readonly string[];
  readonly guarantees: readonly string[];
  /** What its guarantees looked at, where they say so. */
  readonly scope?: readonly ScopeEvidence[];
  readonly durationMs: number;
  /** Where the suite makes the claim: file and line. */
  readonly line?: string;
  readonly counterexample?: CounterexampleEvidence;
}

export interface KnownEvidence {
  /** The address of the issue, or of the page that says why the promise cannot hold. */
  readonly issue: string;
  readonly says: string;
  /**
   * `as-known`: violated, and in no other way than the issue tells. `otherwise`: violated in another way as well. `in-doubt`: violated as the
   * issue tells, and whether in another way too could not be judged. `not-seen`: not violated, on a version that was published with the bug:
   * either the table or the check is out of date. `mended`: not violated, on a version that a distribution may have mended.
   * `not-this-time`: not violated, and it is a race. `not-judged`: neither was found out.
   */
  readonly seen: 'as-known' | 'otherwise' | 'in-doubt' | 'not-seen' | 'mended' | 'not-this-time' | 'not-judged';
  /** With `in-doubt`: what could not be judged, a sentence for each guarantee. */
  readonly doubts?: readonly string[];
}

/** Resources between two fences. Without `from` it begins where the recording does, without `to` it ends at the last fence. */
export interface ScopeEvidence {
  readonly resources: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

export interface CounterexampleEvidence {
  readonly history: string;
  readonly entries: readonly EntryEvidence[];
}

export interface EntryEvidence {
  /** Which entry of the history it is: line `index + 2` of the file. */
  readonly index: number;
  /** Since the story began. */
  readonly seconds: number;
  readonly subject: string;
  readonly says: string;
}

export interface ControlEvidence {
  readonly claim: string;
  readonly tutorial: string;
  /** The story that tells the broken variant. */
  readonly story?: string;
  /** Whether the guarantee turned red on the broken variant, as it must. */
  readonly turned: Turned;
  readonly because?: string;
  readonly histories: readonly string[];
  readonly durationMs: number;
  readonly line?: string;
  readonly counterexample?: CounterexampleEvidence;
}

export interface StoryEvidence {
  readonly title: string;
  readonly tutorial: string;
  /** Its history, relative to the run's directory. */
  readonly file: string;
  readonly status: 'told' | 'broken' | 'not-run';
  readonly because?: string;
  readonly durationMs: number;
  /** How many entries its history has. Absent where there is no history to read. */
  readonly entries?: number;
  readonly gaps?: number;
}

export interface VariationEvidence {
  readonly says: string;
  readonly stories: readonly string[];
}

/** Counts of claims by outcome, and of controls by whether they turned red as they must. */
export interface Totals extends Readonly<Record<Outcome, number>> {
  readonly claims: number;
  readonly judged: number;
  /** Of the violated claims, those violated as it is known of this version; and claims whose known violation was not seen. */
  readonly known?: { readonly violated: number; readonly notSeen: number };
  readonly controls: Readonly<Record<Turned, number>>;
}
