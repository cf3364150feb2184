import {
  breaks,
  claim,
  claimRetention,
  describe,
  emptyDirs,
  heldUnready,
  on,
  patience,
  podManagementPolicy,
  replicas,
  startOrdinal,
  story,
  updateStrategy,
} from '../../harness/test.ts';
import { eachPodIsAddedInOrdinalOrder, eachPodWaitsForItsPredecessors } from '../../harness/guarantees/creation.ts';
import { contentSurvives } from '../../harness/guarantees/content.ts';
import { eachPodIsGivenItsTime } from '../../harness/guarantees/endings.ts';
import { claimsAreKept, eachPodIsUntouched, noPodIsAdded, noPodIsDeleted } from '../../harness/guarantees/quiet.ts';
import {
  eachNewPodGetsNewClaims,
  eachPodIsGoneBeforeTheNextIsDeleted,
  exactlyTheHighestAreRemoved,
  exactlyTheseAreLaunched,
  podsAreDeletedInReverseOrder,
  replicasAreSetThroughScale,
} from '../../harness/guarantees/scaling.ts';
import { eachPodHasStoppedWhenItIsGone } from '../../harness/guarantees/stopping.ts';
import { becomeReadyInTurn } from './holding.ts';
import { nginx } from './nginx.ts';
import { fetchesPages, writesPages } from './pages.ts';

const scaled = story('web is scaled from two replicas to five, to three and back to five', async ({ namespace }) => {
  const [web, probe] = await Promise.all([namespace.deploy(nginx()), namespace.probe()]);
  await web.becomesReady();
  const two = await namespace.mark('two replicas');
  await web.scaleThroughSubresourceTo(5);
  await web.becomesReady();
  const five = await namespace.mark('five replicas');
  const pages = await writesPages(web, [4]);
  const before = await fetchesPages(namespace, probe, web, pages, 'web-4 is there');
  await web.scaleTo(3);
  await web.becomesReady();
  const three = await namespace.quietly('three replicas');
  await web.scaleTo(5);
  await web.becomesReady();
  const after = await fetchesPages(namespace, probe, web, pages, 'web-4 is back');
  return {
    web,
    pages,
    served: { before, after },
    up: { from: two, to: five },
    down: { from: five, to: three.to, alive: three.alive },
    three,
  };
});

const grown = story('three more Pods are asked for through the scale subresource', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs()));
  await web.becomesReady();
  const two = await namespace.mark('two replicas');
  await web.scaleThroughSubresourceTo(5);
  await web.becomesReady();
  return { web, up: { from: two, to: await namespace.mark('as many as the server has written down') } };
});

const held = story('scaling up waits for an unready Pod, scaling down for a terminating one', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs(), heldUnready()));
  await becomeReadyInTurn(web, [0, 1]);
  const two = await namespace.mark('two replicas');
  await web.scaleThroughSubresourceTo(4);
  await web.podBecomesRunning(2);
  const unready = await namespace.quietly('web-2 is not Ready');
  await becomeReadyInTurn(web, [2, 3]);
  await web.holdTermination(3);
  const four = await namespace.mark('four replicas');
  await web.scaleTo(0);
  await web.podIsTerminating(3);
  const terminating = await namespace.quietly('web-3 is Terminating');
  await web.releaseTermination(3);
  await web.becomesReady();
  const none = await namespace.mark('no replicas');
  return { web, up: { from: two, to: four }, unready, down: { from: four, to: none }, terminating };
});

/** All predecessors count, not the last one alone: web-1 is Ready, and web-0 is not any more. */
const gapped = story('web is scaled up while web-0 is not Ready and web-1 is', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs(), heldUnready()));
  await becomeReadyInTurn(web, [0, 1]);
  await web.makeUnready(0);
  const two = await namespace.mark('web-0 is not Ready');
  await web.scaleTo(3);
  await web.isObserved();
  const waiting = await namespace.quietly('web-0 stays unready');
  await web.letReady(0);
  await becomeReadyInTurn(web, [2]);
  return { web, waiting, up: { from: two, to: await namespace.mark('three replicas') } };
});

/** The Pods that are to go are of two revisions, and the highest is the newer. */
const staged = story('web is scaled from four replicas to two while one Pod is updated', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(4), emptyDirs()));
  await web.becomesReady();
  await web.setPartition(3);
  const old = web.uidOf(3);
  await web.patch({ spec: { template: { metadata: { annotations: { 'steadfast.dev/applied': 'again' } } } } });
  await web.podBecomesReady(3, old);
  const four = await namespace.mark('four replicas');
  await web.scaleTo(2);
  await web.becomesReady();
  return { web, down: { from: four, to: await namespace.mark('two replicas') } };
});

