import type { Clients } from '../clients/clients.ts';
import type { DnsAnswer, HttpAnswer, ObservationFact, WatchedController } from '../history/observations.ts';
import type { Span } from '../guarantees/guarantee.ts';
import type { Manifest, Recorded, ResourceName } from '../history/objects.ts';
import type { DeleteOptions, PatchType } from '../kube/client.ts';
import type { OrdinalSet } from '../history/sets.ts';
import type { KindName } from '../kube/kinds.ts';
import type { Kustomization } from '../workload/kustomization.ts';
import type { Workload } from '../workload/workload.ts';
import type { VolumePlace } from './volume.ts';

/**
 * What a story can do. It acts through these verbs, each of which records what was asked and returns when the API server has answered; where a
 * verb waits for the cluster, its name says so (`becomes…`). A story holds no judgement: what is expected is the claims' matter.
 */
export interface Stage {
  readonly namespace: StoryNamespace;
  /** Nodes, for a story that takes them for itself. Throws a reason not to run where nodes may not be touched. */
  readonly nodes: Nodes;
  /** Aborted when the run is interrupted. Every verb observes it. */
  readonly signal: AbortSignal;
}

export interface StoryNamespace {
  readonly name: string;
  /** The cluster's DNS zone as the probe's resolver has it; `cluster.local`, the usual one, until there is a probe. */
  readonly zone: string;
  /** Server-side apply of every object, in order; the handle of its StatefulSet. Does not wait for Pods. A StorageClass is not applied: the cluster has exactly that one, or the story is not run. */
  deploy(workload: Workload): Promise<StatefulSetHandle>;
  /** Server-side apply of every object, in order, for a workload that is no StatefulSet. Returns the objects as the server answered. */
  applies(workload: Workload): Promise<readonly Manifest[]>;
  /** `kubectl kustomize`: what the directory is built to, without asking the cluster for anything. Recorded as a `manifest` observation of the moment. */
  builds(moment: string, kustomization: Kustomization): Promise<readonly Manifest[]>;
  /** `kubectl apply -k`: kubectl builds the directory and applies what comes of it. Does not wait for Pods. */
  appliesDirectory(kustomization: Kustomization): Promise<void>;
  /** `kubectl delete -k`, which waits until all it deleted is gone. Says whether it found everything and saw it go. */
  deletesDirectory(kustomization: Kustomization): Promise<boolean>;
  /** A client inside the cluster. Made on first use and ready when this resolves: ask for it before the action to be watched. */
  probe(): Promise<Probe>;
  /** Clients of the applications themselves, each speaking its own protocol to a server of the story's choice. */
  readonly clients: Clients;
  /** Fences the recording at this moment and gives it a name; returns the name. Provisional until the story's last fence has proved it. */
  mark(name: string): Promise<string>;
  /**
   * A window in which something must not happen: fence, sign of life of the controller, another one, fence. The controller has then seen whatever
   * was recorded before the window opened and has had occasion to act on it. Where Pods or StatefulSets still change, there are up to four signs more.
   */
  quietly(name: string, controller?: WatchedController): Promise<Required<Span>>;
  /** Records a fact that the story saw by itself. */
  observe(fact: ObservationFact): void;
  /** A request whose answer, whatever it is, is recorded as an `api` observation; returns code and body. Patches are merge patches. */
  asks(moment: string, request: ApiRequest): Promise<{ readonly code: number; readonly body: unknown }>;
  /** Deletes a recorded object by name: `deletes('services', 'nginx')`. Returns once the deletion was recorded by the watch. */
  deletes(resource: ResourceName, name: string, options?: Omit<DeleteOptions, 'uid'>): Promise<void>;
  /** Deletes the objects with these labels in one call, as a collection. Returns once the deletions were recorded, or goes on without one that does not come. */
  deletesAll(
    resource: ResourceName,
    labels: Readonly<Record<string, string>>,
    options?: Pick<DeleteOptions, 'propagationPolicy'>,
  ): Promise<void>;
  /** Patches a recorded object (`merge` unless said otherwise). Returns once the patched version was recorded. */
  patches(
    resource: ResourceName,
    name: string,
    body: object,
    options?: { readonly type?: PatchType; readonly subresource?: 'status' | 'scale' },
  ): Promise<void>;
  /** Asks once for a Pod's eviction, as a drain does; a refusal is an answer. Recorded as an operation and as an `api` observation of the moment.
   * With another `uid` than the Pod's, the eviction is granted by the budget and fails at the deletion: it stays under way. `dryRun`: to see what would be answered. */
  evicts(moment: string, pod: string, options?: { readonly uid?: string; readonly dryRun?: true }): Promise<Eviction>;
  /** Waits until a condition over what was recorded holds: the way to wait for anything that has no verb. */
  until(
    what: string,
    holds: (recorded: RecordedState) => boolean,
    options?: { readonly deadlineMs?: number },
  ): Promise<void>;
  /** Like `until`, but goes on when the deadline has passed, and says whether it was seen: for a moment whose absence is itself a finding. */
  sees(
    what: string,
    holds: (recorded: RecordedState) => boolean,
    options?: { readonly deadlineMs?: number },
  ): Promise<boolean>;
  /** Looks at the disk of the node that holds this claim's volume: `argv` with `{path}` replaced by the volume's directory there. Recorded as a `node` observation. */
  looksAtVolume(moment: string, claim: string, argv: readonly string[]): Promise<string>;
  /** Where a claim's volume lies, as data, so that a story can look there again after claim and volume are gone. */
  volumePlace(claim: string): VolumePlace;
  /** Runs a command on a node; recorded as a `node` observation. */
  looksAtNode(moment: string, node: string, argv: readonly string[]): Promise<string>;
  /** Runs a command in any Pod of the namespace and records its output as a `command` observation. Returns stdout. */
  runs(moment: string, pod: string, argv: readonly string[]): Promise<string>;
  /** Opens the log of a Pod's container and follows it: ask for it before the Pod is to go. */
  followsLog(moment: string, pod: string): Promise<FollowedPodLog>;
  /** A StorageClass whose volumes can be used from every node, or that the run was asked to certify; `undefined` where none is known. */
  sharedStorageClass(): string | undefined;
}

