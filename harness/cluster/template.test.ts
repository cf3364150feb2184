import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { kindConfig } from './kind.ts';
import { fill } from './template.ts';

it('fills every place of a name', () => {
  expect(fill('${A} and ${A}, $B {{ .C }}', { A: '1' })).toBe('1 and 1, $B {{ .C }}');
});

it('refuses a name without a value, and a value without a place', () => {
  expect(() => fill('${A}', {})).toThrow(/asks for A/);
  expect(() => fill('', { A: '1' })).toThrow(/no place for A/);
});

it('gives every node of the cluster both folders of this machine', async () => {
  const config = parse(await kindConfig({ shared: '/data/shared', mirrors: '/data/mirrors' })) as {
    nodes: { role: string; extraMounts: { hostPath: string; containerPath: string }[] }[];
  };
  expect(config.nodes.map((node) => node.role)).toEqual(['control-plane', 'worker', 'worker', 'worker', 'worker']);
  for (const { extraMounts } of config.nodes)
    expect(extraMounts.map((mount) => [mount.hostPath, mount.containerPath])).toEqual([
      ['/data/shared', '/shared'],
      ['/data/mirrors', '/etc/containerd/certs.d'],
    ]);
});

it('builds the versions that are said to be built', async () => {
  const { versions } = await import('./versions.ts');
  const moduleOf = (name: string) => readFile(new URL(`images/${name}/go.mod`, import.meta.url), 'utf8');
  expect(await moduleOf('kubernetes')).toContain(`k8s.io/kubernetes ${versions.kubernetes}`);
  expect(await moduleOf('etcd')).toContain(`go.etcd.io/etcd/server/v3 ${versions.etcd}`);
  expect(await moduleOf('coredns')).toContain(`github.com/coredns/coredns ${versions.coredns}`);
  expect(await moduleOf('local-path-provisioner')).toContain(`local-path-provisioner ${versions.localPathProvisioner}`);
});
