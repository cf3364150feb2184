import type { Catalogue } from '../claim.ts';

/**
 * The claims of the tutorial "Example: Deploying Cassandra with a StatefulSet" of the Kubernetes documentation. Its introduction has no heading
 * of its own: those claims point at the heading that follows it.
 */
export const cassandra = {
  'cass.headless-service': {
    tutorial: 'cassandra',
    section: 'Creating a headless Service for Cassandra',
    basis: 'stated',
    says: 'Service `cassandra` exists, ClusterIP None, port 9042.',
    observed: 'GET: clusterIP None, port 9042, selector app=cassandra. FAIL: VIP allocated.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#creating-a-cassandra-headless-service',
    needs: ['K8S'],
  },
  'cass.service-dns': {
    tutorial: 'cassandra',
    section: 'Creating a headless Service for Cassandra',
    basis: 'stated',
    says: 'The Service gives DNS lookups between Cassandra Pods and to clients in the cluster.',
    observed:
      'From a probe Pod: A set of `cassandra.<ns>.svc.<zone>` == IPs of Ready Pods; a CQL OPTIONS/STARTUP handshake to that name:9042 succeeds; from cassandra-1 the peer name cassandra-0.cassandra resolves.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#creating-a-cassandra-headless-service',
    needs: ['APP', 'DNS'],
  },
  'cass.seed-fqdn': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'shown',
    says: 'The configured seed `cassandra-0.cassandra.default.svc.cluster.local` resolves to cassandra-0.',
    observed:
      "A == cassandra-0 podIP. The manifest hard-codes namespace default: in any other namespace the seed must be templated (harness check: env value's namespace == actual namespace). FAIL: each node forms its own ring.",
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['K8S', 'DNS'],
  },
  'cass.sequential-deploy': {
    tutorial: 'cassandra',
    section: 'Validating the Cassandra StatefulSet',
    basis: 'stated',
    says: 'The set deploys Pods sequentially.',
    observed:
      '`add(cassandra-1).rv > rdy(cassandra-0).rv`, `add(cassandra-2).rv > rdy(cassandra-1).rv`; sample shows cassandra-0 1/1 with cassandra-1 creating. FAIL: burst.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#validating-the-cassandra-statefulset',
    needs: ['K8S'],
  },
  'cass.ready-means-un': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'shown',
    says: 'A Pod is Ready only when nodetool reports its own IP as Up/Normal.',
    observed:
      'While cassandra-1 joins (UJ) its Ready is False; sample nodetool from cassandra-0 concurrently with the Pod watch: no Ready event before its line is UN. FAIL: probe replaced by TCP check.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['IMG:/ready-probe.sh'],
  },
  'cass.ring-of-three': {
    tutorial: 'cassandra',
    section: 'Validating the Cassandra StatefulSet',
    basis: 'stated',
    says: 'The three Pods form one ring; nodetool status shows three UN nodes.',
    observed:
      'Run nodetool status in *each* of the three Pods: exactly three UN lines, address set == podIPs, the three Host IDs equal across views. Seeing 3 UN from one node only does not prove agreement.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#validating-the-cassandra-statefulset',
    needs: ['APP', 'TOOLS:nodetool'],
  },
  'cass.dc-rack': {
    tutorial: 'cassandra',
    section: 'Validating the Cassandra StatefulSet',
    basis: 'shown',
    says: 'Datacenter is DC1-K8Demo and rack Rack1-K8Demo.',
    observed:
      'nodetool status header/column, or CQL `select data_center, rack from system.local`. FAIL: datacenter1/rack1 (env ignored).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#validating-the-cassandra-statefulset',
    needs: ['APP'],
  },
  'cass.cluster-name': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'shown',
    says: 'The cluster is named K8Demo.',
    observed: '`system.local.cluster_name` over CQL from each node.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['APP'],
  },
  'cass.num-tokens': {
    tutorial: 'cassandra',
    section: 'Validating the Cassandra StatefulSet',
    basis: 'shown',
    says: 'Each node owns 32 tokens.',
    observed: 'nodetool Tokens column 32; `select tokens from system.local` has 32 entries.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#validating-the-cassandra-statefulset',
    needs: ['APP'],
  },
  'cass.seed-provider-joins': {
    tutorial: 'cassandra',
    section: 'Introduction',
    basis: 'stated',
    says: 'A seed provider lets new instances discover and join the cluster with no manual step.',
    observed:
      'cassandra-1/2 reach UN with no harness action; in each Pod cassandra.yaml seed list == the seed FQDN; gossip `system.peers` lists the two others. Record seed_provider class (see contradictions: the shipped default is SimpleSeedProvider). FAIL: isolated one-node rings.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#objectives',
    needs: ['APP'],
  },
  'cass.scale-to-four': {
    tutorial: 'cassandra',
    section: 'Modifying the Cassandra StatefulSet',
    basis: 'stated',
    says: 'Editing replicas 3→4 scales the set to four Pods, which join the ring.',
    observed:
      'spec/status replicas and readyReplicas 4; cassandra-3 ADDED only after 0–2 Ready; four UN lines in all four views. FAIL: Pod exists but is not in the ring.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#modifying-the-cassandra-statefulset',
    needs: ['APP'],
  },
  'cass.scale-no-restart': {
    tutorial: 'cassandra',
    section: 'Modifying the Cassandra StatefulSet',
    basis: 'shown',
    says: 'Scaling does not restart existing members.',
    observed: 'UIDs and restartCounts of 0–2 unchanged; no new ControllerRevision.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#modifying-the-cassandra-statefulset',
    needs: ['K8S'],
  },
  'cass.class-fast': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'stated',
    says: 'The manifest creates StorageClass `fast` and claims use it rather than the default.',
    observed:
      'SC fast exists; PVC and PV storageClassName fast; provisioner == what the SC names. FAIL: default class used.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['K8S'],
  },
  'cass.class-unmodified-pends': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'derived',
    says: 'With the provisioner as printed (minikube hostpath) on kind the claim never binds and cassandra-0 stays Pending.',
    observed:
      'Apply unmodified in a scratch namespace: PVC Pending with ExternalProvisioning event naming k8s.io/minikube-hostpath; Pod PodScheduled=False. Then the adapted SC binds. Guards against silently falling back to the default class.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['K8S', 'not minikube'],
  },
  'cass.pvc-naming': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'shown',
    says: 'Claims are cassandra-data-cassandra-N, 1Gi RWO, Bound to one PV each.',
    observed: 'Set equality; distinct PVs.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['K8S'],
  },
  'cass.data-dir-on-pv': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'stated',
    says: "The claim is mounted at /cassandra_data and holds Cassandra's data.",
    observed:
      'Mountpoint; cassandra.yaml data_file_directories/commitlog under it; files grow on the PV after writes+flush. FAIL: template/volumeMount name mismatch.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['IMG', 'NODE'],
  },
  'cass.data-durable': {
    tutorial: 'cassandra',
    section: 'Introduction',
    basis: 'stated',
    says: 'Persistent storage gives durability of the data.',
    observed:
      'Write nonce rows (RF=1 keyspace, or any RF) over CQL, scale to 0 so that no live replica can re-stream, scale back to 3, read nonces. Deleting one Pod with RF=3 proves replication, not durability. FAIL: emptyDir.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#objectives',
    needs: ['APP', 'SC'],
  },
  'cass.member-identity-kept': {
    tutorial: 'cassandra',
    section: 'Introduction',
    basis: 'derived',
    says: 'A replaced Pod rejoins as the same ring member (same Host ID) even if its IP changed.',
    observed: 'Delete cassandra-1; new UID; Host ID same, three UN, no DN leftovers. FAIL: a fourth member with DN.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#objectives',
    needs: ['APP'],
  },
  'cass.prestop-drain': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'shown',
    says: 'On termination `nodetool drain` runs before the process is stopped.',
    observed:
      'Follow the log of cassandra-2 (`logs -f` opened before the delete): DRAINING NODE / DRAINED appear before container exit; no FailedPreStopHook event. FAIL: hook removed, or exit without DRAINED.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['APP', 'IMG'],
  },
  'cass.grace-1800': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'shown',
    says: 'Pods have terminationGracePeriodSeconds 1800, and the clean-up reads it by jsonpath.',
    observed: "`spec.terminationGracePeriodSeconds==1800`; on delete the Pod's `deletionGracePeriodSeconds==1800`.",
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['K8S'],
  },
  'cass.graceful-exit': {
    tutorial: 'cassandra',
    section: 'Cleaning up',
    basis: 'derived',
    says: 'Termination finishes far before the grace period and not by SIGKILL.',
    observed:
      "Time from delete request to `gone` is minutes, not 1800 s (metadata.deletionTimestamp is request time + grace, so subtract 1800 s from it); container's final exit code is not 137 and reason not OOMKilled. FAIL: killed at the end of the grace period.",
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#cleaning-up',
    needs: ['APP'],
  },
  'cass.delete-keeps-pvcs': {
    tutorial: 'cassandra',
    section: 'Cleaning up',
    basis: 'stated',
    says: 'Deleting the set does not delete its volumes.',
    observed: 'PVC/PV UIDs same after sts delete.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#cleaning-up',
    needs: ['K8S', 'SC'],
  },
  'cass.scale-down-keeps-pvcs': {
    tutorial: 'cassandra',
    section: 'Cleaning up',
    basis: 'stated',
    says: 'Scaling down does not delete the volumes.',
    observed: '4→3: PVC cassandra-data-cassandra-3 still Bound, same UID.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#cleaning-up',
    needs: ['K8S', 'SC'],
  },
  'cass.delete-pvcs-by-label': {
    tutorial: 'cassandra',
    section: 'Cleaning up',
    basis: 'stated',
    says: 'The label selector app=cassandra deletes the set and then all its claims.',
    observed:
      '`delete sts -l`, wait for all Pods gone (instead of sleeping 1800 s), `delete pvc -l` removes every cassandra-data-*; PVs reclaimed. FAIL: claims lack the label.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#cleaning-up',
    needs: ['K8S', 'SC'],
  },
  'cass.delete-service-by-label': {
    tutorial: 'cassandra',
    section: 'Cleaning up',
    basis: 'stated',
    says: 'The Service is deleted by the same label.',
    observed: 'Service 404 after `delete svc -l app=cassandra`.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#cleaning-up',
    needs: ['K8S'],
  },
  'cass.resources': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'shown',
    says: 'requests == limits == 500m / 1Gi, so Guaranteed QoS.',
    observed: 'Pod `status.qosClass=="Guaranteed"`.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['K8S'],
  },
  'cass.ipc-lock': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'shown',
    says: 'The container has capability IPC_LOCK.',
    observed: 'Bit 14 set in CapBnd (and CapEff for root processes) in /proc/1/status. FAIL: securityContext dropped.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['K8S'],
  },
  'cass.heap-env': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'shown',
    says: 'Heap is set by env: 512M max, 100M new size.',
    observed: 'Java command line (/proc) has -Xmx512M and -Xmn100M.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['IMG'],
  },
  'cass.ports': {
    tutorial: 'cassandra',
    section: 'Using a StatefulSet to create a Cassandra ring',
    basis: 'shown',
    says: 'Container ports 7000, 7001, 7199, 9042 are declared; CQL and inter-node ports listen.',
    observed:
      'containerPorts list; TCP connect to podIP 9042 and 7000 from a probe Pod. 7001 (TLS) and 7199 (local JMX) need not listen on podIP.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#using-a-statefulset-to-create-a-cassandra-ring',
    needs: ['APP'],
  },
  'cass.env-overrides-yaml': {
    tutorial: 'cassandra',
    section: 'Cassandra container environment variables',
    basis: 'stated',
    says: 'Env vars change values written in cassandra.yaml.',
    observed:
      'cluster_name, num_tokens, rpc_address in /etc/cassandra/cassandra.yaml == env; change CASSANDRA_NUM_TOKENS in a throw-away one-node Pod → value follows.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#cassandra-container-environment-variables',
    needs: ['IMG'],
  },
  'cass.env-defaults': {
    tutorial: 'cassandra',
    section: 'Cassandra container environment variables',
    basis: 'stated',
    says: "Defaults: cluster 'Test Cluster', 32 tokens, rpc address 0.0.0.0.",
    observed: 'Throw-away Pod without those env vars (POD_IP set): values in cassandra.yaml / system.local.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#cassandra-container-environment-variables',
    needs: ['IMG'],
  },
  'cass.image-contents': {
    tutorial: 'cassandra',
    section: 'Cassandra container environment variables',
    basis: 'stated',
    says: 'The image is debian-based with OpenJDK 8 and a standard Cassandra.',
    observed: '`java -version` 1.8; /etc/os-release Debian; `nodetool version` prints a release.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/cassandra/#cassandra-container-environment-variables',
    needs: ['IMG'],
  },
} as const satisfies Catalogue<'cassandra'>;
