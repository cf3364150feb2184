import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { builtInCatalogue, catalogueFrom } from './catalogue.ts';
import { selectMutants } from './select.ts';
import { aMutant } from './testing.ts';

const whole = `
component: kube-controller-manager
module: k8s.io/kubernetes@v1.34.4
mutants:
  - id: created-on-running
    file: pkg/a.go
    search: |-
      \tif ready {
    replace: |-
      \tif running {
    breaks: A Pod waits for its predecessor.
    claims: [web.creation-gated-on-ready]
    explains: { web.hostname: its story needs the gate. }
    bug: 38418
    quick: true
`;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steadfast-catalogue-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function written(text: string, name = `${(files += 1)}.yaml`): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

describe('a catalogue', () => {
  test('gives its mutants, with what the file says for all of them', async () => {
    expect(await catalogueFrom(await written(whole, 'whole.yaml'))).toEqual([
      {
        id: 'created-on-running',
        component: 'kube-controller-manager',
        module: { path: 'k8s.io/kubernetes', version: 'v1.34.4' },
        file: 'pkg/a.go',
        search: '\tif ready {',
        replace: '\tif running {',
        breaks: 'A Pod waits for its predecessor.',
        claims: ['web.creation-gated-on-ready'],
        explains: { 'web.hostname': 'its story needs the gate.' },
        bug: 38418,
        quick: true,
        from: 'whole.yaml',
      },
    ]);
  });

  test('may be JSON, and may leave claims out when it comes from outside', async () => {
    const { from: _, claims: _claims, explains: _explains, module, ...fields } = aMutant();
    const mutant = { ...fields, module: `${module.path}@${module.version}` };
    const [read] = await catalogueFrom(await written(JSON.stringify({ mutants: [mutant] }), 'outside.json'));
    expect(read).toMatchObject({ id: mutant.id, claims: undefined });
  });

  test('of the repository is without fault', async () => {
    const ids = (await builtInCatalogue()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('a fault is told with file, mutant, field and what would be right', () => {
  test.each([
    ['search: |-\n      \tif ready {', "search: ''", 'search: it is empty'],
    ['breaks: A Pod waits for its predecessor.', '', 'breaks: it is missing'],
    ['if running {', 'if ready {', "replace: it equals 'search': nothing would change"],
    [
      '[web.creation-gated-on-ready]',
      '[web.creation-gated]',
      "claims: there is no claim 'web.creation-gated'; did you mean 'web.",
    ],
    ['web.hostname', 'web.hostnam', "explains: there is no claim 'web.hostnam'; did you mean 'web.hostname'?"],
    ['kube-controller-manager', 'kube-controler-manager', "did you mean 'kube-controller-manager'?"],
    ['@v1.34.4', '', "module: 'k8s.io/kubernetes' must be path@version, such as"],
    ['id: created-on-running', 'id: Created_on', "id: 'Created_on' must be lower-case words joined by hyphens"],
    ['file: pkg/a.go', 'file: /etc/a.go', "file: '/etc/a.go' must be a path within the module"],
    ['bug: 38418', 'bug: no', 'bug: it must be the number of an issue'],
    ['quick: true', 'quik: true', "quik: there is no such field; did you mean 'quick'?"],
    ['component: kube', 'komponent: kube', "there is no such field; did you mean 'component'?"],
  ])('%j in place of it: %j', async (right, wrong, words) => {
    const file = await written(whole.replace(right, wrong));
    await expect(catalogueFrom(file)).rejects.toThrow(UsageError);
    await expect(catalogueFrom(file)).rejects.toThrow(words);
    await expect(catalogueFrom(file)).rejects.toThrow(file.split('/').at(-1) ?? '');
  });

  test('an id that two mutants have', async () => {
    const mutant = whole.slice(whole.indexOf('  - id'));
    const file = await written(whole + mutant);
    await expect(catalogueFrom(file)).rejects.toThrow("mutant 'created-on-running', id: 2 mutants have it");
  });

  test('a file that is not there, or neither YAML nor JSON, or holds no list', async () => {
    await expect(catalogueFrom(join(folder, 'absent.yaml'))).rejects.toThrow('cannot be read');
    await expect(catalogueFrom(await written('a: [1'))).rejects.toThrow('neither YAML nor JSON');
    await expect(catalogueFrom(await written('- 1'))).rejects.toThrow("it must be an object with a list 'mutants'");
  });

  test('all at once', async () => {
    const file = await written(whole.replace('bug: 38418', 'bug: no').replace('quick: true', 'quick: 3'));
    await expect(catalogueFrom(file)).rejects.toThrow(/quick: [^]*bug: /);
  });
});

describe('mutants are selected', () => {
  const all = [
    aMutant({ id: 'set-a' }),
    aMutant({ id: 'set-b', quick: true }),
    aMutant({ id: 'proxy-a', component: 'kube-proxy' }),
  ];
  const ids = (selection: Parameters<typeof selectMutants>[1]) => selectMutants(all, selection).map(({ id }) => id);

  test('by id, glob, component and speed', () => {
    expect(ids({})).toHaveLength(3);
    expect(ids({ only: ['set-*'] })).toEqual(['set-a', 'set-b']);
    expect(ids({ only: ['proxy-a', 'set-a'] })).toEqual(['set-a', 'proxy-a']);
    expect(ids({ component: 'kube-proxy' })).toEqual(['proxy-a']);
    expect(ids({ quick: true })).toEqual(['set-b']);
  });

  test('or it is said that there are none', () => {
    expect(() => ids({ only: ['set-c'] })).toThrow("there is no mutant 'set-c'");
    expect(() => ids({ component: 'kube-prox' })).toThrow("there is no component 'kube-prox'");
    expect(() => ids({ component: 'kubelet' })).toThrow('no mutant is like that');
  });
});
