import { breaks, describe, emptyDirs, podManagementPolicy, replicas, service, story } from '../../../harness/test.ts';
import {
  configurationIsTheSame,
  flagsReachTheServers,
  logsGoToTheConsole,
} from '../../../harness/guarantees/configuration.ts';
import { everyPodGoesWithItsSet } from '../../../harness/guarantees/deletion.ts';
import { eachPodNameResolvesToItsPod, srvNamesEachReadyPod } from '../../../harness/guarantees/dns.ts';
import {
  eachNameLeadsToItsServer,
  eachPodRunsOneServer,
  eachServerListsTheEnsemble,
  exactlyOneServerLeads,
  serverIdsFollowOrdinals,
} from '../../../harness/guarantees/ensembles.ts';
import { hostnamesArePodNames } from '../../../harness/guarantees/identity.ts';
import { theDirectoryIsTheVolume } from '../../../harness/guarantees/mounts.ts';
import { nothingIsWrittenBeforeTheElection } from '../../../harness/guarantees/quorum.ts';
import { everyServerHolds } from '../../../harness/guarantees/replication.ts';
import { alone, noBudget, noSecurityContext, ofAnotherService, otherNames, withFlag } from '../variants.ts';
import { asWritten, files, flags, logLevel, ordinals, volumeDirectory, zookeeper } from '../zookeeper.ts';
import { clientsAtWork } from './clients.ts';
import {
  theLastLinesAreTheServers,
  theNamesAreZooKeeper,
  thePodsHaveTheContext,
  theServersAreNotRoot,
} from './configuring.ts';
import {
  commitsNeedAQuorum,
  itIsFoundAgain,
  losing,
  nothingAcknowledgedIsLost,
  orderIsSampled,
  snapshotsComeWithWrites,
  theTreeIsKept,
  theWatchIsTold,
  theyRecover,
} from './consensus.ts';
import { fullNamesArePrinted, isCreatedInOrder, theObjectsAreThere } from './ensemble.ts';
import { serversComeAndGo } from './losing.ts';
import { eachPodHasItsClaim, mountsItsClaim, onlyTheSetIsMade, theLogHolds, theValueIsServedAgain } from './storage.ts';
import { created, creationOf, deletedAndAppliedAgain } from './telling.ts';

const parallel = podManagementPolicy('Parallel');

/** Three servers that know nothing of one another, as root, where user 1000 has another name, under names that lead nowhere, with their configuration in another place. */
const strangers = story(
  'three servers stand alone, as root, under another Service',
  { places: 2 },
  created(
    zookeeper(
      parallel,
      emptyDirs(),
      alone(),
      noSecurityContext(),
      otherNames(),
      noBudget(),
      ofAnotherService(),
      withFlag('conf_dir', '/tmp/zookeeper'),
    ),
  ),
);

const forgetful = story(
  'the ensemble has no volumes and is deleted and created again',
  { places: 2, minutes: 2 },
  deletedAndAppliedAgain(zookeeper(parallel, emptyDirs())),
);

const elsewhere = story(
  'the servers write beside their volumes',
  { places: 2 },
  created(zookeeper(parallel, withFlag('data_dir', '/tmp/data'), withFlag('data_log_dir', '/tmp/log'))),
);

const divided = story(
  'servers that stand alone are lost and come back while a client writes',
  { places: 2, minutes: 4 },
  serversComeAndGo(zookeeper(replicas(1), parallel, alone())),
);

const apart = story(
  'clients work with servers that stand alone',
  { places: 2 },
  clientsAtWork(zookeeper(parallel, emptyDirs(), alone())),
);

const orphaned = story('the set is orphaned, and other Services are applied', async ({ namespace }) => {
  const zk = await namespace.deploy(zookeeper(replicas(1), emptyDirs()));
  await zk.podAppears(0);
  const stands = await namespace.mark('the set stands');
  await zk.delete('Orphan');
  const { to: deleted } = await namespace.quietly('the set is orphaned');
  await namespace.deploy(zookeeper(replicas(1), emptyDirs(), service({ publishNotReadyAddresses: true })));
  const applied = await namespace.mark('the manifest is applied again');
  return { stands, deleted, applied };
});

