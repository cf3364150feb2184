import type { ResourceName } from './objects.ts';

/** Where the API server keeps a resource. `group` is the path up to the version, without slashes at the ends. */
export interface ResourcePlace {
  readonly group: `api/${string}` | `apis/${string}`;
  readonly namespaced: boolean;
}

/** Every resource that can be recorded. Cluster-wide ones are recorded as far as they concern the story's namespace. */
export const resourcePlaces: Readonly<Record<ResourceName, ResourcePlace>> = {
  pods: { group: 'api/v1', namespaced: true },
  statefulsets: { group: 'apis/apps/v1', namespaced: true },
  controllerrevisions: { group: 'apis/apps/v1', namespaced: true },
  services: { group: 'api/v1', namespaced: true },
  endpointslices: { group: 'apis/discovery.k8s.io/v1', namespaced: true },
  persistentvolumeclaims: { group: 'api/v1', namespaced: true },
  persistentvolumes: { group: 'api/v1', namespaced: false },
  poddisruptionbudgets: { group: 'apis/policy/v1', namespaced: true },
  nodes: { group: 'api/v1', namespaced: false },
  serviceaccounts: { group: 'api/v1', namespaced: true },
  events: { group: 'api/v1', namespaced: true },
  deployments: { group: 'apis/apps/v1', namespaced: true },
  replicasets: { group: 'apis/apps/v1', namespaced: true },
  secrets: { group: 'api/v1', namespaced: true },
};

export const resourceNames = Object.keys(resourcePlaces) as readonly ResourceName[];
