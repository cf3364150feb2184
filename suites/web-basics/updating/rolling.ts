import { claim, describe, emptyDirs, heldUnready, on, replicas, story, updateStrategy } from '../../../harness/test.ts';
import { eachPodIsUntouched, noPodIsAdded, noPodIsDeleted } from '../../../harness/guarantees/quiet.ts';
import { exactlyTheseAreUpdated, podIsRemadeAt } from '../../../harness/guarantees/staging.ts';
import {
  eachPodIsReplacedInPlace,
  eachUpdateWaitsForReady,
  podsAreUpdatedInReverseOrder,
  updateCompletes,
} from '../../../harness/guarantees/updates.ts';
import { nginx } from '../nginx.ts';
import { images } from '../images.ts';
import { becomeReadyInTurn } from '../holding.ts';

export const rolled = story('three replicas are rolled to another image', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(3)));
  await web.becomesReady();
  const before = await namespace.mark('before the update');
  await web.setImage(images.staged);
  await web.becomesUpdated();
  const window = await namespace.quietly('after the update');
  return { web, rolling: { ...window, from: before } };
});

/** The update strategy is left out, as in web.yaml: the API server fills in partition 0. */
export const held = story('a rolling update meets Pods that do not become Ready', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(3), emptyDirs(), heldUnready()));
  await becomeReadyInTurn(web, [0, 1, 2]);
  const before = await namespace.mark('before the update');
  const [old0, old1, old2] = [0, 1, 2].map((ordinal) => web.uidOf(ordinal));
  await web.setImage(images.staged);
  await web.podBecomesRunning(2, old2);
  const first = await namespace.quietly('the updated web-2 is not Ready');
  await web.letReady(2);
  await web.podBecomesRunning(1, old1);
  await web.deletePod(2);
  await web.podDisappears(2);
  const second = await namespace.quietly('web-2 is gone, the updated web-1 is not Ready');
  await web.deletePod(0);
  await web.podAppears(0, old0);
  const after = await namespace.mark('web-0 is back');
  return { web, first, updating: { ...first, from: before }, second, restoring: { from: second.to, to: after } };
});

/**
 * With the bare type there is no partition, and the controller goes by how many Pods it last counted at the current
 * revision: the update stops at web-2, so that web-0 is below that number whether it is counted itself or not.
 */
export const typeOnly = story(
  'a Pod is lost while an update waits, with nothing but the type RollingUpdate',
  async ({ namespace }) => {
    const web = await namespace.deploy(
      nginx(replicas(3), emptyDirs(), heldUnready(), updateStrategy({ type: 'RollingUpdate' })),
    );
    await becomeReadyInTurn(web, [0, 1, 2]);
    const [old0, , old2] = [0, 1, 2].map((ordinal) => web.uidOf(ordinal));
    await web.setImage(images.staged);
    await web.podBecomesRunning(2, old2);
    const before = await namespace.mark('the updated web-2 is not Ready');
    await web.deletePod(0);
    await web.podAppears(0, old0);
    const after = await namespace.mark('web-0 is back');
    return { web, restoring: { from: before, to: after } };
  },
);

const stalled = story('an update to a command that cannot start', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(3), emptyDirs()));
  await web.becomesReady();
  const before = await namespace.mark('before the update');
  const old = web.uidOf(2);
  await web.patch({ spec: { template: { spec: { containers: [{ name: 'nginx', command: ['/no-such-command'] }] } } } });
  await web.podAppears(2, old);
  await namespace.until('the updated web-2 to fail', ({ pods }) =>
    (pods.get('web-2')?.status?.containerStatuses ?? []).some(
      ({ state, lastState }) => (state?.terminated ?? lastState?.terminated) !== undefined,
    ),
  );
  const window = await namespace.quietly('the updated web-2 cannot start');
  return { web, updating: { ...window, from: before }, window };
});

describe('RollingUpdate', () => {
  claim('web.rolling-update-reverse', rolled, ({ web, rolling }) => podsAreUpdatedInReverseOrder(web, rolling));
  claim(
    'web.rolling-update-waits-ready',
    on(rolled, ({ web, rolling }) => eachUpdateWaitsForReady(web, rolling)),
    on(held, ({ web, first, updating }) => [
      eachPodIsUntouched(web, [0, 1], first, { ordinal: 2, stays: 'Running and not Ready' }),
      exactlyTheseAreUpdated(web, [2], updating),
    ]),
  );
  claim('web.rolling-update-delete-then-create', rolled, ({ web, rolling }) => eachPodIsReplacedInPlace(web, rolling));
  claim('web.rolling-update-completes', rolled, ({ web, rolling }) => updateCompletes(web, rolling));
  claim('web.rolling-update-stalls-on-failure', stalled, ({ web, updating, window }) => [
    exactlyTheseAreUpdated(web, [2], updating),
    eachPodIsUntouched(web, [0, 1], updating),
    noPodIsDeleted(web, window, { ordinal: 2, stays: 'not Ready' }),
  ]);
  claim(
    'web.midupdate-unpartitioned-characterise',
    on(held, ({ web, second, restoring }) => [
      podIsRemadeAt(web, 0, { was: 'current', as: 'update' }, restoring),
      noPodIsAdded(web, second, { ordinal: 1, stays: 'Running and not Ready' }),
    ]),
    on(typeOnly, ({ web, restoring }) => podIsRemadeAt(web, 0, { was: 'current', as: 'current' }, restoring)),
  );
});
