import {
  betweenMarks,
  patience,
  type RecordedState,
  type Stage,
  type StatefulSetHandle,
  type StoryNamespace,
  type Workload,
} from '../../../harness/test.ts';
import { dnsNamesOf } from '../../../harness/guarantees/dns.ts';
import { asksServers } from '../looks.ts';
import { asWritten, ordinals, servers } from '../zookeeper.ts';

export const moments = {
  first: 'zk-0 is alone at first',
  three: 'three servers serve',
  unwritten: 'before many writes',
  written: 'after many writes',
  before: 'before zk-1 is deleted',
  back: 'zk-1 is back',
  stays: 'zk-1 stays',
  two: 'two servers are left',
  alone: 'one server is left',
  restored: 'three servers serve again',
  end: 'at the end',
} as const;

export const ledger = '/ledger';

/** Servers join, one is replaced, two are taken away and come back, and all are killed at once; a client writes all the time. */
export const serversComeAndGo =
  (workload: Workload) =>
  async ({ namespace }: Stage) => {
    const [zk, probe] = await Promise.all([namespace.deploy(workload), namespace.probe()]);
    await zk.becomesReady();
    const first = await betweenMarks(namespace, moments.first, () => writesThrough(namespace, moments.first, ['zk-0']));
    await isWhole(namespace, zk);
    const three = await betweenMarks(namespace, moments.three, () => writesThrough(namespace, moments.three, servers));
    const quiet = await namespace.mark('before the writer writes');
    await seesVolumes(namespace, moments.unwritten);
    const writer = await namespace.clients.zookeeper.writes('servers come and go', ledger, servers);
    await writer.goesOn(60);
    await seesVolumes(namespace, moments.written);
    const snapped = await namespace.mark('many writes were made');

    const names = dnsNamesOf(asWritten, namespace);
    const asks = (moment: string) =>
      probe.asksDns(moment, [
        { name: names.pod(1), type: 'A' },
        { name: names.port('server'), type: 'SRV' },
      ]);
    const before = await betweenMarks(namespace, moments.before, () => asks(moments.before));
    const old = zk.uidOf(1);
    await zk.deletePod(1);
    await zk.podBecomesReady(1, old);
    const address = zk.addressOf(1);
    await probe.asksDnsUntil('DNS follows zk-1', { name: names.pod(1), type: 'A' }, ({ addresses }) =>
      addresses.includes(address),
    );
    await namespace.clients.zookeeper.becomeServing('zk-1 joins again', servers);
    const back = await betweenMarks(namespace, moments.back, () =>
      Promise.all([asks(moments.back), asksServers(namespace, moments.back, ['srvr'])]),
    );
    const stays = await betweenMarks(namespace, moments.stays, () => asksServers(namespace, moments.stays, ['srvr']));

    await isReducedTo(zk, 2);
    await namespace.clients.zookeeper.becomeServing('two servers agree', ['zk-0', 'zk-1']);
    const two = await betweenMarks(namespace, moments.two, () =>
      writesThrough(namespace, moments.two, ['zk-0', 'zk-1']),
    );
    await isReducedTo(zk, 1);
    const alone = await betweenMarks(namespace, moments.alone, () => writesThrough(namespace, moments.alone, ['zk-0']));
    await isWhole(namespace, zk);
    const restored = await betweenMarks(namespace, moments.restored, () =>
      writesThrough(namespace, moments.restored, servers),
    );
    await writer.goesOn(5);

    const whole = await namespace.mark('before the crash');
    await crashTogether(namespace, zk);
    await namespace.clients.zookeeper.becomeServing('the servers recover', servers);
    const recovered = await namespace.mark('after the crash');
    await writer.goesOn(5);
    await writer.stop();
    await Promise.all(servers.map((pod) => namespace.clients.zookeeper.readsAll(moments.end, ledger, pod)));
    return {
      zk,
      zone: namespace.zone,
      first,
      three,
      snapshots: { from: quiet, to: snapped },
      before,
      back,
      stays,
      two,
      alone,
      restored,
      crash: { from: whole, to: recovered },
    };
  };

/** Sends a write to each of these servers, by itself, and asks it how it is. */
async function writesThrough(namespace: StoryNamespace, moment: string, pods: readonly string[]): Promise<void> {
  const write = async (pod: string): Promise<void> => {
    const session = await namespace.clients.zookeeper.connects(moment, pod, { deadlineMs: patience.refusalMs });
    await session.creates(moment, `/${moment.replaceAll(' ', '-')}-${pod}`, 'written');
    await session.close();
    await namespace.clients.zookeeper.asksWord(moment, pod, 'srvr');
  };
  await Promise.all(pods.map(write));
}

async function isWhole(namespace: StoryNamespace, zk: StatefulSetHandle): Promise<void> {
  await zk.scaleTo(3);
  await zk.becomesReady();
  await namespace.clients.zookeeper.becomeServing('three servers begin to serve', servers);
}

async function isReducedTo(zk: StatefulSetHandle, replicas: number): Promise<void> {
  await zk.scaleTo(replicas);
  await zk.podDisappears(replicas);
  await zk.becomesReady();
}

/** Kills every server without a warning: told to do so a moment later, since the command's own connection ends with the container. */
async function crashTogether(namespace: StoryNamespace, zk: StatefulSetHandle): Promise<void> {
  const kill = "setsid sh -c 'sleep 1; kill -9 $(pidof java)' > /dev/null 2>&1 < /dev/null &";
  const restarts = ({ pods }: RecordedState, pod: string): number =>
    pods.get(pod)?.status?.containerStatuses?.[0]?.restartCount ?? 0;
  await Promise.all(ordinals.map((ordinal) => zk.runs('every server is killed', ordinal, ['sh', '-c', kill])));
  await namespace.until('every server to be started again', (recorded) =>
    servers.every((pod) => restarts(recorded, pod) > 0),
  );
  for (const ordinal of ordinals) await zk.podBecomesReady(ordinal);
}

async function seesVolumes(namespace: StoryNamespace, moment: string): Promise<void> {
  const list = ['sh', '-c', 'ls {path}/data/version-2 2> /dev/null || true'];
  for (const pod of servers) await namespace.looksAtVolume(moment, `datadir-${pod}`, list);
}
