import { claimsAreOfTheClass, theClaimWaitsForNobody } from '../../harness/guarantees/classes.ts';
import { eachServerHoldsTokens, eachServerKnowsTheOthers, eachServerTells } from '../../harness/guarantees/cql.ts';
import {
  eachPodIsAddedInOrdinalOrder,
  eachPodWaitsForItsPredecessors,
  noPodIsAddedWhileAnotherStarts,
} from '../../harness/guarantees/creation.ts';
import { eachPodNameResolvesToItsPod, theServiceNameResolvesToEachPod } from '../../harness/guarantees/dns.ts';
import { podsAreGivenTime, podsEndByThemselves, theServerIsDrainedFirst } from '../../harness/guarantees/endings.ts';
import { noPodIsReadyBeforeItsProbe } from '../../harness/guarantees/healthProbes.ts';
import { noAcknowledgedWriteIsLost } from '../../harness/guarantees/ledger.ts';
import { theDirectoryIsTheVolume } from '../../harness/guarantees/mounts.ts';
import { isAnsweredNotFound, isRemoved } from '../../harness/guarantees/presence.ts';
import { eachPodPrintsLines, theContainerMay } from '../../harness/guarantees/printed.ts';
import { claimsAreKept, eachPodIsUntouched } from '../../harness/guarantees/quiet.ts';
import { aPodFindsAnother, theNameLeadsToAServer } from '../../harness/guarantees/reach.ts';
import { storageIsReclaimed } from '../../harness/guarantees/reclaiming.ts';
import { sameTemplateMakesNoRevision } from '../../harness/guarantees/revisions.ts';
import {
  eachMemberHasTokens,
  readyMeansUpAndNormal,
  theMemberComesBack,
  thePodsFormOneRing,
  theRingIsIn,
} from '../../harness/guarantees/ring.ts';
import { exactlyTheseAreLaunched } from '../../harness/guarantees/scaling.ts';
import { everyPodWasGoneAtOnce, podsJoinWithoutHelp, theFirstPodIsTheSeed } from '../../harness/guarantees/seeds.ts';
import { podsAreGuaranteed, portsAreOpen } from '../../harness/guarantees/shape.ts';
import { statusIsTrueOfThePods } from '../../harness/guarantees/status.ts';
import {
  claimsAreExactly,
  claimsCarryTheSelector,
  eachClaimHasAVolumeOfItsOwn,
} from '../../harness/guarantees/storage.ts';
import { theServiceIsHeadless } from '../../harness/guarantees/stored.ts';
import { claim, describe, on } from '../../harness/test.ts';
import { askingForJava, askingForRelease, readingCommandLine, readingConfiguration, readingSystem } from './acts.ts';
import {
  capability,
  commandLine,
  configured,
  dataBelow,
  debian,
  defaults,
  java,
  place,
  ports,
  release,
  resources,
  seeds,
  toldOtherwise,
} from './expected.ts';
import { classRead, directories, four, graceRead, ring, serviceRead, three } from './ring.ts';
import { durable, environment, unservedClass } from './stories.ts';
import { askedStorage, dataDirectory, fast, headless, seedVariable, unserved } from './workloads.ts';

describe('Introduction', () => {
  claim('cass.seed-provider-joins', ring, ({ set, made, view, told, inside, zone, namespace }) => [
    podsJoinWithoutHelp(set, three, made),
    eachPodPrintsLines(set, three, readingConfiguration, seeds(set, namespace, zone), inside),
    eachServerKnowsTheOthers(set, three, told),
    thePodsFormOneRing(set, three, view),
  ]);
  claim(
    'cass.data-durable',
    on(durable, ({ set, reads, span }) => [everyPodWasGoneAtOnce(set, span), noAcknowledgedWriteIsLost(reads)]),
    on(ring, ({ reads }) => noAcknowledgedWriteIsLost(reads)),
  );
  claim('cass.member-identity-kept', ring, ({ set, view, returned }) =>
    theMemberComesBack(set, 1, three, { before: view, after: returned }),
  );
});

describe('Creating a headless Service for Cassandra', () => {
  claim('cass.headless-service', ring, ({ set, made }) => theServiceIsHeadless(set, headless, made));
  claim('cass.service-dns', ring, ({ set, name, zone, names }) => [
    theServiceNameResolvesToEachPod(set, zone, names),
    theNameLeadsToAServer(name, headless.port.port, set, names),
    aPodFindsAnother(set, { from: 1, to: 0 }, names),
  ]);
});

