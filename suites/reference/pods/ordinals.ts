import {
  breaks,
  claim,
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
  type Stage,
  type StatefulSetHandle,
} from '../../../harness/test.ts';
import { podsAreNumberedFrom, theRangeMoves } from '../../../harness/guarantees/ordinals.ts';
import { podsComeBackOld } from '../../../harness/guarantees/partitions.ts';
import { eachPodIsUntouched } from '../../../harness/guarantees/quiet.ts';
import { podIsRemadeAt } from '../../../harness/guarantees/staging.ts';
import { claimsAreExactly } from '../../../harness/guarantees/storage.ts';
import { controllerUpdatesByItself } from '../../../harness/guarantees/updates.ts';
import { isReady, web } from '../web.ts';
import { becomeReadyInTurn, otherImage, settlesAt } from './settling.ts';

const since = { since: '1.31' } as const;

/** From one digit to two: whoever puts the Pods in order by their names takes web-9 for the highest. */
const numbered = story('a set is numbered from 8, scaled up and down', since, async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(2), emptyDirs(), startOrdinal(8)));
  await settlesAt(namespace, set, [8, 9]);
  const two = await namespace.quietly('web-8 and web-9');
  await set.scaleTo(3);
  await settlesAt(namespace, set, [8, 9, 10]);
  const three = await namespace.quietly('web-8 to web-10');
  await set.scaleTo(1);
  await settlesAt(namespace, set, [8]);
  const one = await namespace.quietly('web-8 alone');
  return {
    web: set,
    made: { to: two.to, alive: two.alive },
    up: { ...three, from: two.to },
    down: { ...one, from: three.to },
  };
});

const parted = story('a set numbered from 300 is updated above a partition', since, async ({ namespace }) => {
  const partition = updateStrategy({ type: 'RollingUpdate', rollingUpdate: { partition: 1 } });
  const set = await namespace.deploy(web(replicas(2), startOrdinal(300), partition));
  await settlesAt(namespace, set, [300, 301]);
  const before = await namespace.mark('before the update');
  const [old300, old301] = [set.uidOf(300), set.uidOf(301)];
  await set.setImage(otherImage);
  await isReplaced(namespace, set, 301, old301);
  const updated = await namespace.quietly('the partition spares web-300');
  await set.deletePod(300);
  await isReplaced(namespace, set, 300, old300);
  const back = await namespace.mark('web-300 is back');
  return { web: set, updating: { ...updated, from: before }, restoring: { from: updated.to, to: back } };
});

/** With the bare type there is no partition; the controller goes by how many Pods from the first ordinal on it last counted at the current revision: web-6 is. */
const interrupted = story('a set numbered from 5 loses a Pod while an update waits', since, async ({ namespace }) => {
  const set = await namespace.deploy(
    web(emptyDirs(), startOrdinal(5), heldUnready(), updateStrategy({ type: 'RollingUpdate' })),
  );
  await becomeReadyInTurn(set, [5, 6, 7]);
  const [old5, old7] = [set.uidOf(5), set.uidOf(7)];
  await set.setImage(otherImage);
  await set.podBecomesRunning(7, old7);
  const before = await namespace.mark('the updated web-7 is not Ready');
  await set.deletePod(5);
  await set.podAppears(5, old5);
  const back = await namespace.mark('web-5 is back');
  return { web: set, restoring: { from: before, to: back } };
});

const moved = story('the first ordinal goes from 0 to 2, to 1 and back to none', since, async ({ namespace }) => {
  const set = await namespace.deploy(web(emptyDirs()));
  await settlesAt(namespace, set, [0, 1, 2]);
  const none = await namespace.mark('no first ordinal');
  const two = await starts(namespace, set, { start: 2 }, [2, 3, 4]);
  const one = await starts(namespace, set, { start: 1 }, [1, 2, 3]);
  const removed = await starts(namespace, set, null, [0, 1, 2]);
  return {
    web: set,
    raising: { ...two, from: none },
    lowering: { ...one, from: two.to },
    removing: { ...removed, from: one.to },
  };
});

describe('Start ordinal', () => {
  claim(
    'ref.ordinals-start',
    on(numbered, (told) => [
      podsAreNumberedFrom(told.web, { start: 8, replicas: 2 }, told.made),
      theRangeMoves(told.web, { from: [8, 9], to: [8, 9, 10] }, told.up),
      theRangeMoves(told.web, { from: [8, 9, 10], to: [8] }, told.down),
    ]),
    on(parted, (told) => [
      claimsAreExactly(told.web, [300, 301], { to: told.updating.to }),
      controllerUpdatesByItself(told.web, 301, told.updating),
      eachPodIsUntouched(told.web, [300], told.updating),
      podsComeBackOld(told.web, [300], 'deleted', told.restoring),
    ]),
    on(interrupted, (told) => podIsRemadeAt(told.web, 5, { was: 'current', as: 'current' }, told.restoring)),
  );
  claim('ref.ordinals-start-moved', moved, (told) => [
    theRangeMoves(told.web, { from: [0, 1, 2], to: [2, 3, 4] }, told.raising),
    theRangeMoves(told.web, { from: [2, 3, 4], to: [1, 2, 3] }, told.lowering),
    theRangeMoves(told.web, { from: [1, 2, 3], to: [0, 1, 2] }, told.removing),
  ]);
});

describe('controls of the start ordinal', () => {
  const fromZero = story('a set is numbered from 0 and asked for 5 once it is there', since, async ({ namespace }) => {
    const set = await namespace.deploy(web(replicas(2), emptyDirs()));
    await set.becomesReady();
    await starts(namespace, set, { start: 5 }, [5, 6]);
    const end = await namespace.quietly('web-5 and web-6');
    return { web: set, all: { to: end.to, alive: end.alive } };
  });
  breaks('ref.ordinals-start', fromZero, (told) => podsAreNumberedFrom(told.web, { start: 5, replicas: 2 }, told.all));

  const atOnce = story('the first ordinal of a Parallel set is raised', since, async ({ namespace }) => {
    const set = await namespace.deploy(web(replicas(2), emptyDirs(), podManagementPolicy('Parallel')));
    await set.becomesReady();
    const before = await namespace.mark('web-0 and web-1');
    const after = await starts(namespace, set, { start: 2 }, [2, 3]);
    return { web: set, raising: { ...after, from: before } };
  });
  breaks('ref.ordinals-start-moved', atOnce, (told) =>
    theRangeMoves(told.web, { from: [0, 1], to: [2, 3] }, told.raising),
  );
});

type Namespace = Stage['namespace'];

/** Gives the set another first ordinal, or none; the quiet window once its Pods are these, or should have been. */
async function starts(
  namespace: Namespace,
  set: StatefulSetHandle,
  ordinals: { readonly start: number } | null,
  expected: readonly number[],
) {
  await set.patch({ spec: { ordinals } });
  await settlesAt(namespace, set, expected);
  return namespace.quietly(ordinals === null ? 'no first ordinal any more' : `first ordinal ${ordinals.start}`);
}

/** Waits until another Pod of this ordinal is Ready, and goes on when none comes. */
function isReplaced(namespace: Namespace, set: StatefulSetHandle, ordinal: number, old: string): Promise<boolean> {
  const name = `${set.name}-${ordinal}`;
  return namespace.sees(
    `${name} to be replaced`,
    ({ pods }) => {
      const pod = pods.get(name);
      return pod?.metadata.uid !== old && isReady(pod);
    },
    { deadlineMs: patience.podMs },
  );
}
