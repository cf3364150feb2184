import { breaks, claim, describe, emptyDirs, on, replicas, story } from '../../../harness/test.ts';
import { podsAreReleased } from '../../../harness/guarantees/adoption.ts';
import { eachPodOutlivesItsSet, isNotRelaunched } from '../../../harness/guarantees/deletion.ts';
import { isAnsweredNotFound } from '../../../harness/guarantees/presence.ts';
import { nginx } from '../nginx.ts';
import { deletesHeld } from './acts.ts';
import { orphaned, orphanedByLabel } from './stories.ts';

describe('Non-cascading delete', () => {
  claim(
    'web.orphan-keeps-pods',
    on(orphaned, ({ web, deletion, absent }) => [
      isAnsweredNotFound(absent),
      eachPodOutlivesItsSet(web, deletion.whole),
    ]),
    on(orphanedByLabel, ({ web, deletion }) => eachPodOutlivesItsSet(web, deletion)),
  );
  claim('web.orphan-clears-owner', orphaned, ({ web, deletion }) => podsAreReleased(web, deletion.held));
  claim('web.orphan-no-relaunch', orphaned, ({ web, alone }) => isNotRelaunched(web, 0, alone));
});

describe('controls of the non-cascading delete', () => {
  const cascades = story('web-0 of a set is deleted, then the set with its Pods', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(replicas(1), emptyDirs()));
    await web.becomesReady();
    const from = await namespace.mark('before web-0 is deleted');
    const first = web.uidOf(0);
    await web.deletePod(0);
    await web.podBecomesReady(0, first);
    const alone = await namespace.quietly('web-0 is back');
    const deletion = await deletesHeld(namespace, web, 'Background');
    return { web, alone: { ...alone, from }, deletion };
  });
  breaks('web.orphan-keeps-pods', cascades, ({ web, deletion }) => eachPodOutlivesItsSet(web, deletion.whole));
  breaks('web.orphan-clears-owner', cascades, ({ web, deletion }) => podsAreReleased(web, deletion.held));
  breaks('web.orphan-no-relaunch', cascades, ({ web, alone }) => isNotRelaunched(web, 0, alone));
});
