import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { basename } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { UsageError } from '../errors.ts';
import type { Manifest } from '../history/objects.ts';

/** Manifests as data: what a tutorial tells its reader to apply, and how this use of it differs from the tutorial's file. */
export interface Workload {
  readonly file: string;
  readonly objects: readonly Manifest[];
  /** One sentence each; none for the file as it is. The report lists them. */
  readonly variations: readonly string[];
}

/** A named change to a workload. */
export type Variation = (workload: Workload) => Workload;

/** Reads a manifest file that stands beside a suite: `workloadFrom(new URL('manifests/web.yaml', import.meta.url))`. */
export function workloadFrom(url: URL): Workload {
  const file = fileURLToPath(url);
  const documents = parseAllDocuments(readFileSync(file, 'utf8'));
  const objects = documents.map((document, position) => {
    const [error] = document.errors;
    if (error !== undefined) throw new UsageError(`${file}, document ${position + 1}: ${error.message}`);
    return asManifest(document.toJS(), `${file}, document ${position + 1}`);
  });
  return { file: basename(file), objects, variations: [] };
}

export function varied(workload: Workload, ...variations: readonly Variation[]): Workload {
  return variations.reduce((made, vary) => vary(made), workload);
}

function asManifest(value: unknown, where: string): Manifest {
  const manifest = value as Partial<Manifest> | null;
  if (
    typeof manifest?.apiVersion === 'string' &&
    typeof manifest.kind === 'string' &&
    typeof manifest.metadata?.name === 'string'
  )
    return manifest as Manifest;
  throw new UsageError(`${where}: expected an object with apiVersion, kind and metadata.name`);
}
