import type { StatefulSetHandle } from '../../harness/test.ts';
import type { PrintedLine } from '../../harness/guarantees/printed.ts';

type Lines = readonly [PrintedLine, ...PrintedLine[]];

/** What the tutorial's manifest, its sample output and its table of variables let a reader expect. */
export const place = { datacenter: 'DC1-K8Demo', rack: 'Rack1-K8Demo' } as const;
export const resources = { cpu: '500m', memory: '1Gi' } as const;
export const capability = { name: 'IPC_LOCK', bit: 14 } as const;
/** Clients speak to 9042 and servers to each other over 7000; TLS is not set up, and JMX is for the Pod itself. */
export const ports = { declared: [7000, 7001, 7199, 9042], open: [7000, 9042] } as const;
export const commandLine: Lines = ['-Xmx512M', '-Xmn100M'];
export const configured: Lines = ["cluster_name: 'K8Demo'", 'num_tokens: 32', 'rpc_address: 0.0.0.0'];
export const toldOtherwise: Lines = ["cluster_name: 'Throwaway'", 'num_tokens: 8'];
export const defaults: Lines = ["cluster_name: 'Test Cluster'", 'num_tokens: 32', 'rpc_address: 0.0.0.0'];
export const java: Lines = [{ begins: 'openjdk version "1.8.' }];
export const debian: Lines = ['ID=debian'];
export const release: Lines = [{ begins: 'ReleaseVersion: 3.11.' }];
export const dataBelow = (directory: string): Lines => [
  `- ${directory}/data`,
  `commitlog_directory: ${directory}/commitlog`,
];

/** The provider that this image comes with takes its seeds from a list, and the list is the one name. */
export const seeds = (set: Pick<StatefulSetHandle, 'name' | 'service'>, namespace: string, zone: string): Lines => [
  '- class_name: org.apache.cassandra.locator.SimpleSeedProvider',
  `- seeds: "${set.name}-0.${set.service}.${namespace}.svc.${zone}"`,
];
