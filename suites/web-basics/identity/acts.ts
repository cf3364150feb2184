import {
  betweenMarks,
  emptyDirs,
  inContainer,
  holdsOn,
  letsGo,
  patience,
  podManagementPolicy,
  replicas,
  service,
  stopsWhenLet,
  type Probe,
  type RecordedState,
  type Stage,
  type StatefulSetHandle,
  type StoryNamespace,
  type Variation,
  type Workload,
} from '../../../harness/test.ts';
import { dnsNamesOf } from '../../../harness/guarantees/dns.ts';
import { asWritten, nginx, webPort, webroot, withASecondContainer } from '../nginx.ts';

/** web-1 becomes unready in place and Ready again, while DNS is asked. */
export const flips =
  (workload: Workload, asks: (asked: Asking) => Promise<void>) =>
  async ({ namespace }: Stage) => {
    const web = await namespace.deploy(workload);
    for (const ordinal of [0, 1]) {
      await web.podBecomesRunning(ordinal);
      await web.letReady(ordinal);
    }
    // At a slice that it has just written the controller may look once more, a second later, and then find what it had overlooked: the client, whose
    // Pod takes longer than that, comes up between.
    const probe = await namespace.probe();
    const isAskedAbout = async (moment: string, ready: readonly number[]) => {
      await namespace.sees(`the EndpointSlice to follow (${moment})`, (recorded) => follows(recorded, ready), {
        deadlineMs: patience.reactionMs,
      });
      return betweenMarks(namespace, moment, () => asks({ namespace, probe, web, moment, ready }));
    };
    const before = await isAskedAbout('both are Ready', [0, 1]);
    await web.makeUnready(1);
    const unready = await isAskedAbout('web-1 is not Ready', [0]);
    await web.letReady(1);
    const again = await isAskedAbout('web-1 is Ready again', [0, 1]);
    await Promise.all([0, 1].map((ordinal) => web.makeUnready(ordinal)));
    const none = await isAskedAbout('none is Ready', []);
    return { web, zone: namespace.zone, flip: { ordinal: 1, before, unready, again }, none };
  };

/** Whether the Pods that serve according to the EndpointSlices are these, whatever is published as ready. */
function follows({ endpointslices }: RecordedState, ready: readonly number[]): boolean {
  const endpoints = [...endpointslices.values()].flatMap((slice) => slice.endpoints ?? []);
  const serving = new Set(endpoints.filter((each) => each.conditions?.serving).map((each) => each.targetRef?.name));
  return serving.size === ready.length && ready.every((ordinal) => serving.has(`web-${ordinal}`));
}

/** Before it is told to stop, web-0 takes as long as a controller that does not wait would need to make another Pod. */
export function firstStopsSlowly(): Variation {
  const command = ['sh', '-c', 'case "$(hostname)" in *-0) sleep 6 ;; esac'];
  return inContainer('web-0 takes six seconds before it is told to stop', (container) => ({
    ...container,
    lifecycle: { preStop: { exec: { command } } },
  }));
}

/** web-1 is asked to go and stays Ready, until it is told that it may stop, while DNS is asked. */
export const leaves =
  (asks: (asked: Asking) => Promise<void>, ...variations: readonly Variation[]) =>
  async ({ namespace }: Stage) => {
    const workload = nginx(emptyDirs(), stopsWhenLet(), ...variations);
    const [web, probe] = await Promise.all([namespace.deploy(workload), namespace.probe()]);
    await web.becomesReady();
    await dnsKnows(namespace, probe, web);
    await web.runs('web-1 is to stay', 1, holdsOn);
    await web.deletePod(1);
    await web.podIsTerminating(1);
    const moment = 'web-1 is Terminating and Ready';
    const asked = await betweenMarks(namespace, moment, () => asks({ namespace, probe, web, moment, ready: [0] }));
    await web.runs('web-1 may stop', 1, letsGo);
    return { web, zone: namespace.zone, asked };
  };

/** web-1 stays as it is but for the label by which the Service selects, while DNS is asked. */
export async function isLabelledOtherwise({ namespace }: Stage) {
  const [web, probe] = await Promise.all([namespace.deploy(nginx(emptyDirs())), namespace.probe()]);
  await web.becomesReady();
  await dnsKnows(namespace, probe, web);
  await namespace.patches('pods', 'web-1', { metadata: { labels: { app: 'apart' } } });
  const isReleased = ({ pods }: RecordedState): boolean =>
    (pods.get('web-1')?.metadata.ownerReferences ?? []).length === 0;
  await namespace.sees('web-1 to be released', isReleased, { deadlineMs: patience.reactionMs });
  const moment = 'web-1 is Ready and labelled otherwise';
  const asked = await betweenMarks(namespace, moment, () =>
    asksUntilSettled({ namespace, probe, web, moment, ready: [0] }),
  );
  return { web, zone: namespace.zone, asked };
}

