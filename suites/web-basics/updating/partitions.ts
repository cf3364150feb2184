import {
  claim,
  describe,
  emptyDirs,
  on,
  replicas,
  story,
  type Told,
  type StatefulSetHandle,
} from '../../../harness/test.ts';
import { eachPodIsUntouched, noPodIsAdded, noPodIsDeleted } from '../../../harness/guarantees/quiet.ts';
import { exactlyTheseAreUpdated, podComesBack, templateChangesAlone } from '../../../harness/guarantees/staging.ts';
import {
  controllerUpdatesByItself,
  eachUpdateWaitsForReady,
  podsAreUpdatedInReverseOrder,
  updateCompletes,
} from '../../../harness/guarantees/updates.ts';
import type { Guarantee, Span } from '../../../harness/guarantees/guarantee.ts';
import { nginx } from '../nginx.ts';
import { images } from '../images.ts';
import { frees, losesAllPods, losesPod, stages } from './acts.ts';

export const staged = story('an update is staged, tried on a canary and completed', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(3), emptyDirs()));
  const staging = await stages(namespace, web, 3);
  const kept = await losesPod(namespace, web, 2, 'with partition 3');
  const canary = await frees(namespace, web, [2]);
  const below = await losesPod(namespace, web, 1, 'with partition 2');
  const updated = await losesPod(namespace, web, 2, 'with partition 2');
  const outdated = await losesPod(namespace, web, 0, 'with partition 2');
  const last = await frees(namespace, web, [1, 0]);
  return { web, staging, kept, canary: canary.step, below, updated, outdated, completing: last.step };
});

/** What the update only adds must not be in a Pod that comes back old. */
const adding = story('an update that adds an annotation is staged, and tried on a canary', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs()));
  const metadata = { annotations: { 'example.com/note': 'only in the update' } };
  const containers = [{ name: 'nginx', image: images.staged }];
  await stages(namespace, web, 2, { metadata, spec: { containers } });
  const kept = await losesPod(namespace, web, 1, 'with partition 2');
  await frees(namespace, web, [1]);
  const below = await losesPod(namespace, web, 0, 'with partition 1');
  return { web, kept, below };
});

/** Three Pods below the partition are lost at once, and then two more come to be below it. */
const lostTogether = story('all Pods below a partition are lost at once, and more are asked for', async (stage) => {
  const { namespace } = stage;
  const web = await namespace.deploy(nginx(replicas(3), emptyDirs()));
  await stages(namespace, web, 5);
  const kept = await losesAllPods(namespace, web, [0, 1, 2], 'with partition 5');
  await web.scaleTo(5);
  await web.becomesReady();
  const five = await namespace.quietly('five replicas below partition 5');
  return { web, kept, added: { ...five, from: kept.to } };
});

/** "If a partition is greater than its .spec.replicas, updates to its .spec.template will not be propagated to its Pods." */
const beyond = story('an update of two replicas is staged with partition 5', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs()));
  return { web, staging: await stages(namespace, web, 5) };
});

const linear = story('a linear roll-out of three replicas: partition 3, 2, 1, 0', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(3), emptyDirs()));
  await stages(namespace, web, 3);
  const two = await frees(namespace, web, [2]);
  const one = await frees(namespace, web, [1]);
  const none = await frees(namespace, web, [0]);
  return { web, pauses: [two, one], completing: none.step };
});

const geometric = story('a geometric roll-out of five replicas: partition 5, 4, 2, 0', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(5), emptyDirs()));
  await stages(namespace, web, 5);
  const four = await frees(namespace, web, [4]);
  const two = await frees(namespace, web, [3, 2]);
  const none = await frees(namespace, web, [1, 0]);
  return { web, pauses: [four, two], completing: none.step };
});

