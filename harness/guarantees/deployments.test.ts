import { describe, expect, test } from 'vitest';
import { fence, fenced, following, gap, observed, type Step } from '../history/testing.ts';
import {
  eachPodIsGoneBeforeTheNext,
  podsAreNamedByTheirDeployment,
  theDeploymentIsAvailable,
  theDeploymentIsSingle,
} from './deployments.ts';
import { db, deploymentIs, front, podComes, podGoes, podIs, setIs } from './testingDeployed.ts';

const before = fence('before');
const span = { from: 'before' } as const;

describe('podsAreNamedByTheirDeployment', () => {
  const { judge } = podsAreNamedByTheirDeployment(db);
  const replaced = [setIs('aa'), podComes('db-aa-x5dzt'), podGoes('db-aa-x5dzt'), podComes('db-aa-9k2lm')] as const;

  test('upheld: two Pods, one after another, each with letters of its own', () => {
    expect(judge(fenced(...replaced))).toMatchObject({ outcome: 'upheld', examined: { count: 4 } });
  });
  test('violated: an ordinal, four letters, another name', () => {
    for (const name of ['db-aa-0', 'db-aa-x5dz', 'db-bb-x5dzt', 'db-0'])
      expect(judge(fenced(...replaced, podComes(name)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it belongs to nobody, to a set, or to a ReplicaSet of another Deployment', () => {
    const owners = [
      null,
      { kind: 'StatefulSet', name: 'db', uid: '1' },
      { kind: 'ReplicaSet', name: 'db-aa', uid: 'x' },
    ];
    for (const owner of owners)
      expect(judge(fenced(...replaced, podComes('db-aa-zzzzz', { owner })))).toMatchObject({ outcome: 'violated' });
    const foreign = [setIs('aa', db, 'added', 'front'), podComes('db-aa-x5dzt')];
    expect(judge(fenced(...foreign))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the name comes again', () => {
    expect(judge(fenced(...replaced, podGoes('db-aa-9k2lm'), podComes('db-aa-x5dzt')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: no Pod was replaced, there was none, or a gap', () => {
    expect(judge(fenced(setIs('aa'), podComes('db-aa-x5dzt')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(setIs('aa')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...replaced, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(following(['pods'], ...replaced))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theDeploymentIsSingle', () => {
  const { judge } = theDeploymentIsSingle(db, 'built');
  const built = (spec: object = {}): Step =>
    observed({
      of: 'manifest',
      moment: 'built',
      file: 'kustomization.yaml',
      objects: [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'db' }, spec }],
    });
  const made = [built(), deploymentIs({}, 'added')] as const;

  test('upheld: one Pod, then another while the first is on its way out', () => {
    const dying = podIs('db-aa-1', { terminating: true });
    expect(judge(fenced(...made, podComes('db-aa-1'), dying, podComes('db-aa-2'), podGoes('db-aa-1')))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: two Pods of which neither goes', () => {
    expect(judge(fenced(...made, podComes('db-aa-1'), podComes('db-aa-2')))).toMatchObject({ outcome: 'violated' });
  });
  test('upheld: a Pod of another Deployment is not counted', () => {
    const steps = [podComes('db-aa-1'), podComes('front-aa-1', { of: front })];
    expect(judge(fenced(...made, ...steps))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: two replicas, at first or later, asked for or not', () => {
    const pod = podComes('db-aa-1');
    expect(judge(fenced(built(), deploymentIs({ replicas: 2 }, 'added'), pod))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...made, pod, deploymentIs({ replicas: 2 })))).toMatchObject({ outcome: 'violated' });
    const asked = [built({ replicas: 2 }), deploymentIs({ replicas: 2 }, 'added')];
    expect(judge(fenced(...asked, pod))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there is no such Deployment', () => {
    expect(judge(fenced(built(), podComes('db-aa-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was there before, had no Pod, or the one replica was asked for', () => {
    const pod = podComes('db-aa-1');
    expect(judge(fenced(built(), deploymentIs({}, 'present'), pod))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...made))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(built({ replicas: 1 }), made[1], pod))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(made[1], pod))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachPodIsGoneBeforeTheNext', () => {
  const { judge } = eachPodIsGoneBeforeTheNext(db, span);
  const old = [deploymentIs({}, 'added'), podComes('db-aa-1'), before] as const;
  const changes = deploymentIs({ template: { changed: true }, generation: 2 });
  const fresh = podComes('db-bb-1', { template: 'bb' });

  test('upheld: the old Pod is gone, then the new one is made', () => {
    const steps = [changes, podIs('db-aa-1', { terminating: true }), podGoes('db-aa-1'), fresh];
    expect(judge(fenced(...old, ...steps))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the new one is made while the old one is on its way out', () => {
    const steps = [changes, podIs('db-aa-1', { terminating: true }), fresh, podGoes('db-aa-1')];
    expect(judge(fenced(...old, ...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the old one stays', () => {
    expect(judge(fenced(...old, changes, fresh))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the new one does not become Ready, or does not last', () => {
    const unready = podComes('db-bb-1', { template: 'bb', ready: false });
    expect(judge(fenced(...old, changes, podGoes('db-aa-1'), unready))).toMatchObject({ outcome: 'violated' });
    const lost = podGoes('db-bb-1', { template: 'bb' });
    expect(judge(fenced(...old, changes, podGoes('db-aa-1'), fresh, lost))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no old Pod, no other template, no new Pod', () => {
    expect(judge(fenced(deploymentIs({}, 'added'), before, changes, fresh))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...old, podGoes('db-aa-1'), fresh))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...old, changes, podGoes('db-aa-1')))).toMatchObject({ outcome: 'inconclusive' });
    const same = podComes('db-aa-2');
    expect(judge(fenced(...old, changes, podGoes('db-aa-1'), same))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theDeploymentIsAvailable', () => {
  const { judge } = theDeploymentIsAvailable(db);

  test('upheld: Available, with one Ready Pod that was started once', () => {
    expect(judge(fenced(deploymentIs({}, 'added'), podComes('db-aa-1')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: not Available, not observed, not Ready, started again, two Pods, none', () => {
    const pod = podComes('db-aa-1');
    const made = deploymentIs({}, 'added');
    const histories = [
      [deploymentIs({ available: 'False' }, 'added'), pod],
      [deploymentIs({ generation: 2, observed: 1 }, 'added'), pod],
      [deploymentIs({ ready: 0 }, 'added'), pod],
      [made, podComes('db-aa-1', { ready: false })],
      [made, podComes('db-aa-1', { phase: 'Pending' })],
      [made, podComes('db-aa-1', { restarts: 1 })],
      [made, pod, podComes('db-aa-2')],
      [made],
      [pod],
    ];
    for (const steps of histories) expect(judge(fenced(...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: Deployments were not followed', () => {
    expect(judge(following(['pods'], podComes('db-aa-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
