import {
  betweenMarks,
  type Kustomization,
  type RecordedState,
  type StoryNamespace,
  type Visitor,
  type VisitorOptions,
} from '../../harness/test.ts';
import { doorOf } from '../../harness/guarantees/site.ts';
import type { Asked } from '../../harness/guarantees/settled.ts';
import {
  applies,
  becomeServing,
  looksAtAll,
  mysql,
  within,
  podOf,
  seesAvailable,
  users,
  visitorOf,
  wordpress,
  type Words,
} from './site.ts';

/** A deployed site, and who asks it and its database. */
export interface Site {
  readonly visitor: Visitor;
  readonly root: ReturnType<typeof users>['root'];
  readonly user: ReturnType<typeof users>['site'];
}

/** Applies the directory and waits until both Deployments are Available and, if they ever do, answer. Returns the site and the mark at which all was there. */
export async function comesUp(
  namespace: StoryNamespace,
  kustomization: Kustomization,
): Promise<Site & { readonly created: string }> {
  await applies(namespace, kustomization);
  await seesAvailable(namespace);
  const { root, site: user } = users(namespace);
  const visitor = visitorOf(namespace);
  await becomeServing('applied', root, visitor);
  const created = await namespace.mark('all is there');
  return { visitor, root, user, created };
}

/** What users of the database may do, put to it: a table can be made once, so this is asked once. */
export const statements = {
  root: 'SELECT 1',
  datadir: 'SELECT @@datadir AS datadir',
  databases: 'SHOW DATABASES',
  table: 'CREATE TABLE of_the_story (id INT)',
  passwords: 'SELECT user, authentication_string FROM mysql.user',
} as const;

/** Logs in with the password, and with others. */
export async function logsIn(namespace: StoryNamespace, { root, user }: Site) {
  const right = await betweenMarks(namespace, 'with the password', async () => {
    await root.asks('with the password', statements.root);
    await root.asks('with the password', statements.datadir);
    for (const statement of [statements.databases, statements.table, statements.passwords])
      await user.asks('with the password', statement);
  });
  const wrong = await betweenMarks(namespace, 'with another password', () =>
    users(namespace, 'ANOTHER_PASSWORD').root.asks('with another password', statements.root),
  );
  const empty = await betweenMarks(namespace, 'with no password', () =>
    users(namespace, '').root.asks('with no password', statements.root),
  );
  return { right, wrong, empty };
}

/** Looks at the mounts in both containers and at both volumes on their nodes. */
export function looksAtVolumes(namespace: StoryNamespace): Promise<Asked> {
  const moment = 'the mounts and the disks of the nodes';
  return betweenMarks(namespace, moment, async () => {
    for (const [deployed, claim] of [
      [mysql, 'mysql-pv-claim'],
      [wordpress, 'wp-pv-claim'],
    ] as const) {
      await namespace.runs(moment, await podOf(namespace, deployed), ['cat', '/proc/self/mountinfo']);
      await namespace.looksAtVolume(moment, claim, ['ls', '-1A', '{path}']);
    }
  });
}

/** Asks for the set-up page at every node's address and the node port, from outside the cluster; at none where there is no node port. */
export async function knocksAtEachNode(namespace: StoryNamespace, options: VisitorOptions = {}): Promise<Asked> {
  let doors: readonly { readonly node: string; readonly address: string; readonly port: number }[] = [];
  await namespace.sees('the nodes and the node port', ({ nodes, services }) => {
    const port = services.get('wordpress')?.spec?.ports?.[0]?.nodePort;
    if (port === undefined) return false;
    doors = [...nodes.values()].map(({ metadata, status }) => ({
      node: metadata.name,
      address: status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
      port,
    }));
    return doors.length > 0;
  });
  const moment = 'at the door of each node';
  return betweenMarks(namespace, moment, () =>
    Promise.all(
      doors.map(({ node, address, port }) => {
        const name = doorOf(node, address, port);
        return namespace.clients
          .visits({ name, address, port }, `${address}:${port}`, options)
          .gets(moment, '/wp-admin/install.php');
      }),
    ),
  );
}