describe('Staging an update', () => {
  claim(
    'web.partition-stages',
    on(staged, ({ web, staging }) => [
      exactlyTheseAreUpdated(web, [], staging),
      eachPodIsUntouched(web, [0, 1, 2], staging),
    ]),
    on(beyond, ({ web, staging }) => [
      exactlyTheseAreUpdated(web, [], staging),
      eachPodIsUntouched(web, [0, 1], staging),
    ]),
  );
  claim('web.partition-template-mutable', staged, ({ web, staging }) =>
    templateChangesAlone(web, images.staged, staging),
  );
  claim(
    'web.partition-deleted-pod-keeps-old',
    on(staged, ({ web, kept }) => podComesBack(web, 2, { was: 'current', as: 'current' }, kept)),
    on(adding, ({ web, kept }) => podComesBack(web, 1, { was: 'current', as: 'current' }, kept)),
    on(lostTogether, ({ web, kept }) =>
      [0, 1, 2].map((ordinal) => podComesBack(web, ordinal, { was: 'current', as: 'current' }, kept)),
    ),
  );
});

describe('Rolling out a canary', () => {
  claim('web.canary-auto-update', staged, ({ web, canary }) => controllerUpdatesByItself(web, 2, canary));
  claim(
    'web.canary-only-ge-partition',
    on(staged, ({ web, canary }) => [
      exactlyTheseAreUpdated(web, [2], canary),
      eachPodIsUntouched(web, [0, 1], canary),
    ]),
    on(beyond, ({ web, staging }) => exactlyTheseAreUpdated(web, [], staging)),
    on(lostTogether, ({ web, added }) => exactlyTheseAreUpdated(web, [], added)),
  );
  claim(
    'web.canary-below-restored-old',
    on(staged, ({ web, below }) => podComesBack(web, 1, { was: 'current', as: 'current' }, below)),
    on(adding, ({ web, below }) => podComesBack(web, 0, { was: 'current', as: 'current' }, below)),
  );
});

describe('RollingUpdate, paused by a partition', () => {
  claim('web.midupdate-updated-pod-restored', staged, ({ web, updated }) =>
    podComesBack(web, 2, { was: 'update', as: 'update' }, updated),
  );
  claim(
    'web.midupdate-old-pod-restored',
    on(staged, ({ web, outdated }) => podComesBack(web, 0, { was: 'current', as: 'current' }, outdated)),
    on(adding, ({ web, below }) => podComesBack(web, 0, { was: 'current', as: 'current' }, below)),
  );
});

describe('Phased roll outs', () => {
  claim(
    'web.phased-pauses',
    on(linear, ({ web, pauses }) => pauses.flatMap((pause) => pausesAt(web, 3, pause))),
    on(geometric, ({ web, pauses }) => pauses.flatMap((pause) => pausesAt(web, 5, pause))),
  );
  claim(
    'web.phased-completes-at-zero',
    on(staged, ({ web, completing }) => [
      podsAreUpdatedInReverseOrder(web, completing),
      eachUpdateWaitsForReady(web, completing),
      eachPodIsUntouched(web, [2], completing),
      updateCompletes(web, completing),
    ]),
    on(geometric, ({ web, completing }) => [
      podsAreUpdatedInReverseOrder(web, completing),
      eachUpdateWaitsForReady(web, completing),
      eachPodIsUntouched(web, [2, 3, 4], completing),
      updateCompletes(web, completing),
    ]),
    on(linear, ({ web, completing }) => [
      eachPodIsUntouched(web, [1, 2], completing),
      updateCompletes(web, completing),
    ]),
  );
});

/**
 * The roll-out stands still where the partition says: everything from there up is updated, and only what was set free
 * by this step was touched.
 */
export function pausesAt(web: Told<StatefulSetHandle>, size: number, pause: Pause): readonly Guarantee[] {
  const { partition, freed, step, window } = pause;
  const ordinals = Array.from({ length: size }, (_, ordinal) => ordinal);
  const others = ordinals.filter((ordinal) => !freed.includes(ordinal));
  return [
    exactlyTheseAreUpdated(web, ordinals.slice(partition), step),
    eachPodIsUntouched(web, others, step),
    noPodIsAdded(web, window),
    noPodIsDeleted(web, window),
  ];
}

interface Pause {
  readonly partition: number;
  readonly freed: readonly number[];
  readonly step: Span;
  readonly window: Span;
}
