import type {
  CoreV1Event,
  V1ControllerRevision,
  V1Deployment,
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1PodDisruptionBudget,
  V1Pod,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V1EndpointSlice,
} from '@kubernetes/client-node';

/** A Kubernetes type as it travels: in JSON a timestamp is a string. */
export type Json<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Json<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Json<T[Key]> }
      : T;

/** What every object that the API server reports is sure to carry. */
export interface Identity {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
}

/** The resources a recording can follow, by the plural name the API uses, and the type of their objects. */
export interface RecordedTypes {
  readonly pods: Json<V1Pod>;
  readonly statefulsets: Json<V1StatefulSet>;
  readonly controllerrevisions: Json<V1ControllerRevision>;
  readonly services: Json<V1Service>;
  readonly endpointslices: Json<V1EndpointSlice>;
  readonly persistentvolumeclaims: Json<V1PersistentVolumeClaim>;
  readonly persistentvolumes: Json<V1PersistentVolume>;
  readonly poddisruptionbudgets: Json<V1PodDisruptionBudget>;
  readonly nodes: Json<V1Node>;
  readonly serviceaccounts: Json<V1ServiceAccount>;
  readonly events: Json<CoreV1Event>;
  readonly deployments: Json<V1Deployment>;
  readonly replicasets: Json<V1ReplicaSet>;
  /** Recorded whole, values included: a history that holds them is as secret as they are. */
  readonly secrets: Json<V1Secret>;
}

export type ResourceName = keyof RecordedTypes;

/** An object of one resource as it stood in one message of the API server: whole, as it was sent. */
export type Recorded<Name extends ResourceName = ResourceName> = {
  [Each in Name]: RecordedTypes[Each] & Identity;
}[Name];

/** An object to be sent to the API server, before the server has given it an identity. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}