/** A log that is being followed; it is recorded when it `ends`. */
export interface FollowedPodLog {
  /** Waits until the server has closed the log because the container has ended, or for as long as a Pod may take to go, and records what there was. */
  ends(): Promise<void>;
}

export interface ApiRequest {
  readonly verb: 'get' | 'create' | 'replace' | 'patch' | 'apply' | 'delete';
  readonly resource: KindName;
  readonly name?: string;
  readonly subresource?: string;
  readonly body?: unknown;
  readonly dryRun?: boolean;
  /** Unknown fields are refused rather than dropped. */
  readonly strict?: boolean;
  /** Parameters of the request: `{ tailLines: 20 }` for a log. */
  readonly query?: Readonly<Record<string, string | number | boolean>>;
}

/** What the server answered to an eviction: 201, or 429 with its reason when a budget forbids it. */
export interface Eviction {
  readonly code: number;
  readonly because: string;
}

/** The recorded objects at this moment, by name. `nodes` are there only for stories that follow them. */
export interface RecordedState {
  readonly pods: ReadonlyMap<string, Recorded<'pods'>>;
  readonly statefulsets: ReadonlyMap<string, Recorded<'statefulsets'>>;
  readonly persistentvolumeclaims: ReadonlyMap<string, Recorded<'persistentvolumeclaims'>>;
  readonly persistentvolumes: ReadonlyMap<string, Recorded<'persistentvolumes'>>;
  readonly poddisruptionbudgets: ReadonlyMap<string, Recorded<'poddisruptionbudgets'>>;
  readonly nodes: ReadonlyMap<string, Recorded<'nodes'>>;
  readonly services: ReadonlyMap<string, Recorded<'services'>>;
  readonly endpointslices: ReadonlyMap<string, Recorded<'endpointslices'>>;
  readonly controllerrevisions: ReadonlyMap<string, Recorded<'controllerrevisions'>>;
  readonly events: ReadonlyMap<string, Recorded<'events'>>;
  /** These three are there only for stories that follow them. */
  readonly deployments: ReadonlyMap<string, Recorded<'deployments'>>;
  readonly replicasets: ReadonlyMap<string, Recorded<'replicasets'>>;
  readonly secrets: ReadonlyMap<string, Recorded<'secrets'>>;
}

