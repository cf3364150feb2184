import type { Manifest, ResourceName } from './objects.ts';

/**
 * What a story saw beside the watches. `moment` is the story's own word for when ("before the deletion"), so that a
 * guarantee can ask for exactly those.
 */
export type ObservationFact =
  | DnsAnswer
  | HttpAnswer
  | CommandOutput
  | ApiAnswer
  | NodeOutput
  | FollowedLog
  | Exchange
  | LedgerWrite
  | LedgerRead
  | Liveness
  | ManifestRead
  | Wait;

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

/**
 * What a client of the application asked one server, in the application's own protocol, and how that ended. Recorded when it ended. Without an
 * answer in the time it had it is `indeterminate`: it may have been done.
 */
export interface Exchange {
  readonly of: 'exchange';
  readonly moment: string;
  /** Who asked: `zookeeper`, `four-letter word`, `cassandra`, `mysql`. */
  readonly client: string;
  /** The Pod that was asked. */
  readonly target: string;
  /** What was asked, in words or as it was sent. */
  readonly request: string;
  readonly status: 'succeeded' | 'failed' | 'indeterminate';
  /** What the server answered, as data. */
  readonly answer?: unknown;
  /** The protocol's own name for a refusal: `NO_NODE`, `ER_DUP_ENTRY`. */
  readonly code?: string;
  readonly because?: string;
  /** The newest entry when it was asked: what the history holds up to it had happened before. */
  readonly invokedAtIndex: number;
  readonly beganAtMs: number;
}

/** One step of a write into a ledger: a place in the application where identities are kept, each written once in the whole story. */
export interface LedgerWrite {
  readonly of: 'write';
  readonly moment: string;
  readonly client: string;
  /** The Pod that the write was sent to. */
  readonly target: string;
  readonly ledger: string;
  readonly does: 'add' | 'remove';
  readonly identity: string;
  /** Each write is two entries: `invoked`, then how it ended. `failed`: the server refused, or it was never sent. */
  readonly phase: 'invoked' | 'succeeded' | 'failed' | 'indeterminate';
  readonly because?: string;
  /** The writer's own clock at this step, in milliseconds: what is promised to a client in time can be held to no other. */
  readonly clockMs?: number;
}

/** Everything that a ledger held when one server was asked for all of it. Recorded only if the answer was whole. */
export interface LedgerRead {
  readonly of: 'read';
  readonly moment: string;
  readonly client: string;
  readonly target: string;
  readonly ledger: string;
  readonly identities: readonly string[];
  readonly invokedAtIndex: number;
}

/** A container's log, followed from a moment on. Recorded once, when it was over or was let go. */
export interface FollowedLog {
  readonly of: 'log';
  readonly moment: string;
  readonly pod: string;
  /** Of the Pod that had the name when the log was opened. */
  readonly uid: string;
  readonly text: string;
  /** The server closed it because the container had ended; otherwise it was let go before. */
  readonly ended: boolean;
  /** The newest entry when it was open: what the history holds up to it had been recorded before. */
  readonly openedAtIndex: number;
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
