import {
  breaks,
  claim,
  describe,
  emptyDirs,
  inPods,
  inSet,
  named,
  patience,
  replicas,
  story,
  varied,
  type RecordedState,
  type Variation,
} from '../../../harness/test.ts';
import { lostPodIsNotReplaced, lostPodIsReplaced, neverTwoOfOneName } from '../../../harness/guarantees/lostNodes.ts';
import { isReady, web, withoutImage } from '../web.ts';

/** A node that nobody hears of is given up after 50 seconds of silence. */
const nodeLostMs = patience.slowPodMs;
const replacedMs = patience.lingeringPodMs;
/** The garbage collector looks every 20 seconds, waits 40 whether a node that is not there comes back, and looks once more. */
const sweptWithTheNodeMs = patience.slowPodMs;
const now = { deadlineMs: 1 };

const lost = story('the nodes of five Pods are lost', { alone: true, follows: ['nodes'] }, async (stage) => {
  const { namespace, nodes } = stage;
  const first = await namespace.deploy(web(one, soonEvicted));
  await first.podBecomesReady(0);
  const node = first.nodeOf(0);
  const [second, hasty, starting, far] = await Promise.all([
    namespace.deploy(varied(web(one, soonEvicted), called('db', prefers('In', node)))),
    namespace.deploy(varied(web(one, soonEvicted), called('hasty', prefers('In', node)), withoutGrace)),
    namespace.deploy(varied(web(one, soonEvicted), called('starting', prefers('In', node)), withoutImage)),
    namespace.deploy(varied(web(one, soonEvicted), called('far', prefers('NotIn', node)))),
  ]);
  await Promise.all([
    ...[second, hasty, far].map((set) => set.podBecomesReady(0)),
    starting.podAppears(0),
    namespace.until('starting-0 to have a node', ({ pods }) => pods.get('starting-0')?.spec?.nodeName !== undefined),
  ]);
  const farNode = far.nodeOf(0);
  const from = await namespace.mark('all are there');
  const uids = [first, second, starting, far].map((set) => set.uidOf(0));
  const [firstUid = ''] = uids;

  for (const each of new Set([node, farNode])) await nodes.pauses(each);
  const areAsked = ({ pods }: RecordedState): boolean => uids.every((uid) => stays(pods, uid) !== 'as it was');
  await namespace.sees('the Pods to be asked to go', areAsked, { deadlineMs: nodeLostMs });
  const window = await namespace.quietly('the Pods are lost');
  const waiting = { ...window, from };

  const isThere = await namespace.sees(
    'web-0 to be there yet',
    ({ pods }) => stays(pods, firstUid) === 'Terminating',
    now,
  );
  if (isThere) await namespace.deletes('pods', 'web-0', { gracePeriodSeconds: 0 });
  await namespace.sees('web-0 to be replaced', (recorded) => isReadyElsewhere(recorded, 'web-0', node), {
    deadlineMs: replacedMs,
  });
  const forced = { from: window.to, to: await namespace.mark('web-0 was replaced') };
  const swept = { ...(await namespace.quietly('db-0 and far-0 are lost', 'pod-garbage-collector')), from };

  await nodes.takesOutOfService(node);
  await nodes.removes(farNode);
  await namespace.sees('db-0 to be replaced', (recorded) => isReadyElsewhere(recorded, 'db-0', node), {
    deadlineMs: replacedMs,
  });
  const tainted = { from: swept.to, to: await namespace.mark('db-0 was replaced') };
  await namespace.sees('far-0 to be replaced', (recorded) => isReadyElsewhere(recorded, 'far-0', farNode), {
    deadlineMs: sweptWithTheNodeMs,
  });
  const removed = { from: swept.to, to: await namespace.mark('far-0 was replaced') };
  await nodes.returnsToService(node);
  for (const each of new Set([node, farNode])) {
    await nodes.resumes(each);
    await namespace.until(`${each} to be back`, (recorded) => isBack(recorded, each));
  }
  return { first, second, hasty, starting, far, waiting, forced, swept, tainted, removed };
});

describe('StatefulSet considerations', () => {
  claim('ref.at-most-one', lost, ({ first, second, starting, far, waiting, forced, swept, tainted, removed }) => [
    ...[first, second, starting, far].map((set) => lostPodIsNotReplaced(set, 0, waiting)),
    lostPodIsReplaced(first, 0, 'force', forced),
    ...[second, far].map((set) => lostPodIsNotReplaced(set, 0, swept)),
    lostPodIsReplaced(second, 0, 'taint', tainted),
    lostPodIsReplaced(far, 0, 'removal', removed),
    ...[first, second, starting, far].map((set) => neverTwoOfOneName(set, {})),
  ]);
});

describe('controls of lost nodes: a grace period of 0', () => {
  breaks('ref.at-most-one', lost, ({ hasty, waiting }) => lostPodIsNotReplaced(hasty, 0, waiting));
});

function one(workload: Parameters<Variation>[0]) {
  return varied(workload, replicas(1), emptyDirs());
}

/** Pods are evicted as soon as their node is given up, not five minutes later. */
function soonEvicted(workload: Parameters<Variation>[0]) {
  const toleration = { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 1 };
  return varied(
    workload,
    inPods('Pods tolerate a node that is not ready or not reachable for 1 second', (pod) => ({
      ...pod,
      tolerations: ['not-ready', 'unreachable'].map((key) => ({ ...toleration, key: `node.kubernetes.io/${key}` })),
    })),
  );
}

/** What the reference discourages: such Pods are removed without waiting for their node's word. */
const withoutGrace = inPods('a grace period of 0', (pod) => ({ ...pod, terminationGracePeriodSeconds: 0 }));

/** A set of its own name and labels, whose Pods prefer such nodes. */
function called(name: string, preference: NodePreference): Variation {
  const labels = { app: name };
  return (workload) =>
    varied(
      workload,
      named(name),
      inSet(`its Pods are labelled app: ${name}`, (spec) => ({
        ...spec,
        selector: { matchLabels: labels },
        template: { ...(spec['template'] as object), metadata: { labels } },
      })),
      inPods(`Pods prefer ${preference.operator === 'In' ? 'the node' : 'other nodes than that'} of web-0`, (pod) => ({
        ...pod,
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 100, preference: { matchExpressions: [preference] } },
            ],
          },
        },
      })),
    );
}

interface NodePreference {
  readonly key: string;
  readonly operator: 'In' | 'NotIn';
  readonly values: readonly string[];
}

function prefers(operator: NodePreference['operator'], node: string): NodePreference {
  return { key: 'kubernetes.io/hostname', operator, values: [node] };
}

/** What has become of this very Pod. */
function stays(pods: RecordedState['pods'], uid: string): 'as it was' | 'Terminating' | 'gone' {
  const pod = [...pods.values()].find(({ metadata }) => metadata.uid === uid);
  if (pod === undefined) return 'gone';
  return pod.metadata.deletionTimestamp === undefined ? 'as it was' : 'Terminating';
}

function isReadyElsewhere({ pods }: RecordedState, name: string, node: string): boolean {
  const pod = pods.get(name);
  return pod?.spec?.nodeName !== node && isReady(pod);
}

/** Ready again, and no longer kept free of Pods. */
function isBack({ nodes }: RecordedState, name: string): boolean {
  const { spec, status } = nodes.get(name) ?? {};
  const isReady = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  return isReady === true && (spec?.taints ?? []).length === 0;
}
