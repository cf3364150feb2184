import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** Answers a request with a JSON body and code 200, with another code, or (`silence`) not at all. */
export type Script = (asked: Asked) => unknown;

export const silence = Symbol('no answer');

export interface ScriptedServer {
  /** A kubeconfig whose only context, `scripted`, leads here. */
  readonly kubeconfig: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** An HTTP server that speaks from a script where an API server would: for what the command line says before a run begins. */
export async function scriptedServer(script: Script): Promise<ScriptedServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void readRequest(request).then((each) => {
      asked.push(each);
      const answer = script(each);
      if (answer === silence) return;
      response.setHeader('content-type', 'application/json');
      if (answer === undefined) response.statusCode = 404;
      response.end(JSON.stringify(answer ?? { kind: 'Status', code: 404, message: `nothing at ${each.path}` }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), 'steadfast-scripted-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigFor(`http://127.0.0.1:${port}`));
  return {
    kubeconfig,
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(folder, { recursive: true });
    },
  };
}

export function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'scripted', cluster: { server } }],
    users: [{ name: 'nobody', user: { token: 'none' } }],
    contexts: [{ name: 'scripted', context: { cluster: 'scripted', user: 'nobody' } }],
    'current-context': 'scripted',
  });
}

/** A cluster on which a run could begin, where nothing of `different` says otherwise. */
export function aHealthyCluster(different: Script = () => undefined): Script {
  return (asked) => different(asked) ?? healthyAnswer(asked);
}

function healthyAnswer({ path }: Asked): unknown {
  const list = (items: readonly unknown[]) => ({ metadata: { resourceVersion: '1' }, items });
  if (path === '/version') return { major: '1', minor: '34', gitVersion: 'v1.34.4' };
  if (path.startsWith('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews')) return { status: { allowed: true } };
  if (path === '/apis/storage.k8s.io/v1/storageclasses')
    return list([storageClass('standard', true), storageClass('fast', false)]);
  if (path === '/api/v1/namespaces') return list([]);
  if (path === '/api/v1/nodes') return list([{ metadata: { name: 'node-1', uid: 'n1', resourceVersion: '1' } }]);
  return undefined;
}

export function storageClass(name: string, isDefault: boolean) {
  const annotations = { 'storageclass.kubernetes.io/is-default-class': String(isDefault) };
  return { metadata: { name, uid: name, resourceVersion: '1', annotations }, provisioner: 'example.org/none' };
}

async function readRequest(request: IncomingMessage): Promise<Asked> {
  const body = await text(request);
  return {
    method: request.method ?? 'GET',
    path: new URL(request.url ?? '/', 'http://server').pathname,
    body: body === '' ? undefined : (JSON.parse(body) as unknown),
  };
}
