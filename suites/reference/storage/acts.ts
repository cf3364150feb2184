import {
  inPods,
  NotRun,
  patience,
  type RecordedState,
  type Stage,
  type StatefulSetHandle,
  type StoryNamespace,
  type Variation,
} from '../../../harness/test.ts';
import { deletionHold, isReady } from '../web.ts';
import { podOn } from './objects.ts';

/** The directory that a Pod of `web` has its claim at. */
const webroot = '/usr/share/nginx/html';
/** What a story writes there, and looks for. */
export const nonceFile = 'nonce.txt';

/** How long a story waits for a controller's next step, for a volume's end, and for a Pod, before it goes on without. */
export const within = {
  reaction: { deadlineMs: patience.reactionMs },
  reclaiming: { deadlineMs: patience.settledMs },
  pod: { deadlineMs: patience.podMs },
};

/** A word that is nowhere else in the world is written into the Pod's volume and read again. Returns the word. */
export async function writesNonce(web: StatefulSetHandle, ordinal: number, moment: string): Promise<string> {
  const nonce = crypto.randomUUID();
  const file = `${webroot}/${nonceFile}`;
  await web.runs(moment, ordinal, ['sh', '-c', `echo ${nonce} > ${file} && cat ${file}`]);
  return nonce;
}

/** Lists what is in the Pod's volume. Returns the moment. */
export async function lists(web: StatefulSetHandle, ordinal: number, moment: string): Promise<string> {
  await web.runs(moment, ordinal, ['ls', '-A', webroot]);
  return moment;
}

/** Waits until the Pod runs, if it ever does, and lists what is in its volume. Returns the moment. */
export async function listsOnceRunning(
  namespace: StoryNamespace,
  web: StatefulSetHandle,
  ordinal: number,
  moment: string,
): Promise<string> {
  const isRunning = await seesRunning(namespace, `${web.name}-${ordinal}`);
  return isRunning ? lists(web, ordinal, moment) : moment;
}

/** The same for a Pod that its controller makes, if it does: once made, it is waited for until it is Ready. Returns the moment. */
export async function listsOnceMade(
  namespace: StoryNamespace,
  web: StatefulSetHandle,
  ordinal: number,
  moment: string,
): Promise<string> {
  const name = `${web.name}-${ordinal}`;
  const isMade = await namespace.sees(`${name} to be made`, ({ pods }) => pods.has(name), within.pod);
  if (!isMade) return moment;
  await web.podBecomesReady(ordinal);
  return lists(web, ordinal, moment);
}

/** Waits until the Pod runs, and says whether it did in time. */
export function seesRunning(namespace: StoryNamespace, pod: string, wait = within.pod): Promise<boolean> {
  const runs = ({ pods }: RecordedState): boolean => pods.get(pod)?.status?.phase === 'Running';
  return namespace.sees(`${pod} to be Running`, runs, wait);
}

/** Waits until another Pod of each ordinal is Ready than the one of this uid, if it comes to that. Says whether it did. */
export function seesBack(
  namespace: StoryNamespace,
  web: StatefulSetHandle,
  uids: Readonly<Record<number, string>>,
): Promise<boolean> {
  const lost = Object.entries(uids).map(([ordinal, uid]) => ({ name: `${web.name}-${ordinal}`, uid }));
  const isBack = ({ pods }: RecordedState): boolean =>
    lost.every(({ name, uid }) => {
      const pod = pods.get(name);
      return pod?.metadata.uid !== uid && isReady(pod);
    });
  return namespace.sees(
    `other Pods to be Ready in place of ${lost.map(({ name }) => name).join(' and ')}`,
    isBack,
    within.pod,
  );
}

export async function holdsClaim(namespace: StoryNamespace, claim: string): Promise<void> {
  const body = { metadata: { finalizers: [deletionHold] } };
  await namespace.patches('persistentvolumeclaims', claim, body, { type: 'strategic' });
}

export async function releasesClaim(namespace: StoryNamespace, claim: string): Promise<void> {
  const body = { metadata: { '$deleteFromPrimitiveList/finalizers': [deletionHold] } };
  await namespace.patches('persistentvolumeclaims', claim, body, { type: 'strategic' });
}

/** The set is deleted with its Pods, and the garbage collector is seen to have nothing more to do. */
export async function deletesWithPods(namespace: StoryNamespace, web: StatefulSetHandle, name: string) {
  await web.delete('Background');
  await namespace.until('all Pods to be gone', ({ pods }) => pods.size === 0);
  return namespace.quietly(name, 'garbage-collector');
}

/** Changes what is to become of the claims of a set that is there. */
export async function setsRetention(
  web: StatefulSetHandle,
  whenDeleted: 'Retain' | 'Delete',
  whenScaled: 'Retain' | 'Delete',
): Promise<void> {
  await web.patch({ spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled } } });
}

