import { greeting } from '../../harness/guarantees/reach.ts';
import { readingStatus } from '../../harness/guarantees/printed.ts';
import { tryingPort } from '../../harness/guarantees/shape.ts';
import {
  betweenMarks,
  claimRetention,
  emptyDirs,
  heldPending,
  inPods,
  inSet,
  podManagementPolicy,
  replicas,
  service,
  storageClass,
  story,
  varied,
  type StatefulSetHandle,
  type StoryNamespace,
} from '../../harness/test.ts';
import {
  askingForJava,
  asksServers,
  looksAtRing,
  looksInside,
  looksOnWhileJoining,
  newTable,
  podNames,
  podsAreGone,
  readingCommandLine,
  readingConfiguration,
  waitsBesideANeighbour,
} from './acts.ts';
import { classRead, graceRead, serviceRead } from './ring.ts';
import { bare, cassandra, fast, inServer, label, seedVariable, throwaway, type Variable } from './workloads.ts';

const two = [0, 1] as const;

/** What each claim about a server relies on, taken from it: in one story, since servers take long. */
const brokenServers = [
  replicas(2),
  podManagementPolicy('Parallel'),
  emptyDirs(),
  service({ clusterIP: undefined }),
  inServer('each server is its own seed, in no datacenter of its own, with other sizes and no hook', (server) => {
    const { ports: _ports, securityContext: _context, lifecycle: _hook, ...rest } = server;
    const env = (server['env'] as readonly Variable[]).filter(({ name }) => !unsettled.has(name));
    return { ...rest, env: [...env, ...otherwise] };
  }),
  inPods('a grace period of 1 second', (pod) => ({ ...pod, terminationGracePeriodSeconds: 1 })),
];

const unsettled: ReadonlySet<string> = new Set([
  seedVariable,
  'MAX_HEAP_SIZE',
  'HEAP_NEWSIZE',
  'CASSANDRA_CLUSTER_NAME',
  'CASSANDRA_DC',
  'CASSANDRA_RACK',
]);

const otherwise: readonly Variable[] = [
  { name: seedVariable, value: '$(POD_IP)' },
  { name: 'MAX_HEAP_SIZE', value: '480M' },
  { name: 'HEAP_NEWSIZE', value: '96M' },
  { name: 'CASSANDRA_CLUSTER_NAME', value: 'Isolated' },
  { name: 'CASSANDRA_NUM_TOKENS', value: '8' },
];

export const isolated = story(
  'every server is its own seed and keeps nothing',
  { places: 3, minutes: 2 },
  async ({ namespace }) => {
    const [probe, set] = await Promise.all([
      namespace.probe(),
      namespace.deploy(cassandra(namespace.name, ...brokenServers)),
    ]);
    await set.becomesReady({ slow: true });
    const pods = podNames(set, two);
    await namespace.clients.cassandra.becomeServing('Ready Pods open their ports', pods);
    const view = await looksAtRing(namespace, set, two, 'two Pods are Ready', 1);
    const told = await asksServers(namespace, pods, 'servers are asked');
    const inside = await looksInside(namespace, pods, 'in the containers', [
      readingConfiguration,
      readingCommandLine,
      readingStatus,
    ]);
    const name = `${set.service}.${namespace.name}.svc.${namespace.zone}`;
    const names = await betweenMarks(namespace, 'names and ports', async () => {
      await probe.asksDns(
        'names and ports',
        [1, 2, 3].map(() => ({ name, type: 'A' }) as const),
      );
      await probe.runs('names and ports', greeting(name, 9042));
      for (const ordinal of two)
        for (const port of [7000, 9042]) await probe.runs('names and ports', tryingPort(set.addressOf(ordinal), port));
    });
    const stored = await betweenMarks(namespace, 'the mounts', () =>
      set.runs('the mounts', 0, ['cat', '/proc/self/mountinfo']),
    );
    const written = [{ ordinal: 0, nonce: 'rows-' }];
    const at = { namespace: namespace.name, zone: namespace.zone };
    return { set, ...at, view, told, inside, names, stored, written, ...(await losesItsRows(namespace, set)) };
  },
);

/** Rows are written into the first server, all Pods go, and it is back, as in the story of durable rows. */
async function losesItsRows(namespace: StoryNamespace, set: StatefulSetHandle) {
  const servers = podNames(set, [0]);
  const { table } = newTable();
  const ledgers = namespace.clients.cassandra.keeping(1);
  await ledgers.readsAll('before anything is written', table, servers[0]);
  const writer = await ledgers.writes('before no Pod is left', table, servers);
  await writer.goesOn(10);
  await writer.stop();
  const alone = await looksAtRing(namespace, set, [0], 'before no Pod is left', 1);
  const log = await namespace.followsLog('no Pod is to be left', servers[0]);
  const from = await namespace.mark('rows are written');
  await set.scaleTo(0);
  await podsAreGone(namespace, set.name);
  await log.ends();
  const gone = { from, to: await namespace.mark('no Pod is left') };
  await set.scaleTo(1);
  await set.becomesReady({ slow: true });
  await namespace.clients.cassandra.becomeServing('the server opens its port again', servers);
  const returned = await looksAtRing(namespace, set, [0], 'the server is back', 1);
  const reads = { ledger: table, moment: 'after the Pod is back', servers };
  await ledgers.readsAll(reads.moment, table, servers[0]);
  return { alone, returned, reads, gone };
}

