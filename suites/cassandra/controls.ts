import { theClaimWaitsForNobody, claimsAreOfTheClass } from '../../harness/guarantees/classes.ts';
import { eachServerHoldsTokens, eachServerKnowsTheOthers, eachServerTells } from '../../harness/guarantees/cql.ts';
import { eachPodWaitsForItsPredecessors, noPodIsAddedWhileAnotherStarts } from '../../harness/guarantees/creation.ts';
import { theServiceNameResolvesToEachPod } from '../../harness/guarantees/dns.ts';
import { podsAreGivenTime, podsEndByThemselves, theServerIsDrainedFirst } from '../../harness/guarantees/endings.ts';
import { noAcknowledgedWriteIsLost } from '../../harness/guarantees/ledger.ts';
import { theDirectoryIsTheVolume } from '../../harness/guarantees/mounts.ts';
import { isAnsweredNotFound, isRemoved } from '../../harness/guarantees/presence.ts';
import { eachPodPrintsLines, theContainerMay } from '../../harness/guarantees/printed.ts';
import { claimsAreKept, eachPodIsUntouched } from '../../harness/guarantees/quiet.ts';
import { storageIsReclaimed } from '../../harness/guarantees/reclaiming.ts';
import {
  eachMemberHasTokens,
  readyMeansUpAndNormal,
  theMemberComesBack,
  thePodsFormOneRing,
  theRingIsIn,
} from '../../harness/guarantees/ring.ts';
import { theFirstPodIsTheSeed } from '../../harness/guarantees/seeds.ts';
import { podsAreGuaranteed, portsAreOpen } from '../../harness/guarantees/shape.ts';
import { claimsAreExactly } from '../../harness/guarantees/storage.ts';
import { theServiceIsHeadless } from '../../harness/guarantees/stored.ts';
import { breaks, describe } from '../../harness/test.ts';
import { askingForJava, readingCommandLine, readingConfiguration } from './acts.ts';
import { binding, joinsUnready, isolated, otherImage, otherLabels, unstarted } from './broken.ts';
import { capability, commandLine, configured, defaults, java, place, ports, resources, seeds } from './expected.ts';
import { classRead, directories, graceRead, serviceRead, three } from './ring.ts';
import { environment } from './stories.ts';
import { asWritten, dataDirectory, fast, headless, seedVariable } from './workloads.ts';

const two = [0, 1] as const;

describe('controls: each server is its own seed, has its data in an emptyDir, and ends as it may', () => {
  breaks('cass.ring-of-three', isolated, ({ set, view }) => thePodsFormOneRing(set, two, view));
  breaks('cass.scale-to-four', isolated, ({ set, view }) => thePodsFormOneRing(set, two, view));
  breaks('cass.seed-provider-joins', isolated, ({ set, told }) => eachServerKnowsTheOthers(set, two, told));
  breaks('cass.seed-provider-joins', isolated, ({ set, inside, namespace, zone }) =>
    eachPodPrintsLines(set, two, readingConfiguration, seeds(set, namespace, zone), inside),
  );
  breaks('cass.seed-fqdn', isolated, ({ set, zone }) => theFirstPodIsTheSeed(seedVariable, set, two, zone));
  breaks('cass.service-dns', isolated, ({ set, zone, names }) => theServiceNameResolvesToEachPod(set, zone, names));
  breaks('cass.dc-rack', isolated, ({ set, view }) => theRingIsIn(place, set, two, view));
  breaks('cass.dc-rack', isolated, ({ set, told }) =>
    eachServerTells({ data_center: place.datacenter, rack: place.rack }, set, two, told),
  );
  breaks('cass.cluster-name', isolated, ({ set, told }) => eachServerTells({ cluster_name: 'K8Demo' }, set, two, told));
  breaks('cass.num-tokens', isolated, ({ set, view }) => eachMemberHasTokens(32, set, two, view));
  breaks('cass.num-tokens', isolated, ({ set, told }) => eachServerHoldsTokens(32, set, two, told));
  breaks('cass.heap-env', isolated, ({ set, inside }) =>
    eachPodPrintsLines(set, two, readingCommandLine, commandLine, inside),
  );
  breaks('cass.ipc-lock', isolated, ({ set, inside }) => theContainerMay(capability, set, two, inside));
  breaks('cass.ports', isolated, ({ set, names }) => portsAreOpen(ports, set, two, names));
  breaks('cass.data-dir-on-pv', isolated, ({ stored, written }) =>
    theDirectoryIsTheVolume(asWritten, dataDirectory, written, stored),
  );
  breaks('cass.pvc-naming', isolated, () => claimsAreExactly(asWritten, two));
  breaks('cass.prestop-drain', isolated, ({ set, gone }) =>
    theServerIsDrainedFirst(set, 0, 'no Pod is to be left', gone),
  );
  breaks('cass.graceful-exit', isolated, ({ set, gone }) => podsEndByThemselves(set, gone));
  breaks('cass.data-durable', isolated, ({ reads }) => noAcknowledgedWriteIsLost(reads));
  breaks('cass.member-identity-kept', isolated, ({ set, alone, returned }) =>
    theMemberComesBack(set, 0, [0], { before: alone, after: returned }),
  );
});

