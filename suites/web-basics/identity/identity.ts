import {
  betweenMarks,
  claim,
  describe,
  emptyDirs,
  heldUnready,
  inPods,
  on,
  patience,
  story,
} from '../../../harness/test.ts';
import { eachReplacementWaitsForItsPredecessors } from '../../../harness/guarantees/creation.ts';
import {
  dnsNamesStayTheSame,
  eachPodNameResolvesToItsPod,
  srvNamesEachReadyPod,
  theServiceNameResolvesToEachPod,
} from '../../../harness/guarantees/dns.ts';
import {
  dnsFollowsReadiness,
  dnsKnowsNobody,
  dnsLeavesOutThePodThatGoes,
  dnsLeavesOutThePodThatIsNotSelected,
} from '../../../harness/guarantees/dnsReadiness.ts';
import { theClientFindsThePodAgain } from '../../../harness/guarantees/following.ts';
import { eachPodIsReplaced, hostnamesArePodNames, identityIsKept } from '../../../harness/guarantees/identity.ts';
import { noPodIsAdded } from '../../../harness/guarantees/quiet.ts';
import { shortNamesResolve } from '../../../harness/guarantees/shortNames.ts';
import {
  alikeAreAskedFor,
  asksUntilSettled,
  bothAreLookedAt,
  dnsKnows,
  firstStopsSlowly,
  flips,
  followed,
  followers,
  isLabelledOtherwise,
  isPortOfTheSecond,
  leaves,
  staysOnACordonedNode,
} from './acts.ts';
import { nginx, webPort } from '../nginx.ts';
import { comeBack } from '../returning.ts';

const returned = story('both Pods are deleted and come back', async ({ namespace }) => {
  const [web, probe] = await Promise.all([namespace.deploy(nginx(emptyDirs())), namespace.probe()]);
  await web.becomesReady();
  await dnsKnows(namespace, probe, web);
  const before = await bothAreLookedAt('before the deletion', namespace, probe);
  const lost = [0, 1].map((ordinal) => ({ ordinal, uid: web.uidOf(ordinal) }));
  await web.deletePods();
  const areBack = await comeBack(namespace, web, lost, 'after the deletion');
  if (areBack) {
    await web.becomesReady();
    await dnsKnows(namespace, probe, web);
  }
  const after = areBack
    ? await bothAreLookedAt('after the deletion', namespace, probe)
    : await betweenMarks(namespace, 'a Pod is missing', () => Promise.resolve());
  return { web, zone: namespace.zone, before, after, deletion: { from: before.to, to: after.from } };
});

/** What a template says of the names of one Pod cannot hold for all Pods of a set. */
const namedOtherwise = inPods('the template has a hostname and a subdomain of its own', (pod) => ({
  ...pod,
  hostname: 'elsewhere',
  subdomain: 'elsewhere',
}));

/** web-0 is Ready to the last: nothing but that it is on its way out keeps its successor from being made. */
const lingering = story('both Pods are deleted, and web-0 is Ready while it stops', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs(), firstStopsSlowly(), namedOtherwise));
  await web.becomesReady();
  const named = await betweenMarks(namespace, 'their names are asked for', () =>
    Promise.all([0, 1].map((ordinal) => web.runs('their names are asked for', ordinal, ['hostname']))),
  );
  const lost = [0, 1].map((ordinal) => ({ ordinal, uid: web.uidOf(ordinal) }));
  const before = await namespace.mark('both Pods are there');
  await web.deletePods();
  await comeBack(namespace, web, lost, 'after web-0 has stopped');
  const after = await namespace.mark('both are back, or should be');
  return { web, named, deletion: { from: before, to: after } };
});

/** The container of web-0 has ended, and its Pod is there as long as the story holds it. */
const endedAndHeld = story('both Pods are deleted, and web-0 is held when it has ended', async ({ namespace }) => {
  const web = await namespace.deploy(nginx(emptyDirs()));
  await web.becomesReady();
  const lost = [0, 1].map((ordinal) => ({ ordinal, uid: web.uidOf(ordinal) }));
  const before = await namespace.mark('both Pods are Ready');
  await web.holdTermination(0);
  await web.deletePods();
  await namespace.sees('web-1 to be gone', ({ pods }) => pods.get('web-1')?.metadata.uid !== lost[1]?.uid, {
    deadlineMs: patience.podMs,
  });
  const held = await namespace.quietly('web-0 is held');
  await web.releaseTermination(0);
  await comeBack(namespace, web, lost, 'after web-0 was let go');
  return { web, held, deletion: { from: before, to: await namespace.mark('both are back again, or should be') } };
});

