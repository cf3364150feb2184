import {
  breaks,
  claim,
  claimRetention,
  describe,
  on,
  podManagementPolicy,
  replicas,
  story,
  type Stage,
} from '../../../harness/test.ts';
import { claimsAreKept } from '../../../harness/guarantees/quiet.ts';
import {
  aForeignClaimIsLeftAlone,
  claimsAreOwnedByTheSet,
  claimsGoWithTheirSet,
  noClaimHasAnOwner,
} from '../../../harness/guarantees/retention.ts';
import { exactlyTheHighestAreRemoved } from '../../../harness/guarantees/scaling.ts';
import { web } from '../web.ts';
import { deletesWithPods, within, seesGone, seesOwners, setsRetention, uidOf } from './acts.ts';

const bothClaims = ['www-web-0', 'www-web-1'];

export const changed = story(
  'the retention policy of a set is changed both ways before each deletion',
  async (stage) => {
    const { namespace } = stage;
    const set = await namespace.deploy(web(replicas(2)));
    await set.becomesReady();
    await setsRetention(set, 'Delete', 'Delete');
    await seesOwners(namespace, bothClaims, true);
    const deleting = await namespace.mark('the claims are to be deleted');
    await setsRetention(set, 'Retain', 'Delete');
    await seesOwners(namespace, bothClaims, false);
    const half = await namespace.mark('the claims are to be deleted when the set is scaled');
    const halfStill = await namespace.mark('the claims are still to be deleted when the set is scaled');
    await setsRetention(set, 'Delete', 'Delete');
    await seesOwners(namespace, bothClaims, true);
    await setsRetention(set, 'Retain', 'Retain');
    await seesOwners(namespace, bothClaims, false);
    const retaining = await namespace.mark('the claims are to be retained');
    const kept = await deletesWithPods(namespace, set, 'the set that retained is gone');
    const again = await namespace.deploy(
      web(replicas(1), claimRetention('Retain', 'Retain'), podManagementPolicy('Parallel')),
    );
    await again.becomesReady();
    await setsRetention(again, 'Delete', 'Retain');
    await seesOwners(namespace, ['www-web-0'], true);
    const deletingAgain = await namespace.mark('the claim is to be deleted with the set');
    await again.delete('Background');
    await seesGone(namespace, 'www-web-0', 1);
    const gone = await namespace.mark('the claim has had time to go');
    return {
      web: set,
      deleting,
      half: { from: half, to: halfStill },
      kept: { ...kept, from: retaining },
      deletingAgain,
      deletion: { from: deletingAgain, to: gone },
    };
  },
);

/** Claim 1 is given to the Service; then the set, told to delete its claims, or only once it is deleted itself, is scaled below it and deleted. */
const givenAway =
  (controller: boolean, whenScaled: 'Delete' | 'Retain' = 'Delete') =>
  async ({ namespace }: Stage) => {
    const set = await namespace.deploy(web(replicas(2)));
    await set.becomesReady();
    const uid = await uidOf(namespace, 'services', 'nginx');
    const owner = { apiVersion: 'v1', kind: 'Service', name: 'nginx', uid, controller };
    await namespace.patches('persistentvolumeclaims', 'www-web-1', { metadata: { ownerReferences: [owner] } });
    const from = await namespace.mark('www-web-1 belongs to the Service');
    await setsRetention(set, 'Delete', whenScaled);
    await seesOwners(namespace, bothClaims, true);
    const owned = await namespace.mark('www-web-0 belongs to web');
    await set.scaleTo(1);
    await namespace.sees('web-1 to be gone', ({ pods }) => !pods.has('web-1'), within.reclaiming);
    const scaled = await namespace.mark('one replica');
    const deleted = await deletesWithPods(namespace, set, 'web is gone');
    await seesGone(namespace, 'www-web-0', 1);
    const gone = await namespace.mark('www-web-0 has had time to go');
    return {
      web: set,
      scaled: { from, to: scaled },
      deletion: { from: owned, to: gone },
      whole: { ...deleted, from },
    };
  };

export const foreign = story('a claim belongs to another controller while its set deletes claims', givenAway(true));
const foreignOnceDeleted = story(
  'a claim belongs to another controller while its set deletes claims only with itself',
  givenAway(true, 'Retain'),
);

describe('PersistentVolumeClaim retention: whose the claims are', () => {
  claim('ref.retention-changed-live', changed, ({ web, deleting, half, kept, deletingAgain, deletion }) => [
    claimsAreOwnedByTheSet(web, [0, 1], deleting),
    noClaimHasAnOwner(web, [0, 1], half),
    noClaimHasAnOwner(web, [0, 1], kept),
    claimsAreKept(web, [0, 1], kept),
    claimsAreOwnedByTheSet(web, [0], deletingAgain),
    claimsGoWithTheirSet(web, [0], deletion),
  ]);
  const isLeftAlone = (told: typeof foreign) =>
    on(told, ({ web, scaled, deletion, whole }) => [
      aForeignClaimIsLeftAlone(web, 1, whole),
      exactlyTheHighestAreRemoved(web, 1, scaled),
      claimsGoWithTheirSet(web, [0], deletion),
    ]);
  claim('ref.retention-foreign-owner', isLeftAlone(foreign), isLeftAlone(foreignOnceDeleted));
});

describe('controls of whose the claims are', () => {
  const shared = story(
    'a claim belongs to a Service that is no controller while its set deletes claims',
    givenAway(false),
  );
  breaks('ref.retention-foreign-owner', shared, ({ web, whole }) => aForeignClaimIsLeftAlone(web, 1, whole));
  breaks('ref.retention-changed-live', foreign, ({ web, scaled }) => claimsAreOwnedByTheSet(web, [0, 1], scaled.to));
});