/** The node of web-1 takes no more Pods, which is nothing to those that are on it; the Service's Pods are looked at anew because web-0 is replaced. */
export async function staysOnACordonedNode({ namespace, nodes }: Stage) {
  const [web, probe] = await Promise.all([namespace.deploy(nginx(emptyDirs())), namespace.probe()]);
  await web.becomesReady();
  const node = web.nodeOf(1);
  await nodes.cordon(node);
  const old = web.uidOf(0);
  await web.deletePod(0);
  await web.podBecomesReady(0, old);
  await dnsKnows(namespace, probe, web);
  const asked = await bothAreLookedAt('the node of web-1 is cordoned', namespace, probe);
  await nodes.uncordon(node);
  return { web, zone: namespace.zone, asked };
}

export const followers = 'a client that knows only the name';

/** A client that has only the name `web-1.nginx` looks for it over and over while web-1 is deleted. Then DNS is asked for what it knows of both. */
export const followed =
  (word: string) =>
  async ({ namespace }: Stage) => {
    const [web, probe] = await Promise.all([namespace.deploy(nginx(emptyDirs(), serving(word))), namespace.probe()]);
    await web.becomesReady();
    const from = await namespace.mark('web-1 is Ready');
    const client = await probe.follows(followers, 'web-1.nginx', 'http://web-1.nginx/');
    await client.until('web-1', ({ status }) => status === 200);
    const old = web.uidOf(1);
    await web.deletePod(1);
    await web.podBecomesReady(1, old);
    await client.until('the new web-1', ({ status, address }) => status === 200 && address === web.addressOf(1));
    await client.stop();
    const to = await namespace.mark('the client found web-1 again');
    await dnsKnows(namespace, probe, web);
    const alone = await bothAreLookedAt('web-1 was replaced, and web-0 stayed', namespace, probe);
    return { web, zone: namespace.zone, span: { from, to }, alone };
  };

/** Hostnames from inside, names from another Pod: the full ones, the short ones, and the Service's three times, since its order is shuffled. */
export function bothAreLookedAt(moment: string, namespace: StoryNamespace, probe: Probe) {
  const names = dnsNamesOf(asWritten, namespace);
  const service = { name: names.service, type: 'A' } as const;
  const pods = [0, 1].map((ordinal) => ({ name: names.pod(ordinal), type: 'A' }) as const);
  const srv = { name: names.port('web'), type: 'SRV' } as const;
  return betweenMarks(namespace, moment, () =>
    Promise.all([
      ...['web-0', 'web-1'].map((pod) => namespace.runs(moment, pod, ['hostname'])),
      ...['web-0', 'web-1'].map((pod) => probe.runs(moment, ['getent', 'ahostsv4', `${pod}.nginx`])),
      probe.runs(moment, ['cat', '/etc/resolv.conf']),
      probe.asksDns(moment, [service, srv, ...pods]),
      probe.asksDns(moment, [service]),
      probe.asksDns(moment, [service]),
    ]),
  );
}

/** The Service's name gives the addresses that the Pods have now. There may be several DNS servers, so it is asked more than once. */
export async function dnsKnowsTheService(
  namespace: StoryNamespace,
  probe: Probe,
  web: StatefulSetHandle,
): Promise<void> {
  const { service } = dnsNamesOf(asWritten, namespace);
  await isKnown(probe, service, addressesOf(web, [0, 1]));
}

/** And so does the name of each Pod. */
export async function dnsKnows(namespace: StoryNamespace, probe: Probe, web: StatefulSetHandle): Promise<void> {
  await Promise.all([dnsKnowsTheService(namespace, probe, web), dnsKnowsPods(namespace, probe, web, [0, 1])]);
}

async function dnsKnowsPods(
  namespace: StoryNamespace,
  probe: Probe,
  web: StatefulSetHandle,
  ordinals: readonly number[],
): Promise<void> {
  const names = dnsNamesOf(asWritten, namespace);
  await Promise.all(ordinals.map((ordinal) => isKnown(probe, names.pod(ordinal), addressesOf(web, [ordinal]))));
}

