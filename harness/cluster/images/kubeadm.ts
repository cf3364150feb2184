import { join } from 'node:path';
import { RunError } from '../../errors.ts';
import { run } from '../run.ts';
import { versions } from '../versions.ts';
import type { Made } from './workshop.ts';

const components = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'coredns',
  'pause',
  'etcd',
] as const;

/** The image that kubeadm asks for, by component. */
export type KubeadmImages = Readonly<Record<(typeof components)[number], string>>;

/** The names kubeadm will ask for, from kubeadm itself. */
export async function kubeadmImages(programs: Made): Promise<KubeadmImages> {
  const ask = ['config', 'images', 'list', '--kubernetes-version', versions.kubernetes];
  return parseImageList(await run(join(programs.at, 'kubeadm'), ask));
}

export function parseImageList(list: string): KubeadmImages {
  const images = list.trim().split('\n');
  const named = components.map((component) => {
    const image = images.find((name) => name.slice(name.lastIndexOf('/') + 1).startsWith(`${component}:`));
    if (image === undefined) throw new RunError(`kubeadm lists no image of ${component}: ${images.join(', ')}`);
    return [component, image] as const;
  });
  return Object.fromEntries(named) as KubeadmImages;
}
