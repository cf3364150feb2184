import {
  emptyDirs,
  image,
  labelled,
  patience,
  replicas,
  story,
  type Stage,
  type Workload,
} from '../../../harness/test.ts';
import { images } from '../images.ts';
import { nginx } from '../nginx.ts';
import { fetchesPages, writesPages } from '../pages.ts';
import { deletesHeld, leavesOrphansWithoutTheFirst, looksFor, losesTheFirst } from './acts.ts';

/** The tutorial's way: three replicas lose their set, web-0 is deleted by hand, and web.yaml with its two replicas is applied again. */
export const orphaned = story(
  'web is deleted without its Pods, and web.yaml is applied again',
  async ({ namespace }) => {
    const [web, probe] = await Promise.all([namespace.deploy(nginx(replicas(3))), namespace.probe()]);
    await web.becomesReady();
    const pages = await writesPages(web, [0, 1]);
    const before = await fetchesPages(namespace, probe, web, pages, 'before web is deleted');
    const deletion = await deletesHeld(namespace, web, 'Orphan');
    const absent = await looksFor(namespace, 'web is deleted', 'statefulsets', 'web');
    await losesTheFirst(namespace, web);
    const alone = await namespace.quietly('web-0 is gone');
    const again = await namespace.deploy(nginx());
    await again.becomesReady();
    const back = await namespace.mark('web is back');
    const after = await fetchesPages(namespace, probe, again, pages, 'web is back');
    return {
      web,
      pages,
      served: { before, after },
      deletion,
      absent,
      alone: { ...alone, from: deletion.whole.to },
      reapplied: { from: alone.to, to: back },
      whole: { from: deletion.whole.from, to: after.to },
    };
  },
);

/** By its label, as a collection, and not by its name. */
export const orphanedByLabel = story('web is deleted by a label without its Pods', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs(), labelled({ tier: 'front' })));
  await web.becomesReady();
  const from = await namespace.mark('before web is deleted');
  await namespace.deletesAll('statefulsets', { tier: 'front' }, { propagationPolicy: 'Orphan' });
  await namespace.sees('web to be gone', ({ statefulsets }) => !statefulsets.has('web'), {
    deadlineMs: patience.reactionMs,
  });
  const gone = await namespace.quietly('web is gone, or should be', 'garbage-collector');
  return { web, deletion: { ...gone, from } };
});

/** To the letter: by then the tutorial's Pods run another image than web.yaml asks for. */
export const literally = story('web.yaml is applied again over Pods of another image', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(3), image(images.staged), emptyDirs()));
  await web.becomesReady();
  await leavesOrphansWithoutTheFirst(namespace, web);
  const from = await namespace.mark('web-0 is gone');
  const again = await namespace.deploy(nginx(emptyDirs()));
  await again.becomesUpdated();
  const to = await namespace.mark('all Pods are of the new template');
  return { web, reapplied: { from, to } };
});

/** The set is deleted with its Pods, of which web-1 is held, then its Service; all of it is applied again, and its data looked for. */
export const deletedAndBack =
  (workload: Workload) =>
  async ({ namespace }: Stage) => {
    const [web, probe] = await Promise.all([namespace.deploy(workload), namespace.probe()]);
    await web.becomesReady();
    const pages = await writesPages(web, [0, 1]);
    const before = await fetchesPages(namespace, probe, web, pages, 'before web is deleted');
    await web.holdTermination(1);
    const from = await namespace.mark('web-1 is to be held');
    await web.delete('Background');
    const held = await namespace.quietly('web is gone and web-1 is held', 'garbage-collector');
    await web.releaseTermination(1);
    await namespace.until('its Pods to be gone', ({ pods }) => !pods.has('web-0') && !pods.has('web-1'));
    const absent = await looksFor(namespace, 'web is deleted', 'statefulsets', 'web');
    const gone = await namespace.quietly('web and its Pods are gone');
    await namespace.deletes('services', 'nginx');
    const again = await namespace.deploy(workload);
    await again.becomesReady();
    const to = await namespace.mark('web is back');
    const after = await fetchesPages(namespace, probe, again, pages, 'web is back');
    return {
      web,
      again,
      pages,
      served: { before, after },
      absent,
      collected: { ...held, from },
      cascade: { ...gone, from },
      whole: { from, to },
    };
  };

export const cascaded = story('web is deleted with its Pods, applied again and deleted for good', async (stage) => {
  const { namespace } = stage;
  const { again, ...told } = await deletedAndBack(nginx())(stage);
  const from = await namespace.mark('before everything is deleted');
  await namespace.deletes('services', 'nginx');
  await again.delete('Background');
  await namespace.sees('its Pods to be gone again', ({ pods }) => !pods.has('web-0') && !pods.has('web-1'), {
    deadlineMs: patience.podMs,
  });
  const moment = 'everything is deleted';
  await Promise.all([
    looksFor(namespace, moment, 'services', 'nginx'),
    looksFor(namespace, moment, 'statefulsets', 'web'),
  ]);
  const to = await namespace.mark(moment);
  return { ...told, final: { moment, span: { from, to } } };
});

/** www-web-1 is nobody's from the moment that web is scaled down. */
export const spared = story('a claim is left over when web is deleted, and when it is applied again', async (stage) => {
  const { namespace } = stage;
  const web = await namespace.deploy(nginx());
  await web.becomesReady();
  const from = await namespace.mark('two replicas');
  await web.scaleTo(1);
  await web.becomesReady();
  await web.delete('Background');
  await namespace.until('its Pods to be gone', ({ pods }) => pods.size === 0);
  await namespace.quietly('web and its Pods are gone', 'garbage-collector');
  const again = await namespace.deploy(nginx(replicas(1)));
  await again.becomesReady();
  const back = await namespace.quietly('web is back');
  return { web, whole: { ...back, from } };
});

/** Deleted in the foreground the set is there until its last Pod is gone: its controller has it before it, with a Pod missing, and is not to make another. */
export const waitedFor = story('web waits, deleted, for its Pods, of which web-1 is held', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs()));
  await web.becomesReady();
  await web.holdTermination(1);
  const from = await namespace.mark('web-1 is to be held');
  await web.delete('Foreground', { wait: false });
  await web.podIsTerminating(1);
  await namespace.sees('web-0 to be gone', ({ pods }) => !pods.has('web-0'), { deadlineMs: patience.podMs });
  await namespace.quietly('web-0 is gone, web-1 is held');
  await web.releaseTermination(1);
  await namespace.sees(
    'web and its Pods to be gone',
    ({ pods, statefulsets }) => pods.size === 0 && !statefulsets.has('web'),
    { deadlineMs: patience.podMs },
  );
  const gone = await namespace.quietly('web is gone');
  return { web, deletion: { ...gone, from } };
});
