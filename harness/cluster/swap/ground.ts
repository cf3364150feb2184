import { randomUUID } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import { RunError } from '../../errors.ts';
import type { ComponentName } from '../components.ts';
import type { Engine } from '../engine/engine.ts';
import { controlPlane, kubectl, nodeContainers } from '../kind.ts';
import { attempt, type Outcome } from '../run.ts';

/** The cluster whose components are exchanged. */
export interface Ground {
  readonly engine: Engine;
  readonly cluster: string;
}

/** A program to run in a component's place. */
export interface Binary {
  readonly component: ComponentName;
  /** Twelve hexadecimal digits that no other binary has. */
  readonly id: string;
  /** Where it lies on this machine. */
  readonly file: string;
}

/** Whatever runs from below this folder of a node is not what the cluster was made with. */
export const foreignFolder = '/var/lib/steadfast-mutants';

/** The binary's folder on the nodes, and in the containers that run it. */
export function folderOf({ id }: Pick<Binary, 'id'>): string {
  return `${foreignFolder}/${id}`;
}

export function pathOf(binary: Pick<Binary, 'id' | 'component'>): string {
  return `${folderOf(binary)}/${binary.component}`;
}

export async function nodesOf({ engine, cluster }: Ground): Promise<readonly string[]> {
  return (await nodeContainers(engine, cluster)).map(({ name }) => name);
}

/**
 * Runs a shell script on a node. One at a time on each node, even if the command that began one was killed and its script goes on: a cluster that
 * is put in order must not be changed beneath that.
 */
export async function onNode(
  { engine }: Ground,
  node: string,
  script: string,
  args: readonly string[] = [],
  input?: string,
): Promise<string> {
  const locked = [
    'flock',
    '--wait',
    '300',
    '/run/steadfast-swap.lock',
    'sh',
    '-c',
    `set -eu\n${script}`,
    'sh',
    ...args,
  ];
  return engine.exec(node, locked, input === undefined ? {} : { input });
}

export function onControlPlane(
  ground: Ground,
  script: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  return onNode(ground, controlPlane(ground.cluster), script, args, input);
}

/** kubectl on the control plane. What waits has a bound of its own; anything else is answered soon, or not at all. */
export function ask(ground: Ground, ...args: readonly string[]): Promise<string> {
  const waits = ['wait', 'rollout', 'delete'].includes(args[0] ?? '');
  return kubectl(ground.engine, ground.cluster, [...(waits ? [] : ['--request-timeout=20s']), ...args]);
}

/** kubectl where a failure is an answer. */
export function attemptTo({ engine, cluster }: Ground, ...args: readonly string[]): Promise<Outcome> {
  const argv = ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...args];
  return engine.attempt(['exec', controlPlane(cluster), ...argv]);
}

/** Components that run on nodes other than the control plane. */
const spread: readonly ComponentName[] = ['kubelet', 'kube-proxy', 'coredns'];

/** Lays the binary on every node that may run it. Nothing runs it yet, so this may be done at any time. */
export async function layDown(ground: Ground, binary: Binary): Promise<void> {
  const nodes = spread.includes(binary.component) ? await nodesOf(ground) : [controlPlane(ground.cluster)];
  await Promise.all(
    nodes.map(async (node) => {
      const there = await attempt(ground.engine.name, ['exec', node, 'test', '-e', pathOf(binary)]);
      if (there.code === 0) return;
      // Of two who lay down the same, each has a file of its own until it is whole.
      const partial = `${pathOf(binary)}.${randomUUID()}`;
      await ground.engine.exec(node, ['mkdir', '-p', folderOf(binary)]);
      await ground.engine.run(['cp', '-q', binary.file, `${node}:${partial}`]);
      await ground.engine.exec(node, ['sh', '-c', 'chmod 755 "$0" && mv "$0" "$1"', partial, pathOf(binary)]);
    }),
  );
}

/** Takes a binary away from every node; without one, all that were ever laid down. */
export async function takeAway(ground: Ground, binary?: Binary): Promise<void> {
  const folder = binary === undefined ? foreignFolder : folderOf(binary);
  await Promise.all((await nodesOf(ground)).map((node) => ground.engine.exec(node, ['rm', '-rf', folder])));
}

/** Waits for what nothing can be watched for: processes on a node, an API server that is not there yet. */
export async function until(what: string, withinMs: number, look: () => Promise<readonly string[]>): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const missing = await look();
    if (missing.length === 0) return;
    if (Date.now() > deadline) throw new RunError(`${what}, after ${withinMs / 1000} s: ${missing.join('; ')}`);
    await after(200);
  }
}

/**
 * Shell functions: the processes that run a program of this name, ending processes at once, taking a component's lease from it (a dead holder's would
 * keep its successor waiting), and waiting for a condition.
 */
export const shellWords = `
running() { find /proc/[0-9]*/exe -maxdepth 0 '(' -lname "*/$1" -o -lname "*/$1 (deleted)" ')' -printf '%h\\n' 2>/dev/null | sed 's#/proc/##' || :; }
end_all() { for pid in $1; do kill -KILL "$pid" 2>/dev/null || :; done; }
take_lease() { kubectl delete lease -n kube-system "$1" --ignore-not-found --wait=false >/dev/null; }
within() { left=$(($1 * 20)); shift; until "$@"; do left=$((left - 1)); [ "$left" -gt 0 ] || return 1; sleep 0.05; done; }
kubectl() { command kubectl --kubeconfig=/etc/kubernetes/admin.conf --request-timeout=5s "$@"; }
`;
