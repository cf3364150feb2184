import {
  betweenMarks,
  breaks,
  describe,
  inKustomization,
  inObjects,
  inPodsOf,
  inSpec,
  patience,
  story,
  type KustomizationVariation,
} from '../../harness/test.ts';
import {
  eachPodIsGoneBeforeTheNext,
  podsAreNamedByTheirDeployment,
  theDeploymentIsSingle,
} from '../../harness/guarantees/deployments.ts';
import { nothingIsLeftOf, theNamespaceHoldsExactly } from '../../harness/guarantees/inventory.ts';
import { theReferencesAreRewritten, theSecretIsGenerated } from '../../harness/guarantees/kustomizing.ts';
import { noAcknowledgedWriteIsLost } from '../../harness/guarantees/ledger.ts';
import { theDirectoryIsBackedBy } from '../../harness/guarantees/mounts.ts';
import { claimsComeToBeBound, claimsTakeTheDefaultClass } from '../../harness/guarantees/namedClaims.ts';
import { theServiceAwaitsItsAddress, theServiceLeadsToItsTierAlone } from '../../harness/guarantees/services.ts';
import {
  theDatabaseIsFoundByName,
  theFirstPageIsTheSetUpPage,
  theSiteIsReachableAtEachNode,
  whatIsShownSurvives,
} from '../../harness/guarantees/site.ts';
import { eachStatementIsAnswered } from '../../harness/guarantees/statements.ts';
import {
  comesUp,
  deletesAll,
  deletesPods,
  knocksAtEachNode,
  logsIn,
  looksAtVolumes,
  restartsContainers,
  takesServiceAway,
} from './acts.ts';
import {
  confined,
  databaseVolume,
  foundByName,
  keptPost,
  lasting,
  loggedIn,
  mysqlService,
  references,
  siteVolume,
  spoken,
} from './expectations.ts';
import {
  applies,
  askedStorage,
  claims,
  directory,
  follows,
  generated,
  inventory,
  inventsWords,
  labelled,
  looksAtAll,
  mysql,
  plants,
  publishes,
  seesAvailable,
  setsUp,
  users,
  wordpress,
} from './site.ts';

describe('controls of applying: a directory with faults', () => {
  const faulty = directory(
    inKustomization('generated names get no suffix, and the file of WordPress is left out', (fields) => ({
      ...fields,
      generatorOptions: { disableNameSuffixHash: true },
      resources: ['mysql-deployment.yaml'],
    })),
    inSpec('the claim asks for no StorageClass', { kind: 'PersistentVolumeClaim', name: claims[0] }, (spec) => ({
      ...spec,
      storageClassName: '',
    })),
    inSpec('two replicas of MySQL', { kind: 'Deployment', name: mysql.name }, (spec) => ({ ...spec, replicas: 2 })),
  );
  const applied = story('a directory with faults is applied', { follows }, async ({ namespace }) => {
    await applies(namespace, faulty);
    await namespace.until('two Pods', ({ pods }) => pods.size === 2);
    return { whole: { to: await namespace.mark('two Pods are Pending') } };
  });
  breaks('wp.secret-hash-name', applied, ({ whole }) => theSecretIsGenerated(generated, whole));
  breaks('wp.secret-refs-rewritten', applied, ({ whole }) =>
    theReferencesAreRewritten(generated, references, 'as written', whole),
  );
  breaks('wp.apply-k-creates-all', applied, ({ whole }) => theNamespaceHoldsExactly(inventory, labelled, whole));
  breaks('wp.pvc-default-class', applied, ({ whole }) =>
    claimsTakeTheDefaultClass([claims[0]], { built: 'as built', classes: 'the StorageClasses' }, whole),
  );
  breaks('wp.pvc-pending-then-bound', applied, ({ whole }) => claimsComeToBeBound([claims[0]], askedStorage, whole));
  breaks('wp.single-instance', applied, ({ whole }) => theDeploymentIsSingle(mysql, 'as built', whole));
});

