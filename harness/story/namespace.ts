import type { Clients } from '../clients/clients.ts';
import { deadlines } from '../deadlines.ts';
import { RunError } from '../errors.ts';
import { signsNeeded } from '../guarantees/guarantee.ts';
import type { ObservationFact, WatchedController } from '../history/observations.ts';
import type { Entry } from '../history/entries.ts';
import type { Manifest, Recorded } from '../history/objects.ts';
import { describePod } from '../history/pods.ts';
import { applyManifest } from '../kube/connect.ts';
import { startProbe } from '../probes/probe.ts';
import { storageClass, type Workload } from '../workload/index.ts';
import { awaitRecorded, byName, operate, runIn, sawInTime, type Lab } from './lab.ts';
import { deleteByLabel, deleteByName, evict, patchByName } from './acts.ts';
import { takeClass } from './classes.ts';
import { followLog } from './logs.ts';
import type { Sentinel } from './sentinel.ts';
import { applyDirectory, buildDirectory, deleteDirectory } from './kustomize.ts';
import { handleOf } from './statefulset.ts';
import type { ApiRequest, Probe, RecordedState, StatefulSetHandle, StoryNamespace } from './verbs.ts';
import { lookAtNode, lookAtVolume, volumePlace } from './volume.ts';
import type { QuietMarks } from '../history/history.ts';

/** The verbs of a story's namespace, over its lab. */
export function storyNamespace(lab: Lab, clients: Clients): StoryNamespace {
  let probe: Promise<Probe> | undefined;
  let zone = 'cluster.local';
  const start = async (): Promise<Probe> => {
    const started = await startProbe(lab);
    ({ zone } = started);
    return started;
  };
  return {
    name: lab.namespace,
    clients,
    get zone() {
      return zone;
    },
    deploy: (workload) => deploy(lab, workload),
    applies: (workload) => applyAll(lab, workload),
    probe: () => (probe ??= start()),
    mark: async (name) => {
      await lab.recorder.fence(name, { signal: lab.signal, provisional: true });
      return name;
    },
    quietly: (name, controller = 'statefulset') => quietly(lab, name, controller),
    observe: (fact: ObservationFact) => {
      lab.recording.append({ kind: 'observation', ...fact });
    },
    asks: (moment, request) => ask(lab, moment, request),
    deletes: (resource, name, options) => deleteByName(lab, resource, name, options),
    builds: (moment, kustomization) => buildDirectory(lab, moment, kustomization),
    appliesDirectory: (kustomization) => applyDirectory(lab, kustomization),
    deletesDirectory: (kustomization) => deleteDirectory(lab, kustomization),
    deletesAll: (resource, labels, options) => deleteByLabel(lab, resource, labels, options),
    patches: (resource, name, body, options) => patchByName(lab, resource, name, body, options),
    evicts: (moment, pod, options) => evict(lab, moment, pod, options),
    until: (what, holds, options) => untilRecorded(lab, what, holds, options?.deadlineMs),
    sees: (what, holds, options) => sawInTime(untilRecorded(lab, what, holds, options?.deadlineMs)),
    looksAtVolume: (moment, claim, argv) => lookAtVolume(lab, moment, claim, argv),
    volumePlace: (claim) => volumePlace(lab, claim),
    looksAtNode: (moment, node, argv) => lookAtNode(lab, moment, node, argv),
    runs: (moment, pod, argv) => runIn(lab, moment, pod, argv),
    followsLog: (moment, pod) => followLog(lab, moment, pod),
    sharedStorageClass: () => lab.run.storageClass ?? (lab.run.cluster.provider === 'kind' ? 'shared' : undefined),
  };
}

async function deploy(lab: Lab, workload: Workload): Promise<StatefulSetHandle> {
  const applied = await applyAll(lab, workload);
  const set = applied.find((object) => object.kind === 'StatefulSet');
  if (set === undefined) throw new RunError(`${workload.file} holds no StatefulSet`);
  return handleOf(lab, set as unknown as Recorded<'statefulsets'>);
}

