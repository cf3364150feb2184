import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  fenced,
  gap,
  readied,
  reported,
  setReported,
  touched,
  unfenced,
  web,
  type Step,
} from '../history/testing.ts';
import {
  theServerFillsIn,
  theServiceHasAnAddress,
  theServiceIsHeadless,
  theSetHasExactlyThePods,
  theSetIsStored,
} from './stored.ts';

describe('theSetIsStored', () => {
  const { judge } = theSetIsStored(web, 2);
  const stored = (spec: object): Step => setReported('added', { spec: { serviceName: 'nginx', replicas: 2, ...spec } });

  test('upheld: as the manifest has it', () => {
    expect(judge(fenced(stored({})))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: another number, another Service', () => {
    expect(judge(fenced(stored({ replicas: 1 })))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(stored({ serviceName: '' })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there is no set, by a complete recording', () => {
    const verdict = judge(fenced(readied('web-0')));
    expect(verdict).toMatchObject({ outcome: 'violated', counterexample: [{ kind: 'fence' }] });
  });
  test('inconclusive: it was there before, no fence, a gap', () => {
    const present = setReported('present', { spec: { serviceName: 'nginx', replicas: 2 } });
    expect(judge(fenced(present))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(stored({})))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(stored({}), gap('statefulsets')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theSetHasExactlyThePods', () => {
  const { judge } = theSetHasExactlyThePods(web, [0, 1]);
  const set = setReported('added');

  test('upheld: web-0 and web-1', () => {
    expect(judge(fenced(set, readied('web-0'), readied('web-1')))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: a Pod of nobody is not its Pod', () => {
    const history = fenced(set, readied('web-0'), readied('web-1'), readied('probe', { owner: null }));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a third Pod was seen, and is gone again', () => {
    const history = fenced(set, readied('web-0'), readied('web-1'), added('web-2'), deleted('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'web made web-2' });
  });
  test('violated: web-1 is missing at the end', () => {
    expect(judge(fenced(set, readied('web-0')))).toMatchObject({ outcome: 'violated' });
    const gone = fenced(set, readied('web-0'), readied('web-1'), deleted('web-1'));
    expect(judge(gone)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the Pods are those of an earlier set of the same name', () => {
    const history = fenced(
      set,
      readied('web-0', { owner: 'statefulsets/web#0' }),
      readied('web-1', { owner: 'statefulsets/web#0' }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there is no set', () => {
    expect(judge(fenced(readied('web-0'), readied('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no fence, a gap in the Pods', () => {
    expect(judge(unfenced(set, readied('web-0'), readied('web-1')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(set, readied('web-0'), gap('pods'), readied('web-1')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('theServiceIsHeadless', () => {
  const { judge } = theServiceIsHeadless(web, { port: { name: 'web', port: 80 }, selector: { app: 'nginx' } });
  const service = (spec: object, type: 'added' | 'modified' | 'present' = 'added'): Step =>
    reported('services', type, 'nginx', {
      spec: {
        clusterIP: 'None',
        clusterIPs: ['None'],
        ports: [{ name: 'web', port: 80, targetPort: 80, protocol: 'TCP' }],
        selector: { app: 'nginx' },
        ...spec,
      },
    });

  test('upheld: None, web/80, app=nginx', () => {
    expect(judge(fenced(service({})))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: an address is allocated', () => {
    expect(judge(fenced(service({ clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] })))).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(fenced(service({ clusterIP: undefined })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: an address was allocated for a moment', () => {
    const history = fenced(service({ clusterIPs: ['None', '10.96.0.9'] }), service({}, 'modified'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another port, two ports, another selector', () => {
    expect(judge(fenced(service({ ports: [{ name: 'web', port: 8080 }] })))).toMatchObject({ outcome: 'violated' });
    const two = [
      { name: 'web', port: 80 },
      { name: 'more', port: 81 },
    ];
    expect(judge(fenced(service({ ports: two })))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(service({ selector: { app: 'nginx', tier: 'web' } })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there is no Service', () => {
    expect(judge(fenced(readied('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was there before, no fence', () => {
    expect(judge(fenced(service({}, 'present')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(service({})))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theServerFillsIn', () => {
  const { judge } = theServerFillsIn(web, ['updateStrategy', 'type'], 'RollingUpdate');
  const applied = { manager: 'a client', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:replicas': {} } } };
  const set = (spec: object, managedFields: readonly object[] = [applied], type: 'added' | 'present' = 'added'): Step =>
    setReported(type, { metadata: { managedFields }, spec });

  test('upheld: nobody set it and it is there', () => {
    expect(judge(fenced(set({ updateStrategy: { type: 'RollingUpdate' } })))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: another value, no value', () => {
    expect(judge(fenced(set({ updateStrategy: { type: 'OnDelete' } })))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(set({})))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: lost by a later change', () => {
    const later = setReported('modified', { metadata: { managedFields: [applied] }, spec: {} });
    expect(judge(fenced(set({ updateStrategy: { type: 'RollingUpdate' } }), later))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: the manifest asked for it', () => {
    const asked = { manager: 'a client', fieldsV1: { 'f:spec': { 'f:updateStrategy': { 'f:type': {} } } } };
    const history = fenced(set({ updateStrategy: { type: 'RollingUpdate' } }, [asked]));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody knows who set it', () => {
    const history = fenced(set({ updateStrategy: { type: 'RollingUpdate' } }, []));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was there before, there is no set', () => {
    const history = fenced(set({ updateStrategy: { type: 'RollingUpdate' } }, [applied], 'present'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(readied('web-0'), touched('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theServiceHasAnAddress', () => {
  const { judge } = theServiceHasAnAddress('clients');
  const service = (clusterIP: string | undefined): Step =>
    reported('services', 'added', 'clients', { spec: { clusterIP } });

  test('upheld: of either kind', () => {
    for (const address of ['10.96.0.10', 'fd00::10'])
      expect(judge(fenced(service(address)))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: headless, none, or no Service', () => {
    for (const address of ['None', '', undefined])
      expect(judge(fenced(service(address)))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(reported('services', 'added', 'others', {})))).toMatchObject({ outcome: 'violated' });
    const gone = reported('services', 'deleted', 'clients', {});
    expect(judge(fenced(service('10.96.0.10'), gone))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: the recording has a gap', () => {
    expect(judge(fenced(service('10.96.0.10'), gap('services')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
