import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import { Recording } from '../history/recording.ts';
import { applyManifest, connect } from './connect.ts';
import { ApiError, classify, ConnectionError, orAbsent } from './errors.ts';
import { pathOf } from './kinds.ts';
import { recorded } from './operations.ts';
import { object, ScriptedApi, status } from './scriptedApi.ts';

let api: ScriptedApi;

beforeEach(async () => {
  api = await ScriptedApi.start();
});

afterEach(async () => {
  api.kube.close();
  await api.stop();
});

const web0 = { resource: 'pods', namespace: 'web', name: 'web-0' } as const;

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a place', () => {
  it.each([
    [web0, '/api/v1/namespaces/web/pods/web-0'],
    [{ resource: 'pods' }, '/api/v1/pods'],
    [{ ...web0, subresource: 'eviction' }, '/api/v1/namespaces/web/pods/web-0/eviction'],
    [{ resource: 'statefulsets', namespace: 'web' }, '/apis/apps/v1/namespaces/web/statefulsets'],
    [{ resource: 'nodes', name: 'a/b' }, '/api/v1/nodes/a%2Fb'],
    [{ resource: 'storageclasses', namespace: 'web' }, '/apis/storage.k8s.io/v1/storageclasses'],
  ] as const)('%j is at %s', (place, path) => {
    expect(pathOf(place)).toBe(path);
  });
});

describe('a request', () => {
  it('says who asks', async () => {
    api.answers({ code: 200, body: object('web-0', 5) });
    expect(await api.kube.get(web0)).toEqual(object('web-0', 5));
    expect(api.requests[0]?.headers.authorization).toBe('Bearer of-somebody');
  });

  it('applies by force, strictly, in the namespace asked for', async () => {
    api.answers({ code: 201, body: object('web', 5) });
    const manifest = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'elsewhere' } };
    await applyManifest(api.kube, manifest, 'web', { dryRun: true });
    const [request] = api.requests;
    expect(request).toMatchObject({ method: 'PATCH', path: '/api/v1/namespaces/web/services/web' });
    expect(request?.headers['content-type']).toBe('application/apply-patch+yaml');
    expect(Object.fromEntries(request?.query ?? [])).toEqual({
      fieldValidation: 'Strict',
      fieldManager: 'steadfast',
      force: 'true',
      dryRun: 'All',
    });
    expect(request?.body).toMatchObject({ metadata: { name: 'web', namespace: 'web' } });
  });

  it('deletes only what has the uid', async () => {
    api.answers({ code: 200, body: {} });
    await api.kube.delete(web0, { uid: 'u', gracePeriodSeconds: 0, propagationPolicy: 'Orphan' });
    expect(api.requests[0]?.body).toMatchObject({
      preconditions: { uid: 'u' },
      gracePeriodSeconds: 0,
      propagationPolicy: 'Orphan',
    });
  });

  it('throws the words of the server', async () => {
    api.answers(status(409, 'Conflict', { message: 'the object has been modified', details: { name: 'web-0' } }));
    const error = await failureOf(api.kube.patch(web0, {}));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: 409, reason: 'Conflict', message: 'the object has been modified' });
  });

  it('resolves with any answer when asked for the answer itself', async () => {
    api.answers({ code: 502, body: 'a proxy speaking' });
    expect(await api.kube.request({ target: '/healthz' })).toMatchObject({ code: 502, body: 'a proxy speaking' });
  });

  it('finds nothing where there is nothing, and hides no other failure', async () => {
    api.answers(status(404, 'NotFound'), status(403, 'Forbidden'));
    expect(await orAbsent(api.kube.get(web0))).toBeUndefined();
    await expect(orAbsent(api.kube.get(web0))).rejects.toThrow('Forbidden');
  });

  it('is given up after its deadline', async () => {
    api.answers(() => undefined);
    const error = await failureOf(api.kube.get(web0, { deadlineMs: 50 }));
    expect(error).toMatchObject({ code: 'DEADLINE', wasSent: true });
    expect(String(error)).toMatch(/did not answer within 0.05 s/);
  });

  it('is given up when its body stops in the middle', async () => {
    api.answers((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    });
    expect(await failureOf(api.kube.get(web0, { deadlineMs: 50 }))).toMatchObject({ code: 'DEADLINE' });
  });

  it('is not sent once its signal is aborted', async () => {
    await expect(api.kube.get(web0, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
    expect(api.requests).toEqual([]);
  });

  it('reads again when a kept connection turns out to be closed, and writes once only', async () => {
    const cut = { code: 200, body: {} };
    const cuts = (response: { destroy(): unknown }): void => void response.destroy();
    api.answers(cut, cuts, { code: 200, body: object('web-0', 5) }, cuts);
    await api.kube.get(web0);
    expect(await api.kube.get(web0)).toEqual(object('web-0', 5));
    expect(await failureOf(api.kube.patch(web0, {}))).toMatchObject({ wasSent: true, code: 'ECONNRESET' });
    expect(api.requests.map((request) => request.method)).toEqual(['GET', 'GET', 'GET', 'PATCH']);
  });
});

