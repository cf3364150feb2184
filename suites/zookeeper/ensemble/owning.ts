import {
  betweenMarks,
  breaks,
  claim,
  command,
  describe,
  inPods,
  on,
  patience,
  replicas,
  storageClass,
  story,
  type Stage,
  type Variation,
  type Workload,
} from '../../../harness/test.ts';
import {
  showsOwner,
  theVolumeBelongsToTheGroup,
  theVolumeIsGivenToTheGroup,
  theVolumeShutsTheProcessOut,
  whatIsThereIsGivenToTheGroup,
} from '../../../harness/guarantees/owners.ts';
import type { Asked } from '../../../harness/guarantees/settled.ts';
import { noGroup } from '../variants.ts';
import { asWritten, volumeDirectory, zookeeper } from '../zookeeper.ts';

const look = 'the volume and its owner';

/** One server with a volume that is root's alone unless the cluster gives it away; kind's usual class lets everybody in. A server that is not let in does not come up. */
const owned =
  (workload: Workload) =>
  async ({ namespace }: Stage) => {
    const zk = await namespace.deploy(workload);
    const isUp = await namespace.sees(
      'the server to be ready',
      ({ pods }) => pods.get('zk-0')?.status?.containerStatuses?.[0]?.ready === true,
      { deadlineMs: patience.slowPodMs },
    );
    const asked = await betweenMarks(namespace, look, async () => {
      if (isUp) await zk.runs(look, 0, showsOwner(volumeDirectory));
      await namespace.looksAtVolume(look, 'datadir-zk-0', ['stat', '-c', '%u %g %a', '{path}']);
    });
    return { zk, asked, to: asked.to };
  };

const withGroup = story(
  'a server is given a volume that is root’s',
  owned(zookeeper(replicas(1), storageClass('local-owned'))),
);

const file = 'before';
const earlier = 'the volume before its server';

/** First root has the volume, writes a file there and goes; then comes a server. Before its container runs, its volume has been given to the group. */
const filled =
  (workload: Workload) =>
  async ({ namespace }: Stage) => {
    const stat = ['stat', '-c', '%u %g %a', `{path}/${file}`];
    const root = await namespace.deploy(zookeeper(replicas(1), storageClass('local-owned'), rootAlone()));
    const first = await root.podBecomesRunning(0);
    await root.runs(earlier, 0, ['sh', '-c', `umask 077; echo root > ${volumeDirectory}/${file}`]);
    await namespace.looksAtVolume(earlier, 'datadir-zk-0', stat);
    await root.delete('Background');
    await namespace.until('the first Pod to be gone', ({ pods }) => !pods.has('zk-0'));
    const zk = await namespace.deploy(workload);
    await zk.podBecomesRunning(0, first);
    await namespace.looksAtVolume(look, 'datadir-zk-0', stat);
    return { zk };
  };

const withFile = story(
  'a server is given a volume with a file that is root’s',
  filled(zookeeper(replicas(1), storageClass('local-owned'))),
);

const withoutGroup = story('a server without fsGroup is given a volume that is root’s', async ({ namespace }) => {
  const zk = await namespace.deploy(zookeeper(replicas(1), storageClass('local-owned'), noGroup()));
  await namespace.sees('the container of zk-0 to have ended twice', ({ pods }) => {
    const [status] = pods.get('zk-0')?.status?.containerStatuses ?? [];
    return (status?.restartCount ?? 0) >= 2 || status?.ready === true;
  });
  await namespace.looksAtVolume(look, 'datadir-zk-0', ['stat', '-c', '%u %g %a', '{path}']);
  const to = await namespace.mark('the volume was looked at');
  return { zk, to };
});

const everybodys = story(
  'a server without fsGroup is given a volume that is everybody’s',
  owned(zookeeper(replicas(1), noGroup())),
);

describe('Configuring a non-privileged user', () => {
  claim(
    'zk.fsgroup-ownership',
    on(withGroup, ({ asked }) => [theGroupOwnsIt(asked), theGroupIsGivenIt(asked)]),
    on(withFile, () => theFileIsGivenAway()),
  );
  claim('zk.root-owned-without-fsgroup', withoutGroup, ({ to }) => itIsShutOut(to));
});

describe('controls', () => {
  const kept = story(
    'a server without fsGroup is given a volume with a file that is root’s',
    filled(zookeeper(replicas(1), storageClass('local-owned'), rootAlone())),
  );
  breaks('zk.fsgroup-ownership', kept, () => theFileIsGivenAway());
  breaks('zk.fsgroup-ownership', everybodys, ({ asked }) => theGroupOwnsIt(asked));
  breaks('zk.fsgroup-ownership', everybodys, ({ asked }) => theGroupIsGivenIt(asked));
  breaks('zk.root-owned-without-fsgroup', everybodys, ({ to }) => itIsShutOut(to));
});

function theGroupOwnsIt(asked: Asked) {
  return theVolumeBelongsToTheGroup(asWritten, [0], volumeDirectory, { user: 1000, group: 1000 }, asked);
}

function theGroupIsGivenIt(asked: Asked) {
  return theVolumeIsGivenToTheGroup(asWritten, 0, look, 1000, asked);
}

function itIsShutOut(to: string) {
  return theVolumeShutsTheProcessOut(asWritten, 0, look, { to });
}

function theFileIsGivenAway() {
  return whatIsThereIsGivenToTheGroup(asWritten, 0, file, { before: earlier, after: look }, 1000);
}

/** No server, but a Pod of root's that does nothing and goes at once. */
function rootAlone(): Variation {
  const asRoot = inPods('root, and no fsGroup', (pod) => ({
    ...pod,
    securityContext: { runAsUser: 0 },
    terminationGracePeriodSeconds: 1,
  }));
  const idle = command('sleep', 'infinity');
  return (workload) => asRoot(idle(workload));
}
