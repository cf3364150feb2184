import type { ClaimEvidence, ControlEvidence, Evidence, Outcome } from '../evidence.ts';
import { describeControl, outcomeInWords, outcomeOfControl } from '../words.ts';
import { stemOf, type Histories } from '../gather.ts';

/** What the page needs to show a claim, or a control, on the timelines it was judged by. */
export interface Pick extends Places {
  readonly key: string;
  readonly claim: string;
  readonly kind: 'claim' | 'control';
  readonly outcome: Outcome;
  /** Parts of each story that its guarantees looked at: `from` exclusive, `to` inclusive. */
  readonly scope?: Readonly<Record<string, readonly IndexedScope[]>>;
  /** The verdict in a sentence. */
  readonly verdict: string;
}

interface Places {
  /** Stems of its stories; the one to show first stands first. */
  readonly stories: readonly string[];
  /** The entries that contradict the claim, and the story they belong to. */
  readonly counterexample?: { readonly story: string; readonly indexes: readonly number[] };
}

interface IndexedScope {
  readonly resources: readonly string[];
  readonly from: number;
  readonly to: number;
}

export function picksOf(evidence: Evidence, histories: Histories): readonly Pick[] {
  return [
    ...evidence.claims.filter((claim) => claim.histories.length > 0).map((claim) => pickOfClaim(claim, histories)),
    ...evidence.controls.filter((control) => control.histories.length > 0).map(pickOfControl),
  ];
}

function pickOfClaim(claim: ClaimEvidence, histories: Histories): Pick {
  const scope = claim.scope === undefined ? {} : { scope: indexed(claim.scope, claim.histories, histories) };
  const examined = claim.examined === undefined ? undefined : `examined ${claim.examined.count} ${claim.examined.of}`;
  return {
    key: claim.id,
    claim: claim.id,
    kind: 'claim',
    outcome: claim.outcome,
    ...placesOf(claim),
    ...scope,
    verdict: [outcomeInWords(claim.outcome), claim.because, examined].filter((part) => part !== undefined).join(' · '),
  };
}

function pickOfControl(control: ControlEvidence): Pick {
  return {
    key: `control ${control.claim} ${stemOf(control.histories[0] ?? '')}`,
    claim: control.claim,
    kind: 'control',
    outcome: outcomeOfControl(control),
    ...placesOf(control),
    verdict: `${describeControl(control)}${control.because === undefined ? '' : `: ${control.because}`}`,
  };
}

function placesOf({ histories, counterexample }: ClaimEvidence | ControlEvidence): Places {
  const stems = histories.map(stemOf);
  if (counterexample === undefined) return { stories: stems };
  const story = stemOf(counterexample.history);
  return {
    stories: [story, ...stems.filter((stem) => stem !== story)],
    counterexample: { story, indexes: counterexample.entries.map(({ index }) => index) },
  };
}

function indexed(
  scope: NonNullable<ClaimEvidence['scope']>,
  files: readonly string[],
  histories: Histories,
): Readonly<Record<string, readonly IndexedScope[]>> {
  return Object.fromEntries(
    files.map((file) => {
      const history = histories.get(file);
      const at = (name: string | undefined, otherwise: number): number =>
        (name === undefined ? undefined : history?.fence(name)?.index) ?? otherwise;
      const last = history?.lastFence?.index ?? 0;
      return [
        stemOf(file),
        scope.map(({ resources, from, to }) => ({ resources, from: at(from, -1), to: at(to, last) })),
      ];
    }),
  );
}
