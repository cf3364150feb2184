import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldUnready,
  minReadySeconds,
  on,
  podManagementPolicy,
  replicas,
  story,
} from '../../../harness/test.ts';
import {
  noPodCountsAsAvailableTooEarly,
  noPodWasReadyBeforeItsContainers,
  readinessIsDatedAnew,
  readyPodsComeToCountAsAvailable,
  readyPodsDoNotCountAsAvailable,
} from '../../../harness/guarantees/availability.ts';
import {
  eachPodIsAddedAfterAvailablePredecessors,
  eachPodIsRemovedAfterAvailablePredecessors,
  eachUpdateWaitsForAvailability,
} from '../../../harness/guarantees/availabilityGates.ts';
import { eachPodIsUntouched, noPodIsAdded } from '../../../harness/guarantees/quiet.ts';
import { exactlyTheseAreUpdated } from '../../../harness/guarantees/staging.ts';
import { updateCompletes } from '../../../harness/guarantees/updates.ts';
import { isReady, web } from '../web.ts';
import { becomeReadyInTurn, countsAvailable, otherImage, settlesAt, updatesAll } from './settling.ts';

/** A time whose end no story sees, and one that can be waited for. */
const anHour = 3600;
const seconds = 4;

const counted = story('two Pods are Ready long before they are available', async ({ namespace }) => {
  const set = await namespace.deploy(
    web(replicas(2), emptyDirs(), podManagementPolicy('Parallel'), heldUnready(), minReadySeconds(anHour)),
  );
  await Promise.all([set.podBecomesRunning(0), set.podBecomesRunning(1)]);
  await set.letReady(0);
  await set.letReady(1);
  await settlesAt(namespace, set, [0, 1]);
  const waiting = await namespace.quietly('both Pods are Ready, and not for an hour');
  await set.patch({ spec: { minReadySeconds: seconds } });
  await countsAvailable(namespace, set, 2);
  await set.makeUnready(1);
  await countsAvailable(namespace, set, 1);
  const lost = await namespace.quietly('web-1 is not Ready');
  await set.letReady(1);
  await countsAvailable(namespace, set, 2);
  const available = await namespace.quietly('both Pods have been Ready for long enough');
  return { web: set, waiting, lost, available };
});

const added = story('a Pod is Ready, its successor waits until it is available', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(2), emptyDirs(), minReadySeconds(anHour)));
  await namespace.sees('web-0 to be Ready', ({ pods }) => isReady(pods.get('web-0')));
  const waiting = await namespace.quietly('web-0 is Ready, and not for an hour');
  await set.patch({ spec: { minReadySeconds: seconds } });
  await settlesAt(namespace, set, [0, 1]);
  await countsAvailable(namespace, set, 2);
  const before = await namespace.mark('both Pods are available');
  await set.setImage(otherImage);
  await updatesAll(namespace, set);
  const after = await namespace.quietly('both Pods are updated');
  return { web: set, waiting, creating: { to: before }, updating: { ...after, from: before } };
});

const updated = story('an updated Pod of a Parallel set is Ready, the next waits for more', async ({ namespace }) => {
  const set = await namespace.deploy(
    web(replicas(2), emptyDirs(), podManagementPolicy('Parallel'), minReadySeconds(anHour)),
  );
  await settlesAt(namespace, set, [0, 1]);
  const before = await namespace.mark('before the update');
  const old = set.uidOf(1);
  await set.setImage(otherImage);
  await namespace.sees('the updated web-1 to be Ready', ({ pods }) => {
    const pod = pods.get('web-1');
    return pod?.metadata.uid !== old && isReady(pod);
  });
  const waiting = await namespace.quietly('the updated web-1 is Ready, and not for an hour');
  await set.patch({ spec: { minReadySeconds: seconds } });
  await updatesAll(namespace, set);
  const after = await namespace.quietly('both Pods are updated');
  return { web: set, waiting, first: { ...waiting, from: before }, updating: { ...after, from: before } };
});