/** What is not Ready is given its time like any other. */
const sick = story('web is scaled to none while web-1 is not Ready', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs(), heldUnready()));
  await becomeReadyInTurn(web, [0]);
  await web.podBecomesRunning(1);
  const two = await namespace.mark('web-1 is not Ready');
  await web.scaleTo(0);
  await web.becomesReady();
  return { web, down: { from: two, to: await namespace.mark('no replicas') } };
});

const byHand = story('a set with OnDelete is scaled from three replicas to one', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(3), emptyDirs(), updateStrategy({ type: 'OnDelete' })));
  await web.becomesReady();
  const three = await namespace.mark('three replicas');
  await web.scaleTo(1);
  await namespace.sees('one Pod to be left', ({ pods }) => pods.size === 1, { deadlineMs: patience.podMs });
  const one = await namespace.quietly('one Pod is left, or should be');
  return { web, down: { ...one, from: three } };
});

/** By their names web-9 would be the higher of the two. */
const twoDigits = story('web-9 and web-10 are scaled away', { since: '1.31' }, async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs(), startOrdinal(9)));
  await web.becomesReady();
  const two = await namespace.mark('web-9 and web-10');
  await web.scaleTo(0);
  await web.becomesReady();
  const none = await namespace.mark('neither of them');
  return { web, down: { from: two, to: none } };
});

describe('Scaling up', () => {
  claim(
    'web.scale-command',
    on(scaled, ({ web, up }) => [replicasAreSetThroughScale(web, 5, up), exactlyTheseAreLaunched(web, [2, 3, 4], up)]),
    on(grown, ({ web, up }) => [replicasAreSetThroughScale(web, 5, up), exactlyTheseAreLaunched(web, [2, 3, 4], up)]),
  );
  claim(
    'web.scale-up-ordered-gated',
    on(scaled, ({ web, up }) => [eachPodIsAddedInOrdinalOrder(web, up), eachPodWaitsForItsPredecessors(web, up)]),
    on(held, ({ web, up, unready }) => [
      noPodIsAdded(web, unready, { ordinal: 2, stays: 'Running and not Ready' }),
      eachPodIsAddedInOrdinalOrder(web, up),
      eachPodWaitsForItsPredecessors(web, up),
    ]),
    on(gapped, ({ web, waiting, up }) => [
      noPodIsAdded(web, waiting, { ordinal: 0, stays: 'Running and not Ready' }),
      eachPodWaitsForItsPredecessors(web, up),
    ]),
  );
  claim('web.scale-up-leaves-existing', scaled, ({ web, up }) => eachPodIsUntouched(web, [0, 1], up));
  claim('web.scale-up-new-pvcs', scaled, ({ web, up }) => eachNewPodGetsNewClaims(web, up));
});

describe('Scaling down', () => {
  claim(
    'web.scale-down-patch',
    on(scaled, ({ web, down, three }) => [
      exactlyTheHighestAreRemoved(web, 3, down),
      eachPodIsUntouched(web, [0, 1, 2], down),
      noPodIsAdded(web, three),
      noPodIsDeleted(web, three),
    ]),
    on(byHand, ({ web, down }) => [exactlyTheHighestAreRemoved(web, 1, down), eachPodIsUntouched(web, [0], down)]),
  );
});

describe('Ordered Pod termination', () => {
  claim(
    'web.scale-down-reverse',
    on(scaled, ({ web, down }) => podsAreDeletedInReverseOrder(web, down)),
    on(held, ({ web, down }) => podsAreDeletedInReverseOrder(web, down)),
    on(twoDigits, ({ web, down }) => podsAreDeletedInReverseOrder(web, down)),
    on(staged, ({ web, down }) => podsAreDeletedInReverseOrder(web, down)),
  );
  claim(
    'web.scale-down-one-at-a-time',
    on(scaled, ({ web, down }) => [
      eachPodIsGoneBeforeTheNextIsDeleted(web, down),
      eachPodIsGivenItsTime(web, down),
      eachPodHasStoppedWhenItIsGone(web, down),
    ]),
    on(sick, ({ web, down }) => [eachPodIsGivenItsTime(web, down), eachPodHasStoppedWhenItIsGone(web, down)]),
    on(held, ({ web, down, terminating }) => [
      noPodIsDeleted(web, terminating, { ordinal: 3, stays: 'Terminating' }),
      eachPodIsGoneBeforeTheNextIsDeleted(web, down),
      eachPodHasStoppedWhenItIsGone(web, down),
    ]),
  );
  claim('web.scale-down-retains-pvcs', scaled, ({ web, down }) => claimsAreKept(web, [0, 1, 2, 3, 4], down));
  claim('web.scale-back-reattaches', scaled, ({ web, pages, served }) => [
    contentSurvives(web, pages, served),
    claimsAreKept(web, [4], { from: served.before.to, to: served.after.to }),
  ]);
});

