import type { Manifest, ResourceName } from './objects.ts';

/**
 * What a story saw beside the watches. `moment` is the story's own word for when ("before the deletion"), so that a
 * guarantee can ask for exactly those.
 */
export type ObservationFact =
  DnsAnswer | HttpAnswer | CommandOutput | ApiAnswer | NodeOutput | Liveness | ManifestRead | Wait;

/** A DNS question asked by a client inside the cluster, and what came back. */
export interface DnsAnswer {
  readonly of: 'dns';
  readonly moment: string;
  readonly question: { readonly name: string; readonly type: 'A' | 'SRV' };
  /** The answer's own status; `TIMEOUT` when no server answered: that is no statement about the name. */
  readonly status: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'TIMEOUT';
  /** Addresses of an A answer, in the order they came. */
  readonly addresses: readonly string[];
  /** Records of an SRV answer. `target` without the dot at its end. */
  readonly services: readonly { readonly target: string; readonly port: number }[];
}

/** A GET over TCP by a client inside the cluster. `status` 0: no HTTP answer; `because` tells the client's reason. */
export interface HttpAnswer {
  readonly of: 'http';
  readonly moment: string;
  /** The Pod or name that was asked, and the address used if it was resolved for the question. */
  readonly target: string;
  readonly address?: string;
  readonly status: number;
  readonly body: string;
  readonly because?: string;
}

/** A command run in a container of a Pod. */
export interface CommandOutput {
  readonly of: 'command';
  readonly moment: string;
  readonly pod: string;
  readonly argv: readonly string[];
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A read, or a dry run, answered by the API server: status code and body, whatever they were. */
export interface ApiAnswer {
  readonly of: 'api';
  readonly moment: string;
  readonly request: string;
  readonly code: number;
  readonly body: unknown;
}

/** A command run on a node itself, for what only the node's disk can tell. */
export interface NodeOutput {
  readonly of: 'node';
  readonly moment: string;
  readonly node: string;
  readonly argv: readonly string[];
  readonly stdout: string;
}

/** A controller that can be made to show itself at work. */
export type WatchedController = 'statefulset' | 'garbage-collector' | 'disruption' | 'pod-garbage-collector';

/**
 * A controller was alive: a sentinel object in a namespace of its own was changed after `invokedAtIndex` and the controller reacted.
 * Recorded once the reaction was seen, so the controller worked at some point between the two.
 */
export interface Liveness {
  readonly of: 'liveness';
  readonly moment: string;
  readonly controller: WatchedController;
  /** What the sentinel was made to do and what was seen. */
  readonly seen: string;
  readonly invokedAtIndex: number;
}

/** A manifest as the suite holds it, parsed. */
export interface ManifestRead {
  readonly of: 'manifest';
  readonly moment: string;
  readonly file: string;
  readonly objects: readonly Manifest[];
}

/** The story waited: from when, for what, and which entry ended it. For benchmarks and diagnosis. */
export interface Wait {
  readonly of: 'wait';
  readonly moment: string;
  readonly for: string;
  readonly beganAtMs: number;
  readonly endedBy: { readonly resource: ResourceName | 'none'; readonly atMs: number };
}
