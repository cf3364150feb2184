import { expect, test } from 'vitest';
import type { KubeObject } from '../kube/kinds.ts';
import { isAlive } from './signOfLife.ts';

const nowMs = Date.parse('2026-11-21T12:00:00Z');

function home(signs: { readonly secondsAgo: number; readonly machine?: string }): KubeObject {
  const annotations = {
    'steadfast.dev/machine': signs.machine ?? 'here',
    'steadfast.dev/pid': '42',
    'steadfast.dev/alive-at': new Date(nowMs - signs.secondsAgo * 1000).toISOString(),
  };
  return { metadata: { name: 'steadfast-x', uid: 'u', resourceVersion: '1', annotations } };
}

function judged(namespace: KubeObject, processIsThere: boolean): boolean {
  return isAlive(namespace, nowMs, 'here', (pid) => processIsThere && pid === 42);
}

test('a run on another machine is alive as long as its sign is fresh', () => {
  expect(judged(home({ secondsAgo: 100, machine: 'there' }), false)).toBe(true);
  expect(judged(home({ secondsAgo: 130, machine: 'there' }), false)).toBe(false);
});

test('a run on this machine is dead as soon as its process is', () => {
  expect(judged(home({ secondsAgo: 1 }), true)).toBe(true);
  expect(judged(home({ secondsAgo: 1 }), false)).toBe(false);
});

test('a process that took the number of a dead run does not keep it alive', () => {
  expect(judged(home({ secondsAgo: 3600 }), true)).toBe(false);
});

test('a namespace without a sign says nothing', () => {
  expect(judged({ metadata: { name: 'n', uid: 'u', resourceVersion: '1' } }, true)).toBe(false);
});
