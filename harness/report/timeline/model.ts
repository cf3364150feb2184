import type { Entry, Gap, Observation, Operation } from '../../history/entries.ts';
import type { History } from '../../history/history.ts';
import { clip, describeEntry } from '../describe.ts';
import { lanesOf, type Lane } from './lanes.ts';

/** A story as a picture, before anything is drawn. Times are milliseconds since 1970; every index is an entry's. */
export interface Timeline {
  readonly title: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Objects over time, in the order in which they are drawn. */
  readonly lanes: readonly Lane[];
  /** What this run asked of the cluster, from the call to its end. */
  readonly operations: readonly Stretch[];
  readonly waits: readonly Stretch[];
  /** What clients saw, one row for each thing they looked at. */
  readonly sightings: readonly SightingRow[];
  readonly fences: readonly Moment[];
  readonly gaps: readonly (Moment & { readonly resource: string })[];
  /** When each entry came, so that any of them can be pointed at, drawn or not. */
  readonly moments: ReadonlyMap<number, number>;
}

export interface Stretch {
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly indexes: readonly number[];
  readonly look: 'fine' | 'bad' | 'unknown';
  readonly facts: readonly string[];
}

export interface SightingRow {
  readonly label: string;
  readonly sightings: readonly Sighting[];
}

export interface Sighting {
  readonly index: number;
  readonly atMs: number;
  /** `absent`: a plain no, such as NXDOMAIN or a refusal by the API server. `unknown`: no answer at all. */
  readonly look: SightingLook;
  readonly facts: readonly string[];
}

export type SightingLook = 'fine' | 'absent' | 'bad' | 'unknown';

export interface Moment {
  readonly index: number;
  readonly atMs: number;
  readonly label: string;
}

/** A pure function of the history: the same history gives the same picture. */
export function timelineOf(history: History): Timeline {
  const { entries, header } = history;
  const startMs = Math.min(header.startedAtMs, entries[0]?.atMs ?? header.startedAtMs);
  const endMs = Math.max(entries.at(-1)?.atMs ?? startMs, startMs + 1);
  return {
    title: header.story,
    startMs,
    endMs,
    lanes: lanesOf(history, endMs),
    operations: operationsOf(entries, endMs),
    waits: entries
      .flatMap((entry) => (entry.kind === 'observation' && entry.of === 'wait' ? [stretchOfWait(entry)] : []))
      .toSorted((a, b) => a.fromMs - b.fromMs),
    sightings: sightingsOf(entries, header.namespace),
    fences: entries.flatMap((entry) =>
      entry.kind === 'fence' ? [{ index: entry.index, atMs: entry.atMs, label: entry.name }] : [],
    ),
    gaps: entries.flatMap((entry) => (entry.kind === 'gap' ? [momentOfGap(entry)] : [])),
    moments: new Map(entries.map((entry) => [entry.index, entry.atMs])),
  };
}

function operationsOf(entries: readonly Entry[], endMs: number): readonly Stretch[] {
  const calls = new Map<number, Operation[]>();
  for (const entry of entries)
    if (entry.kind === 'operation') calls.set(entry.call, [...(calls.get(entry.call) ?? []), entry]);
  return [...calls.values()].flatMap((call) => {
    const [first] = call;
    const last = call.at(-1);
    return first === undefined || last === undefined ? [] : [stretchOfCall(call, first, last, endMs)];
  });
}

function stretchOfCall(call: readonly Operation[], first: Operation, last: Operation, endMs: number): Stretch {
  const looks = { invoked: 'unknown', succeeded: 'fine', failed: 'bad', indeterminate: 'unknown' } as const;
  const label = `${first.verb} ${first.target.replace(/^[a-z]+\//, '')}`;
  return {
    label,
    fromMs: first.atMs,
    toMs: last.phase === 'invoked' ? endMs : last.atMs,
    indexes: call.map((entry) => entry.index),
    look: looks[last.phase],
    facts: [`${first.verb} ${first.target}`, ...call.map((entry) => describeEntry(entry).says)],
  };
}

