import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../history/entries.ts';
import type { Manifest } from '../history/objects.ts';
import { isRunningAndReady } from '../history/pods.ts';
import { Recording } from '../history/recording.ts';
import { applyManifest, type Kube } from './connect.ts';
import { exec, execLines, podLogs } from './exec.ts';
import { connectFromEnvironment, inNamespace } from './liveCluster.ts';
import { listOf } from './lists.ts';
import { startRecorder } from './recorder.ts';
import { replaySince } from './replay.ts';
import { openTunnel } from './tunnel.ts';
import { compareVersions } from '../history/versions.ts';
import { ResourceWatch, watchTimings } from './watch.ts';

let kube: Kube;

beforeAll(() => {
  kube = connectFromEnvironment();
});

afterAll(() => kube.close());

const followed = ['pods', 'services', 'persistentvolumes', 'nodes', 'events'] as const;

function service(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { clusterIP: 'None', ports: [{ port: 80 }] } };
}

function changesOf(recording: Recording, resource: string): readonly Change[] {
  return recording.entries.filter((entry) => entry.kind === 'change' && entry.resource === resource) as Change[];
}

describe('a recording of a real cluster', () => {
  it('holds exactly what was done, version by version, and is fenced', async () => {
    await inNamespace(kube, async (namespace) => {
      const recording = new Recording();
      const recorder = await startRecorder(kube, recording, { namespace, resources: followed });
      const place = { resource: 'services', namespace, name: 'web' } as const;
      const created = await applyManifest(kube, service('web'), namespace);
      const labelled = await kube.patch(place, { metadata: { labels: { seen: 'yes' } } });
      await kube.delete(place, { uid: created.metadata.uid });
      const fence = await recorder.fence('done');
      await recorder.stop();

      const [added, modified, deleted, ...more] = changesOf(recording, 'services');
      expect(added).toMatchObject({ type: 'added', object: { metadata: created.metadata } });
      expect(modified).toMatchObject({ type: 'modified', object: { metadata: labelled.metadata } });
      expect(deleted).toMatchObject({ type: 'deleted', object: { metadata: { uid: created.metadata.uid } } });
      expect(more).toEqual([]);
      expect(recording.entries.filter((entry) => entry.kind === 'gap')).toEqual([]);
      expect(Object.keys(fence.lists).toSorted()).toEqual(['nodes', 'persistentvolumes', 'pods', 'services']);
      expect(deleted?.index).toBeLessThan(fence.index);
    });
  });

  it('misses nothing of what comes and goes right before the fence', async () => {
    await inNamespace(kube, async (namespace) => {
      const recording = new Recording();
      const recorder = await startRecorder(kube, recording, { namespace, resources: ['services'] });
      const names = Array.from({ length: 20 }, (_, number) => `brief-${number}`);
      const versions = await Promise.all(
        names.map(async (name) => {
          const { metadata } = await kube.create({ resource: 'services', namespace }, service(name));
          await kube.delete({ resource: 'services', namespace, name }, { uid: metadata.uid });
          return metadata.resourceVersion;
        }),
      );
      const fence = await recorder.fence('done');
      await recorder.stop();
      const changes = changesOf(recording, 'services').filter((change) => change.index < fence.index);
      const added = changes.filter((change) => change.type === 'added');
      expect(added.map((change) => change.object.metadata.resourceVersion).toSorted()).toEqual(versions.toSorted());
      expect(changes.filter((change) => change.type === 'deleted')).toHaveLength(names.length);
    });
  });

  it('comes as far as the server where nothing happens in its own namespace, and much in another', async () => {
    await inNamespace(kube, async (quiet) => {
      await inNamespace(kube, async (busy) => {
        const signal = AbortSignal.timeout(60_000);
        const scope = { resource: 'services', namespace: quiet, signal, timings: watchTimings } as const;
        const watch = new ResourceWatch(kube, new Recording(), scope);
        await watch.start();
        const { metadata } = await applyManifest(kube, service('elsewhere'), busy);
        const wanted = metadata.resourceVersion;
        for (const name of ['more', 'and-more']) await applyManifest(kube, service(name), busy);
        const { promise: came, resolve } = Promise.withResolvers<void>();
        const isThere = (): boolean => compareVersions(watch.reached, wanted) >= 0;
        watch.onProgress(() => (isThere() ? resolve() : undefined));
        signal.addEventListener('abort', () => resolve());
        await came;
        expect(isThere(), `it came to ${watch.reached}, and the other namespace's Service is ${wanted}`).toBe(true);
      });
    });
  });

  it('can be read back from the storage, change by change as the watch told it', async () => {
    await inNamespace(kube, async (namespace) => {
      const recording = new Recording();
      const scope = { resource: 'services', namespace, signal: AbortSignal.timeout(60_000) } as const;
      const recorder = await startRecorder(kube, recording, { namespace, resources: ['services'] });
      const { resourceVersion } = (await listOf(kube, scope)).metadata;
      for (const name of ['stays', 'goes']) await applyManifest(kube, service(name), namespace);
      await kube.patch({ resource: 'services', namespace, name: 'stays' }, { metadata: { labels: { seen: 'yes' } } });
      await kube.delete({ resource: 'services', namespace, name: 'goes' });
      const { changes } = await replaySince(resourceVersion, (version) => listOf(kube, scope, version));
      await recorder.fence('done');
      await recorder.stop();

      const told = changesOf(recording, 'services').map(({ type, object }) => ({ type, metadata: object.metadata }));
      expect(changes.map(({ type, object }) => ({ type, metadata: object.metadata }))).toEqual(told);
      expect(told.map(({ type }) => type)).toEqual(['added', 'added', 'modified', 'deleted']);
    });
  });
});

