import {
  breaks,
  claim,
  describe,
  heldPending,
  holdsOn,
  inPods,
  inSet,
  on,
  podManagementPolicy,
  replicas,
  stopsWhenLet,
  story,
  type Stage,
  type StoryNamespace,
  type Workload,
} from '../../../harness/test.ts';
import {
  claimGoesOnceUnused,
  claimInUseStays,
  claimOfAStartingPodStays,
  claimOfAStoppingPodStays,
  claimIsRemadeForAWaitingPod,
} from '../../../harness/guarantees/protection.ts';
import { web, withASecondClaim, withoutImage } from '../web.ts';
import { aNode, within, seesRunning, uidOf, writesNonce } from './acts.ts';
import { claimNamed } from './objects.ts';

/** A claim that no Pod uses: that it goes when it is deleted shows that whoever takes the finalizer off is at work. */
async function makesUnusedClaim(namespace: StoryNamespace): Promise<void> {
  await namespace.applies(claimNamed('unused'));
  await namespace.until('the unused claim', ({ persistentvolumeclaims }) => persistentvolumeclaims.has('unused'));
}

async function deletesUnusedClaim(namespace: StoryNamespace): Promise<void> {
  await namespace.deletes('persistentvolumeclaims', 'unused');
  await namespace.sees(
    'the unused claim to be gone',
    ({ persistentvolumeclaims }) => !persistentvolumeclaims.has('unused'),
    within.reaction,
  );
}

/** The claim of a running Pod is deleted; then one that nobody uses; then the Pod. `tampers` has a go at the first claim in between. */
const deletedInUse = (tampers: (stage: Stage) => Promise<void>) => async (stage: Stage) => {
  const { namespace } = stage;
  const set = await namespace.deploy(web(replicas(1)));
  await set.becomesReady();
  await makesUnusedClaim(namespace);
  await namespace.deletes('persistentvolumeclaims', 'www-web-0');
  await tampers(stage);
  const from = await namespace.mark('the claim in use is deleted');
  const moment = 'web-0 goes on';
  const nonce = await writesNonce(set, 0, moment);
  await deletesUnusedClaim(namespace);
  const to = await namespace.mark('the unused claim had time to go');
  const old = await uidOf(namespace, 'persistentvolumeclaims', 'www-web-0');
  await set.deletePod(0);
  await namespace.sees(
    'the claim of the Pod that went to be gone',
    ({ persistentvolumeclaims }) => persistentvolumeclaims.get('www-web-0')?.metadata.uid !== old,
    within.reclaiming,
  );
  const end = await namespace.mark('the claim had time to go');
  return { web: set, use: { moment, nonce }, inUse: { from, to }, unused: { from: to, to: end } };
};

export const used = story(
  'the claim of a running Pod is deleted, and then the Pod',
  deletedInUse(() => Promise.resolve()),
);

/** The claim of a Pod whose image nobody has is deleted, and after it one that nobody uses. */
const starting = story('the claim of a Pod that cannot start is deleted', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(1), withoutImage));
  await namespace.until('web-0 to have a node', ({ pods }) => pods.get('web-0')?.spec?.nodeName !== undefined);
  await makesUnusedClaim(namespace);
  await namespace.deletes('persistentvolumeclaims', 'www-web-0');
  const from = await namespace.mark('the claim is deleted');
  await deletesUnusedClaim(namespace);
  return { web: set, inUse: { from, to: await namespace.mark('the unused claim had time to go') } };
});

/** The two claims of a Pod that takes its time to stop are deleted, and after them one that nobody uses; then the Pod is deleted by force. */
const stopping = story('the claims of a Pod that has been asked to go are deleted', async ({ namespace }) => {
  const set = await namespace.deploy(web(replicas(1), withASecondClaim, stopsWhenLet()));
  await set.becomesReady();
  await makesUnusedClaim(namespace);
  const claims = ['www-web-0', 'data-web-0'];
  const olds = await Promise.all(claims.map((name) => uidOf(namespace, 'persistentvolumeclaims', name)));
  await set.runs('web-0 is to stay', 0, holdsOn);
  await set.deletePod(0);
  await set.podIsTerminating(0);
  for (const name of claims) await namespace.deletes('persistentvolumeclaims', name);
  const from = await namespace.mark('the claims are deleted');
  await deletesUnusedClaim(namespace);
  const to = await namespace.mark('the unused claim had time to go');
  await namespace.deletes('pods', 'web-0', { gracePeriodSeconds: 0 });
  await namespace.sees(
    'the claims of the Pod that was deleted by force to be gone',
    ({ persistentvolumeclaims }) =>
      claims.every((name, index) => persistentvolumeclaims.get(name)?.metadata.uid !== olds[index]),
    within.reclaiming,
  );
  const end = await namespace.mark('the claims had time to go');
  return { web: set, inUse: { from, to }, unused: { from: to, to: end } };
});

