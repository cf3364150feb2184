import { breaks, claim, describe, image, on, story, type Stage, type Workload } from '../../harness/test.ts';
import { requestIsAccepted, requestIsRefused } from '../../harness/guarantees/api.ts';
import { manifestsDifferOnlyBy } from '../../harness/guarantees/manifests.ts';
import { thePolicyIsStored } from '../../harness/guarantees/parallel.ts';
import { inOrder } from './controls.ts';
import { ordered, otherImage, parallel } from './workloads.ts';
import { followed } from './stories.ts';

const path = ['spec', 'podManagementPolicy'] as const;
const unknown = ['Serial', 'parallel', 'Ordered'];
const addedPolicy = { object: 'StatefulSet web', path: path.join('.'), value: 'Parallel' };

/** Puts down what manifests hold: to compare them takes no cluster. */
const reads =
  (...workloads: readonly Workload[]) =>
  async ({ namespace }: Stage) => {
    for (const { file, objects } of workloads) namespace.observe({ of: 'manifest', moment: 'read', file, objects });
    return { files: workloads.map(({ file }) => file) };
  };

const compared = story('web.yaml and web-parallel.yaml are read', reads(ordered(), parallel()));

const asked = story('the API server is asked for Pod management policies', async ({ namespace }) => {
  const set = parallel().objects.find(({ kind }) => kind === 'StatefulSet');
  const asksFor = (podManagementPolicy: string) =>
    namespace.asks(podManagementPolicy, {
      verb: 'create',
      resource: 'statefulsets',
      body: { ...set, spec: { ...(set?.['spec'] as object), podManagementPolicy } },
      dryRun: true,
    });
  await Promise.all(['Parallel', 'OrderedReady', ...unknown].map(asksFor));
  return {};
});

describe('Parallel Pod management', () => {
  claim('webpar.manifest-only-policy-differs', compared, () =>
    manifestsDifferOnlyBy('web.yaml', 'web-parallel.yaml', addedPolicy),
  );
  claim(
    'webpar.policy-persisted',
    on(followed, ({ web, ran }) => thePolicyIsStored(web, 'Parallel', ran)),
    on(asked, () => [
      requestIsAccepted('Parallel', { path, value: 'Parallel' }),
      requestIsAccepted('OrderedReady', { path, value: 'OrderedReady' }),
      ...unknown.map((policy) => requestIsRefused(policy, { code: 422, field: path.join('.') })),
    ]),
  );
});

describe('controls of the policy', () => {
  const drifted = story('web.yaml is read beside another image', reads(ordered(), parallel(image(otherImage))));
  breaks('webpar.manifest-only-policy-differs', drifted, () =>
    manifestsDifferOnlyBy('web.yaml', 'web-parallel.yaml', addedPolicy),
  );
  breaks('webpar.policy-persisted', inOrder, ({ web, created }) => thePolicyIsStored(web, 'Parallel', created));
  breaks('webpar.policy-persisted', asked, () => requestIsAccepted('Serial', { path, value: 'Serial' }));
});
