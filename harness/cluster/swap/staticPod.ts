import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isMap, parse, parseDocument, stringify } from 'yaml';
import { RunError } from '../../errors.ts';
import type { ComponentName } from '../components.ts';
import { controlPlane } from '../kind.ts';
import {
  ask,
  attemptTo,
  folderOf,
  onControlPlane,
  pathOf,
  shellWords,
  until,
  type Binary,
  type Ground,
} from './ground.ts';

/** Components that the control plane's kubelet runs from a file. */
export const staticComponents = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
export type StaticComponent = (typeof staticComponents)[number];

export interface SavedManifest {
  readonly kind: 'static-pod';
  readonly component: StaticComponent;
  readonly manifest: string;
}

export function isStatic(component: ComponentName): component is StaticComponent {
  return (staticComponents as readonly string[]).includes(component);
}

const manifests = '/etc/kubernetes/manifests';
const leaseHolders: readonly StaticComponent[] = ['kube-controller-manager', 'kube-scheduler'];

export async function saveManifest({ engine, cluster }: Ground, component: StaticComponent): Promise<SavedManifest> {
  const manifest = await engine.exec(controlPlane(cluster), ['cat', `${manifests}/${component}.yaml`]);
  return { kind: 'static-pod', component, manifest };
}

/** Under another name than the original's: kubelet waits ten seconds and more before it starts a Pod whose name it has just ended. */
export async function putStaticPod(ground: Ground, saved: SavedManifest, binary: Binary): Promise<void> {
  await exchange(ground, saved.component, `${saved.component}.mutant.yaml`, changed(saved, binary), pathOf(binary));
}

export async function restoreStaticPod(ground: Ground, { component, manifest }: SavedManifest): Promise<void> {
  if (await isInPlace(ground, component, manifest)) return awaitUse(ground, component);
  await exchange(ground, component, `${component}.yaml`, anew(parse(manifest) as StaticPod), `*/bin/${component}`);
}

/** In what the manifests' folder differs from what it was. */
export async function faultsOfManifest(
  ground: Ground,
  { component, manifest }: SavedManifest,
): Promise<readonly string[]> {
  return (await isInPlace(ground, component, manifest)) ? [] : [`the manifest of ${component} is not the original one`];
}

async function isInPlace({ engine, cluster }: Ground, component: StaticComponent, manifest: string): Promise<boolean> {
  const script = 'cd "$0" && ls | grep "^$1" && cat "$1.yaml"';
  const found = await engine.attempt(['exec', controlPlane(cluster), 'sh', '-c', script, manifests, component]);
  const [file, ...lines] = found.stdout.split('\n');
  return found.code === 0 && file === `${component}.yaml` && isSameButForUid(lines.join('\n'), manifest);
}

/** Whether two manifests ask for the same Pod. */
export function isSameButForUid(one: string, other: string): boolean {
  const [a, b] = [one, other].map(podWithoutUid);
  return a !== undefined && isDeepStrictEqual(a, b);
}

function podWithoutUid(manifest: string): unknown {
  const document = parseDocument(manifest);
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  document.deleteIn(['metadata', 'uid']);
  return document.toJS();
}

/**
 * The Pod under a uid of its own. Left out, kubelet reckons it from the manifest, and a Pod that is laid down again and again counts as one that
 * fails again and again: it would be kept waiting for up to five minutes.
 */
function anew(pod: StaticPod): string {
  return stringify({ ...pod, metadata: { ...pod.metadata, uid: randomUUID() } }, { lineWidth: 0 });
}

/** The manifest with another program, which the container sees under the path it has on the node. */
export function changed({ component, manifest }: SavedManifest, binary: Binary): string {
  const pod = parse(manifest) as StaticPod;
  const [container] = pod.spec.containers;
  const [program, ...args] = container?.command ?? [];
  if (container === undefined || program !== component)
    throw new RunError(`the manifest of ${component} does not begin its command with ${component}`);
  const mount = { name: 'steadfast-mutant', mountPath: folderOf(binary), readOnly: true };
  const volume = { name: 'steadfast-mutant', hostPath: { path: folderOf(binary), type: 'Directory' } };
  return anew({
    ...pod,
    metadata: { ...pod.metadata, name: `${component}-${binary.id}` },
    spec: {
      ...pod.spec,
      containers: [
        {
          ...container,
          command: [pathOf(binary), ...args],
          volumeMounts: [...(container.volumeMounts ?? []), mount],
        },
      ],
      volumes: [...(pod.spec.volumes ?? []), volume],
    },
  });
}

interface StaticPod {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: {
    readonly containers: readonly {
      readonly command?: readonly string[];
      readonly volumeMounts?: readonly unknown[];
    }[];
    readonly volumes?: readonly unknown[];
  };
}

/**
 * Takes the old manifest away, ends the old process at once, and lays the new manifest down in one step. Done when the new program is the only one of
 * its name. A component that leads by a lease finds none: a dead holder's would keep it waiting.
 */
const exchangeScript = `${shellWords}
component=$1 file=$2 path=$3
cd /etc/kubernetes
mkdir -p steadfast
cat > "steadfast/$file"
old=$(running "$component")
rm -f "manifests/$component.yaml" "manifests/$component.mutant.yaml"
for pid in $old; do kill -KILL "$pid" 2>/dev/null || :; done
gone() { for pid in $old; do [ ! -e "/proc/$pid/exe" ] || ! readlink "/proc/$pid/exe" >/dev/null 2>&1 || return 1; done; }
within 20 gone
case "$component" in
  kube-apiserver) ;;
  *) kubectl delete lease -n kube-system "$component" --ignore-not-found --wait=false >/dev/null ;;
esac
mv "steadfast/$file" "manifests/$file"
# One process, of the path that is wanted, and none of those before: kubelet may have begun to start the old container again.
alone() {
  pid=$(running "$component")
  [ -n "$pid" ] && [ "$pid" = "\${pid%
*}" ] && case "$(readlink "/proc/$pid/exe")" in $path) ;; *) return 1 ;; esac
}
within 90 alone || { echo "$component did not come up: no single process of $path" >&2; exit 1; }`;

async function exchange(
  ground: Ground,
  component: StaticComponent,
  file: string,
  manifest: string,
  path: string,
): Promise<void> {
  await onControlPlane(ground, exchangeScript, [component, file, path], manifest);
  await awaitUse(ground, component);
}

/** A component that runs is not yet one that works: it leads, or answers, before anybody counts on it. */
async function awaitUse(ground: Ground, component: StaticComponent): Promise<void> {
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
  const since = new Date();
  // They may have given up leading while nobody answered them, and then they start anew.
  await until('nobody leads', 240_000, () => leaders(ground, since));
  await controllersSeeWhatIsNew(ground);
}

/**
 * Whoever watched the API server before waits for up to half a minute until it tries again, leader or not. A new namespace gets its ServiceAccount from
 * a controller that watches.
 */
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

async function leaders(ground: Ground, since: Date): Promise<readonly string[]> {
  const { items } = JSON.parse(await ask(ground, 'get', 'leases', '-n', 'kube-system', '-o', 'json')) as Leases;
  return leaseHolders
    .filter((holder) => {
      const lease = items.find(({ metadata }) => metadata.name === holder);
      return lease?.spec.renewTime === undefined || new Date(lease.spec.renewTime) < since;
    })
    .map((holder) => `${holder} has not renewed its lease`);
}

interface Leases {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly renewTime?: string };
  }[];
}
