import {
  claim,
  claimLabels,
  describe,
  inSet,
  NotRun,
  on,
  replicas,
  startOrdinal,
  story,
  storageClass,
} from '../../../harness/test.ts';
import { contentFollowsToAnotherNode, contentSurvives, eachPodServes } from '../../../harness/guarantees/content.ts';
import { theDirectoryIsTheVolume } from '../../../harness/guarantees/mounts.ts';
import { claimsAreKept } from '../../../harness/guarantees/quiet.ts';
import {
  claimsAreExactly,
  claimsCarryTheSelector,
  eachClaimHasAVolumeOfItsOwn,
  noClaimIsEverPending,
  volumesAreProvisioned,
} from '../../../harness/guarantees/storage.ts';
import { askedStorage, nginx, webroot } from '../nginx.ts';
import { fetchesPages } from '../pages.ts';
import { lookedInto, sentAway, writtenAndDeleted } from './acts.ts';

const written = story('web-0 and web-1 write, are deleted and come back', writtenAndDeleted(nginx()));

const onDisk = story('what web-0 writes is looked for on its node', lookedInto(nginx(replicas(1))));

const labelledClaims = story('the claim template has a label of its own', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(1), claimLabels({ tier: 'data' })));
  await web.podBecomesReady(0);
  return { web };
});

const withASecondTemplate = inSet('a second claim template', (spec) => {
  const [www] = spec['volumeClaimTemplates'] as readonly [object];
  return { ...spec, volumeClaimTemplates: [www, { ...www, metadata: { name: 'data' } }] };
});

const numbered = story('the claims of a set whose ordinals begin at five', { since: '1.31' }, async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(1), startOrdinal(5), withASecondTemplate));
  await web.podBecomesReady(5);
  return { web };
});

const followed = story('web-0 is sent to another node', { alone: true }, async (stage) => {
  const shared = stage.namespace.sharedStorageClass();
  if (shared === undefined)
    throw new NotRun('no StorageClass is known whose volumes can be used from more than one node');
  const { web, probe, pages, before, old } = await sentAway(stage, nginx(replicas(1), storageClass(shared)));
  await web.podBecomesReady(0, old);
  const after = await fetchesPages(stage.namespace, probe, web, pages, 'on another node');
  return { web, pages, before, after };
});

describe('Writing to stable storage', () => {
  claim(
    'web.pvc-naming',
    on(written, ({ web }) => claimsAreExactly(web, [0, 1])),
    on(numbered, ({ web }) => claimsAreExactly(web, [5])),
  );
  claim(
    'web.pvc-labelled',
    on(written, ({ web }) => claimsCarryTheSelector(web, [0, 1])),
    on(labelledClaims, ({ web }) => claimsCarryTheSelector(web, [0])),
  );
  claim('web.pvc-one-pv-each', written, ({ web }) => eachClaimHasAVolumeOfItsOwn(web, [0, 1], askedStorage));
  claim('web.pv-dynamic', written, ({ web }) => volumesAreProvisioned(web, [0, 1]));
  claim('web.volume-backs-webroot', onDisk, ({ web, written, asked }) =>
    theDirectoryIsTheVolume(web, webroot, written, asked),
  );
  claim('web.serves-own-hostname', written, ({ web, pages, before }) => eachPodServes(web, pages, before));
  claim('web.data-survives-pod-delete', written, ({ web, pages, before, after, deletion }) => [
    contentSurvives(web, pages, { before, after }),
    claimsAreKept(web, [0, 1], deletion),
    noClaimIsEverPending(web, [0, 1], deletion),
  ]);
  claim('web.data-follows-node', followed, ({ web, pages, before, after }) => [
    contentFollowsToAnotherNode(web, pages, { before, after }),
    claimsAreKept(web, [0], { from: before.to, to: after.from }),
  ]);
});
