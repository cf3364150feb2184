import {
  breaks,
  claim,
  describe,
  on,
  podManagementPolicy,
  replicas,
  story,
  storageClass,
  type Stage,
} from '../../../harness/test.ts';
import {
  fileLook,
  theFreedVolumeIsClaimedAgain,
  theReleasedVolumeIsNotTaken,
  theRetainedVolumeKeepsItsData,
  theStorageIsFresh,
} from '../../../harness/guarantees/kept.ts';
import { boundVolumeStays, volumeGoesWithItsClaim } from '../../../harness/guarantees/protection.ts';
import { directoryLook, storageIsReclaimed } from '../../../harness/guarantees/reclaiming.ts';
import { web } from '../web.ts';
import {
  aNode,
  classThat,
  lists,
  listsOnceRunning,
  nonceFile,
  onNode,
  triesElsewhere,
  within,
  volumeNameOf,
  writesNonce,
} from './acts.ts';
import { claimNamed } from './objects.ts';

const looks = { before: 'nobody uses the volumes', after: 'the claims are deleted' };

/**
 * web-0 and web-1 are scaled away. The volume of claim 1 is deleted, claim 0 is deleted (and its volume, where that is retained), then claim 1. `tampers` has a go
 * at the volume that is bound and deleted. What is left of the two on the node's disk is removed: where a volume goes first, its provisioner is never asked to.
 */
const deletedVolumes =
  (reclaims: 'Delete' | 'Retain', tampers: (stage: Stage, volume: string) => Promise<void> = () => Promise.resolve()) =>
  async (stage: Stage) => {
    const { namespace } = stage;
    const className = await classThat(stage, { binds: 'WaitForFirstConsumer', reclaims });
    const together = [podManagementPolicy('Parallel'), onNode(await aNode(namespace))];
    const set = await namespace.deploy(web(replicas(2), storageClass(className), ...together));
    await set.becomesReady();
    await writesNonce(set, 0, 'web-0 writes');
    const before = await lists(set, 0, 'web-0 has written');
    await set.scaleTo(0);
    await set.becomesReady();
    const places = [namespace.volumePlace('www-web-0'), namespace.volumePlace('www-web-1')];
    const [other, deleted] = [await volumeNameOf(namespace, 'www-web-0'), await volumeNameOf(namespace, 'www-web-1')];
    const from = await namespace.mark('no replicas');
    for (const { node, path } of places) await namespace.looksAtNode(looks.before, node, directoryLook(path));
    await namespace.deletes('persistentvolumes', deleted);
    await tampers(stage, deleted);
    const bound = await namespace.mark('the volume of www-web-1 is deleted');
    await namespace.deletes('persistentvolumeclaims', 'www-web-0');
    await namespace.sees(
      `the volume of www-web-0 to be ${reclaims === 'Delete' ? 'gone' : 'Released'}`,
      ({ persistentvolumes }) => {
        const phase = persistentvolumes.get(other)?.status?.phase;
        return reclaims === 'Delete' ? phase === undefined : phase === 'Released';
      },
      within.reclaiming,
    );
    if (reclaims === 'Retain') await deletesVolume(stage, other);
    const stillBound = await namespace.mark('the volume of www-web-0 had time to go');
    await namespace.deletes('persistentvolumeclaims', 'www-web-1');
    await namespace.sees(
      'the volume of www-web-1 to be gone',
      ({ persistentvolumes, persistentvolumeclaims }) =>
        !persistentvolumes.has(deleted) && !persistentvolumeclaims.has('www-web-1'),
      within.reclaiming,
    );
    for (const { node, path } of places) await namespace.looksAtNode(looks.after, node, directoryLook(path));
    const reclaimed = await namespace.mark('both claims had time to go');
    await set.scaleTo(1);
    const after = await listsOnceRunning(namespace, set, 0, 'web-0 is back');
    const to = await namespace.mark('web-0 listed its directory');
    for (const { node, path } of places)
      await namespace.looksAtNode('what was left is removed', node, ['rm', '-rf', path]);
    return {
      web: set,
      listed: { before, after },
      bound: { from: bound, to: stillBound },
      unbound: { from: stillBound, to: reclaimed },
      reclaimed: { from, to: reclaimed },
      fresh: { from, to },
    };
  };

/** A volume that no claim is bound to goes at once, where it is there still: whoever takes the finalizer off is at work. */
async function deletesVolume({ namespace }: Stage, name: string): Promise<void> {
  const { code } = await namespace.asks('the other volume', { verb: 'get', resource: 'persistentvolumes', name });
  if (code !== 200) return;
  await namespace.deletes('persistentvolumes', name);
  await namespace.sees(
    `the volume ${name} to be gone`,
    ({ persistentvolumes }) => !persistentvolumes.has(name),
    within.reclaiming,
  );
}

export const reclaimed = story('claims are deleted, one after its volume', deletedVolumes('Delete'));
const retainedOnes = story('claims of retained volumes are deleted, one after its volume', deletedVolumes('Retain'));

