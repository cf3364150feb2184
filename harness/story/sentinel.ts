import { deadlines, patience } from '../deadlines.ts';
import { holdFinalizer } from '../disruption/holds.ts';
import type { Recorded } from '../history/objects.ts';
import { Recording } from '../history/recording.ts';
import type { Kube } from '../kube/connect.ts';
import { startRecorder, type Recorder } from '../kube/recorder.ts';
import { sawInTime } from './lab.ts';

const followed = ['statefulsets', 'pods', 'poddisruptionbudgets', 'serviceaccounts'] as const;

/**
 * Proof that a controller is alive: a StatefulSet, or a budget, in a namespace of its own whose one Pod no node can take, so that it costs no node anything.
 *
 * Why a reaction proves more than a pause: the StatefulSet controller learns of all Pods through one watch and works its queue in order. When
 * it has counted the sentinel's new Pod in the sentinel's status, it had received everything that happened to Pods before that, and the
 * tested set, queued earlier, had its turn. Two signs, one after the other, leave it no excuse of being busy with another key. The disruption
 * controller is built the same way: what it shows in the status of the sentinel's budget, it had come to after everything that had happened before.
 */
export class Sentinels {
  readonly #kube: Kube;
  readonly #namespace: string;
  readonly #recording: Recording;
  readonly #recorder: Recorder;
  #made = 0;

  private constructor(kube: Kube, namespace: string, recording: Recording, recorder: Recorder) {
    this.#kube = kube;
    this.#namespace = namespace;
    this.#recording = recording;
    this.#recorder = recorder;
  }

  static async open(kube: Kube, namespace: string, signal: AbortSignal): Promise<Sentinels> {
    const recording = new Recording();
    const recorder = await startRecorder(kube, recording, { namespace, resources: followed, signal });
    return new Sentinels(kube, namespace, recording, recorder);
  }

  /** A sentinel of its own for one window. The signs must be asked for in turn. */
  post(signal: AbortSignal): Sentinel {
    this.#made += 1;
    return new Sentinel(this.#kube, this.#namespace, this.#recording, `sentinel-${this.#made}`, signal);
  }

  async close(): Promise<void> {
    await this.#recorder.stop();
  }
}

/** One sentinel: `appears` and `vanishes` each make the controller act and say what was seen. */
export class Sentinel {
  readonly #kube: Kube;
  readonly #namespace: string;
  readonly #recording: Recording;
  readonly #name: string;
  readonly #signal: AbortSignal;

  constructor(kube: Kube, namespace: string, recording: Recording, name: string, signal: AbortSignal) {
    this.#kube = kube;
    this.#namespace = namespace;
    this.#recording = recording;
    this.#name = name;
    this.#signal = signal;
  }

