import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { storageClasses, type Health } from './health.ts';
import { keyOf } from './images/key.ts';
import { helperImage, provisionerImage } from './images/components.ts';
import { workloads } from './images/workloads.ts';
import { createNodes, kindProgram, kubectl } from './kind.ts';
import { splitImageName, writeMirrorFiles } from './mirror.ts';
import { inStep } from './progress.ts';
import { clusterFolder, kubeconfigOf, registryOf } from './state.ts';
import type { Supplies } from './supplies.ts';
import { fill } from './template.ts';

/** Folders of this machine that the nodes mount. */
export function foldersOf(name: string): { readonly shared: string; readonly mirrors: string } {
  return { shared: join(clusterFolder(name), 'shared'), mirrors: join(clusterFolder(name), 'mirrors') };
}

/** A new cluster whose nodes are all Ready. Data that another one left in the shared folder is removed. */
export async function createCluster(name: string, supplies: Supplies, config: string): Promise<void> {
  const { engine, progress, signal } = supplies.shop;
  const { shared, mirrors } = foldersOf(name);
  await rm(shared, { recursive: true, force: true });
  await mkdir(shared, { recursive: true });
  const mirrored = supplies.way === 'built' ? workloads.flatMap((workload) => workload.names) : [];
  const hosts = new Set(mirrored.map((image) => splitImageName(image).host));
  await writeMirrorFiles(mirrors, [...hosts], registryOf(name));
  const kind = await kindProgram(supplies.shop);
  await inStep(progress, `Create cluster ${name}`, 'one control plane and four workers', async (step) => {
    const kubeconfig = kubeconfigOf(name);
    await createNodes({ kind, name, image: supplies.nodeImage, config, kubeconfig, signal }, step);
    step.update('waiting until all nodes are Ready');
    const wait = ['wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=180s'];
    await kubectl(engine, name, wait, { signal });
  });
}

/** The storage classes and their provisioners; returns the key of what the cluster now has. */
export async function addStorage(
  name: string,
  supplies: Supplies,
  keyBefore: string | undefined,
  health: Health,
): Promise<string> {
  const { engine, progress, signal } = supplies.shop;
  const template = await readFile(join(import.meta.dirname, 'manifests/storage.yaml'), 'utf8');
  const helper = supplies.way === 'built' ? helperImage : 'docker.io/library/busybox:1.36';
  const manifest = fill(template, { PROVISIONER_IMAGE: provisionerImage, HELPER_IMAGE: helper });
  const key = keyOf({ name: 'addons', values: { manifest }, parentKeys: [], files: [] });
  const hasClasses = storageClasses.every((storageClass) => health.storageClasses.includes(storageClass));
  if (key === keyBefore && hasClasses) return key;
  await inStep(progress, 'Add storage classes', 'claims are judged on six kinds of storage', async (step) => {
    await kubectl(engine, name, ['apply', '-f', '-'], { input: manifest, signal });
    step.update('waiting for the system Pods');
    for (const namespace of ['kube-system', 'local-path-storage']) {
      const wait = ['-n', namespace, 'rollout', 'status', 'deployment,daemonset', '--timeout=180s'];
      await kubectl(engine, name, wait, { signal });
    }
  });
  return key;
}
