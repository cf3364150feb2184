import {
  inContainer,
  patience,
  type Probe,
  type Stage,
  type StatefulSetHandle,
  type StoryNamespace,
  type Workload,
} from '../../../harness/test.ts';
import { dnsNamesOf } from '../../../harness/guarantees/dns.ts';

export const script = '/opt/zookeeper/bin/zookeeper-ready';

/** The time by the node's clock, and then what the tutorial does. */
export const killJava = ['sh', '-c', 'date -u +%Y-%m-%dT%H:%M:%SZ && pkill java'] as const;

export const withoutLiveness = inContainer('no liveness probe', ({ livenessProbe: _, ...container }) => container);

/** The container's command does not end when the server does. */
export const underAWrapper = inContainer('a wrapper that survives the server as PID 1', (container) => {
  const [shell = 'sh', flag = '-c', start = ''] = container['command'] as readonly string[];
  return { ...container, command: [shell, flag, `${start}; sleep infinity`] };
});

/** Waits until the container of zk-0 has been restarted so often and the Pod is Ready again, and goes on when it does not come to that. */
export function isRestarted(
  namespace: StoryNamespace,
  times: number,
  deadlineMs = patience.slowPodMs,
): Promise<boolean> {
  return namespace.sees(
    `zk-0 to be Ready after restart ${times}`,
    ({ pods }) => {
      const { status } = pods.get('zk-0') ?? {};
      const isReady = status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
      return isReady === true && status?.containerStatuses?.[0]?.restartCount === times;
    },
    { deadlineMs },
  );
}

/** Where the kubelet leaves zk-0 as it is the story does not: while it is not Ready its set makes no other Pod anew. */
export async function isMadeAnew(zk: StatefulSetHandle): Promise<void> {
  const old = zk.uidOf(0);
  await zk.deletePod(0);
  await zk.podBecomesReady(0, old);
}

/** Asks a server whether it is running, as the probe's script does, over TCP: four bytes and no more, for what a server leaves unread resets its connection, answer and all. */
export const ruok = (address: string) => ['sh', '-c', `printf ruok | nc ${address} 2181`] as const;

/**
 * zk-0, which was restarted so often before, loses its probe's script, and is restarted with it or made anew: says how often it has been restarted then. The kubelet starts
 * a container ten seconds after its second end, and twenty after its third.
 */
export async function losesItsScript(namespace: StoryNamespace, zk: StatefulSetHandle, before: number) {
  const from = await namespace.mark(`the script is about to go after restart ${before}`);
  await zk.runs('the script is removed', 0, ['rm', script]);
  const isBack = await isRestarted(namespace, before + 1, patience.failingServerMs);
  const to = await namespace.mark(`zk-0 had time for restart ${before + 1}`);
  if (!isBack) await isMadeAnew(zk);
  return { from, to, restarts: isBack ? before + 1 : 0 };
}

const connections = 40;
export const enough = 30;

/** Connects to the client Service again and again, and prints which server answered, and how often it tried. */
const asksTheService = [
  'bash',
  '-c',
  `for i in $(seq ${connections}); do
     { exec 3<>/dev/tcp/zk-cs/2181 && printf conf >&3 && timeout 2 cat <&3; } 2>/dev/null | grep '^serverId='
   done; echo tried=$i`,
] as const;

/** The command of both probes, and the moment at which it is run by hand and fails. */
export const readyCommand = ['sh', '-c', 'zookeeper-ready 2181'] as const;
export const failingCheck = 'the check by hand';
export const passingCheck = 'the check by hand, once the script is back';

/** Waits until the Pod is not Ready, and goes on when it does not come to that. */
function losesReadiness(namespace: StoryNamespace, pod: string): Promise<boolean> {
  return seesReadiness(namespace, pod, false);
}

function regainsReadiness(namespace: StoryNamespace, pod: string): Promise<boolean> {
  return seesReadiness(namespace, pod, true);
}

function seesReadiness(namespace: StoryNamespace, pod: string, wanted: boolean): Promise<boolean> {
  return namespace.sees(
    `${pod} to be ${wanted ? 'Ready' : 'not Ready'}`,
    ({ pods }) => {
      const { conditions = [] } = pods.get(pod)?.status ?? {};
      return conditions.some(({ type, status }) => type === 'Ready' && (status === 'True') === wanted);
    },
    { deadlineMs: patience.podMs },
  );
}

const takeAway = ['sh', '-c', `cp -p ${script} /tmp/kept && rm ${script}`] as const;
const putBack = ['sh', '-c', `cp -p /tmp/kept ${script}`] as const;

/**
 * zk-0 loses its probe's script and so its readiness, then zk-1 too, and they get it back, while a client connects to zk-cs and asks DNS. Two servers of the three that they
 * are configured for are a quorum.
 */
