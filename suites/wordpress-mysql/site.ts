import {
  betweenMarks,
  deadlines,
  kustomizationFrom,
  patience,
  writtenObjects,
  type Kustomization,
  type KustomizationVariation,
  type MySql,
  type RecordedState,
  type StoryNamespace,
  type Visitor,
} from '../../harness/test.ts';
import type { Inventory, Labelled } from '../../harness/guarantees/inventory.ts';
import type { Asked } from '../../harness/guarantees/settled.ts';

/** The tutorial's directory, as its reader has written it, unless varied. YOUR_PASSWORD is the password. */
export const directory = (...variations: readonly KustomizationVariation[]): Kustomization =>
  kustomizationFrom(new URL('manifests/', import.meta.url), ...variations);

export const password = 'YOUR_PASSWORD';
export const generated = { name: 'mysql-pass', key: 'password', value: password } as const;
/** The name that kustomize 5.5.0 gives to that content. */
export const referenceName = 'mysql-pass-5m26tmdb5k';

/** The two Deployments, and the labels by which their Pods are told. */
export const mysql = { name: 'wordpress-mysql', labels: { app: 'wordpress', tier: 'mysql' } } as const;
export const wordpress = { name: 'wordpress', labels: { app: 'wordpress', tier: 'frontend' } } as const;
export const claims = ['mysql-pv-claim', 'wp-pv-claim'] as const;
export const askedStorage = { storage: '20Gi', accessModes: ['ReadWriteOnce'] } as const;

/** What one `apply -k` makes, and the label of what was written by hand. */
export const inventory: Inventory = {
  secrets: ['mysql-pass-*'],
  services: ['wordpress', 'wordpress-mysql'],
  persistentvolumeclaims: claims,
  deployments: ['wordpress', 'wordpress-mysql'],
  statefulsets: [],
  poddisruptionbudgets: [],
};
export const labelled: Labelled = {
  label: 'app',
  value: 'wordpress',
  resources: ['services', 'persistentvolumeclaims', 'deployments'],
};

/** What these stories record beside what all do. */
export const follows = ['deployments', 'replicasets', 'secrets', 'nodes'] as const;

/** How long a story waits for a server to start or to end before it goes on without. */
export const within = {
  starting: { deadlineMs: deadlines.slowPodReadyMs },
  ending: { deadlineMs: patience.lingeringPodMs },
};

/** The users of the database: root and the site's own, with the Secret's password unless another is given. */
export function users(namespace: StoryNamespace, secret = password) {
  const as = (user: string) => namespace.clients.mysql(mysql.name, { user, password: secret, database: 'wordpress' });
  return { root: as('root'), site: as('wordpress') };
}

/** Somebody who calls the site by its Service's name, by way of its Pod. */
export const visitorOf = (namespace: StoryNamespace): Visitor =>
  namespace.clients.visits({ deployment: wordpress.name, port: 80 }, 'wordpress');

/** Builds the directory and applies it; what was written, built and is the default class is in the history. */
export async function applies(namespace: StoryNamespace, kustomization: Kustomization): Promise<void> {
  const objects = writtenObjects(kustomization);
  namespace.observe({ of: 'manifest', moment: 'as written', file: 'the resources of kustomization.yaml', objects });
  await namespace.builds('as built', kustomization);
  await namespace.asks('the StorageClasses', { verb: 'get', resource: 'storageclasses' });
  await namespace.appliesDirectory(kustomization);
}

/** Waits until the controller of both Deployments calls their newest template Available, if it ever does. */
export function seesAvailable(namespace: StoryNamespace): Promise<boolean> {
  return namespace.sees(
    'both Deployments to be Available',
    (recorded) => [mysql, wordpress].every(({ name }) => isAvailable(recorded, name)),
    within.starting,
  );
}

function isAvailable({ deployments }: RecordedState, name: string): boolean {
  const { metadata, status } = deployments.get(name) ?? {};
  const isSeen = status?.observedGeneration === metadata?.generation;
  const says = status?.conditions?.some((each) => each.type === 'Available' && each.status === 'True') === true;
  return isSeen && says && status?.updatedReplicas === 1 && status.replicas === 1 && status.readyReplicas === 1;
}

