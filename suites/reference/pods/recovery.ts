import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldPending,
  heldUnready,
  inContainer,
  on,
  patience,
  podManagementPolicy,
  replicas,
  story,
  updateStrategy,
  type Stage,
  type Variation,
} from '../../../harness/test.ts';
import { endedPodIsReplaced, lostPodComesBackBeside } from '../../../harness/guarantees/recovery.ts';
import { exactlyTheHighestAreRemoved } from '../../../harness/guarantees/scaling.ts';
import { isReady, web } from '../web.ts';
import { becomeReadyInTurn } from './settling.ts';

const unready = story('web-0 is lost while web-1 is not Ready', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(2), emptyDirs(), heldUnready()));
  await becomeReadyInTurn(set, [0, 1]);
  await set.makeUnready(1);
  const before = await namespace.mark('web-1 is not Ready');
  const lost = set.uidOf(0);
  await set.deletePod(0);
  const isBack = await comesBack(namespace, 'web-0', lost);
  if (isBack) await set.podBecomesRunning(0, lost);
  if (isBack) await set.letReady(0);
  const after = await namespace.mark('web-0 is back, or should be');
  return { web: set, losing: { from: before, to: after } };
});

const crashing = story('web-0 is lost while web-1 crashes over and over', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(2), emptyDirs(), firstStartsOnly()));
  await set.podBecomesReady(0);
  await namespace.until('web-1 to have crashed', ({ pods }) =>
    (pods.get('web-1')?.status?.containerStatuses ?? []).some(
      ({ state, lastState }) => (state?.terminated ?? lastState?.terminated) !== undefined,
    ),
  );
  const before = await namespace.mark('web-1 has crashed');
  const lost = set.uidOf(0);
  await set.deletePod(0);
  if (await comesBack(namespace, 'web-0', lost)) await set.podBecomesReady(0, lost);
  const after = await namespace.mark('web-0 is back, or should be');
  return { web: set, losing: { from: before, to: after } };
});

const scaledBelow = story('a set is scaled below a Pod that is not Ready', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(2), emptyDirs(), heldUnready()));
  await becomeReadyInTurn(set, [0, 1]);
  await set.makeUnready(1);
  const before = await namespace.mark('web-1 is not Ready');
  await set.scaleTo(1);
  await namespace.sees('web-1 to be gone', ({ pods }) => !pods.has('web-1'), { deadlineMs: patience.podMs });
  const after = await namespace.quietly('web-1 is gone, or should be');
  return { web: set, scaling: { ...after, from: before } };
});

const expired = story('one Pod runs out of time, another is evicted', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(2)));
  await set.becomesReady();
  const [old0, old1] = [set.uidOf(0), set.uidOf(1)];
  const before = await namespace.mark('two replicas');
  await namespace.patches('pods', 'web-1', { spec: { activeDeadlineSeconds: 1 } });
  await becomesReadyAgain(namespace, 'web-1', old1);
  const replaced = await namespace.mark('web-1 is back, or should be');
  const evicted = 'web-0 is evicted';
  await namespace.evicts(evicted, 'web-0');
  await becomesReadyAgain(namespace, 'web-0', old0);
  const after = await namespace.mark('web-0 is back, or should be');
  return { web: set, evicted, failing: { from: before, to: replaced }, evicting: { from: replaced, to: after } };
});

