import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldUnready,
  on,
  replicas,
  story,
  workloadFrom,
  type StatefulSetHandle,
} from '../../../harness/test.ts';
import {
  earlierRevisionIsReused,
  liveRevisionsStay,
  onlyTheNewestRevisionsAreKept,
  revisionNumbersRise,
} from '../../../harness/guarantees/revisionHistory.ts';
import { web as workload } from '../web.ts';
import {
  becomeReadyInTurn,
  inTemplate,
  partition,
  podIsUpdated,
  podRuns,
  revisionHistoryLimit,
  rollOutEnds,
  statusBecomes,
  template,
  type Namespace,
} from './acts.ts';
import { converging } from './rolling.ts';

/** web-0 stays at the first template and web-1 at the second, below the partition, while the template goes on. */
const limited = story('the template goes through seven versions, and two old ones are kept', async ({ namespace }) => {
  const web = await namespace.deploy(
    workload(replicas(2), emptyDirs(), revisionHistoryLimit(2), inTemplate('first'), partition(1)),
  );
  await web.becomesReady();
  const from = await namespace.mark('the first template');
  await goesThrough(namespace, web, ['second']);
  await podIsUpdated(namespace, web, 1);
  await web.setPartition(2);
  await goesThrough(namespace, web, ['third', 'fourth', 'fifth', 'sixth']);
  const kept = await namespace.quietly('two old revisions are kept');
  await web.patch({ spec: { revisionHistoryLimit: 0, ...template('seventh').spec } });
  const none = await namespace.quietly('no old revision is kept');
  return { web, all: { ...none, from }, kept, none };
});

/** No Pod can be made: nothing but the set's own word makes the first revision the current one. */
export const podless = story('a set that cannot make a Pod goes through five templates', async ({ namespace }) => {
  const web = await isStuckAtFirst(namespace, 2);
  const from = await namespace.mark('the first template');
  await goesThrough(namespace, web, ['second', 'third']);
  const third = await namespace.mark('the third template');
  await goesThrough(namespace, web, ['fourth', 'fifth']);
  const kept = await namespace.quietly('two old revisions are kept');
  await goesThrough(namespace, web, ['third']);
  const again = await namespace.mark('the third template again');
  return { web, all: { ...kept, from }, kept, overTwo: { from: third, to: again } };
});

/** With its last Pod the roll-out makes the revision before it an old one, and nothing happens to the set afterwards. */
const rolled = story('a roll-out ends, and no old revision is kept', async ({ namespace }) => {
  const web = await namespace.deploy(workload(replicas(1), emptyDirs(), revisionHistoryLimit(0), inTemplate('first')));
  await web.becomesReady();
  await web.patch(template('second'));
  await rollOutEnds(namespace, web, [0]);
  return { web, none: await namespace.quietly('the roll-out has ended') };
});

/** web-1 stays where the second template left it, and nothing but this Pod holds on to its revision. */
const stuck = story('a third template comes while an updated Pod is not Ready', async ({ namespace }) => {
  const web = await namespace.deploy(
    workload(replicas(2), emptyDirs(), heldUnready(), revisionHistoryLimit(0), inTemplate('first')),
  );
  await becomeReadyInTurn(web, [0, 1]);
  const from = await namespace.mark('the first template');
  const old = web.uidOf(1);
  await web.patch(template('second'));
  await podRuns(namespace, web, 1, old);
  await goesThrough(namespace, web, ['third']);
  const none = await namespace.quietly('no old revision is kept');
  return { web, all: { ...none, from } };
});

describe('Revision history', () => {
  claim(
    'ref.rollback-reuses-revision',
    on(converging, ({ web, thereAndBack, backAndThere }) => [
      earlierRevisionIsReused(web, thereAndBack),
      earlierRevisionIsReused(web, backAndThere),
    ]),
    on(podless, ({ web, overTwo }) => earlierRevisionIsReused(web, overTwo)),
  );
  claim(
    'ref.revision-history-limit',
    on(limited, ({ web, all, kept, none }) => [
      revisionNumbersRise(web, all),
      liveRevisionsStay(web, all),
      onlyTheNewestRevisionsAreKept(web, 2, kept),
      onlyTheNewestRevisionsAreKept(web, 0, none),
    ]),
    on(rolled, ({ web, none }) => onlyTheNewestRevisionsAreKept(web, 0, none)),
    on(stuck, ({ web, all }) => liveRevisionsStay(web, all)),
    on(podless, ({ web, all, kept }) => [
      revisionNumbersRise(web, all),
      liveRevisionsStay(web, all),
      onlyTheNewestRevisionsAreKept(web, 2, kept),
    ]),
  );
});

describe('controls of the revision history', () => {
  const tampered = story('revisions of a set are deleted by hand', async ({ namespace }) => {
    const web = await isStuckAtFirst(namespace, 1);
    const first = await reportedUpdate(namespace, web);
    await goesThrough(namespace, web, ['second', 'third']);
    const from = await namespace.mark('the third template');
    const third = await reportedUpdate(namespace, web);
    await goesThrough(namespace, web, ['fourth']);
    const fourth = await namespace.quietly('the fourth template');
    await namespace.deletes('controllerrevisions', third);
    await namespace.deletes('controllerrevisions', first);
    const after = await namespace.quietly('two revisions were deleted by hand');
    await goesThrough(namespace, web, ['third']);
    const to = await namespace.mark('the third template again');
    return { web, deleting: { ...after, from: fourth.to }, after, again: { from, to } };
  });
  breaks('ref.revision-history-limit', tampered, ({ web, after }) => onlyTheNewestRevisionsAreKept(web, 1, after));
  breaks('ref.revision-history-limit', tampered, ({ web, deleting }) => liveRevisionsStay(web, deleting));
  breaks('ref.rollback-reuses-revision', tampered, ({ web, again }) => earlierRevisionIsReused(web, again));
});

/** A set in a namespace without room for Pods, whose first revision is reported as current. */
async function isStuckAtFirst(namespace: Namespace, limit: number): Promise<StatefulSetHandle> {
  await namespace.applies(workloadFrom(new URL('manifests/no-pods.yaml', import.meta.url)));
  const web = await namespace.deploy(
    workload(replicas(1), emptyDirs(), revisionHistoryLimit(limit), inTemplate('first')),
  );
  await statusBecomes(namespace, web, 'the first revision to be current', ({ status }) => {
    return status?.currentRevision !== undefined;
  });
  return web;
}

/** One template after the other, each once the set has reported the revision of the one before; none where it reports nothing. */
async function goesThrough(namespace: Namespace, web: StatefulSetHandle, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const before = await reportedUpdate(namespace, web);
    if (before === '') return;
    await web.patch(template(name));
    await statusBecomes(namespace, web, `the revision of the ${name} template`, ({ status }) => {
      return status?.updateRevision !== before;
    });
  }
}

/** The name of the update revision that the set reports, or nothing. */
async function reportedUpdate(namespace: Namespace, web: StatefulSetHandle): Promise<string> {
  let name = '';
  await statusBecomes(namespace, web, 'an update revision to be reported', ({ status }) => {
    name = status?.updateRevision ?? '';
    return name !== '';
  });
  return name;
}