/** web-0 writes and is scaled away, its claim is deleted, the set comes back; then the volume that was left over is freed for another claim. */
const releasedVolume = (reclaims: 'Delete' | 'Retain') => async (stage: Stage) => {
  const { namespace } = stage;
  const className = await classThat(stage, { binds: 'WaitForFirstConsumer', reclaims });
  const set = await namespace.deploy(web(replicas(1), storageClass(className), onNode(await aNode(namespace))));
  await set.becomesReady();
  const nonce = await writesNonce(set, 0, 'web-0 writes');
  const before = await lists(set, 0, 'web-0 has written');
  await set.scaleTo(0);
  await set.becomesReady();
  const { node, path } = namespace.volumePlace('www-web-0');
  const volume = await volumeNameOf(namespace, 'www-web-0');
  const look = async (moment: string): Promise<string> => {
    await namespace.looksAtNode(moment, node, fileLook(`${path}/${nonceFile}`));
    return moment;
  };
  const from = await namespace.mark('web-0 is scaled away');
  const bound = await look('the volume is Bound');
  await namespace.deletes('persistentvolumeclaims', 'www-web-0');
  // A volume that is to be deleted is Released for a moment too.
  await namespace.sees(
    reclaims === 'Retain' ? 'the volume to be Released, or gone' : 'the volume to be gone',
    ({ persistentvolumes }) => {
      const { phase } = persistentvolumes.get(volume)?.status ?? { phase: 'gone' };
      return phase === 'gone' || (reclaims === 'Retain' && phase !== 'Bound');
    },
    within.reclaiming,
  );
  const left = await look('the claim is gone');
  const released = await namespace.mark('the volume is Released');
  await namespace.applies(claimNamed('again', { storageClassName: className, volumeName: volume }));
  await set.scaleTo(1);
  const after = await listsOnceRunning(namespace, set, 0, 'web-0 is back');
  const taken = await namespace.mark('web-0 has a new claim');
  await frees(stage, volume);
  const again = await look('the volume is claimed again');
  const to = await namespace.mark('the volume had time to be claimed again');
  await triesElsewhere(namespace, 'again', node);
  const end = await namespace.mark('a Pod was tried elsewhere');
  return {
    web: set,
    nonce,
    listed: { before, after },
    deleted: { looks: { before: bound, after: left }, span: { from, to: released } },
    waiting: { from: released, to: taken },
    fresh: { from, to: taken },
    claimedAgain: { looks: { before: bound, after: again }, span: { from: taken, to } },
    elsewhere: { from: taken, to: end },
  };
};

/** Takes the claim that is gone off a volume that is left over, so that the claim `again`, which asks for that volume, may have it. */
async function frees({ namespace }: Stage, name: string): Promise<void> {
  const { code } = await namespace.asks('the volume', { verb: 'get', resource: 'persistentvolumes', name });
  if (code !== 200) return;
  await namespace.patches('persistentvolumes', name, { spec: { claimRef: null } });
  await namespace.sees(
    'the volume to be Available',
    ({ persistentvolumes }) => persistentvolumes.get(name)?.status?.phase !== 'Released',
    within.reaction,
  );
  // Whoever binds claims comes to one that waits every 15 seconds; a change of it makes them come at once.
  await namespace.patches('persistentvolumeclaims', 'again', {
    metadata: { labels: { 'steadfast.dev/asks': 'again' } },
  });
  await namespace.sees(
    'the claim to be Bound',
    ({ persistentvolumeclaims }) => persistentvolumeclaims.get('again')?.status?.phase === 'Bound',
    within.reclaiming,
  );
}

export const kept = story(
  'the claim of a retained volume is deleted, and the volume is claimed again',
  { follows: ['nodes'] },
  releasedVolume('Retain'),
);

describe('Reclaiming', () => {
  const isProtected = (told: typeof reclaimed) =>
    on(told, ({ bound, unbound }) => [
      boundVolumeStays('www-web-1', bound),
      volumeGoesWithItsClaim('www-web-1', looks, unbound),
    ]);
  claim('ref.volume-in-use-protected', isProtected(reclaimed), isProtected(retainedOnes));
  claim('ref.reclaim-delete', reclaimed, ({ web, reclaimed, listed, fresh }) => [
    storageIsReclaimed(web, [0], looks, reclaimed),
    theStorageIsFresh(web, 0, listed, fresh),
  ]);
  claim('ref.reclaim-retain', kept, ({ web, nonce, deleted, waiting, listed, fresh, claimedAgain }) => [
    theRetainedVolumeKeepsItsData('www-web-0', nonce, deleted.looks, deleted.span),
    theReleasedVolumeIsNotTaken('again', 'www-web-0', waiting),
    theStorageIsFresh(web, 0, listed, fresh),
    theFreedVolumeIsClaimedAgain('again', nonce, claimedAgain.looks, claimedAgain.span),
  ]);
});

describe('controls of reclaiming', () => {
  const robbed = story(
    'retained volumes lose their claims, one of them robbed of its finalizers',
    deletedVolumes('Retain', ({ namespace }, volume) =>
      namespace.patches('persistentvolumes', volume, { metadata: { finalizers: null } }),
    ),
  );
  breaks('ref.volume-in-use-protected', robbed, ({ bound }) => boundVolumeStays('www-web-1', bound));
  breaks('ref.reclaim-delete', robbed, ({ web, reclaimed }) => storageIsReclaimed(web, [0], looks, reclaimed));

  const notKept = story('the claim of a volume that is not retained is deleted', releasedVolume('Delete'));
  breaks('ref.reclaim-retain', notKept, ({ nonce, deleted }) =>
    theRetainedVolumeKeepsItsData('www-web-0', nonce, deleted.looks, deleted.span),
  );
});
