import { breaks, claim, claimRetention, describe, replicas, story, type Stage } from '../../harness/test.ts';
import { claimsAreOfTheDefaultClass } from '../../harness/guarantees/defaultClass.ts';
import { eachPodIsGone } from '../../harness/guarantees/deletion.ts';
import type { Span } from '../../harness/guarantees/guarantee.ts';
import { theSetHasExactlyThePods } from '../../harness/guarantees/stored.ts';
import { podsTerminateTogether } from '../../harness/guarantees/parallel.ts';
import { claimsAreKept } from '../../harness/guarantees/quiet.ts';
import { directoryLook, storageIsReclaimed } from '../../harness/guarantees/reclaiming.ts';
import { claimsAreExactly } from '../../harness/guarantees/storage.ts';
import { inOrder } from './controls.ts';
import { ordered, parallel } from './workloads.ts';
import { followed, podsAreGone } from './stories.ts';

const five = [0, 1, 2, 3, 4];
const looks = { before: 'before the claims are deleted', after: 'after the claims were deleted' };

const reclaimed = story('the five claims that a set left behind are deleted', async ({ namespace }) => {
  const web = await namespace.deploy(parallel(replicas(5)));
  await web.becomesReady();
  await web.delete('Background');
  await podsAreGone(namespace);
  const claims = five.map((ordinal) => `www-web-${ordinal}`);
  const places = claims.map((claim) => namespace.volumePlace(claim));
  const look = (moment: string) =>
    Promise.all(places.map(({ node, path }) => namespace.looksAtNode(moment, node, directoryLook(path))));
  const from = await namespace.mark('before the claims are deleted');
  await look(looks.before);
  await Promise.all(claims.map((claim) => namespace.deletes('persistentvolumeclaims', claim)));
  await namespace.sees(
    'claims and volumes to be gone',
    ({ persistentvolumeclaims, persistentvolumes }) => persistentvolumeclaims.size + persistentvolumes.size === 0,
  );
  await look(looks.after);
  return { web, span: { from, to: await namespace.mark('the claims are deleted') } };
});

describe('Cleaning up', () => {
  claim('webpar.delete-concurrent', followed, ({ web, deletion }) => [
    podsTerminateTogether(web, { ordinals: [0, 1, 2, 3], held: [3] }, deletion),
    eachPodIsGone(web, [0, 1, 2, 3], deletion),
  ]);
  claim('webpar.reuses-earlier-claims', followed, ({ web, reused, ran }) => [
    claimsAreKept(web, five, reused),
    claimsAreExactly(web, five, { to: ran.to }),
    claimsAreOfTheDefaultClass(web, five, 'storage classes', reused),
    theSetHasExactlyThePods(web, [0, 1, 2, 3], ran),
  ]);
  claim('webpar.pvc-delete-removes-storage', reclaimed, ({ web, span }) => storageIsReclaimed(web, five, looks, span));
});

describe('controls of cleaning up', () => {
  breaks('webpar.delete-concurrent', inOrder, ({ web, down }) =>
    podsTerminateTogether(web, { ordinals: [1, 2, 3], held: [3] }, down),
  );

  const left = story('claims go with web.yaml, and a volume outlives its claim', async ({ namespace }) => {
    const basics = await namespace.deploy(ordered(replicas(1), claimRetention('Delete', 'Retain')));
    await basics.becomesReady();
    const from = await namespace.mark('web.yaml runs');
    await basics.delete('Background');
    await podsAreGone(namespace);
    const web = await namespace.deploy(parallel(replicas(1)));
    await web.becomesReady();
    const ran = await namespace.mark('web-parallel.yaml runs');
    await web.delete('Background');
    await podsAreGone(namespace);
    return { web, reused: { from, to: ran }, span: await deletesClaimWithoutItsVolume(namespace, 'www-web-0') };
  });
  breaks('webpar.reuses-earlier-claims', left, ({ web, reused }) => claimsAreKept(web, [0], reused));
  breaks('webpar.pvc-delete-removes-storage', left, ({ web, span }) => storageIsReclaimed(web, [0], looks, span));
});

/** Has the claim's volume outlive it for a while; in the end it goes as well, so that nothing stays behind on the cluster. */
async function deletesClaimWithoutItsVolume(namespace: Stage['namespace'], claim: string): Promise<Span> {
  const { body } = await namespace.asks('which volume it is', {
    verb: 'get',
    resource: 'persistentvolumeclaims',
    name: claim,
  });
  const name = (body as { readonly spec: { readonly volumeName: string } }).spec.volumeName;
  const isReclaimedBy = (persistentVolumeReclaimPolicy: 'Retain' | 'Delete') =>
    namespace.asks(`the volume is to ${persistentVolumeReclaimPolicy}`, {
      verb: 'patch',
      resource: 'persistentvolumes',
      name,
      body: { spec: { persistentVolumeReclaimPolicy } },
    });
  const from = await namespace.mark('before the claim is deleted');
  await isReclaimedBy('Retain');
  await namespace.deletes('persistentvolumeclaims', claim);
  await namespace.until(
    'the volume to be Released',
    ({ persistentvolumes }) => persistentvolumes.get(name)?.status?.phase === 'Released',
  );
  const to = await namespace.mark('the claim is deleted');
  await isReclaimedBy('Delete');
  await namespace.until('the volume to be gone', ({ persistentvolumes }) => !persistentvolumes.has(name));
  return { from, to };
}