const flipped = story(
  'web-1 becomes unready and Ready again',
  flips(nginx(emptyDirs(), heldUnready()), asksUntilSettled),
);

const going = story('web-1 is asked to go, and is Ready to the last', leaves(asksUntilSettled));

const found = story('a client follows web-1 by name while it is replaced', followed('$(hostname)'));

const alike = story('web-1 and web-10 are asked for by name', alikeAreAskedFor);

const namedInTheSecond = story('the port of the Service is one of the second container', isPortOfTheSecond);

const relabelled = story('web-1 is labelled otherwise, and is Ready', isLabelledOtherwise);

const cordoned = story('web-1 is on a node that takes no more Pods', { alone: true }, staysOnACordonedNode);

describe('Using stable network identities', () => {
  claim(
    'web.hostname',
    on(returned, ({ web, before, after }) => [
      hostnamesArePodNames(web, [0, 1], before),
      hostnamesArePodNames(web, [0, 1], after),
    ]),
    on(lingering, ({ web, named }) => hostnamesArePodNames(web, [0, 1], named)),
  );
  claim(
    'web.dns-a-per-pod',
    on(returned, ({ web, zone, before, after }) => [
      eachPodNameResolvesToItsPod(web, [0, 1], zone, before),
      eachPodNameResolvesToItsPod(web, [0, 1], zone, after),
    ]),
    on(found, ({ web, zone, alone }) => eachPodNameResolvesToItsPod(web, [0, 1], zone, alone)),
    on(alike, ({ web, zone, asked }) => eachPodNameResolvesToItsPod(web, [1, 10], zone, asked)),
  );
  claim('web.dns-short-name', returned, ({ web, zone, before }) => shortNamesResolve(web, [0, 1], zone, before));
  claim(
    'web.dns-srv',
    on(returned, ({ web, zone, before, after }) => [
      srvNamesEachReadyPod(web, webPort, zone, before),
      srvNamesEachReadyPod(web, webPort, zone, after),
    ]),
    on(namedInTheSecond, ({ web, zone, asked }) => srvNamesEachReadyPod(web, webPort, zone, asked)),
  );
  claim('web.deleted-pods-recreated', returned, ({ web, deletion }) => eachPodIsReplaced(web, [0, 1], deletion));
  claim(
    'web.recreate-in-order',
    on(returned, ({ web, deletion }) => eachReplacementWaitsForItsPredecessors(web, deletion)),
    on(lingering, ({ web, deletion }) => eachReplacementWaitsForItsPredecessors(web, deletion)),
    on(endedAndHeld, ({ web, held, deletion }) => [
      noPodIsAdded(web, held),
      eachReplacementWaitsForItsPredecessors(web, deletion),
    ]),
  );
  claim('web.identity-survives-delete', returned, ({ web, before, after }) =>
    identityIsKept(web, [0, 1], before, after),
  );
  claim('web.dns-names-stable-ip-may-change', returned, ({ web, zone, before, after }) =>
    dnsNamesStayTheSame(web, [0, 1], webPort, zone, { before, after }),
  );
});

describe('Discovery for specific Pods in a StatefulSet', () => {
  claim(
    'web.dns-service-a-set',
    on(returned, ({ web, zone, before, after }) => [
      theServiceNameResolvesToEachPod(web, zone, before),
      theServiceNameResolvesToEachPod(web, zone, after),
    ]),
    on(found, ({ web, zone, alone }) => theServiceNameResolvesToEachPod(web, zone, alone)),
    on(cordoned, ({ web, zone, asked }) => theServiceNameResolvesToEachPod(web, zone, asked)),
    on(relabelled, ({ web, zone, asked }) => dnsLeavesOutThePodThatIsNotSelected(web, 1, webPort, zone, asked)),
  );
  claim(
    'web.dns-only-ready',
    on(flipped, ({ web, zone, flip, none }) => [
      dnsFollowsReadiness(web, flip, webPort, zone),
      dnsKnowsNobody(web, webPort, zone, none),
    ]),
    on(going, ({ web, zone, asked }) => dnsLeavesOutThePodThatGoes(web, 1, webPort, zone, asked)),
  );
  claim('web.dns-name-usable-when-ready', found, ({ web, span }) =>
    theClientFindsThePodAgain(web, 1, 'web-1\n', followers, span),
  );
});
