import { isDeepStrictEqual } from 'node:util';
import { RunError } from '../../errors.ts';
import type { ComponentName } from '../components.ts';
import { ask, folderOf, pathOf, type Binary, type Ground } from './ground.ts';

/** Components that a Deployment or a DaemonSet runs. */
export type TemplateComponent = 'kube-proxy' | 'coredns' | 'local-path-provisioner';

export interface SavedTemplates {
  readonly kind: 'pod-template';
  readonly component: TemplateComponent;
  readonly objects: readonly SavedObject[];
}

interface SavedObject {
  readonly place: Place;
  readonly template: Template;
  readonly strategy: unknown;
}

interface Place {
  readonly namespace: string;
  readonly resource: 'deployment' | 'daemonset';
  readonly name: string;
  readonly containers: readonly string[];
}

interface Template {
  readonly spec: {
    readonly containers: readonly Container[];
    readonly volumes?: readonly unknown[];
  };
}

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly volumeMounts?: readonly unknown[];
}

export function isTemplate(component: ComponentName): component is TemplateComponent {
  return Object.hasOwn(places, component);
}

const provisioner = 'local-path-provisioner';
const storage = { namespace: 'local-path-storage', resource: 'deployment' } as const;
const places: Readonly<Record<TemplateComponent, readonly Place[]>> = {
  'kube-proxy': [{ namespace: 'kube-system', resource: 'daemonset', name: 'kube-proxy', containers: ['kube-proxy'] }],
  coredns: [{ namespace: 'kube-system', resource: 'deployment', name: 'coredns', containers: ['coredns'] }],
  'local-path-provisioner': [
    { ...storage, name: provisioner, containers: [provisioner] },
    { ...storage, name: 'shared-path-provisioner', containers: [provisioner, 'minikube-hostpath'] },
  ],
};

export async function saveTemplates(ground: Ground, component: TemplateComponent): Promise<SavedTemplates> {
  const objects = await Promise.all(
    places[component].map(async (place) => {
      const { spec } = await read(ground, place);
      const strategy = spec[strategyField(place)];
      return { place, template: spec.template, strategy };
    }),
  );
  return { kind: 'pod-template', component, objects };
}

export async function putTemplates(ground: Ground, saved: SavedTemplates, binary: Binary): Promise<void> {
  await Promise.all(
    saved.objects.map(({ place, template }) =>
      change(ground, place, changed(template, place, binary), allAtOnce(place)),
    ),
  );
}

export async function restoreTemplates(ground: Ground, saved: SavedTemplates): Promise<void> {
  await Promise.all(
    saved.objects.map(async ({ place, template, strategy }) => {
      await change(ground, place, template, allAtOnce(place));
      await patch(ground, place, template, strategy);
    }),
  );
}

export async function faultsOfTemplates(ground: Ground, saved: SavedTemplates): Promise<readonly string[]> {
  const found = await Promise.all(
    saved.objects.map(async ({ place, template, strategy }) => {
      const { spec } = await read(ground, place);
      const same =
        isDeepStrictEqual(spec.template, template) && isDeepStrictEqual(spec[strategyField(place)], strategy);
      return same ? [] : [`${place.resource} ${place.name} is not as it was`];
    }),
  );
  return found.flat();
}

interface Workload {
  readonly metadata: { readonly generation: number };
  readonly spec: {
    readonly template: Template;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly strategy?: unknown;
    readonly updateStrategy?: unknown;
  };
}

async function read(ground: Ground, { namespace, resource, name }: Place): Promise<Workload> {
  return JSON.parse(await ask(ground, 'get', resource, name, '-n', namespace, '-o', 'json')) as Workload;
}

function strategyField({ resource }: Place): 'strategy' | 'updateStrategy' {
  return resource === 'deployment' ? 'strategy' : 'updateStrategy';
}

function allAtOnce({ resource }: Place): unknown {
  const maxSurge = resource === 'deployment' ? '100%' : 0;
  return { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%', maxSurge } };
}

/** The template with another program in its containers, which see it under the path it has on the node. */
function changed(template: Template, { containers, name }: Place, binary: Binary): Template {
  const missing = containers.filter((each) => !template.spec.containers.some((container) => container.name === each));
  if (missing.length > 0) throw new RunError(`${name} has no container ${missing.join(', ')}`);
  const mount = { name: 'steadfast-mutant', mountPath: folderOf(binary), readOnly: true };
  const volume = { name: 'steadfast-mutant', hostPath: { path: folderOf(binary), type: 'Directory' } };
  return {
    ...template,
    spec: {
      ...template.spec,
      containers: template.spec.containers.map((container) =>
        containers.includes(container.name)
          ? {
              ...container,
              command: [pathOf(binary), ...(container.command ?? []).slice(1)],
              volumeMounts: [...(container.volumeMounts ?? []), mount],
            }
          : container,
      ),
      volumes: [...(template.spec.volumes ?? []), volume],
    },
  };
}

/** Replaces all Pods at once. Those of before are not given the time they ask for: nobody needs what they would still do. */
async function change(ground: Ground, place: Place, template: Template, strategy: unknown): Promise<void> {
  const { namespace, resource, name } = place;
  const { spec, metadata } = await read(ground, place);
  const selector = Object.entries(spec.selector.matchLabels).map(([key, value]) => `${key}=${value}`);
  const pods = async () =>
    (await ask(ground, 'get', 'pods', '-n', namespace, '-l', selector.join(','), '-o', 'name'))
      .split('\n')
      .filter(Boolean);
  const before = isDeepStrictEqual(spec.template, template) ? [] : await pods();
  const generation = await patch(ground, place, template, strategy);
  const wait = ['wait', `${resource}/${name}`, '-n', namespace, '--timeout=60s'];
  if (generation !== metadata.generation)
    await ask(ground, ...wait, `--for=jsonpath={.status.observedGeneration}=${generation}`);
  if (before.length > 0)
    await ask(ground, 'delete', '-n', namespace, ...before, '--grace-period=1', '--ignore-not-found', '--timeout=60s');
  await ask(ground, 'rollout', 'status', `${resource}/${name}`, '-n', namespace, '--timeout=90s');
}

async function patch(ground: Ground, place: Place, template: Template, strategy: unknown): Promise<number> {
  const { namespace, resource, name } = place;
  const operations = [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'replace', path: `/spec/${strategyField(place)}`, value: strategy },
  ];
  const args = [
    'patch',
    resource,
    name,
    '-n',
    namespace,
    '--type=json',
    '-p',
    JSON.stringify(operations),
    '-o',
    'json',
  ];
  return (JSON.parse(await ask(ground, ...args)) as Workload).metadata.generation;
}