/** There are eleven Pods, and DNS is asked for two of them, of whose names one begins with the other. For the names of Pods a Service needs no port. */
export async function alikeAreAskedFor({ namespace }: Stage) {
  const [web, probe] = await Promise.all([
    namespace.deploy(nginx(replicas(11), emptyDirs(), podManagementPolicy('Parallel'), service({ ports: undefined }))),
    namespace.probe(),
  ]);
  await web.becomesReady();
  await dnsKnowsPods(namespace, probe, web, [1, 10]);
  const names = dnsNamesOf(asWritten, namespace);
  const questions = [1, 10].map((ordinal) => ({ name: names.pod(ordinal), type: 'A' }) as const);
  const asked = await betweenMarks(namespace, 'web-1 and web-10 are Ready', () =>
    probe.asksDns('web-1 and web-10 are Ready', questions),
  );
  return { web, zone: namespace.zone, asked };
}

/** The Service leads to a port that it calls by its name, and no container but the second has that. */
export async function isPortOfTheSecond({ namespace }: Stage) {
  const ports = [{ ...webPort, targetPort: 'front' }];
  const [web, probe] = await Promise.all([
    namespace.deploy(nginx(emptyDirs(), secondNamesThePort, service({ ports }))),
    namespace.probe(),
  ]);
  await web.becomesReady();
  await dnsKnows(namespace, probe, web);
  const moment = 'the port is one of the second container';
  const asked = await betweenMarks(namespace, moment, () => asksOnce({ namespace, probe, web, moment, ready: [0, 1] }));
  return { web, zone: namespace.zone, asked };
}

const secondNamesThePort = withASecondContainer(
  'a second container, which alone names its port',
  { ports: [{ name: 'front', containerPort: webPort.port }] },
  { ports: [] },
);

/** The name stands for these addresses, twice in a row; or it does not come to that, and there is no sense in asking on. */
async function isKnown(probe: Probe, name: string, addresses: readonly string[]): Promise<void> {
  const settles = () => probe.asksDnsUntil('DNS settles', { name, type: 'A' }, same(addresses));
  if (await settles()) await settles();
}

interface Asking {
  readonly namespace: StoryNamespace;
  readonly probe: Probe;
  readonly web: StatefulSetHandle;
  readonly moment: string;
  readonly ready: readonly number[];
}

/** Asks until DNS knows exactly the Ready Pods, or as long as it may take. */
export async function asksUntilSettled({ namespace, probe, web, moment, ready }: Asking): Promise<void> {
  const names = dnsNamesOf(web, namespace);
  const service = { name: names.service, type: 'A' } as const;
  const srv = { name: names.port('web'), type: 'SRV' } as const;
  await Promise.all([
    probe.asksDnsUntil(moment, service, same(addressesOf(web, ready))),
    probe.asksDnsUntil(moment, srv, ({ services }) => services.length === ready.length),
    ...[0, 1].map((ordinal) =>
      probe.asksDnsUntil(moment, { name: names.pod(ordinal), type: 'A' }, (answer) =>
        ready.includes(ordinal) ? same(addressesOf(web, [ordinal]))(answer) : answer.status === 'NXDOMAIN',
      ),
    ),
  ]);
}

export async function asksOnce({ namespace, probe, web, moment }: Asking): Promise<void> {
  const names = dnsNamesOf(web, namespace);
  await probe.asksDns(moment, [
    { name: names.service, type: 'A' },
    { name: names.port('web'), type: 'SRV' },
    ...[0, 1].map((ordinal) => ({ name: names.pod(ordinal), type: 'A' }) as const),
  ]);
}

function addressesOf(web: StatefulSetHandle, ordinals: readonly number[]): readonly string[] {
  return ordinals.map((ordinal) => web.addressOf(ordinal));
}

function same(expected: readonly string[]) {
  return ({ addresses }: { readonly addresses: readonly string[] }): boolean =>
    addresses.toSorted().join() === expected.toSorted().join();
}

/** Each Pod serves a word, its hostname unless said otherwise, from the moment it is Running. */
function serving(word: string) {
  const write = ['sh', '-c', `echo "${word}" > ${webroot}/index.html`];
  return inContainer(`each Pod serves ${word} from the start`, (container) => ({
    ...container,
    lifecycle: { postStart: { exec: { command: write } } },
  }));
}