async function applyAll(lab: Lab, workload: Workload): Promise<readonly Manifest[]> {
  const asked = withStorageClass(workload, lab.run.storageClass);
  for (const variation of asked.variations) lab.variations.add(variation);
  const applied: Manifest[] = [];
  for (const object of asked.objects) {
    if (object.kind === 'StorageClass') {
      applied.push(await takeClass(lab, object));
      continue;
    }
    const target = `${object.kind.toLowerCase()}s/${object.metadata.name}`;
    const answer = await operate(lab, 'apply', target, asked.variations.join('; ') || 'as the tutorial has it', () =>
      applyManifest(lab.kube, object, lab.namespace, { signal: lab.signal }),
    );
    applied.push({ ...answer, kind: object.kind, apiVersion: object.apiVersion });
  }
  return applied;
}

/** A run for a class of its own gives it to claims that name none. */
function withStorageClass(workload: Workload, name: string | undefined): Workload {
  const namesNone = workload.objects.some(
    (object) =>
      object.kind === 'StatefulSet' &&
      JSON.stringify(object).includes('volumeClaimTemplates') &&
      !JSON.stringify(object).includes('storageClassName'),
  );
  return name !== undefined && namesNone ? storageClass(name)(workload) : workload;
}

/** Where Pods do not come to rest, the window ends with so many signs all the same: what that means is the guarantee's matter. */
const mostSigns = 6;

/**
 * The window ends when the controller has shown itself as often as it takes since the last change of a Pod or StatefulSet: a Pod that turns unready and Ready again within it, as one does whose
 * probe ran out of its time, makes the window longer and not worthless.
 */
async function quietly(lab: Lab, name: string, controller: WatchedController): Promise<QuietMarks> {
  if (controller !== 'disruption') await newestSpecsAreObserved(lab);
  const from = `${name}: the window opens`;
  const to = `${name}: the window closes`;
  const opened = await lab.recorder.fence(from, { signal: lab.signal, provisional: true });
  const wanted = signsNeeded[controller];
  const askedAt: number[] = [];
  do {
    const invokedAtIndex = Math.max(lab.recording.entries.length - 1, opened.index);
    const seen = await signOfLife(lab, controller);
    askedAt.push(invokedAtIndex);
    lab.recording.append({
      kind: 'observation',
      of: 'liveness',
      moment: `${name}: sign of life ${askedAt.length}`,
      controller,
      seen,
      invokedAtIndex,
    });
  } while (askedAt.length < wanted || (askedAt.length < mostSigns && lastChange(lab) > (askedAt.at(-wanted) ?? 0)));
  await lab.recorder.fence(to, { signal: lab.signal, provisional: true });
  return { from, to, alive: controller };
}

function lastChange(lab: Lab): number {
  const isOfPods = (entry: Entry): boolean =>
    entry.kind === 'change' && (entry.resource === 'pods' || entry.resource === 'statefulsets');
  return lab.recording.entries.findLast(isOfPods)?.index ?? -1;
}

/**
 * A controller acts first and reports the generation it acted on afterwards. The window opens behind that report; where none comes, it opens all the
 * same, and guarantees will not take it for attention.
 */
async function newestSpecsAreObserved(lab: Lab): Promise<void> {
  const unobserved = (): readonly string[] =>
    [...lab.recording.state('statefulsets').values()]
      .filter(
        ({ metadata, status }) =>
          metadata.deletionTimestamp === undefined && status?.observedGeneration !== metadata.generation,
      )
      .map(({ metadata }) => metadata.name);
  const wait = awaitRecorded(
    lab,
    'the controller to observe the newest spec of every StatefulSet',
    () => unobserved().length === 0,
    deadlines.reactionMs,
    () => `not observed: ${unobserved().join(', ')}`,
  );
  await sawInTime(wait);
}

