import { deadlines, forPods, forSlowPods, patience } from '../deadlines.ts';
import { holdFinalizer } from '../disruption/holds.ts';
import { RunError } from '../errors.ts';
import type { Recorded } from '../history/objects.ts';
import {
  controllerOf,
  describePod,
  isReady,
  isRunning,
  isRunningAndReady,
  isTerminating,
  revisionOf,
  unmetGatesOf,
} from '../history/pods.ts';
import { ordinalOf, podNameOf, type OrdinalSet } from '../history/sets.ts';
import { heldCondition, heldSchedulingGate } from '../workload/variations.ts';
import { awaitRecorded, byName, isRecorded, operate, runIn, sawInTime, type Lab } from './lab.ts';
import type { Patience, StatefulSetHandle } from './verbs.ts';

type Pod = Recorded<'pods'>;
type Stored = Recorded<'statefulsets'>;

/** The handle of a StatefulSet that this story has applied. */
export async function handleOf(lab: Lab, applied: Stored): Promise<StatefulSetHandle> {
  const handle = new DeployedSet(lab, applied);
  await isRecorded(lab, 'statefulsets', applied.metadata.uid);
  return handle;
}

class DeployedSet implements StatefulSetHandle {
  readonly name: string;
  readonly service: string;
  readonly claimTemplates: readonly string[];
  readonly #lab: Lab;
  readonly #uid: string;
  readonly #labels: Readonly<Record<string, string>>;
  /** The newest generation that the API server has answered us with. */
  #generation: number;
  /** Pods whose readiness or scheduling this story holds. */
  readonly #heldUnready: boolean;

