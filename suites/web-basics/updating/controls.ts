import { breaks, describe, emptyDirs, replicas, story, updateStrategy } from '../../../harness/test.ts';
import { requestIsRefused } from '../../../harness/guarantees/api.ts';
import { eachPodIsUntouched } from '../../../harness/guarantees/quiet.ts';
import { templateChangeMakesARevision } from '../../../harness/guarantees/revisions.ts';
import {
  exactlyTheseAreUpdated,
  podComesBack,
  podIsRemadeAt,
  templateChangesAlone,
} from '../../../harness/guarantees/staging.ts';
import {
  controllerUpdatesByItself,
  eachPodIsReplacedInPlace,
  eachUpdateWaitsForReady,
  podsAreUpdatedInReverseOrder,
  updateCompletes,
} from '../../../harness/guarantees/updates.ts';
import { nginx } from '../nginx.ts';
import { images } from '../images.ts';
import { frees, losesPod } from './acts.ts';
import { onDelete } from './onDelete.ts';
import { pausesAt, staged } from './partitions.ts';
import { held, rolled, typeOnly } from './rolling.ts';
import { strategies, triggers } from './strategies.ts';

const restored = { was: 'current', as: 'current' } as const;

describe('controls of updating', () => {
  breaks('web.strategies-valid', strategies, () =>
    requestIsRefused('Recreate of a Deployment', { code: 422, field: 'spec.updateStrategy' }),
  );
  breaks('web.update-triggers', triggers, ({ web, again }) => templateChangeMakesARevision(web, again));
});

describe('controls of RollingUpdate: OnDelete in its place', () => {
  const byHand = story('the Pods of an OnDelete set are deleted by hand, the lowest first', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(replicas(3), emptyDirs(), updateStrategy({ type: 'OnDelete' })));
    await web.becomesReady();
    await web.setImage(images.staged);
    await web.isObserved();
    const { from } = await losesPod(namespace, web, 0, 'before the others');
    await Promise.all([web.deletePod(1), web.deletePod(2)]);
    await web.becomesReady();
    return { web, updating: { from, to: await namespace.mark('all are back') } };
  });
  breaks('web.rolling-update-reverse', byHand, ({ web, updating }) => podsAreUpdatedInReverseOrder(web, updating));
  breaks('web.rolling-update-waits-ready', byHand, ({ web, updating }) => eachUpdateWaitsForReady(web, updating));
  breaks('web.rolling-update-reverse', onDelete, ({ web, leaving }) => podsAreUpdatedInReverseOrder(web, leaving));
  breaks('web.rolling-update-delete-then-create', onDelete, ({ web, leaving }) =>
    eachPodIsReplacedInPlace(web, leaving),
  );
  breaks('web.rolling-update-completes', onDelete, ({ web, leaving }) => updateCompletes(web, leaving));
  breaks('web.canary-auto-update', onDelete, ({ web, leaving }) => controllerUpdatesByItself(web, 2, leaving));
  breaks('web.phased-completes-at-zero', onDelete, ({ web, leaving }) => podsAreUpdatedInReverseOrder(web, leaving));
});

describe('controls of RollingUpdate: a healthy update where it should stall, and no partition', () => {
  breaks('web.rolling-update-stalls-on-failure', rolled, ({ web, rolling }) => [
    exactlyTheseAreUpdated(web, [2], rolling),
    eachPodIsUntouched(web, [0, 1], rolling),
  ]);
  breaks('web.partition-stages', rolled, ({ web, rolling }) => exactlyTheseAreUpdated(web, [], rolling));
  breaks('web.partition-template-mutable', rolled, ({ web, rolling }) =>
    templateChangesAlone(web, images.staged, rolling),
  );
  breaks('web.partition-deleted-pod-keeps-old', held, ({ web, restoring }) =>
    podComesBack(web, 0, restored, restoring),
  );
  breaks('web.canary-only-ge-partition', rolled, ({ web, rolling }) => exactlyTheseAreUpdated(web, [2], rolling));
  breaks('web.canary-below-restored-old', held, ({ web, restoring }) => podComesBack(web, 0, restored, restoring));
  breaks('web.midupdate-old-pod-restored', held, ({ web, restoring }) => podComesBack(web, 0, restored, restoring));
  breaks('web.midupdate-unpartitioned-characterise', typeOnly, ({ web, restoring }) =>
    podIsRemadeAt(web, 0, { was: 'current', as: 'update' }, restoring),
  );
  breaks('web.phased-pauses', rolled, ({ web, rolling }) =>
    pausesAt(web, 3, { partition: 2, freed: [2], step: rolling, window: rolling }),
  );
  breaks('web.ondelete-no-auto-update', rolled, ({ web, rolling }) => exactlyTheseAreUpdated(web, [], rolling));
});

describe('controls of RollingUpdate: a partition above the updated Pod', () => {
  const raised = story('the partition is raised above an updated Pod that is then lost', async ({ namespace }) => {
    const web = await namespace.deploy(
      nginx(emptyDirs(), updateStrategy({ type: 'RollingUpdate', rollingUpdate: { partition: 2 } })),
    );
    await web.becomesReady();
    await web.setImage(images.staged);
    await frees(namespace, web, [1]);
    await web.setPartition(2);
    await web.isObserved();
    return { web, losing: await losesPod(namespace, web, 1, 'with partition 2') };
  });
  breaks('web.midupdate-updated-pod-restored', raised, ({ web, losing }) =>
    podComesBack(web, 1, { was: 'update', as: 'update' }, losing),
  );
  breaks('web.ondelete-updates-on-delete', staged, ({ web, kept }) =>
    podComesBack(web, 2, { was: 'current', as: 'update' }, kept),
  );
  breaks('web.ondelete-field', onDelete, () =>
    requestIsRefused('misplaced, leniently', { code: 400, field: 'spec.template.updateStrategy' }),
  );
});
