import type { Catalogue } from '../claim.ts';

/**
 * The claims of the tutorial "StatefulSet Basics" of the Kubernetes documentation, up to the deletion with cascade.
 */
export const webBasics = {
  'web.objects-created': {
    tutorial: 'web-basics',
    section: 'Creating a StatefulSet',
    basis: 'stated',
    says: 'Applying the manifest creates Service `nginx` and StatefulSet `web`, and the set creates exactly two Pods.',
    observed:
      'GET both objects: Service `clusterIP=="None"`, one port named `web`/80, selector `app=nginx`; sts `serviceName=nginx`, `replicas=2`; at steady state the Pod list by ownerRef is exactly {web-0, web-1}. FAIL if a VIP is allocated, or any third Pod with that owner ever appears in the watch.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#creating-a-statefulset',
    needs: ['K8S', 'SC'],
  },
  'web.status-progress': {
    tutorial: 'web-basics',
    section: 'Creating a StatefulSet',
    basis: 'shown',
    says: 'While creation is in progress the set reports fewer current than desired replicas (2 desired / 1 current), then converges.',
    observed:
      'Watch the sts object: `status.replicas` goes 0→1→2 and `readyReplicas` never exceeds `replicas`; some event has spec 2 / status.replicas 1. Final `observedGeneration==generation`, `readyReplicas==2`. FAIL if status jumps to 2 before web-0 is Ready.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#creating-a-statefulset',
    needs: ['K8S', 'SC'],
  },
  'web.ordered-creation': {
    tutorial: 'web-basics',
    section: 'Ordered Pod Creation',
    basis: 'stated',
    says: 'For n replicas Pods are created one after another in ordinal order 0..n-1.',
    observed:
      'Pod watch opened before the apply: `add(web-0).rv < add(web-1).rv < …`; use n≥3 in a second run so that order is not a coin-flip. FAIL: any inversion (a Parallel set with a slow web-0 must make this test fail — run it as a mutation control).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#ordered-pod-creation',
    needs: ['K8S', 'SC'],
  },
  'web.creation-gated-on-ready': {
    tutorial: 'web-basics',
    section: 'Ordered Pod Creation',
    basis: 'stated',
    says: 'web-1 is not launched until web-0 is both Running and Ready.',
    observed:
      '(a) Watch: `add(web-1).rv > rdy(web-0).rv`. (b) VAR with a readinessGate left unset on web-0: web-0 is phase Running, Ready=False; assert no web-1 ADDED for ≥20 s with the liveness sentinel passing; set the gate; web-1 must then appear. FAIL: gating on Running only (b catches it; the plain manifest cannot, it has no probe).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#ordered-pod-creation',
    needs: ['K8S', 'SC', 'VAR'],
  },
  'web.creation-gated-on-running': {
    tutorial: 'web-basics',
    section: 'Ordered Pod Creation',
    basis: 'stated',
    says: 'A predecessor that is not yet Running also blocks its successor.',
    observed:
      'VAR: nodeSelector no node satisfies → web-0 Pending, Unschedulable; no web-1 for a sentinel-guarded window; label a node → web-0 then web-1. FAIL: web-1 is created while web-0 is Pending.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#ordered-pod-creation',
    needs: ['K8S', 'SC', 'VAR'],
  },
  'web.pod-naming': {
    tutorial: 'web-basics',
    section: "Examining the Pod's ordinal index",
    basis: 'stated',
    says: 'Pod names are `<statefulset>-<ordinal>`; two replicas give web-0 and web-1.',
    observed:
      "Exact set equality of names over the whole watch (no other name ever seen), and every Pod's controller ownerRef is the sts UID. FAIL: hash-suffixed names or gaps.",
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#examining-the-pod-s-ordinal-index',
    needs: ['K8S'],
  },
  'web.unique-ordinal': {
    tutorial: 'web-basics',
    section: 'Pods in a StatefulSet',
    basis: 'stated',
    says: 'Each Pod has a unique ordinal assigned by the controller.',
    observed:
      'Parse ordinal from name; equals label `apps.kubernetes.io/pod-index` (k8s ≥1.28) and `statefulset.kubernetes.io/pod-name` equals the name. At any rv, ≤1 live UID per ordinal. FAIL: duplicate or skipped ordinal.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#pods-in-a-statefulset',
    needs: ['K8S'],
  },
  'web.hostname': {
    tutorial: 'web-basics',
    section: 'Using stable network identities',
    basis: 'stated',
    says: 'The hostname inside each Pod equals its Pod name.',
    observed:
      'exec `hostname` in both Pods (or read `/proc/sys/kernel/hostname`): exactly `web-0`, `web-1`; also `spec.hostname`, `spec.subdomain==nginx`. FAIL: node or container-id hostname.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#using-stable-network-identities',
    needs: ['K8S', 'TOOLS:hostname'],
  },
  'web.dns-a-per-pod': {
    tutorial: 'web-basics',
    section: 'Using stable network identities',
    basis: 'stated',
    says: "`web-N.nginx` resolves in-cluster to that Pod's IP.",
    observed:
      "From a separate probe Pod (never from web-N itself: kubelet writes the Pod's own FQDN in /etc/hosts) query A for the FQDN: NOERROR, exactly one address == `status.podIP`, for each N. Compare against the API, not against a regexp. FAIL: two Pods swapped, several addresses, service-wide address.",
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#using-stable-network-identities',
    needs: ['K8S', 'DNS'],
  },
  'web.dns-short-name': {
    tutorial: 'web-basics',
    section: 'Using stable network identities',
    basis: 'stated',
    says: 'The short form `web-0.nginx` works from a Pod in the same namespace.',
    observed:
      'Resolve with getaddrinfo semantics (search list) from the probe Pod and also check its /etc/resolv.conf search list contains `<ns>.svc.<zone>`. FAIL: only the FQDN works. Do not use unpinned busybox (its nslookup ignores the search list in newer builds).',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#using-stable-network-identities',
    needs: ['K8S', 'DNS', 'TOOLS:resolver'],
  },
  'web.dns-service-a-set': {
    tutorial: 'web-basics',
    section: 'Discovery for specific Pods in a StatefulSet',
    basis: 'stated',
    says: "The headless Service name resolves to the addresses of the set's Pods, not to a VIP.",
    observed:
      'A query for `nginx.<ns>.svc.<zone>` returns a set equal to {podIP of Ready Pods}; repeat several times (order is shuffled). FAIL: a ClusterIP, missing or extra address.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#discovery-for-specific-pods-in-a-statefulset',
    needs: ['K8S', 'DNS'],
  },
  'web.dns-srv': {
    tutorial: 'web-basics',
    section: 'Using stable network identities',
    basis: 'stated',
    says: "SRV lookups on the headless Service return one record per Ready Pod, each pointing at a Pod's A name.",
    observed:
      'SRV `_web._tcp.nginx.<ns>.svc.<zone>`: count == Ready Pods; targets == {web-0.nginx…, web-1.nginx…}; port 80; A of each target == podIP. Optionally also SRV on the bare service name (CoreDNS answers that too; not in the DNS spec). FAIL: IP-derived targets, wrong port, missing Pod.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#using-stable-network-identities',
    needs: ['K8S', 'DNS', 'TOOLS:dig or TS DNS client'],
  },
  'web.dns-only-ready': {
    tutorial: 'web-basics',
    section: 'Discovery for specific Pods in a StatefulSet',
    basis: 'stated',
    says: "Only Pods that are Running and Ready appear in the Service's records.",
    observed:
      'VAR with readinessGate: flip web-1 to not Ready (phase stays Running, same UID); poll until the A set == {web-0 IP}, SRV count 1, and `web-1.nginx` gives NXDOMAIN; flip back → both return. EndpointSlice condition ready follows. FAIL: `publishNotReadyAddresses: true` (mutation control). Bound the wait by the CoreDNS TTL (30 s) plus watch lag.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#discovery-for-specific-pods-in-a-statefulset',
    needs: ['K8S', 'DNS', 'VAR'],
  },
  'web.dns-name-usable-when-ready': {
    tutorial: 'web-basics',
    section: 'Discovery for specific Pods in a StatefulSet',
    basis: 'stated',
    says: "A client that holds only a Pod's DNS name finds the new address when that Pod becomes Ready again, without reconfiguration.",
    observed:
      "Long-running client in the probe Pod loops resolve+connect to `web-1.nginx:80` across a Pod delete; must observe success(old IP) → failure/NXDOMAIN → success(new podIP). FAIL: never recovers, or reaches a different Pod's content.",
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#discovery-for-specific-pods-in-a-statefulset',
    needs: ['K8S', 'DNS', 'APP'],
  },
  'web.deleted-pods-recreated': {
    tutorial: 'web-basics',
    section: 'Using stable network identities',
    basis: 'stated',
    says: 'After all Pods are deleted the controller brings them all back to Running and Ready.',
    observed:
      'Delete by label; watch until web-0′ and web-1′ (new UIDs) are Ready. FAIL: a Pod missing after the timeout or old UID still listed.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#using-stable-network-identities',
    needs: ['K8S', 'SC'],
  },
  'web.recreate-in-order': {
    tutorial: 'web-basics',
    section: 'Using stable network identities',
    basis: 'shown',
    says: 'Recreation after deleting all Pods follows the same ordering and Ready gate as first creation.',
    observed:
      '`add(web-1′).rv > rdy(web-0′).rv`, whichever of the old Pods finished first. FAIL: both recreated at once.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#using-stable-network-identities',
    needs: ['K8S'],
  },
  'web.identity-survives-delete': {
    tutorial: 'web-basics',
    section: 'Using stable network identities',
    basis: 'stated',
    says: 'Ordinals, names and hostnames are unchanged after deletion; only the Pod UID changes.',
    observed:
      'Before/after tuple (name, pod-index, spec.hostname, exec hostname) equal; UID and startTime differ (a test that does not check the UID changed can pass without any deletion having happened).',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#using-stable-network-identities',
    needs: ['K8S'],
  },
  'web.dns-names-stable-ip-may-change': {
    tutorial: 'web-basics',
    section: 'Using stable network identities',
    basis: 'stated',
    says: 'A and SRV names stay the same after recreation while the IP behind them may change.',
    observed:
      "Record {name→IP} before and after. Names equal; each A answer equals the *current* podIP; if the IP changed, the old IP is no longer answered after TTL. Never assert that the IP changed; if no Pod's IP changed mark the stale-record half inconclusive and repeat (kindnet allocates sequentially so a change is usual).",
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#using-stable-network-identities',
    needs: ['K8S', 'DNS'],
  },
  'web.pvc-naming': {
    tutorial: 'web-basics',
    section: 'Writing to stable storage',
    basis: 'stated',
    says: 'Claims are named `<template>-<sts>-<ordinal>`: www-web-0, www-web-1.',
    observed:
      "PVC list equals exactly that set; each Pod's volume `www` references its own claim. FAIL: shared claim, other naming.",
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#writing-to-stable-storage',
    needs: ['K8S', 'SC'],
  },
  'web.pvc-labelled': {
    tutorial: 'web-basics',
    section: 'Writing to stable storage',
    basis: 'shown',
    says: "Generated claims carry the set's selector labels so a label query lists them.",
    observed: 'PVC `metadata.labels.app=="nginx"`. FAIL: label query empty.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#writing-to-stable-storage',
    needs: ['K8S', 'SC'],
  },
  'web.pvc-one-pv-each': {
    tutorial: 'web-basics',
    section: 'Writing to stable storage',
    basis: 'stated',
    says: 'Two claims are created by the controller and bound to two different PersistentVolumes, 1Gi RWO.',
    observed:
      'PVC phase Bound, `spec.volumeName` distinct; each PV `claimRef.uid` == PVC uid; capacity ≥1Gi; accessModes [RWO]. FAIL: one PV for both.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#writing-to-stable-storage',
    needs: ['K8S', 'SC'],
  },
  'web.pv-dynamic': {
    tutorial: 'web-basics',
    section: 'Writing to stable storage',
    basis: 'stated',
    says: 'With dynamic provisioning configured the PVs appear and bind without manual action.',
    observed:
      'PV count for the namespace is 0 before apply; PVs carry the default class name and provisioned-by annotation; no PV was created by the harness (field manager). FAIL: statically pre-created PV.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#writing-to-stable-storage',
    needs: ['K8S', 'SC'],
  },
  'web.volume-backs-webroot': {
    tutorial: 'web-basics',
    section: 'Writing to stable storage',
    basis: 'stated',
    says: '`/usr/share/nginx/html` is backed by the PersistentVolume.',
    observed:
      "exec: the path is a mountpoint in `/proc/self/mountinfo`; a nonce file written there is visible at the PV's path on the node, and absent from the image layer. FAIL: emptyDir substituted.",
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#writing-to-stable-storage',
    needs: ['K8S', 'SC', 'NODE'],
  },
  'web.serves-own-hostname': {
    tutorial: 'web-basics',
    section: 'Writing to stable storage',
    basis: 'stated',
    says: 'After each Pod writes its hostname to index.html its server returns that hostname.',
    observed:
      'HTTP GET to each Pod IP:80 (port-forward or probe Pod) returns 200 and body == pod name + newline. Fetch by TCP from outside the container, not only by in-container curl. FAIL: crossed content (both serve web-0).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#writing-to-stable-storage',
    needs: ['APP', 'SC', 'TOOLS:sh (curl in the image is IMG)'],
  },
  'web.data-survives-pod-delete': {
    tutorial: 'web-basics',
    section: 'Writing to stable storage',
    basis: 'stated',
    says: 'After all Pods are deleted and recreated each still serves the content it wrote.',
    observed:
      'Write nonce+hostname, delete, wait for new UIDs Ready, GET: bodies equal per ordinal; PVC and PV UIDs unchanged and PVC never Pending in the watch. FAIL: emptyDir, re-provisioned claim, swapped claims.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#writing-to-stable-storage',
    needs: ['APP', 'SC'],
  },
  'web.data-follows-node': {
    tutorial: 'web-basics',
    section: 'Writing to stable storage',
    basis: 'stated',
    says: 'Whatever node a Pod lands on, its own volume is mounted at its mount point.',
    observed:
      'Cordon web-0\'s node, delete web-0, wait Ready on a *different* `nodeName`, GET returns the old nonce; same PV UID. FAIL: data lost or Pod stuck with "volume node affinity conflict" (kind\'s stock local-path class pins PVs to a node).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#writing-to-stable-storage',
    needs: ['APP', 'W2', 'SHARED'],
  },
  'web.scale-command': {
    tutorial: 'web-basics',
    section: 'Scaling up',
    basis: 'stated',
    says: '`kubectl scale --replicas=5` sets the replica count to five and three more Pods are launched.',
    observed:
      'spec.replicas 5; exactly {web-2,web-3,web-4} ADDED. The scale must go through the `/scale` subresource at least once. FAIL: extra/missing Pods.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#scaling-up',
    needs: ['K8S', 'SC'],
  },
  'web.scale-up-ordered-gated': {
    tutorial: 'web-basics',
    section: 'Scaling up',
    basis: 'stated',
    says: 'Scaling up creates Pods in ordinal order and waits for each predecessor to be Running and Ready.',
    observed:
      'For k=2,3: `add(web-k+1).rv > rdy(web-k).rv`; with VAR hold web-2 unready for a window and assert no web-3. FAIL: burst creation.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#scaling-up',
    needs: ['K8S', 'SC', 'VAR'],
  },
  'web.scale-up-leaves-existing': {
    tutorial: 'web-basics',
    section: 'Scaling up',
    basis: 'shown',
    says: 'Existing Pods are not touched by scaling up.',
    observed:
      'UIDs, restartCounts, IPs of web-0/1 unchanged; no MODIFIED with deletionTimestamp for them in the window. FAIL: restart.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#scaling-up',
    needs: ['K8S'],
  },
  'web.scale-up-new-pvcs': {
    tutorial: 'web-basics',
    section: 'Ordered Pod termination',
    basis: 'shown',
    says: 'Each new replica gets its own new claim.',
    observed:
      'PVC ADDED for www-web-2..4, Bound, distinct PVs; `add(pvc www-web-3).rv` precedes `rdy(web-3)`. FAIL: missing or reused claim.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#ordered-pod-termination',
    needs: ['K8S', 'SC'],
  },
  'web.scale-down-patch': {
    tutorial: 'web-basics',
    section: 'Scaling down',
    basis: 'stated',
    says: 'Patching `spec.replicas` from 5 to 3 removes exactly the two highest ordinals.',
    observed:
      'Pods deleted == {web-4, web-3}; web-0..2 keep their UIDs for the sentinel window afterwards. FAIL: another ordinal is deleted, or a third one.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#scaling-down',
    needs: ['K8S'],
  },
  'web.scale-down-reverse': {
    tutorial: 'web-basics',
    section: 'Ordered Pod termination',
    basis: 'stated',
    says: 'Scale-down deletes in reverse ordinal order.',
    observed:
      '`del(web-4).rv < del(web-3).rv`; do a 5→1 run too, so three relations are tested. FAIL: ascending or random order.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#ordered-pod-termination',
    needs: ['K8S'],
  },
  'web.scale-down-one-at-a-time': {
    tutorial: 'web-basics',
    section: 'Ordered Pod termination',
    basis: 'stated',
    says: 'Each Pod is completely shut down before the next is deleted.',
    observed:
      '`del(web-3).rv > gone(web-4).rv`. Deterministic form: put a finalizer on web-4, scale down, assert web-3 has no deletionTimestamp while web-4 is still listed Terminating (sentinel window), remove the finalizer, web-3 then goes. Polling cannot prove this: both can vanish between polls. FAIL: Parallel policy (mutation control).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#ordered-pod-termination',
    needs: ['K8S', 'VAR'],
  },
  'web.scale-down-retains-pvcs': {
    tutorial: 'web-basics',
    section: 'Ordered Pod termination',
    basis: 'stated',
    says: 'After scaling 5→3 all five claims and five volumes still exist.',
    observed:
      'Five PVC UIDs and five PV UIDs identical to before; all Bound; none has deletionTimestamp; re-check after a sentinel window. FAIL: `persistentVolumeClaimRetentionPolicy.whenScaled: Delete` (mutation control).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#ordered-pod-termination',
    needs: ['K8S', 'SC'],
  },
  'web.scale-back-reattaches': {
    tutorial: 'web-basics',
    section: 'Ordered Pod termination',
    basis: 'derived',
    says: 'A retained claim is reused when its ordinal comes back, with its data.',
    observed:
      'Write a nonce on web-4 before scaling down; scale 3→5; web-4′ serves the nonce; PVC uid same. FAIL: fresh volume.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#ordered-pod-termination',
    needs: ['APP', 'SC'],
  },
  'web.strategies-valid': {
    tutorial: 'web-basics',
    section: 'Updating StatefulSets',
    basis: 'stated',
    says: 'Exactly two update strategies are valid: RollingUpdate and OnDelete.',
    observed:
      'Server-side dry-run: both accepted; any other string (e.g. `Recreate`) gets 422 naming `spec.updateStrategy`. FAIL: accepted silently.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#updating-statefulsets',
    needs: ['K8S'],
  },
  'web.rollingupdate-default': {
    tutorial: 'web-basics',
    section: 'Updating StatefulSets',
    basis: 'stated',
    says: 'RollingUpdate is the default strategy.',
    observed:
      'Create without updateStrategy; read back type RollingUpdate (and `rollingUpdate.partition` 0). FAIL: OnDelete/empty.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#updating-statefulsets',
    needs: ['K8S'],
  },
  'web.update-triggers': {
    tutorial: 'web-basics',
    section: 'Updating StatefulSets',
    basis: 'stated',
    says: 'Container images, resource requests/limits, Pod labels and Pod annotations can all be changed by an automated update.',
    observed:
      "Four separate patches, one per kind of field (label other than the selector's): each yields a new `status.updateRevision`, a new ControllerRevision, and all Pods replaced carrying the new value. Negative control: re-applying the same template gives no new revision and no restart.",
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#updating-statefulsets',
    needs: ['K8S'],
  },
  'web.rolling-update-reverse': {
    tutorial: 'web-basics',
    section: 'RollingUpdate',
    basis: 'stated',
    says: 'A rolling update replaces all Pods in reverse ordinal order.',
    observed: '≥3 replicas: `del(web-2) < del(web-1) < del(web-0)` by rv. FAIL: other order.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-update',
    needs: ['K8S'],
  },
  'web.rolling-update-waits-ready': {
    tutorial: 'web-basics',
    section: 'RollingUpdate',
    basis: 'stated',
    says: 'The controller waits until the replaced Pod is Running and Ready before touching the next one.',
    observed:
      '`del(web-1).rv > rdy(web-2′).rv` and `del(web-0).rv > rdy(web-1′).rv`, with web-k′ identified by new UID *and* `controller-revision-hash == updateRevision`. Hold form: readinessGate unset on web-2′ → web-1 and web-0 keep UID and have no deletionTimestamp for the window. FAIL: maxUnavailable>1 or waiting on Running only.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-update',
    needs: ['K8S', 'VAR'],
  },
  'web.rolling-update-delete-then-create': {
    tutorial: 'web-basics',
    section: 'RollingUpdate',
    basis: 'shown',
    says: 'Each replacement has the same name and is created only after the old Pod is gone, reusing the same claim.',
    observed:
      '`add(web-k′).rv > gone(web-k).rv`; claim name and PV uid equal; count of Pods never exceeds replicas at any rv. FAIL: surge.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-update',
    needs: ['K8S', 'SC'],
  },
  'web.rolling-update-completes': {
    tutorial: 'web-basics',
    section: 'RollingUpdate',
    basis: 'stated',
    says: 'At the end all Pods run the new image and the set reports completion.',
    observed:
      "Every Pod's spec image AND running `status.containerStatuses[].imageID` are the new one; `currentRevision==updateRevision`, `updatedReplicas==3`. FAIL: spec patched but old container still running.",
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-update',
    needs: ['K8S', 'two images'],
  },
  'web.rolling-update-stalls-on-failure': {
    tutorial: 'web-basics',
    section: 'RollingUpdate',
    basis: 'stated',
    says: 'The update does not proceed past a Pod that never becomes Ready.',
    observed:
      'Patch to an image/command that cannot become Ready: web-2′ not Ready; web-1, web-0 keep UID and old revision for the sentinel window. FAIL: the bad revision rolls through. (Recovery needs the broken Pod deleted by hand under OrderedReady; do that in cleanup.)',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-update',
    needs: ['K8S'],
  },
  'web.midupdate-updated-pod-restored': {
    tutorial: 'web-basics',
    section: 'RollingUpdate',
    basis: 'stated',
    says: 'If a Pod that has already been updated fails during the update it is restored at the new version.',
    observed:
      'Pause mid-update with partition=2; delete web-2 (new rev) → web-2′ has updateRevision hash and new image. FAIL: comes back old.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-update',
    needs: ['K8S'],
  },
  'web.midupdate-old-pod-restored': {
    tutorial: 'web-basics',
    section: 'RollingUpdate',
    basis: 'stated',
    says: 'If a Pod that has not been updated fails during the update it is restored at its previous version.',
    observed:
      'Pause mid-update with partition=2; delete web-0 (old rev) → web-0′ has currentRevision hash and old image, while template and updateRevision are new. FAIL: comes back new. Assert only in the partition-paused form (see next row).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-update',
    needs: ['K8S'],
  },
  'web.midupdate-unpartitioned-characterise': {
    tutorial: 'web-basics',
    section: 'RollingUpdate',
    basis: 'derived',
    says: 'Characterise the same claim with no partition: source reading says a not-yet-updated Pod comes back at the *update* revision when `rollingUpdate.partition` is defaulted to 0.',
    observed:
      "Update in flight with web-1′ held unready by a gate: delete web-0; record its revision hash in two variants: (i) updateStrategy omitted/defaulted, (ii) manifest with only `type: RollingUpdate`. Report which one honours the sentence; do not assert the seed's sentence blindly. Also note ordinals above the held one are not restored until it is Ready.",
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-update',
    needs: ['K8S', 'VAR'],
  },
  'web.partition-stages': {
    tutorial: 'web-basics',
    section: 'Staging an update',
    basis: 'stated',
    says: 'With partition=3 on three replicas a template change updates no Pod.',
    observed:
      'Patch partition then template. All three UIDs unchanged for the sentinel window; `updateRevision != currentRevision`; `updatedReplicas` 0; `observedGeneration` caught up (else the controller simply had not looked yet). FAIL: any Pod replaced.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#staging-an-update',
    needs: ['K8S'],
  },
  'web.partition-template-mutable': {
    tutorial: 'web-basics',
    section: 'Staging an update',
    basis: 'stated',
    says: 'The template may be changed while Pods stay at the current version.',
    observed:
      '`.spec.template` shows the new image, Pods show the old, ControllerRevision count +1. FAIL: patch rejected.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#staging-an-update',
    needs: ['K8S'],
  },
  'web.partition-deleted-pod-keeps-old': {
    tutorial: 'web-basics',
    section: 'Staging an update',
    basis: 'stated',
    says: 'A Pod below the partition that is deleted comes back with its original container.',
    observed:
      'Delete web-2 with partition=3: new UID, old image (spec and imageID), hash == currentRevision. FAIL: new image.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#staging-an-update',
    needs: ['K8S'],
  },
  'web.canary-auto-update': {
    tutorial: 'web-basics',
    section: 'Rolling out a canary',
    basis: 'stated',
    says: 'Lowering the partition to 2 makes the controller update web-2 on its own.',
    observed:
      'No harness delete is issued after the patch; web-2 gets deletionTimestamp, web-2′ Ready with new image and updateRevision. FAIL: needs a manual delete (OnDelete).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-out-a-canary',
    needs: ['K8S'],
  },
  'web.canary-only-ge-partition': {
    tutorial: 'web-basics',
    section: 'Rolling out a canary',
    basis: 'stated',
    says: 'Only ordinals ≥ partition are updated.',
    observed:
      'web-0 and web-1 keep UID and old hash for the sentinel window after web-2′ is Ready; `updatedReplicas==1`. FAIL: over-rollout.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-out-a-canary',
    needs: ['K8S'],
  },
  'web.canary-below-restored-old': {
    tutorial: 'web-basics',
    section: 'Rolling out a canary',
    basis: 'stated',
    says: 'Deleting web-1 (below the partition) restores it at the original configuration.',
    observed: 'web-1′ new UID, hash == currentRevision, old image. FAIL: new image.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#rolling-out-a-canary',
    needs: ['K8S'],
  },
  'web.phased-pauses': {
    tutorial: 'web-basics',
    section: 'Phased roll outs',
    basis: 'stated',
    says: 'A phased roll-out pauses at the ordinal given by the partition.',
    observed:
      'Step partition N→…→0 (linear and a geometric sequence with 5 replicas): after each step the updated set is exactly {ordinals ≥ partition}, stable for a window. FAIL: runs past the pause.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#phased-roll-outs',
    needs: ['K8S'],
  },
  'web.phased-completes-at-zero': {
    tutorial: 'web-basics',
    section: 'Phased roll outs',
    basis: 'stated',
    says: 'Partition 0 lets the update finish: web-1 then web-0 are replaced, all end on the new image.',
    observed:
      'Reverse order and Ready gate for web-1, web-0; web-2 keeps its UID (already updated); final `currentRevision==updateRevision`. FAIL: web-2 restarted again, or order inverted.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#phased-roll-outs',
    needs: ['K8S'],
  },
  'web.ondelete-no-auto-update': {
    tutorial: 'web-basics',
    section: 'OnDelete',
    basis: 'stated',
    says: 'With OnDelete a template change does not update any Pod automatically.',
    observed:
      'Strategy OnDelete, patch image, wait for observedGeneration and new updateRevision, then sentinel window: all UIDs and images unchanged. FAIL: RollingUpdate behaviour.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#on-delete',
    needs: ['K8S'],
  },
  'web.ondelete-updates-on-delete': {
    tutorial: 'web-basics',
    section: 'OnDelete',
    basis: 'derived',
    says: 'A Pod deleted by hand under OnDelete comes back at the new template; the others stay.',
    observed: 'Delete web-1: web-1′ new image; web-0, web-2 unchanged. FAIL: comes back old.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#on-delete',
    needs: ['K8S'],
  },
  'web.ondelete-field': {
    tutorial: 'web-basics',
    section: 'OnDelete',
    basis: 'stated',
    says: 'The strategy is chosen through a field; the seed names a wrong path.',
    observed:
      '`.spec.updateStrategy.type: OnDelete` is honoured; `.spec.template.updateStrategy` is rejected by strict field validation (unknown field). FAIL: unknown field silently accepted under `fieldValidation=Strict`.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#on-delete',
    needs: ['K8S'],
  },
  'web.orphan-keeps-pods': {
    tutorial: 'web-basics',
    section: 'Non-cascading delete',
    basis: 'stated',
    says: 'Deleting with orphan propagation removes the set and leaves all Pods Running and Ready.',
    observed:
      'sts GET 404; Pods keep UID, restartCount, Ready; no Pod event with deletionTimestamp. Assert after the sts is gone, with a sentinel window. FAIL: background cascade.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#non-cascading-delete',
    needs: ['K8S'],
  },
  'web.orphan-clears-owner': {
    tutorial: 'web-basics',
    section: 'Non-cascading delete',
    basis: 'derived',
    says: 'Orphaned Pods no longer have a controller owner.',
    observed:
      'ownerReferences empty on all Pods before the sts object disappears. FAIL: dangling ownerRef (GC would later delete them).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#non-cascading-delete',
    needs: ['K8S'],
  },
  'web.orphan-no-relaunch': {
    tutorial: 'web-basics',
    section: 'Non-cascading delete',
    basis: 'stated',
    says: 'With the set gone a deleted Pod is not relaunched.',
    observed:
      'Delete web-0, wait `gone`; no ADDED of web-0 in the watch while a sentinel StatefulSet created at the start *and* end of a ≥30 s window both get their Pod (proves the controller is alive). FAIL: some controller recreates it.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#non-cascading-delete',
    needs: ['K8S'],
  },
  'web.reapply-service-unchanged': {
    tutorial: 'web-basics',
    section: 'Non-cascading delete',
    basis: 'stated',
    says: 'Re-applying the manifest creates the set and leaves the existing Service as it is.',
    observed:
      'Service uid and resourceVersion same; sts uid new. (Seed prose predicts an error; its own output says unchanged: assert no error.)',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#non-cascading-delete',
    needs: ['K8S'],
  },
  'web.reapply-relaunches-missing': {
    tutorial: 'web-basics',
    section: 'Non-cascading delete',
    basis: 'stated',
    says: 'On re-creation the missing web-0 is relaunched first.',
    observed: 'First Pod ADDED after apply is web-0, before any delete of web-2. FAIL: web-2 removed first.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#non-cascading-delete',
    needs: ['K8S', 'SC'],
  },
  'web.reapply-adopts': {
    tutorial: 'web-basics',
    section: 'Non-cascading delete',
    basis: 'stated',
    says: 'An existing, Running and Ready web-1 is adopted, not recreated.',
    observed:
      'Re-apply a template equal to the running one: web-1 same UID and restartCount, ownerRef.uid == new sts UID. FAIL: web-1 replaced. (Adoption happens at first sync, not "when web-0 is Ready" as the prose says: do not assert that timing.)',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#non-cascading-delete',
    needs: ['K8S'],
  },
  'web.reapply-literal-then-rolls': {
    tutorial: 'web-basics',
    section: 'Non-cascading delete',
    basis: 'derived',
    says: "Following the tutorial literally, web.yaml's image differs from the adopted web-1's, so web-1 is adopted and afterwards rolled to the new image.",
    observed:
      'Variant with differing images: web-1 adopted (ownerRef) with old UID; after web-2 is gone, web-1 is replaced at the new revision. Characterise; the seed is silent.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#non-cascading-delete',
    needs: ['K8S'],
  },
  'web.reapply-scales-back': {
    tutorial: 'web-basics',
    section: 'Non-cascading delete',
    basis: 'stated',
    says: 'As the new set has two replicas, web-2 is terminated, once web-0 is back and web-1 is Ready.',
    observed:
      '`del(web-2).rv > rdy(web-0′).rv`; end state {web-0, web-1}. FAIL: web-2 left as an orphan, or deleted before web-0 is Ready.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#non-cascading-delete',
    needs: ['K8S'],
  },
  'web.reapply-data-kept': {
    tutorial: 'web-basics',
    section: 'Non-cascading delete',
    basis: 'stated',
    says: 'web-0 still serves its original content although both the set and the Pod had been deleted.',
    observed: 'GET web-0 and web-1: nonces from before; PVC www-web-0 uid same. FAIL: fresh volume.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#non-cascading-delete',
    needs: ['APP', 'SC'],
  },
  'web.sts-never-deletes-pv': {
    tutorial: 'web-basics',
    section: 'Non-cascading delete',
    basis: 'stated',
    says: 'The StatefulSet never deletes the PersistentVolumes of its Pods.',
    observed:
      "Across the whole scenario's PVC/PV watches no DELETED event for www-web-* except those the harness issued (compare managed deletes). True by default only (retention policy Retain).",
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#non-cascading-delete',
    needs: ['K8S', 'SC'],
  },
  'web.cascade-removes-all': {
    tutorial: 'web-basics',
    section: 'Cascading delete',
    basis: 'stated',
    says: 'A normal delete removes both the set and its Pods.',
    observed: 'sts 404 and all Pods `gone`; not relaunched in a sentinel window. FAIL: orphaned Pods.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#cascading-delete',
    needs: ['K8S'],
  },
  'web.cascade-order-not-guaranteed': {
    tutorial: 'web-basics',
    section: 'Cascading delete',
    basis: 'stated',
    says: 'Contradicted claim: prose says one at a time in reverse; slides and reality say no order, all at once.',
    observed:
      'With a finalizer on web-1 held, assert web-0 still gets deletionTimestamp (i.e. no waiting on the successor). Record order; never assert reverse order. FAIL of this test = cluster does serialise (then the prose would be right).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#cascading-delete',
    needs: ['K8S', 'VAR'],
  },
  'web.cascade-leaves-service-pvcs': {
    tutorial: 'web-basics',
    section: 'Cascading delete',
    basis: 'stated',
    says: 'Cascade does not delete the headless Service or the claims.',
    observed: 'Service uid same (tutorial deletes it by hand next); PVC/PV UIDs same. FAIL: PVC garbage-collected.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#cascading-delete',
    needs: ['K8S', 'SC'],
  },
  'web.data-survives-full-delete': {
    tutorial: 'web-basics',
    section: 'Cascading delete',
    basis: 'stated',
    says: 'After deleting set, Pods and Service and applying again, web-0 and web-1 still serve their hostnames.',
    observed: 'New sts/Service/Pod UIDs, same PVC/PV UIDs, same nonces. FAIL: data lost.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#cascading-delete',
    needs: ['APP', 'SC'],
  },
  'web.final-delete': {
    tutorial: 'web-basics',
    section: 'Cascading delete',
    basis: 'stated',
    says: 'Service and set can be deleted separately and end absent.',
    observed: 'Both 404, no Pods with the label.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#cascading-delete',
    needs: ['K8S'],
  },
  'web.orderedready-default': {
    tutorial: 'web-basics',
    section: 'OrderedReady Pod management',
    basis: 'stated',
    says: 'OrderedReady is the default Pod management policy.',
    observed: 'Create without the field; read back OrderedReady. FAIL: Parallel/empty.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/basic-stateful-set/#orderedready-pod-management',
    needs: ['K8S'],
  },
} as const satisfies Catalogue<'web-basics'>;
