import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldUnready,
  NotRun,
  on,
  podManagementPolicy,
  replicas,
  story,
  updateStrategy,
  type StatefulSetHandle,
  type Variation,
} from '../../../harness/test.ts';
import { updateByHandBecomesCurrent, updateConverges } from '../../../harness/guarantees/convergence.ts';
import {
  anotherUpdateReplacesTheBrokenPod,
  deletionByHandRollsBack,
  revertWaitsForTheBrokenPod,
} from '../../../harness/guarantees/forcedRollback.ts';
import { eachPodIsUntouched } from '../../../harness/guarantees/quiet.ts';
import { atMostAreUnavailable, unavailabilityIsUsed } from '../../../harness/guarantees/unavailability.ts';
import { imageOfNobody, web as workload } from '../web.ts';
import { images, podBecomes, podIsUpdated, podRuns, rollOutEnds, type Namespace } from './acts.ts';

/** Each image comes in the middle of the roll-out of the one before, and Pods of both are lost meanwhile. */
export const converging = story(
  'the image goes there, back and there again while Pods are lost',
  async ({ namespace }) => {
    const web = await namespace.deploy(workload(replicas(3), emptyDirs()));
    await web.becomesReady();
    const before = await namespace.mark('the first image');
    await web.setImage(images.second);
    await podIsUpdated(namespace, web, 2);
    const there = await namespace.mark('on the way to the second image');
    await web.setImage(images.first);
    await web.deletePod(0);
    await rollOutEnds(namespace, web, [2, 1, 0]);
    const back = await namespace.quietly('back at the first image');
    await web.setImage(images.second);
    if (await podIsUpdated(namespace, web, 2)) await web.deletePod(2);
    await rollOutEnds(namespace, web, [2, 1, 0]);
    const again = await namespace.quietly('at the second image');
    return {
      web,
      rollOuts: [
        { from: before, rest: back },
        { from: back.to, rest: again },
      ],
      moments: [back, again],
      thereAndBack: { from: before, to: back.to },
      backAndThere: { from: there, to: again.to },
    };
  },
);

export const onDelete = story('the Pods of an OnDelete set are replaced by hand, one by one', async ({ namespace }) => {
  const web = await namespace.deploy(workload(replicas(2), emptyDirs(), updateStrategy({ type: 'OnDelete' })));
  await web.becomesReady();
  const from = await namespace.mark('before the update');
  await web.setImage(images.second);
  await web.isObserved();
  await web.deletePod(1);
  await podIsUpdated(namespace, web, 1);
  const partly = await namespace.quietly('web-1 is replaced');
  await web.deletePod(0);
  await podIsUpdated(namespace, web, 0);
  const wholly = await namespace.quietly('both are replaced');
  return { web, from, partly, wholly };
});

const parallel = podManagementPolicy('Parallel');

const broken = reverts('an update to an image that is nowhere is reverted');
const burst = reverts('an update of a Parallel set to an image that is nowhere is reverted', parallel);

/** Where Pods need not be Ready one after the other, a broken one keeps no update from replacing it. */
const healed = story(
  'a Parallel set is given an image that is nowhere, and then another one',
  async ({ namespace }) => {
    const web = await namespace.deploy(workload(replicas(2), emptyDirs(), parallel));
    await web.becomesReady();
    await breaksOnImage(namespace, web);
    const from = await namespace.mark('web-1 is broken');
    await web.setImage(images.second);
    await podIsUpdated(namespace, web, 1);
    return { web, healing: { ...(await namespace.quietly('web-1 has had time to be replaced')), from } };
  },
);

const unavailable = story('an update may take two Pods of three at once', async ({ namespace }) => {
  await needsMaxUnavailable(namespace);
  const web = await namespace.deploy(workload(replicas(3), emptyDirs(), heldUnready(), parallel, atOnce(2)));
  await Promise.all([0, 1, 2].map((ordinal) => web.podBecomesRunning(ordinal)));
  await Promise.all([0, 1, 2].map((ordinal) => web.letReady(ordinal)));
  const from = await namespace.mark('all are Ready');
  const [old0, old1, old2] = [web.uidOf(0), web.uidOf(1), web.uidOf(2)];
  await web.setImage(images.second);
  await podRuns(namespace, web, 2, old2);
  await podRuns(namespace, web, 1, old1);
  const window = await namespace.quietly('two are not Ready');
  await web.letReady(2);
  await podRuns(namespace, web, 0, old0);
  const to = await namespace.mark('the last one is replaced');
  return { web, window, rolling: { from, to } };
});

describe('Rolling Updates', () => {
  claim(
    'ref.update-converges',
    on(converging, ({ web, rollOuts }) => rollOuts.map((rollOut) => updateConverges(web, rollOut))),
    on(healed, ({ web, healing }) => anotherUpdateReplacesTheBrokenPod(web, 1, healing)),
  );
});

