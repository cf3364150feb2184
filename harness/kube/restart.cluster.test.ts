import { afterAll, beforeAll, expect, it } from 'vitest';
import { type NodeShell, openKindCluster } from '../cluster/index.ts';
import { RunError } from '../errors.ts';
import type { Manifest } from '../history/objects.ts';
import { isRunningAndReady } from '../history/pods.ts';
import { Recording } from '../history/recording.ts';
import { applyManifest, connect, type Kube } from './connect.ts';
import { inNamespace } from './liveCluster.ts';
import { startRecorder } from './recorder.ts';

let kube: Kube;
let nodes: NodeShell;

beforeAll(async () => {
  const cluster = await openKindCluster();
  if (cluster === undefined)
    throw new RunError('an API server can be restarted on a cluster of our own only, and there is none', {
      remedy: 'Make one with `npm run up`.',
    });
  nodes = cluster.nodes;
  kube = connect(cluster);
});

afterAll(() => kube?.close());

it('a recording goes on without a gap while the API server is restarted', async () => {
  await inNamespace(kube, async (namespace) => {
    const recording = new Recording();
    const resources = [
      'pods',
      'statefulsets',
      'controllerrevisions',
      'services',
      'nodes',
      'persistentvolumes',
    ] as const;
    const recorder = await startRecorder(kube, recording, { namespace, resources });
    await applyManifest(kube, statefulSet, namespace);
    const pods = () => [...recording.state('pods').values()];
    await recording.until(() => pods().length > 0, { for: 'the first Pod', deadlineMs: 30_000 });

    const [node, before] = await apiServerProcess();
    await nodes.run(node, ['kill', '-9', before]);
    const allReady = (): boolean => pods().filter(isRunningAndReady).length === 3;
    const lastSeen = (): string => `${pods().length} Pods`;
    await recording.until(allReady, { for: 'three Pods, Running and Ready', deadlineMs: 120_000, lastSeen });
    const fence = await recorder.fence('after the restart');
    await recorder.stop();

    expect((await apiServerProcess())[1]).not.toBe(before);
    expect(recording.entries.filter((entry) => entry.kind === 'gap')).toEqual([]);
    expect(Object.keys(fence.lists)).toEqual(resources);
  });
});

/** The control plane's node and the process id of its API server. */
async function apiServerProcess(): Promise<readonly [node: string, process: string]> {
  const node = (await nodes.names()).find((name) => name.endsWith('control-plane'));
  if (node === undefined) throw new RunError('the cluster has no node named …control-plane');
  return [node, (await nodes.run(node, ['pgrep', '-x', 'kube-apiserver'])).trim()];
}

const labels = { app: 'web' };

const statefulSet: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: {
    serviceName: 'web',
    replicas: 3,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'waits',
            image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
            command: ['sh', '-c', 'sleep 600'],
          },
        ],
      },
    },
  },
};
