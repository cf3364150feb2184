import type { Catalogue } from '../claim.ts';

/**
 * The claims of the tutorial "Example: Deploying WordPress and MySQL with Persistent Volumes" of the Kubernetes documentation. Its introduction
 * has no heading of its own: those claims point at the heading that follows it.
 */
export const wordpressMysql = {
  'wp.secret-hash-name': {
    tutorial: 'wordpress-mysql',
    section: 'Add a Secret generator',
    basis: 'stated',
    says: 'The generated Secret is called `mysql-pass-` plus a content hash, type Opaque, one data key.',
    observed:
      'Exactly one Secret matches `^mysql-pass-[0-9a-z]{10}$`, type Opaque, data keys == [password] and decoded value == the literal. FAIL: plain name `mysql-pass` (e.g. disableNameSuffixHash).',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-a-secret-generator',
    needs: ['K8S', 'kubectl kustomize'],
  },
  'wp.secret-hash-content-derived': {
    tutorial: 'wordpress-mysql',
    section: 'Add a Secret generator',
    basis: 'stated',
    says: 'The suffix is generated from content: same literal same name, other literal other name.',
    observed:
      "Pure build test: `kubectl kustomize` twice → same; different password → different. With kustomize 5.5.0 the literal YOUR_PASSWORD yields `mysql-pass-5m26tmdb5k` (computed here; the seed's sample hash is for something else).",
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-a-secret-generator',
    needs: ['static'],
  },
  'wp.secret-refs-rewritten': {
    tutorial: 'wordpress-mysql',
    section: 'Add resource configs for MySQL and WordPress',
    basis: 'stated',
    says: 'Both Deployments take the password from the generated Secret although manifests say `mysql-pass`.',
    observed:
      'All three secretKeyRef.name in live Deployments == generated name; no object named plain `mysql-pass`. FAIL: Pods stuck CreateContainerConfigError.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-resource-configs-for-mysql-and-wordpress',
    needs: ['K8S'],
  },
  'wp.mysql-root-password': {
    tutorial: 'wordpress-mysql',
    section: 'Add resource configs for MySQL and WordPress',
    basis: 'stated',
    says: 'MYSQL_ROOT_PASSWORD sets the DB root password from the Secret.',
    observed:
      'MySQL protocol login as root with the literal succeeds, with a wrong one gets error 1045. FAIL: empty or default password.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-resource-configs-for-mysql-and-wordpress',
    needs: ['APP'],
  },
  'wp.mysql-app-user': {
    tutorial: 'wordpress-mysql',
    section: 'Add resource configs for MySQL and WordPress',
    basis: 'shown',
    says: 'Database `wordpress` and user `wordpress` with the same password exist.',
    observed:
      'Login as wordpress; `SHOW DATABASES` contains wordpress; it can create a table there, and cannot read mysql.user.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-resource-configs-for-mysql-and-wordpress',
    needs: ['APP'],
  },
  'wp.apply-k-creates-all': {
    tutorial: 'wordpress-mysql',
    section: 'Apply and Verify',
    basis: 'stated',
    says: 'One `apply -k` creates Secret, 2 Services, 2 claims and 2 Deployments.',
    observed:
      'Inventory by namespace equals that list exactly; the six hand-written objects carry `app=wordpress`. FAIL: a missing resource line in kustomization.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#apply-and-verify',
    needs: ['K8S'],
  },
  'wp.pvc-default-class': {
    tutorial: 'wordpress-mysql',
    section: 'Create PersistentVolumeClaims and PersistentVolumes',
    basis: 'stated',
    says: "A claim without a class uses the cluster's default StorageClass.",
    observed:
      'Manifest has no storageClassName; live PVC has the class annotated is-default-class. FAIL: empty class / static binding.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#create-persistentvolumeclaims-and-persistentvolumes',
    needs: ['K8S', 'SC'],
  },
  'wp.pvc-pending-then-bound': {
    tutorial: 'wordpress-mysql',
    section: 'Apply and Verify',
    basis: 'stated',
    says: 'Both claims end Bound to dynamically provisioned 20Gi RWO volumes.',
    observed:
      'PVC watch: Pending → Bound; two PVs with claimRef, capacity 20Gi, RWO. With WaitForFirstConsumer (kind) Bound comes only after a Pod is scheduled: assert the transition, not immediate binding.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#apply-and-verify',
    needs: ['K8S', 'SC'],
  },
  'wp.mysql-running': {
    tutorial: 'wordpress-mysql',
    section: 'Apply and Verify',
    basis: 'stated',
    says: 'The MySQL Pod is Running and ready.',
    observed:
      'Deployment wordpress-mysql Available; Pod Ready, restartCount 0 after settling; TCP 3306 speaks MySQL handshake. FAIL: Running but not accepting.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#apply-and-verify',
    needs: ['APP'],
  },
  'wp.pod-naming': {
    tutorial: 'wordpress-mysql',
    section: 'Apply and Verify',
    basis: 'shown',
    says: "A Deployment Pod's name is Deployment + ReplicaSet hash + random suffix, not an ordinal.",
    observed: '`^wordpress-mysql-[0-9a-z]+-[0-9a-z]{5}$` and changes when the Pod is replaced.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#apply-and-verify',
    needs: ['K8S'],
  },
  'wp.single-instance': {
    tutorial: 'wordpress-mysql',
    section: 'Add resource configs for MySQL and WordPress',
    basis: 'stated',
    says: 'Both Deployments are single-instance.',
    observed: 'spec.replicas defaulted to 1; never >1 Pod per tier at any rv.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-resource-configs-for-mysql-and-wordpress',
    needs: ['K8S'],
  },
  'wp.mysql-volume': {
    tutorial: 'wordpress-mysql',
    section: 'Add resource configs for MySQL and WordPress',
    basis: 'stated',
    says: 'MySQL stores its data on the volume mounted at /var/lib/mysql.',
    observed:
      'Mountpoint check; `SELECT @@datadir`; ibdata file visible in PV path on the node. FAIL: data in the container layer.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-resource-configs-for-mysql-and-wordpress',
    needs: ['APP', 'NODE'],
  },
  'wp.wordpress-volume': {
    tutorial: 'wordpress-mysql',
    section: 'Add resource configs for MySQL and WordPress',
    basis: 'stated',
    says: 'WordPress keeps site files on the volume mounted at /var/www/html.',
    observed: 'Mountpoint check; wp-config.php/wp-content exist on the PV path.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-resource-configs-for-mysql-and-wordpress',
    needs: ['APP', 'NODE'],
  },
  'wp.mysql-service-headless': {
    tutorial: 'wordpress-mysql',
    section: 'Add resource configs for MySQL and WordPress',
    basis: 'shown',
    says: 'Service wordpress-mysql is headless on 3306 and selects tier mysql only.',
    observed:
      'clusterIP None; EndpointSlice has exactly the mysql Pod, not the frontend; A record == mysql Pod IP. FAIL: selector without tier picks both.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-resource-configs-for-mysql-and-wordpress',
    needs: ['K8S', 'DNS'],
  },
  'wp.db-by-service-name': {
    tutorial: 'wordpress-mysql',
    section: 'Add resource configs for MySQL and WordPress',
    basis: 'stated',
    says: 'WordPress reaches the database through the Service name.',
    observed:
      'Site OK; change/delete Service wordpress-mysql → after DNS TTL the site shows the database-connection error; restore → OK. Env WORDPRESS_DB_HOST == wordpress-mysql. FAIL: hard-coded IP.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-resource-configs-for-mysql-and-wordpress',
    needs: ['APP', 'DNS'],
  },
  'wp.lb-pending': {
    tutorial: 'wordpress-mysql',
    section: 'Apply and Verify',
    basis: 'shown',
    says: 'Service wordpress is type LoadBalancer, with a nodePort, and its external IP is pending where no LB controller exists.',
    observed:
      '`spec.type`, nodePort within 30000–32767, `status.loadBalancer.ingress` absent after a window. FAIL/skip if cloud-provider-kind or MetalLB is installed: assert the address then works instead.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#apply-and-verify',
    needs: ['K8S', 'no LB controller'],
  },
  'wp.reachable-by-nodeport': {
    tutorial: 'wordpress-mysql',
    section: 'Apply and Verify',
    basis: 'stated',
    says: 'The site is reachable at node-IP:nodePort (what `minikube service --url` prints).',
    observed:
      'HTTP from the host to a kind node container IP:nodePort, on every node (also nodes without the Pod). FAIL: only in-cluster works.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#apply-and-verify',
    needs: ['APP', 'W2'],
  },
  'wp.setup-page': {
    tutorial: 'wordpress-mysql',
    section: 'Apply and Verify',
    basis: 'stated',
    says: 'The first page is the WordPress set-up page.',
    observed:
      'GET / → 302 to /wp-admin/install.php; GET that: 200, HTML with the install form (`install.php?step=`), and not the DB error page (500). This also proves DB connectivity. FAIL: setup-config.php (env not used) or DB error.',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#apply-and-verify',
    needs: ['APP'],
  },
  'wp.data-survives-container-restart': {
    tutorial: 'wordpress-mysql',
    section: 'Introduction',
    basis: 'stated',
    says: 'PV data survives container restarts.',
    observed:
      'Complete install by POST (site title nonce); kill mysqld and apache PIDs; restartCount+1, same Pod UID; title still served.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#objectives',
    needs: ['APP'],
  },
  'wp.db-survives-pod-delete': {
    tutorial: 'wordpress-mysql',
    section: 'Introduction',
    basis: 'stated',
    says: 'PV data survives deletion of the Pod.',
    observed: 'Delete the mysql Pod (new UID); title nonce still served; PVC uid same. FAIL: emptyDir.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#objectives',
    needs: ['APP', 'SC'],
  },
  'wp.files-survive-pod-delete': {
    tutorial: 'wordpress-mysql',
    section: 'Introduction',
    basis: 'stated',
    says: 'WordPress files survive deletion of its Pod.',
    observed: 'Upload/plant a nonce file under wp-content, delete the frontend Pod, fetch it over HTTP.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#objectives',
    needs: ['APP', 'SC'],
  },
  'wp.data-survives-reschedule': {
    tutorial: 'wordpress-mysql',
    section: 'Introduction',
    basis: 'stated',
    says: 'PV data survives rescheduling to another node.',
    observed: 'Cordon node, delete Pod, Ready on another node, nonce intact. FAIL: node-pinned PV → Pending.',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#objectives',
    needs: ['APP', 'W2', 'SHARED'],
  },
  'wp.recreate-strategy': {
    tutorial: 'wordpress-mysql',
    section: 'Add resource configs for MySQL and WordPress',
    basis: 'shown',
    says: 'Strategy Recreate: the old Pod is gone before the new one exists.',
    observed:
      'Patch an annotation in the template: `add(new).rv > gone(old).rv`; never two mysql Pods. FAIL: RollingUpdate (two mysqlds on one volume).',
    source:
      'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#add-resource-configs-for-mysql-and-wordpress',
    needs: ['K8S'],
  },
  'wp.delete-k-removes-all': {
    tutorial: 'wordpress-mysql',
    section: 'Cleaning up',
    basis: 'stated',
    says: '`delete -k` removes Secret, Deployments, Services and claims.',
    observed:
      'All 404 incl. the hashed Secret, Pods and ReplicaSets gone, PVs reclaimed (policy Delete). FAIL: leftover hashed Secret after the password was edited in between (mutation control).',
    source: 'https://kubernetes.io/docs/tutorials/stateful-application/mysql-wordpress-persistent-volume/#cleaning-up',
    needs: ['K8S', 'SC'],
  },
} as const satisfies Catalogue<'wordpress-mysql'>;
