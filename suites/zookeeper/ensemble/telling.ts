import {
  betweenMarks,
  type Stage,
  type StatefulSetHandle,
  type StoryNamespace,
  type Workload,
} from '../../../harness/test.ts';
import { dnsNamesOf } from '../../../harness/guarantees/dns.ts';
import { findsFilesWith } from '../../../harness/guarantees/durable.ts';
import { askingByName } from '../../../harness/guarantees/ensembles.ts';
import { showsOwner, showsProcesses } from '../../../harness/guarantees/owners.ts';
import { asksServers, readsThroughEach, runsInEach } from '../looks.ts';
import { asWritten, dataDirectory, files, ordinals, servers, volumeDirectory } from '../zookeeper.ts';

/** What the tutorial does, from the first apply to the value that is still there after everything was deleted and made again. */
export const created =
  (workload: Workload) =>
  async ({ namespace }: Stage) => {
    const [zk, probe] = await Promise.all([namespace.deploy(workload), namespace.probe()]);
    await zk.becomesReady();
    await namespace.clients.zookeeper.becomeServing('the servers begin to serve', servers);
    const data = `world-${crypto.randomUUID()}`;
    await looksIntoLogs(namespace, zk, moments.unwritten, data);
    const written = await isWritten(namespace, data);
    await looksIntoLogs(namespace, zk, moments.written, data);
    const serves = await betweenMarks(namespace, moments.serves, () => isLookedAt(namespace, zk, data));
    const names = dnsNamesOf(asWritten, namespace);
    const named = await betweenMarks(namespace, moments.named, async () => {
      await probe.asksDns(moments.named, [
        { name: names.service, type: 'A' },
        { name: names.port('server'), type: 'SRV' },
        { name: names.port('leader-election'), type: 'SRV' },
        ...ordinals.map((ordinal) => ({ name: names.pod(ordinal), type: 'A' }) as const),
      ]);
      // The order of the addresses is shuffled, which one answer cannot show.
      for (let round = 0; round < 2; round += 1)
        await probe.asksDns(moments.named, [{ name: names.service, type: 'A' }]);
      for (const ordinal of ordinals) await probe.runs(moments.named, askingByName(names.pod(ordinal), 2181));
    });
    const still = await betweenMarks(namespace, moments.still, () => asksServers(namespace, moments.still, ['srvr']));
    return { zk, zone: namespace.zone, namespace: namespace.name, data, written, serves, named, still };
  };

/** The set is deleted, and its manifest applied again. */
export const deletedAndAppliedAgain = (workload: Workload) => async (stage: Stage) => {
  const { namespace } = stage;
  const told = await created(workload)(stage);
  await readsThroughEach(namespace, moments.before, ['zk-2'], '/hello');
  const stands = await namespace.mark('the set stands');
  await told.zk.delete('Background');
  const isGone = (pods: ReadonlyMap<string, unknown>): boolean => !servers.some((pod) => pods.has(pod));
  await namespace.until('all Pods to be gone', ({ pods }) => isGone(pods));
  const { to: deleted } = await namespace.quietly('all Pods are gone');
  const zk = await namespace.deploy(workload);
  const applied = await namespace.mark('the manifest is applied again');
  await zk.becomesReady();
  await namespace.clients.zookeeper.becomeServing('the servers serve again', servers);
  await readsThroughEach(namespace, moments.after, ['zk-2'], '/hello');
  const recreated = await namespace.mark('the ensemble is there again');
  return { ...told, stands, deleted, applied, recreated };
};

export const moments = {
  unwritten: 'before anything is written',
  writing: 'world is written through zk-0',
  reading: 'world is read through every server',
  written: 'after world was written',
  serves: 'the ensemble serves',
  named: 'the servers are looked for by name',
  still: 'the ensemble still serves',
  before: 'before the set is deleted',
  after: 'after the set was created again',
} as const;

/** What was asked of zk-0 when the data was written. */
export function creationOf(data: string) {
  return { moment: moments.writing, target: 'zk-0', request: `create /hello ${data}` } as const;
}

/** The sanity test: created through one server, read through each. */
async function isWritten(namespace: StoryNamespace, data: string) {
  const session = await namespace.clients.zookeeper.connects(moments.writing, 'zk-0');
  await session.creates(moments.writing, '/hello', data);
  await session.close();
  await readsThroughEach(namespace, moments.reading, servers, '/hello');
  return {
    path: '/hello',
    data,
    written: { moment: moments.writing, server: 'zk-0' },
    read: { moment: moments.reading, servers },
  } as const;
}

/** Everything that the tutorial looks at inside the Pods, and the servers' own words. */
async function isLookedAt(namespace: StoryNamespace, zk: StatefulSetHandle, data: string): Promise<void> {
  await asksServers(namespace, moments.serves, ['srvr', 'conf', 'ruok']);
  await runsInEach(zk, moments.serves, [
    ['hostname'],
    ['hostname', '-f'],
    ...Object.values(files).map((file) => ['cat', file]),
    ['getent', 'passwd', '1000'],
    ['getent', 'group', '1000'],
    ['id', '-un'],
    ['cat', '/proc/self/mountinfo'],
    showsProcesses('java'),
    showsOwner(volumeDirectory),
  ]);
  if (zk.claimTemplates.length > 0)
    for (const pod of servers) await namespace.looksAtVolume(moments.serves, `datadir-${pod}`, findsWord(data));
  const log = { resource: 'pods', name: 'zk-0', subresource: 'log', query: { tailLines: 20 } } as const;
  await namespace.asks(moments.serves, { verb: 'get', ...log });
}

/** Prints the word for each time that it stands in a file of the volume; ends well if it does not. */
function findsWord(word: string): readonly string[] {
  return ['sh', '-c', `grep -rhoaF -- ${word} "$0" || test $? = 1`, '{path}'];
}

/** Which files of each volume hold the word, and which files there are; only where there are volumes. */
async function looksIntoLogs(
  namespace: StoryNamespace,
  zk: StatefulSetHandle,
  moment: string,
  word: string,
): Promise<void> {
  if (zk.claimTemplates.length === 0) return;
  const directory = `{path}${dataDirectory.slice(volumeDirectory.length)}`;
  for (const pod of servers) {
    await namespace.looksAtVolume(moment, `datadir-${pod}`, findsFilesWith(word, directory));
  }
}
