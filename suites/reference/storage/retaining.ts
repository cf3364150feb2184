import {
  breaks,
  claim,
  claimRetention,
  describe,
  inSet,
  on,
  podManagementPolicy,
  replicas,
  startOrdinal,
  story,
  type Stage,
  type StatefulSetHandle,
  type StoryNamespace,
  type Workload,
} from '../../../harness/test.ts';
import { requestIsAccepted } from '../../../harness/guarantees/api.ts';
import { aPodWaitsUntilItsOldClaimIsGone } from '../../../harness/guarantees/condemnedClaims.ts';
import { claimsAreKept } from '../../../harness/guarantees/quiet.ts';
import { noStorageIsDeletedUnasked } from '../../../harness/guarantees/reclaiming.ts';
import { theStorageIsFresh } from '../../../harness/guarantees/kept.ts';
import {
  claimsGoWithThePodsScaledAway,
  claimsGoWithTheirSet,
  claimsOutlastTheirPods,
  claimStaysWhileItsPodDoes,
  noClaimHasAnOwner,
  thePolicyIsRetain,
} from '../../../harness/guarantees/retention.ts';
import { web, withASecondClaim } from '../web.ts';
import {
  deletesWithPods,
  holdsClaim,
  lists,
  listsOnceMade,
  within,
  releasesClaim,
  seesBack,
  seesGone,
  setsRetention,
  writesNonce,
} from './acts.ts';

/** Where the policy takes claims with it, `goes` waits for each of them. */
const scaledAndDeleted =
  (workload: Workload, goes: typeof seesGone = () => Promise.resolve()) =>
  async ({ namespace }: Stage) => {
    const web = await namespace.deploy(workload);
    await web.becomesReady();
    const from = await namespace.mark('two replicas');
    await web.scaleTo(1);
    await web.becomesReady();
    await goes(namespace, 'www-web-1', web.claimTemplates.length);
    const scaled = await namespace.quietly('one replica');
    const deleted = await deletesWithPods(namespace, web, 'web is gone');
    await goes(namespace, 'www-web-0', 0);
    const gone = await namespace.mark('its claims have had time to go');
    return {
      web,
      scaled: { ...scaled, from },
      deleted: { ...deleted, from },
      deletion: { from: scaled.to, to: gone },
    };
  };

export const retained = story(
  'a set that says nothing of its claims is scaled and deleted',
  scaledAndDeleted(web(replicas(2))),
);

/** A policy that says what becomes of the claims in one of the two cases, and nothing of the other. */
const halves = [
  { said: 'whenDeleted', unsaid: 'whenScaled' },
  { said: 'whenScaled', unsaid: 'whenDeleted' },
] as const;
const halfSaid = story('sets are asked for whose policy says one half', async ({ namespace }) => {
  for (const { said } of halves) {
    const policy = { [said]: 'Delete' };
    const asked = web(inSet(`only ${said}`, (spec) => ({ ...spec, persistentVolumeClaimRetentionPolicy: policy })));
    const body = asked.objects.find(({ kind }) => kind === 'StatefulSet');
    await namespace.asks(`only ${said}`, {
      verb: 'create',
      resource: 'statefulsets',
      body,
      dryRun: true,
      strict: true,
    });
  }
  return {};
});

const deleting = story(
  'a Parallel set that deletes its claims whenever it may, two of each Pod, is scaled and deleted',
  scaledAndDeleted(
    web(replicas(2), withASecondClaim, podManagementPolicy('Parallel'), claimRetention('Delete', 'Delete')),
    seesGone,
  ),
);