  constructor(lab: Lab, applied: Stored) {
    this.#lab = lab;
    this.#uid = applied.metadata.uid;
    this.#generation = applied.metadata.generation ?? 0;
    this.#labels = applied.spec?.selector.matchLabels ?? {};
    this.#heldUnready = (applied.spec?.template.spec?.readinessGates ?? []).some(
      (gate) => gate.conditionType === heldCondition,
    );
    this.name = applied.metadata.name;
    this.service = applied.spec?.serviceName ?? '';
    this.claimTemplates = (applied.spec?.volumeClaimTemplates ?? []).map((template) => template.metadata?.name ?? '');
  }

  toJSON(): OrdinalSet {
    return { name: this.name, service: this.service, claimTemplates: this.claimTemplates };
  }

  async becomesReady({ slow }: Patience = {}): Promise<void> {
    const deadlineMs = slow === true ? forSlowPods(this.#size()) : forPods(this.#size());
    await this.#until('all Pods to be Running and Ready', () => this.#isSettled(), deadlineMs);
  }

  seesReady(): Promise<boolean> {
    return sawInTime(this.#until('all Pods to be Running and Ready', () => this.#isSettled(), patience.slowPodMs));
  }

  async becomesUpdated({ slow }: Patience = {}): Promise<void> {
    const updated = (): boolean => {
      const revision = this.#stored()?.status?.updateRevision;
      return (
        this.#isSettled() &&
        this.#pods().every((pod) => revisionOf(pod) === revision) &&
        this.#stored()?.status?.currentRevision === revision
      );
    };
    const deadlineMs = slow === true ? forSlowPods(this.#size()) : forPods(2 * this.#size());
    await this.#until('all Pods to be of the update revision', updated, deadlineMs);
  }

  async isObserved(): Promise<void> {
    await this.#until('the controller to observe the newest spec', () => this.#isObserved(), deadlines.reactionMs);
  }

  podBecomesReady(ordinal: number, insteadOf?: string, { slow }: Patience = {}): Promise<string> {
    const deadlineMs = slow === true ? deadlines.slowPodReadyMs : deadlines.podReadyMs;
    return this.#pod(ordinal, insteadOf, 'to be Running and Ready', isRunningAndReady, deadlineMs);
  }

  podBecomesRunning(ordinal: number, insteadOf?: string): Promise<string> {
    // Where a gate does not hold a Pod back the story goes on, and guarantees judge what came of it.
    const mustNotBeReady = (pod: Pod): boolean => runsUnready(pod) || (isRunning(pod) && unmetGatesOf(pod).length > 0);
    return this.#pod(ordinal, insteadOf, 'to be Running and not Ready', mustNotBeReady, deadlines.podReadyMs);
  }

  podAppears(ordinal: number, insteadOf?: string): Promise<string> {
    return this.#pod(ordinal, insteadOf, 'to be added', () => true, deadlines.podReadyMs);
  }

  async podDisappears(ordinal: number): Promise<void> {
    const uid = this.#find(ordinal)?.metadata.uid;
    const gone = (): boolean => uid === undefined || !this.#lab.recording.state('pods').has(uid);
    await this.#until(`${podNameOf(this, ordinal)} to be gone`, gone, deadlines.podGoneMs);
  }

  async podIsTerminating(ordinal: number): Promise<void> {
    const terminating = (): boolean => {
      const pod = this.#find(ordinal);
      return pod === undefined || isTerminating(pod);
    };
    await this.#until(`${podNameOf(this, ordinal)} to be Terminating`, terminating, deadlines.reactionMs);
  }

  uidOf(ordinal: number): string {
    return this.#required(ordinal).metadata.uid;
  }

  addressOf(ordinal: number): string {
    const address = this.#required(ordinal).status?.podIP;
    if (address === undefined) throw new RunError(`${podNameOf(this, ordinal)} has no address yet`);
    return address;
  }

  nodeOf(ordinal: number): string {
    const node = this.#required(ordinal).spec?.nodeName;
    if (node === undefined) throw new RunError(`${podNameOf(this, ordinal)} has no node yet`);
    return node;
  }

  recordedChanges(): number {
    return this.#lab.recording.entries.filter(
      (entry) =>
        entry.kind === 'change' &&
        entry.resource === 'pods' &&
        ordinalOf(this, entry.object.metadata.name) !== undefined,
    ).length;
  }

  async scaleTo(replicas: number): Promise<void> {
    await this.#patched('patch', JSON.stringify({ spec: { replicas } }), { spec: { replicas } });
  }

  async scaleThroughSubresourceTo(replicas: number): Promise<void> {
    const { kube, namespace } = this.#lab;
    await operate(this.#lab, 'scale', this.#target(), `${replicas} replicas through /scale`, () =>
      kube.patch(
        { resource: 'statefulsets', namespace, name: this.name, subresource: 'scale' },
        { spec: { replicas } },
        'merge',
        { signal: this.#lab.signal },
      ),
    );
    const isShown = this.#until(
      `the watch to show ${replicas} replicas`,
      () => this.#stored()?.spec?.replicas === replicas,
      deadlines.recordedMs,
    );
    await sawInTime(isShown);
    this.#generation = this.#stored()?.metadata.generation ?? this.#generation;
  }

  async patch(body: object): Promise<void> {
    await this.#patched('patch', JSON.stringify(body), body);
  }

  async setImage(image: string): Promise<void> {
    const template = { spec: { containers: [{ name: this.#containerName(), image }] } };
    await this.#patched('patch', `image ${image}`, { spec: { template } });
  }

  async setPartition(partition: number): Promise<void> {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition } };
    await this.#patched('patch', `partition ${partition}`, { spec: { updateStrategy } });
  }

  async deletePod(ordinal: number): Promise<void> {
    const pod = this.#required(ordinal);
    await this.#deletePods([pod], `pods/${pod.metadata.name}`);
  }

  async deletePods(): Promise<void> {
    const selector = Object.entries(this.#labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    await this.#deletePods(this.#pods(), `pods with ${selector}`);
  }

  async delete(
    propagation: 'Background' | 'Foreground' | 'Orphan',
    options: { readonly wait?: boolean } = {},
  ): Promise<void> {
    const { kube, namespace, signal } = this.#lab;
    await operate(this.#lab, 'delete', this.#target(), `propagationPolicy ${propagation}`, () =>
      kube.delete(
        { resource: 'statefulsets', namespace, name: this.name },
        { uid: this.#uid, propagationPolicy: propagation, signal },
      ),
    );
    if (options.wait === false) return;
    const gone = (): boolean => this.#stored() === undefined;
    await this.#until('the StatefulSet to be gone', gone, deadlines.podGoneMs);
  }

  async letReady(ordinal: number): Promise<void> {
    await this.#setHeldCondition(ordinal, 'True');
    await this.podBecomesReady(ordinal);
  }

  async makeUnready(ordinal: number): Promise<void> {
    await this.#setHeldCondition(ordinal, 'False');
    await this.#pod(ordinal, undefined, 'to be Running and not Ready', runsUnready, deadlines.podReadyMs);
  }

  async holdTermination(ordinal: number): Promise<void> {
    const uid = this.uidOf(ordinal);
    await this.#patchPod(ordinal, 'hold', 'finalizer added', { metadata: { finalizers: [holdFinalizer] } });
    const held = (): boolean =>
      this.#lab.recording.state('pods').get(uid)?.metadata.finalizers?.includes(holdFinalizer) === true;
    await this.#until(`the finalizer on ${podNameOf(this, ordinal)} to be recorded`, held, deadlines.recordedMs);
  }

  async releaseTermination(ordinal: number): Promise<void> {
    await this.#patchPod(ordinal, 'release', 'finalizer removed', {
      metadata: { '$deleteFromPrimitiveList/finalizers': [holdFinalizer] },
    });
  }

  async letSchedule(ordinal: number): Promise<void> {
    const gates = { spec: { schedulingGates: [{ $patch: 'delete', name: heldSchedulingGate }] } };
    await this.#patchPod(ordinal, 'let schedule', 'scheduling gate removed', gates);
  }

  async runs(moment: string, ordinal: number, argv: readonly string[]): Promise<string> {
    return runIn(this.#lab, moment, podNameOf(this, ordinal), argv);
  }

  #stored(): Stored | undefined {
    return this.#lab.recording.state('statefulsets').get(this.#uid);
  }

  #size(): number {
    return this.#stored()?.spec?.replicas ?? 1;
  }

  #target(): string {
    return `statefulsets/${this.name}`;
  }

  #pods(): readonly Pod[] {
    return [...this.#lab.recording.state('pods').values()].filter(
      (pod) => ordinalOf(this, pod.metadata.name) !== undefined,
    );
  }

  #find(ordinal: number): Pod | undefined {
    return byName(this.#lab.recording, 'pods').get(podNameOf(this, ordinal));
  }

  #required(ordinal: number): Pod {
    const pod = this.#find(ordinal);
    if (pod === undefined) throw new RunError(`${podNameOf(this, ordinal)} is not there`);
    return pod;
  }

  #containerName(): string {
    return this.#stored()?.spec?.template.spec?.containers[0]?.name ?? '';
  }

  #isObserved(): boolean {
    const stored = this.#stored();
    return (
      (stored?.metadata.generation ?? 0) >= this.#generation &&
      (stored?.status?.observedGeneration ?? 0) >= (stored?.metadata.generation ?? Infinity)
    );
  }

  /** The Pods are exactly those of the ordinals that the set asks for, owned by it, Running and Ready, and the status agrees. */
  #isSettled(): boolean {
    const size = this.#size();
    const pods = this.#pods();
    return (
      this.#isObserved() &&
      pods.length === size &&
      pods.every((pod) => this.#isAskedFor(pod) && controllerOf(pod)?.uid === this.#uid) &&
      pods.every((pod) => isRunningAndReady(pod) && !isTerminating(pod)) &&
      this.#stored()?.status?.replicas === size &&
      (this.#stored()?.status?.readyReplicas ?? 0) === size
    );
  }

  /** As many as are asked for are not the right ones while one is missing and another is to be scaled away. */
  #isAskedFor(pod: Pod): boolean {
    const start = this.#stored()?.spec?.ordinals?.start ?? 0;
    const ordinal = ordinalOf(this, pod.metadata.name) ?? -1;
    return start <= ordinal && ordinal < start + this.#size();
  }

  #pod(
    ordinal: number,
    insteadOf: string | undefined,
    what: string,
    is: (pod: Pod) => boolean,
    deadlineMs: number,
  ): Promise<string> {
    const look = (): string | undefined => {
      const pod = this.#find(ordinal);
      const found = pod !== undefined && pod.metadata.uid !== insteadOf && !isTerminating(pod) && is(pod);
      return found ? pod.metadata.uid : undefined;
    };
    return this.#until(`${podNameOf(this, ordinal)} ${what}`, look, deadlineMs);
  }

  #until<Found>(what: string, look: () => Found | undefined | false, deadlineMs: number): Promise<Found> {
    const lastSeen = (): string => this.#pods().map(describePod).join('; ') || 'no Pod of the set';
    return awaitRecorded(this.#lab, `${this.name}: ${what}`, look, deadlineMs, lastSeen);
  }

  async #patched(verb: string, detail: string, body: object): Promise<void> {
    const { kube, namespace, signal } = this.#lab;
    const answered = await operate(this.#lab, verb, this.#target(), detail, () =>
      kube.patch({ resource: 'statefulsets', namespace, name: this.name }, body, 'strategic', { signal }),
    );
    this.#generation = answered.metadata.generation ?? this.#generation;
    await isRecorded(this.#lab, 'statefulsets', this.#uid, this.#generation);
  }

  async #deletePods(pods: readonly Pod[], target: string): Promise<void> {
    const { kube, namespace, signal } = this.#lab;
    await operate(this.#lab, 'delete', target, pods.map((pod) => pod.metadata.name).join(', '), () =>
      Promise.all(
        pods.map((pod) =>
          kube.delete({ resource: 'pods', namespace, name: pod.metadata.name }, { uid: pod.metadata.uid, signal }),
        ),
      ),
    );
    const seen = (pod: Pod): boolean => {
      const now = this.#lab.recording.state('pods').get(pod.metadata.uid);
      return now === undefined || isTerminating(now);
    };
    await this.#until(`the watch to show the deletion of ${target}`, () => pods.every(seen), deadlines.recordedMs);
  }

  async #setHeldCondition(ordinal: number, status: 'True' | 'False'): Promise<void> {
    if (!this.#heldUnready) throw new RunError(`${this.name} was not deployed with heldUnready()`);
    const { kube, namespace, signal } = this.#lab;
    const pod = podNameOf(this, ordinal);
    const conditions = [{ type: heldCondition, status, lastTransitionTime: new Date().toISOString() }];
    await operate(this.#lab, 'set condition', `pods/${pod}`, `${heldCondition} ${status}`, () =>
      kube.patch(
        { resource: 'pods', namespace, name: pod, subresource: 'status' },
        { status: { conditions } },
        'strategic',
        { signal },
      ),
    );
  }

  async #patchPod(ordinal: number, verb: string, detail: string, body: object): Promise<void> {
    const { kube, namespace, signal } = this.#lab;
    const pod = podNameOf(this, ordinal);
    await operate(this.#lab, verb, `pods/${pod}`, detail, () =>
      kube.patch({ resource: 'pods', namespace, name: pod }, body, 'strategic', { signal }),
    );
  }
}

function runsUnready(pod: Pod): boolean {
  return isRunning(pod) && !isReady(pod);
}
