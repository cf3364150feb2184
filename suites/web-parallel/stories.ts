import {
  emptyDirs,
  heldUnready,
  patience,
  replicas,
  story,
  updateStrategy,
  type Probe,
  type RecordedState,
  type Stage,
  type StatefulSetHandle,
} from '../../harness/test.ts';
import { dnsNamesOf } from '../../harness/guarantees/dns.ts';
import type { Span } from '../../harness/guarantees/guarantee.ts';
import type { Asked } from '../../harness/guarantees/settled.ts';
import { ordered, otherImage, parallel } from './workloads.ts';

type Namespace = Stage['namespace'];

/**
 * The tutorial's last part as its reader sees it: web.yaml has left five claims behind, web-parallel.yaml is created beside them, scaled
 * and deleted.
 */
export const followed = story('web-parallel.yaml follows web.yaml in one namespace', async ({ namespace }) => {
  const [basics, probe] = await Promise.all([namespace.deploy(ordered()), namespace.probe()]);
  await basics.scaleThroughSubresourceTo(5);
  await basics.becomesReady();
  const five = await namespace.mark('web.yaml runs five replicas');
  await basics.delete('Background');
  await namespace.deletes('services', 'nginx');
  await podsAreGone(namespace);

  const from = await namespace.mark('before web-parallel.yaml');
  const web = await namespace.deploy(parallel());
  await web.becomesReady();
  const two = await namespace.mark('two replicas');
  await web.scaleThroughSubresourceTo(4);
  await web.becomesReady();
  const four = await namespace.mark('four replicas');
  await namespace.asks('storage classes', { verb: 'get', resource: 'storageclasses' });
  const asked = await looksAtIdentities(namespace, probe, web, [0, 1, 2, 3]);

  return {
    web,
    zone: namespace.zone,
    created: { from, to: two },
    scaled: { from: two, to: four },
    asked,
    ran: { from, to: asked.to },
    reused: { from: five, to: asked.to },
    deletion: await deletesHolding(namespace, web, 3),
  };
});

export const unready = story(
  'web-0 of a Parallel set is not Ready, and later its Pods are held',
  async ({ namespace }) => {
    const from = await namespace.mark('before the set is created');
    const web = await namespace.deploy(parallel(replicas(4), heldUnready(), emptyDirs()));
    await web.podBecomesRunning(0);
    const areLaunched = await areAdded(namespace, [1, 2, 3]);
    if (areLaunched) await becomeReady(web, [1, 2, 3]);
    const launched = areLaunched
      ? { from, to: await namespace.mark('all but web-0 are Ready') }
      : { ...(await namespace.quietly('web-0 is not Ready')), from };
    await web.letReady(0);
    if (!areLaunched) await becomeReady(web, [1, 2, 3]);
    await web.becomesReady();
    return { web, launched, down: await scalesToOneHolding(namespace, web, [1, 2, 3]) };
  },
);

/** The template of one Pod alone is another one while two more are asked for. */
export const staged = story(
  'a Parallel set is updated above its partition, and scaled up meanwhile',
  async ({ namespace }) => {
    const partition = updateStrategy({ type: 'RollingUpdate', rollingUpdate: { partition: 2 } });
    const web = await namespace.deploy(parallel(replicas(3), partition, emptyDirs()));
    await web.becomesReady();
    const from = await namespace.mark('before the update');
    const old = web.uidOf(2);
    await web.setImage(otherImage);
    const isNew = (recorded: RecordedState): boolean =>
      recorded.pods.get('web-2')?.metadata.uid !== old && isReady(recorded, 2);
    await namespace.sees('web-2 to be new and Ready', isNew, { deadlineMs: patience.podMs });
    const waiting = { ...(await namespace.quietly('web-2 is new')), from };
    await web.scaleTo(5);
    const areThere = (recorded: RecordedState): boolean => isReady(recorded, 3) && isReady(recorded, 4);
    await namespace.sees('web-3 and web-4 to be Ready', areThere, { deadlineMs: patience.podMs });
    return { web, waiting, scaled: { from: waiting.to, to: await namespace.mark('five replicas') } };
  },
);

