import { varied, workloadFrom, type Variation, type Workload } from '../../harness/test.ts';

/** The tutorial's Services `zk-hs` and `zk-cs`, its budget `zk-pdb` and its StatefulSet `zk`, as its file has them unless varied. */
export const zookeeper = (...variations: readonly Variation[]): Workload =>
  varied(workloadFrom(new URL('manifests/zookeeper.yaml', import.meta.url)), ...variations);

/** What the tutorial's reader expects to find: for variants that have something else in its place. */
export const asWritten = { name: 'zk', service: 'zk-hs', claimTemplates: ['datadir'] } as const;
export const ordinals = [0, 1, 2] as const;
export const askedStorage = { storage: '10Gi', accessModes: ['ReadWriteOnce'] } as const;

/** The ensemble's members, and where each keeps what it knows. */
export const servers = ['zk-0', 'zk-1', 'zk-2'] as const;
export const volumeDirectory = '/var/lib/zookeeper';
export const dataDirectory = '/var/lib/zookeeper/data';

/** The files that the start script writes. */
export const files = {
  identifier: '/var/lib/zookeeper/data/myid',
  configuration: '/opt/zookeeper/conf/zoo.cfg',
  logging: '/usr/etc/zookeeper/log4j.properties',
} as const;

/** The flags of the manifest, as the file that is made of them and the running server call them. */
export const flags = [
  { flag: 'client_port', property: 'clientPort', said: { property: 'clientPort' } },
  { flag: 'data_dir', property: 'dataDir', said: { property: 'dataDir', behind: '/version-2' } },
  { flag: 'data_log_dir', property: 'dataLogDir', said: { property: 'dataLogDir', behind: '/version-2' } },
  { flag: 'tick_time', property: 'tickTime', said: { property: 'tickTime' } },
  { flag: 'init_limit', property: 'initLimit', said: { property: 'initLimit' } },
  { flag: 'sync_limit', property: 'syncLimit', said: { property: 'syncLimit' } },
  { flag: 'max_client_cnxns', property: 'maxClientCnxns', said: { property: 'maxClientCnxns' } },
  { flag: 'min_session_timeout', property: 'minSessionTimeout', said: { property: 'minSessionTimeout' } },
  { flag: 'max_session_timeout', property: 'maxSessionTimeout', said: { property: 'maxSessionTimeout' } },
  { flag: 'snap_retain_count', property: 'autopurge.snapRetainCount' },
  { flag: 'purge_interval', property: 'autopurge.purgeInterval' },
] as const;

export const logLevel = { flag: 'log_level', property: 'zookeeper.console.threshold' } as const;

/** How long the ensemble lets a server fall silent before it does without it: five ticks (syncLimit) of two seconds. A quorum that is kept needs no longer to answer. */
export const electionMs = 10_000;