describe('a failed request', () => {
  const answered = (method: 'GET' | 'POST', code: number, retryAfterSeconds?: number): ApiError =>
    new ApiError(method, '/', { code, body: '', retryAfterSeconds });
  const unanswered = (method: 'GET' | 'POST', wasSent: boolean, code = 'ECONNRESET'): ConnectionError =>
    new ConnectionError('', { method, wasSent, code });

  it.each([
    ['a refused read', answered('GET', 403), 'final'],
    ['a conflict', answered('POST', 409), 'final'],
    ['too many requests', answered('POST', 429), 'transient'],
    ['a server that is busy and says until when', answered('POST', 503, 1), 'transient'],
    ['a server that broke over a write', answered('POST', 500), 'indeterminate'],
    ['a gateway that gave up on a write', answered('POST', 504), 'indeterminate'],
    ['a server that broke over a read', answered('GET', 500), 'transient'],
    ['a write cut off after it was sent', unanswered('POST', true), 'indeterminate'],
    ['a write that was never sent', unanswered('POST', false, 'ECONNREFUSED'), 'transient'],
    ['a read cut off', unanswered('GET', true), 'transient'],
    ['a host nobody knows', unanswered('GET', false, 'ENOTFOUND'), 'final'],
    ['a certificate of somebody else', unanswered('POST', false, 'ERR_TLS_CERT_ALTNAME_INVALID'), 'final'],
    ['anything else', new TypeError('a mistake'), 'indeterminate'],
  ] as const)('%s is classified', (_, error, classification) => {
    expect(classify(error)).toBe(classification);
  });
});

describe('an operation', () => {
  const asked = { verb: 'patch', target: 'pods/web-0', detail: 'a label' };

  async function phasesOf(act: () => Promise<unknown>): Promise<unknown> {
    const recording = new Recording();
    await failureOf(recorded(recording, asked, act));
    return recording.entries.map((entry) => entry.kind === 'operation' && [entry.call, entry.phase, entry.because]);
  }

  it('is recorded before it is done and after', async () => {
    api.answers({ code: 200, body: {} });
    expect(await phasesOf(() => api.kube.patch(web0, {}))).toEqual([
      [0, 'invoked', undefined],
      [0, 'succeeded', undefined],
    ]);
  });

  it('failed when the server says no', async () => {
    api.answers(status(422, 'Invalid'));
    expect(await phasesOf(() => api.kube.patch(web0, {}))).toEqual([
      [0, 'invoked', undefined],
      [0, 'failed', 'Invalid'],
    ]);
  });

  it('may have happened when the connection was cut after it was sent', async () => {
    api.answers((response) => void response.destroy());
    expect(await phasesOf(() => api.kube.patch(web0, {}))).toEqual([
      [0, 'invoked', undefined],
      [0, 'indeterminate', expect.stringMatching(/the connection was cut/)],
    ]);
  });

  it('may have happened when it was given up', async () => {
    const stop = new AbortController();
    api.answers(() => stop.abort(new Error('interrupted')));
    expect(await phasesOf(() => api.kube.patch(web0, {}, 'merge', { signal: stop.signal }))).toEqual([
      [0, 'invoked', undefined],
      [0, 'indeterminate', expect.stringMatching(/given up: interrupted/)],
    ]);
  });

  it('did not happen when nobody listens', async () => {
    const comeBack = await api.goesDown();
    expect(await phasesOf(() => api.kube.patch(web0, {}))).toEqual([
      [0, 'invoked', undefined],
      [0, 'failed', expect.stringMatching(/connection refused/)],
    ]);
    await comeBack();
  });
});

describe('connect', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'steadfast-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function kubeconfig(currentContext: string): Promise<string> {
    const path = join(directory, 'config');
    const cluster = { server: api.kube.server };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'local', cluster }],
      users: [{ name: 'me', user: { token: 'mine' } }],
      contexts: ['kind-steadfast', 'production'].map((name) => ({ name, context: { cluster: 'local', user: 'me' } })),
      'current-context': currentContext,
    };
    await writeFile(path, JSON.stringify(config));
    return path;
  }

  it('takes the current context, and plain HTTP as it is', async () => {
    const kube = connect({ kubeconfigPath: await kubeconfig('production') });
    api.answers({ code: 200, body: { major: '1', minor: '34', gitVersion: 'v1.34.2' } });
    expect((await kube.version()).gitVersion).toBe('v1.34.2');
    kube.close();
  });

  it('names the nearest context and all of them', async () => {
    const kubeconfigPath = await kubeconfig('production');
    expect(() => connect({ kubeconfigPath, context: 'kind-stedfast' })).toThrow(
      expect.objectContaining({
        exitCode: 64,
        message: 'unknown context “kind-stedfast”',
        remedy: 'Did you mean “kind-steadfast”? The kubeconfig has: kind-steadfast, production.',
      }),
    );
  });

  it('asks for a context where none is current', async () => {
    const kubeconfigPath = await kubeconfig('');
    expect(() => connect({ kubeconfigPath })).toThrow('the kubeconfig has no current context');
  });

  it('says which kubeconfig is not there', () => {
    const kubeconfigPath = join(directory, 'nowhere');
    expect(() => connect({ kubeconfigPath })).toThrow(UsageError);
    expect(() => connect({ kubeconfigPath })).toThrow(kubeconfigPath);
  });
});
