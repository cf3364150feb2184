import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { inKustomization, inObjects, inPodsOf, inSpec, kustomizationFrom, writtenObjects } from './kustomization.ts';

const deployment = (name: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  template:\n    spec:\n      containers: []\n`;

function folder(files: Readonly<Record<string, string>>): URL {
  const path = mkdtempSync(join(tmpdir(), 'kustomization-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text);
  return pathToFileURL(`${path}/`);
}

const entry = 'resources:\n  - all.yaml\n';
const two = folder({ 'kustomization.yaml': entry, 'all.yaml': `${deployment('db')}---\n${deployment('site')}` });

test('the files are as they are written, comments included, until somebody varies them', () => {
  const commented = folder({ 'kustomization.yaml': `# why\n${entry}`, 'notes.txt': 'no YAML' });
  expect(kustomizationFrom(commented)).toEqual({ files: { 'kustomization.yaml': `# why\n${entry}` }, variations: [] });
});

test('a folder without its entry is refused', () => {
  expect(() => kustomizationFrom(folder({ 'all.yaml': entry }))).toThrow('holds no kustomization.yaml');
});

test('a change meets the object of that name alone, and is told in a sentence', () => {
  const varied = kustomizationFrom(
    two,
    inSpec('two replicas', { kind: 'Deployment', name: 'db' }, (spec) => ({ ...spec, replicas: 2 })),
    inPodsOf('on one node', undefined, (spec) => ({ ...spec, nodeName: 'worker' })),
    inKustomization('a prefix', (fields) => ({ ...fields, namePrefix: 'a-' })),
  );
  const [db, site] = writtenObjects(varied);
  expect(db?.['spec']).toMatchObject({ replicas: 2, template: { spec: { nodeName: 'worker' } } });
  expect(site?.['spec']).toEqual({ template: { spec: { containers: [], nodeName: 'worker' } } });
  expect(varied.files['kustomization.yaml']).toContain('namePrefix: a-');
  expect(varied.variations).toEqual(['two replicas', 'on one node', 'a prefix']);
});

test('an object can be taken out, and one that is not there cannot be meant', () => {
  const without = kustomizationFrom(
    two,
    inObjects('no db', { kind: 'Deployment', name: 'db' }, () => undefined),
  );
  expect(writtenObjects(without).map(({ metadata }) => metadata.name)).toEqual(['site']);
  const never = inSpec('never', { kind: 'Service', name: 'db' }, (spec) => spec);
  expect(() => kustomizationFrom(two, never)).toThrow('no file of the kustomization holds Service db');
});
