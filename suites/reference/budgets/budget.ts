import { varied, workloadFrom, type Stage, type Workload } from '../../../harness/test.ts';

type Namespace = Stage['namespace'];

/** One bound, as a number of Pods or as a percentage, and what becomes of Pods that run without being Ready. */
export interface Bounds {
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
  readonly unhealthyPodEvictionPolicy?: 'IfHealthyBudget' | 'AlwaysAllow';
  /** Labels of the Pods, where they are not those of every Pod of `web`. */
  readonly over?: Readonly<Record<string, string>>;
  /** What is required of the Pods' labels, in place of those. */
  readonly where?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** The budget `web` of the file, or one of another name, with these bounds in place of `minAvailable: 2`. */
export function budget({ over = { app: 'nginx' }, where, ...bounds }: Bounds, name = 'web'): Workload {
  const selector = where === undefined ? { matchLabels: over } : { matchExpressions: where };
  const spec = { ...bounds, selector };
  return varied(workloadFrom(new URL('manifests/budget.yaml', import.meta.url)), (file) => ({
    ...file,
    objects: file.objects.map((object) => ({ ...object, metadata: { ...object.metadata, name }, spec })),
    variations: [`a budget ${name} with ${JSON.stringify(spec)}`],
  }));
}

/** A Pod that the budget does not speak of. */
export const bystander = workloadFrom(new URL('manifests/bystander.yaml', import.meta.url));

/** One like it that no node may take, so that it is never Ready. */
export function idler(name: string): Workload {
  const schedulingGates = [{ name: 'steadfast.dev/never' }];
  return varied(bystander, (file) => ({
    ...file,
    objects: file.objects.map((object) => ({
      ...object,
      metadata: { ...object.metadata, name },
      spec: { ...(object['spec'] as object), schedulingGates },
    })),
    variations: [`a Pod ${name} of other labels that no node may take`],
  }));
}

/** Gives the budget `web` another bound and looks on while the disruption controller comes to it. */
export async function bounds(namespace: Namespace, { minAvailable, maxUnavailable }: Bounds, when = '') {
  const spec = { minAvailable: minAvailable ?? null, maxUnavailable: maxUnavailable ?? null };
  await namespace.patches('poddisruptionbudgets', 'web', { spec });
  const bound = minAvailable === undefined ? `maxUnavailable ${maxUnavailable}` : `minAvailable ${minAvailable}`;
  return namespace.quietly(`${bound}${when}`, 'disruption');
}