export const joinsUnready = story(
  'a Pod is Ready as soon as its server listens to others',
  { places: 3, minutes: 2 },
  async ({ namespace }) => {
    const readinessProbe = { tcpSocket: { port: 7000 }, periodSeconds: 1 };
    const probed = inServer('the readiness probe tries the port for other servers', (server) => ({
      ...server,
      readinessProbe,
    }));
    const set = await namespace.deploy(cassandra(namespace.name, replicas(2), probed));
    await set.podBecomesReady(0, undefined, { slow: true });
    await set.podBecomesReady(1, undefined, { slow: true });
    const joining = await looksOnWhileJoining(namespace, set, 1, [1]);
    return { set, joining };
  },
);

/** No Pod of this set is ever scheduled: what the controllers and the API server do with it can be seen all the same, at once. */
const unscheduled = [
  podManagementPolicy('Parallel'),
  heldPending(),
  claimRetention('Delete', 'Delete'),
  storageClass('shared'),
  service({ clusterIP: undefined }),
  inServer('no resources are asked for', ({ resources: _, ...server }) => server),
  inPods('a grace period of 30 seconds', (pod) => ({ ...pod, terminationGracePeriodSeconds: 30 })),
];

export const unstarted = story('a set of another shape, whose Pods are never scheduled', async ({ namespace }) => {
  const set = await namespace.deploy(cassandra(namespace.name, ...unscheduled));
  await namespace.asks(classRead, { verb: 'get', resource: 'storageclasses', name: fast.name });
  await claimsAreBound(namespace, 3);
  await namespace.asks(graceRead, { verb: 'get', resource: 'pods', name: `${set.name}-0` });
  const from = await namespace.mark('three Pods are Pending');
  const annotations = { 'steadfast.dev/scaled': 'with another template' };
  const old = set.uidOf(2);
  await set.patch({ spec: { template: { metadata: { annotations } } } });
  await namespace.sees('another Pod in place of the third', ({ pods }) => {
    const uid = pods.get(`${set.name}-2`)?.metadata.uid;
    return uid !== undefined && uid !== old;
  });
  await set.scaleTo(4);
  await set.podAppears(3);
  const patched = { ...(await namespace.quietly('four Pods are Pending')), from };
  await claimsAreBound(namespace, 4);
  const before = await namespace.mark('before the set is scaled to one');
  await set.scaleTo(1);
  await claimsAreBound(namespace, 1);
  const shrunk = { ...(await namespace.quietly('one Pod is left')), from: before };
  await namespace.deletesAll('statefulsets', label);
  await podsAreGone(namespace, set.name);
  await namespace.sees('the claim to be gone', ({ persistentvolumeclaims }) => persistentvolumeclaims.size === 0);
  const deleted = { ...(await namespace.quietly('the set is gone', 'garbage-collector')), from: shrunk.to };
  return { set, patched, shrunk, deleted };
});

/** The Pods, and so their claims, are labelled otherwise than the tutorial deletes by. */
const labelledOtherwise = inSet('the selector and the Pods are labelled app=ring', (spec) => {
  const { metadata: _, ...template } = spec['template'] as { readonly metadata: object };
  const labels = { app: 'ring' };
  return { ...spec, selector: { matchLabels: labels }, template: { ...template, metadata: { labels } } };
});

export const otherLabels = story('claims and Service are labelled otherwise', async ({ namespace }) => {
  const unlabelled = varied(cassandra(namespace.name, replicas(1), heldPending(), labelledOtherwise), (workload) => ({
    ...workload,
    objects: workload.objects.map((object) =>
      object.kind === 'Service' ? { ...object, metadata: { name: object.metadata.name } } : object,
    ),
    variations: [...workload.variations, 'the Service has no label'],
  }));
  const set = await namespace.deploy(unlabelled);
  await claimsAreBound(namespace, 1);
  await namespace.deletesAll('statefulsets', label);
  await podsAreGone(namespace, set.name);
  const from = await namespace.mark('before claims are deleted');
  await namespace.deletesAll('persistentvolumeclaims', label);
  const reclaimed = { from, to: await namespace.mark('claims are deleted') };
  await namespace.deletesAll('services', label);
  await namespace.asks(serviceRead, { verb: 'get', resource: 'services', name: set.service });
  const serviceless = { from: reclaimed.to, to: await namespace.mark('Services are deleted') };
  return { set, reclaimed, serviceless };
});

export const binding = story('the class is served', async ({ namespace }) => {
  const set = await namespace.deploy(cassandra(namespace.name, heldPending()));
  await namespace.sees(
    'the claim to be bound',
    ({ persistentvolumeclaims }) => persistentvolumeclaims.get('cassandra-data-cassandra-0')?.status?.phase === 'Bound',
  );
  return { set, span: await waitsBesideANeighbour(namespace, set) };
});

export const otherImage = story('another image in place of the one of the tutorial', async ({ namespace }) => {
  await namespace.applies(
    varied(throwaway(), (workload) => ({
      ...workload,
      objects: workload.objects.map((object) => ({
        ...object,
        spec: { containers: [{ name: 'nginx', image: 'registry.k8s.io/nginx-slim:0.8' }] },
      })),
      variations: ['a Pod of nginx-slim'],
    })),
  );
  await namespace.until('the Pod to run', ({ pods }) => pods.get('throwaway-0')?.status?.phase === 'Running');
  const set = bare('throwaway');
  return { set, versions: await looksInside(namespace, ['throwaway-0'], 'in the container', [askingForJava]) };
});

async function claimsAreBound(namespace: StoryNamespace, count: number): Promise<void> {
  await namespace.sees(`${count} claims, all bound`, ({ persistentvolumeclaims }) => {
    const claims = [...persistentvolumeclaims.values()];
    return claims.length === count && claims.every(({ status }) => status?.phase === 'Bound');
  });
}