export const lost = story(
  'Pods are deleted, evicted, updated and scaled away, and then their set is deleted',
  async ({ namespace }) => {
    const set = await namespace.deploy(web(claimRetention('Delete', 'Delete'), podManagementPolicy('Parallel')));
    await set.becomesReady();
    const from = await namespace.mark('three replicas');
    const [first, second, third] = [set.uidOf(0), set.uidOf(1), set.uidOf(2)];
    await set.deletePod(0);
    await namespace.evicts('web-1 is evicted', 'web-1');
    const areBack = await seesBack(namespace, set, { 0: first, 1: second });
    await set.patch({ spec: annotatedFrom(2) });
    // While a Pod is missing, none is updated.
    if (areBack) await seesBack(namespace, set, { 2: third });
    const to = await namespace.mark('every Pod was lost once');
    await setsRetention(set, 'Delete', 'Retain');
    await set.scaleTo(2);
    await set.becomesReady();
    const scaled = await namespace.quietly('web-2 was scaled away', 'garbage-collector');
    const standing = await namespace.mark('before web is deleted');
    await set.holdTermination(0);
    await set.delete('Background');
    await set.podIsTerminating(0);
    const held = await namespace.quietly('web is gone and web-0 is held', 'garbage-collector');
    await set.releaseTermination(0);
    await namespace.sees(
      'all claims and volumes to be gone',
      ({ persistentvolumeclaims, persistentvolumes }) => persistentvolumeclaims.size + persistentvolumes.size === 0,
      within.reclaiming,
    );
    const gone = await namespace.mark('the claims have had time to go');
    return {
      web: set,
      losses: { from, to },
      kept: { ...scaled, from },
      held,
      deletion: { from: standing, to: gone },
    };
  },
);

export const scaledAway = story(
  'a set that deletes claims when it is scaled goes from three to one and back, one Pod being on its way out before',
  async (stage) => {
    const { namespace } = stage;
    const set = await namespace.deploy(web(claimRetention('Retain', 'Delete')));
    await set.becomesReady();
    await writesNonce(set, 1, 'web-1 writes');
    const before = await lists(set, 1, 'web-1 has written');
    const from = await namespace.mark('three replicas');
    await set.holdTermination(2);
    await set.deletePod(2);
    await set.podIsTerminating(2);
    await set.holdTermination(1);
    await set.scaleTo(1);
    await set.isObserved();
    await set.releaseTermination(2);
    await set.podIsTerminating(1);
    const held = await namespace.quietly('web-1 is held', 'garbage-collector');
    const wanted = await asksAgain(namespace, set, 1);
    await set.scaleTo(1);
    await releasesClaim(namespace, 'www-web-1');
    await set.becomesReady();
    await namespace.sees(
      'the claims of web-1 and web-2 to be gone',
      ({ persistentvolumeclaims }) =>
        !persistentvolumeclaims.has('www-web-1') && !persistentvolumeclaims.has('www-web-2'),
      within.reaction,
    );
    const one = await namespace.quietly('one replica again', 'garbage-collector');
    await set.scaleTo(2);
    const after = await listsOnceMade(namespace, set, 1, 'web-1 is back');
    const to = await namespace.mark('two replicas again');
    return { web: set, held, wanted, down: { ...one, from }, back: { from, to }, listed: { before, after } };
  },
);

const raised = story(
  'the first ordinal of a set that deletes claims when it is scaled goes from 0 to 1',
  { since: '1.31' },
  async ({ namespace }) => {
    const set = await namespace.deploy(web(replicas(2), claimRetention('Retain', 'Delete')));
    await set.becomesReady();
    const from = await namespace.mark('web-0 and web-1');
    await set.patch({ spec: { ordinals: { start: 1 } } });
    await set.becomesReady();
    await seesGone(namespace, 'www-web-0', 2);
    const moved = await namespace.quietly('web-1 and web-2', 'garbage-collector');
    return { web: set, moved: { ...moved, from } };
  },
);

const emptied = story('a set that deletes its claims is scaled to none', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(2), claimRetention('Delete', 'Delete')));
  await set.becomesReady();
  const from = await namespace.mark('two replicas');
  await set.scaleTo(0);
  await set.becomesReady();
  await seesGone(namespace, 'www-web-0', 0);
  return { web: set, down: { ...(await namespace.quietly('no replicas', 'garbage-collector')), from } };
});

const lostFarUp = story(
  'a Pod of a set that is numbered from 5 and deletes its claims is deleted',
  { since: '1.31' },
  async ({ namespace }) => {
    const set = await namespace.deploy(web(replicas(1), startOrdinal(5), claimRetention('Delete', 'Delete')));
    await set.becomesReady();
    const from = await namespace.mark('web-5 is Ready');
    const old = set.uidOf(5);
    await set.deletePod(5);
    await seesBack(namespace, set, { 5: old });
    return { web: set, losses: { from, to: await namespace.mark('web-5 is back, or should be') } };
  },
);

