import {
  betweenMarks,
  breaks,
  claim,
  describe,
  emptyDirs,
  heldUnready,
  replicas,
  service,
  story,
  type DnsAnswer,
  type RecordedState,
  type Stage,
  type Workload,
} from '../../../harness/test.ts';
import { dnsNamesOf } from '../../../harness/guarantees/dns.ts';
import { dnsFollowsReadiness } from '../../../harness/guarantees/dnsReadiness.ts';
import { zookeeper } from '../zookeeper.ts';

const port = { name: 'server', port: 2888 } as const;

/** A server is held unready for as long as it takes to ask for its name, and let Ready again; where unready Pods are published nobody waits for DNS to forget them. */
const flips =
  (workload: Workload, waits: boolean) =>
  async ({ namespace }: Stage) => {
    const [zk, probe] = await Promise.all([namespace.deploy(workload), namespace.probe()]);
    for (const ordinal of [0, 1]) {
      await zk.podBecomesRunning(ordinal);
      await zk.letReady(ordinal);
    }
    const names = dnsNamesOf(zk, namespace);
    const asks = async (moment: string, ready: readonly number[]) => {
      await namespace.until(`the endpoints to follow (${moment})`, (recorded) => serve(recorded, ready));
      return betweenMarks(namespace, moment, async () => {
        const addresses = ready.map((ordinal) => zk.addressOf(ordinal)).toSorted();
        const isThem = (answer: DnsAnswer): boolean => answer.addresses.toSorted().join() === addresses.join();
        const isOne = (ordinal: number) => (answer: DnsAnswer) =>
          ready.includes(ordinal) ? answer.addresses.join() === zk.addressOf(ordinal) : answer.status === 'NXDOMAIN';
        const settles = (seen: (answer: DnsAnswer) => boolean) => (answer: DnsAnswer) => !waits || seen(answer);
        await Promise.all([
          probe.asksDnsUntil(moment, { name: names.service, type: 'A' }, settles(isThem)),
          probe.asksDnsUntil(
            moment,
            { name: names.port(port.name), type: 'SRV' },
            settles(({ services }) => services.length === ready.length),
          ),
          ...[0, 1].map((ordinal) =>
            probe.asksDnsUntil(moment, { name: names.pod(ordinal), type: 'A' }, settles(isOne(ordinal))),
          ),
        ]);
      });
    };
    const before = await asks('both are Ready', [0, 1]);
    await zk.makeUnready(1);
    const unready = await asks('zk-1 is not Ready', [0]);
    await zk.letReady(1);
    const again = await asks('zk-1 is Ready again', [0, 1]);
    return { zk, zone: namespace.zone, flip: { ordinal: 1, before, unready, again } };
  };

const varied = [replicas(2), emptyDirs(), heldUnready()] as const;

const held = story('zk-1 is held unready and let Ready', { places: 2 }, flips(zookeeper(...varied), true));

const published = story(
  'zk-1 is held unready and published all the same',
  { places: 2 },
  flips(zookeeper(...varied, service({ publishNotReadyAddresses: true })), false),
);

describe('Achieving consensus', () => {
  claim('zk.a-record-when-ready', held, ({ zk, zone, flip }) => dnsFollowsReadiness(zk, flip, port, zone));
});

describe('controls', () => {
  breaks('zk.a-record-when-ready', published, ({ zk, zone, flip }) => dnsFollowsReadiness(zk, flip, port, zone));
});

/** Whether the Pods that serve according to the EndpointSlices are these, whatever is published as ready. */
function serve({ endpointslices }: RecordedState, ready: readonly number[]): boolean {
  const endpoints = [...endpointslices.values()].flatMap((slice) => slice.endpoints ?? []);
  const serving = new Set(endpoints.filter((each) => each.conditions?.serving).map((each) => each.targetRef?.name));
  return serving.size === ready.length && ready.every((ordinal) => serving.has(`zk-${ordinal}`));
}
