import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldUnready,
  on,
  replicas,
  story,
  workloadFrom,
  type StatefulSetHandle,
} from '../../../harness/test.ts';
import { readyPodsComeToCountAsAvailable } from '../../../harness/guarantees/availability.ts';
import {
  currentRevisionFollowsTheUpdate,
  statusIsTrueAtEach,
  statusIsTrueOfThePods,
} from '../../../harness/guarantees/status.ts';
import { web as workload } from '../web.ts';
import {
  becomeReadyInTurn,
  leavesSlowly,
  podRuns,
  rollOutEnds,
  statusBecomes,
  template,
  type Namespace,
} from './acts.ts';
import { podless } from './revisions.ts';
import { converging, onDelete } from './rolling.ts';

/**
 * Each moment changes as few of the reported numbers as it can: a number that is not kept up to date must not be carried along by another one.
 */
export const counted = story(
  'the status of a set is read whenever its Pods have come to rest',
  async ({ namespace }) => {
    const web = await namespace.deploy(workload(replicas(2), emptyDirs(), heldUnready()));
    await becomeReadyInTurn(web, [0, 1]);
    const created = await namespace.quietly('created');
    await web.setPartition(1);
    const partitioned = await namespace.quietly('nothing but the spec changed');
    const old1 = web.uidOf(1);
    await web.patch(template('second'));
    await podRuns(namespace, web, 1, old1);
    const updatedUnready = await namespace.quietly('web-1 is updated and not Ready');
    await web.letReady(1);
    const partlyUpdated = await namespace.quietly('web-1 is updated');
    await web.makeUnready(0);
    const unready = await namespace.quietly('web-0 is not Ready');
    const old0 = await leavesSlowly(namespace, web, 0);
    const oldLeaves = await namespace.quietly('the unready web-0 is Terminating');
    await web.releaseTermination(0);
    await podRuns(namespace, web, 0, old0);
    const oldIsBack = await namespace.quietly('web-0 is back and not Ready');
    await web.letReady(0);
    await counts(namespace, web, 2);
    await web.makeUnready(1);
    await counts(namespace, web, 1);
    await leavesSlowly(namespace, web, 1);
    const updatedLeaves = await namespace.quietly('the unready updated web-1 is Terminating');
    await web.scaleTo(1);
    const condemned = await namespace.quietly('the Terminating web-1 is one too many');
    await web.releaseTermination(1);
    await web.podDisappears(1);
    const scaledDown = await namespace.quietly('web-1 is gone');
    const moments = [created, partitioned, updatedUnready, partlyUpdated, unready, oldLeaves, oldIsBack];
    return { web, moments: [...moments, updatedLeaves, condemned, scaledDown] };
  },
);

export const promoted = story(
  'an update comes to its end with the last Pod that becomes Ready',
  async ({ namespace }) => {
    const web = await namespace.deploy(workload(replicas(1), emptyDirs(), heldUnready()));
    await becomeReadyInTurn(web, [0]);
    const before = await namespace.quietly('before the update');
    const old = web.uidOf(0);
    await web.patch(template('second'));
    await podRuns(namespace, web, 0, old);
    const waiting = await namespace.quietly('the updated web-0 is not Ready');
    await web.letReady(0);
    await rollOutEnds(namespace, web, [0]);
    const done = await namespace.quietly('the updated web-0 is Ready');
    await web.patch({ spec: { minReadySeconds: 3600 } });
    const unavailable = await namespace.quietly('web-0 has not been Ready for an hour');
    await web.makeUnready(0);
    const unready = await namespace.quietly('web-0 is not Ready and was not available');
    await web.letReady(0);
    const ready = await namespace.quietly('web-0 is Ready and not available');
    await web.patch({ spec: { minReadySeconds: 3 } });
    await web.makeUnready(0);
    await counts(namespace, web, 0);
    await web.letReady(0);
    await counts(namespace, web, 1, 'availableReplicas');
    const available = await namespace.quietly('web-0 has been Ready for three seconds');
    await web.scaleTo(0);
    await web.podDisappears(0);
    const none = await namespace.quietly('no replicas');
    const moments = [before, waiting, done, unavailable, unready, ready, available, none];
    return { web, moments, available, updating: { from: before.to, to: done.to } };
  },
);

/** web-2 and web-1 are too many, and neither is taken away while web-0 is not Ready. */
const waiting = story('the Pods that are too many wait for an unready one', async ({ namespace }) => {
  const web = await namespace.deploy(workload(replicas(3), emptyDirs(), heldUnready()));
  await becomeReadyInTurn(web, [0, 1, 2]);
  await web.makeUnready(0);
  await counts(namespace, web, 2);
  await web.scaleTo(1);
  return { web, moment: await namespace.quietly('web-2 and web-1 wait') };
});

describe('Status', () => {
  claim(
    'ref.status-and-rollout',
    on(counted, ({ web, moments }) => statusIsTrueAtEach(web, moments)),
    on(promoted, ({ web, moments, available, updating }) => [
      ...statusIsTrueAtEach(web, moments),
      readyPodsComeToCountAsAvailable(web, 1, available),
      currentRevisionFollowsTheUpdate(web, updating),
    ]),
    on(converging, ({ web, moments }) => statusIsTrueAtEach(web, moments)),
    on(waiting, ({ web, moment }) => statusIsTrueOfThePods(web, moment)),
    on(podless, ({ web, kept }) => statusIsTrueOfThePods(web, kept)),
    on(onDelete, ({ web, partly, wholly }) => statusIsTrueAtEach(web, [partly, wholly])),
  );
});

describe('controls of the status', () => {
  const crowded = story('a stranger is adopted under a second name for an ordinal', async ({ namespace }) => {
    const web = await namespace.deploy(workload(replicas(1), emptyDirs()));
    await web.becomesReady();
    await namespace.applies(workloadFrom(new URL('manifests/stranger.yaml', import.meta.url)));
    await namespace.until('the stranger to be adopted', ({ pods }) => {
      return (pods.get('web-00')?.metadata.ownerReferences ?? []).length > 0;
    });
    return { web, moment: await namespace.quietly('two Pods for one ordinal') };
  });
  breaks('ref.status-and-rollout', crowded, ({ web, moment }) => statusIsTrueOfThePods(web, moment));
});

/** Waits until the set has counted so many Ready Pods, or available ones, so that the next change of its status is about something else. */
function counts(
  namespace: Namespace,
  web: StatefulSetHandle,
  count: number,
  field: 'readyReplicas' | 'availableReplicas' = 'readyReplicas',
): Promise<boolean> {
  return statusBecomes(namespace, web, `${field} to be ${count}`, ({ status }) => status?.[field] === count);
}