describe('controls of objects: containers that serve nothing', () => {
  const idle = inPodsOf('the containers are of busybox and serve nothing', undefined, (spec) => ({
    ...spec,
    terminationGracePeriodSeconds: 1,
    containers: (spec['containers'] as readonly object[]).map((container) => ({
      ...container,
      image: 'busybox:1.28',
      command: ['sh', '-c', 'while true; do sleep 3600; done'],
    })),
  }));
  const anotherPassword = inKustomization('the password is another', (fields) => ({
    ...fields,
    secretGenerator: [{ name: 'mysql-pass', literals: ['password=ANOTHER_PASSWORD'] }],
  }));
  const variations: readonly KustomizationVariation[] = [
    idle,
    inSpec('the Service of MySQL selects both tiers', { kind: 'Service', name: mysql.name }, (spec) => ({
      ...spec,
      selector: { app: 'wordpress' },
    })),
    inSpec('the Service of WordPress is of type NodePort', { kind: 'Service', name: wordpress.name }, (spec) => ({
      ...spec,
      type: 'NodePort',
    })),
    inSpec('MySQL is updated while the old Pod runs', { kind: 'Deployment', name: mysql.name }, (spec) => ({
      ...spec,
      strategy: { type: 'RollingUpdate' },
    })),
    inObjects('WordPress is a StatefulSet', { kind: 'Deployment', name: wordpress.name }, (object) => {
      const { strategy: _, ...spec } = object['spec'] as Readonly<Record<string, unknown>>;
      return { ...object, kind: 'StatefulSet', spec: { ...spec, serviceName: wordpress.name } };
    }),
  ];
  const { deployments: __, statefulsets: ___, ...others } = inventory;
  const held = { ...others, deployments: [mysql.name], statefulsets: [wordpress.name] };

  const idling = story(
    'containers that serve nothing are applied, updated and deleted',
    { places: 2, follows },
    async (stage) => {
      const { namespace } = stage;
      const probe = await namespace.probe();
      await applies(namespace, directory(...variations));
      await namespace.until(
        'both Pods to be Ready',
        ({ pods }) =>
          [...pods.values()].filter(({ status }) =>
            status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True'),
          ).length === 3,
      );
      await namespace.until('both to be endpoints', ({ endpointslices }) =>
        [...endpointslices.values()].some(({ metadata, endpoints }) => {
          const isOfMySql = metadata.labels?.['kubernetes.io/service-name'] === mysql.name;
          // A slice of none says null.
          return isOfMySql && (endpoints ?? []).filter(({ conditions }) => conditions?.ready === true).length === 2;
        }),
      );
      const asked = await betweenMarks(namespace, 'the name and the port', async () => {
        await probe.asksDns('the name and the port', [
          { name: `${mysql.name}.${namespace.name}.svc.${probe.zone}`, type: 'A' },
        ]);
        await users(namespace).root.asks('the name and the port', 'SELECT @@datadir AS datadir');
      });
      await namespace.asks('still pending', { verb: 'get', resource: 'services', name: 'wordpress' });
      const from = await namespace.mark('before the template changes');
      const template = { metadata: { annotations: { 'steadfast.dev/template': 'changed' } } };
      await namespace.patches('deployments', mysql.name, { spec: { template } });
      await namespace.until('a Pod of the new template alone', ({ deployments }) => {
        const { metadata, status } = deployments.get(mysql.name) ?? {};
        return (
          status?.observedGeneration === metadata?.generation && status?.updatedReplicas === 1 && status.replicas === 1
        );
      });
      const changed = { from, to: await namespace.mark('after the template changed') };
      const gone = await deletesAll(namespace, directory(...variations, anotherPassword));
      return { zone: probe.zone, asked, changed, gone, all: { to: changed.to } };
    },
  );
  breaks('wp.pod-naming', idling, ({ all }) => podsAreNamedByTheirDeployment(wordpress, all));
  breaks('wp.mysql-service-headless', idling, ({ asked, zone }) =>
    theServiceLeadsToItsTierAlone(mysqlService, zone, asked),
  );
  breaks('wp.mysql-running', idling, ({ asked }) => eachStatementIsAnswered(mysql, spoken, asked));
  breaks('wp.lb-pending', idling, ({ all }) => theServiceAwaitsItsAddress('wordpress', 80, 'still pending', all));
  breaks('wp.recreate-strategy', idling, ({ changed }) => eachPodIsGoneBeforeTheNext(mysql, changed));
  breaks('wp.delete-k-removes-all', idling, ({ gone }) => nothingIsLeftOf(held, gone));
});

describe('controls of the database: no password, no user', () => {
  const open = inPodsOf('MySQL is made without passwords, database and user', mysql.name, (spec) => ({
    ...spec,
    containers: (spec['containers'] as readonly object[]).map((container) => ({
      ...container,
      env: [{ name: 'MYSQL_ALLOW_EMPTY_PASSWORD', value: 'yes' }],
    })),
  }));
  const passwordless = story(
    'a site whose database knows no password',
    { places: 2, follows },
    async ({ namespace }) => {
      await applies(namespace, directory(open));
      await seesAvailable(namespace);
      const { root, site: user } = users(namespace);
      await root.becomesServing('the database comes up');
      const visitor = namespace.clients.visits({ deployment: wordpress.name, port: 80 }, 'wordpress');
      await visitor.getsUntil('the site comes up', '/', () => true);
      const firstPage = await betweenMarks(namespace, 'the first page', async () => {
        await visitor.gets('the first page', '/');
        await visitor.gets('the first page', '/wp-admin/install.php');
      });
      return { firstPage, logins: await logsIn(namespace, { root, user, visitor }) };
    },
  );
  breaks('wp.mysql-root-password', passwordless, ({ logins }) =>
    eachStatementIsAnswered(mysql, loggedIn, logins.right),
  );
  breaks('wp.mysql-app-user', passwordless, ({ logins }) => eachStatementIsAnswered(mysql, confined, logins.right));
  breaks('wp.setup-page', passwordless, ({ firstPage }) => theFirstPageIsTheSetUpPage(wordpress, firstPage));
});

