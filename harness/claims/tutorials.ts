/** The tutorials in the order of the report. `prefix` begins the id of each of their claims; `needs` is what running one takes. */
export const tutorials = {
  'web-basics': {
    title: 'StatefulSet Basics',
    prefix: 'web',
    needs: 'a default StorageClass; volumes usable from two nodes for the claims on moving Pods',
  },
  'web-parallel': {
    title: 'StatefulSet Basics: Parallel Pod management',
    prefix: 'webpar',
    needs: 'a default StorageClass',
  },
  'wordpress-mysql': {
    title: 'WordPress and MySQL with PersistentVolumes',
    prefix: 'wp',
    needs: 'a default StorageClass; images of MySQL and WordPress',
  },
  cassandra: {
    title: 'Cassandra with a StatefulSet',
    prefix: 'cass',
    needs: 'a StorageClass named fast; the image of the tutorial or one with the same files',
  },
  zookeeper: {
    title: 'Running ZooKeeper',
    prefix: 'zk',
    needs:
      'exactly four schedulable nodes; volumes usable from each; a class that honours fsGroup; the image of the tutorial',
  },
  'mongodb-local-pv': {
    title: 'MongoDB on local volumes',
    prefix: 'mongo',
    needs: 'three nodes and a shell on them; an image of MongoDB',
  },
  'go-demo-3-deployment': {
    title: 'go-demo-3: a database in a Deployment',
    prefix: 'gd3dep',
    needs: 'a default StorageClass; an Ingress controller; images of MongoDB and go-demo-3',
  },
  'go-demo-3-statefulset': {
    title: 'go-demo-3: a database in a StatefulSet',
    prefix: 'gd3sts',
    needs: 'a default StorageClass; two versions of MongoDB and the image of go-demo-3',
  },
  'go-demo-3-sidecar': {
    title: 'go-demo-3: a sidecar and RBAC',
    prefix: 'gd3side',
    needs: 'RBAC; images of MongoDB, its sidecar and go-demo-3',
  },
  jenkins: {
    title: 'Jenkins with a StatefulSet',
    prefix: 'jenkins',
    needs: 'a default StorageClass; an Ingress controller; an image of Jenkins',
  },
  'mysql-replicated': {
    title: 'Replicated MySQL',
    prefix: 'mysql',
    needs: 'a default StorageClass; images of MySQL and XtraBackup',
  },
  concepts: {
    title: 'Concepts of several tutorials',
    prefix: 'concept',
    needs: 'two nodes and a shell on them; volumes usable from both',
  },
  reference: {
    title: 'The reference pages of the Kubernetes documentation',
    prefix: 'ref',
    needs:
      'two nodes and a shell on them; classes that delete and that retain; some claims need a server of 1.27, 1.31 or 1.35',
  },
} as const satisfies Readonly<Record<string, TutorialFacts>>;

export type Tutorial = keyof typeof tutorials;

/** `web` for `web-basics`. */
export type PrefixOf<T extends Tutorial> = (typeof tutorials)[T]['prefix'];

export interface TutorialFacts {
  readonly title: string;
  readonly prefix: string;
  readonly needs: string;
}

/** The names in the order of the report. */
export const tutorialNames = Object.keys(tutorials) as readonly Tutorial[];

export function isTutorial(text: string): text is Tutorial {
  return Object.hasOwn(tutorials, text);
}