/** web-0 waits at a scheduling gate while its claim is deleted, and after it one that nobody uses; then it is let go, and may take so long to run. */
const waitedFor =
  (workload: Workload, wait = within.pod) =>
  async ({ namespace }: Stage) => {
    const set = await namespace.deploy(workload);
    await set.podAppears(0);
    await namespace.applies(claimNamed('unused'));
    await namespace.until('both claims', ({ persistentvolumeclaims }) =>
      ['www-web-0', 'unused'].every((name) => persistentvolumeclaims.has(name)),
    );
    const from = await namespace.mark('web-0 waits');
    const old = await uidOf(namespace, 'persistentvolumeclaims', 'www-web-0');
    await namespace.deletes('persistentvolumeclaims', 'www-web-0');
    await namespace.deletes('persistentvolumeclaims', 'unused');
    await namespace.sees(
      'both claims to be gone',
      ({ persistentvolumeclaims }) =>
        persistentvolumeclaims.get('www-web-0')?.metadata.uid !== old && !persistentvolumeclaims.has('unused'),
      within.reaction,
    );
    await set.letSchedule(0);
    await seesRunning(namespace, 'web-0', wait);
    const to = await namespace.mark('web-0 had time to run');
    return { web: set, waiting: { from, to } };
  };

export const remade = story(
  'the claim of a Pod that is not scheduled yet is deleted',
  waitedFor(web(replicas(1), heldPending())),
);
const remadeInBurst = story(
  'the claim of a Pod of a Parallel set that is not scheduled yet is deleted',
  waitedFor(web(replicas(1), heldPending(), podManagementPolicy('Parallel'))),
);

/** No node takes web-0 at first; when one does its claim is missing, and whoever schedules it waits for the one that is made again. */
const missed = story('a Pod comes to be scheduled while its claim is missing', async ({ namespace, nodes }) => {
  const onOurs = inPods('only nodes that have the label of this run', (pod) => ({ ...pod, nodeSelector: nodes.label }));
  const set = await namespace.deploy(web(replicas(1), onOurs));
  if (!nodes.mayBeTaken) return { web: set };
  await set.podAppears(0);
  await namespace.until('its claim', ({ persistentvolumeclaims }) => persistentvolumeclaims.has('www-web-0'));
  const from = await namespace.mark('web-0 waits');
  const old = await uidOf(namespace, 'persistentvolumeclaims', 'www-web-0');
  await namespace.deletes('persistentvolumeclaims', 'www-web-0');
  await namespace.sees(
    'the claim to be gone',
    ({ persistentvolumeclaims }) => persistentvolumeclaims.get('www-web-0')?.metadata.uid !== old,
    within.reaction,
  );
  await nodes.labels(await aNode(namespace));
  await seesRunning(namespace, 'web-0', within.pod);
  return { web: set, waiting: { from, to: await namespace.mark('web-0 had time to run') } };
});

describe('Storage Object in Use Protection: claims', () => {
  claim(
    'ref.claim-in-use-protected',
    on(used, ({ web, use, inUse, unused }) => [
      claimInUseStays(web, 0, 'unused', use, inUse),
      claimGoesOnceUnused(web, 0, unused),
    ]),
    on(starting, ({ web, inUse }) => claimOfAStartingPodStays(web, 0, 'unused', inUse)),
    on(stopping, ({ web, inUse, unused }) =>
      web.claimTemplates.flatMap((template) => {
        const only = { ...web, claimTemplates: [template] };
        return [claimOfAStoppingPodStays(only, 0, 'unused', inUse), claimGoesOnceUnused(only, 0, unused)];
      }),
    ),
  );
});

describe('Stable Storage', () => {
  claim(
    'ref.claim-remade-for-pending-pod',
    on(remade, ({ web, waiting }) => claimIsRemadeForAWaitingPod(web, 0, waiting)),
    on(remadeInBurst, ({ web, waiting }) => claimIsRemadeForAWaitingPod(web, 0, waiting)),
    on(missed, ({ web, waiting }) => (waiting === undefined ? [] : claimIsRemadeForAWaitingPod(web, 0, waiting))),
  );
});

describe('controls of the protection of claims', () => {
  const bared = story(
    'the claim of a running Pod is deleted and robbed of its finalizers',
    deletedInUse(({ namespace }) =>
      namespace.patches('persistentvolumeclaims', 'www-web-0', { metadata: { finalizers: null } }),
    ),
  );
  breaks('ref.claim-in-use-protected', bared, ({ web, use, inUse }) => claimInUseStays(web, 0, 'unused', use, inUse));

  const madeByHand = story(
    'the claim of a Pod that is not scheduled yet, made by nobody but this run, is deleted',
    waitedFor(withItsClaimApart(web(replicas(1), heldPending())), within.reaction),
  );
  const asUsual = { name: 'web', service: 'nginx', claimTemplates: ['www'] };
  breaks('ref.claim-remade-for-pending-pod', madeByHand, ({ waiting }) =>
    claimIsRemadeForAWaitingPod(asUsual, 0, waiting),
  );
});

/** The same claim, under the same name, but not from a template of the set's. */
function withItsClaimApart(workload: Workload): Workload {
  const varied = inSet('www-web-0 made beside the set in place of volumeClaimTemplates', (spec) => {
    const { volumeClaimTemplates: _, ...rest } = spec;
    const template = rest['template'] as { readonly spec: object };
    const volumes = [{ name: 'www', persistentVolumeClaim: { claimName: 'www-web-0' } }];
    return { ...rest, template: { ...template, spec: { ...template.spec, volumes } } };
  })(workload);
  return { ...varied, objects: [...claimNamed('www-web-0').objects, ...varied.objects] };
}