function stretchOfWait(wait: Extract<Observation, { of: 'wait' }>): Stretch {
  const seconds = ((wait.atMs - wait.beganAtMs) / 1000).toFixed(1);
  return {
    label: wait.for,
    fromMs: wait.beganAtMs,
    toMs: wait.atMs,
    indexes: [wait.index],
    look: 'fine',
    facts: [`waited ${seconds} s for ${wait.for}`, `ended by: ${wait.endedBy.resource}`],
  };
}

function sightingsOf(entries: readonly Entry[], namespace: string): readonly SightingRow[] {
  const rows = new Map<string, Sighting[]>();
  for (const entry of entries) {
    if (entry.kind !== 'observation' || entry.of === 'wait') continue;
    // A write is drawn once, where it ended.
    if (entry.of === 'write' && entry.phase === 'invoked') continue;
    const { subject, says } = describeEntry(entry);
    const label = rowLabel(entry, namespace);
    const sighting = { index: entry.index, atMs: entry.atMs, look: lookOf(entry), facts: [subject, clip(says, 200)] };
    rows.set(label, [...(rows.get(label) ?? []), sighting]);
  }
  return [...rows].map(([label, sightings]) => ({ label, sightings }));
}

/** Sightings of one thing share a row. */
function rowLabel(seen: Observation, namespace: string): string {
  switch (seen.of) {
    case 'dns':
      return `dns ${seen.question.type} ${seen.question.name.replace(`.${namespace}.svc.cluster.local`, '')}`;
    case 'http':
      return `http ${seen.target.replace(`.${namespace}.svc.cluster.local`, '')}`;
    case 'command':
      return `exec ${seen.pod}`;
    case 'api':
      return 'API answers';
    case 'node':
      return `node ${seen.node}`;
    case 'log':
      return `log of ${seen.pod}`;
    case 'exchange':
      return `${seen.client} ${seen.target}`;
    case 'write':
      return `writes to ${seen.ledger}`;
    case 'read':
      return `reads of ${seen.ledger}`;
    case 'liveness':
      return 'controllers alive';
    case 'manifest':
      return 'manifests read';
    case 'wait':
      return 'waits';
  }
}

function lookOf(seen: Observation): Sighting['look'] {
  switch (seen.of) {
    case 'dns':
      return dnsLook(seen.status);
    case 'http':
      if (seen.status === 0) return 'unknown';
      return seen.status < 400 ? 'fine' : 'bad';
    case 'command':
      return seen.exitCode === 0 ? 'fine' : 'bad';
    case 'api':
      // A refusal is an answer, and often the one that was hoped for.
      if (seen.code < 400) return 'fine';
      return seen.code < 500 ? 'absent' : 'bad';
    case 'exchange':
      return exchangeLook(seen.status);
    case 'write':
      return exchangeLook(seen.phase);
    case 'node':
    case 'log':
    case 'read':
    case 'liveness':
    case 'manifest':
    case 'wait':
      return 'fine';
  }
}

/** A server that refuses has answered; one that says nothing has not. */
function exchangeLook(status: Extract<Observation, { of: 'write' }>['phase']): Sighting['look'] {
  switch (status) {
    case 'succeeded':
      return 'fine';
    case 'failed':
      return 'absent';
    case 'invoked':
    case 'indeterminate':
      return 'unknown';
  }
}

function dnsLook(status: Extract<Observation, { of: 'dns' }>['status']): Sighting['look'] {
  switch (status) {
    case 'NOERROR':
      return 'fine';
    case 'NXDOMAIN':
      return 'absent';
    case 'TIMEOUT':
      return 'unknown';
    case 'SERVFAIL':
    case 'REFUSED':
      return 'bad';
  }
}

function momentOfGap(gap: Gap): Moment & { readonly resource: string } {
  return { index: gap.index, atMs: gap.atMs, label: `gap in ${gap.resource}: ${gap.because}`, resource: gap.resource };
}
