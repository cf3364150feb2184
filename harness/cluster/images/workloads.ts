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
  /** What it is made of that is published as Maven artefacts; they lie beside the Dockerfile, in a folder `published` if there are several. */
  readonly maven?: MavenFile | readonly MavenFile[];
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
  {
    names: ['registry.k8s.io/kubernetes-zookeeper:1.0-3.4.10'],
    folder: 'zookeeper',
    maven: [
      jar('org.apache.zookeeper', 'zookeeper', '3.4.10', 'caa38ce6b2f52c59c10b80f89abb544cc4279257805fc0c969010cbab1a11079'),
      jar('org.slf4j', 'slf4j-api', '1.6.1', 'd849d117fc3798838c6cd42db6a7ecf6d9ae050c3997417b8e4e251e592b1d3e'),
      jar('org.slf4j', 'slf4j-log4j12', '1.6.1', 'cbae818e0d2e020f0c850c4b9c7c169b1ed99311da23e9a3efe66ce60e8795ba'),
      jar('log4j', 'log4j', '1.2.16', '7ae3fdde7ab0cae4735a2aec04381ad9b6e25c93d24205f3ed315d9866f12fe1'),
      jar('jline', 'jline', '0.9.94', 'd8df0ffb12d87ca876271cda4d59b3feb94123882c1be1763b7faf2e0a0b0cbb'),
      jar('io.netty', 'netty', '3.10.5.Final', 'eb031acf8a00733481bcd60807925ecfc9ce3840f13823d4b96cdcb1132db1da'),
    ],
    fidelity: 'rebuilt',
    why: "ZooKeeper 3.4.10 as Apache publishes it, on OpenJDK 11 of Debian bullseye for the original's Java 8; its start scripts are written anew to the original's contract",
  },
  {
    names: ['docker.io/library/mysql:8.0'],
    folder: 'mysql',
    fidelity: 'rebuilt',
    why: 'MySQL 9.7.4 of Debian sid, a later line than 8.0, which no package registry has; an entrypoint of our own reads the MYSQL_* variables',
  },
  {
    names: ['docker.io/library/wordpress:6.2.1-apache'],
    folder: 'wordpress',
    fidelity: 'rebuilt',
    why: "WordPress 6.1.9 of Debian bookworm for the original's 6.2.1; an entrypoint of our own reads the WORDPRESS_* variables",
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
  const published = workload.maven && (await publishedFiles(shop, workload.maven));
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

/** Published files as extras of an image. */
async function publishedFiles(
  shop: Workshop,
  files: MavenFile | readonly MavenFile[],
): Promise<Pick<ImageOrder, 'extras' | 'extraKeys'>> {
  const [list, folder] = 'artefact' in files ? [[files], ''] : [files, 'published/'];
  const made = await Promise.all(list.map(async (file) => ({ file, ...(await mavenFile(shop, file)) })));
  return {
    extras: Object.fromEntries(made.map(({ file, at }) => [`${folder}${fileName(file)}`, join(at, fileName(file))])),
    extraKeys: made.map(({ key }) => key),
  };
}

function jar(group: string, artefact: string, version: string, sha256: string): MavenFile {
  return { group, artefact, version, type: 'jar', sha256 };
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
