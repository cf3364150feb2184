import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isMap, parse, parseDocument, stringify } from 'yaml';
import { RunError } from '../../errors.ts';
import type { ComponentName } from '../components.ts';
import { controlPlane } from '../kind.ts';
import { folderOf, pathOf, type Binary, type Ground } from './ground.ts';

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

/** Kubelet runs whatever lies in here. */
export const manifests = '/etc/kubernetes/manifests';

export async function saveManifest({ engine, cluster }: Ground, component: StaticComponent): Promise<SavedManifest> {
  const manifest = await engine.exec(controlPlane(cluster), ['cat', `${manifests}/${component}.yaml`]);
  return { kind: 'static-pod', component, manifest };
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
export function anew(manifest: string): string {
  return withUid(parse(manifest) as StaticPod);
}

function withUid(pod: StaticPod): string {
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
  return withUid({
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
