import type { Observation } from '../history/entries.ts';
import type { Window } from './guarantee.ts';

type Output = Extract<Observation, { of: 'command' }>;

/** The ring as one of its servers describes it: what `nodetool status` prints. */
export interface RingView {
  readonly datacenters: readonly string[];
  readonly members: readonly RingMember[];
}

export interface RingMember {
  /** `UN`: up and normal; `UJ`: up and joining; `DN`: down and normal … */
  readonly state: string;
  readonly address: string;
  readonly tokens: number;
  readonly hostId: string;
  readonly rack: string;
}

export const askingForTheRing = ['nodetool', 'status'] as const;

/** The last answer of that Pod's own server at that moment, if it gave one. */
export function ringOutputOf(window: Window, pod: string, moment: string): Output | undefined {
  return window
    .observations('command', moment)
    .findLast((output) => output.pod === pod && isAboutTheRing(output) && output.exitCode === 0);
}

/** The last refusal of that Pod's own server at that moment to describe the ring, since it has not joined one. */
export function bootstrappingOutputOf(window: Window, pod: string, moment: string): Output | undefined {
  return window
    .observations('command', moment)
    .findLast((output) => output.pod === pod && isAboutTheRing(output) && isStillBootstrapping(output));
}

function isStillBootstrapping({ exitCode, stdout, stderr }: Output): boolean {
  return exitCode !== 0 && /still bootstrapping/.test(stdout + stderr);
}

export function isAboutTheRing({ argv }: Output): boolean {
  return argv.join(' ') === askingForTheRing.join(' ');
}

/** Reads a view; a line that has the form of no member is none. */
export function ringViewOf(stdout: string): RingView {
  const lines = stdout.split('\n').map((line) => line.trim());
  return {
    datacenters: lines.map((line) => /^Datacenter: (.+)$/.exec(line)?.[1]).filter((name) => name !== undefined),
    members: lines.map(memberOf).filter((member) => member !== undefined),
  };
}

const memberLine =
  /^(?<state>[UD?][NLJM])\s+(?<address>\S+)\s+(?:\?|[\d.,]+ \S+)\s+(?<tokens>\d+)\s+(?:\?|[\d.,]+%)\s+(?<hostId>[0-9a-f-]{36})\s+(?<rack>\S+)$/;

function memberOf(line: string): RingMember | undefined {
  const found = memberLine.exec(line)?.groups;
  if (found === undefined) return undefined;
  const { state = '', address = '', tokens = '', hostId = '', rack = '' } = found;
  return { state, address, tokens: Number(tokens), hostId, rack };
}
