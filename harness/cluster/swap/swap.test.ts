import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { RunError } from '../../errors.ts';
import type { Engine } from '../engine/engine.ts';
import { clusterFolder } from '../state.ts';
import { readJournal, removeJournal, writeJournal, type Journal } from './journal.ts';
import { faultsOfProcesses, readProcess } from './processes.ts';
import { changed, isSameButForUid } from './manifest.ts';
import { swapIn } from './swap.ts';

const journal: Journal = {
  schema: 'steadfast/mutation/1',
  component: 'kubelet',
  mutant: 'hostname-ignored',
  saved: { kind: 'kubelet' },
  digests: ['ab'],
};

describe('the journal', () => {
  const before = process.env['STEADFAST_CACHE'];
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'steadfast-journal-'));
    process.env['STEADFAST_CACHE'] = folder;
  });
  afterAll(async () => {
    if (before === undefined) delete process.env['STEADFAST_CACHE'];
    else process.env['STEADFAST_CACHE'] = before;
    await rm(folder, { recursive: true });
  });

  test('is what was written, until it is removed', async () => {
    expect(await readJournal('one')).toBeUndefined();
    await writeJournal('one', journal);
    expect(await readJournal('one')).toEqual(journal);
    expect(await readJournal('two')).toBeUndefined();
    await removeJournal('one');
    expect(await readJournal('one')).toBeUndefined();
  });

  test('is not written over: a second mutant is refused before anything is touched', async () => {
    await writeJournal('four', journal);
    const untouchable = new Proxy({}, { get: () => expect.unreachable() }) as Engine;
    const binary = { component: 'kube-scheduler', id: 'abc', file: '/tmp/x' } as const;
    const second = swapIn({ engine: untouchable, cluster: 'four' }, binary, 'another');
    await expect(second).rejects.toThrow('kubelet is the mutant hostname-ignored already');
    expect(await readJournal('four')).toEqual(journal);
  });

  test.each(['{', '{}'])('that cannot be read is no reason to take the cluster for sound: %s', async (text) => {
    await writeJournal('three', journal);
    await writeFile(join(clusterFolder('three'), 'mutation.json'), text);
    await expect(readJournal('three')).rejects.toThrow(RunError);
  });
});

describe('a static Pod’s manifest', () => {
  const manifest = `apiVersion: v1
kind: Pod
metadata: { name: kube-scheduler, labels: { component: kube-scheduler } }
spec:
  containers:
    - name: kube-scheduler
      command: [kube-scheduler, --leader-elect=true]
      volumeMounts: [{ name: config, mountPath: /etc/config }]
  volumes: [{ name: config, hostPath: { path: /etc/config } }]
`;
  const saved = { kind: 'static-pod', component: 'kube-scheduler', manifest } as const;
  const binary = { component: 'kube-scheduler', id: 'abc', file: '/tmp/x' } as const;

  test('runs the other program under another name, and keeps the rest', () => {
    const path = '/var/lib/steadfast-mutants/abc';
    expect(parse(changed(saved, binary))).toMatchObject({
      metadata: { name: 'kube-scheduler-abc', labels: { component: 'kube-scheduler' } },
      spec: {
        containers: [
          {
            command: [`${path}/kube-scheduler`, '--leader-elect=true'],
            volumeMounts: [{ name: 'config' }, { name: 'steadfast-mutant', mountPath: path, readOnly: true }],
          },
        ],
        volumes: [{ name: 'config' }, { name: 'steadfast-mutant', hostPath: { path } }],
      },
    });
  });

  test('gives the Pod a uid of its own each time, so that kubelet does not count it as one that failed before', () => {
    const uids = [1, 2].map(() => (parse(changed(saved, binary)) as { metadata: { uid: string } }).metadata.uid);
    expect(new Set(uids).size).toBe(2);
    expect(uids.join()).toMatch(/^[0-9a-f-]{36},[0-9a-f-]{36}$/);
  });

  test('is the original one whatever its uid and its layout, and nothing else is', () => {
    const laidDownAgain = `metadata:
  uid: 1b0c
  labels: { component: kube-scheduler }
  name: kube-scheduler
${manifest.split('\n').toSpliced(2, 1).join('\n')}`;
    expect(isSameButForUid(laidDownAgain, manifest)).toBe(true);
    expect(isSameButForUid(manifest, laidDownAgain)).toBe(true);
    expect(isSameButForUid(laidDownAgain.replace('=true', '=false'), manifest)).toBe(false);
    expect(isSameButForUid(changed(saved, binary), manifest)).toBe(false);
    expect(isSameButForUid('{', '{')).toBe(false);
    expect(isSameButForUid('', manifest)).toBe(false);
  });

  test('that begins its command with something else is refused', () => {
    const other = { ...saved, manifest: manifest.replace('[kube-scheduler,', '[sh,') };
    expect(() => changed(other, binary)).toThrow(RunError);
  });
});

describe('processes', () => {
  const [controlPlane, worker] = ['one-control-plane', 'one-worker'];
  const at = (node: string, path: string) => readProcess(node, `/proc/7 ${path}`);
  const sound = [
    ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].flatMap((name) =>
      at(controlPlane, `/usr/local/bin/${name}`),
    ),
    ...[controlPlane, worker].flatMap((node) => [...at(node, '/usr/bin/kubelet'), ...at(node, '/bin/kube-proxy')]),
    ...at(controlPlane, '/coredns'),
    ...at(worker, '/usr/bin/local-path-provisioner'),
  ];
  const faults = (processes: typeof sound) => faultsOfProcesses(processes, 'one', [controlPlane, worker]);

  test('are read from what the kernel says', () => {
    expect(readProcess('n', '/proc/583 /usr/local/bin/kube-scheduler')).toEqual([
      { node: 'n', pid: 583, component: 'kube-scheduler', path: '/usr/local/bin/kube-scheduler' },
    ]);
    expect(readProcess('n', '/proc/9 /usr/bin/kubelet (deleted)')).toMatchObject([{ component: 'kubelet' }]);
    expect(readProcess('n', '/proc/9 /usr/bin/kubelet-helper')).toEqual([]);
    expect(readProcess('n', '')).toEqual([]);
  });

  test('of an unchanged cluster are without fault', () => {
    expect(faults(sound)).toEqual([]);
  });

  test('that run from the mutants’ folder, or a file that is gone, are named', () => {
    const mutant = '/var/lib/steadfast-mutants/abc/coredns';
    expect(faults([...sound, ...at(worker, mutant)])).toEqual([`coredns on ${worker} runs ${mutant}`]);
    const deleted = sound.map((each) =>
      each.component === 'kubelet' && each.node === worker ? { ...each, path: `${each.path} (deleted)` } : each,
    );
    expect(faults(deleted)).toEqual([`kubelet on ${worker} runs /usr/bin/kubelet (deleted)`]);
  });

  test('that are missing or there twice are named', () => {
    expect(faults(sound.filter(({ component }) => component !== 'kube-scheduler'))).toEqual([
      `${controlPlane} has 0 processes of kube-scheduler`,
    ]);
    expect(faults([...sound, ...at(worker, '/usr/bin/kubelet')])).toEqual([`${worker} has 2 processes of kubelet`]);
    expect(faults(sound.filter(({ component }) => component !== 'coredns'))).toEqual(['no node runs coredns']);
  });
});
