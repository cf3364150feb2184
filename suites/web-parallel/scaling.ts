import { breaks, claim, describe, emptyDirs, heldUnready, inPods, on, story } from '../../harness/test.ts';
import { eachPodNameResolvesToItsPod } from '../../harness/guarantees/dns.ts';
import { eachOrdinalIsUnique, hostnamesArePodNames, podNamesAreExactly } from '../../harness/guarantees/identity.ts';
import {
  noPodWaitsForTheUnready,
  podsAreLaunchedTogether,
  podsTerminateTogether,
} from '../../harness/guarantees/parallel.ts';
import { eachPodIsUntouched } from '../../harness/guarantees/quiet.ts';
import { claimsAreExactly, eachClaimHasAVolumeOfItsOwn } from '../../harness/guarantees/storage.ts';
import { inOrder } from './controls.ts';
import { ordered, parallel } from './workloads.ts';
import { followed, staged, unready, unreadyBelow } from './stories.ts';

const allButTheFirst = { ordinals: [1, 2, 3], held: [1, 2, 3] };

describe('Parallel Pod management: launching', () => {
  claim('webpar.launch-both', followed, ({ web, created }) => podsAreLaunchedTogether(web, [0, 1], created));
  claim(
    'webpar.launch-despite-unready',
    on(unready, ({ web, launched }) => noPodWaitsForTheUnready(web, 0, [1, 2, 3], launched)),
    on(unreadyBelow, ({ web, launched }) => noPodWaitsForTheUnready(web, 0, [2], launched)),
  );
  claim(
    'webpar.scale-up-both',
    on(followed, ({ web, scaled }) => podsAreLaunchedTogether(web, [2, 3], scaled)),
    on(staged, ({ web, scaled }) => podsAreLaunchedTogether(web, [3, 4], scaled)),
  );
  claim('webpar.scale-up-leaves-existing', followed, ({ web, scaled }) => eachPodIsUntouched(web, [0, 1], scaled));
});

describe('Parallel Pod management: terminating', () => {
  claim(
    'webpar.scale-down-parallel',
    on(unready, ({ web, down }) => podsTerminateTogether(web, allButTheFirst, down)),
    on(unreadyBelow, ({ web, down }) => podsTerminateTogether(web, { ordinals: [1, 2], held: [1, 2] }, down)),
  );
});

describe('Pod management policy', () => {
  claim('webpar.identity-kept', followed, ({ web, zone, ran, asked }) => [
    podNamesAreExactly(web, [0, 1, 2, 3], ran),
    eachOrdinalIsUnique(web, ran),
    hostnamesArePodNames(web, [0, 1, 2, 3], asked),
    eachPodNameResolvesToItsPod(web, [0, 1, 2, 3], zone, asked),
    claimsAreExactly(web, [0, 1, 2, 3, 4], { to: asked.to }),
    eachClaimHasAVolumeOfItsOwn(
      web,
      [0, 1, 2, 3],
      { storage: '1Gi', accessModes: ['ReadWriteOnce'] },
      { to: asked.to },
    ),
  ]);
});

/** A claim that stands beside the set, and the variation that has all Pods mount it. */
const theOneClaim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'www' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
const oneClaimForAll = inPods('all Pods mount the claim www', (pod) => ({
  ...pod,
  volumes: [{ name: 'www', persistentVolumeClaim: { claimName: theOneClaim.metadata.name } }],
}));

describe('controls of Parallel scaling', () => {
  breaks('webpar.launch-both', inOrder, ({ web, created }) => podsAreLaunchedTogether(web, [0, 1], created));
  breaks('webpar.scale-up-both', inOrder, ({ web, scaled }) => podsAreLaunchedTogether(web, [2, 3], scaled));
  breaks('webpar.scale-down-parallel', inOrder, ({ web, down }) => podsTerminateTogether(web, allButTheFirst, down));

  const blocked = story('web-0 of web.yaml is not Ready', async ({ namespace }) => {
    const from = await namespace.mark('before web.yaml');
    const web = await namespace.deploy(ordered(heldUnready(), emptyDirs()));
    await web.podBecomesRunning(0);
    const quiet = await namespace.quietly('web-0 is not Ready');
    return { web, launched: { ...quiet, from } };
  });
  breaks('webpar.launch-despite-unready', blocked, ({ web, launched }) =>
    noPodWaitsForTheUnready(web, 0, [1], launched),
  );

  const replaced = story('a Parallel set is scaled and its template changed in one patch', async ({ namespace }) => {
    const web = await namespace.deploy(parallel(emptyDirs()));
    await web.becomesReady();
    const from = await namespace.mark('two replicas');
    const template = { metadata: { annotations: { 'steadfast.dev/changed': 'with the scale' } } };
    await web.patch({ spec: { replicas: 4, template } });
    await web.becomesUpdated();
    return { web, scaled: { from, to: await namespace.mark('four replicas') } };
  });
  breaks('webpar.scale-up-leaves-existing', replaced, ({ web, scaled }) => eachPodIsUntouched(web, [0, 1], scaled));

  const sharing = story('two Pods of a Parallel set share one claim', async ({ namespace }) => {
    const from = await namespace.mark('before the set is created');
    await namespace.applies({ ...parallel(), objects: [theOneClaim] });
    const web = await namespace.deploy(parallel(emptyDirs(), oneClaimForAll));
    await web.becomesReady();
    return { web, ran: { from, to: await namespace.mark('two replicas') } };
  });
  breaks('webpar.identity-kept', sharing, ({ web, ran }) =>
    claimsAreExactly({ ...web, claimTemplates: ['www'] }, [0, 1], ran),
  );
});
