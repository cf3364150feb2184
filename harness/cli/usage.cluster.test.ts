import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Kube } from '../kube/connect.ts';
import { connectFromEnvironment } from '../kube/liveCluster.ts';
import { newRunId } from './runId.ts';
import { runHere } from './testing/commandLine.ts';

test('a real user without rights is told which are missing, and nothing is created', async () => {
  const kube = connectFromEnvironment();
  const namespace = `without-rights-${newRunId().slice(-4)}`;
  const folder = await mkdtemp(join(tmpdir(), 'steadfast-rights-'));
  await kube.create({ resource: 'namespaces' }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  try {
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, await kubeconfigOfNobody(kube, namespace));
    const { exitCode, said, reports } = await runHere('certify', '--kubeconfig', kubeconfig);
    expect(said).toMatch(/the user of this context may not create namespaces, get namespaces, .*create pods\/exec/);
    expect({ exitCode, reports }).toEqual({ exitCode: 64, reports: [] });
  } finally {
    await kube.delete({ resource: 'namespaces', name: namespace });
    kube.close();
    await rm(folder, { recursive: true });
  }
});

test('a class that is not there is refused with those that are', async () => {
  const kubeconfig = process.env['STEADFAST_KUBECONFIG'] ?? '';
  const { exitCode, said, reports } = await runHere('certify', '--kubeconfig', kubeconfig, '--storage-class', 'fats');
  expect(said).toMatch(/there is no StorageClass 'fats'\n {2}The cluster has: .*fast.*standard/);
  expect({ exitCode, reports }).toEqual({ exitCode: 64, reports: [] });
});

/** A kubeconfig for a ServiceAccount to which nothing was granted. */
async function kubeconfigOfNobody(kube: Kube, namespace: string): Promise<string> {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'nobody' } };
  await kube.create({ resource: 'serviceaccounts', namespace }, account);
  const place = { resource: 'serviceaccounts', namespace, name: 'nobody', subresource: 'token' } as const;
  const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } };
  const answer = (await kube.create(place, asked)) as unknown as { readonly status: { readonly token: string } };
  const cluster = kube.config.getCurrentCluster();
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'it', cluster: { server: kube.server, 'certificate-authority-data': cluster?.caData } }],
    users: [{ name: 'nobody', user: { token: answer.status.token } }],
    contexts: [{ name: 'nobody', context: { cluster: 'it', user: 'nobody' } }],
    'current-context': 'nobody',
  });
}
