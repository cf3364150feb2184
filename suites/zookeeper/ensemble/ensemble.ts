import { claim, describe, story } from '../../../harness/test.ts';
import {
  eachPodIsAddedInOrdinalOrder,
  eachPodRunsBeforeItIsReady,
  eachPodWaitsForItsPredecessors,
} from '../../../harness/guarantees/creation.ts';
import {
  dnsNamesOf,
  eachPodNameResolvesToItsPod,
  srvNamesEachReadyPod,
  theServiceNameResolvesToEachPod,
} from '../../../harness/guarantees/dns.ts';
import {
  eachNameLeadsToItsServer,
  eachPodRunsOneServer,
  eachServerListsTheEnsemble,
  exactlyOneServerLeads,
  serverIdsFollowOrdinals,
} from '../../../harness/guarantees/ensembles.ts';
import { noPodIsReadyBeforeItsProbe } from '../../../harness/guarantees/healthProbes.ts';
import { hostnamesArePodNames } from '../../../harness/guarantees/identity.ts';
import { theObjectSays } from '../../../harness/guarantees/objectFields.ts';
import { eachPodPrints } from '../../../harness/guarantees/outputs.ts';
import { everyServerHolds } from '../../../harness/guarantees/replication.ts';
import { theServiceHasAnAddress, theSetHasExactlyThePods, theSetIsStored } from '../../../harness/guarantees/stored.ts';
import type { Asked } from '../../../harness/guarantees/settled.ts';
import { asWritten, files, ordinals, zookeeper } from '../zookeeper.ts';
import { deletedAndAppliedAgain } from './telling.ts';

export const ensemble = story(
  "the ensemble is created from the tutorial's file, written to, deleted and created again",
  { places: 2, minutes: 2 },
  deletedAndAppliedAgain(zookeeper()),
);

describe('Creating a ZooKeeper ensemble', () => {
  claim('zk.objects-created', ensemble, ({ serves: { to } }) => [...theObjectsAreThere(to)]);
  claim('zk.ordered-creation', ensemble, ({ stands }) => isCreatedInOrder({ to: stands }));
  claim('zk.one-server-per-pod', ensemble, ({ serves }) => eachPodRunsOneServer(asWritten, ordinals, serves));
});

describe('Facilitating leader election', () => {
  claim('zk.hostnames', ensemble, ({ serves }) => hostnamesArePodNames(asWritten, ordinals, serves));
  claim('zk.myid', ensemble, ({ serves }) => [
    eachPodPrints(asWritten, ordinals, ['cat', files.identifier], (ordinal) => `${ordinal + 1}\n`, serves),
    serverIdsFollowOrdinals(asWritten, ordinals, serves),
  ]);
  claim('zk.fqdn', ensemble, ({ serves, namespace, zone }) => fullNamesArePrinted({ serves, namespace, zone }));
  claim('zk.domain', ensemble, ({ zone, named }) => [
    theServiceNameResolvesToEachPod(asWritten, zone, named),
    srvNamesEachReadyPod(asWritten, { name: 'server', port: 2888 }, zone, named),
    srvNamesEachReadyPod(asWritten, { name: 'leader-election', port: 3888 }, zone, named),
  ]);
  claim('zk.a-records', ensemble, ({ zone, named }) => eachPodNameResolvesToItsPod(asWritten, ordinals, zone, named));
  claim('zk.zoo-cfg-servers', ensemble, ({ zone, serves }) =>
    eachServerListsTheEnsemble(asWritten, ordinals, files.configuration, { ports: '2888:3888', zone }, serves),
  );
  claim('zk.leader-elected', ensemble, ({ serves, still }) =>
    exactlyOneServerLeads(asWritten, ordinals, [serves, still]),
  );
});

describe('Achieving consensus', () => {
  claim('zk.unique-ids', ensemble, ({ serves }) => serverIdsFollowOrdinals(asWritten, ordinals, serves));
  claim('zk.fqdn-single-endpoint-identity', ensemble, ({ zone, named }) =>
    eachNameLeadsToItsServer(asWritten, ordinals, { pod: 'probe', port: 2181, zone }, named),
  );
});

describe('Sanity testing the ensemble', () => {
  claim('zk.write-read-across', ensemble, ({ written }) =>
    everyServerHolds({ ...written, read: { ...written.read, servers: ['zk-1'] } }),
  );
  claim('zk.data-on-all', ensemble, ({ written }) => everyServerHolds(written));
});

/** The two Services, the budget and the set, in what the tutorial's text says of them. */
export function theObjectsAreThere(to: string) {
  return [
    theObjectSays(
      'services',
      'zk-hs',
      {
        'spec.clusterIP': 'None',
        'spec.ports.0.name': 'server',
        'spec.ports.0.port': 2888,
        'spec.ports.1.name': 'leader-election',
        'spec.ports.1.port': 3888,
        'spec.ports.2': undefined,
        'spec.selector': { app: 'zk' },
      },
      { to },
    ),
    theObjectSays(
      'services',
      'zk-cs',
      {
        'spec.type': 'ClusterIP',
        'spec.ports.0.name': 'client',
        'spec.ports.0.port': 2181,
        'spec.ports.1': undefined,
        'spec.selector': { app: 'zk' },
      },
      { to },
    ),
    theServiceHasAnAddress('zk-cs', { to }),
    theObjectSays(
      'poddisruptionbudgets',
      'zk-pdb',
      {
        'spec.maxUnavailable': 1,
        'spec.minAvailable': undefined,
        'spec.selector.matchLabels': { app: 'zk' },
      },
      { to },
    ),
    theSetIsStored(asWritten, 3, { to }),
    theSetHasExactlyThePods(asWritten, ordinals, { to }),
  ] as const;
}

/** Pods here are Running well before they are Ready, for ten seconds at least, so that order by readiness is seen for what it is. */
export function isCreatedInOrder(span: { readonly from?: string; readonly to: string }) {
  return [
    eachPodIsAddedInOrdinalOrder(asWritten, span),
    eachPodWaitsForItsPredecessors(asWritten, span),
    eachPodRunsBeforeItIsReady(asWritten, ordinals, span),
    noPodIsReadyBeforeItsProbe(asWritten, span),
  ] as const;
}

export function fullNamesArePrinted({ serves, namespace, zone }: FullNames) {
  const names = dnsNamesOf(asWritten, { name: namespace, zone });
  return eachPodPrints(asWritten, ordinals, ['hostname', '-f'], (ordinal) => `${names.pod(ordinal)}\n`, serves);
}

interface FullNames {
  readonly serves: Asked;
  readonly namespace: string;
  readonly zone: string;
}
