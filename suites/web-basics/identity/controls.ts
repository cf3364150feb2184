import {
  breaks,
  describe,
  emptyDirs,
  heldUnready,
  inPods,
  inSet,
  podManagementPolicy,
  service,
  story,
  updateStrategy,
} from '../../../harness/test.ts';
import { eachReplacementWaitsForItsPredecessors } from '../../../harness/guarantees/creation.ts';
import {
  dnsNamesOf,
  dnsNamesStayTheSame,
  eachPodNameResolvesToItsPod,
  srvNamesEachReadyPod,
  theServiceNameResolvesToEachPod,
} from '../../../harness/guarantees/dns.ts';
import {
  dnsFollowsReadiness,
  dnsKnowsNobody,
  dnsLeavesOutThePodThatGoes,
} from '../../../harness/guarantees/dnsReadiness.ts';
import { theClientFindsThePodAgain } from '../../../harness/guarantees/following.ts';
import { eachPodIsReplaced, hostnamesArePodNames, identityIsKept } from '../../../harness/guarantees/identity.ts';
import { shortNamesResolve } from '../../../harness/guarantees/shortNames.ts';
import { asksOnce, bothAreLookedAt, dnsKnows, dnsKnowsTheService, flips, followed, followers, leaves } from './acts.ts';
import { asWritten, nginx, webPort } from '../nginx.ts';

describe('controls', () => {
  const unnamed = story('the set names a Service that is not there', async ({ namespace }) => {
    const otherService = inSet('serviceName elsewhere', (spec) => ({ ...spec, serviceName: 'elsewhere' }));
    const [web, probe] = await Promise.all([namespace.deploy(nginx(emptyDirs(), otherService)), namespace.probe()]);
    await web.becomesReady();
    await dnsKnowsTheService(namespace, probe, web);
    const asked = await bothAreLookedAt('both are Ready', namespace, probe);
    return { web: asWritten, zone: namespace.zone, asked };
  });
  breaks('web.hostname', unnamed, ({ web, asked }) => hostnamesArePodNames(web, [0, 1], asked));
  breaks('web.dns-a-per-pod', unnamed, ({ web, zone, asked }) => eachPodNameResolvesToItsPod(web, [0, 1], zone, asked));
  breaks('web.dns-short-name', unnamed, ({ web, zone, asked }) => shortNamesResolve(web, [0, 1], zone, asked));
  breaks('web.dns-srv', unnamed, ({ web, zone, asked }) => srvNamesEachReadyPod(web, webPort, zone, asked));

  const addressed = story('the Service has an address of its own', async ({ namespace }) => {
    const [web, probe] = await Promise.all([
      namespace.deploy(nginx(emptyDirs(), service({ clusterIP: undefined }))),
      namespace.probe(),
    ]);
    await web.becomesReady();
    const { service: name } = dnsNamesOf(web, namespace);
    await probe.asksDnsUntil('DNS knows the Service', { name, type: 'A' }, ({ status }) => status === 'NOERROR');
    const asked = await bothAreLookedAt('both are Ready', namespace, probe);
    return { web, zone: namespace.zone, asked };
  });
  breaks('web.dns-service-a-set', addressed, ({ web, zone, asked }) =>
    theServiceNameResolvesToEachPod(web, zone, asked),
  );
  breaks('web.dns-srv', addressed, ({ web, zone, asked }) => srvNamesEachReadyPod(web, webPort, zone, asked));

  const published = story(
    'web-1 becomes unready while unready addresses are published',
    flips(nginx(emptyDirs(), heldUnready(), service({ publishNotReadyAddresses: true })), asksOnce),
  );
  breaks('web.dns-only-ready', published, ({ web, zone, flip }) => dnsFollowsReadiness(web, flip, webPort, zone));
  breaks('web.dns-only-ready', published, ({ web, zone, none }) => dnsKnowsNobody(web, webPort, zone, none));

  const publishedStill = story(
    'web-1 is asked to go while unready addresses are published',
    leaves(asksOnce, service({ publishNotReadyAddresses: true })),
  );
  breaks('web.dns-only-ready', publishedStill, ({ web, zone, asked }) =>
    dnsLeavesOutThePodThatGoes(web, 1, webPort, zone, asked),
  );

  const impostor = story('a client follows web-1, which serves what web-0 does', followed('web-0'));
  breaks('web.dns-name-usable-when-ready', impostor, ({ web, span }) =>
    theClientFindsThePodAgain(web, 1, 'web-1\n', followers, span),
  );

  const changed = story(
    'both Pods come back with the hostnames of their nodes and another port name',
    async ({ namespace }) => {
      const onDelete = updateStrategy({ type: 'OnDelete' });
      const nodesHostnames = inPods('hostNetwork', (pod) => ({ ...pod, hostNetwork: true }));
      const renamedPort = service({ ports: [{ port: 80, name: 'http' }] });
      const [web, probe] = await Promise.all([namespace.deploy(nginx(emptyDirs(), onDelete)), namespace.probe()]);
      await web.becomesReady();
      await dnsKnows(namespace, probe, web);
      const before = await bothAreLookedAt('before the deletion', namespace, probe);
      await namespace.applies(nginx(emptyDirs(), onDelete, nodesHostnames, renamedPort));
      await web.deletePods();
      await web.becomesReady();
      await dnsKnowsTheService(namespace, probe, web);
      const after = await bothAreLookedAt('after the deletion', namespace, probe);
      return { web, zone: namespace.zone, before, after };
    },
  );
  breaks('web.hostname', changed, ({ web, after }) => hostnamesArePodNames(web, [0, 1], after));
  breaks('web.identity-survives-delete', changed, ({ web, before, after }) =>
    identityIsKept(web, [0, 1], before, after),
  );
  breaks('web.dns-names-stable-ip-may-change', changed, ({ web, zone, before, after }) =>
    dnsNamesStayTheSame(web, [0, 1], webPort, zone, { before, after }),
  );

  const burst = story('both Pods of a Parallel set are deleted and come back unready', async ({ namespace }) => {
    const web = await namespace.deploy(nginx(emptyDirs(), heldUnready(), podManagementPolicy('Parallel')));
    await Promise.all([0, 1].map((ordinal) => web.podBecomesRunning(ordinal)));
    const old = [0, 1].map((ordinal) => web.uidOf(ordinal));
    const from = await namespace.mark('both are Running');
    await web.deletePods();
    await Promise.all([0, 1].map((ordinal) => web.podAppears(ordinal, old[ordinal])));
    const to = await namespace.mark('both are back');
    return { web, deletion: { from, to } };
  });
  breaks('web.recreate-in-order', burst, ({ web, deletion }) => eachReplacementWaitsForItsPredecessors(web, deletion));
  breaks('web.deleted-pods-recreated', burst, ({ web, deletion }) => eachPodIsReplaced(web, [0, 1], deletion));
});
