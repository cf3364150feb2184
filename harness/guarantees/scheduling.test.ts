import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  failed,
  fenced,
  operated,
  readied,
  ready,
  running,
  web,
  type Step,
} from '../history/testing.ts';
import { isPutOnTheLabelledNode } from './scheduling.ts';
import { before, changed, spanned } from './testing.ts';
import { schedulersWords, unscheduled } from './testingNodes.ts';

const on = (node: string) => ({ node });

/** The Pod is bound to a node whose kubelet refuses it, and deleted by its controller. */
function refusedAndGone(node: string, more: object = {}): readonly [Step, Step] {
  const status = { phase: 'Failed', reason: 'NodeAffinity', ...more };
  const refused = (step: Step): Step => changed(step, (object) => ({ ...object, status }));
  return [refused(failed('web-0', on(node))), refused(deleted('web-0'))];
}

describe('a Pod that no node suits until one is labelled', () => {
  const waiting = unscheduled(added('web-0'), schedulersWords('4 node(s) did not match'));
  const labelled = operated('label', 'nodes/a');
  const put = (...steps: readonly Step[]) =>
    isPutOnTheLabelledNode(web, 0, 'a', spanned).judge(fenced(waiting, before, ...steps));

  test('upheld: it is put there and becomes Ready', () => {
    expect(put(labelled, ready('web-0', on('a')))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: it waits on, is put elsewhere, or is not Ready', () => {
    expect(put(labelled)).toMatchObject({
      outcome: 'violated',
      because: expect.stringMatching(/^web-0 is on no node \(0\/5/),
    });
    expect(put(labelled, ready('web-0', on('b')))).toMatchObject({ outcome: 'violated' });
    expect(put(labelled, running('web-0', on('a')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another Pod is', () => {
    expect(put(labelled, deleted('web-0'), readied('web-0', on('a')))).toMatchObject({ because: 'web-0 was deleted' });
  });
  test('upheld: its kubelet had not heard of the label, and the Pod made in place of the refused one becomes Ready', () => {
    const once = [...refusedAndGone('a'), readied('web-0', on('a'))];
    expect(put(labelled, ...once)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
    expect(put(labelled, ...refusedAndGone('a'), added('web-0', on('a')), ...once)).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: refused, it stays, nothing comes in its place, or what comes is not Ready', () => {
    const [bound, ...gone] = refusedAndGone('a');
    expect(put(labelled, bound)).toMatchObject({ because: 'web-0 is not Ready on a' });
    expect(put(labelled, bound, ...gone)).toMatchObject({ because: 'web-0 was deleted' });
    const after = [added('web-0', on('a')), running('web-0', on('a'))];
    expect(put(labelled, bound, ...gone, ...after)).toMatchObject({ because: 'web-0 is not Ready on a' });
  });
  test('violated: another node refused it, for another reason, or after it had started', () => {
    const then = readied('web-0', on('a'));
    expect(put(labelled, ...refusedAndGone('b'), then)).toMatchObject({ because: 'web-0 was deleted' });
    expect(put(labelled, ...refusedAndGone('a', { reason: 'Evicted' }), then)).toMatchObject({ outcome: 'violated' });
    const started = { containerStatuses: [{ name: 'nginx' }] };
    expect(put(labelled, ...refusedAndGone('a', started), then)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no node was labelled, another was, or the server refused', () => {
    const there = ready('web-0', on('a'));
    expect(put(there)).toMatchObject({ because: 'a was not labelled in the span' });
    expect(put(operated('label', 'nodes/b'), there)).toMatchObject({ outcome: 'inconclusive' });
    expect(put(operated('label', 'nodes/a', 'failed'), there)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Pod was not there, on a node already, or not refused by the scheduler', () => {
    const from = (...steps: readonly Step[]) =>
      isPutOnTheLabelledNode(web, 0, 'a', spanned).judge(fenced(...steps, before, labelled, ready('web-0', on('a'))));
    expect(from(unscheduled(added('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(from(readied('web-0', on('a')))).toMatchObject({ outcome: 'inconclusive' });
    const late = fenced(added('web-1'), before, labelled, readied('web-0', on('a')));
    expect(isPutOnTheLabelledNode(web, 0, 'a', spanned).judge(late)).toMatchObject({ outcome: 'inconclusive' });
  });
});
