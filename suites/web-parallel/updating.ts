import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldUnready,
  on,
  replicas,
  story,
  updateStrategy,
} from '../../harness/test.ts';
import { eachPodIsUntouched, noPodIsDeleted } from '../../harness/guarantees/quiet.ts';
import { eachUpdateWaitsForReady, podsAreUpdatedInReverseOrder } from '../../harness/guarantees/updates.ts';
import { otherImage, parallel } from './workloads.ts';
import { becomeReady, staged } from './stories.ts';

const updated = story('a Parallel set is updated, each new Pod being held unready', async ({ namespace }) => {
  const web = await namespace.deploy(parallel(replicas(3), heldUnready(), emptyDirs()));
  await becomeReady(web, [0, 1, 2]);
  await web.becomesReady();
  const from = await namespace.mark('before the update');
  const [zero, one, two] = [0, 1, 2].map((ordinal) => web.uidOf(ordinal));
  await web.setImage(otherImage);
  await web.podBecomesRunning(2, two);
  const held = await namespace.quietly('web-2 is new and not Ready');
  await web.letReady(2);
  await web.podBecomesRunning(1, one);
  await web.letReady(1);
  await web.podBecomesRunning(0, zero);
  await web.letReady(0);
  await web.becomesUpdated();
  return { web, held, update: { from, to: await namespace.mark('all Pods are new') } };
});

const onDeletion = story('a Parallel set that updates on deletion is given another image', async ({ namespace }) => {
  const web = await namespace.deploy(parallel(updateStrategy({ type: 'OnDelete' }), emptyDirs()));
  await web.becomesReady();
  const from = await namespace.mark('before the update');
  await web.setImage(otherImage);
  return { web, waiting: { ...(await namespace.quietly('another image is asked for')), from } };
});

/** The updated Pod is on no node, which is as little Ready as one that runs and is not. */
const unscheduled = story('a Parallel set is given a template that no node can take', async ({ namespace }) => {
  const web = await namespace.deploy(parallel(replicas(3), emptyDirs()));
  await web.becomesReady();
  const from = await namespace.mark('before the update');
  const old = web.uidOf(2);
  await web.patch({ spec: { template: { spec: { nodeSelector: { 'steadfast.dev/node': 'none' } } } } });
  await web.podAppears(2, old);
  return { web, waiting: { ...(await namespace.quietly('web-2 is on no node')), from } };
});

describe('Parallel Pod management: updates', () => {
  claim(
    'webpar.updates-unaffected',
    on(updated, ({ web, held, update }) => [
      podsAreUpdatedInReverseOrder(web, update),
      eachUpdateWaitsForReady(web, update),
      noPodIsDeleted(web, held, { ordinal: 2, stays: 'Running and not Ready' }),
      eachPodIsUntouched(web, [0, 1], held),
    ]),
    on(staged, ({ web, waiting }) => eachPodIsUntouched(web, [0, 1], waiting)),
    on(onDeletion, ({ web, waiting }) => eachPodIsUntouched(web, [0, 1], waiting)),
    on(unscheduled, ({ web, waiting }) => eachPodIsUntouched(web, [0, 1], waiting)),
  );
});

describe('controls of updates', () => {
  const byHand = story('the Pods of a set that updates on deletion are deleted, the lowest first', async (stage) => {
    const { namespace } = stage;
    const web = await namespace.deploy(parallel(replicas(3), updateStrategy({ type: 'OnDelete' }), emptyDirs()));
    await web.becomesReady();
    const from = await namespace.mark('before the update');
    await web.setImage(otherImage);
    for (const ordinal of [0, 1, 2]) await web.deletePod(ordinal);
    await web.becomesReady();
    return { web, update: { from, to: await namespace.mark('all Pods are new') } };
  });
  breaks('webpar.updates-unaffected', byHand, ({ web, update }) => podsAreUpdatedInReverseOrder(web, update));
  breaks('webpar.updates-unaffected', byHand, ({ web, update }) => eachUpdateWaitsForReady(web, update));
});
