import {
  breaks,
  describe,
  emptyDirs,
  heldPending,
  inSet,
  podManagementPolicy,
  replicas,
  service,
  story,
  updateStrategy,
} from '../../../harness/test.ts';
import {
  eachPodIsAddedInOrdinalOrder,
  eachPodWaitsForItsPredecessors,
  noPodIsAddedWhileAnotherStarts,
  theSetCountsItsPodsUp,
} from '../../../harness/guarantees/creation.ts';
import { noPodIsReadyThatFailsItsCheck } from '../../../harness/guarantees/healthProbes.ts';
import { eachOrdinalIsUnique, podNamesAreExactly } from '../../../harness/guarantees/identity.ts';
import { noPodIsAdded } from '../../../harness/guarantees/quiet.ts';
import {
  theServerFillsIn,
  theServiceIsHeadless,
  theSetHasExactlyThePods,
  theSetIsStored,
} from '../../../harness/guarantees/stored.ts';
import { asWritten, headless, nginx, nginxDeployment } from '../nginx.ts';

describe('controls', () => {
  const burst = story('a Parallel set of three is created and no Pod leaves Pending', async ({ namespace }) => {
    const parallel = [podManagementPolicy('Parallel'), updateStrategy({ type: 'OnDelete' })];
    const web = await namespace.deploy(nginx(replicas(3), emptyDirs(), heldPending(), ...parallel));
    await namespace.until(
      'the set to count three',
      ({ statefulsets }) => statefulsets.get('web')?.status?.replicas === 3,
    );
    const before = await namespace.mark('three Pods are Pending');
    await web.scaleTo(4);
    await web.podAppears(3);
    await web.isObserved();
    const { to, alive } = await namespace.quietly('web-0 is Pending');
    return { web, created: { to: before }, window: { from: before, to, alive } };
  });
  breaks('web.ordered-creation', burst, ({ web }) => noPodIsAddedWhileAnotherStarts(web));
  breaks('web.creation-gated-on-ready', burst, ({ web }) => eachPodWaitsForItsPredecessors(web));
  breaks('web.creation-gated-on-running', burst, ({ web, window }) =>
    noPodIsAdded(web, window, { ordinal: 0, stays: 'Pending' }),
  );
  breaks('web.objects-created', burst, ({ web }) => theSetHasExactlyThePods(web, [0, 1]));
  breaks('web.status-progress', burst, ({ web, created }) => theSetCountsItsPodsUp(web, 3, created));
  breaks('web.rollingupdate-default', burst, ({ web }) =>
    theServerFillsIn(web, ['updateStrategy', 'type'], 'RollingUpdate'),
  );
  breaks('web.orderedready-default', burst, ({ web }) =>
    theServerFillsIn(web, ['podManagementPolicy'], 'OrderedReady'),
  );

  const passing = story('a Pod has a check that passes', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(replicas(1), emptyDirs()));
    await web.becomesReady();
    return { web };
  });
  breaks('web.creation-gated-on-ready', passing, ({ web }) => noPodIsReadyThatFailsItsCheck(web));

  const addressed = story('the Service is given an address', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(replicas(0), service({ clusterIP: undefined })));
    await web.isObserved();
    return { web };
  });
  breaks('web.objects-created', addressed, ({ web }) => theServiceIsHeadless(web, headless));

  const fromFive = story('the ordinals begin at five', async ({ namespace }) => {
    const startsAtFive = inSet('ordinals start at 5', (spec) => ({ ...spec, ordinals: { start: 5 } }));
    const web = await namespace.deploy(nginx(emptyDirs(), heldPending(), startsAtFive));
    await web.podAppears(5);
    return { web };
  });
  breaks('web.ordered-creation', fromFive, ({ web }) => eachPodIsAddedInOrdinalOrder(web));
  breaks('web.unique-ordinal', fromFive, ({ web }) => eachOrdinalIsUnique(web));
  breaks('web.pod-naming', fromFive, ({ web }) => podNamesAreExactly(web, [0, 1]));

  const deployment = story('the web server is a Deployment', async ({ namespace }) => {
    await namespace.applies(nginxDeployment());
    await namespace.until('both Pods of the Deployment', ({ pods }) => pods.size === 2);
    return { web: asWritten };
  });
  breaks('web.pod-naming', deployment, ({ web }) => podNamesAreExactly(web, [0, 1]));
  breaks('web.objects-created', deployment, ({ web }) => theSetIsStored(web, 2));
});
