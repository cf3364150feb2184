import { breaks, claim, claimRetention, describe, emptyDirs, on, story } from '../../../harness/test.ts';
import { contentSurvives } from '../../../harness/guarantees/content.ts';
import { everyPodGoesWithItsSet, nothingIsLeft } from '../../../harness/guarantees/deletion.ts';
import { eachPodIsReplaced } from '../../../harness/guarantees/identity.ts';
import { podsTerminateTogether } from '../../../harness/guarantees/parallel.ts';
import { isAnsweredNotFound, isKept, isMadeAnew } from '../../../harness/guarantees/presence.ts';
import { claimsAreKept } from '../../../harness/guarantees/quiet.ts';
import { noStorageIsDeletedUnasked } from '../../../harness/guarantees/reclaiming.ts';
import { nginx } from '../nginx.ts';
import { cascaded, deletedAndBack, orphaned, waitedFor } from './stories.ts';

const bothWhileTheSecondIsHeld = { ordinals: [0, 1], held: [1] };
const label = { app: 'nginx' };

describe('Cascading delete', () => {
  claim(
    'web.cascade-removes-all',
    on(cascaded, ({ web, absent, cascade }) => [isAnsweredNotFound(absent), everyPodGoesWithItsSet(web, cascade)]),
    on(waitedFor, ({ web, deletion }) => everyPodGoesWithItsSet(web, deletion)),
  );
  claim('web.cascade-order-not-guaranteed', cascaded, ({ web, collected }) =>
    podsTerminateTogether(web, bothWhileTheSecondIsHeld, collected),
  );
  claim('web.cascade-leaves-service-pvcs', cascaded, ({ web, collected, cascade }) => [
    isKept('services', 'nginx', cascade),
    claimsAreKept(web, [0, 1], collected),
    claimsAreKept(web, [0, 1], cascade),
  ]);
  claim('web.data-survives-full-delete', cascaded, ({ web, pages, served, whole }) => [
    isMadeAnew('statefulsets', 'web', whole),
    isMadeAnew('services', 'nginx', whole),
    eachPodIsReplaced(web, [0, 1], whole),
    claimsAreKept(web, [0, 1], whole),
    contentSurvives(web, pages, served),
  ]);
  claim('web.final-delete', cascaded, ({ web, final }) => [
    isAnsweredNotFound(final.moment),
    nothingIsLeft(web, label, final.span),
  ]);
});

describe('controls of the cascading delete', () => {
  breaks('web.cascade-removes-all', orphaned, ({ web, deletion }) => everyPodGoesWithItsSet(web, deletion.whole));
  breaks('web.final-delete', orphaned, ({ web, deletion }) => nothingIsLeft(web, label, deletion.whole));

  const inTurn = story('a set is scaled to nothing instead of deleted, web-1 being held', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(emptyDirs()));
    await web.becomesReady();
    await web.holdTermination(1);
    const from = await namespace.mark('web-1 is to be held');
    await web.scaleTo(0);
    const held = await namespace.quietly('web-1 is held');
    await web.releaseTermination(1);
    await web.becomesReady();
    return { web, scaled: { from, alive: held.alive } };
  });
  breaks('web.cascade-order-not-guaranteed', inTurn, ({ web, scaled }) =>
    podsTerminateTogether(web, bothWhileTheSecondIsHeld, scaled),
  );

  const claimsGo = story(
    'a set is deleted with its Pods and its claims',
    deletedAndBack(nginx(claimRetention('Delete', 'Delete'))),
  );
  breaks('web.sts-never-deletes-pv', claimsGo, ({ web }) => noStorageIsDeletedUnasked(web, {}));
  breaks('web.cascade-leaves-service-pvcs', claimsGo, ({ web, collected }) => claimsAreKept(web, [0, 1], collected));

  const noClaims = story(
    'a set without claims is deleted with its Pods and applied again',
    deletedAndBack(nginx(emptyDirs())),
  );
  breaks('web.data-survives-full-delete', noClaims, ({ web, pages, served }) => contentSurvives(web, pages, served));
});