function isReady({ pods }: RecordedState, ordinal: number): boolean {
  const { conditions = [] } = pods.get(`web-${ordinal}`)?.status ?? {};
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Waits until each of these Pods was added, and goes on when one is not: whether the controller had its turn, a quiet window then shows. */
function areAdded(namespace: Namespace, ordinals: readonly number[]): Promise<boolean> {
  const names = ordinals.map((ordinal) => `web-${ordinal}`);
  const deadlineMs = patience.reactionMs;
  return namespace.sees(`${names.join(', ')} to be added`, ({ pods }) => names.every((name) => pods.has(name)), {
    deadlineMs,
  });
}

/** Lets Pods with `heldUnready` become Ready, in whatever order they come. */
export async function becomeReady(web: StatefulSetHandle, ordinals: readonly number[]): Promise<void> {
  await Promise.all(
    ordinals.map(async (ordinal) => {
      await web.podBecomesRunning(ordinal);
      await web.letReady(ordinal);
    }),
  );
}

export const unreadyBelow = story(
  'a Parallel set is scaled up, and down, while web-0 is not Ready',
  async ({ namespace }) => {
    const from = await namespace.mark('before the set is created');
    const web = await namespace.deploy(parallel(heldUnready(), emptyDirs()));
    await web.podBecomesRunning(0);
    await becomeReady(web, [1]);
    await web.scaleTo(3);
    const isLaunched = await areAdded(namespace, [2]);
    if (isLaunched) await becomeReady(web, [2]);
    const launched = isLaunched
      ? { from, to: await namespace.mark('web-2 is Ready') }
      : { ...(await namespace.quietly('web-0 is still not Ready')), from };
    if (!isLaunched) {
      await web.letReady(0);
      await becomeReady(web, [2]);
      await web.makeUnready(0);
    }
    return { web, launched, down: await scalesToOneHolding(namespace, web, [1, 2], () => web.letReady(0)) };
  },
);

/**
 * Scales to one replica while every Pod that is to go is held, and lets them go once the controller has done what it does at first. What stays may have to be made Ready
 * by `then`.
 */
export async function scalesToOneHolding(
  namespace: Namespace,
  web: StatefulSetHandle,
  held: readonly number[],
  then: () => Promise<void> = () => Promise.resolve(),
): Promise<Span> {
  await Promise.all(held.map((ordinal) => web.holdTermination(ordinal)));
  const from = await namespace.mark('before scaling down');
  await web.scaleTo(1);
  await web.isObserved();
  await Promise.all(held.map((ordinal) => web.releaseTermination(ordinal)));
  await then();
  await web.becomesReady();
  return { from, to: await namespace.mark('one replica is left') };
}

/** Asks each Pod for its hostname, and DNS for each Pod once it knows the last of them. */
async function looksAtIdentities(
  namespace: Namespace,
  probe: Probe,
  web: StatefulSetHandle,
  ordinals: readonly number[],
): Promise<Asked> {
  const names = dnsNamesOf(web, namespace);
  const questions = ordinals.map((ordinal) => ({ name: names.pod(ordinal), type: 'A' as const }));
  await Promise.all(
    ordinals.map((ordinal) =>
      probe.asksDnsUntil(`until DNS knows web-${ordinal}`, { name: names.pod(ordinal), type: 'A' }, ({ addresses }) =>
        addresses.includes(web.addressOf(ordinal)),
      ),
    ),
  );
  const moment = 'four replicas are looked at';
  const from = await namespace.mark(`${moment}: begin`);
  await Promise.all([
    probe.asksDns(moment, questions),
    ...ordinals.map((ordinal) => web.runs(moment, ordinal, ['hostname'])),
  ]);
  return { moment, from, to: await namespace.mark(`${moment}: end`) };
}

/** Deletes the set as `kubectl delete sts` does, while one Pod is held; then the Service. */
async function deletesHolding(namespace: Namespace, web: StatefulSetHandle, ordinal: number): Promise<Required<Span>> {
  await web.holdTermination(ordinal);
  const from = await namespace.mark('before the set is deleted');
  await web.delete('Background');
  const held = await namespace.quietly(`the set is gone and web-${ordinal} is held`, 'garbage-collector');
  await web.releaseTermination(ordinal);
  await podsAreGone(namespace);
  await namespace.deletes('services', 'nginx');
  return { from, to: await namespace.mark('set, Pods and Service are gone'), alive: held.alive };
}

export function podsAreGone(namespace: Namespace): Promise<void> {
  return namespace.until('the Pods of the set to be gone', ({ pods }) =>
    [...pods.keys()].every((name) => !name.startsWith('web-')),
  );
}