/** One whole round: the controller must make something and take it away again. The story waits for it as for anything else. */
async function signOfLife(lab: Lab, controller: WatchedController): Promise<string> {
  const beganAtMs = Date.now();
  const seen = await shown(lab.sentinels.post(lab.signal), controller);
  const what = `a sign of life of the ${controller} controller`;
  const endedBy = { resource: 'none', atMs: Date.now() } as const;
  lab.recording.append({ kind: 'observation', of: 'wait', moment: what, for: what, beganAtMs, endedBy });
  return seen;
}

async function shown(sentinel: Sentinel, controller: WatchedController): Promise<string> {
  switch (controller) {
    case 'statefulset':
      return `${await sentinel.appears()}; ${await sentinel.vanishes()}`;
    case 'garbage-collector':
      return `${await sentinel.appears()}; ${await sentinel.isCollected()}`;
    case 'disruption':
      return `${await sentinel.isBudgeted()}; ${await sentinel.isBudgetedOut()}`;
    case 'pod-garbage-collector':
      return sentinel.isSwept();
  }
}

const methods = {
  get: 'GET',
  create: 'POST',
  replace: 'PUT',
  patch: 'PATCH',
  apply: 'PATCH',
  delete: 'DELETE',
} as const;

async function ask(
  lab: Lab,
  moment: string,
  request: ApiRequest,
): Promise<{ readonly code: number; readonly body: unknown }> {
  const { code, body } = await lab.kube.request({
    method: methods[request.verb],
    target: {
      resource: request.resource,
      namespace: lab.namespace,
      ...(request.name === undefined ? {} : { name: request.name }),
      ...(request.subresource === undefined ? {} : { subresource: request.subresource }),
    },
    query: {
      ...request.query,
      ...(request.dryRun === true ? { dryRun: 'All' } : {}),
      ...(request.strict === true ? { fieldValidation: 'Strict' } : {}),
      ...(request.verb === 'apply' ? { fieldManager: 'steadfast', force: 'true' } : {}),
    },
    ...(request.verb === 'patch' ? { contentType: 'application/merge-patch+json' } : {}),
    ...(request.verb === 'apply' ? { contentType: 'application/apply-patch+yaml' } : {}),
    ...(request.body === undefined ? {} : { body: request.body }),
    signal: lab.signal,
  });
  const dry = request.dryRun === true ? ' (dry run)' : '';
  const place = [request.resource, request.name, request.subresource].filter((part) => part !== undefined).join('/');
  const query = Object.entries(request.query ?? {}).map(([name, value]) => `${name}=${value}`);
  const what = `${request.verb} ${[place, ...query].join(' ')}${dry}`;
  lab.recording.append({ kind: 'observation', of: 'api', moment, request: what, code, body });
  return { code, body };
}

/** The recorded objects by name, looked up anew at each access. */
function recordedState(lab: Lab): RecordedState {
  const getters = stateNames.map((name) => [name, { get: () => byName(lab.recording, name) }] as const);
  return Object.defineProperties({}, Object.fromEntries(getters)) as RecordedState;
}

const stateNames = [
  'pods',
  'statefulsets',
  'persistentvolumeclaims',
  'persistentvolumes',
  'poddisruptionbudgets',
  'nodes',
  'services',
  'endpointslices',
  'controllerrevisions',
  'deployments',
  'replicasets',
  'secrets',
  'events',
] as const satisfies readonly (keyof RecordedState)[];

async function untilRecorded(
  lab: Lab,
  what: string,
  holds: (recorded: RecordedState) => boolean,
  deadlineMs: number = deadlines.podReadyMs,
): Promise<void> {
  const state = recordedState(lab);
  const lastSeen = (): string => [...byName(lab.recording, 'pods').values()].map(describePod).join('; ') || 'no Pod';
  await awaitRecorded(lab, what, () => holds(state), deadlineMs, lastSeen);
}
