import { componentNames, type ComponentName } from '../components.ts';
import { controlPlane } from '../kind.ts';
import { foreignFolder, nodesOf, type Ground } from './ground.ts';
import { isStatic } from './manifest.ts';

/** A component as a node's process table has it. */
export interface Process {
  readonly node: string;
  readonly pid: number;
  readonly component: ComponentName;
  /** The program's path as the process sees it. */
  readonly path: string;
}

/** Every process of a component on every node, as the kernel tells it: what manifests and the API say is beside the point. */
export async function componentProcesses(ground: Ground): Promise<readonly Process[]> {
  const names = componentNames.flatMap((name) => ['-o', '-lname', `*/${name}*`]).slice(1);
  const find = ['find /proc/[0-9]*/exe -maxdepth 0 "(" "$@" ")" -printf "%h %l\\n" 2>/dev/null || :', 'sh', ...names];
  const listed = await Promise.all(
    (await nodesOf(ground)).map(async (node) => ({
      node,
      text: await ground.engine.exec(node, ['sh', '-c', ...find]),
    })),
  );
  return listed.flatMap(({ node, text }) => text.split('\n').flatMap((line) => readProcess(node, line)));
}

/** `/proc/583 /usr/local/bin/kube-scheduler`, with ` (deleted)` behind it when the file is not there any more. */
export function readProcess(node: string, line: string): readonly Process[] {
  const [, pid, path = ''] = /^\/proc\/(\d+) (.+)$/.exec(line) ?? [];
  const program = path
    .replace(/ \(deleted\)$/, '')
    .split('/')
    .at(-1);
  const component = componentNames.find((name) => name === program);
  return component === undefined ? [] : [{ node, pid: Number(pid), component, path }];
}

/** SHA-256 of the programs that a component's processes run, each once. */
export async function digestsOf(ground: Ground, component: ComponentName): Promise<readonly string[]> {
  const own = (await componentProcesses(ground)).filter((each) => each.component === component);
  const sums = await Promise.all(
    own.map(({ node, pid }) => ground.engine.exec(node, ['sha256sum', `/proc/${pid}/exe`])),
  );
  return [...new Set(sums.map((sum) => sum.split(' ')[0] ?? ''))].toSorted();
}

/** What is wrong with the processes of an unchanged cluster, in words. */
export function faultsOfProcesses(
  processes: readonly Process[],
  cluster: string,
  nodes: readonly string[],
): readonly string[] {
  const foreign = processes
    .filter(({ path }) => path.startsWith(foreignFolder) || path.endsWith(' (deleted)'))
    .map(({ component, node, path }) => `${component} on ${node} runs ${path}`);
  const where = (component: ComponentName): readonly string[] =>
    isStatic(component) ? [controlPlane(cluster)] : component === 'kubelet' || component === 'kube-proxy' ? nodes : [];
  const miscounted = componentNames.flatMap((component) =>
    where(component).flatMap((node) => {
      const count = processes.filter((each) => each.component === component && each.node === node).length;
      return count === 1 ? [] : [`${node} has ${count} processes of ${component}`];
    }),
  );
  const absent = (['coredns', 'local-path-provisioner'] as const)
    .filter((component) => !processes.some((each) => each.component === component))
    .map((component) => `no node runs ${component}`);
  return [...foreign, ...miscounted, ...absent];
}
