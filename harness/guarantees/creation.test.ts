import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  ended,
  fence,
  fenced,
  gap,
  ready,
  readied,
  running,
  setReported,
  terminating,
  touched,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import {
  eachPodIsAddedInOrdinalOrder,
  eachPodRunsBeforeItIsReady,
  eachPodWaitsForItsPredecessors,
  eachReplacementWaitsForItsPredecessors,
  noPodIsAddedWhileAnotherStarts,
  noPodIsReadyBeforeItsGates,
  theSetCountsItsPodsUp,
} from './creation.ts';
import { changed } from './testing.ts';

describe('eachPodIsAddedInOrdinalOrder', () => {
  const { judge } = eachPodIsAddedInOrdinalOrder(web);

  test('upheld: 0, 1, 2', () => {
    expect(judge(fenced(added('web-0'), added('web-1'), added('web-2')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: 1 before 0', () => {
    expect(judge(fenced(added('web-1'), added('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: 1 is passed over', () => {
    expect(judge(fenced(added('web-0'), added('web-2')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: 0 was never there', () => {
    expect(judge(fenced(added('web-1'), added('web-2')))).toMatchObject({ outcome: 'violated' });
  });
  test('upheld: scaling up goes on from what was there', () => {
    const { judge: judgeScaling } = eachPodIsAddedInOrdinalOrder(web, { from: 'two' });
    const history = fenced(added('web-0'), added('web-1'), fence('two'), added('web-2'), added('web-3'));
    expect(judgeScaling(history)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: the same ordinal again, under a new uid', () => {
    expect(judge(fenced(added('web-0'), deleted('web-0'), added('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the recording was never fenced', () => {
    expect(judge(unfenced(added('web-0'), added('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: one Pod has no order', () => {
    expect(judge(fenced(added('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap in the Pods', () => {
    expect(judge(fenced(added('web-0'), gap('pods'), added('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachPodWaitsForItsPredecessors', () => {
  const { judge } = eachPodWaitsForItsPredecessors(web);

  test('upheld: web-1 is added after web-0 is Ready', () => {
    expect(judge(fenced(added('web-0'), ready('web-0'), added('web-1')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: web-0 is Running only', () => {
    expect(judge(fenced(added('web-0'), running('web-0'), added('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-0 is gone when web-1 is added', () => {
    expect(judge(fenced(readied('web-0'), deleted('web-0'), added('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-0 was Ready and is not any more', () => {
    expect(judge(fenced(readied('web-0'), unready('web-0'), added('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the Ready web-0 was replaced by one that is not', () => {
    const history = fenced(readied('web-0'), deleted('web-0'), added('web-0'), added('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Pod with a predecessor was added', () => {
    expect(judge(fenced(readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the recording was never fenced', () => {
    expect(judge(unfenced(added('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('noPodIsAddedWhileAnotherStarts', () => {
  const { judge } = noPodIsAddedWhileAnotherStarts(web);

  test('upheld: each was Ready before the next', () => {
    const history = fenced(readied('web-0'), readied('web-1'), added('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('upheld: whether it stays Ready is another promise', () => {
    expect(judge(fenced(readied('web-0'), unready('web-0'), added('web-1')))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: the one that never started is gone', () => {
    const history = fenced(added('web-0'), deleted('web-0'), readied('web-0'), added('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: web-0 is Pending', () => {
    expect(judge(fenced(added('web-0'), added('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-0 is Running only', () => {
    expect(judge(fenced(added('web-0'), running('web-0'), added('web-1'), ready('web-0')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the third comes while the second starts', () => {
    const history = fenced(readied('web-0'), added('web-1'), added('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a replacement of web-0 starts', () => {
    const history = fenced(readied('web-0'), deleted('web-0'), added('web-0'), added('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one Pod, a gap, no fence', () => {
    expect(judge(fenced(readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(readied('web-0'), gap('pods'), added('web-1')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(readied('web-0'), added('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachReplacementWaitsForItsPredecessors', () => {
  const { judge } = eachReplacementWaitsForItsPredecessors(web, { from: 'before' });
  const both = (...after: readonly Step[]) => fenced(readied('web-0'), readied('web-1'), fence('before'), ...after);

  test('upheld: web-1 comes back after web-0 did', () => {
    const history = both(ended('web-1'), ended('web-0'), readied('web-0'), added('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: both come back at once', () => {
    const history = both(ended('web-0'), ended('web-1'), added('web-0'), added('web-1'), ready('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-1 comes back first', () => {
    const history = both(ended('web-0'), ended('web-1'), readied('web-1'), added('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the old web-0 is still Ready while it terminates, and does not count', () => {
    const history = both(terminating('web-0'), ended('web-1'), added('web-1'), deleted('web-0'), readied('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: only web-0 came back', () => {
    expect(judge(both(ended('web-0'), readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: there was no Pod to be replaced', () => {
    const history = fenced(fence('before'), readied('web-0'), readied('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the moment before was never fenced', () => {
    expect(judge(fenced(readied('web-0'), readied('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theSetCountsItsPodsUp', () => {
  const { judge } = theSetCountsItsPodsUp(web, 2);
  const set = (type: 'present' | 'added' | 'modified', replicas: number, readyReplicas: number, observed = 1): Step =>
    setReported(type, {
      metadata: { generation: 1 },
      spec: { replicas: 2 },
      status: { replicas, observedGeneration: observed, ...(readyReplicas === 0 ? {} : { readyReplicas }) },
    });
  const made = set('added', 0, 0, 0);

  test('upheld: 0, 1, 2', () => {
    const history = fenced(
      made,
      set('modified', 1, 0),
      set('modified', 1, 1),
      set('modified', 2, 1),
      set('modified', 2, 2),
    );
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it jumps to 2 before web-0 is Ready', () => {
    const history = fenced(made, set('modified', 1, 0), set('modified', 2, 0), set('modified', 2, 2));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'the set counted 2 Pods while 0 were Ready' });
  });
  test('violated: it never reports 1', () => {
    expect(judge(fenced(made, set('modified', 2, 1), set('modified', 2, 2)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it goes back', () => {
    const history = fenced(
      made,
      set('modified', 1, 1),
      set('modified', 0, 0),
      set('modified', 1, 1),
      set('modified', 2, 2),
    );
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: more are Ready than there are', () => {
    const history = fenced(made, set('modified', 1, 2), set('modified', 2, 2));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it does not converge', () => {
    const history = fenced(made, set('modified', 1, 1), set('modified', 2, 1));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the last status is of an older generation', () => {
    const history = fenced(made, set('modified', 1, 1, 0), set('modified', 2, 2, 0));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was there before', () => {
    expect(judge(fenced(set('present', 0, 0), set('modified', 2, 2)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it asks for another number, there is no set, a gap', () => {
    expect(theSetCountsItsPodsUp(web, 3).judge(fenced(made))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(made, gap('statefulsets')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('noPodIsReadyBeforeItsGates', () => {
  const { judge } = noPodIsReadyBeforeItsGates(web);
  /** The Pod has two gates, and these conditions beside its own. */
  const gated = (step: Step, ...set: readonly (readonly [type: string, status: string])[]): Step =>
    changed(step, (object) => {
      const { conditions, ...status } = object['status'] as { readonly conditions: readonly object[] };
      const more = set.map(([type, value]) => ({ type, status: value }));
      const gates = [{ conditionType: 'one' }, { conditionType: 'two' }];
      const spec = { ...(object['spec'] as object), readinessGates: gates };
      return { ...object, spec, status: { ...status, conditions: [...conditions, ...more] } };
    });
  const [one, two] = [
    ['one', 'True'],
    ['two', 'True'],
  ] as const;

  test('upheld: it becomes Ready when both conditions are set, or never', () => {
    const steps = [gated(added('web-0')), gated(running('web-0'), one, two), gated(ready('web-0'), one, two)] as const;
    expect(judge(fenced(...steps))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
    expect(judge(fenced(...steps.slice(0, 1)))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: a condition that was True is taken back as it becomes Ready', () => {
    const history = fenced(gated(added('web-0'), one, two), gated(ready('web-0'), one, ['two', 'False']));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: Ready with a condition that is False, or that nobody has set', () => {
    expect(judge(fenced(gated(added('web-0')), gated(ready('web-0'), one, ['two', 'False'])))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is Ready, and two is not met',
    });
    expect(judge(fenced(gated(added('web-0')), gated(ready('web-0'))))).toMatchObject({
      because: 'web-0 is Ready, and one, two is not met',
    });
    const later = [gated(ready('web-0')), gated(touched('web-0'), one, two)] as const;
    expect(judge(fenced(gated(added('web-0')), ...later))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Pod has a gate, or there is a gap', () => {
    expect(judge(fenced(added('web-0'), ready('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(gated(added('web-0')), gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachPodRunsBeforeItIsReady', () => {
  const { judge } = eachPodRunsBeforeItIsReady(web, [0, 1]);
  const starts = (pod: string): readonly Step[] => [added(pod), running(pod), ready(pod)];

  test('upheld: each is Running for a while', () => {
    const verdict = judge(fenced(...starts('web-0'), ...starts('web-1')));
    expect(verdict).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });

  test('violated: one is Ready at once, or never', () => {
    expect(judge(fenced(...starts('web-0'), readied('web-1')))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...starts('web-0'), added('web-1'), running('web-1')))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: one was not added', () => {
    expect(judge(fenced(...starts('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
});
