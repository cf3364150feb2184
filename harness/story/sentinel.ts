import { deadlines } from '../deadlines.ts';
import type { Recorded } from '../history/objects.ts';
import { Recording } from '../history/recording.ts';
import type { Kube } from '../kube/connect.ts';
import { startRecorder, type Recorder } from '../kube/recorder.ts';

/**
 * Proof that a controller is alive: a StatefulSet in a namespace of its own whose one Pod no node can take, so that it costs no node anything.
 *
 * Why a reaction proves more than a pause: the StatefulSet controller learns of all Pods through one watch and works its queue in order. When
 * it has counted the sentinel's new Pod in the sentinel's status, it had received everything that happened to Pods before that, and the
 * tested set, queued earlier, had its turn. Two signs, one after the other, leave it no excuse of being busy with another key.
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
    const recorder = await startRecorder(kube, recording, { namespace, resources: ['statefulsets', 'pods'], signal });
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

  /** The StatefulSet controller deletes the sentinel's Pod and counts it out. */
  async vanishes(): Promise<string> {
    await this.#kube.patch(
      { resource: 'statefulsets', namespace: this.#namespace, name: this.#name },
      { spec: { replicas: 0 } },
      'merge',
      { signal: this.#signal },
    );
    await this.#until('delete its Pod', () => {
      const set = this.#set();
      return set?.status?.replicas === 0 && set.status.observedGeneration === set.metadata.generation;
    });
    return `${this.#name} was scaled to 0 and the controller deleted its Pod`;
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

  async #until(what: string, holds: () => boolean): Promise<void> {
    await this.#recording.until(() => holds(), {
      for: `the sentinel to ${what}`,
      deadlineMs: deadlines.reactionMs,
      signal: this.#signal,
    });
  }

  #set(): Recorded<'statefulsets'> | undefined {
    return [...this.#recording.state('statefulsets').values()].find((set) => set.metadata.name === this.#name);
  }

  #hasPod(): boolean {
    return [...this.#recording.state('pods').values()].some((pod) => pod.metadata.name === `${this.#name}-0`);
  }
}

function sentinelSet(name: string): object {
  const labels = { 'steadfast.dev/sentinel': name };
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
        spec: {
          nodeSelector: { 'steadfast.dev/no-such-node': 'true' },
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'none', image: 'registry.k8s.io/pause:3.10' }],
        },
      },
    },
  };
}
