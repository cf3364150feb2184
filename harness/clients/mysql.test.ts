import { expect, test } from 'vitest';
import { Recording } from '../history/recording.ts';
import type { NewEntry } from '../history/entries.ts';
import type { Kube } from '../kube/connect.ts';
import type { Surroundings } from './exchange.ts';
import { classify } from './mysql.ts';
import { NoServer, podServing } from './servers.ts';

const failure = (code: string) => Object.assign(new Error(`because of ${code}`), { code });

test('a refusal bears a name; a server that goes down, and a connection that broke, leave it open', () => {
  for (const code of ['ER_ACCESS_DENIED_ERROR', 'ER_DUP_ENTRY', 'ER_NO_SUCH_TABLE'])
    expect(classify(failure(code))).toMatchObject({ status: 'failed', code });
  for (const code of [
    'ER_SERVER_SHUTDOWN',
    'ER_LOCK_WAIT_TIMEOUT',
    'PROTOCOL_CONNECTION_LOST',
    'ECONNRESET',
    'ETIMEDOUT',
  ])
    expect(classify(failure(code))).toMatchObject({ status: 'indeterminate', code });
  expect(classify(new NoServer('no Pod'))).toMatchObject({ status: 'failed', code: 'NO_SERVER' });
  expect(classify(new Error('what is this'))).toMatchObject({ status: 'indeterminate' });
});

function surroundings(...pods: readonly object[]): Surroundings {
  const recording = new Recording();
  for (const object of pods)
    recording.append({ kind: 'change', resource: 'pods', type: 'added', object } as unknown as NewEntry);
  return { kube: {} as Kube, namespace: 'site', recording, signal: new AbortController().signal };
}

const pod = (name: string, hash: string, owner: string, metadata: object = {}) => ({
  metadata: {
    name,
    uid: name,
    labels: { 'pod-template-hash': hash },
    ownerReferences: [{ kind: 'ReplicaSet', name: owner, uid: '1', controller: true }],
    ...metadata,
  },
});

test('the Pod that serves is the newest of the Deployment, unless it is on its way out', () => {
  const old = pod('db-aa-1', 'aa', 'db-aa', { deletionTimestamp: '2026-01-01T00:00:00Z' });
  expect(podServing(surroundings(old, pod('db-bb-2', 'bb', 'db-bb')), 'db')).toBe('db-bb-2');
  expect(() => podServing(surroundings(old), 'db')).toThrow('db has no Pod');
});

test('a Deployment whose name begins the same is another one', () => {
  const other = pod('db-admin-aa-1', 'aa', 'db-admin-aa');
  expect(() => podServing(surroundings(other), 'db')).toThrow(NoServer);
  expect(podServing(surroundings(pod('db-aa-1', 'aa', 'db-aa'), other), 'db')).toBe('db-aa-1');
});
