import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments, parseDocument, stringify } from 'yaml';
import { UsageError } from '../errors.ts';
import type { Manifest } from '../history/objects.ts';

/**
 * A directory for `kubectl … -k`, as files: what a tutorial tells its reader to write, and how this use of it differs. It is built by kubectl's own kustomize,
 * never by the harness.
 */
export interface Kustomization {
  /** The text of each file, by its name. */
  readonly files: Readonly<Record<string, string>>;
  /** One sentence each; none for the directory as it is. The report lists them. */
  readonly variations: readonly string[];
}

/** A named change to a kustomization. */
export type KustomizationVariation = (kustomization: Kustomization) => Kustomization;

const entryFile = 'kustomization.yaml';

/** Reads the YAML files of a folder that stands beside a suite. */
export function kustomizationFrom(url: URL, ...variations: readonly KustomizationVariation[]): Kustomization {
  const folder = fileURLToPath(url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  if (!names.includes(entryFile)) throw new UsageError(`${folder} holds no ${entryFile}`);
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  return variations.reduce<Kustomization>((made, vary) => vary(made), { files, variations: [] });
}

type Fields = Readonly<Record<string, unknown>>;

/** Changes what stands in kustomization.yaml. */
export function inKustomization(sentence: string, change: (fields: Fields) => Fields): KustomizationVariation {
  return ({ files, variations }) => ({
    files: { ...files, [entryFile]: stringify(change(parseDocument(files[entryFile] ?? '').toJS() as Fields)) },
    variations: [...variations, sentence],
  });
}

/** Changes every object of one kind, or the one of that name, in whichever file it is; `undefined` takes it out. It must be there. */
export function inObjects(
  sentence: string,
  { kind, name }: { readonly kind: string; readonly name?: string },
  change: (object: Manifest) => Manifest | undefined,
): KustomizationVariation {
  return ({ files, variations }) => {
    let found = 0;
    const changed = Object.entries(files).map(([file, text]): readonly [string, string] => {
      const objects = file === entryFile ? [] : parseAllDocuments(text).map((each) => each.toJS() as Manifest);
      const isMeant = (object: Manifest): boolean =>
        object.kind === kind && (name === undefined || object.metadata.name === name);
      if (!objects.some(isMeant)) return [file, text];
      found += 1;
      const left = objects
        .map((object) => (isMeant(object) ? change(object) : object))
        .filter((each) => each !== undefined);
      return [file, left.map((object) => stringify(object)).join('---\n')];
    });
    if (found === 0) throw new UsageError(`no file of the kustomization holds ${kind} ${name ?? ''}`.trim());
    return { files: Object.fromEntries(changed), variations: [...variations, sentence] };
  };
}

/** Changes the Pod template's spec of the Deployment of this name, or of all. */
export function inPodsOf(
  sentence: string,
  name: string | undefined,
  change: (spec: Fields) => Fields,
): KustomizationVariation {
  return inSpec(sentence, { kind: 'Deployment', ...(name === undefined ? {} : { name }) }, (spec) => {
    const template = spec['template'] as Fields;
    return { ...spec, template: { ...template, spec: change(template['spec'] as Fields) } };
  });
}

/** Changes the spec of every object of one kind, or of the one of that name. */
export function inSpec(
  sentence: string,
  meant: { readonly kind: string; readonly name?: string },
  change: (spec: Fields) => Fields,
): KustomizationVariation {
  return inObjects(sentence, meant, (object) => ({ ...object, spec: change(object['spec'] as Fields) }));
}

/** The objects as they are written in the files, before anything is built of them. */
export function writtenObjects({ files }: Kustomization): readonly Manifest[] {
  return Object.entries(files)
    .filter(([file]) => file !== entryFile)
    .flatMap(([, text]) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));
}
