import { messageOf, RunError } from '../../errors.ts';
import type { ComponentName } from '../components.ts';
import { healthOf } from '../health.ts';
import { controlPlane } from '../kind.ts';
import { takeAway, foreignFolder, layDown, nodesOf, until, ask, type Binary, type Ground } from './ground.ts';
import { readJournal, removeJournal, writeJournal, type Journal, type Saved } from './journal.ts';
import { faultsOfKubelets, putKubelet, restoreKubelet } from './kubelet.ts';
import { faultsOfTemplates, isTemplate, putTemplates, restoreTemplates, saveTemplates } from './podTemplate.ts';
import { componentProcesses, digestsOf, faultsOfProcesses, type Process } from './processes.ts';
import { isStatic, saveManifest } from './manifest.ts';
import { faultsOfManifest, putStaticPod, restoreStaticPod } from './staticPod.ts';

/** The component was changed but does not work. `log` is the last that it said. */
export class DidNotComeUp extends RunError {
  readonly log: readonly string[];

  constructor(component: ComponentName, cause: unknown, log: readonly string[]) {
    super(`${component} did not come up: ${messageOf(cause)}`, { cause });
    this.log = log;
  }
}

/**
 * Runs a binary in a component's place. From before the first change a journal says what has to be put back; `restoreOriginal` does that, whoever calls
 * it and whenever. Throws DidNotComeUp when the component does not work with it: the journal stays, the caller restores.
 */
export async function swapIn(ground: Ground, binary: Binary, mutant: string): Promise<void> {
  const { component } = binary;
  const open = await readJournal(ground.cluster);
  // What it says has to be put back would be lost.
  if (open !== undefined) throw new RunError(`${open.component} is the mutant ${open.mutant} already`);
  await layDown(ground, binary);
  const [saved, digests] = await Promise.all([save(ground, component), digestsOf(ground, component)]);
  if (digests.length !== 1)
    throw new RunError(`the processes of ${component} run ${digests.length} different programs`);
  await writeJournal(ground.cluster, { schema: 'steadfast/mutation/1', component, mutant, saved, digests });
  try {
    await put(ground, saved, binary);
    await until(`${component} is not the one that was put in`, 60_000, () => strangers(ground, binary));
  } catch (error) {
    throw new DidNotComeUp(component, error, await lastWords(ground, component));
  }
}

/** Puts back what the journal names, and looks whether all is as it was. Resolves with the mutant's name, or undefined if there is no journal. */
export async function restoreOriginal(ground: Ground): Promise<string | undefined> {
  const journal = await readJournal(ground.cluster);
  if (journal === undefined) return undefined;
  await restore(ground, journal.saved);
  await until(`cluster ${ground.cluster} is not as it was`, 180_000, () => faultsOf(ground, journal));
  await removeJournal(ground.cluster);
  return journal.mutant;
}

/** What shows that components are not the original ones, or that the cluster is not well; none of it is assumed. */
export async function faultsOf(ground: Ground, journal?: Journal): Promise<readonly string[]> {
  const looks = [
    componentProcesses(ground).then(async (seen) => faultsOfProcesses(seen, ground.cluster, await nodesOf(ground))),
    healthOf(ground.engine, ground.cluster).then(({ faults }) => faults),
    unready(ground),
    ...(journal === undefined ? [] : [faultsOfSaved(ground, journal.saved), faultsOfDigests(ground, journal)]),
  ];
  // What could not be looked at was not seen to be right.
  const seen = await Promise.allSettled(looks);
  return seen.flatMap((look) => (look.status === 'fulfilled' ? look.value : [messageOf(look.reason)]));
}

export { takeAway, layDown };

function save(ground: Ground, component: ComponentName): Promise<Saved> {
  if (isStatic(component)) return saveManifest(ground, component);
  if (isTemplate(component)) return saveTemplates(ground, component);
  return Promise.resolve({ kind: 'kubelet' });
}

function put(ground: Ground, saved: Saved, binary: Binary): Promise<void> {
  switch (saved.kind) {
    case 'static-pod':
      return putStaticPod(ground, saved, binary);
    case 'kubelet':
      return putKubelet(ground, binary);
    case 'pod-template':
      return putTemplates(ground, saved, binary);
  }
}

function restore(ground: Ground, saved: Saved): Promise<void> {
  switch (saved.kind) {
    case 'static-pod':
      return restoreStaticPod(ground, saved);
    case 'kubelet':
      return restoreKubelet(ground);
    case 'pod-template':
      return restoreTemplates(ground, saved);
  }
}

function faultsOfSaved(ground: Ground, saved: Saved): Promise<readonly string[]> {
  switch (saved.kind) {
    case 'static-pod':
      return faultsOfManifest(ground, saved);
    case 'kubelet':
      return faultsOfKubelets(ground);
    case 'pod-template':
      return faultsOfTemplates(ground, saved);
  }
}

async function faultsOfDigests(ground: Ground, { component, digests }: Journal): Promise<readonly string[]> {
  const now = await digestsOf(ground, component);
  return now.join() === digests.join() ? [] : [`${component} does not run the original program`];
}

/** Processes of the component that do not run the binary which was put in its place. */
async function strangers(ground: Ground, { component, id }: Binary): Promise<readonly string[]> {
  const own = (await componentProcesses(ground)).filter((each) => each.component === component);
  if (own.length === 0) return [`nothing runs ${component}`];
  // The kubelet's program has its usual path; its script has looked already.
  if (component === 'kubelet') return [];
  const isStrange = ({ path }: Process) => !path.startsWith(`${foreignFolder}/${id}/`);
  return own.filter(isStrange).map(({ node, path }) => `${node} runs ${path}`);
}

/** System workloads that lack Pods. */
async function unready(ground: Ground): Promise<readonly string[]> {
  const text = await ask(ground, 'get', 'deployments,daemonsets', '-A', '-o', 'json');
  const { items } = JSON.parse(text) as { readonly items: readonly SystemWorkload[] };
  return items
    .filter(({ metadata }) => metadata.namespace === 'kube-system' || metadata.namespace === 'local-path-storage')
    .filter(({ metadata, spec, status }) => {
      const wanted = status.desiredNumberScheduled ?? spec.replicas ?? 1;
      const updated = status.updatedNumberScheduled ?? status.updatedReplicas ?? 0;
      const ready = status.numberReady ?? status.readyReplicas ?? 0;
      const total = status.currentNumberScheduled ?? status.replicas ?? 0;
      const isSeen = status.observedGeneration === metadata.generation;
      return !isSeen || ready !== wanted || updated !== wanted || total !== wanted;
    })
    .map(({ metadata }) => `${metadata.name} is not ready`);
}

interface SystemWorkload {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly generation: number };
  readonly spec: { readonly replicas?: number };
  readonly status: Readonly<Record<string, number | undefined>>;
}

/** The end of the component's newest log, for a report: looking for it must not hide why it is looked for. */
async function lastWords({ engine, cluster }: Ground, component: ComponentName): Promise<readonly string[]> {
  const script =
    component === 'kubelet'
      ? 'journalctl -u kubelet -n 15 --no-pager -o cat'
      : 'file=$(ls -t /var/log/pods/*"$0"*/*/*.log 2>/dev/null | head -1); [ -z "$file" ] || tail -n 15 "$file"';
  const { stdout } = await engine.attempt(['exec', controlPlane(cluster), 'sh', '-c', script, component]);
  return stdout.trim().split('\n').filter(Boolean);
}