/** How long a wait may last. */
export interface Patience {
  /** For servers that take minutes until they are Ready, one after another. */
  readonly slow?: true;
}

/** A deployed StatefulSet. In the history, and so for claims, it is an `OrdinalSet`: data without verbs. */
export interface StatefulSetHandle extends OrdinalSet {
  toJSON(): OrdinalSet;
  /** Every Pod of the set's present size is Running and Ready, none is left over, and the set's status says so. */
  becomesReady(options?: Patience): Promise<void>;
  /** The same for servers that were Ready before, and should be: goes on when the patience for one slow Pod is over, and says whether it was seen. */
  seesReady(): Promise<boolean>;
  /** Every Pod is of the update revision and Ready, and currentRevision equals updateRevision. */
  becomesUpdated(options?: Patience): Promise<void>;
  /** The controller has seen the newest spec: observedGeneration has caught up. */
  isObserved(): Promise<void>;
  /** This Pod exists, Running and Ready, with a uid other than `insteadOf`. Returns its uid. */
  podBecomesReady(ordinal: number, insteadOf?: string, options?: Patience): Promise<string>;
  /** This Pod exists and is Running, and is not Ready, or should not be: a readiness gate of it is not met. Returns its uid. */
  podBecomesRunning(ordinal: number, insteadOf?: string): Promise<string>;
  /** This Pod has been added, in whatever phase, with a uid other than `insteadOf`. Returns its uid. */
  podAppears(ordinal: number, insteadOf?: string): Promise<string>;
  podDisappears(ordinal: number): Promise<void>;
  /** This Pod has a deletionTimestamp, or is gone already. */
  podIsTerminating(ordinal: number): Promise<void>;
  uidOf(ordinal: number): string;
  /** The recorded IP address of the Pod. */
  addressOf(ordinal: number): string;
  /** The recorded node of the Pod. */
  nodeOf(ordinal: number): string;
  /** How many changes of its Pods were recorded so far: the same number twice says that none lies between. */
  recordedChanges(): number;
  scaleTo(replicas: number): Promise<void>;
  /** The same through the `/scale` subresource, as `kubectl scale` does; goes on where the server writes down another number. */
  scaleThroughSubresourceTo(replicas: number): Promise<void>;
  /** A strategic merge patch of the StatefulSet. */
  patch(body: object): Promise<void>;
  setImage(image: string): Promise<void>;
  setPartition(partition: number): Promise<void>;
  /** Deletes one Pod, or with no ordinal all of them by label, as the tutorial does. */
  deletePod(ordinal: number): Promise<void>;
  deletePods(): Promise<void>;
  /** Deletes the set. Returns once it was recorded as deleted (`Orphan`, `Background`) or at once with `wait: false`. */
  delete(propagation: 'Background' | 'Foreground' | 'Orphan', options?: { readonly wait?: boolean }): Promise<void>;
  /** For workloads varied by `heldUnready()`: sets or withdraws the readiness condition of a Pod that is there. */
  letReady(ordinal: number): Promise<void>;
  makeUnready(ordinal: number): Promise<void>;
  /** Puts a finalizer on the Pod, so that it stays Terminating until released. */
  holdTermination(ordinal: number): Promise<void>;
  releaseTermination(ordinal: number): Promise<void>;
  /** For workloads varied by `heldPending()`: takes the scheduling gate off a Pod that is there. */
  letSchedule(ordinal: number): Promise<void>;
  /** Runs a command in the Pod's container and records its output as a `command` observation. Returns stdout. */
  runs(moment: string, ordinal: number, argv: readonly string[]): Promise<string>;
}

