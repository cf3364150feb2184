import {
  breaks,
  claim,
  describe,
  inSpec,
  NotRun,
  story,
  type KustomizationVariation,
  type Stage,
} from '../../harness/test.ts';
import { whatIsShownSurvives } from '../../harness/guarantees/site.ts';
import { eachStatementIsAnswered } from '../../harness/guarantees/statements.ts';
import { comesUp } from './acts.ts';
import { keptPost, lasting } from './expectations.ts';
import {
  becomeServing,
  directory,
  follows,
  inventsWords,
  looksAtAll,
  mysql,
  patience,
  plants,
  podOf,
  publishes,
  seesAvailable,
  setsUp,
  wordpress,
} from './site.ts';

const ofClass = (name: string): KustomizationVariation =>
  inSpec(`claims ask for StorageClass ${name}`, { kind: 'PersistentVolumeClaim' }, (spec) => ({
    ...spec,
    storageClassName: name,
  }));

/** A site with a post, whose Pods' nodes take no more Pods, and whose Pods are deleted. */
async function sentAway({ namespace, nodes }: Stage, ...variations: readonly KustomizationVariation[]) {
  const site = await comesUp(namespace, directory(...variations));
  const words = inventsWords();
  await setsUp(site.visitor, 'set up', words);
  await publishes(site.visitor, 'published', words);
  await plants(namespace, words);
  const before = await looksAtAll(namespace, site.visitor, site.root, 'on the first nodes');
  const pods = [await podOf(namespace, mysql), await podOf(namespace, wordpress)];
  const taken = new Set<string>();
  await namespace.until('the nodes of both Pods', (recorded) => {
    for (const pod of pods) taken.add(recorded.pods.get(pod)?.spec?.nodeName ?? '');
    return true;
  });
  for (const node of taken) await nodes.cordon(node);
  await Promise.all(pods.map((pod) => namespace.deletes('pods', pod)));
  return { namespace, site, words, before };
}

const moved = story('a site is sent to other nodes', { alone: true, follows }, async (stage) => {
  const shared = stage.namespace.sharedStorageClass();
  if (shared === undefined)
    throw new NotRun('no StorageClass is known here whose volumes can be used from every node (--storage-class)');
  const { namespace, site, words, before } = await sentAway(stage, ofClass(shared));
  await seesAvailable(namespace);
  await becomeServing('moved', site.root, site.visitor, (status) => status === 200);
  const after = await looksAtAll(namespace, site.visitor, site.root, 'on other nodes');
  return { words, before, after };
});

describe('Introduction', () => {
  claim('wp.data-survives-reschedule', moved, ({ words, before, after }) => [
    whatIsShownSurvives(lasting.database(words, 'Pod moved to another node'), before, after),
    whatIsShownSurvives(lasting.files(words, 'Pod moved to another node'), before, after),
    eachStatementIsAnswered(mysql, keptPost(words), after),
  ]);
});

describe('controls of moving: volumes that stay on their node', () => {
  const pinned = story(
    'a site whose volumes stay on their nodes is sent away',
    { alone: true, follows },
    async (stage) => {
      const { namespace, words, before } = await sentAway(stage);
      await namespace.sees(
        'both Pods to be refused by every node',
        ({ pods }) =>
          [...pods.values()].filter(({ status }) =>
            status?.conditions?.some((each) => each.type === 'PodScheduled' && each.status === 'False'),
          ).length === 2,
        patience.ending,
      );
      const from = await namespace.mark('on no node: begin');
      return { words, before, after: { moment: 'on no node', from, to: await namespace.mark('on no node: end') } };
    },
  );
  breaks('wp.data-survives-reschedule', pinned, ({ words, before, after }) =>
    whatIsShownSurvives(lasting.database(words, 'Pod moved to another node'), before, after),
  );
});
