import { varied, workloadFrom, type Variation, type Workload } from '../../harness/test.ts';

/** The tutorial's Parallel set with its Service, as its file has them unless varied. */
export const parallel = (...variations: readonly Variation[]): Workload =>
  varied(workloadFrom(new URL('manifests/web-parallel.yaml', import.meta.url)), ...variations);

/** The set that keeps order, from the tutorial's first part: what `parallel` differs from and what it finds left behind. */
export const ordered = (...variations: readonly Variation[]): Workload =>
  varied(workloadFrom(new URL('../web-basics/manifests/web.yaml', import.meta.url)), ...variations);

/** Another image than the manifests ask for. */
export const otherImage = 'registry.k8s.io/nginx-slim:0.7';
