import { inContainer, varied, workloadFrom, type Variation, type Workload } from '../../harness/test.ts';

/** The headless Service `nginx` and StatefulSet `web`, three replicas with a claim each, as the file has them unless varied. */
export const web = (...variations: readonly Variation[]): Workload =>
  varied(workloadFrom(new URL('manifests/web.yaml', import.meta.url)), ...variations);

/** Of an image that nobody has Pods stay Pending on their node. */
export const imageOfNobody = 'registry.invalid/nowhere:1';

export const withoutImage = inContainer('an image that nobody has', (container) => ({
  ...container,
  image: imageOfNobody,
}));