export const flips =
  (workload: Workload) =>
  async ({ namespace }: Stage) => {
    const [zk, probe] = await Promise.all([namespace.deploy(workload), namespace.probe()]);
    await zk.becomesReady();
    await namespace.clients.zookeeper.becomeServing('both serve', ['zk-0', 'zk-1']);
    await zk.runs('the script', 0, ['cat', script]);
    const before = await looks(namespace, probe, zk, 'both are Ready', [0, 1]);
    await zk.runs('the script is taken away', 0, takeAway);
    await losesReadiness(namespace, 'zk-0');
    await zk.runs(failingCheck, 0, readyCommand);
    const from = await namespace.mark('zk-0 had time to become unready');
    await zk.runs('the script after it was taken away', 0, ['cat', script]);
    await zk.runs('is it alive', 0, ruok('127.0.0.1'));
    const unready = await looks(namespace, probe, zk, 'zk-0 is not Ready', [1]);
    const alive = { ...(await namespace.quietly('zk-0 stays unready')), from };
    await zk.runs('the script is taken away', 1, takeAway);
    await losesReadiness(namespace, 'zk-1');
    const none = { ...(await looks(namespace, probe, zk, 'none is Ready', [])), service: 'zk-cs' };
    for (const ordinal of [0, 1]) await zk.runs('the script is put back', ordinal, putBack);
    const back = await namespace.mark('the scripts are back');
    for (const ordinal of [0, 1]) await regainsReadiness(namespace, `zk-${ordinal}`);
    await zk.runs(passingCheck, 0, readyCommand);
    const recovered = await namespace.mark('both had time to become Ready again');
    const again = await looks(namespace, probe, zk, 'zk-0 is Ready again', [0, 1]);
    const flip = { ordinal: 0, service: 'zk-cs', before, unready, again };
    return {
      zk,
      zone: namespace.zone,
      flip,
      none,
      alive: { from: alive.from, to: alive.to },
      lost: { from: before.to, to: alive.to },
      failing: { from: before.to, to: from },
      passing: { from: back, to: recovered },
    };
  };

/** Looks at DNS and connects to the Service, until both have followed the Pods' readiness or had the time to. */
async function looks(
  namespace: StoryNamespace,
  probe: Probe,
  zk: StatefulSetHandle,
  moment: string,
  ready: readonly number[],
) {
  await namespace.sees(
    `the EndpointSlices to follow (${moment})`,
    ({ endpointslices }) => {
      const slices = [...endpointslices.values()].filter(
        ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'zk-cs',
      );
      const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
      const serving = endpoints.filter(({ conditions }) => conditions?.serving).map(({ targetRef }) => targetRef?.name);
      return serving.length === ready.length && ready.every((ordinal) => serving.includes(`zk-${ordinal}`));
    },
    { deadlineMs: patience.reactionMs },
  );
  await trafficFollows(probe, zk, moment, ready);
  const from = await namespace.mark(`${moment}: begin`);
  await Promise.all([
    probe.runs(moment, asksTheService),
    // On its own node a Pod may be treated otherwise than elsewhere.
    zk.runs(moment, 0, asksTheService),
    asksDns(namespace, probe, zk, moment, ready),
  ]);
  return { moment, from, to: await namespace.mark(`${moment}: end`) };
}

/** The proxies on the nodes have no watch: a client connects until it meets exactly the Ready servers, a few times at most. */
async function trafficFollows(
  probe: Probe,
  zk: StatefulSetHandle,
  moment: string,
  ready: readonly number[],
): Promise<void> {
  const asks = `${moment}: does traffic follow`;
  for (let round = 0; round < 5; round += 1) {
    const reached = serversIn(await probe.runs(asks, asksTheService));
    const reachedFromInside = serversIn(await zk.runs(asks, 0, asksTheService));
    const isMet = reached.size === ready.length && ready.every((ordinal) => reached.has(ordinal));
    if (isMet && [...reachedFromInside].every((ordinal) => ready.includes(ordinal))) return;
  }
}

function serversIn(output: string): ReadonlySet<number> {
  return new Set([...output.matchAll(/^serverId=(\d+)/gm)].map(([, id]) => Number(id) - 1));
}

async function asksDns(
  namespace: StoryNamespace,
  probe: Probe,
  zk: StatefulSetHandle,
  moment: string,
  ready: readonly number[],
): Promise<void> {
  const names = dnsNamesOf(zk, namespace);
  const same = (addresses: readonly string[]) => (answer: { readonly addresses: readonly string[] }) =>
    answer.addresses.toSorted().join() === addresses.toSorted().join();
  await Promise.all([
    probe.asksDnsUntil(moment, { name: names.service, type: 'A' }, same(ready.map((ordinal) => zk.addressOf(ordinal)))),
    probe.asksDnsUntil(
      moment,
      { name: names.port('server'), type: 'SRV' },
      ({ services }) => services.length === ready.length,
    ),
    ...[0, 1].map((ordinal) =>
      probe.asksDnsUntil(moment, { name: names.pod(ordinal), type: 'A' }, (answer) =>
        ready.includes(ordinal) ? same([zk.addressOf(ordinal)])(answer) : answer.status === 'NXDOMAIN',
      ),
    ),
  ]);
}