/**
 * The time is set when both Pods are Ready already: no event of a Pod tells the controller when to look again. Then both become Ready anew, so that neither is
 * available when the set is scaled down.
 */
const removed = story('a set is scaled down while none of its Pods is available', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(2), emptyDirs(), heldUnready()));
  await becomeReadyInTurn(set, [0, 1]);
  await set.patch({ spec: { minReadySeconds: seconds } });
  await set.isObserved();
  await countsAvailable(namespace, set, 2);
  const available = await namespace.quietly('both Pods have been Ready for long enough');
  for (const ordinal of [0, 1]) await set.makeUnready(ordinal);
  await countsAvailable(namespace, set, 0);
  for (const ordinal of [0, 1]) await set.letReady(ordinal);
  const before = await namespace.mark('both Pods have just become Ready again');
  await set.scaleTo(0);
  // Once as many Pods are available as the set asks for, none, nothing makes the controller look again when the time of a condemned Pod is over.
  const isLeft = await settlesAt(namespace, set, [], 2 * seconds * 1000);
  if (!isLeft) await set.patch({ metadata: { annotations: { 'steadfast.dev/look': 'again' } } });
  await settlesAt(namespace, set, []);
  const after = await namespace.mark('no Pod is left');
  return { web: set, available, removing: { from: before, to: after } };
});

describe('Minimum ready seconds', () => {
  claim(
    'ref.min-ready-available',
    on(counted, (told) => [
      noPodCountsAsAvailableTooEarly(told.web),
      noPodWasReadyBeforeItsContainers(told.web),
      readinessIsDatedAnew(told.web),
      readyPodsDoNotCountAsAvailable(told.web, 2, told.waiting),
      readyPodsComeToCountAsAvailable(told.web, 1, told.lost),
      readyPodsComeToCountAsAvailable(told.web, 2, told.available),
    ]),
    on(added, (told) => [
      noPodCountsAsAvailableTooEarly(told.web),
      noPodIsAdded(told.web, told.waiting),
      eachPodIsAddedAfterAvailablePredecessors(told.web, seconds, told.creating),
    ]),
    on(removed, (told) => [
      noPodCountsAsAvailableTooEarly(told.web),
      readyPodsComeToCountAsAvailable(told.web, 2, told.available),
      eachPodIsRemovedAfterAvailablePredecessors(told.web, seconds, told.removing),
    ]),
  );
  claim(
    'ref.min-ready-gates-rollout',
    on(updated, (told) => [
      exactlyTheseAreUpdated(told.web, [1], told.first),
      eachPodIsUntouched(told.web, [0], told.waiting),
      eachUpdateWaitsForAvailability(told.web, seconds, told.updating),
      updateCompletes(told.web, told.updating),
    ]),
    on(added, (told) => [
      eachUpdateWaitsForAvailability(told.web, seconds, told.updating),
      updateCompletes(told.web, told.updating),
    ]),
  );
});

describe('controls of minimum ready seconds', () => {
  const atOnce = story('a set is made and updated without minReadySeconds', async ({ namespace }) => {
    const set = await namespace.deploy(web(replicas(2), emptyDirs()));
    await set.becomesReady();
    const ready = await namespace.quietly('both Pods are Ready');
    await set.setImage(otherImage);
    await set.becomesUpdated();
    const after = await namespace.mark('both Pods are updated');
    return { web: set, ready, creating: { to: ready.to }, updating: { from: ready.to, to: after } };
  });
  breaks('ref.min-ready-available', atOnce, (told) => readyPodsDoNotCountAsAvailable(told.web, 2, told.ready));
  breaks('ref.min-ready-available', atOnce, (told) =>
    eachPodIsAddedAfterAvailablePredecessors(told.web, anHour, told.creating),
  );
  breaks('ref.min-ready-gates-rollout', atOnce, (told) =>
    eachUpdateWaitsForAvailability(told.web, anHour, told.updating),
  );
});
