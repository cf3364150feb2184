import type { Catalogue } from '../claim.ts';

/**
 * The claims on Jenkins run by a StatefulSet of Viktor Farcic, "The DevOps 2.4 Toolkit", chapter "Deploying Stateful Applications
 * at Scale". The source is the page of the book, where the chapter cannot be read in full; the anchor names the section. The manifests are in the
 * public repository vfarcic/k8s-specs, folder sts.
 */
export const jenkins = {
  'jenkins.objects-created': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'stated',
    says: 'Applying creates Namespace, Ingress, Service and StatefulSet.',
    observed: 'Inventory; kubectl output lists the four.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['K8S'],
  },
  'jenkins.rollout-status': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'stated',
    says: 'rollout status confirms the set.',
    observed: 'Exit 0; 1/1 Ready (readiness starts after 60 s).',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['APP'],
  },
  'jenkins.claim-from-template': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'stated',
    says: 'A claim is created from volumeClaimTemplates, with no separate PVC in the manifest.',
    observed:
      'Manifest has no PVC kind; PVC exists, Bound, 2Gi RWO; created by the statefulset controller (managedFields).',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['K8S', 'SC'],
  },
  'jenkins.claim-name': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'stated',
    says: 'The claim is jenkins-home-jenkins-0.',
    observed: 'Exact name.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['K8S'],
  },
  'jenkins.claim-name-not-namespace': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'derived',
    says: "The middle part is the StatefulSet's name, not the Namespace as the text says.",
    observed: 'Deploy with ns ≠ sts name: claim is <template>-<sts>-0. FAIL: namespace appears.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['K8S'],
  },
  'jenkins.single-claim': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'shown',
    says: 'Only one claim exists with one replica.',
    observed: 'PVC count 1.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['K8S'],
  },
  'jenkins.pv-created': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'stated',
    says: 'The claim led to a PersistentVolume.',
    observed: 'PV Bound with that claimRef.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['SC'],
  },
  'jenkins.ingress-address': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'stated',
    says: 'The Ingress controller assigns a hostname or IP in status.',
    observed: 'status.loadBalancer.ingress[0] has ip or hostname.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['ING'],
  },
  'jenkins.wizard': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'stated',
    says: '/jenkins through the Ingress shows the set-up wizard.',
    observed: 'HTTP: /jenkins/login 200 with the unlock page, header X-Jenkins; 40x/50x tolerated only while starting.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['ING', 'APP'],
  },
  'jenkins.service-port': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'stated',
    says: 'A Service routes traffic to it.',
    observed: "Service port reaches the Pod's 8080 (GET /jenkins/login via ClusterIP).",
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['APP'],
  },
  'jenkins.state-in-one-dir': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'stated',
    says: 'Jenkins keeps all state in one directory, on the volume.',
    observed:
      'initialAdminPassword/secrets under /var/jenkins_home on the PV; delete jenkins-0 → same password and instance identity after.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['APP', 'SC'],
  },
  'jenkins.ns-delete': {
    tutorial: 'jenkins',
    section: 'Using StatefulSets to run Stateful applications',
    basis: 'stated',
    says: 'Deleting the namespace removes it all.',
    observed: 'ns 404; PVC and PV gone.',
    source: 'https://leanpub.com/the-devops-2-4-toolkit#using-statefulsets-to-run-stateful-applications',
    needs: ['K8S', 'SC'],
  },
} as const satisfies Catalogue<'jenkins'>;
