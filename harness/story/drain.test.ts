import { expect, test } from 'vitest';
import { Recording } from '../history/recording.ts';
import type { Recorded } from '../history/objects.ts';
import type { Kube } from '../kube/connect.ts';
import { ApiError } from '../kube/errors.ts';
import { drain } from './drain.ts';
import type { Lab } from './lab.ts';

interface Traits {
  readonly node?: string;
  readonly owner?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

function pod(name: string, { node = 'here', owner = 'StatefulSet', annotations = {} }: Traits = {}): Recorded<'pods'> {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: owner, name: 'its owner', uid: 'o', controller: true }];
  const metadata = { name, uid: `${name}#1`, resourceVersion: '1', annotations, ownerReferences };
  return { metadata, spec: { nodeName: node, containers: [] } };
}

/** A lab with these Pods, whose server answers each eviction with the next code for that Pod; a Pod whose eviction is granted goes at once. */
function labWith(pods: readonly Recorded<'pods'>[], codes: Readonly<Record<string, readonly number[]>> = {}) {
  const recording = new Recording();
  for (const object of pods) recording.append({ kind: 'change', resource: 'pods', type: 'added', object });
  const asked: string[] = [];
  const kube = {
    create: ({ name = '' }: { readonly name?: string }) => {
      const times = asked.filter((each) => each === name).length;
      asked.push(name);
      const code = codes[name]?.[times] ?? 201;
      if (code >= 400)
        return Promise.reject(
          new ApiError('POST', name, { code, body: { kind: 'Status', message: `answered with ${code}` } }),
        );
      const object = pods.find(({ metadata }) => metadata.name === name);
      if (object !== undefined) recording.append({ kind: 'change', resource: 'pods', type: 'deleted', object });
      return Promise.resolve({ status: 'Success' });
    },
  } as unknown as Kube;
  const lab = { recording, kube, namespace: 'ours', signal: new AbortController().signal } as unknown as Lab;
  const drained = (patienceMs = 1) => drain(lab, 'drained', 'here', patienceMs, () => Promise.resolve());
  const phases = (): readonly string[] =>
    recording.entries.flatMap((entry) => (entry.kind === 'operation' && entry.verb === 'drain' ? [entry.phase] : []));
  return { drained, asked, phases };
}

test('every Pod of the node is evicted but those of DaemonSets and mirrors of static Pods', async () => {
  const { drained, asked, phases } = labWith([
    pod('zk-0'),
    pod('alone', { owner: 'Nobody' }),
    pod('elsewhere', { node: 'there' }),
    pod('agent', { owner: 'DaemonSet' }),
    pod('static', { annotations: { 'kubernetes.io/config.mirror': 'its file' } }),
  ]);
  expect(await drained()).toEqual({ moment: 'drained', node: 'here', outcome: 'drained' });
  expect(asked).toEqual(['zk-0', 'alone']);
  expect(phases()).toEqual(['invoked', 'succeeded']);
});

test('a refusal that lasts ends the patience, not the story', async () => {
  const { drained, phases } = labWith([pod('zk-2'), pod('alone')], { 'zk-2': [429, 429, 429] });
  expect(await drained()).toMatchObject({ outcome: 'given up', because: 'zk-2: answered with 429' });
  expect(phases()).toEqual(['invoked', 'failed']);
});

test('an answer that is neither a grant nor a refusal is not asked for again', async () => {
  const { drained, asked } = labWith([pod('zk-2')], { 'zk-2': [500] });
  expect(await drained(60_000)).toMatchObject({ outcome: 'given up', because: 'zk-2: answered with 500' });
  expect(asked).toEqual(['zk-2']);
});

test('a node without Pods of the story is drained', async () => {
  const { drained, asked } = labWith([]);
  expect(await drained()).toMatchObject({ outcome: 'drained' });
  expect(asked).toEqual([]);
});