/** Ends the process of both containers, waits until they were started once more, and looks at all again. */
export async function restartsContainers(namespace: StoryNamespace, site: Site, isBack: (status: number) => boolean) {
  const pods = [await podOf(namespace, mysql), await podOf(namespace, wordpress)];
  for (const pod of pods) await namespace.runs('the process is ended', pod, ['sh', '-c', 'kill 1']);
  await namespace.sees(
    'both containers to run once more',
    (recorded) => pods.every((pod) => restarted(recorded, pod)),
    within.starting,
  );
  await becomeServing('restarted', site.root, site.visitor, isBack);
  return looksAtAll(namespace, site.visitor, site.root, 'after the restart');
}

function restarted({ pods }: RecordedState, name: string): boolean {
  const [container] = pods.get(name)?.status?.containerStatuses ?? [];
  return container?.restartCount === 1 && container.ready;
}

/** Where a Pod stands: Ready, or refused by every node. */
export const isReady = { type: 'Ready', status: 'True' } as const;
export const isRefused = { type: 'PodScheduled', status: 'False' } as const;

/** Deletes the Pods of both Deployments and waits until those are gone and others stand so in their place, if it ever comes to that. */
export async function replacesPods(
  namespace: StoryNamespace,
  condition: typeof isReady | typeof isRefused = isReady,
): Promise<void> {
  const old = [await podOf(namespace, mysql), await podOf(namespace, wordpress)];
  await Promise.all(old.map((pod) => namespace.deletes('pods', pod)));
  await namespace.sees(
    `both Pods to be gone, and others in their place with ${condition.type} ${condition.status}`,
    ({ pods }) => {
      const there = [...pods.values()].filter(({ metadata }) => metadata.labels?.['app'] === 'wordpress');
      return (
        there.length === 2 &&
        there.every(
          ({ metadata, status }) =>
            !old.includes(metadata.name) &&
            status?.conditions?.some(({ type, status: is }) => type === condition.type && is === condition.status),
        )
      );
    },
    within.starting,
  );
}

/** The same, and then looks at all again, once there is something that answers. */
export async function deletesPods(namespace: StoryNamespace, site: Site, isBack: (status: number) => boolean) {
  await replacesPods(namespace);
  await becomeServing('deleted', site.root, site.visitor, isBack);
  return looksAtAll(namespace, site.visitor, site.root, 'after the Pods were deleted');
}

/** Gives both Deployments another template, by an annotation, or the one before, without it, and waits until Pods of it are Available, if it ever comes to that. */
export async function changesTemplates(namespace: StoryNamespace, way: 'there' | 'back') {
  const from = await namespace.mark(`before the templates change (${way})`);
  const annotations = { 'steadfast.dev/template': way === 'there' ? 'changed' : null };
  const body = { spec: { template: { metadata: { annotations } } } };
  for (const { name } of [mysql, wordpress]) await namespace.patches('deployments', name, body);
  await seesAvailable(namespace);
  return { from, to: await namespace.mark(`after the templates changed (${way})`) };
}

/** Deletes the database's Service, asks for the front page until there is no connection, and applies the directory again. */
export async function takesServiceAway(
  namespace: StoryNamespace,
  { visitor }: Site,
  kustomization: Kustomization,
  words: Words,
  wait: { readonly deadlineMs: number } = within.ending,
) {
  const page = async (moment: string) => betweenMarks(namespace, moment, () => visitor.gets(moment, '/'));
  const asked = await page('with the Service');
  await namespace.deletes('services', mysql.name);
  const moment = 'without the Service';
  const without = await betweenMarks(namespace, moment, () =>
    visitor.getsUntil(moment, '/', ({ status }) => status === 500, wait),
  );
  await namespace.appliesDirectory(kustomization);
  await visitor.getsUntil('the Service is back', '/', ({ body }) => body.includes(words.title));
  return { with: asked, without, again: await page('with the Service again') };
}

/** Deletes what the directory holds and waits until all of it is gone, volumes and Pods included, if that comes to pass. */
export async function deletesAll(namespace: StoryNamespace, kustomization: Kustomization) {
  const from = await namespace.mark('before all is deleted');
  await namespace.deletesDirectory(kustomization);
  await namespace.sees(
    'Pods, ReplicaSets and volumes to be gone',
    ({ pods, replicasets, persistentvolumes }) =>
      replicasets.size === 0 && persistentvolumes.size === 0 && [...pods.keys()].every((name) => name === 'probe'),
    within.ending,
  );
  return { from, to: await namespace.mark('after all was deleted') };
}