/** No kubelet has a say about a Pod that is on no node: the phase that the story sets is the one that the controller sees. */
const ends =
  (...variations: readonly Variation[]) =>
  async ({ namespace }: Stage) => {
    const set = await namespace.deploy(web(replicas(1), heldPending(), ...variations));
    await set.podAppears(0);
    const endsAs = async (status: object): Promise<void> => {
      const old = set.uidOf(0);
      await namespace.patches('pods', 'web-0', { status }, { subresource: 'status' });
      await comesBack(namespace, 'web-0', old);
    };
    const before = await namespace.mark('web-0 is Pending');
    await endsAs({ phase: 'Failed' });
    const failed = await namespace.mark('web-0 has Failed');
    await endsAs({ phase: 'Succeeded' });
    const succeeded = await namespace.mark('web-0 has Succeeded');
    // What a kubelet says that has run out of memory or of room.
    await endsAs({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' });
    const evicted = await namespace.mark('web-0 was evicted');
    return {
      web: set,
      failing: { from: before, to: failed },
      succeeding: { from: failed, to: succeeded },
      evicting: { from: succeeded, to: evicted },
    };
  };

const ended = story('a Pod that was never started is Failed, another one Succeeded', ends());
const endedInBurst = story(
  'a Pod of a Parallel set that was never started is Failed, another one Succeeded',
  ends(podManagementPolicy('Parallel')),
);

const endedByHand = story(
  'a Pod of an OnDelete set that was never started is Failed, another one Succeeded',
  ends(updateStrategy({ type: 'OnDelete' })),
);

describe('Deployment and Scaling Guarantees', () => {
  claim(
    'ref.no-deadlock-on-failed-predecessor',
    on(unready, (told) => lostPodComesBackBeside(told.web, { lost: 0, sick: 1 }, told.losing)),
    on(crashing, (told) => lostPodComesBackBeside(told.web, { lost: 0, sick: 1 }, told.losing)),
    on(scaledBelow, (told) => exactlyTheHighestAreRemoved(told.web, 1, told.scaling)),
  );
  claim(
    'ref.failed-pod-replaced',
    on(expired, (told) => [
      endedPodIsReplaced(told.web, 1, { by: 'Failed', successorIs: 'Running and Ready' }, told.failing),
      endedPodIsReplaced(
        told.web,
        0,
        { by: { evictedAt: told.evicted }, successorIs: 'Running and Ready' },
        told.evicting,
      ),
    ]),
    ...[ended, endedInBurst, endedByHand].map((each) =>
      on(each, (told) => [
        endedPodIsReplaced(told.web, 0, { by: 'Failed', successorIs: 'Pending' }, told.failing),
        endedPodIsReplaced(told.web, 0, { by: 'Succeeded', successorIs: 'Pending' }, told.succeeding),
        endedPodIsReplaced(told.web, 0, { by: 'Failed', successorIs: 'Pending' }, told.evicting),
      ]),
    ),
  );
});

describe('controls of recovery', () => {
  const gated = story('web-1 is lost while web-0 is not Ready', async ({ namespace }) => {
    const set = await namespace.deploy(web(replicas(2), emptyDirs(), heldUnready()));
    await becomeReadyInTurn(set, [0, 1]);
    await set.makeUnready(0);
    const before = await namespace.mark('web-0 is not Ready');
    await set.deletePod(1);
    await set.podDisappears(1);
    const after = await namespace.quietly('web-1 is gone');
    return { web: set, losing: { ...after, from: before } };
  });
  breaks('ref.no-deadlock-on-failed-predecessor', gated, (told) =>
    lostPodComesBackBeside(told.web, { lost: 1, sick: 0 }, told.losing),
  );

  const alone = story('a Pod fails whose set is gone', async ({ namespace }) => {
    const set = await namespace.deploy(web(replicas(1), emptyDirs()));
    await set.becomesReady();
    await set.delete('Orphan');
    const before = await namespace.mark('the set is gone');
    await namespace.patches('pods', 'web-0', { spec: { activeDeadlineSeconds: 1 } });
    await namespace.until('web-0 to be Failed', ({ pods }) => pods.get('web-0')?.status?.phase === 'Failed');
    const after = await namespace.quietly('web-0 has Failed');
    return { web: set, failing: { ...after, from: before } };
  });
  breaks('ref.failed-pod-replaced', alone, (told) =>
    endedPodIsReplaced(told.web, 0, { by: 'Failed', successorIs: 'Running and Ready' }, told.failing),
  );
});

/** The container ends at once in every Pod but the first. Without a probe it would be Ready for the moment that it runs. */
function firstStartsOnly() {
  const command = ['sh', '-c', `${ifFirst("exec nginx -g 'daemon off;'")}; exit 1`];
  const readinessProbe = { exec: { command: ['sh', '-c', `${ifFirst('exit 0')}; exit 1`] }, periodSeconds: 1 };
  return inContainer('the containers of all Pods but the first end at once', (container) => ({
    ...container,
    command,
    readinessProbe,
  }));
}

function ifFirst(command: string): string {
  return `case "$(hostname)" in *-0) ${command} ;; esac`;
}

type Namespace = Stage['namespace'];

/** Waits until another Pod of this name is there, and goes on when none comes. */
function comesBack(namespace: Namespace, name: string, lost: string): Promise<boolean> {
  return namespace.sees(
    `${name} to come back`,
    ({ pods }) => ![undefined, lost].includes(pods.get(name)?.metadata.uid),
    { deadlineMs: patience.reactionMs },
  );
}

/** The same until it is Ready. */
function becomesReadyAgain(namespace: Namespace, name: string, lost: string): Promise<boolean> {
  return namespace.sees(
    `${name} to be Ready again`,
    ({ pods }) => pods.get(name)?.metadata.uid !== lost && isReady(pods.get(name)),
    { deadlineMs: patience.podMs },
  );
}
