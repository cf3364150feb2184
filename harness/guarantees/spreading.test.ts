import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  failed,
  fenced,
  readied,
  ready,
  terminating,
  touched,
  unfenced,
  web,
  type Step,
} from '../history/testing.ts';
import { before, spanned } from './testing.ts';
import { node, schedulersWords, unscheduled } from './testingNodes.ts';
import { eachPodHasANodeOfItsOwn, noTwoShareANode, waitsForAntiAffinity } from './spreading.ts';

const on = (name: string) => ({ node: name });

describe('Pods and their nodes', () => {
  const own = (...steps: readonly Step[]) => eachPodHasANodeOfItsOwn(web, 2).judge(fenced(...steps));
  test('upheld: each has its own', () => {
    expect(own(readied('web-0', on('a')), readied('web-1', on('b')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: two are on one', () => {
    expect(own(readied('web-0', on('a')), readied('web-1', on('a')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one is missing or not Ready', () => {
    expect(own(readied('web-0', on('a')))).toMatchObject({ outcome: 'violated' });
    expect(own(readied('web-0', on('a')), added('web-1', on('b')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: not fenced', () => {
    const history = unfenced(readied('web-0', on('a')), readied('web-1', on('b')));
    expect(eachPodHasANodeOfItsOwn(web, 2).judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('at no moment', () => {
  const never = (...steps: readonly Step[]) => noTwoShareANode(web).judge(fenced(...steps));
  const first = readied('web-0', on('a'));
  test('upheld: a node is taken when the Pod before is gone, or has ended', () => {
    expect(never(first, terminating('web-0'), deleted('web-0'), added('web-1', on('a')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
    expect(never(first, failed('web-0'), added('web-1', on('a')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a Pod is put beside one that is on its way out', () => {
    expect(never(first, terminating('web-0'), added('web-1', on('a')))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 was put on a beside web-0',
    });
  });
  test('violated: a Pod that waited is put beside another', () => {
    expect(never(first, unscheduled(added('web-1')), ready('web-1', on('a')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: they part again', () => {
    expect(never(first, added('web-1', on('a')), deleted('web-1'), added('web-1', on('b')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: no Pod was given a node', () => {
    expect(never(unscheduled(added('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('a Pod that waits', () => {
  const nodes = [
    node('plane', 'tainted', 'present'),
    node('a', 'open', 'present'),
    node('b', 'open', 'present'),
    node('c', 'cordoned', 'present'),
    node('d', 'cordoned', 'present'),
  ] as const;
  const others = [readied('web-0', on('a')), readied('web-2', on('b'))] as const;
  const words = schedulersWords(
    "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match pod anti-affinity rules, 2 node(s) were unschedulable",
  );
  const waiting = (message = words): Step => unscheduled(added('web-1'), message);
  const judged = (start: readonly Step[], ...steps: readonly Step[]) =>
    waitsForAntiAffinity(web, 1, 2, spanned).judge(fenced(...nodes, ...start, before, ...steps));

  test('upheld: every node is accounted for', () => {
    expect(judged([...others, waiting()], unscheduled(touched('web-1'), words))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('upheld: in the words of a newer scheduler', () => {
    const newer = words.replace('taint {node-role.kubernetes.io/control-plane: }', 'taint(s)');
    const later = newer.replace('unschedulable. ', 'unschedulable. no new claims to deallocate, ');
    expect(judged([...others, waiting(later)])).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it is put beside another', () => {
    expect(judged([...others, waiting()], ready('web-1', on('a')))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 was put on a',
    });
  });
  test('violated: it was put there before the span began', () => {
    expect(judged([...others, readied('web-1', on('a'))])).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it waits for its volume, or for room', () => {
    const volume = words.replace(
      "2 node(s) didn't match pod anti-affinity",
      '2 node(s) had volume node affinity conflict',
    );
    expect(judged([...others, waiting(volume)])).toMatchObject({
      outcome: 'violated',
      because: expect.stringContaining('for another reason') as string,
    });
    const room = words.replace("2 node(s) didn't match", "1 Insufficient cpu, 1 node(s) didn't match");
    expect(judged([...others, waiting(room)])).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the scheduler gave no reason', () => {
    expect(judged([...others, unscheduled(added('web-1'))])).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is deleted', () => {
    expect(judged([...others, waiting()], unscheduled(terminating('web-1'), words))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: a schedulable node has no other Pod', () => {
    expect(judged([readied('web-0', on('a')), waiting()])).toMatchObject({
      outcome: 'inconclusive',
      because: 'no other Pod of web was on b',
    });
  });
  test('inconclusive: another number of nodes, or one changed sides', () => {
    expect(
      waitsForAntiAffinity(web, 1, 3, spanned).judge(fenced(...nodes, ...others, waiting(), before)),
    ).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judged([...others, waiting()], node('c'), node('c', 'cordoned'))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Pod is not there', () => {
    expect(judged(others)).toMatchObject({ outcome: 'inconclusive' });
  });
});
