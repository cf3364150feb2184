import {
  inContainer,
  inSet,
  varied,
  workloadFrom,
  type RecordedState,
  type Variation,
  type Workload,
} from '../../harness/test.ts';

/** The headless Service `nginx` and StatefulSet `web`, three replicas with a claim each, as the file has them unless varied. */
export const web = (...variations: readonly Variation[]): Workload =>
  varied(workloadFrom(new URL('manifests/web.yaml', import.meta.url)), ...variations);

/** Our finalizer on a claim or a set: deleted, it stays until it is let go. */
export const deletionHold = 'steadfast.dev/hold-deletion';

/** Each Pod has a second claim, `data`, beside `www`, from a template of its own. */
export const withASecondClaim: Variation = (workload) =>
  varied(
    workload,
    inSet('a second template of claims', (spec) => {
      const templates = spec['volumeClaimTemplates'] as readonly object[];
      const data = templates.map((template) => ({ ...template, metadata: { name: 'data' } }));
      return { ...spec, volumeClaimTemplates: [...templates, ...data] };
    }),
    inContainer('which is mounted at /data', (container) => {
      const mounts = container['volumeMounts'] as readonly object[];
      return { ...container, volumeMounts: [...mounts, { name: 'data', mountPath: '/data' }] };
    }),
  );

/** Of an image that nobody has Pods stay Pending on their node. */
export const imageOfNobody = 'registry.invalid/nowhere:1';

export const withoutImage = inContainer('an image that nobody has', (container) => ({
  ...container,
  image: imageOfNobody,
}));

/** Whether the Pod is there to stay and Ready. */
export function isReady(pod: StoredPod | undefined): boolean {
  const ready = pod?.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  return ready && pod?.metadata.deletionTimestamp === undefined;
}

type StoredPod = ReturnType<RecordedState['pods']['get']>;