describe('controls of data: volumes mounted beside it', () => {
  const beside = inPodsOf('the volumes are mounted at /beside, the data is in the container', undefined, (spec) => ({
    ...spec,
    containers: (spec['containers'] as readonly { readonly volumeMounts: readonly object[] }[]).map((container) => ({
      ...container,
      volumeMounts: container.volumeMounts.map((mount) => ({ ...mount, mountPath: '/beside' })),
    })),
  }));
  const bypassing = inPodsOf('WordPress finds its database by another Service', wordpress.name, (spec) => ({
    ...spec,
    containers: (spec['containers'] as readonly { readonly env: readonly { readonly name: string }[] }[]).map(
      (container) => ({
        ...container,
        env: container.env.map((each) =>
          each.name === 'WORDPRESS_DB_HOST' ? { name: each.name, value: 'database' } : each,
        ),
      }),
    ),
  }));
  const another: KustomizationVariation = ({ files, variations }) => {
    const spec = { ports: [{ port: 3306 }], selector: mysql.labels, clusterIP: 'None' };
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'database' }, spec };
    return { files: { ...files, 'database.yaml': JSON.stringify(service) }, variations };
  };
  const withAnother = inKustomization('there is another Service of the database', (fields) => ({
    ...fields,
    resources: [...(fields['resources'] as readonly string[]), 'database.yaml'],
  }));
  const local = inSpec('each node leads to its own Pods only', { kind: 'Service', name: wordpress.name }, (spec) => ({
    ...spec,
    externalTrafficPolicy: 'Local',
  }));

  const forgetful = story('a site keeps its data beside its volumes', { places: 2, follows }, async ({ namespace }) => {
    const kustomization = directory(beside, bypassing, another, withAnother, local);
    const site = await comesUp(namespace, kustomization);
    const isServed = (status: number): boolean => status < 500;
    const setsUpAnew = async (moment: string, words: ReturnType<typeof inventsWords>) => {
      await setsUp(site.visitor, moment, words);
      await publishes(site.visitor, moment, words);
      await plants(namespace, words);
      return looksAtAll(namespace, site.visitor, site.root, `${moment}, before it is disturbed`);
    };
    const doors = await knocksAtEachNode(namespace, { pageMs: patience.glanceMs });
    const words = inventsWords();
    const published = await setsUpAnew('set up', words);
    const disks = await looksAtVolumes(namespace);
    const services = await takesServiceAway(namespace, site, kustomization, words, { deadlineMs: patience.refusalMs });
    const writer = await site.root.writes('before containers restart', 'through_restarts', [mysql.name]);
    await writer.stop();
    const restarted = await restartsContainers(namespace, site, isServed);
    await site.root.readsAll('after the restart', 'through_restarts', mysql.name);
    const again = inventsWords();
    const republished = await setsUpAnew('set up again', again);
    const deleted = await deletesPods(namespace, site, isServed);
    return { words, again, doors, disks, services, published, restarted, republished, deleted };
  });
  breaks('wp.mysql-volume', forgetful, ({ disks }) => theDirectoryIsBackedBy(mysql, databaseVolume, disks));
  breaks('wp.wordpress-volume', forgetful, ({ disks }) => theDirectoryIsBackedBy(wordpress, siteVolume, disks));
  breaks('wp.reachable-by-nodeport', forgetful, ({ doors }) =>
    theSiteIsReachableAtEachNode(wordpress, 'wordpress', doors),
  );
  breaks('wp.db-by-service-name', forgetful, ({ services, words }) =>
    theDatabaseIsFoundByName(foundByName(words), services),
  );
  breaks('wp.data-survives-container-restart', forgetful, ({ words, published, restarted }) =>
    whatIsShownSurvives(lasting.database(words, 'container restarted'), published, restarted),
  );
  breaks('wp.data-survives-container-restart', forgetful, ({ words, published, restarted }) =>
    whatIsShownSurvives(lasting.files(words, 'container restarted'), published, restarted),
  );
  breaks('wp.data-survives-container-restart', forgetful, () =>
    noAcknowledgedWriteIsLost({ ledger: 'through_restarts', moment: 'after the restart', servers: [mysql.name] }),
  );
  breaks('wp.db-survives-pod-delete', forgetful, ({ again, republished, deleted }) =>
    whatIsShownSurvives(lasting.database(again, 'Pod replaced'), republished, deleted),
  );
  breaks('wp.db-survives-pod-delete', forgetful, ({ again, deleted }) =>
    eachStatementIsAnswered(mysql, keptPost(again), deleted),
  );
  breaks('wp.files-survive-pod-delete', forgetful, ({ again, republished, deleted }) =>
    whatIsShownSurvives(lasting.files(again, 'Pod replaced'), republished, deleted),
  );
});
