import { varied, workloadFrom, type Variation, type Workload } from '../../harness/test.ts';

/** The headless Service `nginx` and StatefulSet `web`, three replicas with a claim each, as the file has them unless varied. */
export const web = (...variations: readonly Variation[]): Workload =>
  varied(workloadFrom(new URL('manifests/web.yaml', import.meta.url)), ...variations);
