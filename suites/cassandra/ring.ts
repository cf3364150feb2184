import { greeting, lookingUp } from '../../harness/guarantees/reach.ts';
import { directoryLook } from '../../harness/guarantees/reclaiming.ts';
import { readingStatus } from '../../harness/guarantees/printed.ts';
import { tryingPort } from '../../harness/guarantees/shape.ts';
import {
  betweenMarks,
  betweenMarksAtRest,
  story,
  type DnsAnswer,
  type Probe,
  type Stage,
  type StatefulSetHandle,
  type StoryNamespace,
  type VolumePlace,
} from '../../harness/test.ts';
import {
  askingForJava,
  askingForRelease,
  asksServers,
  looksAtRing,
  looksInside,
  looksOnWhileJoining,
  newTable,
  podNames,
  podsAreGone,
  readingCommandLine,
  readingConfiguration,
  readingSystem,
} from './acts.ts';
import { cassandra, fast, label } from './workloads.ts';

export const three = [0, 1, 2] as const;
export const four = [0, 1, 2, 3] as const;
export const classRead = 'the class is read';
export const graceRead = 'the time of grace is read';
export const serviceRead = 'the Service is looked for after its deletion';
export const directories = { before: 'directories of the claims', after: 'directories after the claims went' } as const;

/**
 * The tutorial from its first step to its last, with a Pod deleted between: a ring takes minutes, so there is one for all claims that need it. Rows are written at QUORUM from when
 * it stands until it has grown.
 */
export const ring = story(
  'a ring of three loses a Pod, grows to four, shrinks and is cleaned away',
  { places: 3, minutes: 5 },
  async (stage) => {
    const { namespace } = stage;
    const [probe, set] = await Promise.all([namespace.probe(), namespace.deploy(cassandra(namespace.name))]);
    const { joining, made } = await becomesARing(stage, set);
    const seen = await looksAround(namespace, set, probe);
    const { rows, written, stored } = await writesRows(namespace, set);

    const loss = await losesAPod(namespace, set);
    await rows.writer.goesOn(10);
    const returned = await looksAtRing(namespace, set, three, 'cassandra-1 is back');

    const grown = await growsToFour(namespace, set);
    await rows.writer.goesOn(10);
    await rows.writer.stop();
    const reads = { ledger: rows.table, moment: 'read from each of four', servers: podNames(set, four) };
    for (const server of reads.servers) await rows.ledgers.readsAll(reads.moment, rows.table, server);

    const shrunk = await shrinksToThree(namespace, set);
    const cleaned = await cleansAway(namespace, set, grown.places);
    const { zone } = namespace;
    const name = `${set.service}.${namespace.name}.svc.${zone}`;
    const at = { namespace: namespace.name, zone, name };
    return { set, ...at, joining, made, ...seen, written, stored, loss, returned, grown, reads, shrunk, cleaned };
  },
);

async function becomesARing({ namespace }: Stage, set: StatefulSetHandle) {
  await set.podBecomesReady(0, undefined, { slow: true });
  await set.podBecomesRunning(1);
  const joining = await looksOnWhileJoining(namespace, set, 1, [0]);
  await set.becomesReady({ slow: true });
  const made = { to: await namespace.mark('three Pods are Ready') };
  await namespace.asks(classRead, { verb: 'get', resource: 'storageclasses', name: fast.name });
  await namespace.clients.cassandra.becomeServing('Ready Pods open their ports', podNames(set, three));
  return { joining, made };
}

/** What can be seen of a ring that stands: of its servers, in its containers, in DNS and over the network. */
async function looksAround(namespace: StoryNamespace, set: StatefulSetHandle, probe: Probe) {
  const view = await looksAtRing(namespace, set, three, 'three Pods are Ready');
  const told = await asksServers(namespace, podNames(set, three), 'servers are asked');
  const inside = await looksInside(namespace, podNames(set, three), 'in the containers', [
    readingConfiguration,
    readingCommandLine,
    readingStatus,
  ]);
  const versions = await looksInside(namespace, podNames(set, [0]), 'in the first container', [
    askingForJava,
    readingSystem,
    askingForRelease,
  ]);
  const service = `${set.service}.${namespace.name}.svc.${namespace.zone}`;
  // The programs just run start a virtual machine each: meanwhile a slow machine lets the servers' own probes run out of their time.
  const names = await betweenMarksAtRest(namespace, set, 'names and ports', async (moment) => {
    const questions = [service, service, service, `${set.name}-0.${service}`].map(
      (name) => ({ name, type: 'A' }) as const,
    );
    // A Pod that has just become Ready again is not in DNS at once.
    const known = ({ addresses }: DnsAnswer): boolean => addresses.length === three.length;
    await probe.asksDnsUntil(`${moment}: DNS settles`, { name: service, type: 'A' }, known);
    await probe.asksDns(moment, questions);
    await probe.runs(moment, greeting(service, 9042));
    await set.runs(moment, 1, lookingUp(set, 0));
    for (const ordinal of three)
      for (const port of [7000, 9042]) await probe.runs(moment, tryingPort(set.addressOf(ordinal), port));
  });
  return { view, told, inside, versions, names };
}

