import { podNameOf, type OrdinalSet } from '../history/sets.ts';
import { dnsNamesOf } from './dnsView.ts';
import { textOf, wordOf, type Exchange } from './exchanges.ts';
import { breach, each, together, undecided } from './findings.ts';
import { guarantee, type Breach, type Findings, type Guarantee, type Window } from './guarantee.ts';
import { failureOf, printedBy, propertiesIn } from './outputs.ts';
import { settledPods, type Asked, type SettledPod } from './settled.ts';

/**
 * "Each Pod has a container with a ZooKeeper server."
 *
 * Verified: each Pod has exactly one container, and the server that answers in it tells its mode.
 * Not verified: that no second server runs in the container without a port of its own.
 */
export function eachPodRunsOneServer(set: OrdinalSet, ordinals: readonly number[], asked: Asked): Guarantee {
  return ofServers('eachPodRunsOneServer', set, ordinals, 'srvr', asked, (servers) =>
    each(servers, 'servers', ({ pod, said }) => {
      const containers = pod.change.object.spec?.containers ?? [];
      if (containers.length !== 1) return breach(`${pod.name} has ${containers.length} containers`, pod.change);
      return modeOf(said) === undefined
        ? breach(`the server in ${pod.name} does not serve`, pod.change, said)
        : undefined;
    }),
  );
}

/**
 * "The ensemble elects a leader."
 *
 * Verified: at each of these moments exactly one server says that it leads and every other that it follows, all of them in one epoch, and it is the same one each time.
 * Not verified: what lies between the moments.
 */
export function exactlyOneServerLeads(
  set: OrdinalSet,
  ordinals: readonly number[],
  moments: readonly [Asked, Asked, ...Asked[]],
): Guarantee {
  const span = { from: moments[0].from, to: moments.at(-1)?.to ?? moments[1].to };
  return guarantee('exactlyOneServerLeads', ['pods'], span, (window) => {
    const looks = moments.map((asked) => serversAt(window, set, ordinals, 'srvr', asked));
    const unknown = looks.find((look) => typeof look === 'string');
    if (unknown !== undefined) return undecided(unknown);
    const known = looks.filter((look) => typeof look !== 'string');
    const leaders = known.map((servers) => servers.find(({ said }) => modeOf(said) === 'leader')?.pod.name);
    return each(known, 'moments', (servers, at) => notLed(servers) ?? otherLeader(servers, leaders, at));
  });
}

function notLed(servers: readonly Server[]): Breach | undefined {
  const modes = servers.map(({ pod, said }) => `${pod.name} ${modeOf(said) ?? 'does not serve'}`).join(', ');
  const leading = servers.filter(({ said }) => modeOf(said) === 'leader').length;
  const following = servers.filter(({ said }) => modeOf(said) === 'follower').length;
  const [first, ...rest] = servers.map(({ said }) => said);
  if (first === undefined) return undefined;
  if (leading !== 1 || following !== servers.length - 1) return breach(modes, first, ...rest);
  const epochs = new Set(servers.map(({ said }) => epochOf(said)));
  return epochs.size === 1 && !epochs.has(undefined)
    ? undefined
    : breach(`the servers are in the epochs ${[...epochs].join(', ')}`, first, ...rest);
}

function otherLeader(
  servers: readonly Server[],
  leaders: readonly (string | undefined)[],
  at: number,
): Breach | undefined {
  const [first] = servers;
  if (first === undefined || leaders[at] === leaders[0]) return undefined;
  return breach(`${leaders[at]} leads after ${leaders[0]}`, first.said);
}

/**
 * "No two participants should claim the same unique identifier", and each has its ordinal and one.
 *
 * Verified: the running server in each Pod says that its identifier is the Pod's ordinal and one, and no two say the same.
 * Not verified: the file it has it from (see `eachPodPrints`).
 */
export function serverIdsFollowOrdinals(set: OrdinalSet, ordinals: readonly number[], asked: Asked): Guarantee {
  return ofServers('serverIdsFollowOrdinals', set, ordinals, 'conf', asked, (servers) => {
    const ids = servers.map(({ said }) => idOf(said));
    return together(
      each(servers, 'identifiers', ({ pod, said }) =>
        idOf(said) === String(pod.ordinal + 1)
          ? undefined
          : breach(`the server in ${pod.name} is number ${idOf(said) ?? 'unknown'}`, pod.change, said),
      ),
      each(servers, 'servers', ({ pod, said }, at) => {
        const first = ids.indexOf(ids[at]);
        const other = servers[first];
        if (other === undefined || first === at) return undefined;
        return breach(`${other.pod.name} and ${pod.name} are both number ${ids[at] ?? 'unknown'}`, other.said, said);
      }),
    );
  });
}

/** What a client in the cluster ran to ask the server behind a name for its configuration. */
export function askingByName(name: string, port: number): readonly string[] {
  return ['bash', '-c', `exec 3<>/dev/tcp/${name}/${port} && printf conf >&3 && cat <&3`];
}

/**
 * "The FQDNs will resolve to a single endpoint, and that endpoint will be the unique server claiming the identity."
 *
 * Verified: the name of each Pod resolves to exactly one address, the Pod's; and the server that answers under that name says that its identifier is the Pod's ordinal and one.
 * Not verified: clients elsewhere, and other moments.
 */
