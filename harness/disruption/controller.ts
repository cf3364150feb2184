import type { NodeShell } from '../cluster/index.ts';
import { deadlines } from '../deadlines.ts';
import { RunError } from '../errors.ts';
import type { Kube } from '../kube/connect.ts';
import type { KubeObject } from '../kube/kinds.ts';
import { readLines } from '../kube/lines.ts';
import { parseWatchLine } from '../kube/message.ts';

/** The lease that the leading kube-controller-manager holds. */
export type Lease = KubeObject & { readonly spec?: { readonly holderIdentity?: string } };

const place = { resource: 'leases', namespace: 'kube-system', name: 'kube-controller-manager' } as const;

export async function leaderLease(kube: Kube, signal?: AbortSignal): Promise<Lease> {
  return await kube.get(place, { signal });
}

/**
 * Kills the process that leads by this lease, on its node, and resolves with the lease once another process holds it. The kubelet starts the static Pod's container
 * again, at once the first time and after a growing pause if it had to within the last ten minutes. The dead holder's lease is deleted, which saves the
 * fifteen seconds that a new process would wait for it to expire.
 */
export async function restartLeader(kube: Kube, shell: NodeShell, lease: Lease, signal: AbortSignal): Promise<Lease> {
  const holder = holderOf(lease);
  // The identity is the node's name, an underscore and a uuid.
  const node = holder.slice(0, holder.lastIndexOf('_'));
  const given = AbortSignal.any([signal, AbortSignal.timeout(deadlines.controllerBackMs)]);
  const connection = new AbortController();
  const stream = await kube.stream({
    target: { resource: place.resource, namespace: place.namespace },
    query: {
      watch: true,
      fieldSelector: `metadata.name=${place.name}`,
      resourceVersion: lease.metadata.resourceVersion,
    },
    signal: AbortSignal.any([given, connection.signal]),
  });
  if (stream.code !== 200)
    throw new RunError(`the lease ${place.name} cannot be watched: the server answered ${stream.code}`);
  const next = Promise.withResolvers<Lease>();
  const reading = readLines(stream.body, (line) => {
    const found = leaseIn(line);
    if (found?.spec?.holderIdentity !== undefined && found.spec.holderIdentity !== holder) next.resolve(found);
  });
  reading.then(
    () => next.reject(new RunError(`the watch of the lease ${place.name} ended before anybody took it`)),
    (error: unknown) => next.reject(error),
  );
  try {
    await kill(shell, node, given);
    await kube.delete(place, { uid: lease.metadata.uid, signal });
    return await next.promise;
  } finally {
    connection.abort();
  }
}

/** Resolves when the process is gone. Its name is cut to fifteen characters, as the kernel keeps it. */
async function kill(shell: NodeShell, node: string, signal: AbortSignal): Promise<void> {
  const found = (await shell.run(node, ['pgrep', '-x', 'kube-controller'], { signal })).trim();
  if (!/^\d+$/.test(found)) throw new RunError(`expected one kube-controller-manager on ${node}, not “${found}”`);
  await shell.run(node, ['kill', '-KILL', found], { signal });
  await shell.run(node, ['timeout', '10', 'tail', '--pid', found, '-s', '0.1', '-f', '/dev/null'], { signal });
}

function holderOf(lease: Lease): string {
  const holder = lease.spec?.holderIdentity ?? '';
  if (!holder.includes('_')) throw new RunError(`nobody leads by the lease ${place.name}: its holder is “${holder}”`);
  return holder;
}

function leaseIn(line: string): Lease | undefined {
  const message = parseWatchLine(line);
  return message.kind === 'change' && message.type !== 'deleted' ? (message.object as unknown as Lease) : undefined;
}
