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
import { comesUp, isRefused, replacesPods } from './acts.ts';
import { keptPost, lasting } from './expectations.ts';
import {
  becomeServing,
  directory,
  follows,
  inventsWords,
  looksAtAll,
  mysql,
  plants,
  podOf,
  publishes,
  setsUp,
  wordpress,
} from './site.ts';

const ofClass = (name: string): KustomizationVariation =>
  inSpec(`claims ask for StorageClass ${name}`, { kind: 'PersistentVolumeClaim' }, (spec) => ({
    ...spec,
    storageClassName: name,
  }));

/** A site with a post, whose Pods are on nodes that take no more Pods. */
async function onClosedNodes({ namespace, nodes }: Stage, ...variations: readonly KustomizationVariation[]) {
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
  return { namespace, site, words, before };
}

const moved = story('a site is sent to other nodes', { alone: true, follows }, async (stage) => {
  const shared = stage.namespace.sharedStorageClass();
  if (shared === undefined)
    throw new NotRun('no StorageClass is known here whose volumes can be used from every node (--storage-class)');
  const { namespace, site, words, before } = await onClosedNodes(stage, ofClass(shared));
  await replacesPods(namespace);
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
      const { namespace, words, before } = await onClosedNodes(stage);
      await replacesPods(namespace, isRefused);
      const from = await namespace.mark('on no node: begin');
      return { words, before, after: { moment: 'on no node', from, to: await namespace.mark('on no node: end') } };
    },
  );
  breaks('wp.data-survives-reschedule', pinned, ({ words, before, after }) =>
    whatIsShownSurvives(lasting.database(words, 'Pod moved to another node'), before, after),
  );
});