export function eachNameLeadsToItsServer(
  set: OrdinalSet,
  ordinals: readonly number[],
  client: { readonly pod: string; readonly port: number; readonly zone: string },
  asked: Asked,
): Guarantee {
  return guarantee('eachNameLeadsToItsServer', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const pods = settledPods(window, set, asked);
    if (typeof pods === 'string') return undecided(pods);
    const names = dnsNamesOf(set, { name: window.history.header.namespace, zone: client.zone });
    const [first, ...rest] = ordinals.map((ordinal) => {
      const pod = pods.find((each) => each.ordinal === ordinal);
      const name = names.pod(ordinal);
      const answers = window.observations('dns', asked.moment).filter((answer) => answer.question.name === name);
      const argv = askingByName(name, client.port).join('\n');
      const said = window
        .observations('command', asked.moment)
        .findLast((output) => output.pod === client.pod && output.argv.join('\n') === argv);
      if (pod === undefined || said === undefined || answers.length === 0 || answers.some(isSilent))
        return undecided(`${name} was not asked for, or there was no answer (${asked.moment})`);
      return together(
        each(answers, 'answers of DNS', (answer) =>
          answer.addresses.join() === pod.ip
            ? undefined
            : breach(`${name} is ${answer.status} ${answer.addresses.join(', ')}, not ${pod.ip}`, answer, pod.change),
        ),
        each([said], 'servers behind a name', () =>
          propertiesIn(said.stdout).get('serverId') === String(ordinal + 1)
            ? undefined
            : breach(`behind ${name} is “${said.stdout.trim() || said.stderr.trim()}”`, said),
        ),
      );
    });
    return first === undefined ? undecided('no name was asked for') : together(first, ...rest);
  });
}

/**
 * "The server.1, server.2, and server.3 properties … are set to the FQDNs for the Pods."
 *
 * Verified: in the file of every Pod there is one such line for each member and no other: its number is the ordinal and one of the Pod that it names, by the full name in this namespace, with
 * these ports.
 * Not verified: that the servers read it.
 */
export function eachServerListsTheEnsemble(
  set: OrdinalSet,
  ordinals: readonly number[],
  file: string,
  members: { readonly ports: string; readonly zone: string },
  asked: Asked,
): Guarantee {
  return guarantee('eachServerListsTheEnsemble', ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const printed = printedBy(window, set, ordinals, ['cat', file], asked);
    if (typeof printed === 'string') return undecided(printed);
    const names = dnsNamesOf(set, { name: window.history.header.namespace, zone: members.zone });
    const expected = ordinals.map((ordinal) => `server.${ordinal + 1}=${names.pod(ordinal)}:${members.ports}`);
    return each(printed, 'files', (one) => {
      const lines = one.output.stdout.split('\n').filter((line) => line.startsWith('server.'));
      const listed = `${one.pod.name} lists ${lines.join(', ') || 'nobody'}`;
      return (
        failureOf(one) ?? (lines.join() === expected.join() ? undefined : breach(listed, one.pod.change, one.output))
      );
    });
  });
}

/** A Pod and what the server in it said. */
interface Server {
  readonly pod: SettledPod;
  readonly said: Exchange;
}

function ofServers(
  name: string,
  set: OrdinalSet,
  ordinals: readonly number[],
  word: string,
  asked: Asked,
  examine: (servers: readonly Server[]) => Findings,
): Guarantee {
  return guarantee(name, ['pods'], { from: asked.from, to: asked.to }, (window) => {
    const servers = serversAt(window, set, ordinals, word, asked);
    return typeof servers === 'string' ? undecided(servers) : examine(servers);
  });
}

/** The servers in Pods that stood still while they were asked, with their answers; or why they are not known. */
export function serversAt(
  window: Window,
  set: OrdinalSet,
  ordinals: readonly number[],
  word: string,
  asked: Asked,
): readonly Server[] | string {
  const pods = settledPods(window, set, asked);
  if (typeof pods === 'string') return pods;
  const servers = ordinals.map((ordinal) => {
    const pod = pods.find((each) => each.ordinal === ordinal);
    const said = wordOf(window, asked.moment, podNameOf(set, ordinal), word);
    return pod === undefined || said === undefined ? undefined : { pod, said };
  });
  const missing = servers.indexOf(undefined);
  if (missing >= 0)
    return `${podNameOf(set, ordinals[missing] ?? 0)} was not asked for ${word}, or did not answer (${asked.moment})`;
  return servers.filter((server) => server !== undefined);
}

export function modeOf(said: Exchange): string | undefined {
  return propertiesIn(textOf(said), ': ').get('Mode');
}

/** The first half of a transaction's number. */
function epochOf(said: Exchange): string | undefined {
  const zxid = propertiesIn(textOf(said), ': ').get('Zxid');
  return zxid === undefined ? undefined : String(BigInt(zxid) >> 32n);
}

function idOf(said: Exchange): string | undefined {
  return propertiesIn(textOf(said)).get('serverId');
}

function isSilent({ status }: { readonly status: string }): boolean {
  return status === 'TIMEOUT' || status === 'SERVFAIL' || status === 'REFUSED';
}
