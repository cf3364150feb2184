import { betweenMarks, claim, describe, story } from '../../harness/test.ts';
import {
  eachPodIsGoneBeforeTheNext,
  podsAreNamedByTheirDeployment,
  theDeploymentIsAvailable,
  theDeploymentIsSingle,
} from '../../harness/guarantees/deployments.ts';
import { noAcknowledgedWriteIsLost } from '../../harness/guarantees/ledger.ts';
import { nothingIsLeftOf, theNamespaceHoldsExactly } from '../../harness/guarantees/inventory.ts';
import { theReferencesAreRewritten, theSecretIsGenerated } from '../../harness/guarantees/kustomizing.ts';
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
  changesTemplates,
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
  setsUp,
  wordpress,
} from './site.ts';
import {
  confined,
  databaseVolume,
  foundByName,
  keptPost,
  lasting,
  loggedIn,
  mysqlService,
  references,
  refused,
  siteVolume,
  spoken,
} from './expectations.ts';

const isServed = (status: number): boolean => status === 200;

/** The tutorial from its first command to its last; between them the site is set up, and its Pods meet what they are said to outlive. */
const lived = story('a site is applied, set up, shaken and deleted', { places: 2, follows }, async ({ namespace }) => {
  const [probe, kustomization] = [await namespace.probe(), directory()];
  const site = await comesUp(namespace, kustomization);
  const firstPage = await betweenMarks(namespace, 'the first page', async () => {
    await site.visitor.gets('the first page', '/');
    await site.visitor.gets('the first page', '/wp-admin/install.php');
  });
  const doors = await knocksAtEachNode(namespace);
  const logins = await logsIn(namespace, site);
  const resolved = await betweenMarks(namespace, 'the name of the Service', () =>
    probe.asksDns('the name of the Service', [
      { name: `${mysql.name}.${namespace.name}.svc.${probe.zone}`, type: 'A' },
    ]),
  );
  const settled = await namespace.mark('nothing was disturbed yet');

  const words = inventsWords();
  await setsUp(site.visitor, 'set up', words);
  await publishes(site.visitor, 'published', words);
  await plants(namespace, words);
  const published = await looksAtAll(namespace, site.visitor, site.root, 'before anything is disturbed');

  const restarting = await site.root.writes('while containers restart', 'through_restarts', [mysql.name]);
  const restarted = await restartsContainers(namespace, site, isServed);
  await restarting.goesOn(3);
  await restarting.stop();
  await site.root.readsAll('after the restart', 'through_restarts', mysql.name);

  const deleting = await site.root.writes('while Pods are deleted', 'through_deletions', [mysql.name]);
  const deleted = await deletesPods(namespace, site, isServed);
  await deleting.goesOn(3);
  await deleting.stop();
  await site.root.readsAll('after the Pods were deleted', 'through_deletions', mysql.name);

  const services = await takesServiceAway(namespace, site, kustomization, words);
  const changed = await changesTemplates(namespace, 'there');
  const changedBack = await changesTemplates(namespace, 'back');
  await namespace.asks('still pending', { verb: 'get', resource: 'services', name: 'wordpress' });
  const all = { to: await namespace.mark('before the end') };
  const gone = await deletesAll(namespace, kustomization);
  return {
    zone: probe.zone,
    words,
    created: { to: site.created },
    undisturbed: { to: settled },
    all,
    firstPage,
    doors,
    logins,
    resolved,
    published,
    restarted,
    deleted,
    services,
    changed,
    changedBack,
    gone,
  };
});

/** By itself, since only some clusters give a shell on their nodes. */
const lookedInto = story('the volumes of a site are looked into', { places: 2, follows }, async ({ namespace }) => {
  const site = await comesUp(namespace, directory());
  return { disks: await looksAtVolumes(namespace), logins: await logsIn(namespace, site) };
});

describe('Add a Secret generator', () => {
  claim('wp.secret-hash-name', lived, ({ all }) => theSecretIsGenerated(generated, all));
});