/** A Pod that may run on every node but this one asks for the claim. Waits until it is refused or runs, and then looks into its volume. */
export async function triesElsewhere(namespace: StoryNamespace, claimName: string, node: string): Promise<void> {
  const elsewhere = [{ matchExpressions: [{ key: hostname, operator: 'NotIn', values: [node] }] }];
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: elsewhere } };
  await namespace.applies(podOn('elsewhere', claimName, { affinity: { nodeAffinity } }));
  let isRunning = false;
  await namespace.sees(
    'the Pod that may not run there to be refused or to run',
    ({ pods }) => {
      const { phase, conditions = [] } = pods.get('elsewhere')?.status ?? {};
      isRunning = phase === 'Running';
      return isRunning || conditions.some(({ type, status }) => type === 'PodScheduled' && status === 'False');
    },
    within.pod,
  );
  if (isRunning) await namespace.runs('elsewhere reads', 'elsewhere', ['cat', `/data/${nonceFile}`]);
}

/** Waits until each of these claims has an owner, or none has, if that comes to pass at all. */
export async function seesOwners(namespace: StoryNamespace, claims: readonly string[], owned: boolean): Promise<void> {
  const what = `${claims.join(' and ')} to have ${owned ? 'an owner' : 'no owner'}`;
  await namespace.sees(
    what,
    ({ persistentvolumeclaims }) =>
      claims.every((name) => {
        const owners = persistentvolumeclaims.get(name)?.metadata.ownerReferences ?? [];
        return owners.length > 0 === owned;
      }),
    within.reaction,
  );
}

/** Waits until this claim is gone and only so many volumes are left, if that comes to pass at all. */
export async function seesGone(namespace: StoryNamespace, claim: string, volumesLeft: number): Promise<void> {
  const isGone = ({ persistentvolumeclaims, persistentvolumes }: RecordedState): boolean =>
    !persistentvolumeclaims.has(claim) && persistentvolumes.size <= volumesLeft;
  await namespace.sees(`${claim} and its volume to be gone`, isGone, within.reclaiming);
}

/** The uid of an object, as the API server has it. */
export async function uidOf(
  namespace: StoryNamespace,
  resource: 'services' | 'persistentvolumeclaims',
  name: string,
): Promise<string> {
  const { body } = await namespace.asks(`the uid of ${resource}/${name}`, { verb: 'get', resource, name });
  return (body as { readonly metadata: { readonly uid: string } }).metadata.uid;
}

/** The name of the volume that a claim is bound to; `none` without one. */
export async function volumeNameOf(namespace: StoryNamespace, claim: string): Promise<string> {
  const resource = 'persistentvolumeclaims';
  const { body } = await namespace.asks(`the volume of ${claim}`, { verb: 'get', resource, name: claim });
  return (body as { readonly spec: { readonly volumeName?: string } }).spec.volumeName ?? 'none';
}

/** The label by which a Pod is kept to one node. */
export const hostname = 'kubernetes.io/hostname';

interface Node {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly effect: string }[] };
}

/** The hostname of a node that takes Pods. */
export async function aNode(namespace: StoryNamespace): Promise<string> {
  const { body } = await namespace.asks('the nodes', { verb: 'get', resource: 'nodes' });
  const open = (body as { readonly items: readonly Node[] }).items.filter(
    ({ spec }) =>
      spec.unschedulable !== true && (spec.taints ?? []).every(({ effect }) => effect === 'PreferNoSchedule'),
  );
  const [chosen] = open.map(({ metadata }) => metadata.labels[hostname]).filter((name) => name !== undefined);
  if (chosen === undefined) throw new NotRun('no node takes Pods');
  return chosen;
}

/** All Pods of the set are on one node: what a provisioner left on a disk is found there, if it is found anywhere. */
export function onNode(name: string): Variation {
  return inPods('all Pods on one node', (spec) => ({ ...spec, nodeSelector: { [hostname]: name } }));
}

interface StorageClass {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly provisioner: string;
  readonly volumeBindingMode?: string;
  readonly reclaimPolicy?: string;
}

/** The StorageClass of this cluster that does so, the default one if it does. */
export async function classThat(
  { namespace }: Stage,
  wanted: { readonly binds: 'Immediate' | 'WaitForFirstConsumer'; readonly reclaims: 'Delete' | 'Retain' },
): Promise<string> {
  const { body } = await namespace.asks('the StorageClasses', { verb: 'get', resource: 'storageclasses' });
  const { items } = body as { readonly items: readonly StorageClass[] };
  const fitting = items.filter(
    ({ volumeBindingMode = 'Immediate', reclaimPolicy = 'Delete', provisioner }) =>
      volumeBindingMode === wanted.binds &&
      reclaimPolicy === wanted.reclaims &&
      provisioner !== 'kubernetes.io/no-provisioner',
  );
  const isDefault = ({ metadata }: StorageClass): boolean =>
    metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
  const chosen = fitting.find(isDefault) ?? fitting.find(({ metadata }) => metadata.name === 'shared') ?? fitting[0];
  if (chosen !== undefined) return chosen.metadata.name;
  throw new NotRun(
    `no StorageClass here has the binding mode ${wanted.binds} and the reclaim policy ${wanted.reclaims}`,
  );
}
