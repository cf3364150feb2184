import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  deleted,
  fence,
  fenced,
  following,
  gap,
  observed,
  operated,
  readied,
  reported,
  terminating,
  touched,
  unfenced,
  web,
  type Step,
} from '../history/testing.ts';
import { lostPodIsNotReplaced, lostPodIsReplaced, neverTwoOfOneName } from './lostNodes.ts';
import { before, stands } from './testing.ts';

const collector = 'pod-garbage-collector';
const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' };

function node(status: 'True' | 'Unknown', taints: readonly object[] = [], name = 'worker-1'): Step {
  return reported('nodes', 'modified', name, { spec: { taints }, status: { conditions: [{ type: 'Ready', status }] } });
}

const removing = operated('delete', 'nodes/worker-1', 'invoked');
const there = [stands({ replicas: 1 }, 'added'), node('True'), readied('web-0')] as const;
const lost = [node('Unknown'), terminating('web-0')] as const;

describe('lostPodIsNotReplaced', () => {
  const { judge } = lostPodIsNotReplaced(web, 0, { from: 'before', alive: 'statefulset' });
  const told = (...steps: readonly Step[]) => fenced(...there, before, ...steps);
  const signs = [alive(), alive()] as const;

  test('upheld: it stays, Terminating, while the controller works', () => {
    expect(judge(told(...lost, ...signs, touched('web-0')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('upheld: the same while the collector of Pods sweeps, once', () => {
    const { judge: swept } = lostPodIsNotReplaced(web, 0, { from: 'before', alive: collector });
    expect(swept(told(...lost, alive(collector)))).toMatchObject({ outcome: 'upheld' });
    expect(swept(told(...lost, ...signs))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('violated: it is removed', () => {
    expect(judge(told(...lost, deleted('web-0'), ...signs))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 was removed, and nobody knows what became of it',
    });
  });
  test('violated: it is removed without having been asked to go, and replaced', () => {
    const history = told(node('Unknown'), deleted('web-0'), readied('web-0', { node: 'worker-2' }), ...signs);
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another one comes while it is there', () => {
    expect(judge(told(...lost, added('web-0', { node: 'worker-2' }), ...signs))).toMatchObject({ outcome: 'violated' });
  });

  const early: Step = observed({
    of: 'liveness',
    moment: 'a sentinel',
    controller: 'statefulset',
    seen: 'it was reconciled',
    invokedAtIndex: 4,
  });
  test.each<[string, readonly Step[]]>([
    ['the node was never lost', [terminating('web-0'), ...signs]],
    ['the node came back', [...lost, ...signs, node('True')]],
    ['another node was lost', [node('Unknown', [], 'worker-2'), terminating('web-0'), ...signs]],
    ['it was not asked to go', [node('Unknown'), ...signs]],
    ['it went while the node was Ready', [terminating('web-0'), deleted('web-0'), node('Unknown'), ...signs]],
    [
      'it was deleted by force',
      [...lost, operated('delete', 'pods/web-0', 'invoked', 'gracePeriodSeconds 0'), ...signs],
    ],
    ['the node was tainted', [...lost, node('Unknown', [taint]), ...signs]],
    ['its object was deleted', [...lost, removing, ...signs]],
    ['the controller was seen once', [...lost, alive()]],
    ['the controller was seen before', [early, early, ...lost]],
    ['a gap in the nodes', [...lost, ...signs, gap('nodes')]],
  ])('inconclusive: %s', (_, steps) => {
    expect(judge(told(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nodes were not followed, no fence, no Pod, no window', () => {
    const steps = [...there, before, ...lost, ...signs];
    expect(judge(following(['pods', 'statefulsets'], ...steps))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...steps))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(node('Unknown'), before, ...signs))).toMatchObject({ outcome: 'inconclusive' });
    expect(lostPodIsNotReplaced(web, 0, { from: 'before' }).judge(fenced(...steps))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

const force = operated('delete', 'pods/web-0', 'invoked', 'gracePeriodSeconds 0');
const tainting = operated('taint', 'nodes/worker-1', 'invoked', `${taint.key}=nodeshutdown:NoExecute`);
const elsewhere = readied('web-0', { node: 'worker-2' });

describe('lostPodIsReplaced', () => {
  const { judge } = lostPodIsReplaced(web, 0, 'force', { from: 'given up' });
  const { judge: byTaint } = lostPodIsReplaced(web, 0, 'taint', { from: 'given up' });
  const { judge: byRemoval } = lostPodIsReplaced(web, 0, 'removal', { from: 'given up' });
  const told = (...steps: readonly Step[]) => fenced(...there, ...lost, fence('given up'), ...steps);

  test('upheld: deleted by force, gone, replaced on another node', () => {
    expect(judge(told(force, deleted('web-0'), elsewhere))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: its node tainted, gone, replaced on another node', () => {
    const history = told(tainting, node('Unknown', [taint]), deleted('web-0'), elsewhere);
    expect(byTaint(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: its node removed, gone, replaced on another node', () => {
    const history = told(removing, reported('nodes', 'deleted', 'worker-1'), deleted('web-0'), elsewhere);
    expect(byRemoval(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: its node removed, and it is still there', () => {
    expect(byRemoval(told(removing, reported('nodes', 'deleted', 'worker-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: its node tainted before it was removed, or another one removed', () => {
    const other = operated('delete', 'nodes/worker-2', 'invoked');
    expect(byRemoval(told(tainting, removing, deleted('web-0'), elsewhere))).toMatchObject({ outcome: 'inconclusive' });
    expect(byRemoval(told(other, deleted('web-0'), elsewhere))).toMatchObject({ outcome: 'inconclusive' });
  });
  test.each<[string, readonly Step[]]>([
    ['it is still there', [force]],
    ['nothing comes', [force, deleted('web-0')]],
    ['it was gone before', [deleted('web-0'), force, elsewhere]],
    ['what comes is not Ready', [force, deleted('web-0'), added('web-0', { node: 'worker-2' })]],
    ['what comes is on the lost node', [force, deleted('web-0'), readied('web-0')]],
    ['two come, one after the other', [force, deleted('web-0'), elsewhere, deleted('web-0'), elsewhere]],
  ])('violated: %s', (_, steps) => {
    expect(judge(told(...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it comes before the other one has gone', () => {
    const twin = [added('web-0', { node: 'worker-2' })];
    const late = reported('nodes', 'modified', 'worker-2');
    expect(judge(told(force, ...twin, late))).toMatchObject({ outcome: 'violated' });
  });
  test.each<[string, readonly Step[]]>([
    ['nobody gave it up', [deleted('web-0'), elsewhere]],
    ['it was tainted as well', [force, tainting, deleted('web-0'), elsewhere]],
    ['a taint was there already', [node('Unknown', [taint]), force, deleted('web-0'), elsewhere]],
    ['the node came back', [force, node('True'), deleted('web-0'), elsewhere]],
    [
      'another Pod was deleted by force',
      [operated('delete', 'pods/web-1', 'invoked', 'gracePeriodSeconds 0'), deleted('web-0'), elsewhere],
    ],
    ['it was deleted without force', [operated('delete', 'pods/web-0', 'invoked'), deleted('web-0'), elsewhere]],
    ['a gap', [force, deleted('web-0'), elsewhere, gap('pods')]],
  ])('inconclusive: %s', (_, steps) => {
    expect(judge(told(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: what goes after a deletion by force does not go because of the taint', () => {
    expect(byTaint(told(force, tainting, deleted('web-0'), elsewhere))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not Terminating', () => {
    const history = fenced(...there, node('Unknown'), fence('given up'), force, deleted('web-0'), elsewhere);
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('neverTwoOfOneName', () => {
  const { judge } = neverTwoOfOneName(web, {});
  test('upheld: one after the other', () => {
    expect(judge(fenced(readied('web-0'), deleted('web-0'), elsewhere))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: one beside the other', () => {
    expect(judge(fenced(readied('web-0'), elsewhere))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: none, or a gap', () => {
    expect(judge(fenced())).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(readied('web-0'), gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