  /** The StatefulSet controller makes the sentinel's Pod and counts it. */
  async appears(): Promise<string> {
    await this.#kube.create({ resource: 'statefulsets', namespace: this.#namespace }, sentinelSet(this.#name), {
      signal: this.#signal,
    });
    await this.#until('make its Pod', () => this.#set()?.status?.replicas === 1);
    return `${this.#name} was created and the controller made and counted its Pod`;
  }

  /**
   * The StatefulSet controller takes note that no Pod is wanted, deletes the sentinel's and counts it out. One that takes note and leaves the Pod there is alive all the same: what
   * it gets wrong is for the stories to find.
   */
  async vanishes(): Promise<string> {
    await this.#kube.patch(
      { resource: 'statefulsets', namespace: this.#namespace, name: this.#name },
      { spec: { replicas: 0 } },
      'merge',
      { signal: this.#signal },
    );
    await this.#until('be observed', () => {
      const { metadata, status } = this.#set() ?? {};
      return status !== undefined && status.observedGeneration === metadata?.generation;
    });
    const isGone = await this.#sees('have its Pod deleted', () => this.#set()?.status?.replicas === 0);
    const what = isGone ? 'deleted its Pod' : 'took note, and left its Pod';
    return `${this.#name} was scaled to 0 and the controller ${what}`;
  }

  /** The garbage collector removes the sentinel's Pod after its set was deleted in the background. */
  async isCollected(): Promise<string> {
    await this.#kube.delete(
      { resource: 'statefulsets', namespace: this.#namespace, name: this.#name },
      { propagationPolicy: 'Background', signal: this.#signal },
    );
    await this.#until('have its Pod collected', () => this.#set() === undefined && !this.#hasPod());
    return `${this.#name} was deleted and the garbage collector removed its Pod`;
  }

  /**
   * The disruption controller counts a Pod that the sentinel's budget speaks of. The budget is changed meanwhile, so that a controller that overlooks one
   * kind of change still shows itself: what it gets wrong is for the stories to find.
   */
  async isBudgeted(): Promise<string> {
    // A Pod that somebody makes by hand is refused while its namespace has no default ServiceAccount yet.
    await this.#until('find its namespace ready', () => this.#recording.state('serviceaccounts').size > 0);
    const namespace = this.#namespace;
    const made = { signal: this.#signal };
    await this.#kube.create({ resource: 'poddisruptionbudgets', namespace }, sentinelBudget(this.#name), made);
    await this.#kube.create({ resource: 'pods', namespace }, sentinelPod(this.#name), made);
    await this.#wants(2);
    await this.#until('have its Pod counted by its budget', () => this.#expectedPods() > 0);
    return `${this.#name} was created with a budget and the controller counted its Pod`;
  }

  /** The disruption controller counts that Pod out when it has gone. */
  async isBudgetedOut(): Promise<string> {
    const counted = this.#expectedPods();
    await this.#wants(3);
    const pod = { resource: 'pods', namespace: this.#namespace, name: this.#name } as const;
    await this.#kube.delete(pod, { gracePeriodSeconds: 0, signal: this.#signal });
    await this.#until('be without its Pod', () => this.#pod() === undefined);
    await this.#wants(4);
    await this.#until('have its Pod counted out by its budget', () => this.#expectedPods() < counted);
    return `the Pod of ${this.#name} was deleted and the controller counted it out`;
  }

  async #wants(minAvailable: number): Promise<void> {
    const budget = { resource: 'poddisruptionbudgets', namespace: this.#namespace, name: this.#name } as const;
    await this.#kube.patch(budget, { spec: { minAvailable } }, 'merge', { signal: this.#signal });
  }

  /** The collector of Pods finds the sentinel's Pod deleted without a node ever having taken it, and fails it; a finalizer keeps it there to be looked at. */
  async isSwept(): Promise<string> {
    await this.#until('find its namespace ready', () => this.#recording.state('serviceaccounts').size > 0);
    const namespace = this.#namespace;
    const pod = { resource: 'pods', namespace, name: this.#name } as const;
    const held = sentinelPod(this.#name, [holdFinalizer]);
    await this.#kube.create({ resource: 'pods', namespace }, held, { signal: this.#signal });
    await this.#kube.delete(pod, { signal: this.#signal });
    await this.#until('be swept up', () => this.#pod()?.status?.phase === 'Failed');
    await this.#kube.patch(pod, { metadata: { finalizers: null } }, 'merge', { signal: this.#signal });
    return `${this.#name} was deleted without a node, and the collector failed it`;
  }

  async #until(what: string, holds: () => boolean, deadlineMs: number = deadlines.reactionMs): Promise<void> {
    await this.#recording.until(() => holds(), { for: `the sentinel to ${what}`, deadlineMs, signal: this.#signal });
  }

  /** What comes within a glance where all is well. */
  #sees(what: string, holds: () => boolean): Promise<boolean> {
    return sawInTime(this.#until(what, holds, patience.glanceMs));
  }

  #set(): Recorded<'statefulsets'> | undefined {
    return [...this.#recording.state('statefulsets').values()].find((set) => set.metadata.name === this.#name);
  }

  /** How many Pods the sentinel's budget speaks of, as the controller says; none before its first word. */
  #expectedPods(): number {
    const budgets = [...this.#recording.state('poddisruptionbudgets').values()];
    return budgets.find((budget) => budget.metadata.name === this.#name)?.status?.expectedPods ?? 0;
  }

  #pod(): Recorded<'pods'> | undefined {
    return [...this.#recording.state('pods').values()].find((pod) => pod.metadata.name === this.#name);
  }

  #hasPod(): boolean {
    return [...this.#recording.state('pods').values()].some((pod) => pod.metadata.name === `${this.#name}-0`);
  }
}

function sentinelSet(name: string): object {
  const labels = labelsOf(name);
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      serviceName: name,
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: podSpec,
      },
    },
  };
}

function sentinelPod(name: string, finalizers: readonly string[] = []): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: labelsOf(name), finalizers }, spec: podSpec };
}

function sentinelBudget(name: string): object {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name },
    spec: { minAvailable: 1, selector: { matchLabels: labelsOf(name) } },
  };
}

function labelsOf(name: string): Readonly<Record<string, string>> {
  return { 'steadfast.dev/sentinel': name };
}

const podSpec = {
  nodeSelector: { 'steadfast.dev/no-such-node': 'true' },
  terminationGracePeriodSeconds: 0,
  containers: [{ name: 'none', image: 'registry.k8s.io/pause:3.10' }],
};