/** Scales up again while the Pod to be scaled away is held Terminating; lets it go, and keeps its claim from going with it. */
async function asksAgain(namespace: StoryNamespace, set: StatefulSetHandle, ordinal: number) {
  const [name, claim] = [`${set.name}-${ordinal}`, `www-${set.name}-${ordinal}`];
  await holdsClaim(namespace, claim);
  await set.scaleTo(ordinal + 1);
  await set.isObserved();
  const from = await namespace.mark(`${name} is wanted again`);
  const old = set.uidOf(ordinal);
  await set.releaseTermination(ordinal);
  await namespace.until(`the old ${name} to be gone`, ({ pods }) => pods.get(name)?.metadata.uid !== old);
  return { ...(await namespace.quietly(`the old ${name} is gone, its claim is held`)), from };
}

const policyPath = ['spec', 'persistentVolumeClaimRetentionPolicy'] as const;

describe('PersistentVolumeClaim retention', () => {
  claim(
    'ref.retention-default',
    on(retained, ({ web, scaled, deleted }) => [
      thePolicyIsRetain(web),
      noClaimHasAnOwner(web, [0, 1]),
      claimsAreKept(web, [0, 1], scaled),
      claimsAreKept(web, [0, 1], deleted),
      noStorageIsDeletedUnasked(web, deleted),
    ]),
    on(halfSaid, () =>
      halves.flatMap(({ said, unsaid }) => [
        requestIsAccepted(`only ${said}`, { path: [...policyPath, said], value: 'Delete' }),
        requestIsAccepted(`only ${said}`, { path: [...policyPath, unsaid], value: 'Retain' }),
      ]),
    ),
  );
  claim(
    'ref.retention-pod-loss-keeps',
    on(lost, ({ web, losses, kept }) => [
      claimsOutlastTheirPods(web, { deleted: [0], evicted: [1], updated: [2] }, losses),
      claimsAreKept(web, [0, 1, 2], kept),
    ]),
    on(lostFarUp, ({ web, losses }) => claimsOutlastTheirPods(web, { deleted: [5], evicted: [], updated: [] }, losses)),
  );
  claim(
    'ref.retention-when-deleted',
    on(lost, ({ web, kept, held, deletion }) => [
      claimsAreKept(web, [0, 1, 2], kept),
      claimStaysWhileItsPodDoes(web, 0, 'there', held),
      claimsGoWithTheirSet(web, [0, 1, 2], deletion),
    ]),
    on(deleting, ({ web, deletion }) => claimsGoWithTheirSet(web, [0], deletion)),
  );
  claim(
    'ref.retention-when-scaled',
    on(scaledAway, ({ web, held, wanted, down, back, listed }) => [
      claimStaysWhileItsPodDoes(web, 1, 'untouched', held),
      aPodWaitsUntilItsOldClaimIsGone(web, 1, wanted),
      claimsGoWithThePodsScaledAway(web, [1, 2], down),
      noClaimHasAnOwner(web, [0]),
      claimsAreKept(web, [0], down),
      theStorageIsFresh(web, 1, listed, back),
    ]),
    on(deleting, ({ web, scaled }) => [
      claimsGoWithThePodsScaledAway(web, [1], scaled),
      claimsAreKept(web, [0], scaled),
    ]),
    on(emptied, ({ web, down }) => claimsGoWithThePodsScaledAway(web, [0, 1], down)),
    on(raised, ({ web, moved }) => [claimsGoWithThePodsScaledAway(web, [0], moved), claimsAreKept(web, [1], moved)]),
  );
});

describe('controls of claim retention', () => {
  breaks('ref.retention-default', deleting, ({ web }) => thePolicyIsRetain(web));
  breaks('ref.retention-default', deleting, ({ web }) => noClaimHasAnOwner(web, [0, 1]));
  breaks('ref.retention-default', deleting, ({ web, deleted }) => claimsAreKept(web, [0, 1], deleted));
  breaks('ref.retention-when-deleted', retained, ({ web, scaled, deleted }) =>
    claimsGoWithTheirSet(web, [0, 1], { from: scaled.from, to: deleted.to }),
  );
  breaks('ref.retention-when-scaled', retained, ({ web, deleted }) => claimsGoWithThePodsScaledAway(web, [1], deleted));
  breaks('ref.retention-pod-loss-keeps', scaledAway, ({ web, down }) =>
    claimsOutlastTheirPods(web, { deleted: [1, 2], evicted: [], updated: [] }, down),
  );
});

/** Another template, for Pods from this ordinal up. */
function annotatedFrom(partition: number): object {
  return {
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } },
    template: { metadata: { annotations: { 'steadfast.dev/applied': 'again' } } },
  };
}
