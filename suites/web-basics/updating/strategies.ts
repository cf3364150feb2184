import { claim, describe, emptyDirs, story, updateStrategy } from '../../../harness/test.ts';
import { requestIsAccepted, requestIsRefused } from '../../../harness/guarantees/api.ts';
import { eachPodIsUntouched } from '../../../harness/guarantees/quiet.ts';
import { sameTemplateMakesNoRevision, templateChangeMakesARevision } from '../../../harness/guarantees/revisions.ts';
import { everyPodIsReplacedCarrying } from '../../../harness/guarantees/updates.ts';
import { nginx } from '../nginx.ts';
import { images } from '../images.ts';
import { statefulSetOf } from './acts.ts';

const type = ['spec', 'updateStrategy', 'type'] as const;
const invalid = ['Recreate', 'rollingUpdate', 'Canary'] as const;

export const strategies = story('the API server is asked for update strategies', async ({ namespace }) => {
  const dryRun = { verb: 'create', dryRun: true } as const;
  for (const strategy of ['RollingUpdate', 'OnDelete', ...invalid]) {
    const body = statefulSetOf(nginx(updateStrategy({ type: strategy })));
    await namespace.asks(strategy, { ...dryRun, resource: 'statefulsets', body });
  }
  const body = deploymentWith({ strategy: { type: 'Recreate' } });
  await namespace.asks('Recreate of a Deployment', { ...dryRun, resource: 'deployments', body });
  return {};
});

export const triggers = story('four kinds of fields of the template are changed, then none', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs()));
  await web.becomesReady();
  const changes = async (what: string, template: object) => {
    const from = await namespace.mark(`before the ${what}`);
    await web.patch({ spec: { template } });
    await web.becomesUpdated();
    return { from, to: await namespace.mark(`after the ${what}`) };
  };
  const resources = { requests: { cpu: '2m' }, limits: { memory: '96Mi' } };
  const noted = { metadata: { annotations: { 'example.com/note': 'changed' } } };
  const image = await changes('image', { spec: { containers: [{ name: 'nginx', image: images.patched }] } });
  const limits = await changes('resources', { spec: { containers: [{ name: 'nginx', resources }] } });
  const label = await changes('label', { metadata: { labels: { tier: 'frontend' } } });
  const annotation = await changes('annotation', noted);
  await web.patch({ metadata: { annotations: { 'example.com/note': 'the set' } }, spec: { template: noted } });
  const window = await namespace.quietly('the same template again');
  return { web, image, limits, label, annotation, again: { ...window, from: annotation.to } };
});

describe('Updating StatefulSets', () => {
  claim('web.strategies-valid', strategies, () => [
    requestIsAccepted('RollingUpdate', { path: type, value: 'RollingUpdate' }),
    requestIsAccepted('OnDelete', { path: type, value: 'OnDelete' }),
    ...invalid.map((strategy) => requestIsRefused(strategy, { code: 422, field: 'spec.updateStrategy' })),
  ]);
  claim('web.update-triggers', triggers, ({ web, image, limits, label, annotation, again }) => [
    ...[image, limits, label, annotation].map((span) => templateChangeMakesARevision(web, span)),
    everyPodIsReplacedCarrying(web, [{ of: 'image', value: images.patched }], image),
    everyPodIsReplacedCarrying(web, [{ of: 'request', key: 'cpu', value: '2m' }], limits),
    everyPodIsReplacedCarrying(web, [{ of: 'limit', key: 'memory', value: '96Mi' }], limits),
    everyPodIsReplacedCarrying(web, [{ of: 'label', key: 'tier', value: 'frontend' }], label),
    everyPodIsReplacedCarrying(web, [{ of: 'annotation', key: 'example.com/note', value: 'changed' }], annotation),
    sameTemplateMakesNoRevision(web, again),
    eachPodIsUntouched(web, [0, 1], again),
  ]);
});

/** A Deployment of the same Pods. */
function deploymentWith(fields: object): object {
  const { selector, template } = statefulSetOf(nginx(emptyDirs()))['spec'] as Record<string, object>;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { ...fields, selector, template },
  };
}
