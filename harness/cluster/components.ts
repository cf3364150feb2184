import { versions } from './versions.ts';

export const componentNames = [
  'kube-controller-manager',
  'kube-apiserver',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'coredns',
  'local-path-provisioner',
] as const;

/** A program of the cluster itself that is compiled here, and that another binary can be put in place of. */
export type ComponentName = (typeof componentNames)[number];

export function isComponentName(name: string): name is ComponentName {
  return (componentNames as readonly string[]).includes(name);
}

/** How a component is compiled. */
export interface GoProgram {
  /** The folder below `images/` whose go.mod pins it. */
  readonly folder: string;
  readonly package: string;
  /** What the linker sets: variable → value. */
  readonly variables: Readonly<Record<string, string>>;
}

export function programOf(component: ComponentName): GoProgram {
  switch (component) {
    case 'coredns':
      return { folder: 'coredns', package: '.', variables: {} };
    case 'local-path-provisioner':
      return { folder: component, package: `github.com/rancher/${component}`, variables: {} };
    case 'kube-apiserver':
    case 'kube-controller-manager':
    case 'kube-proxy':
    case 'kube-scheduler':
    case 'kubelet':
      return { folder: 'kubernetes', package: `k8s.io/kubernetes/cmd/${component}`, variables: versionStamp() };
  }
}

/** kubeadm reads its own version from two packages; without it it takes itself for v0.0.0 and refuses. */
export function versionStamp(): Readonly<Record<string, string>> {
  const [major = '', minor = ''] = versions.kubernetes.slice(1).split('.');
  const stamp = {
    gitVersion: versions.kubernetes,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
    gitCommit: '',
    buildDate: '2026-01-01T00:00:00Z',
  };
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  return Object.fromEntries(
    packages.flatMap((path) => Object.entries(stamp).map(([name, value]) => [`${path}.${name}`, value])),
  );
}
