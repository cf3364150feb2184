import { afterEach, expect, test } from 'vitest';
import { connect } from '../kube/connect.ts';
import { describeLeftovers, findLeftovers, isNothing, type Leftovers, type Scope } from './leftovers.ts';
import { scriptedServer } from './testing/apiServer.ts';

const run = '20261121-0532-x7k2';
const other = '20261121-0533-abcd';
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Cluster {
  readonly namespaces?: readonly unknown[];
  readonly volumes?: readonly unknown[];
  readonly nodes?: readonly unknown[];
}

/** What is found on a cluster with these objects. The server hands out namespaces as it would for the label that was asked for. */
async function foundOn(
  { namespaces = [], volumes = [], nodes = [] }: Cluster,
  scope: Omit<Scope, 'signal'> = {},
): Promise<Leftovers> {
  const lists: Readonly<Record<string, readonly unknown[]>> = {
    '/api/v1/namespaces': namespaces,
    '/api/v1/persistentvolumes': volumes,
    '/api/v1/nodes': nodes,
  };
  const server = await scriptedServer(({ path }) => ({ metadata: { resourceVersion: '9' }, items: lists[path] ?? [] }));
  const kube = connect({ kubeconfigPath: server.kubeconfig });
  closing.push(async () => {
    kube.close();
    await server.close();
  });
  return findLeftovers(kube, { ...scope, signal: new AbortController().signal });
}

function object(name: string, metadata: object = {}, rest: object = {}) {
  return { metadata: { name, uid: `uid of ${name}`, resourceVersion: '1', ...metadata }, ...rest };
}

function home(name: string, runId: string, metadata: object = {}) {
  return object(name, {
    labels: { 'steadfast.dev/run': runId },
    creationTimestamp: '2026-11-21T05:32:00Z',
    ...metadata,
  });
}

function volume(name: string, namespace: string, metadata: object = {}) {
  const provisioned = { annotations: { 'pv.kubernetes.io/provisioned-by': 'rancher.io/local-path' } };
  const born = { creationTimestamp: '2026-11-21T05:32:10Z' };
  return object(
    name,
    { ...provisioned, ...born, ...metadata },
    { spec: { claimRef: { namespace, name: 'www-web-0' } } },
  );
}

const names = (found: readonly { readonly name: string }[]) => found.map(({ name }) => name);

test('namespaces with a run’s label are found, with their uids', async () => {
  const { namespaces } = await foundOn({ namespaces: [home('steadfast-a', run), home('steadfast-b', other)] });
  expect(namespaces).toMatchObject([
    { name: 'steadfast-a', uid: 'uid of steadfast-a', run },
    { name: 'steadfast-b', uid: 'uid of steadfast-b', run: other },
  ]);
});

test('only those of the run that was named', async () => {
  const left = await foundOn({ namespaces: [home('steadfast-a', run), home('steadfast-b', other)] }, { run });
  expect(names(left.namespaces)).toEqual(['steadfast-a']);
});

test('a volume provisioned for a claim of the run is its own', async () => {
  const { volumes } = await foundOn({
    namespaces: [home('steadfast-a', run)],
    volumes: [volume('pv-1', 'steadfast-a')],
  });
  expect(volumes).toEqual([{ name: 'pv-1', uid: 'uid of pv-1', run }]);
});

test('a volume that carries the label is found when its namespace is gone', async () => {
  const labels = { 'steadfast.dev/run': run };
  const { volumes } = await foundOn({ volumes: [volume('pv-1', 'steadfast-gone', { labels })] });
  expect(names(volumes)).toEqual(['pv-1']);
});

test.each([
  ['of another namespace', volume('pv-1', 'production')],
  ['of a namespace that only has such a name', volume('pv-1', 'steadfast-20261121-0532-zzzz')],
  ['made by hand and bound by a claim of the run', volume('pv-1', 'steadfast-a', { annotations: {} })],
  ['older than the namespace', volume('pv-1', 'steadfast-a', { creationTimestamp: '2026-11-20T00:00:00Z' })],
  ['that nobody claimed', object('pv-1', {}, { spec: {} })],
])('a volume %s is not', async (_, foreign) => {
  const { volumes } = await foundOn({ namespaces: [home('steadfast-a', run)], volumes: [foreign] });
  expect(volumes).toEqual([]);
});

test('a node that a run cordoned is found, one that somebody else cordoned is not', async () => {
  const ours = object(
    'worker-1',
    { annotations: { 'steadfast.dev/cordoned-by': run } },
    { spec: { unschedulable: true } },
  );
  const theirs = object('worker-2', {}, { spec: { unschedulable: true } });
  expect(names((await foundOn({ nodes: [ours, theirs] })).nodes)).toEqual(['worker-1']);
});

test('a node that was taken in two ways is found twice, with the words for it', async () => {
  const annotations = { 'steadfast.dev/paused-by': run, 'steadfast.dev/out-of-service-by': run };
  const left = await foundOn({ nodes: [object('worker-1', { annotations })] });
  expect(describeLeftovers(left)).toEqual([
    `node worker-1: paused by run ${run}`,
    `node worker-1: out of service by run ${run}`,
  ]);
});

test('a node whose object a story deleted is found in its namespace', async () => {
  const annotations = { 'steadfast.dev/removed-node': JSON.stringify({ metadata: { name: 'worker-1' } }) };
  expect(describeLeftovers(await foundOn({ namespaces: [home('steadfast-a', run, { annotations })] }))).toEqual([
    `node worker-1: removed by run ${run}`,
    `namespace steadfast-a of run ${run}`,
  ]);
});

const alive = {
  annotations: {
    'steadfast.dev/machine': 'elsewhere',
    'steadfast.dev/pid': '1',
    'steadfast.dev/alive-at': new Date().toISOString(),
  },
};

test('nothing of a run that is going on is found, unless by force', async () => {
  const cluster: Cluster = {
    namespaces: [home('steadfast-a', run, alive), home('steadfast-a-1', run), home('steadfast-b', other)],
    volumes: [volume('pv-1', 'steadfast-a-1')],
    nodes: [object('worker-1', { annotations: { 'steadfast.dev/cordoned-by': run } })],
  };
  const careful = await foundOn(cluster);
  expect(careful.alive).toEqual([run]);
  expect([...names(careful.namespaces), ...names(careful.volumes), ...names(careful.nodes)]).toEqual(['steadfast-b']);
  const forced = await foundOn(cluster, { run, force: true });
  expect([...names(forced.namespaces), ...names(forced.volumes), ...names(forced.nodes)]).toEqual([
    'steadfast-a',
    'steadfast-a-1',
    'pv-1',
    'worker-1',
  ]);
});

test('on a clean cluster there is nothing', async () => {
  expect(isNothing(await foundOn({}))).toBe(true);
});