describe('Using a StatefulSet to create a Cassandra ring', () => {
  claim('cass.seed-fqdn', ring, ({ set, zone, names, made }) => [
    theFirstPodIsTheSeed(seedVariable, set, three, zone, made),
    eachPodNameResolvesToItsPod(set, [0], zone, names),
  ]);
  claim('cass.ready-means-un', ring, ({ set, joining, view, returned }) => [
    readyMeansUpAndNormal(set, 1, [...joining, view, returned]),
    noPodIsReadyBeforeItsProbe(set),
  ]);
  claim('cass.cluster-name', ring, ({ set, told }) => eachServerTells({ cluster_name: 'K8Demo' }, set, three, told));
  claim('cass.class-fast', ring, ({ set, view }) => claimsAreOfTheClass(fast, set, three, classRead, { to: view.to }));
  claim('cass.class-unmodified-pends', unservedClass, ({ set, span }) =>
    theClaimWaitsForNobody(unserved, set, 0, 'neighbour', span),
  );
  claim('cass.pvc-naming', ring, ({ set, made }) => [
    claimsAreExactly(set, three, made),
    eachClaimHasAVolumeOfItsOwn(set, three, askedStorage, made),
  ]);
  claim('cass.data-dir-on-pv', ring, ({ set, written, stored, inside }) => [
    theDirectoryIsTheVolume(set, dataDirectory, written, stored),
    eachPodPrintsLines(set, three, readingConfiguration, dataBelow(dataDirectory), inside),
  ]);
  claim('cass.prestop-drain', ring, ({ set, loss }) => theServerIsDrainedFirst(set, 1, 'cassandra-1 is deleted', loss));
  claim('cass.grace-1800', ring, ({ set }) => podsAreGivenTime(set, 1800, graceRead));
  claim('cass.resources', ring, ({ set }) => podsAreGuaranteed(resources, set));
  claim('cass.ipc-lock', ring, ({ set, inside }) => theContainerMay(capability, set, three, inside));
  claim('cass.heap-env', ring, ({ set, inside }) =>
    eachPodPrintsLines(set, three, readingCommandLine, commandLine, inside),
  );
  claim('cass.ports', ring, ({ set, names }) => portsAreOpen(ports, set, three, names));
});

describe('Validating the Cassandra StatefulSet', () => {
  claim('cass.sequential-deploy', ring, ({ set, made }) => [
    eachPodIsAddedInOrdinalOrder(set, made),
    noPodIsAddedWhileAnotherStarts(set, made),
    eachPodWaitsForItsPredecessors(set, made),
  ]);
  claim('cass.ring-of-three', ring, ({ set, view }) => thePodsFormOneRing(set, three, view));
  claim('cass.dc-rack', ring, ({ set, view, told }) => [
    theRingIsIn(place, set, three, view),
    eachServerTells({ data_center: place.datacenter, rack: place.rack }, set, three, told),
  ]);
  claim('cass.num-tokens', ring, ({ set, view, told }) => [
    eachMemberHasTokens(32, set, three, view),
    eachServerHoldsTokens(32, set, three, told),
  ]);
});

describe('Modifying the Cassandra StatefulSet', () => {
  claim('cass.scale-to-four', ring, ({ set, grown }) => [
    exactlyTheseAreLaunched(set, [3], grown.span),
    eachPodWaitsForItsPredecessors(set, grown.span),
    statusIsTrueOfThePods(set, grown.quiet),
    thePodsFormOneRing(set, four, grown.view),
  ]);
  claim('cass.scale-no-restart', ring, ({ set, grown }) => [
    eachPodIsUntouched(set, three, grown.span),
    sameTemplateMakesNoRevision(set, grown.span),
  ]);
});

describe('Cleaning up', () => {
  claim('cass.graceful-exit', ring, ({ set, loss, cleaned }) => [
    podsEndByThemselves(set, loss),
    podsEndByThemselves(set, cleaned.deleted),
  ]);
  claim('cass.delete-keeps-pvcs', ring, ({ set, cleaned }) => claimsAreKept(set, four, cleaned.deleted));
  claim('cass.scale-down-keeps-pvcs', ring, ({ set, shrunk }) => claimsAreKept(set, four, shrunk));
  claim('cass.delete-pvcs-by-label', ring, ({ set, made, cleaned }) => [
    claimsCarryTheSelector(set, three, made),
    isRemoved('statefulsets', set.name, cleaned.deleted),
    storageIsReclaimed(set, four, directories, cleaned.reclaimed),
  ]);
  claim('cass.delete-service-by-label', ring, ({ set, cleaned }) => [
    isRemoved('services', set.service, cleaned.serviceless),
    isAnsweredNotFound(serviceRead),
  ]);
});

describe('Cassandra container environment variables', () => {
  claim(
    'cass.env-overrides-yaml',
    on(ring, ({ set, inside }) => eachPodPrintsLines(set, three, readingConfiguration, configured, inside)),
    on(environment, ({ told, inside, asked }) => [
      eachPodPrintsLines(told, [0], readingConfiguration, toldOtherwise, inside),
      eachServerTells({ cluster_name: 'Throwaway' }, told, [0], asked),
      eachServerHoldsTokens(8, told, [0], asked),
    ]),
  );
  claim('cass.env-defaults', environment, ({ untold, inside, asked }) => [
    eachPodPrintsLines(untold, [0], readingConfiguration, defaults, inside),
    eachServerTells({ cluster_name: 'Test Cluster' }, untold, [0], asked),
    eachServerHoldsTokens(32, untold, [0], asked),
  ]);
  claim('cass.image-contents', ring, ({ set, versions }) => [
    eachPodPrintsLines(set, [0], askingForJava, java, versions),
    eachPodPrintsLines(set, [0], readingSystem, debian, versions),
    eachPodPrintsLines(set, [0], askingForRelease, release, versions),
  ]);
});
