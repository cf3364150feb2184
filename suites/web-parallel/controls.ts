import { emptyDirs, story } from '../../harness/test.ts';
import { scalesToOneHolding } from './stories.ts';
import { ordered } from './workloads.ts';

/** The same acts on web.yaml, whose set keeps order: whatever is claimed of a Parallel set must be untrue of it. */
export const inOrder = story('web.yaml is created, scaled up, and down with its Pods held', async ({ namespace }) => {
  const from = await namespace.mark('before web.yaml');
  const web = await namespace.deploy(ordered(emptyDirs()));
  await web.becomesReady();
  const two = await namespace.mark('two replicas');
  await web.scaleThroughSubresourceTo(4);
  await web.becomesReady();
  const four = await namespace.mark('four replicas');
  const down = await scalesToOneHolding(namespace, web, [1, 2, 3]);
  return { web, created: { from, to: two }, scaled: { from: two, to: four }, down };
});
