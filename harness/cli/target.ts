import {
  ensureKindCluster,
  openKindCluster,
  type ImageRecord,
  type KindCluster,
  type Progress,
} from '../cluster/index.ts';
import { UsageError } from '../errors.ts';
import { connect, type Kube } from '../kube/connect.ts';
import type { ClusterSpec } from '../run.ts';
import type { ClusterOptions } from './program.ts';

/** The cluster that is judged, cleaned or asked. */
export interface Target {
  readonly kube: Kube;
  readonly cluster: Omit<ClusterSpec, 'serverVersion'>;
  /** Only of a cluster that this machine made: where its images come from. */
  readonly way?: 'upstream' | 'built';
  readonly images: readonly ImageRecord[];
}

/** The context that was named, or the local kind cluster, which is set up if need be. */
export async function prepareTarget(options: ClusterOptions, progress: Progress, signal: AbortSignal): Promise<Target> {
  if (namesCluster(options)) return existingTarget(options);
  return kindTarget(await ensureKindCluster(progress, { signal }));
}

/** The context that was named, or the local kind cluster as it is. */
export async function openTarget(options: ClusterOptions): Promise<Target> {
  if (namesCluster(options)) return existingTarget(options);
  const cluster = await openKindCluster();
  if (cluster !== undefined) return kindTarget(cluster);
  throw new UsageError('there is no local kind cluster', {
    remedy: 'Set one up with: npm run up. Or name another cluster with --context.',
  });
}

/** How to say on a command line which cluster is meant. */
export function clusterArguments({ context, kubeconfig }: ClusterOptions): readonly string[] {
  return [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(context === undefined ? [] : ['--context', context]),
  ];
}

/** Whether the options name a cluster; without that, the local kind cluster is meant. */
export function namesCluster({ context, kubeconfig }: ClusterOptions): boolean {
  return context !== undefined || kubeconfig !== undefined;
}

function existingTarget({ context, kubeconfig }: ClusterOptions): Target {
  const kube = connect({ kubeconfigPath: kubeconfig, context });
  const name = kube.config.getCurrentContext();
  return {
    kube,
    cluster: {
      provider: 'existing',
      name,
      context: name,
      ...(kubeconfig === undefined ? {} : { kubeconfigPath: kubeconfig }),
    },
    images: [],
  };
}

/** A kind cluster of this machine as a target. */
export function kindTarget({ name, kubeconfigPath, context, way, images }: KindCluster): Target {
  const kube = connect({ kubeconfigPath, context });
  return { kube, cluster: { provider: 'kind', name, kubeconfigPath, context }, way, images };
}
