import type { Catalogue } from '../claim.ts';

/**
 * The claims on initializing a database from a sidecar container of Viktor Farcic, "The DevOps 2.4 Toolkit", chapter "Deploying Stateful Applications
 * at Scale". The source is the page of the book, where the chapter cannot be read in full; the anchor names the section. The manifests are in the
 * public repository vfarcic/k8s-specs, folder sts.
 */
export const goDemo3Sidecar = {
  'gd3side.only-sidecar-added': {
    tutorial: 'go-demo-3-sidecar',
    section: 'Using sidecar containers to initialize applications',
    basis: 'stated',
    says: 'Compared with the previous definition only a second container db-sidecar is added to db.',
    observed: 'Structural diff; each db Pod has containers {db, db-sidecar} with the three env vars.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-sidecar-containers-to-initialize-applications',
    needs: ['K8S'],
  },
  'gd3side.rbac-on': {
    tutorial: 'go-demo-3-sidecar',
    section: 'Creating a cluster',
    basis: 'stated',
    says: 'Precondition: RBAC is enabled.',
    observed:
      'API server authorization modes include RBAC; rbac.authorization.k8s.io served. Else the next rows are meaningless.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#creating-a-cluster',
    needs: ['RBAC'],
  },
  'gd3side.default-sa-used': {
    tutorial: 'go-demo-3-sidecar',
    section: 'Using sidecar containers to initialize applications',
    basis: 'shown',
    says: 'The sidecar calls the API as service account go-demo-3:default.',
    observed: 'Pod spec.serviceAccountName default; token mounted in the container.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-sidecar-containers-to-initialize-applications',
    needs: ['RBAC'],
  },
  'gd3side.list-forbidden-log': {
    tutorial: 'go-demo-3-sidecar',
    section: 'Using sidecar containers to initialize applications',
    basis: 'stated',
    says: "The sidecar's log shows a 403 Forbidden for listing pods in go-demo-3 by system:serviceaccount:go-demo-3:default.",
    observed:
      'Poll logs db-0 -c db-sidecar: an entry with code 403, reason Forbidden, kind pods, that user name. FAIL: another error (connection, TLS, 401) or no error.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-sidecar-containers-to-initialize-applications',
    needs: ['RBAC', 'IMG:sidecar'],
  },
  'gd3side.list-forbidden-api': {
    tutorial: 'go-demo-3-sidecar',
    section: 'Using sidecar containers to initialize applications',
    basis: 'stated',
    says: 'The default service account may not list Pods.',
    observed:
      "SubjectAccessReview denied; and a raw GET pods with the Pod's own mounted token returns HTTP 403 (works with any image, independent of the old sidecar). FAIL: a permissive binding exists (mutation control: bind view → must fail).",
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-sidecar-containers-to-initialize-applications',
    needs: ['RBAC'],
  },
  'gd3side.rs-not-formed': {
    tutorial: 'go-demo-3-sidecar',
    section: 'Using sidecar containers to initialize applications',
    basis: 'derived',
    says: 'So the replica set is not configured.',
    observed: 'mongo on db-0: NotYetInitialized (94) after a window; api Pods not Ready.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-sidecar-containers-to-initialize-applications',
    needs: ['APP'],
  },
  'gd3side.grant-fixes': {
    tutorial: 'go-demo-3-sidecar',
    section: 'Using sidecar containers to initialize applications',
    basis: 'derived',
    says: 'Positive control: granting list on pods lets the sidecar create the replica set unaided.',
    observed:
      'Add Role+RoleBinding (list pods): 403s stop, rs has 3 members, api becomes Ready. Proves the 403 was the only cause.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-sidecar-containers-to-initialize-applications',
    needs: ['RBAC', 'IMG:sidecar'],
  },
  'gd3side.maintains-membership': {
    tutorial: 'go-demo-3-sidecar',
    section: 'Using sidecar containers to initialize applications',
    basis: 'stated',
    says: 'The sidecar keeps the replica set up to date with the Pods.',
    observed: 'After the grant: scale db 3→5 and back; member list follows.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-sidecar-containers-to-initialize-applications',
    needs: ['RBAC', 'IMG:sidecar'],
  },
  'gd3side.keeps-looping': {
    tutorial: 'go-demo-3-sidecar',
    section: 'Using sidecar containers to initialize applications',
    basis: 'shown',
    says: 'The sidecar stays up and retries after the error.',
    observed: 'restartCount 0, error repeats at the loop interval; db container unaffected.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-sidecar-containers-to-initialize-applications',
    needs: ['IMG:sidecar'],
  },
  'gd3side.ns-delete': {
    tutorial: 'go-demo-3-sidecar',
    section: 'What now?',
    basis: 'stated',
    says: 'Deleting the namespace removes everything created.',
    observed: 'As before.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#what-now',
    needs: ['K8S'],
  },
} as const satisfies Catalogue<'go-demo-3-sidecar'>;
