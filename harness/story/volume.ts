import { openKindCluster } from '../cluster/index.ts';
import { RunError } from '../errors.ts';
import { byName, type Lab } from './lab.ts';
import { NotRun } from './notRun.ts';

/** Where a claim's volume lies: a directory on a node's disk. Data, so that a story can look there again after the volume is gone. */
export interface VolumePlace {
  readonly node: string;
  readonly path: string;
}

/** Finds the directory behind a claim from its recorded volume: a `hostPath` or `local` volume, and the node its Pod runs on or that it is bound to. */
export function volumePlace(lab: Lab, claim: string): VolumePlace {
  const bound = byName(lab.recording, 'persistentvolumeclaims').get(claim);
  const volume = byName(lab.recording, 'persistentvolumes').get(bound?.spec?.volumeName ?? '');
  if (volume === undefined) throw new RunError(`claim ${claim} has no recorded volume`);
  const path = volume.spec?.hostPath?.path ?? volume.spec?.local?.path;
  if (path === undefined) throw new NotRun(`the volumes of this StorageClass are no directories of a node (${claim})`);
  const terms = volume.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const bindsTo = terms
    .flatMap((term) => term.matchExpressions ?? [])
    .flatMap((expression) => expression.values ?? [])[0];
  const user = [...lab.recording.state('pods').values()].find((pod) =>
    (pod.spec?.volumes ?? []).some((each) => each.persistentVolumeClaim?.claimName === claim),
  );
  const node = bindsTo ?? user?.spec?.nodeName;
  if (node === undefined) throw new RunError(`no node is known for the volume of ${claim}`);
  return { node, path };
}

/** Runs a command on a node and records what it printed. Only kind gives a shell on its nodes. */
export async function lookAtNode(lab: Lab, moment: string, node: string, argv: readonly string[]): Promise<string> {
  if (lab.run.cluster.provider !== 'kind') throw new NotRun('this cluster gives no shell on its nodes');
  const cluster = await openKindCluster(lab.run.cluster.name);
  if (cluster === undefined) throw new RunError(`the kind cluster ${lab.run.cluster.name} is gone`);
  const stdout = await cluster.nodes.run(node, argv, { signal: lab.signal });
  lab.recording.append({ kind: 'observation', of: 'node', moment, node, argv, stdout });
  return stdout;
}

export function lookAtVolume(lab: Lab, moment: string, claim: string, argv: readonly string[]): Promise<string> {
  const { node, path } = volumePlace(lab, claim);
  return lookAtNode(
    lab,
    moment,
    node,
    argv.map((word) => word.replaceAll('{path}', path)),
  );
}