describe('Add resource configs for MySQL and WordPress', () => {
  claim('wp.secret-refs-rewritten', lived, ({ undisturbed }) =>
    theReferencesAreRewritten(generated, references, 'as written', undisturbed),
  );
  claim('wp.mysql-root-password', lived, ({ logins }) => [
    eachStatementIsAnswered(mysql, loggedIn, logins.right),
    eachStatementIsAnswered(mysql, refused, logins.wrong),
    eachStatementIsAnswered(mysql, refused, logins.empty),
  ]);
  claim('wp.mysql-app-user', lived, ({ logins }) => eachStatementIsAnswered(mysql, confined, logins.right));
  claim('wp.single-instance', lived, ({ all }) => [
    theDeploymentIsSingle(mysql, 'as built', all),
    theDeploymentIsSingle(wordpress, 'as built', all),
  ]);
  claim('wp.mysql-volume', lookedInto, ({ disks, logins }) => [
    theDirectoryIsBackedBy(mysql, databaseVolume, disks),
    eachStatementIsAnswered(mysql, spoken, logins.right),
  ]);
  claim('wp.wordpress-volume', lookedInto, ({ disks }) => theDirectoryIsBackedBy(wordpress, siteVolume, disks));
  claim('wp.mysql-service-headless', lived, ({ resolved, zone }) =>
    theServiceLeadsToItsTierAlone(mysqlService, zone, resolved),
  );
  claim('wp.db-by-service-name', lived, ({ services, words }) =>
    theDatabaseIsFoundByName(foundByName(words), services),
  );
  claim('wp.recreate-strategy', lived, ({ changed, changedBack }) =>
    [changed, changedBack].flatMap((span) => [mysql, wordpress].map((each) => eachPodIsGoneBeforeTheNext(each, span))),
  );
});

describe('Create PersistentVolumeClaims and PersistentVolumes', () => {
  claim('wp.pvc-default-class', lived, ({ created }) =>
    claimsTakeTheDefaultClass(claims, { built: 'as built', classes: 'the StorageClasses' }, created),
  );
});

describe('Apply and Verify', () => {
  claim('wp.apply-k-creates-all', lived, ({ created }) => theNamespaceHoldsExactly(inventory, labelled, created));
  claim('wp.pvc-pending-then-bound', lived, ({ created }) => claimsComeToBeBound(claims, askedStorage, created));
  claim('wp.mysql-running', lived, ({ undisturbed, logins }) => [
    theDeploymentIsAvailable(mysql, undisturbed),
    eachStatementIsAnswered(mysql, spoken, logins.right),
  ]);
  claim('wp.pod-naming', lived, ({ all }) => [
    podsAreNamedByTheirDeployment(mysql, all),
    podsAreNamedByTheirDeployment(wordpress, all),
  ]);
  claim('wp.lb-pending', lived, ({ all }) => theServiceAwaitsItsAddress('wordpress', 80, 'still pending', all));
  claim('wp.reachable-by-nodeport', lived, ({ doors }) => theSiteIsReachableAtEachNode(wordpress, 'wordpress', doors));
  claim('wp.setup-page', lived, ({ firstPage }) => theFirstPageIsTheSetUpPage(wordpress, firstPage));
});

describe('Introduction', () => {
  claim('wp.data-survives-container-restart', lived, ({ words, published, restarted }) => [
    whatIsShownSurvives(lasting.database(words, 'container restarted'), published, restarted),
    whatIsShownSurvives(lasting.files(words, 'container restarted'), published, restarted),
    eachStatementIsAnswered(mysql, keptPost(words), restarted),
    noAcknowledgedWriteIsLost({ ledger: 'through_restarts', moment: 'after the restart', servers: [mysql.name] }),
  ]);
  claim('wp.db-survives-pod-delete', lived, ({ words, restarted, deleted }) => [
    whatIsShownSurvives(lasting.database(words, 'Pod replaced'), restarted, deleted),
    eachStatementIsAnswered(mysql, keptPost(words), deleted),
    noAcknowledgedWriteIsLost({
      ledger: 'through_deletions',
      moment: 'after the Pods were deleted',
      servers: [mysql.name],
    }),
  ]);
  claim('wp.files-survive-pod-delete', lived, ({ words, restarted, deleted }) =>
    whatIsShownSurvives(lasting.files(words, 'Pod replaced'), restarted, deleted),
  );
});

describe('Cleaning up', () => {
  claim('wp.delete-k-removes-all', lived, ({ gone }) => nothingIsLeftOf(inventory, gone));
});