describe('controls of scaling', () => {
  const atOnce = story('a Parallel set is scaled up by a patch, and down', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(replicas(1), emptyDirs(), podManagementPolicy('Parallel')));
    await web.becomesReady();
    const one = await namespace.mark('one replica');
    await web.scaleTo(3);
    await web.becomesReady();
    const three = await namespace.mark('three replicas');
    await web.holdTermination(2);
    await web.scaleTo(1);
    await web.podIsTerminating(2);
    await web.podIsTerminating(1);
    await web.releaseTermination(2);
    await web.becomesReady();
    const end = await namespace.mark('one replica again');
    return { web, up: { from: one, to: three }, down: { from: three, to: end } };
  });
  breaks('web.scale-command', atOnce, ({ web, up }) => replicasAreSetThroughScale(web, 3, up));
  breaks('web.scale-up-ordered-gated', atOnce, ({ web, up }) => eachPodWaitsForItsPredecessors(web, up));
  breaks('web.scale-up-new-pvcs', atOnce, ({ web, up }) => eachNewPodGetsNewClaims(web, up));
  breaks('web.scale-down-one-at-a-time', atOnce, ({ web, down }) => eachPodIsGoneBeforeTheNextIsDeleted(web, down));

  const forced = story('a Pod that runs is deleted by force', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(replicas(1), emptyDirs()));
    await web.becomesReady();
    const before = await namespace.mark('web-0 runs');
    const old = web.uidOf(0);
    await namespace.deletes('pods', 'web-0', { gracePeriodSeconds: 0 });
    await web.podAppears(0, old);
    const after = await namespace.mark('web-0 is made again');
    return { web, down: { from: before, to: after } };
  });
  breaks('web.scale-down-one-at-a-time', forced, ({ web, down }) => eachPodHasStoppedWhenItIsGone(web, down));
  breaks('web.scale-down-one-at-a-time', forced, ({ web, down }) => eachPodIsGivenItsTime(web, down));

  const rolledMeanwhile = story('a set is scaled and its template changed in one patch', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(emptyDirs()));
    await web.becomesReady();
    const two = await namespace.mark('two replicas');
    await web.patch({ spec: { replicas: 3, template: annotated('once') } });
    await web.becomesUpdated();
    const three = await namespace.mark('three replicas');
    await web.patch({ spec: { replicas: 2, template: annotated('twice') } });
    await web.becomesUpdated();
    const end = await namespace.mark('two replicas again');
    return { web, up: { from: two, to: three }, down: { from: three, to: end } };
  });
  breaks('web.scale-command', rolledMeanwhile, ({ web, up }) => exactlyTheseAreLaunched(web, [2], up));
  breaks('web.scale-up-leaves-existing', rolledMeanwhile, ({ web, up }) => eachPodIsUntouched(web, [0, 1], up));
  breaks('web.scale-down-patch', rolledMeanwhile, ({ web, down }) => exactlyTheHighestAreRemoved(web, 2, down));

  const ascending = story('the Pods of a set are deleted by hand, from the lowest up', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(emptyDirs()));
    await web.becomesReady();
    const before = await namespace.mark('before');
    for (const ordinal of [0, 1]) {
      const old = web.uidOf(ordinal);
      await web.deletePod(ordinal);
      await web.podBecomesReady(ordinal, old);
    }
    const after = await namespace.mark('after');
    return { web, down: { from: before, to: after } };
  });
  breaks('web.scale-down-reverse', ascending, ({ web, down }) => podsAreDeletedInReverseOrder(web, down));

  const deleting = story('a set that deletes its claims is scaled down and up', async ({ namespace }) => {
    const [web, probe] = await Promise.all([
      namespace.deploy(nginx(claimRetention('Delete', 'Delete'))),
      namespace.probe(),
    ]);
    await web.becomesReady();
    const pages = await writesPages(web, [1]);
    const before = await fetchesPages(namespace, probe, web, pages, 'web-1 is there');
    const two = await namespace.mark('two replicas');
    await web.scaleTo(1);
    await web.becomesReady();
    await namespace.until(
      'www-web-1 to be gone',
      ({ persistentvolumeclaims }) => !persistentvolumeclaims.has('www-web-1'),
    );
    const one = await namespace.quietly('one replica');
    await web.scaleTo(2);
    await web.becomesReady();
    const after = await fetchesPages(namespace, probe, web, pages, 'web-1 is back');
    return { web, pages, served: { before, after }, down: { from: two, to: one.to, alive: one.alive } };
  });
  breaks('web.scale-down-retains-pvcs', deleting, ({ web, down }) => claimsAreKept(web, [0, 1], down));
  breaks('web.scale-back-reattaches', deleting, ({ web, pages, served }) => contentSurvives(web, pages, served));
});

function annotated(value: string): object {
  return { metadata: { annotations: { 'steadfast.dev/applied': value } } };
}
