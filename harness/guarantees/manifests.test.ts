import { describe, expect, test } from 'vitest';
import { fenced, observed, unfenced } from '../history/testing.ts';
import type { Manifest } from '../history/objects.ts';
import { manifestsDifferOnlyBy } from './manifests.ts';

const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'nginx' }, spec: { ports: [{ port: 80 }] } };
const set = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web' },
  spec: { replicas: 2, template: { spec: { containers: [{ name: 'nginx', image: 'nginx-slim:0.8' }] } } },
};
const parallel = { ...set, spec: { podManagementPolicy: 'Parallel', ...set.spec } };

function read(file: string, ...objects: readonly Manifest[]) {
  return observed({ of: 'manifest', moment: 'read', file, objects });
}

describe('manifestsDifferOnlyBy', () => {
  const field = { object: 'StatefulSet web', path: 'spec.podManagementPolicy', value: 'Parallel' };
  const { judge } = manifestsDifferOnlyBy('web.yaml', 'web-parallel.yaml', field);
  const compared = (...objects: readonly Manifest[]) =>
    judge(fenced(read('web.yaml', service, set), read('web-parallel.yaml', ...objects)));

  test('upheld: that field and nothing else', () => {
    expect(compared(service, parallel)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: the field is not there', () => {
    expect(compared(service, set)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it has another value', () => {
    const ordered = { ...set, spec: { ...set.spec, podManagementPolicy: 'OrderedReady' } };
    expect(compared(service, ordered)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one more field differs, deep down', () => {
    const deep = { spec: { containers: [{ name: 'nginx', image: 'nginx-slim:0.7' }] } };
    expect(compared(service, { ...parallel, spec: { ...parallel.spec, template: deep } })).toMatchObject({
      outcome: 'violated',
      because: expect.stringContaining('spec.template.spec.containers.0.image'),
    });
  });
  test('violated: a field is left out', () => {
    const { replicas: _, ...rest } = parallel.spec;
    expect(compared(service, { ...parallel, spec: rest })).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the field is added to another object as well', () => {
    const odd = { ...service, spec: { ...service.spec, podManagementPolicy: 'Parallel' } };
    expect(compared(odd, parallel)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: an object more, an object less, another order', () => {
    expect(compared(service, parallel, service)).toMatchObject({ outcome: 'violated' });
    expect(compared(service)).toMatchObject({ outcome: 'violated' });
    expect(compared(parallel, service)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: neither file holds the object', () => {
    const history = fenced(read('web.yaml', service), read('web-parallel.yaml', service));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one file was not read, or is empty', () => {
    expect(judge(fenced(read('web.yaml', service, set)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(read('web-parallel.yaml', service, parallel)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the recording was never fenced', () => {
    const history = unfenced(read('web.yaml', service, set), read('web-parallel.yaml', service, parallel));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});
