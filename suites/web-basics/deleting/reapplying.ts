import {
  breaks,
  claim,
  describe,
  emptyDirs,
  inSet,
  on,
  podManagementPolicy,
  replicas,
  service,
  story,
} from '../../../harness/test.ts';
import { eachPodIsAdopted, isAdoptedAndThenReplaced } from '../../../harness/guarantees/adoption.ts';
import { contentSurvives, eachPodServes } from '../../../harness/guarantees/content.ts';
import { isAppliedWithoutError, isMadeAnew, isUnchanged } from '../../../harness/guarantees/presence.ts';
import { claimsAreKept } from '../../../harness/guarantees/quiet.ts';
import { isRelaunchedFirst, surplusGoesOnceTheRestIsReady } from '../../../harness/guarantees/reapplying.ts';
import { noStorageIsDeletedUnasked } from '../../../harness/guarantees/reclaiming.ts';
import { nginx } from '../nginx.ts';
import { fetchesPages, writesPages } from '../pages.ts';
import { leavesOrphansWithoutTheFirst } from './acts.ts';
import { cascaded, literally, orphaned, spared } from './stories.ts';

describe('Non-cascading delete: applying the manifest again', () => {
  claim('web.reapply-service-unchanged', orphaned, ({ reapplied }) => [
    isAppliedWithoutError(['services/nginx', 'statefulsets/web'], reapplied),
    isUnchanged('services', 'nginx', reapplied),
    isMadeAnew('statefulsets', 'web', reapplied),
  ]);
  claim('web.reapply-relaunches-missing', orphaned, ({ web, reapplied }) => isRelaunchedFirst(web, 0, reapplied));
  claim('web.reapply-adopts', orphaned, ({ web, reapplied }) => eachPodIsAdopted(web, [1], reapplied));
  claim('web.reapply-literal-then-rolls', literally, ({ web, reapplied }) =>
    isAdoptedAndThenReplaced(web, 1, reapplied),
  );
  claim('web.reapply-scales-back', orphaned, ({ web, reapplied }) => surplusGoesOnceTheRestIsReady(web, 2, reapplied));
  claim('web.reapply-data-kept', orphaned, ({ web, pages, served, whole }) => [
    contentSurvives(web, pages.slice(0, 1), served),
    eachPodServes(web, pages, served.before),
    eachPodServes(web, pages, served.after),
    claimsAreKept(web, [0, 1], whole),
  ]);
  claim(
    'web.sts-never-deletes-pv',
    on(orphaned, ({ web }) => noStorageIsDeletedUnasked(web, {})),
    on(cascaded, ({ web }) => noStorageIsDeletedUnasked(web, {})),
    on(spared, ({ web, whole }) => [noStorageIsDeletedUnasked(web, {}), claimsAreKept(web, [0, 1], whole)]),
  );
});

describe('controls of applying the manifest again', () => {
  const atOnce = story('a Parallel set without claims is applied again, its Service changed', async ({ namespace }) => {
    const kept = [emptyDirs(), podManagementPolicy('Parallel')] as const;
    const [web, probe] = await Promise.all([namespace.deploy(nginx(replicas(3), ...kept)), namespace.probe()]);
    await web.becomesReady();
    const pages = await writesPages(web, [0, 1]);
    const before = await fetchesPages(namespace, probe, web, pages, 'before web is deleted');
    await leavesOrphansWithoutTheFirst(namespace, web);
    const from = await namespace.mark('web-0 is gone');
    const again = await namespace.deploy(nginx(...kept, service({ publishNotReadyAddresses: true })));
    await again.becomesReady();
    const to = await namespace.mark('web is back');
    const after = await fetchesPages(namespace, probe, again, pages, 'web is back');
    return { web, pages, served: { before, after }, reapplied: { from, to } };
  });
  breaks('web.reapply-service-unchanged', atOnce, ({ reapplied }) => isUnchanged('services', 'nginx', reapplied));
  breaks('web.reapply-scales-back', atOnce, ({ web, reapplied }) => surplusGoesOnceTheRestIsReady(web, 2, reapplied));
  breaks('web.reapply-data-kept', atOnce, ({ web, pages, served }) => contentSurvives(web, pages.slice(0, 1), served));

  const fromOne = story('a set whose ordinals begin at 1 is applied over orphans', async ({ namespace }) => {
    const kept = [emptyDirs(), podManagementPolicy('Parallel')] as const;
    const web = await namespace.deploy(nginx(replicas(3), ...kept));
    await web.becomesReady();
    await leavesOrphansWithoutTheFirst(namespace, web);
    const from = await namespace.mark('web-0 is gone');
    const ordinals = inSet('ordinals from 1', (spec) => ({ ...spec, ordinals: { start: 1 } }));
    const again = await namespace.deploy(nginx(...kept, replicas(1), ordinals));
    await again.podDisappears(2);
    const to = await namespace.mark('web-2 is gone');
    return { web, reapplied: { from, to } };
  });
  breaks('web.reapply-relaunches-missing', fromOne, ({ web, reapplied }) => isRelaunchedFirst(web, 0, reapplied));

  breaks('web.reapply-adopts', literally, ({ web, reapplied }) => eachPodIsAdopted(web, [1], reapplied));
  breaks('web.reapply-literal-then-rolls', orphaned, ({ web, reapplied }) =>
    isAdoptedAndThenReplaced(web, 1, reapplied),
  );
});
