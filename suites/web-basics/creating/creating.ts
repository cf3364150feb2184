import {
  claim,
  describe,
  emptyDirs,
  heldPending,
  heldUnready,
  named,
  on,
  replicas,
  story,
} from '../../../harness/test.ts';
import {
  eachPodIsAddedInOrdinalOrder,
  eachPodWaitsForItsPredecessors,
  noPodIsAddedWhileAnotherStarts,
  noPodIsReadyBeforeItsGates,
  theSetCountsItsPodsUp,
} from '../../../harness/guarantees/creation.ts';
import { noPodIsReadyThatFailsItsCheck } from '../../../harness/guarantees/healthProbes.ts';
import { eachOrdinalIsUnique, podNamesAreExactly } from '../../../harness/guarantees/identity.ts';
import { noPodIsAdded } from '../../../harness/guarantees/quiet.ts';
import { isPutOnTheLabelledNode } from '../../../harness/guarantees/scheduling.ts';
import {
  theServerFillsIn,
  theServiceIsHeadless,
  theSetHasExactlyThePods,
  theSetIsStored,
} from '../../../harness/guarantees/stored.ts';
import { headless, nginx } from '../nginx.ts';
import { anyNode, becomesReady, failures, isChecked, isRefused, onNodesWith } from './acts.ts';

const applied = story("web is created from the tutorial's file", async ({ namespace }) => {
  const web = await namespace.deploy(nginx());
  await web.becomesReady();
  const settled = await namespace.quietly('both Pods are Ready');
  return { web, settled };
});

const three = story('three replicas are created', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(replicas(3), emptyDirs()));
  await web.becomesReady();
  return { web };
});

const unready = story('web is created and web-0 is Running, not Ready', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs(), heldUnready()));
  await web.podBecomesRunning(0);
  const window = await namespace.quietly('web-0 is Running and not Ready');
  await web.letReady(0);
  await web.podAppears(1);
  return { web, window };
});

/** Each in its own way: no answer in time, a page that is not there, a port that is closed, a second container that is not Ready. */
const failing = story('the first Pods of four sets run and fail their checks', async ({ namespace }) => {
  const sets = await Promise.all(
    Object.entries(failures).map(([name, fails]) => namespace.deploy(nginx(emptyDirs(), named(name), fails))),
  );
  await Promise.all(sets.map((set) => isChecked(namespace, set)));
  return { sets, window: await namespace.quietly('the first Pods fail their checks') };
});

const pending = story('web is created and web-0 is Pending', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs(), heldPending()));
  await web.podAppears(0);
  const window = await namespace.quietly('web-0 is Pending');
  await web.letSchedule(0);
  await web.podAppears(1);
  return { web, window };
});

const unsuited = story(
  'no node suits web-0 until one is labelled',
  { follows: ['nodes'] },
  async ({ namespace, nodes }) => {
    const web = await namespace.deploy(nginx(emptyDirs(), onNodesWith(nodes.label)));
    await isRefused(namespace, 'web-0');
    const window = await namespace.quietly('no node suits web-0');
    if (!nodes.mayBeTaken) return { web, window };
    const node = await anyNode(namespace);
    await nodes.labels(node);
    await becomesReady(namespace, 'web-0');
    return {
      web,
      window,
      labelled: { node, span: { from: window.to, to: await namespace.mark('web-0 had time to start') } },
    };
  },
);

describe('Creating a StatefulSet', () => {
  claim('web.objects-created', applied, ({ web, settled }) => [
    theServiceIsHeadless(web, headless),
    theSetIsStored(web, 2),
    theSetHasExactlyThePods(web, [0, 1]),
    noPodIsAdded(web, settled),
  ]);
  claim('web.status-progress', applied, ({ web }) => theSetCountsItsPodsUp(web, 2));
});

describe('Ordered Pod Creation', () => {
  claim(
    'web.ordered-creation',
    on(applied, ({ web }) => [eachPodIsAddedInOrdinalOrder(web), noPodIsAddedWhileAnotherStarts(web)]),
    on(three, ({ web }) => [eachPodIsAddedInOrdinalOrder(web), noPodIsAddedWhileAnotherStarts(web)]),
  );
  claim(
    'web.creation-gated-on-ready',
    on(applied, ({ web }) => eachPodWaitsForItsPredecessors(web)),
    on(three, ({ web }) => eachPodWaitsForItsPredecessors(web)),
    on(unready, ({ web, window }) => [
      noPodIsReadyBeforeItsGates(web),
      noPodIsAdded(web, window, { ordinal: 0, stays: 'Running and not Ready' }),
      eachPodWaitsForItsPredecessors(web),
    ]),
    on(failing, ({ sets, window }) =>
      sets.flatMap((set) => [
        noPodIsReadyThatFailsItsCheck(set),
        noPodIsAdded(set, window, { ordinal: 0, stays: 'Running and not Ready' }),
      ]),
    ),
  );
  claim(
    'web.creation-gated-on-running',
    on(pending, ({ web, window }) => [
      noPodIsAdded(web, window, { ordinal: 0, stays: 'Pending' }),
      eachPodWaitsForItsPredecessors(web),
    ]),
    on(unsuited, ({ web, window, labelled }) => [
      noPodIsAdded(web, window, { ordinal: 0, stays: 'Pending' }),
      ...(labelled === undefined
        ? []
        : [isPutOnTheLabelledNode(web, 0, labelled.node, labelled.span), eachPodWaitsForItsPredecessors(web)]),
    ]),
  );
});

describe("Examining the Pod's ordinal index", () => {
  claim('web.pod-naming', applied, ({ web, settled }) => [podNamesAreExactly(web, [0, 1]), noPodIsAdded(web, settled)]);
});

describe('Pods in a StatefulSet', () => {
  claim(
    'web.unique-ordinal',
    on(applied, ({ web }) => eachOrdinalIsUnique(web)),
    on(three, ({ web }) => eachOrdinalIsUnique(web)),
  );
});

describe('Updating StatefulSets', () => {
  claim('web.rollingupdate-default', applied, ({ web }) => [
    theServerFillsIn(web, ['updateStrategy', 'type'], 'RollingUpdate'),
    theServerFillsIn(web, ['updateStrategy', 'rollingUpdate', 'partition'], 0),
  ]);
});

describe('OrderedReady Pod management', () => {
  claim('web.orderedready-default', applied, ({ web }) =>
    theServerFillsIn(web, ['podManagementPolicy'], 'OrderedReady'),
  );
});
