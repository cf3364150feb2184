import type { Catalogue } from '../claim.ts';

/**
 * The claims of the tutorial "StatefulSet Basics" of the Kubernetes documentation on Parallel Pod management and on cleaning up.
 */
export const webParallel = {
  'webpar.manifest-only-policy-differs': {
    tutorial: 'web-parallel',
    section: 'Parallel Pod management',
    basis: 'stated',
    says: 'The parallel manifest is identical to web.yaml except `podManagementPolicy: Parallel`.',
    observed:
      "Structural diff of the two parsed manifests == exactly one added path. FAIL: drift in the suite's own manifests.",
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#parallel-pod-management',
    needs: ['static'],
  },
  'webpar.policy-persisted': {
    tutorial: 'web-parallel',
    section: 'Parallel Pod management',
    basis: 'shown',
    says: 'The policy is stored as Parallel.',
    observed: 'Read back `spec.podManagementPolicy=="Parallel"`; only OrderedReady/Parallel accepted (422 otherwise).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#parallel-pod-management',
    needs: ['K8S'],
  },
  'webpar.launch-both': {
    tutorial: 'web-parallel',
    section: 'Parallel Pod management',
    basis: 'stated',
    says: 'web-0 and web-1 are launched together, without waiting for web-0 to be Running and Ready.',
    observed:
      '`add(web-1).rv < rdy(web-0).rv` — both ADDED precede either Ready. FAIL: OrderedReady (mutation control).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#parallel-pod-management',
    needs: ['K8S', 'SC'],
  },
  'webpar.launch-despite-unready': {
    tutorial: 'web-parallel',
    section: 'Parallel Pod management',
    basis: 'stated',
    says: 'An unready predecessor does not block launching.',
    observed: "VAR: web-0's gate never set; web-1..n-1 all ADDED and Ready while web-0 Ready=False. FAIL: blocked.",
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#parallel-pod-management',
    needs: ['K8S', 'SC', 'VAR'],
  },
  'webpar.scale-up-both': {
    tutorial: 'web-parallel',
    section: 'Parallel Pod management',
    basis: 'stated',
    says: 'Scaling to 4 launches web-2 and web-3 without waiting for the first to be Ready.',
    observed:
      '`add(web-3).rv < rdy(web-2).rv`; both ADDED before either Ready. Readiness order is free (sample shows web-2 Ready first; do not assert).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#parallel-pod-management',
    needs: ['K8S', 'SC'],
  },
  'webpar.scale-up-leaves-existing': {
    tutorial: 'web-parallel',
    section: 'Parallel Pod management',
    basis: 'shown',
    says: 'Existing Pods are untouched by the parallel scale.',
    observed: 'UIDs of web-0/1 unchanged.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#parallel-pod-management',
    needs: ['K8S'],
  },
  'webpar.scale-down-parallel': {
    tutorial: 'web-parallel',
    section: 'Parallel Pod management',
    basis: 'stated',
    says: 'Termination also happens in parallel: no waiting for another Pod to finish.',
    observed:
      'Scale 4→1 with finalizers on all three: web-1, web-2, web-3 all get deletionTimestamp while none is `gone`. FAIL: only one is Terminating at a time.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#parallel-pod-management',
    needs: ['K8S', 'VAR'],
  },
  'webpar.identity-kept': {
    tutorial: 'web-parallel',
    section: 'Pod management policy',
    basis: 'stated',
    says: 'Uniqueness and identity still hold under Parallel.',
    observed:
      'Names, hostnames, A records, claim names per ordinal exactly as in web.*; each Pod mounts its own PV. FAIL: shared claim.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#pod-management-policy',
    needs: ['K8S', 'SC', 'DNS'],
  },
  'webpar.updates-unaffected': {
    tutorial: 'web-parallel',
    section: 'Parallel Pod management',
    basis: 'stated',
    says: 'The policy affects only scaling; rolling updates still go one at a time, reverse order, waiting for Ready.',
    observed:
      'Same assertions as web.rolling-update-reverse / -waits-ready on the Parallel set with all Pods healthy at start. Known limits: an unready lower ordinal does not block (k8s#96218); 1.35.0–1.35.3 had a MaxUnavailable regression (k8s#137409): pin the version.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#parallel-pod-management',
    needs: ['K8S', 'VAR'],
  },
  'webpar.delete-concurrent': {
    tutorial: 'web-parallel',
    section: 'Cleaning up',
    basis: 'stated',
    says: "Deleting the set removes all Pods concurrently, not waiting for any ordinal's successor.",
    observed: 'Finalizer held on web-3: web-2, web-1, web-0 all get deletionTimestamp; then all gone. FAIL: serial.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#cleaning-up',
    needs: ['K8S', 'VAR'],
  },
  'webpar.reuses-earlier-claims': {
    tutorial: 'web-parallel',
    section: 'Cleaning up',
    basis: 'shown',
    says: 'The parallel run re-binds the claims left from the earlier scenario; five claims exist although only four replicas ran.',
    observed:
      'Run after web-basics in the same namespace: PVC UIDs of www-web-0..4 equal those recorded at scale-up; all Bound, RWO, 1Gi, class = default class, PV reclaim policy Delete. FAIL: any re-created.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#cleaning-up',
    needs: ['K8S', 'SC', 'SEQ'],
  },
  'webpar.pvc-delete-removes-storage': {
    tutorial: 'web-parallel',
    section: 'Cleaning up',
    basis: 'stated',
    says: 'Deleting the five claims leaves no claims, and their volumes are reclaimed.',
    observed:
      'PVC list empty; each PV object DELETED (policy Delete) and the backing directory removed on the node; a PVC in use would hang on the pvc-protection finalizer, so Pods must be gone first. FAIL: Released PVs left.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#cleaning-up',
    needs: ['K8S', 'SC', 'NODE'],
  },
} as const satisfies Catalogue<'web-parallel'>;
