import { describe, expect, test } from 'vitest';
import type { Manifest } from '../history/objects.ts';
import { fence, fenced, following, observed, reported, type Step } from '../history/testing.ts';
import { theReferencesAreRewritten, theSecretIsGenerated, theSuffixIsOfTheContent } from './kustomizing.ts';
import { db, deploymentIs, podComes } from './testingDeployed.ts';

const generated = { name: 'pass', key: 'password', value: 'secret' };
const good = 'pass-5m26tmdb5k';
const other = 'pass-c57bb4t7mf';

const secretOf = (name: string, value = 'secret'): Manifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  data: { password: btoa(value) },
});
const built = (moment: string, ...objects: readonly Manifest[]): Step =>
  observed({ of: 'manifest', moment, file: 'kustomization.yaml', objects });

describe('theSuffixIsOfTheContent', () => {
  const { judge } = theSuffixIsOfTheContent(generated, { first: 'one', again: 'two', other: 'three', reference: good });
  const told = (first: string, again: string, third: string, value = 'another') =>
    fenced(built('one', secretOf(first)), built('two', secretOf(again)), built('three', secretOf(third, value)));

  test('upheld: the same name for the same, another for another', () => {
    expect(judge(told(good, good, other))).toMatchObject({ outcome: 'upheld', examined: { count: 5 } });
  });
  test('violated: another name for the same, or not the reference', () => {
    expect(judge(told(good, other, other))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(other, other, good))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the same name for another, or no suffix', () => {
    expect(judge(told(good, good, good))).toMatchObject({ outcome: 'violated' });
    expect(judge(told('pass', 'pass', 'pass'))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nothing was built, two Secrets, or the other build was of the same value', () => {
    expect(judge(fenced(built('one', secretOf(good)), built('two', secretOf(good))))).toMatchObject({
      outcome: 'inconclusive',
    });
    const twice = built('three', secretOf(other, 'another'), secretOf(good));
    expect(judge(fenced(built('one', secretOf(good)), built('two', secretOf(good)), twice))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(told(good, good, other, 'secret'))).toMatchObject({ outcome: 'inconclusive' });
  });
});

const secretIs = (name: string, fields: object = {}, type: 'added' | 'modified' | 'present' = 'added'): Step =>
  reported('secrets', type, name, { type: 'Opaque', data: { password: btoa('secret') }, ...fields });

describe('theSecretIsGenerated', () => {
  const { judge } = theSecretIsGenerated(generated);

  test('upheld: one Secret with a suffix, and another of another name', () => {
    expect(judge(fenced(secretIs(good), secretIs('token')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: no suffix, a short one, or one in capitals', () => {
    for (const name of ['pass', 'pass-5m26tmdb5', 'pass-5M26TMDB5K', 'pass5m26tmdb5k'])
      expect(judge(fenced(secretIs(name)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another type, another key, one key more, another value', () => {
    const odd = [
      { type: 'kubernetes.io/tls' },
      { data: { word: btoa('secret') } },
      { data: { password: btoa('secret'), user: btoa('root') } },
      { data: { password: btoa('other') } },
      { data: {} },
    ];
    for (const fields of odd) expect(judge(fenced(secretIs(good, fields)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: changed later, or two of them', () => {
    expect(judge(fenced(secretIs(good), secretIs(good, { data: {} }, 'modified')))).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(fenced(secretIs(good), secretIs(other)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: none at the end', () => {
    expect(
      judge(
        fenced(
          secretIs(good),
          reported('secrets', 'deleted', good, { type: 'Opaque', data: { password: btoa('secret') } }),
        ),
      ),
    ).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(fenced())).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: Secrets were not followed', () => {
    expect(judge(following(['pods']))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theReferencesAreRewritten', () => {
  const { judge } = theReferencesAreRewritten(generated, { db: 2 }, 'as written');
  const spec = (...names: readonly string[]) => ({
    containers: [
      { name: 'db', env: names.map((name) => ({ name: 'P', valueFrom: { secretKeyRef: { name, key: 'password' } } })) },
    ],
  });
  const written = (...names: readonly string[]): Step =>
    built('as written', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'db' }, spec: spec(...names) });
  const told = (
    names: readonly string[],
    secrets: readonly string[] = [good],
    pods: readonly Step[] = [podComes('db-aa-1', { spec: spec(...names) })],
  ) =>
    fenced(
      written('pass', 'pass'),
      ...secrets.map((name) => secretIs(name)),
      deploymentIs({ template: { spec: spec(...names) } }, 'added'),
      ...pods,
    );

  test('upheld: both refer to the generated Secret', () => {
    expect(judge(told([good, good]))).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: one still refers to the plain name, to another, or to none', () => {
    expect(judge(told([good, 'pass']))).toMatchObject({ outcome: 'violated' });
    expect(judge(told([good, other]))).toMatchObject({ outcome: 'violated' });
    expect(judge(told([good]))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there is a Secret of the plain name, alone or as well', () => {
    expect(judge(told(['pass', 'pass'], ['pass']))).toMatchObject({ outcome: 'violated' });
    expect(judge(told([good, good], [good, 'pass']))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the Pod waits for a Secret that is not there', () => {
    const waits = podComes('db-aa-1', {
      phase: 'Pending',
      waiting: 'CreateContainerConfigError',
      spec: spec(good, good),
    });
    expect(judge(told([good, good], [good], [waits]))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there is no such Deployment', () => {
    expect(judge(fenced(written('pass', 'pass'), secretIs(good)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the manifest says something else, or the Pod is only on its way', () => {
    expect(judge(fenced(written('pass'), secretIs(good), deploymentIs({}, 'added')))).toMatchObject({
      outcome: 'inconclusive',
    });
    const pending = podComes('db-aa-1', { phase: 'Pending', waiting: 'ContainerCreating', spec: spec(good, good) });
    expect(judge(told([good, good], [good], [pending]))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told([good, good], [good], []))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the recording was never fenced behind the mark', () => {
    const late = theReferencesAreRewritten(generated, { db: 2 }, 'as written', { to: 'never' });
    expect(late.judge(fenced(fence('another')))).toMatchObject({ outcome: 'inconclusive' });
    expect(db.name).toBe('db');
  });
});