/** A client inside the cluster, in the story's namespace: see the observations it records. */
export interface Probe {
  /** The cluster's DNS zone, from the search list that kubelet gave to the probe. */
  readonly zone: string;
  /** Asks DNS for each name (fully qualified), A or SRV; all in one go. Records one `dns` observation each. */
  asksDns(moment: string, questions: readonly { readonly name: string; readonly type: 'A' | 'SRV' }[]): Promise<void>;
  /** Keeps asking the question until an answer satisfies `until`; every answer that differs from the one before is recorded.
   * Returns as well when the DNS deadline has passed, and says so: the last answer is recorded, and what it means is the guarantee's matter. */
  asksDnsUntil(
    moment: string,
    question: { readonly name: string; readonly type: 'A' | 'SRV' },
    until: (answer: DnsAnswer) => boolean,
  ): Promise<boolean>;
  /** GETs each URL over TCP. `target` names what is asked (`web-0`), `url` how. Records one `http` observation each. */
  gets(moment: string, requests: readonly { readonly target: string; readonly url: string }[]): Promise<void>;
  /** A client that holds only a name: resolves and GETs it over and over until `stop()`; each change of outcome is recorded as an `http` observation with the
   * resolved `address`. Its `until` returns as well when the deadline has passed. */
  follows(
    moment: string,
    target: string,
    url: string,
  ): Promise<{ until(what: string, seen: (answer: HttpAnswer) => boolean): Promise<void>; stop(): Promise<void> }>;
  /** Runs a command in the probe; recorded as a `command` observation with pod `probe`. */
  runs(moment: string, argv: readonly string[]): Promise<string>;
}

export interface Nodes {
  /** Whether this run may change anything of a node. Where it may not, a story that tries is not run. */
  readonly mayBeTaken: boolean;
  /** The label that `labels` gives, for the selector of a Pod. */
  readonly label: Readonly<Record<string, string>>;
  /** Gives the node a label that only this run's Pods ask for, until the story ends. It disturbs nobody: such a story need not be told alone. */
  labels(node: string): Promise<void>;
  /** Marks the node unschedulable until the story ends. */
  cordon(node: string): Promise<void>;
  uncordon(node: string): Promise<void>;
  /**
   * `kubectl drain --ignore-daemonsets --force --delete-emptydir-data`, over the Pods of the story's namespace alone: cordons the node, asks for the eviction of each Pod on
   * it that is no DaemonSet's, asks again every five seconds where a budget refuses, and returns when the evicted Pods are gone or the patience is over (`patienceMs`, 60 seconds
   * if left out). A refusal is an answer. The node stays cordoned until it is uncordoned or the story ends.
   */
  drains(moment: string, node: string, options?: { readonly patienceMs?: number }): Promise<Drain>;
  /** Lets everything on the node stand still, kubelet and Pods with it, until it is resumed or the story ends: nobody hears of it any more. Only on kind. */
  pauses(node: string): Promise<void>;
  resumes(node: string): Promise<void>;
  /**
   * Deletes the object of a paused node, as somebody does who has thrown it away. Resuming it or the story's end brings back both: as it was registered, and under another
   * uid; its kubelet begins anew. Pods of others that were on it go with it, and those that somebody controls are made again elsewhere.
   */
  removes(node: string): Promise<void>;
  /** Taints the node `node.kubernetes.io/out-of-service` until the story ends: whoever does that has seen that it is down. */
  takesOutOfService(node: string): Promise<void>;
  returnsToService(node: string): Promise<void>;
  /**
   * Kills the kube-controller-manager that leads, and resolves when another process of it does. Returns the moments of the two `api` observations that say who
   * led before and after. Only on kind.
   */
  restartsController(): Promise<ControllerRestart>;
}

/** How a drain ended. In the history it is the operation `drain` of the node, and the answers to the evictions of that moment. */
export interface Drain {
  readonly moment: string;
  readonly node: string;
  readonly outcome: 'drained' | 'given up';
  /** The Pods that were left, and the server's words for each. */
  readonly because?: string;
}

/** The moments at which it was recorded who leads. */
export interface ControllerRestart {
  readonly before: string;
  readonly after: string;
}
