import { isClaimId, type ClaimId } from './catalogue.ts';
import { isAtLeast } from './serverVersions.ts';

/** A promise that is broken on published servers: by a bug that is known, or by what the tutorial itself deploys. */
export interface KnownViolation {
  /** The issue of kubernetes/kubernetes, or the page of the document that says why the promise cannot hold. */
  readonly issue: number | `https://${string}`;
  /** What goes wrong, in a sentence. */
  readonly says: string;
  /** The minor version it was reported of, and the first that mends it; without the latter none does. */
  readonly since: string;
  readonly mendedIn?: string;
  /** Minor versions on which this suite has seen it. */
  readonly seenOn: readonly string[];
  /** It depends on who is faster: a run in which it is not seen is no surprise. */
  readonly isRace?: true;
  /** Every finding must read like this: the claim broken in another way is not the known violation. */
  readonly finding: RegExp;
}

/**
 * While an election goes on, ZooKeeper before 3.6.1 tries for five seconds at a time to reach the server that is gone, and sends nobody a vote meanwhile: where the address of a Pod that is gone
 * gives no answer at all, the other two may miss each other over and over.
 */
const electionThatKeepsFailing = {
  issue: 'https://issues.apache.org/jira/browse/ZOOKEEPER-2164',
  says: 'when the leader is gone, the servers that are left may fail to elect another: ZooKeeper 3.4.10 waits for the one that is gone and sends no votes meanwhile',
  since: '1.7',
  seenOn: [],
  isRace: true,
} as const satisfies Omit<KnownViolation, 'finding'>;

/**
 * Seen on unmodified servers. A run in which exactly these are violated has found what is known and nothing else.
 */
export const knownViolations: Readonly<Partial<Record<ClaimId, KnownViolation>>> = {
  'ref.current-revision-after-ondelete': {
    issue: 73492,
    says: 'when every Pod was replaced under OnDelete, status.currentRevision stays the old one',
    since: '1.13',
    seenOn: ['1.34'],
    finding: /^(every Pod is of \S+, and \S+ is current still|\S+ reports 0 current replicas of \d+)/,
  },
  'ref.partition-scaled-to-zero': {
    issue: 121534,
    says: 'a set that was scaled to 0 forgets which Pods its partition had kept at the old template',
    since: '1.28',
    seenOn: ['1.34'],
    finding: /^web-0 came back at \S+, not at \S+/,
  },
  'zk.available-during-maintenance': {
    ...electionThatKeepsFailing,
    finding: /^(no write was acknowledged for \S+ s, and \S+ s are allowed|zk-[02] answered no session within)/,
  },
  'zk.tolerates-node-loss': {
    ...electionThatKeepsFailing,
    finding:
      /^(no write was acknowledged for \S+ s, and \S+ s are allowed|zk-\d does not serve|0 of zk-\d, zk-\d lead)/,
  },
  'zk.quorum-during-update': {
    issue: 'https://zookeeper.apache.org/doc/r3.4.10/zookeeperAdmin.html#sc_zkCommands',
    says: "the tutorial's probe asks ruok, which a server answers before it has joined, so that the next one is replaced while the quorum needs it",
    since: '1.7',
    seenOn: [],
    isRace: true,
    finding: /^no write was acknowledged for \S+ s, and \S+ s are allowed/,
  },
};

export interface KnownHere extends Pick<KnownViolation, 'says' | 'finding'> {
  /** The address of the issue or page. */
  readonly issue: `https://${string}`;
  /** Whether it was seen on this very version; a distribution that adds to the version may have mended it by itself. */
  readonly certain: boolean;
  readonly isRace: boolean;
}

/** What is known of a claim on a server of this version; undefined when it ought to be upheld. */
export function knownViolation(
  claim: string,
  serverVersion: string,
  table: Readonly<Partial<Record<ClaimId, KnownViolation>>> = knownViolations,
): KnownHere | undefined {
  const known = isClaimId(claim) ? table[claim] : undefined;
  if (known === undefined || !isAtLeast(serverVersion, known.since)) return undefined;
  if (known.mendedIn !== undefined && isAtLeast(serverVersion, known.mendedIn)) return undefined;
  const { says, finding, seenOn, isRace = false } = known;
  const minor = /^v(\d+\.\d+)\.\d+$/.exec(serverVersion)?.[1];
  return {
    issue: addressOf(known),
    says,
    finding,
    isRace,
    certain: !isRace && minor !== undefined && seenOn.includes(minor),
  };
}

function addressOf({ issue }: KnownViolation): `https://${string}` {
  return typeof issue === 'number' ? `https://github.com/kubernetes/kubernetes/issues/${issue}` : issue;
}
