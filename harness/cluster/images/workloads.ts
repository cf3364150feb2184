import { join } from 'node:path';
import { buildTools } from './buildTools.ts';
import { fileName, mavenFile, type MavenFile } from './maven.ts';
import { original, type ImageRecord } from './records.ts';
import type { ImageOrder, Made, Workshop } from './workshop.ts';

/** One image that Pods of the tutorials ask for. Another is a folder with a Dockerfile and one entry in the table. */
interface Workload {
  /** Names and tags as the manifests write them; the first one is the one that stories use. */
  readonly names: readonly [string, ...string[]];
  /** The folder below `images/` with its Dockerfile, which two variants of an image share. */
  readonly folder: string;
  readonly args?: Readonly<Record<string, string>>;
  /** What it is compiled with, when it is compiled. */
  readonly compiled?: true;
  /** What it is made of that is published as a Maven artefact; it lies beside the Dockerfile. */
  readonly maven?: MavenFile;
  readonly fidelity: 'rebuilt' | 'stand-in';
  readonly why: string;
}

export const probeImage = 'registry.k8s.io/e2e-test-images/agnhost:2.53';

export const workloads: readonly Workload[] = [
  {
    names: ['registry.k8s.io/nginx-slim:0.7'],
    folder: 'nginx-slim',
    args: { SUITE: 'bullseye' },
    fidelity: 'rebuilt',
    why: "nginx 1.18.0 of Debian bullseye for the original's nginx 1.10.0",
  },
  {
    names: ['registry.k8s.io/nginx-slim:0.8', 'gcr.io/google_containers/nginx-slim:0.8'],
    folder: 'nginx-slim',
    args: { SUITE: 'bookworm' },
    fidelity: 'rebuilt',
    why: "nginx 1.22.1 of Debian bookworm for the original's nginx 1.11.1",
  },
  {
    names: [probeImage],
    folder: 'probe',
    fidelity: 'stand-in',
    why: "Debian bookworm with dig and curl; it is the suite's own client, no workload",
  },
  {
    names: ['docker.io/library/busybox:1.28'],
    folder: 'busybox',
    compiled: true,
    fidelity: 'rebuilt',
    why: "busybox 1.35.0 from Debian's source, with the small nslookup that 1.28 has",
  },
  {
    names: ['gcr.io/google-samples/cassandra:v13'],
    folder: 'cassandra',
    args: { CASSANDRA_VERSION: '3.11.2', SUITE: 'sid' },
    maven: {
      group: 'org.apache.cassandra',
      artefact: 'apache-cassandra',
      version: '3.11.2',
      type: 'tar.gz',
      classifier: 'bin',
      sha256: 'e922770ad95d5288d42442c3cfa1475938597b38418b7be5c4234a9de388c720',
    },
    fidelity: 'rebuilt',
    why: "Apache Cassandra 3.11.2 as Apache distributes it, on OpenJDK 8 of Debian sid; its start script, its ready probe and the garbage collector's settings are not the original's",
  },
];

export interface BuiltWorkload {
  readonly made: Made;
  readonly names: readonly string[];
}

/** Builds all images of the table that are not there yet. */
export function buildWorkloads(shop: Workshop, base: Promise<Made>): Promise<readonly BuiltWorkload[]> {
  return Promise.all(workloads.map((workload) => buildWorkload(shop, base, workload)));
}

async function buildWorkload(shop: Workshop, base: Promise<Made>, workload: Workload): Promise<BuiltWorkload> {
  const parent = await base;
  const compiler = workload.compiled ? await buildTools(shop, base) : undefined;
  const published = workload.maven && (await publishedFile(shop, workload.maven));
  const made = await shop.image({
    name: imageName(workload),
    folder: workload.folder,
    why: `the tutorials ask for ${workload.names[0]}`,
    parent,
    args: { ...workload.args, ...(compiler === undefined ? {} : { BUILD_TOOLS: compiler.at }) },
    ...published,
  });
  return { made, names: workload.names };
}

/** A published file as an extra of an image. */
async function publishedFile(shop: Workshop, file: MavenFile): Promise<Pick<ImageOrder, 'extras' | 'extraKeys'>> {
  const { at, key } = await mavenFile(shop, file);
  return { extras: { [fileName(file)]: join(at, fileName(file)) }, extraKeys: [key] };
}

/** What the report says about each name of the table. */
export function workloadRecords(built: readonly BuiltWorkload[] | undefined): readonly ImageRecord[] {
  return workloads.flatMap(({ names, fidelity, why }, index) =>
    names.map((name) => {
      const made = built?.[index]?.made;
      return made === undefined ? original(name) : { name, used: made.at, fidelity, why };
    }),
  );
}

function imageName(workload: Workload): string {
  const variant = Object.values(workload.args ?? {}).join('-');
  return variant === '' ? workload.folder : `${workload.folder}-${variant}`;
}
