/** The environment variable by which a run tells its stories the pace of the machine. Set by the command line, never by a user. */
export const paceVariable = 'STEADFAST_PACE';

/** How many times as long as the machine on which this table was made the machine of this run takes; 1 for one that is as fast, or faster. */
const pace = paceFrom(process.env[paceVariable]);

/**
 * How long each kind of wait may last, in milliseconds. They are bounds after which a story gives up, not times it takes: generous, since a slow
 * cluster that keeps its promises is not to be called broken. The figures are those of two cores; on a slower machine each is longer by its pace.
 */
export const deadlines = atPace({
  /** One Pod from its creation to Ready, volume and image included. */
  podReadyMs: 120_000,
  /** One Pod whose server joins others before it is Ready, on a virtual machine of its own. */
  slowPodReadyMs: 240_000,
  /** One Pod from its deletion to gone. */
  podGoneMs: 90_000,
  /** Several Pods whose servers put their affairs in order before they end, one after the other. */
  slowPodsGoneMs: 180_000,
  /** A drain from its first request for an eviction to the last that is refused. */
  drainMs: 60_000,
  /** A controller from a change it watches to its first reaction. */
  reactionMs: 30_000,
  /** The watch from an answered call to the recorded change. */
  recordedMs: 15_000,
  /** DNS from a change of endpoints to the answer that shows it: the record's time to live (30 s) and the watch's lag. */
  dnsMs: 40_000,
  /** A command in a container. */
  commandMs: 60_000,
  /** One question to a server of the application, connecting included. */
  exchangeMs: 10_000,
  /** One page of a web site that makes it anew for each visitor, the first ones after its start included. */
  pageMs: 30_000,
  /** One write of a writer that is to go on: it then turns to another server. */
  writeMs: 3_000,
  /** Servers of one ensemble from running to serving. An election that began while one was alone backs off for up to a minute before it asks again. */
  electionMs: 120_000,
  /** A new leader of the controllers after the old one's process was killed, the kubelet's pause after several such ends included. */
  controllerBackMs: 180_000,
  /** A namespace and everything in it, from its deletion to gone. */
  namespaceGoneMs: 120_000,
});

/**
 * How long a story waits for what it can go on without, in milliseconds: that it did not come is then the finding, and the claims say so. Long
 * beside the time that it takes on a cluster that keeps its promises, and no longer, for on one that does not every story waits it out.
 */
export const patience = atPace({
  /** What should be there already and has only to be seen. */
  glanceMs: 5_000,
  /** A refusal that is meant to last, long enough to be met several times. */
  refusalMs: 6_000,
  /** A controller's next step: a Pod made, let go, adopted or given a node. */
  reactionMs: 30_000,
  /** A small set after a change, until it has every Pod that it should have and no others; a volume, until it is reclaimed. */
  settledMs: 45_000,
  /** One Pod ended and another Ready in its place. */
  podMs: 60_000,
  /** The same where the old one takes its whole grace period. */
  lingeringPodMs: 90_000,
  /** The same for a server on a virtual machine; a node's silence, until it is given up. */
  slowPodMs: 120_000,
  /** A server whose probe fails until it is restarted and Ready again, with the kubelet's pause after several ends. */
  failingServerMs: 180_000,
});

/** A wait for `count` Pods one after another. */
export function forPods(count: number): number {
  return deadlines.podReadyMs + Math.max(0, count - 1) * (deadlines.podReadyMs / 4);
}

/** The same for servers that take long. */
export function forSlowPods(count: number): number {
  return Math.max(1, count) * deadlines.slowPodReadyMs;
}

function atPace<Name extends string>(table: Readonly<Record<Name, number>>): Readonly<Record<Name, number>> {
  const paced = Object.entries<number>(table).map(([name, ms]) => [name, Math.round(ms * pace)]);
  return Object.fromEntries(paced) as Readonly<Record<Name, number>>;
}

/** Without the variable nobody has measured: the table stands as it is. */
function paceFrom(text = '1'): number {
  const told = Number(text);
  if (!(Number.isFinite(told) && told >= 1))
    throw new Error(`${paceVariable} is '${text}', and should be a number from 1 on`);
  return told;
}
