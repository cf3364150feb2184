import { varied, workloadFrom, type Variation, type Workload } from '../../harness/test.ts';

/** The tutorial's Services `zk-hs` and `zk-cs`, its budget `zk-pdb` and its StatefulSet `zk`, as its file has them unless varied. */
export const zookeeper = (...variations: readonly Variation[]): Workload =>
  varied(workloadFrom(new URL('manifests/zookeeper.yaml', import.meta.url)), ...variations);

/** The ensemble's members, and where each keeps what it knows. */
export const servers = ['zk-0', 'zk-1', 'zk-2'] as const;
export const dataDirectory = '/var/lib/zookeeper/data';
export const logDirectory = '/var/lib/zookeeper/data/log';
