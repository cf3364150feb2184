import {
  betweenMarks,
  breaks,
  describe,
  emptyDirs,
  inSet,
  replicas,
  story,
  storageClass,
  type Variation,
  type Workload,
} from '../../../harness/test.ts';
import { contentFollowsToAnotherNode, contentSurvives, eachPodServes } from '../../../harness/guarantees/content.ts';
import { theDirectoryIsTheVolume } from '../../../harness/guarantees/mounts.ts';
import {
  claimsAreExactly,
  claimsCarryTheSelector,
  eachClaimHasAVolumeOfItsOwn,
  volumesAreProvisioned,
} from '../../../harness/guarantees/storage.ts';
import { asWritten, askedStorage, nginx, nginxDeployment, webroot } from '../nginx.ts';
import { lookedInto, sentAway, writtenAndDeleted } from './acts.ts';

describe('controls', () => {
  const forgetful = story(
    'web-0 and web-1 write to emptyDir volumes, are deleted and come back',
    writtenAndDeleted(nginx(emptyDirs())),
  );
  breaks('web.data-survives-pod-delete', forgetful, ({ web, pages, before, after }) =>
    contentSurvives(web, pages, { before, after }),
  );
  breaks('web.pvc-naming', forgetful, () => claimsAreExactly(asWritten, [0, 1]));
  breaks('web.pvc-labelled', forgetful, () => claimsCarryTheSelector(asWritten, [0, 1]));

  const sharing = story('web-0 and web-1 share one claim', writtenAndDeleted(oneClaimForAll(nginx())));
  breaks('web.serves-own-hostname', sharing, ({ web, pages, before }) => eachPodServes(web, pages, before));
  breaks('web.pvc-naming', sharing, () => claimsAreExactly(asWritten, [0, 1]));
  breaks('web.pvc-one-pv-each', sharing, () => eachClaimHasAVolumeOfItsOwn(asWritten, [0, 1], askedStorage));

  const beside = story(
    'what web-0 writes beside its volume is looked for on its node',
    lookedInto(nginx(replicas(1), besideTheVolume())),
  );
  breaks('web.volume-backs-webroot', beside, ({ web, written, asked }) =>
    theDirectoryIsTheVolume(web, webroot, written, asked),
  );

  const unprovisioned = story('the claims ask for no StorageClass', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(replicas(1), storageClass('')));
    await web.podAppears(0);
    await namespace.until('the claim', ({ persistentvolumeclaims }) => persistentvolumeclaims.has('www-web-0'));
    await namespace.quietly('the claim is Pending');
    return { web };
  });
  breaks('web.pv-dynamic', unprovisioned, ({ web }) => volumesAreProvisioned(web, [0]));
  breaks('web.pvc-one-pv-each', unprovisioned, ({ web }) => eachClaimHasAVolumeOfItsOwn(web, [0], askedStorage));

  const pinned = story('web-0, whose volume stays on its node, is sent to another', { alone: true }, async (stage) => {
    const { namespace } = stage;
    const { web, pages, before } = await sentAway(stage, nginx(replicas(1)));
    await namespace.until('web-0 to be refused by every node', ({ pods }) => {
      const conditions = pods.get('web-0')?.status?.conditions ?? [];
      return conditions.some(({ type, status }) => type === 'PodScheduled' && status === 'False');
    });
    const after = await betweenMarks(namespace, 'on no node', () => Promise.resolve());
    return { web, pages, before, after };
  });
  breaks('web.data-follows-node', pinned, ({ web, pages, before, after }) =>
    contentFollowsToAnotherNode(web, pages, { before, after }),
  );

  const deployment = story('the web server is a Deployment with one claim', async ({ namespace }) => {
    await namespace.applies(nginxDeployment());
    await namespace.until('both Pods of the Deployment', ({ pods }) => pods.size === 2);
  });
  breaks('web.pvc-naming', deployment, () => claimsAreExactly(asWritten, [0, 1]));
});

/** The claim is mounted elsewhere, and the web root is an emptyDir: what is written there is in no volume. */
function besideTheVolume(): Variation {
  return inSet('the web root is an emptyDir, the claim is mounted at /data', (spec) => {
    const template = spec['template'] as { readonly spec: { readonly containers: readonly object[] } };
    const volumeMounts = [
      { name: 'www', mountPath: '/data' },
      { name: 'beside', mountPath: webroot },
    ];
    const containers = template.spec.containers.map((container) => ({ ...container, volumeMounts }));
    return {
      ...spec,
      template: { ...template, spec: { ...template.spec, containers, volumes: [{ name: 'beside', emptyDir: {} }] } },
    };
  });
}

/** One claim, made beside the set, in place of one for each Pod. */
function oneClaimForAll(workload: Workload): Workload {
  const shared = inSet('one claim for all Pods in place of volumeClaimTemplates', (spec) => {
    const { volumeClaimTemplates: _, ...rest } = spec;
    const template = rest['template'] as { readonly spec: object };
    const volumes = [{ name: 'www', persistentVolumeClaim: { claimName: 'shared' } }];
    return { ...rest, template: { ...template, spec: { ...template.spec, volumes } } };
  })(workload);
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'shared' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  };
  return { ...shared, objects: [claim, ...shared.objects] };
}
