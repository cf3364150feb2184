import { inPods, storageClass, varied, workloadFrom, type Variation, type Workload } from '../../harness/test.ts';

/** The tutorial's two files, as they are unless varied; they can be deployed anywhere but for the seed's name, which holds the namespace. */
export function cassandra(namespace: string, ...variations: readonly Variation[]): Workload {
  const [service, set] = ['cassandra-service.yaml', 'cassandra-statefulset.yaml'].map((file) => manifest(file));
  const objects = [...(service?.objects ?? []), ...(set?.objects ?? [])];
  const both = { file: 'cassandra-service.yaml and cassandra-statefulset.yaml', objects, variations: [] };
  return varied(both, seedIn(namespace), ...variations);
}

/** One Pod of the tutorial's image that is told its address and whatever else is given, and goes by another name if need be. */
export function throwaway(name = 'throwaway', given: Readonly<Record<string, string>> = {}): Workload {
  const env = Object.entries(given).map(([variable, value]) => ({ name: variable, value }));
  return varied(manifest('throw-away.yaml'), (workload) => ({
    ...workload,
    objects: workload.objects.map((object) => ({
      ...object,
      metadata: { ...object.metadata, name: `${name}-0` },
      spec: withServer(object['spec'] as Fields, (server) => ({
        ...server,
        env: [...(server['env'] as readonly object[]), ...env],
      })),
    })),
    variations: Object.entries(given).map(([variable, value]) => `a Pod with ${variable} ${value}`),
  }));
}

/** A claim of the class `fast` that no Pod uses. */
export const neighbour = (): Workload => manifest('neighbour.yaml');
/** A claim that stays without a volume, of which an event tells. */
export const unmatched = (): Workload => manifest('unmatched.yaml');

/** The set as a reader of the tutorial expects to find it: for variants that lack something of it. */
export const asWritten = { name: 'cassandra', service: 'cassandra', claimTemplates: ['cassandra-data'] } as const;

/** The bare Pods, spoken of as sets of one. */
export const bare = (name: string) => ({ name, service: name, claimTemplates: [] }) as const;

export const label = { app: 'cassandra' } as const;
export const headless = { port: { port: 9042 }, selector: label } as const;
export const fast = { name: 'fast', provisioner: 'k8s.io/minikube-hostpath' } as const;
/** A class that is like `fast` on a cluster where nobody has heard of minikube. */
export const unserved = { name: 'unserved', provisioner: 'k8s.io/nobodys-hostpath' } as const;
export const askedStorage = { storage: '1Gi', accessModes: ['ReadWriteOnce'] } as const;
export const dataDirectory = '/cassandra_data';
export const seedVariable = 'CASSANDRA_SEEDS';

/** The tutorial writes the namespace into the seed's name; a story has one of its own. */
function seedIn(namespace: string): Variation {
  const written = '.default.svc.';
  return inServer(`the seed is in the story's namespace, not in default`, (server) => ({
    ...server,
    env: (server['env'] as readonly Variable[]).map((variable) =>
      variable.name === seedVariable
        ? { ...variable, value: variable.value?.replace(written, `.${namespace}.svc.`) }
        : variable,
    ),
  }));
}

/** The manifest's class is another one, which its claims ask for. */
export function ofUnservedClass(): Variation {
  return (workload) => {
    const asked = storageClass(unserved.name)(workload);
    return {
      ...asked,
      objects: asked.objects.map((object) =>
        object.kind === 'StorageClass'
          ? {
              ...object,
              metadata: { ...object.metadata, name: unserved.name },
              provisioner: unserved.provisioner,
            }
          : object,
      ),
      variations: [...asked.variations, `StorageClass ${unserved.name}, whose provisioner nobody serves`],
    };
  };
}

/** A change of the one container of the template. */
export function inServer(sentence: string, change: (server: Fields) => Fields): Variation {
  return inPods(sentence, (pod) => withServer(pod, change));
}

export type Fields = Readonly<Record<string, unknown>>;

export interface Variable {
  readonly name: string;
  readonly value?: string;
}

function withServer(pod: Fields, change: (server: Fields) => Fields): Fields {
  return { ...pod, containers: (pod['containers'] as readonly Fields[]).map((server) => change(server)) };
}

function manifest(file: string): Workload {
  return workloadFrom(new URL(`manifests/${file}`, import.meta.url));
}
