import {
  breaks,
  claim,
  command,
  describe,
  emptyDirs,
  heldUnready,
  replicas,
  story,
  type StatefulSetHandle,
  type Variation,
} from '../../../harness/test.ts';
import { podsComeBackOld, theRollOutStaysOpen, type Loss } from '../../../harness/guarantees/partitions.ts';
import { web as workload } from '../web.ts';
import {
  becomeReadyInTurn,
  hasEnded,
  images,
  partition,
  podBecomes,
  podRuns,
  template,
  type Namespace,
} from './acts.ts';

/** A container that exits with 1 when it is told to stop, if it was told before to do so. */
const exitsAsTold = command('sh', '-c', "trap '[ -e /tmp/fail ] && exit 1; exit 0' TERM; sleep infinity & wait");

/** The updated web-1 is not Ready when the first is lost; later it is, and the partition alone holds the roll-out. */
const ways = [
  { way: 'is deleted', loss: 'deleted' },
  { way: 'exits with 1', loss: 'deleted' },
  { way: 'exits with 1 and is held', loss: 'failed while Terminating' },
] as const;

/** Ends early where web-0 does not come back: the claims then find no fences of what would have followed. */
const spared = story('a Pod below the partition is lost in three ways, then with all others', async ({ namespace }) => {
  const web = await stops(namespace, partition(1));
  for (const { way, loss } of ways) {
    if (!(await losesAndRegains(namespace, web, way, loss))) return { web };
    await becomeReadyInTurn(web, way === 'is deleted' ? [0, 1] : [0]);
  }
  await scalesToNoneAndBack(namespace, web);
  return { web };
});

describe('Partitioned rolling updates', () => {
  claim('ref.partition-restart-keeps-old', spared, ({ web }) =>
    ways.flatMap(({ way, loss }) => [
      podsComeBackOld(web, [0], loss, spanOf(way)),
      theRollOutStaysOpen(web, spanOf(way)),
    ]),
  );
  claim('ref.partition-scaled-to-zero', spared, ({ web }) =>
    podsComeBackOld(web, [0], 'scaled to none', spanOf('goes with the set')),
  );
});

describe('controls of partitioned rolling updates: partition 0', () => {
  const unspared = story('a Pod is lost in the middle of a roll-out without a partition', async ({ namespace }) => {
    const web = await stops(namespace, partition(0));
    await losesAndRegains(namespace, web, 'is deleted', 'deleted');
    await becomeReadyInTurn(web, [0, 1]);
    await scalesToNoneAndBack(namespace, web);
    return { web };
  });
  breaks('ref.partition-restart-keeps-old', unspared, ({ web }) =>
    podsComeBackOld(web, [0], 'deleted', spanOf('is deleted')),
  );
  breaks('ref.partition-restart-keeps-old', unspared, ({ web }) =>
    theRollOutStaysOpen(web, { from: spanOf('is deleted').from, to: spanOf('goes with the set').to }),
  );
  breaks('ref.partition-scaled-to-zero', unspared, ({ web }) =>
    podsComeBackOld(web, [0], 'scaled to none', { ...spanOf('goes with the set'), from: spanOf('is deleted').from }),
  );
});

/** Two Pods, and an update of which the first Pod, web-1, is not Ready: the roll-out has begun and stands still. It adds an annotation, too. */
async function stops(namespace: Namespace, strategy: Variation): Promise<StatefulSetHandle> {
  const web = await namespace.deploy(workload(replicas(2), emptyDirs(), heldUnready(), exitsAsTold, strategy));
  await becomeReadyInTurn(web, [0, 1]);
  const old1 = web.uidOf(1);
  const { spec } = template('the second');
  const containers = [{ name: 'nginx', image: images.second }];
  await web.patch({ spec: { template: { ...spec.template, spec: { containers } } } });
  await podRuns(namespace, web, 1, old1);
  return web;
}

/** Between these fences web-0 is lost in this way and made again. */
function spanOf(way: string) {
  return { from: `before web-0 ${way}`, to: `after web-0 ${way}` };
}

/** Deletes web-0 and waits for its successor; where there is none, until the controller had occasion to make one. */
async function losesAndRegains(
  namespace: Namespace,
  web: StatefulSetHandle,
  way: string,
  loss: Loss,
): Promise<boolean> {
  const uid = web.uidOf(0);
  const isHeld = loss === 'failed while Terminating';
  await namespace.mark(spanOf(way).from);
  if (way !== 'is deleted') await web.runs(`before web-0 ${way}`, 0, ['touch', '/tmp/fail']);
  if (isHeld) await web.holdTermination(0);
  await web.deletePod(0);
  if (isHeld) {
    await hasEnded(namespace, web, 0);
    await namespace.quietly('web-0 has failed and is Terminating');
    await web.releaseTermination(0);
  }
  const isBack = await podRuns(namespace, web, 0, uid);
  if (!isBack) await namespace.quietly(`web-0 ${way} and does not come back`);
  await namespace.mark(spanOf(way).to);
  return isBack;
}

async function scalesToNoneAndBack(namespace: Namespace, web: StatefulSetHandle): Promise<void> {
  const old0 = web.uidOf(0);
  await namespace.mark(spanOf('goes with the set').from);
  await web.scaleTo(0);
  await web.podDisappears(1);
  await web.podDisappears(0);
  await namespace.quietly('no replicas');
  await web.scaleTo(1);
  await podBecomes(namespace, web, 0, 'back', ({ metadata }) => metadata.uid !== old0);
  await namespace.quietly('one replica');
  await namespace.mark(spanOf('goes with the set').to);
}