describe('Update strategies', () => {
  claim('ref.current-revision-after-ondelete', onDelete, ({ web, from, wholly }) =>
    updateByHandBecomesCurrent(web, { from, rest: wholly }),
  );
});

describe('Forced rollback', () => {
  claim('ref.broken-update-needs-hand', broken, ({ web, reverted, byHand }) => [
    revertWaitsForTheBrokenPod(web, 1, reverted),
    deletionByHandRollsBack(web, 1, byHand),
  ]);
});

describe('Maximum unavailable Pods', () => {
  claim('ref.max-unavailable', unavailable, ({ web, rolling, window }) => [
    atMostAreUnavailable(web, 2, rolling),
    unavailabilityIsUsed(web, 2, rolling),
    eachPodIsUntouched(web, [0], window),
  ]);
});

describe('controls of rolling updates', () => {
  breaks('ref.update-converges', onDelete, ({ web, from, partly }) => updateConverges(web, { from, rest: partly }));
  breaks('ref.current-revision-after-ondelete', onDelete, ({ web, from, partly }) =>
    updateByHandBecomesCurrent(web, { from, rest: partly }),
  );
  breaks('ref.broken-update-needs-hand', burst, ({ web, reverted }) => revertWaitsForTheBrokenPod(web, 1, reverted));

  const single = story('one Pod of three is updated, and two others lose readiness', async ({ namespace }) => {
    await needsMaxUnavailable(namespace);
    const web = await namespace.deploy(workload(replicas(3), emptyDirs(), heldUnready(), parallel, atOnce(2, 2)));
    await Promise.all([0, 1, 2].map((ordinal) => web.podBecomesRunning(ordinal)));
    await Promise.all([0, 1, 2].map((ordinal) => web.letReady(ordinal)));
    const from = await namespace.mark('all are Ready');
    const old2 = web.uidOf(2);
    await web.setImage(images.second);
    await podRuns(namespace, web, 2, old2);
    const one = await namespace.mark('one is not Ready');
    await web.makeUnready(1);
    await web.makeUnready(0);
    return { web, one: { from, to: one }, all: { from, to: await namespace.mark('none is Ready') } };
  });
  breaks('ref.max-unavailable', single, ({ web, one }) => unavailabilityIsUsed(web, 2, one));
  breaks('ref.max-unavailable', single, ({ web, all }) => atMostAreUnavailable(web, 2, all));
});

function atOnce(maxUnavailable: number, partition = 0): Variation {
  return updateStrategy({ type: 'RollingUpdate', rollingUpdate: { partition, maxUnavailable } });
}

/** web-1 gets an image that cannot be pulled; the template is reverted, and then web-1 is deleted by hand. */
function reverts(title: string, ...variations: readonly Variation[]) {
  return story(title, async ({ namespace }) => {
    const web = await namespace.deploy(workload(replicas(2), emptyDirs(), ...variations));
    await web.becomesReady();
    await breaksOnImage(namespace, web);
    const from = await namespace.mark('web-1 is broken');
    await web.setImage(images.first);
    const window = await namespace.quietly('the template is reverted');
    await podBecomes(namespace, web, 1, 'there', () => true);
    await web.deletePod(1);
    await podIsUpdated(namespace, web, 1);
    const rest = await namespace.quietly('web-1 was deleted by hand');
    return { web, reverted: { ...window, from }, byHand: { from: window.to, rest } };
  });
}

async function breaksOnImage(namespace: Namespace, web: StatefulSetHandle): Promise<void> {
  await web.setImage(imageOfNobody);
  await podBecomes(namespace, web, 1, 'waiting for its image', ({ status }) => {
    return (status?.containerStatuses ?? []).some(({ state }) => /Image/.test(state?.waiting?.reason ?? ''));
  });
}

/** A server whose feature gate is off drops the field without a word. */
async function needsMaxUnavailable(namespace: Namespace): Promise<void> {
  const body = workload(emptyDirs(), atOnce(2)).objects.find(({ kind }) => kind === 'StatefulSet');
  const request = { verb: 'create', resource: 'statefulsets', dryRun: true, body } as const;
  const answer = await namespace.asks('whether maxUnavailable is kept', request);
  const spec = (answer.body as { readonly spec?: { readonly updateStrategy?: { readonly rollingUpdate?: object } } })
    .spec;
  if (!('maxUnavailable' in (spec?.updateStrategy?.rollingUpdate ?? {})))
    throw new NotRun(
      'this server drops rollingUpdate.maxUnavailable: its feature gate MaxUnavailableStatefulSet is off',
    );
}