describe('controls: a Pod is Ready as soon as its server listens to others', () => {
  breaks('cass.ready-means-un', joinsUnready, ({ set, joining }) => readyMeansUpAndNormal(set, 1, joining));
});

describe('controls: what needs no server', () => {
  breaks('cass.sequential-deploy', unstarted, ({ set }) => [
    noPodIsAddedWhileAnotherStarts(set),
    eachPodWaitsForItsPredecessors(set),
  ]);
  breaks('cass.headless-service', unstarted, ({ set }) => theServiceIsHeadless(set, headless));
  breaks('cass.resources', unstarted, ({ set }) => podsAreGuaranteed(resources, set));
  breaks('cass.grace-1800', unstarted, ({ set }) => podsAreGivenTime(set, 1800, graceRead));
  breaks('cass.class-fast', unstarted, ({ set }) => claimsAreOfTheClass(fast, set, two, classRead));
  breaks('cass.scale-no-restart', unstarted, ({ set, patched }) => eachPodIsUntouched(set, three, patched));
  breaks('cass.scale-down-keeps-pvcs', unstarted, ({ set, shrunk }) => claimsAreKept(set, two, shrunk));
  breaks('cass.delete-keeps-pvcs', unstarted, ({ set, deleted }) => claimsAreKept(set, [0], deleted));
  breaks('cass.delete-pvcs-by-label', otherLabels, ({ set, reclaimed }) =>
    storageIsReclaimed(set, [0], directories, reclaimed),
  );
  breaks('cass.delete-service-by-label', otherLabels, ({ set, serviceless }) =>
    isRemoved('services', set.service, serviceless),
  );
  breaks('cass.delete-service-by-label', otherLabels, () => isAnsweredNotFound(serviceRead));
  breaks('cass.class-unmodified-pends', binding, ({ set, span }) =>
    theClaimWaitsForNobody(fast, set, 0, 'neighbour', span),
  );
});

describe('controls: other variables, and another image', () => {
  breaks('cass.env-overrides-yaml', environment, ({ untold, inside }) =>
    eachPodPrintsLines(untold, [0], readingConfiguration, configured, inside),
  );
  breaks('cass.env-defaults', environment, ({ told, inside }) =>
    eachPodPrintsLines(told, [0], readingConfiguration, defaults, inside),
  );
  breaks('cass.env-defaults', environment, ({ told, asked }) => eachServerHoldsTokens(32, told, [0], asked));
  breaks('cass.image-contents', otherImage, ({ set, versions }) =>
    eachPodPrintsLines(set, [0], askingForJava, java, versions),
  );
});