/** A writer goes on from now; the first rows are flushed and looked for on the disk. */
async function writesRows(namespace: StoryNamespace, set: StatefulSetHandle) {
  const { keyspace, table } = newTable();
  const ledgers = namespace.clients.cassandra.keeping(3);
  await ledgers.readsAll('before anything is written', table, `${set.name}-0`);
  const writer = await ledgers.writes('meanwhile', table, podNames(set, three));
  await writer.goesOn(20);
  const moment = 'the mounts and the disk of the node';
  await set.runs('rows are flushed', 0, ['nodetool', 'flush']);
  const stored = await betweenMarks(namespace, moment, async () => {
    await set.runs(moment, 0, ['cat', '/proc/self/mountinfo']);
    const argv = ['find', '{path}', '-name', '*-Data.db', '-path', `*/${keyspace}/*`];
    await namespace.looksAtVolume(moment, `cassandra-data-${set.name}-0`, argv);
  });
  // Where the server keeps the rows of a table, below the directory that the tutorial mounts.
  const written = [{ ordinal: 0, nonce: `/data/${keyspace}/rows-` }];
  return { rows: { ledgers, writer, table }, written, stored };
}

async function losesAPod(namespace: StoryNamespace, set: StatefulSetHandle) {
  const log = await namespace.followsLog('cassandra-1 is deleted', `${set.name}-1`);
  await namespace.asks(graceRead, { verb: 'get', resource: 'pods', name: `${set.name}-0` });
  const from = await namespace.mark('before cassandra-1 is deleted');
  const old = set.uidOf(1);
  await set.deletePod(1);
  await set.podBecomesReady(1, old, { slow: true });
  await log.ends();
  return { from, to: await namespace.mark('cassandra-1 is Ready again') };
}

async function growsToFour(namespace: StoryNamespace, set: StatefulSetHandle) {
  const from = await namespace.mark('before the set is scaled to four');
  await set.scaleTo(4);
  await set.becomesReady({ slow: true });
  await namespace.clients.cassandra.becomeServing('the fourth Pod opens its port', podNames(set, [3]));
  const quiet = await namespace.quietly('four Pods are Ready');
  const view = await looksAtRing(namespace, set, four, 'four Pods are Ready');
  const places = four.map((ordinal) => namespace.volumePlace(`cassandra-data-${set.name}-${ordinal}`));
  return { quiet, span: { ...quiet, from }, view, places };
}

async function shrinksToThree(namespace: StoryNamespace, set: StatefulSetHandle) {
  const from = await namespace.mark('before the set is scaled to three');
  await set.scaleTo(3);
  await set.podDisappears(3);
  return { ...(await namespace.quietly('three Pods are left')), from };
}

/** The set, its claims and its Service, each by the label as the tutorial does; what is waited for is the Pods' end and not half an hour. */
async function cleansAway(namespace: StoryNamespace, set: StatefulSetHandle, places: readonly VolumePlace[]) {
  const from = await namespace.mark('before the set is deleted');
  await namespace.deletesAll('statefulsets', label);
  await podsAreGone(namespace, set.name);
  const deleted = { ...(await namespace.quietly('the set is gone', 'garbage-collector')), from };

  const looks = (moment: string) =>
    Promise.all(places.map(({ node, path }) => namespace.looksAtNode(moment, node, directoryLook(path))));
  const before = await namespace.mark('before the claims are deleted');
  await looks(directories.before);
  await namespace.deletesAll('persistentvolumeclaims', label);
  await namespace.sees(
    'claims and volumes to be gone',
    ({ persistentvolumeclaims, persistentvolumes }) => persistentvolumeclaims.size + persistentvolumes.size === 0,
  );
  await looks(directories.after);
  const reclaimed = { from: before, to: await namespace.mark('the claims are gone') };

  await namespace.deletesAll('services', label);
  await namespace.sees('the Service to be gone', ({ services }) => !services.has(set.service));
  await namespace.asks(serviceRead, { verb: 'get', resource: 'services', name: set.service });
  const serviceless = { from: reclaimed.to, to: await namespace.mark('the Service is gone') };
  return { deleted, reclaimed, serviceless };
}
