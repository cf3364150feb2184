import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Kube } from '../kube/connect.ts';
import { exec } from '../kube/exec.ts';
import type { KindName } from '../kube/kinds.ts';
import { connectFromEnvironment } from '../kube/liveCluster.ts';
import { findLeftovers, isNothing } from './leftovers.ts';
import { newRunId } from './runId.ts';
import { watchEvents } from './watching.ts';
import { leftBy, liveRuns, type LiveRuns } from './testing/liveRuns.ts';

const chance = newRunId().slice(-4);
/** Somebody else's: a workload with data, and a namespace that only looks like one of ours. */
const theirs = `bystander-${chance}`;
const lookalike = `steadfast-${newRunId()}-1-1`;

let runs: LiveRuns;
let kube: Kube;

beforeAll(async () => {
  runs = await liveRuns();
  kube = connectFromEnvironment();
  await Promise.all([theirs, lookalike].map((name) => kube.create({ resource: 'namespaces' }, namespaceNamed(name))));
  await kube.create({ resource: 'persistentvolumeclaims', namespace: theirs }, claim);
  await kube.create({ resource: 'pods', namespace: theirs }, writer);
  await untilRunning(theirs, 'writer');
});

afterAll(async () => {
  await Promise.all([theirs, lookalike].map((name) => kube.delete({ resource: 'namespaces', name })));
  kube.close();
  await runs.close();
});

test('nothing foreign is touched: not by a run, not by a run that is killed, not by cleaning up after them', async () => {
  const before = await whatIsTheirs();

  const [interrupted, killed] = await Promise.all([runs.startInTheMiddle(), runs.startInTheMiddle()]);
  interrupted.sendToAll('SIGINT');
  killed.sendToAll('SIGKILL');
  await Promise.all([interrupted.end, killed.end]);

  const everything = await findLeftovers(kube, { force: true, signal: AbortSignal.timeout(30_000) });
  const found = [...everything.namespaces, ...everything.volumes, ...everything.nodes].map(({ uid }) => uid);
  expect(found.filter((uid) => before.uids.includes(uid))).toEqual([]);
  await runs.command('clean', '--run', killed.id);
  expect(isNothing(await leftBy(killed.id, kube))).toBe(true);

  expect(await whatIsTheirs()).toEqual(before);
});

/** The uids of everything that is theirs, and their data. */
async function whatIsTheirs() {
  const lists = await Promise.all([
    ...[theirs, lookalike].map(async (name) => [await kube.get({ resource: 'namespaces', name })]),
    ...(['pods', 'persistentvolumeclaims', 'configmaps', 'serviceaccounts'] as const).map((resource) =>
      itemsOf(resource),
    ),
  ]);
  const [claimed] = await itemsOf('persistentvolumeclaims');
  const volumes = (await kube.list({ resource: 'persistentvolumes' })).items;
  const volume = volumes.find((each) => each.spec?.claimRef?.uid === claimed?.metadata.uid);
  const { stdout } = await exec(kube, { namespace: theirs, pod: 'writer', argv: ['cat', '/data/file'] });
  return {
    uids: [...lists.flat().map((each) => each.metadata.uid), volume?.metadata.uid],
    reclaimPolicy: volume?.spec?.persistentVolumeReclaimPolicy,
    data: stdout,
  };
}

async function itemsOf(resource: KindName) {
  return (await kube.list({ resource, namespace: theirs })).items;
}

async function untilRunning(namespace: string, name: string): Promise<void> {
  const query = { fieldSelector: `metadata.name=${name}` };
  for await (const { object } of watchEvents(kube, { resource: 'pods', namespace }, query, AbortSignal.timeout(60_000)))
    if ((object as { readonly status?: { readonly phase?: string } }).status?.phase === 'Running') return;
  throw new Error(`${name} never ran`);
}

function namespaceNamed(name: string) {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  // The same name as the claims of the tutorial.
  metadata: { name: 'www-web-0', labels: { app: 'nginx' } },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
};

const writer = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'writer', labels: { app: 'nginx' } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'writer',
        image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', 'echo "years of work" > /data/file && sleep infinity'],
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      },
    ],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'www-web-0' } }],
  },
};
