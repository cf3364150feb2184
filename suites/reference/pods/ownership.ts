import {
  breaks,
  claim,
  describe,
  emptyDirs,
  heldUnready,
  inSet,
  on,
  patience,
  replicas,
  story,
  updateStrategy,
  type Stage,
  type Workload,
} from '../../../harness/test.ts';
import {
  adoptedPodIsGivenItsIdentity,
  podIsAdopted,
  podIsReleased,
  theSetCountsItsOwn,
} from '../../../harness/guarantees/ownership.ts';
import { eachPodIsUntouched, noPodIsAdded, noPodIsDeleted } from '../../../harness/guarantees/quiet.ts';
import { web } from '../web.ts';
import { settlesAt } from './settling.ts';

/** Under OnDelete an adopted Pod that is of no revision stays what it is. */
const held = web(replicas(2), emptyDirs(), heldUnready(), updateStrategy({ type: 'OnDelete' }));

const orphaned = story('a Pod loses its owner, another one comes without', async ({ namespace }) => {
  const set = await namespace.deploy(held);
  await set.podBecomesRunning(0);
  const before = await namespace.mark('web-0 is Running, there is no web-1');
  await namespace.patches('pods', 'web-0', { metadata: { ownerReferences: null } });
  await isOwned(namespace, 'web-0');
  // Whatever happens to one of its Pods next makes the controller look at all of them: each adoption is to be seen before that.
  const first = await namespace.quietly('web-0 is owned');
  await namespace.applies(madeByHand(held, 'web-1'));
  await isOwned(namespace, 'web-1');
  const second = await namespace.quietly('web-1 is owned');
  for (const ordinal of [0, 1]) await set.letReady(ordinal);
  await isNamed(namespace, 'web-1');
  const after = await namespace.quietly('both Pods are owned');
  return {
    web: set,
    losing: { from: before, to: first.to },
    coming: { from: before, to: second.to },
    adopting: { from: before, to: after.to },
    window: after,
  };
});

/** web-1 is given labels that do not match, and then such that do. */
const losesItsLabels =
  (workload: Workload, apart: object, matching: object) =>
  async ({ namespace }: Stage) => {
    const set = await namespace.deploy(workload);
    await set.becomesReady();
    const before = await namespace.mark('two replicas');
    await namespace.patches('pods', 'web-1', { metadata: { labels: apart } });
    await isOwned(namespace, 'web-1', false);
    const without = await namespace.quietly('the labels of web-1 do not match');
    await namespace.patches('pods', 'web-1', { metadata: { labels: matching } });
    await isOwned(namespace, 'web-1');
    await settlesAt(namespace, set, [0, 1]);
    const back = await namespace.quietly('the labels of web-1 match again');
    return {
      web: set,
      apart: without,
      releasing: { ...without, from: before },
      adopting: { ...back, from: without.from },
      all: { ...back, from: before },
    };
  };

const released = story(
  'the labels of a Pod stop matching, and match again',
  losesItsLabels(web(replicas(2), emptyDirs()), { app: 'apart' }, { app: 'nginx' }),
);

const withoutTheLabelApart = inSet('it selects Pods without the label apart', (spec) => ({
  ...spec,
  selector: { ...(spec['selector'] as object), matchExpressions: [{ key: 'apart', operator: 'DoesNotExist' }] },
}));
const excluded = story(
  'a Pod is given a label that the selector excludes, and loses it again',
  losesItsLabels(web(replicas(2), emptyDirs(), withoutTheLabelApart), { apart: 'yes' }, { apart: null }),
);

describe('Pod Selector', () => {
  claim(
    'ref.adopts-orphan',
    on(orphaned, (told) => [
      podIsAdopted(told.web, 0, told.losing),
      podIsAdopted(told.web, 0, told.adopting),
      podIsAdopted(told.web, 1, told.coming),
      podIsAdopted(told.web, 1, told.adopting),
      adoptedPodIsGivenItsIdentity(told.web, 1, told.adopting),
      theSetCountsItsOwn(told.web, 2, told.adopting),
      noPodIsAdded(told.web, told.window),
      noPodIsDeleted(told.web, told.window),
    ]),
  );
  const letsGoAndTakesBack = (each: typeof released) =>
    on(each, (told) => [
      podIsReleased(told.web, 1, told.releasing),
      theSetCountsItsOwn(told.web, 1, told.releasing),
      noPodIsAdded(told.web, told.apart),
      podIsAdopted(told.web, 1, told.adopting),
      theSetCountsItsOwn(told.web, 2, told.adopting),
      eachPodIsUntouched(told.web, [0, 1], told.all),
    ]);
  claim('ref.releases-unmatched', letsGoAndTakesBack(released), letsGoAndTakesBack(excluded));
});

describe('controls of the Pod selector', () => {
  const unmatched = story('a Pod without an owner has labels of its own', async ({ namespace }) => {
    const set = await namespace.deploy(held);
    await set.podBecomesRunning(0);
    const before = await namespace.mark('web-0 is Running');
    await namespace.patches('pods', 'web-0', { metadata: { ownerReferences: null, ...labels('apart').metadata } });
    const after = await namespace.quietly('web-0 has no owner');
    return { web: set, adopting: { ...after, from: before } };
  });
  breaks('ref.adopts-orphan', unmatched, (told) => podIsAdopted(told.web, 0, told.adopting));

  const unselected = story('a Pod is given a label that the selector does not speak of', async ({ namespace }) => {
    const set = await namespace.deploy(web(replicas(1), emptyDirs()));
    await set.becomesReady();
    const before = await namespace.mark('one replica');
    await namespace.patches('pods', 'web-0', { metadata: { labels: { tier: 'apart' } } });
    const after = await namespace.quietly('web-0 has another label');
    return { web: set, releasing: { ...after, from: before } };
  });
  breaks('ref.releases-unmatched', unselected, (told) => podIsReleased(told.web, 0, told.releasing));
});

function labels(app: string) {
  return { metadata: { labels: { app } } };
}

/** A Pod as the set's template has it, made by hand under one of its names. */
function madeByHand(workload: Workload, name: string): Workload {
  const [set] = workload.objects.filter((object) => object.kind === 'StatefulSet');
  if (set === undefined) throw new Error(`${workload.file} holds no StatefulSet`);
  const { template } = set['spec'] as { readonly template: { readonly metadata: object; readonly spec: object } };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name },
    spec: template.spec,
  };
  return { ...workload, objects: [pod], variations: [`a Pod ${name} made by hand`] };
}

/** Waits until the Pod names an owner, or none, and goes on when that does not come about. */
function isOwned(namespace: Stage['namespace'], name: string, owned = true): Promise<boolean> {
  return namespace.sees(
    `${name} to have ${owned ? 'an' : 'no'} owner`,
    ({ pods }) => (pods.get(name)?.metadata.ownerReferences ?? []).length > 0 === owned,
    { deadlineMs: patience.reactionMs },
  );
}

/** The same for the label of its name, which only a controller puts on it. */
function isNamed(namespace: Stage['namespace'], name: string): Promise<boolean> {
  return namespace.sees(
    `${name} to be labelled with its name`,
    ({ pods }) => pods.get(name)?.metadata.labels?.['statefulset.kubernetes.io/pod-name'] === name,
    { deadlineMs: patience.reactionMs },
  );
}