/** Waits until the database answers, and then the site, with whatever page unless it is told what. Their Pods have no probes: Ready says nothing of that. */
export async function becomeServing(
  moment: string,
  database: MySql,
  visitor: Visitor,
  isAwaited: (status: number) => boolean = (status) => status < 500,
): Promise<void> {
  await database.becomesServing(`${moment}: the database comes up`);
  await visitor.getsUntil(`${moment}: the site comes up`, '/', ({ status }) => isAwaited(status));
}

/** The name of a Deployment's one Pod that is not on its way out, once there is one. */
export async function podOf(namespace: StoryNamespace, { name, labels }: typeof mysql | typeof wordpress) {
  let found: string | undefined;
  await namespace.until(`a Pod of ${name}`, ({ pods }) => {
    const own = [...pods.values()].filter(
      ({ metadata }) => metadata.labels?.['tier'] === labels.tier && metadata.deletionTimestamp === undefined,
    );
    found = own.length === 1 ? own[0]?.metadata.name : undefined;
    return found !== undefined;
  });
  return found ?? name;
}

/** Words that are nowhere else in the world: the site's title, a post's, and what a planted file holds. */
export interface Words {
  readonly title: string;
  readonly post: string;
  readonly file: string;
}

export const inventsWords = (): Words => ({ title: word('title'), post: word('post'), file: word('file') });

const word = (what: string): string => `${what} ${crypto.randomUUID().replaceAll('-', '')}`;

const administrator = { name: 'admin', password: crypto.randomUUID() };

/** Sets the site up by its own form. */
export async function setsUp(visitor: Visitor, moment: string, { title }: Words): Promise<void> {
  await visitor.submits(moment, '/wp-admin/install.php?step=2', {
    weblog_title: title,
    user_name: administrator.name,
    admin_password: administrator.password,
    admin_password2: administrator.password,
    admin_email: 'admin@example.com',
    blog_public: '0',
    Submit: 'Install WordPress',
    language: '',
  });
}

/** Logs in by the site's form and publishes a post by its REST interface, as its editor does. */
export async function publishes(visitor: Visitor, moment: string, { post }: Words): Promise<void> {
  await visitor.gets(moment, '/wp-login.php');
  await visitor.submits(moment, '/wp-login.php', {
    log: administrator.name,
    pwd: administrator.password,
    'wp-submit': 'Log In',
    redirect_to: '/wp-admin/',
    testcookie: '1',
  });
  const permit = await visitor.gets(moment, '/wp-admin/admin-ajax.php?action=rest-nonce');
  const headers = { 'X-WP-Nonce': permit.status === 'succeeded' ? permit.answer.body.trim() : '' };
  const data = { title: post, content: `of ${post}`, status: 'publish' };
  await visitor.posts(moment, '/index.php?rest_route=/wp/v2/posts', data, headers);
}

/** The file that a story plants among the site's, and its address. */
export const planted = { file: '/var/www/html/wp-content/planted.txt', path: '/wp-content/planted.txt' } as const;

export async function plants(namespace: StoryNamespace, { file }: Words): Promise<void> {
  const pod = await podOf(namespace, wordpress);
  await namespace.runs('planted', pod, ['sh', '-c', `echo ${file} > ${planted.file}`]);
}

/** The pages by which it is told whether all of it lasts. */
export const shown = {
  front: ({ title, post }: Words) => ({ path: '/', texts: [title, post] }),
  file: ({ file }: Words) => ({ path: planted.path, texts: [file] }),
} as const;

export const postsStatement = "SELECT post_title, post_status FROM wp_posts WHERE post_type = 'post'";

/** Asks for the pages, and the database for the posts. */
export function looksAtAll(
  namespace: StoryNamespace,
  visitor: Visitor,
  database: MySql,
  moment: string,
): Promise<Asked> {
  return betweenMarks(namespace, moment, async () => {
    await visitor.gets(moment, '/');
    await visitor.gets(moment, planted.path);
    await database.asks(moment, postsStatement);
  });
}
