import { randomUUID } from 'node:crypto';
import { RunError } from '../../errors.ts';
import { controlPlane } from '../kind.ts';
import { ask, attemptTo, onControlPlane, shellWords, until, type Ground } from './ground.ts';
import { anew, manifests, saveManifest, type StaticComponent } from './manifest.ts';

/** A component that runs is not yet one that works: it leads, or answers, before anybody counts on it. */
export async function awaitUse(ground: Ground, component: StaticComponent): Promise<void> {
  if (component !== 'kube-apiserver') {
    const { code } = await attemptTo(
      ground,
      'wait',
      '--for=create',
      `lease/${component}`,
      '-n',
      'kube-system',
      '--timeout=60s',
    );
    if (code !== 0) throw new RunError('it was started, and has not taken its lease after 60 s');
    return;
  }
  await until('the API server does not answer', 90_000, () => readyz(ground));
  await leadersStartAnew(ground);
  await controllersSeeWhatIsNew(ground);
}

/** A new namespace gets its ServiceAccount from a controller that watches. */
async function controllersSeeWhatIsNew(ground: Ground): Promise<void> {
  const namespace = `steadfast-swap-${randomUUID().slice(0, 8)}`;
  await ask(ground, 'create', 'namespace', namespace);
  const wait = ['wait', '--for=create', 'serviceaccount/default', '-n', namespace, '--timeout=120s'];
  const { code } = await attemptTo(ground, ...wait);
  await attemptTo(ground, 'delete', 'namespace', namespace, '--wait=false');
  if (code !== 0) throw new RunError('no controller has seen a new namespace within 120 s');
}

async function readyz({ engine, cluster }: Ground): Promise<readonly string[]> {
  const get = ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', '--request-timeout=3s', 'get', '--raw=/readyz'];
  const { code, stderr } = await engine.attempt(['exec', controlPlane(cluster), ...get]);
  return code === 0 ? [] : [stderr.trim().split('\n').at(-1) ?? 'no answer'];
}

const leaseHolders: readonly StaticComponent[] = ['kube-controller-manager', 'kube-scheduler'];

/**
 * Who leads gives up, and its process ends, when nobody answers for ten seconds; kubelet starts it again, after a pause that doubles each time. Who does not give up
 * has lost its watches, and tries each of them again after pauses that grow as well: minutes went by until a controller saw what is new. So both are started anew.
 */
async function leadersStartAnew(ground: Ground): Promise<void> {
  const since = new Date();
  await Promise.all(leaseHolders.map((each) => startAnew(ground, each)));
  await until('nobody leads', 120_000, async () => {
    const absent = await withoutLease(ground, since);
    return absent.map((each) => `${each} has not renewed its lease`);
  });
}

async function withoutLease(ground: Ground, since: Date): Promise<readonly StaticComponent[]> {
  const { items } = JSON.parse(await ask(ground, 'get', 'leases', '-n', 'kube-system', '-o', 'json')) as Leases;
  return leaseHolders.filter((holder) => {
    const lease = items.find(({ metadata }) => metadata.name === holder);
    return lease?.spec.renewTime === undefined || new Date(lease.spec.renewTime) < since;
  });
}

async function startAnew(ground: Ground, component: StaticComponent): Promise<void> {
  const { manifest } = await saveManifest(ground, component);
  await onControlPlane(ground, startAnewScript, [component], anew(manifest));
}

const startAnewScript = `${shellWords}
mkdir -p /etc/kubernetes/steadfast
cat > "/etc/kubernetes/steadfast/$1.yaml"
end_all "$(running "$1")"
take_lease "$1"
mv "/etc/kubernetes/steadfast/$1.yaml" "${manifests}/$1.yaml"`;

interface Leases {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly renewTime?: string };
  }[];
}
