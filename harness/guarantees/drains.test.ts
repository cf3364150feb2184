import { describe, expect, test } from 'vitest';
import {
  added,
  deleted,
  fence,
  fenced,
  observed,
  operated,
  present,
  readied,
  ready,
  running,
  terminating,
  touched,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { before, changed, spanned } from './testing.ts';
import { node, unscheduled } from './testingNodes.ts';
import {
  cordonedNodesGetNoPod,
  drainIsRefused,
  drainSucceeds,
  drainTakesAllButDaemons,
  everyNodeIsUncordoned,
  isPutOnTheUncordonedNode,
  movesToTheFreeNode,
  nodeStaysCordoned,
  soManyNodesAreSchedulable,
} from './drains.ts';

const moment = 'the drain of a';
const drain = { node: 'a', moment } as const;
const on = (name: string) => ({ node: name });

const answered = (pod: string, code: number, body: object = {}): Step =>
  observed({ of: 'api', moment, request: `create pods/${pod}/eviction`, code, body });
const granted = (pod: string): Step => answered(pod, 201);
const refused = (pod: string): Step => answered(pod, 429, { details: { causes: [{ reason: 'DisruptionBudget' }] } });
const ends = (phase: 'succeeded' | 'failed'): Step => operated('drain', 'nodes/a', phase, moment);

/** The API server marks a Pod whose eviction it grants. */
const marked = (name: string, is = 'True'): Step =>
  changed(touched(name), (object) => {
    const status = object['status'] as { readonly conditions: readonly object[] };
    const target = { type: 'DisruptionTarget', status: is, reason: 'EvictionByEvictionAPI' };
    return { ...object, status: { ...status, conditions: [...status.conditions, target] } };
  });
const evicted = (name: string): readonly Step[] => [granted(name), marked(name), terminating(name), deleted(name)];

const nodes = [node('a', 'open', 'present'), node('b', 'open', 'present')] as const;

describe('a drain that succeeds', () => {
  const judged = (...steps: readonly Step[]) =>
    drainSucceeds(drain, spanned).judge(
      fenced(...nodes, readied('web-0', on('a')), readied('web-1', on('b')), before, ...steps),
    );

  test('upheld: the Pods of the node are evicted and gone', () => {
    expect(judged(node('a', 'cordoned'), ...evicted('web-0'), ends('succeeded'))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });
  test('upheld: after it was refused for a while', () => {
    const steps = [node('a', 'cordoned'), refused('web-0'), ...evicted('web-0'), ends('succeeded')];
    expect(judged(...steps)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a Pod was deleted in place of an eviction', () => {
    const steps = [node('a', 'cordoned'), terminating('web-0'), deleted('web-0'), ends('succeeded')];
    expect(judged(...steps)).toMatchObject({
      outcome: 'violated',
      because: 'nobody asked for the eviction of web-0 on a',
    });
    const unmarked = [
      node('a', 'cordoned'),
      granted('web-0'),
      terminating('web-0'),
      deleted('web-0'),
      ends('succeeded'),
    ];
    expect(judged(...unmarked)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is marked as one that is not evicted', () => {
    const steps = [granted('web-0'), marked('web-0', 'False'), terminating('web-0'), deleted('web-0')];
    expect(judged(node('a', 'cordoned'), ...steps, ends('succeeded'))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 went without having been marked as evicted',
    });
  });
  test('violated: the Pod stays', () => {
    expect(judged(node('a', 'cordoned'), granted('web-0'), marked('web-0'), ends('succeeded'))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is still on a',
    });
  });
  test('violated: it was refused, or failed', () => {
    expect(judged(node('a', 'cordoned'), refused('web-0'), ends('failed'))).toMatchObject({ outcome: 'violated' });
    expect(judged(node('a', 'cordoned'), ...evicted('web-0'), ends('failed'))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the node is not cordoned', () => {
    expect(judged(...evicted('web-0'), ends('succeeded'))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody knows how it ended, or there was nothing to evict', () => {
    expect(judged(node('a', 'cordoned'), ...evicted('web-0'))).toMatchObject({ outcome: 'inconclusive' });
    const empty = fenced(...nodes, before, node('a', 'cordoned'), ends('succeeded'));
    expect(drainSucceeds(drain, spanned).judge(empty)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: not fenced', () => {
    const history = unfenced(...nodes, readied('web-0', on('a')), before, ...evicted('web-0'), ends('succeeded'));
    expect(drainSucceeds(drain, spanned).judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('a drain that is refused', () => {
  const short = [readied('web-2', on('a')), added('web-1', on('b')), before] as const;
  const judged = (...steps: readonly Step[]) =>
    drainIsRefused(web, 2, drain, spanned).judge(fenced(...nodes, ...short, ...steps));

  test('upheld: every eviction is answered with 429 for the budget’s sake', () => {
    expect(judged(refused('web-2'), refused('web-2'), ends('failed'))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: one is granted, at last', () => {
    expect(judged(refused('web-2'), granted('web-2'), ends('succeeded'))).toMatchObject({ outcome: 'violated' });
    expect(judged(granted('web-2'), ends('succeeded'))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is refused for another reason', () => {
    expect(judged(refused('web-2'), answered('web-2', 404), ends('failed'))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is refused in words only, without the cause that programs go by', () => {
    const message = "Cannot evict pod as it would violate the pod's disruption budget.";
    const worded = answered('web-2', 429, { message });
    expect(judged(refused('web-2'), worded, ends('failed'))).toMatchObject({
      outcome: 'violated',
      because: `the eviction of web-2 was answered with 429: ${message}, without the cause DisruptionBudget`,
    });
  });
  test('inconclusive: the server was busy', () => {
    expect(judged(refused('web-2'), answered('web-2', 429), ends('failed'))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was asked only once, or it is not known how it ended', () => {
    expect(judged(refused('web-2'), ends('failed'))).toMatchObject({ outcome: 'inconclusive' });
    expect(judged(refused('web-2'), refused('web-2'))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the others were all Ready, or the Pod was elsewhere', () => {
    const steps = [before, refused('web-2'), refused('web-2'), ends('failed')];
    const all = fenced(...nodes, readied('web-2', on('a')), readied('web-1', on('b')), ...steps);
    expect(drainIsRefused(web, 2, drain, spanned).judge(all)).toMatchObject({ outcome: 'inconclusive' });
    const elsewhere = fenced(...nodes, readied('web-2', on('b')), added('web-1', on('b')), ...steps);
    expect(drainIsRefused(web, 2, drain, spanned).judge(elsewhere)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('a cordoned node', () => {
  const stays = (...steps: readonly Step[]) =>
    nodeStaysCordoned('a', spanned).judge(fenced(...nodes, before, ...steps));
  test('upheld: is unschedulable and tainted', () => {
    expect(stays(node('a', 'cordoned'))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: is given back, lacks the taint, or is gone', () => {
    expect(stays(node('a', 'cordoned'), node('a'))).toMatchObject({ outcome: 'violated' });
    const bare = changed(node('a', 'cordoned'), (object) => ({ ...object, spec: { unschedulable: true } }));
    expect(stays(bare)).toMatchObject({ outcome: 'violated' });
    expect(nodeStaysCordoned('c', spanned).judge(fenced(...nodes, before))).toMatchObject({ outcome: 'violated' });
  });

  const span = { from: 'before' } as const;
  const gets = (...steps: readonly Step[]) => cordonedNodesGetNoPod(span).judge(fenced(...nodes, before, ...steps));
  test('upheld: gets no Pod, and others do', () => {
    expect(gets(node('a', 'cordoned'), fence('cordoned'), added('web-0', on('b')))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('upheld: a DaemonSet’s Pod is none of it', () => {
    const agent = changed(added('agent-0', on('a')), (object) => ({
      ...object,
      metadata: {
        ...(object['metadata'] as object),
        ownerReferences: [{ kind: 'DaemonSet', name: 'agent', uid: 'd', controller: true }],
      },
    }));
    const steps = [node('a', 'cordoned'), fence('cordoned'), agent, added('web-0', on('b'))];
    expect(gets(...steps)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: a Pod is put there', () => {
    expect(gets(node('a', 'cordoned'), fence('cordoned'), added('web-0', on('a')))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 was put on a, which was cordoned',
    });
    const waited = [node('a', 'cordoned'), unscheduled(added('web-0')), fence('cordoned'), ready('web-0', on('a'))];
    expect(gets(...waited)).toMatchObject({ outcome: 'violated' });
  });
  test('upheld: which came first is not known', () => {
    expect(gets(node('a', 'cordoned'), added('web-0', on('a')))).toMatchObject({ outcome: 'upheld' });
    const given = [node('a', 'cordoned'), fence('cordoned'), added('web-0', on('a')), node('a')];
    expect(gets(...given)).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: none was cordoned, or no Pod was put anywhere', () => {
    expect(gets(added('web-0', on('b')))).toMatchObject({ outcome: 'inconclusive' });
    expect(gets(node('a', 'cordoned'), fence('cordoned'))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('the node that is left', () => {
  const start = [...nodes, readied('web-0', on('a')), before, node('a', 'cordoned'), ...evicted('web-0')] as const;
  const moves = (...steps: readonly Step[]) => movesToTheFreeNode(web, 0, spanned).judge(fenced(...start, ...steps));

  test('upheld: the Pod comes back on it', () => {
    expect(moves(readied('web-0', on('b')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it waits for its volume', () => {
    expect(moves(unscheduled(added('web-0'), 'volume node affinity conflict'))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is on no node (volume node affinity conflict), not on b',
    });
  });
  test('violated: it does not come back, or back to where it was', () => {
    expect(moves()).toMatchObject({ outcome: 'violated' });
    expect(moves(readied('web-0', on('a')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is not Ready, was restarted, or was made twice', () => {
    expect(moves(added('web-0', on('b')))).toMatchObject({ outcome: 'violated' });
    expect(moves(readied('web-0', { node: 'b', restarts: 1 }))).toMatchObject({ outcome: 'violated' });
    expect(moves(readied('web-0', on('b')), deleted('web-0'), readied('web-0', on('b')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: it never went', () => {
    const history = fenced(...nodes, readied('web-0', on('a')), before, node('a', 'cordoned'), touched('web-0'));
    expect(movesToTheFreeNode(web, 0, spanned).judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: there was none, or two', () => {
    const none = fenced(...nodes, readied('web-0', on('a')), readied('web-1', on('b')), before, ...evicted('web-0'));
    expect(movesToTheFreeNode(web, 0, spanned).judge(none)).toMatchObject({ outcome: 'inconclusive' });
    const two = fenced(node('c', 'open', 'present'), ...start, readied('web-0', on('b')));
    expect(movesToTheFreeNode(web, 0, spanned).judge(two)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('an uncordoned node', () => {
  const waiting = [
    node('a', 'cordoned', 'present'),
    node('b', 'open', 'present'),
    unscheduled(added('web-1')),
  ] as const;
  const uncordoned = operated('uncordon', 'nodes/a');
  const put = (...steps: readonly Step[]) =>
    isPutOnTheUncordonedNode(web, 1, 'a', spanned).judge(fenced(...waiting, before, ...steps));

  test('upheld: the Pod that waited is put on it', () => {
    expect(put(uncordoned, node('a'), ready('web-1', on('a')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it is put elsewhere, waits on, or is not Ready', () => {
    expect(put(uncordoned, node('a'), ready('web-1', on('b')))).toMatchObject({ outcome: 'violated' });
    expect(put(uncordoned, node('a'))).toMatchObject({ outcome: 'violated' });
    expect(put(uncordoned, node('a'), running('web-1', on('a')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another Pod is', () => {
    expect(put(uncordoned, node('a'), deleted('web-1'), readied('web-1', on('a')))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 was deleted',
    });
  });
  test('inconclusive: it was not cordoned, not uncordoned, or the Pod did not wait', () => {
    expect(put(node('a'), ready('web-1', on('a')))).toMatchObject({ outcome: 'inconclusive' });
    const open = fenced(...nodes, unscheduled(added('web-1')), before, uncordoned, ready('web-1', on('a')));
    expect(isPutOnTheUncordonedNode(web, 1, 'a', spanned).judge(open)).toMatchObject({ outcome: 'inconclusive' });
    const placed = fenced(node('a', 'cordoned', 'present'), readied('web-1', on('a')), before, uncordoned);
    expect(isPutOnTheUncordonedNode(web, 1, 'a', spanned).judge(placed)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('the nodes of the cluster', () => {
  const plane = node('plane', 'tainted', 'present');
  const many = (...steps: readonly Step[]) =>
    soManyNodesAreSchedulable(2, spanned).judge(fenced(plane, ...nodes, before, ...steps));
  test('upheld: exactly so many are schedulable', () => {
    expect(many()).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: one fewer, or one more', () => {
    expect(many(node('a', 'cordoned'))).toMatchObject({ outcome: 'violated' });
    expect(many(node('c'))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: none is known', () => {
    expect(soManyNodesAreSchedulable(0, spanned).judge(fenced(before))).toMatchObject({ outcome: 'inconclusive' });
  });

  const back = (...steps: readonly Step[]) =>
    everyNodeIsUncordoned(spanned).judge(fenced(plane, ...nodes, node('a', 'cordoned'), before, ...steps));
  test('upheld: all are given back', () => {
    expect(back(node('a'))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: one is not', () => {
    expect(back()).toMatchObject({ outcome: 'violated', because: 'a is not schedulable' });
  });
  test('inconclusive: none was ever cordoned', () => {
    const history = fenced(plane, ...nodes, before);
    expect(everyNodeIsUncordoned(spanned).judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('a drain with --ignore-daemonsets --force --delete-emptydir-data', () => {
  const owned = (name: string, owner: string | undefined, volumes: readonly object[] = []): Step =>
    changed(present(name, on('a')), (object) => ({
      ...object,
      metadata: {
        ...(object['metadata'] as object),
        ownerReferences: owner === undefined ? [] : [{ kind: owner, name: 'its owner', uid: 'o', controller: true }],
      },
      spec: { ...(object['spec'] as object), volumes },
    }));
  const agent = owned('agent', 'DaemonSet');
  const start = [agent, owned('alone', undefined), owned('scratch', 'StatefulSet', [{ emptyDir: {} }])] as const;
  const takes = (...steps: readonly Step[]) =>
    drainTakesAllButDaemons(drain, spanned).judge(fenced(...start, before, ...steps));
  const others = [...evicted('alone'), ...evicted('scratch')] as const;

  test('upheld: all go but the DaemonSet’s Pod', () => {
    expect(takes(...others)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: the DaemonSet’s Pod is taken, or asked for', () => {
    expect(takes(...others, deleted('agent'))).toMatchObject({ outcome: 'violated' });
    expect(takes(...others, granted('agent'))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the unmanaged Pod stays, or the one with an emptyDir', () => {
    expect(takes(...evicted('scratch'))).toMatchObject({ outcome: 'violated' });
    expect(takes(...evicted('alone'), granted('scratch'), unready('scratch'))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one kind was not there', () => {
    const history = fenced(agent, owned('alone', undefined), before, ...evicted('alone'));
    expect(drainTakesAllButDaemons(drain, spanned).judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});
