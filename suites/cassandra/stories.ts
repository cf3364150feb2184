import { deadlines, replicas, story } from '../../harness/test.ts';
import {
  asksServers,
  looksInside,
  newTable,
  podNames,
  podsAreGone,
  readingConfiguration,
  waitsBesideANeighbour,
} from './acts.ts';
import { bare, cassandra, ofUnservedClass, throwaway } from './workloads.ts';

/** One server, since what is asked is whether its own disk gives back what was written when nobody else is there to give it. */
export const durable = story(
  'rows are written, no Pod is left, and the Pod is back',
  { places: 2 },
  async ({ namespace }) => {
    const set = await namespace.deploy(cassandra(namespace.name, replicas(1)));
    await set.becomesReady({ slow: true });
    const servers = podNames(set, [0]);
    await namespace.clients.cassandra.becomeServing('the first server opens its port', servers);
    const { table } = newTable();
    const ledgers = namespace.clients.cassandra.keeping(1);
    await ledgers.readsAll('before anything is written', table, servers[0]);
    const writer = await ledgers.writes('before no Pod is left', table, servers);
    await writer.goesOn(20);
    await writer.stop();
    const from = await namespace.mark('rows are written');
    await set.scaleTo(0);
    await podsAreGone(namespace, set.name);
    await set.scaleTo(1);
    await set.becomesReady({ slow: true });
    await namespace.clients.cassandra.becomeServing('the server opens its port again', servers);
    const reads = { ledger: table, moment: 'after the Pod is back', servers };
    await ledgers.readsAll(reads.moment, table, servers[0]);
    return { set, reads, span: { from, to: await namespace.mark('rows are read') } };
  },
);

/** Two Pods of the image beside each other: one is told nothing but its address, the other something else than the defaults. */
export const environment = story(
  'Pods are given none of the variables, and others',
  { places: 3 },
  async ({ namespace }) => {
    const given = { CASSANDRA_NUM_TOKENS: '8', CASSANDRA_CLUSTER_NAME: 'Throwaway' };
    await Promise.all([namespace.applies(throwaway()), namespace.applies(throwaway('told', given))]);
    const pods = ['throwaway-0', 'told-0'] as const;
    await namespace.until(
      'both Pods to be Ready',
      (recorded) =>
        pods.every((pod) =>
          recorded.pods.get(pod)?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
        ),
      { deadlineMs: deadlines.slowPodReadyMs },
    );
    await namespace.clients.cassandra.becomeServing('Ready Pods open their ports', pods);
    const inside = await looksInside(namespace, pods, 'in the containers', [readingConfiguration]);
    const asked = await asksServers(namespace, pods, 'servers are asked');
    return { untold: bare('throwaway'), told: bare('told'), inside, asked };
  },
);

/** The tutorial on a cluster where nobody serves the provisioner of its class, beside a claim that is served. */
export const unservedClass = story('nobody serves the provisioner of the class', async ({ namespace }) => {
  const set = await namespace.deploy(cassandra(namespace.name, ofUnservedClass()));
  return { set, span: await waitsBesideANeighbour(namespace, set) };
});
