/**
 * How long each kind of wait may last, in milliseconds. They are bounds after which a story gives up, not times it takes: generous, since a slow
 * cluster that keeps its promises is not to be called broken.
 */
export const deadlines = {
  /** One Pod from its creation to Ready, volume and image included. */
  podReadyMs: 120_000,
  /** One Pod whose server joins others before it is Ready, on a virtual machine of its own. */
  slowPodReadyMs: 240_000,
  /** One Pod from its deletion to gone. */
  podGoneMs: 90_000,
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
} as const;

/** A wait for `count` Pods one after another. */
export function forPods(count: number): number {
  return deadlines.podReadyMs + Math.max(0, count - 1) * (deadlines.podReadyMs / 4);
}

/** The same for servers that take long. */
export function forSlowPods(count: number): number {
  return Math.max(1, count) * deadlines.slowPodReadyMs;
}
