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
import { web, withoutImage } from '../web.ts';

/** A node that nobody hears of is given up after 50 seconds of silence. */
const nodeLostMs = patience.slowPodMs;
const replacedMs = patience.lingeringPodMs;
const now = { deadlineMs: 1 };

const lost = story('the node of four Pods is lost', { alone: true, follows: ['nodes'] }, async (stage) => {
  const { namespace, nodes } = stage;
  const first = await namespace.deploy(web(one, soonEvicted));
  await first.podBecomesReady(0);
  const node = first.nodeOf(0);
  const [second, hasty, starting] = await Promise.all([
    namespace.deploy(varied(web(one, soonEvicted), called('db', node))),
    namespace.deploy(varied(web(one, soonEvicted), called('hasty', node), withoutGrace)),
    namespace.deploy(varied(web(one, soonEvicted), called('starting', node), withoutImage)),
  ]);
  await Promise.all([second.podBecomesReady(0), hasty.podBecomesReady(0), starting.podAppears(0)]);
  await namespace.until(
    'starting-0 to have a node',
    ({ pods }) => pods.get('starting-0')?.spec?.nodeName !== undefined,
  );
  const from = await namespace.mark('all are there');
  const uids = [first, second, starting].map((set) => set.uidOf(0));
  const [firstUid = ''] = uids;

  await nodes.pauses(node);
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
  const swept = { ...(await namespace.quietly('db-0 is lost', 'pod-garbage-collector')), from };

  await nodes.takesOutOfService(node);
  await namespace.sees('db-0 to be replaced', (recorded) => isReadyElsewhere(recorded, 'db-0', node), {
    deadlineMs: replacedMs,
  });
  const tainted = { from: swept.to, to: await namespace.mark('db-0 was replaced') };
  await nodes.returnsToService(node);
  await nodes.resumes(node);
  await namespace.until(`${node} to be back`, (recorded) => isBack(recorded, node));
  return { first, second, hasty, starting, waiting, forced, swept, tainted };
});

describe('StatefulSet considerations', () => {
  claim('ref.at-most-one', lost, ({ first, second, starting, waiting, forced, swept, tainted }) => [
    ...[first, second, starting].map((set) => lostPodIsNotReplaced(set, 0, waiting)),
    lostPodIsReplaced(first, 0, 'force', forced),
    lostPodIsNotReplaced(second, 0, swept),
    lostPodIsReplaced(second, 0, 'taint', tainted),
    ...[first, second, starting].map((set) => neverTwoOfOneName(set, {})),
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

/** A set of its own name and labels, whose Pods go to this node if they can. */
function called(name: string, node: string): Variation {
  const labels = { app: name };
  const expression = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  const preference = { weight: 100, preference: { matchExpressions: [expression] } };
  return (workload) =>
    varied(
      workload,
      named(name),
      inSet(`its Pods are labelled app: ${name}`, (spec) => ({
        ...spec,
        selector: { matchLabels: labels },
        template: { ...(spec['template'] as object), metadata: { labels } },
      })),
      inPods(`Pods prefer the node of web-0`, (pod) => ({
        ...pod,
        affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [preference] } },
      })),
    );
}

/** What has become of this very Pod. */
function stays(pods: RecordedState['pods'], uid: string): 'as it was' | 'Terminating' | 'gone' {
  const pod = [...pods.values()].find(({ metadata }) => metadata.uid === uid);
  if (pod === undefined) return 'gone';
  return pod.metadata.deletionTimestamp === undefined ? 'as it was' : 'Terminating';
}

function isReadyElsewhere({ pods }: RecordedState, name: string, node: string): boolean {
  const { spec, status } = pods.get(name) ?? {};
  const isReady = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  return spec?.nodeName !== node && isReady === true;
}

/** Ready again, and no longer kept free of Pods. */
function isBack({ nodes }: RecordedState, name: string): boolean {
  const { spec, status } = nodes.get(name) ?? {};
  const isReady = status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  return isReady === true && (spec?.taints ?? []).length === 0;
}
