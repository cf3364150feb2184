import { RunError } from '../errors.ts';
import type { Identity, Manifest, Recorded, ResourceName } from '../history/objects.ts';
import { resourcePlaces, type ResourcePlace } from '../history/resources.ts';

/** Where an object, a collection or a subresource is: all that a request's path says. */
export interface Place<Name extends KindName = KindName> {
  readonly resource: Name;
  /** Left out for cluster-wide resources, and to list a namespaced one in all namespaces. */
  readonly namespace?: string | undefined;
  /** Left out for the whole collection. */
  readonly name?: string | undefined;
  /** `scale`, `status`, `eviction`, `log` … */
  readonly subresource?: string | undefined;
}

/** What the server holds at a place. Recorded resources have their Kubernetes type, others only what is common to all. */
export type ObjectOf<Name extends KindName> = Name extends ResourceName ? Recorded<Name> : KubeObject;

export interface KubeObject extends Identity {
  readonly metadata: Identity['metadata'] & {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** The URL path of a place, without a query. */
export function pathOf(place: Place): string {
  const { group, namespaced } = kinds[place.resource];
  const scope = namespaced && place.namespace !== undefined ? ['namespaces', place.namespace] : [];
  const parts = [...scope, place.resource, place.name, place.subresource].filter((part) => part !== undefined);
  return `/${group}/${parts.map(encodeURIComponent).join('/')}`;
}

/** Where a manifest belongs. `namespace` counts only for namespaced kinds, and more than the manifest's own. */
export function placeOf(manifest: Manifest, namespace?: string): Place {
  const resource = resourceOf(manifest);
  const scope = kinds[resource].namespaced ? { namespace: namespace ?? manifest.metadata.namespace } : {};
  return { resource, ...scope, name: manifest.metadata.name };
}

function resourceOf(manifest: Manifest): KindName {
  const found = (Object.keys(kinds) as KindName[]).find((name) => {
    const { group, kind } = kinds[name];
    return kind === manifest.kind && group === groupPathOf(manifest.apiVersion);
  });
  if (found !== undefined) return found;
  throw new RunError(`no place is known for ${manifest.kind} of ${manifest.apiVersion} (${manifest.metadata.name})`, {
    remedy: 'Add the kind to the table in harness/kube/kinds.ts.',
  });
}

function groupPathOf(apiVersion: string): string {
  return apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`;
}

interface Kind extends ResourcePlace {
  readonly kind: string;
}

const recordedKinds = {
  pods: 'Pod',
  statefulsets: 'StatefulSet',
  controllerrevisions: 'ControllerRevision',
  services: 'Service',
  endpointslices: 'EndpointSlice',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  persistentvolumes: 'PersistentVolume',
  poddisruptionbudgets: 'PodDisruptionBudget',
  nodes: 'Node',
  events: 'Event',
  serviceaccounts: 'ServiceAccount',
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  secrets: 'Secret',
} as const satisfies Readonly<Record<ResourceName, string>>;

const otherKinds = {
  configmaps: namespaced('api/v1', 'ConfigMap'),
  endpoints: namespaced('api/v1', 'Endpoints'),
  resourcequotas: namespaced('api/v1', 'ResourceQuota'),
  limitranges: namespaced('api/v1', 'LimitRange'),
  namespaces: clusterWide('api/v1', 'Namespace'),
  daemonsets: namespaced('apis/apps/v1', 'DaemonSet'),
  jobs: namespaced('apis/batch/v1', 'Job'),
  cronjobs: namespaced('apis/batch/v1', 'CronJob'),
  horizontalpodautoscalers: namespaced('apis/autoscaling/v2', 'HorizontalPodAutoscaler'),
  networkpolicies: namespaced('apis/networking.k8s.io/v1', 'NetworkPolicy'),
  leases: namespaced('apis/coordination.k8s.io/v1', 'Lease'),
  roles: namespaced('apis/rbac.authorization.k8s.io/v1', 'Role'),
  rolebindings: namespaced('apis/rbac.authorization.k8s.io/v1', 'RoleBinding'),
  clusterroles: clusterWide('apis/rbac.authorization.k8s.io/v1', 'ClusterRole'),
  clusterrolebindings: clusterWide('apis/rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'),
  storageclasses: clusterWide('apis/storage.k8s.io/v1', 'StorageClass'),
  volumeattachments: clusterWide('apis/storage.k8s.io/v1', 'VolumeAttachment'),
  csidrivers: clusterWide('apis/storage.k8s.io/v1', 'CSIDriver'),
  priorityclasses: clusterWide('apis/scheduling.k8s.io/v1', 'PriorityClass'),
  selfsubjectaccessreviews: clusterWide('apis/authorization.k8s.io/v1', 'SelfSubjectAccessReview'),
  selfsubjectreviews: clusterWide('apis/authentication.k8s.io/v1', 'SelfSubjectReview'),
  validatingadmissionpolicies: clusterWide('apis/admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy'),
  validatingadmissionpolicybindings: clusterWide(
    'apis/admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicyBinding',
  ),
} as const satisfies Readonly<Record<string, Kind>>;

/** The plural name of every kind this harness can ask for. */
export type KindName = ResourceName | keyof typeof otherKinds;

const kinds = {
  ...(Object.fromEntries(
    Object.entries(recordedKinds).map(([name, kind]) => [name, { ...resourcePlaces[name as ResourceName], kind }]),
  ) as Record<ResourceName, Kind>),
  ...otherKinds,
} as Readonly<Record<KindName, Kind>>;

function namespaced(group: ResourcePlace['group'], kind: string): Kind {
  return { group, namespaced: true, kind };
}

function clusterWide(group: ResourcePlace['group'], kind: string): Kind {
  return { group, namespaced: false, kind };
}