describe('controls', () => {
  breaks('zk.objects-created', strangers, ({ serves: { to } }) => [...theObjectsAreThere(to)]);
  breaks('zk.ordered-creation', strangers, ({ serves: { to } }) => isCreatedInOrder({ to }));
  breaks('zk.one-server-per-pod', losing, ({ first }) => eachPodRunsOneServer(asWritten, [0], first));
  breaks('zk.hostnames', strangers, ({ serves }) => hostnamesArePodNames(asWritten, ordinals, serves));
  breaks('zk.fqdn', strangers, ({ serves, namespace, zone }) => fullNamesArePrinted({ serves, namespace, zone }));
  breaks('zk.domain', strangers, ({ zone, named }) =>
    srvNamesEachReadyPod(asWritten, { name: 'server', port: 2888 }, zone, named),
  );
  breaks('zk.a-records', strangers, ({ zone, named }) => eachPodNameResolvesToItsPod(asWritten, ordinals, zone, named));
  breaks('zk.fqdn-single-endpoint-identity', strangers, ({ zone, named }) =>
    eachNameLeadsToItsServer(asWritten, ordinals, { pod: 'probe', port: 2181, zone }, named),
  );
  for (const id of ['zk.myid', 'zk.unique-ids'] as const)
    breaks(id, strangers, ({ serves }) => serverIdsFollowOrdinals(asWritten, ordinals, serves));
  breaks('zk.zoo-cfg-servers', strangers, ({ zone, serves }) =>
    eachServerListsTheEnsemble(asWritten, ordinals, files.configuration, { ports: '2888:3888', zone }, serves),
  );
  breaks('zk.leader-elected', strangers, ({ serves, still }) =>
    exactlyOneServerLeads(asWritten, ordinals, [serves, still]),
  );
  breaks('zk.write-read-across', strangers, ({ written }) =>
    everyServerHolds({ ...written, read: { ...written.read, servers: ['zk-1'] } }),
  );
  breaks('zk.data-on-all', strangers, ({ written }) => everyServerHolds(written));
  breaks('zk.zoo-cfg-from-flags', strangers, ({ serves }) =>
    flagsReachTheServers(asWritten, ordinals, files.configuration, flags, serves),
  );
  breaks('zk.config-consistent', strangers, ({ serves }) =>
    configurationIsTheSame(asWritten, ordinals, files.configuration, ['serverId'], serves),
  );
  breaks('zk.log-config-console', strangers, ({ serves }) =>
    logsGoToTheConsole(asWritten, ordinals, files.logging, serves),
  );
  breaks('zk.log-level-flag', strangers, ({ serves }) =>
    flagsReachTheServers(asWritten, ordinals, files.logging, [logLevel], serves),
  );
  breaks('zk.logs-via-kubectl', strangers, ({ serves }) => theLastLinesAreTheServers(serves));
  breaks('zk.security-context', strangers, ({ serves: { to } }) => thePodsHaveTheContext(to));
  breaks('zk.process-not-root', strangers, ({ serves }) => theServersAreNotRoot(serves));
  breaks('zk.uid-gid-names', strangers, ({ serves }) => theNamesAreZooKeeper(serves));

  breaks('zk.recreate-ordered', forgetful, ({ deleted, recreated }) =>
    isCreatedInOrder({ from: deleted, to: recreated }),
  );
  breaks('zk.data-survives-sts-delete', forgetful, () => theValueIsServedAgain);
  breaks('zk.pvc-per-pod', forgetful, ({ stands }) => eachPodHasItsClaim({ to: stands }));
  breaks('zk.pvc-remounted', forgetful, ({ recreated }) => mountsItsClaim(recreated));
  breaks('zk.volume-mounted-datadir', forgetful, ({ data, serves }) =>
    theDirectoryIsTheVolume(asWritten, volumeDirectory, [{ ordinal: 0, nonce: data, sent: creationOf(data) }], serves),
  );
  breaks('zk.delete-terminates-all', orphaned, ({ stands, deleted }) =>
    everyPodGoesWithItsSet(asWritten, { from: stands, to: deleted }),
  );
  breaks('zk.reapply-only-sts', orphaned, ({ deleted, applied }) => [
    ...onlyTheSetIsMade({ from: deleted, to: applied }),
  ]);
  breaks('zk.wal-on-volume', elsewhere, ({ data }) => theLogHolds(data));

  breaks('zk.a-records-follow-reschedule', divided, ({ zone, before, back, stays }) =>
    itIsFoundAgain({ zone, before, back, stays }),
  );
  breaks('zk.commit-needs-quorum', divided, ({ three, two, alone: one, restored }) =>
    commitsNeedAQuorum({ three, two, alone: one, restored }),
  );
  breaks('zk.no-write-before-election', divided, ({ three }) => nothingIsWrittenBeforeTheElection({ to: three.to }));
  breaks('zk.no-false-ack', divided, () => nothingAcknowledgedIsLost);
  breaks('zk.snapshots-on-volume', divided, ({ snapshots }) => snapshotsComeWithWrites(snapshots));
  breaks('zk.crash-recovery', divided, ({ crash }) => theyRecover(crash));
  breaks('zk.watch-observes-updates', apart, () => theWatchIsTold);
  breaks('zk.hierarchy', apart, () => theTreeIsKept);
  breaks('zk.order-sampled', apart, () => orderIsSampled);
});