describe('a container', () => {
  it('runs commands and shows its log', async () => {
    await inNamespace(kube, async (namespace) => {
      const recording = new Recording();
      const recorder = await startRecorder(kube, recording, { namespace, resources: ['pods'] });
      await applyManifest(kube, pod, namespace);
      const runs = (): boolean =>
        [...recording.state('pods').values()].some(({ status }) => status?.phase === 'Running');
      await recording.until(runs, { for: 'the Pod to run', deadlineMs: 120_000 });
      await recorder.stop();

      const inPod = { namespace, pod: 'client', container: 'client' };
      const argv = ['sh', '-c', 'cat; echo no >&2; exit 3'];
      const answer = await exec(kube, { ...inPod, argv, stdin: 'yes' });
      expect(answer).toEqual({ exitCode: 3, stdout: 'yes', stderr: 'no\n' });
      await expect(exec(kube, { ...inPod, pod: 'nobody', argv })).rejects.toMatchObject({ code: 404 });
      await expect(exec(kube, { ...inPod, argv: ['/no/such'] })).rejects.toThrow(/no such file/);

      const stop = new AbortController();
      const lines: string[] = [];
      const loop = { ...inPod, argv: ['sh', '-c', 'echo one; echo two; sleep 600'], signal: stop.signal };
      await execLines(kube, loop, (line) => {
        lines.push(line);
        if (line === 'two') stop.abort(new Error('enough'));
      });
      expect(lines).toEqual(['one', 'two']);
      expect(await podLogs(kube, namespace, 'client', { tailLines: 1 })).toBe('up\n');
    });
  });

  it('is reached on a port of its own, and nothing is where nothing listens', async () => {
    await inNamespace(kube, async (namespace) => {
      const recording = new Recording();
      const recorder = await startRecorder(kube, recording, { namespace, resources: ['pods'] });
      await applyManifest(kube, server, namespace);
      const runs = (): boolean => [...recording.state('pods').values()].some((each) => isRunningAndReady(each));
      await recording.until(runs, { for: 'the server to be Ready', deadlineMs: 120_000 });
      await recorder.stop();

      const tunnel = await openTunnel(kube, { namespace, pod: 'server', port: 80 });
      for (const path of ['/', '/nothing'])
        expect((await fetch(`http://${tunnel.host}:${tunnel.port}${path}`)).status).toBe(path === '/' ? 200 : 404);
      await tunnel.close();

      const deaf = await openTunnel(kube, { namespace, pod: 'server', port: 81 });
      await expect(fetch(`http://${deaf.host}:${deaf.port}/`)).rejects.toThrow('fetch failed');
      expect(deaf.trouble?.message).toMatch(/81/);
      await deaf.close();
    });
  });
});

const server: Manifest = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'server' },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'server',
        image: 'registry.k8s.io/nginx-slim:0.8',
        readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
      },
    ],
  },
};

const pod: Manifest = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'client' },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'client',
        image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
        command: ['sh', '-c', 'echo up; sleep 600'],
      },
    ],
  },
};
