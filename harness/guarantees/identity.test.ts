import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  deleted,
  ended,
  fence,
  fenced,
  gap,
  observed,
  readied,
  reported,
  setReported,
  terminating,
  touched,
  unfenced,
  unready,
  web,
  type PodTraits,
  type Step,
} from '../history/testing.ts';
import {
  eachOrdinalIsUnique,
  eachPodIsReplaced,
  hostnamesArePodNames,
  identityIsKept,
  podNamesAreExactly,
} from './identity.ts';

const service = reported('services', 'added', 'nginx', { spec: { selector: { app: 'nginx' } } });
const set = setReported('added');

function printed(moment: string, pod: string, stdout: string, exitCode = 0): Step {
  return observed({ of: 'command', moment, pod, argv: ['hostname'], exitCode, stdout, stderr: '' });
}

/** The same step, its Pod with a start time. */
function startedAt(startTime: string, step: Step): Step {
  return (world) =>
    step(world).map((entry) =>
      entry.kind === 'change' && entry.resource === 'pods'
        ? { ...entry, object: { ...entry.object, status: { ...entry.object.status, startTime } } }
        : entry,
    );
}

describe('podNamesAreExactly', () => {
  const { judge } = podNamesAreExactly(web, [0, 1]);

  test('upheld: web-0 and web-1, and a Pod of somebody else', () => {
    const stranger = readied('probe', { owner: null, labels: { app: 'probe' } });
    expect(judge(fenced(service, set, readied('web-0'), readied('web-1'), stranger))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: a name with a hash, as a Deployment gives it', () => {
    const history = fenced(
      service,
      readied('web-6d5f-x7k2p', { owner: null }),
      readied('web-6d5f-9cq4z', { owner: null }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'there was a Pod web-6d5f-x7k2p' });
  });
  test('violated: a third ordinal was seen, a hole', () => {
    const third = fenced(service, set, readied('web-0'), readied('web-1'), added('web-2'), deleted('web-2'));
    expect(judge(third)).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(service, set, readied('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: nobody controls web-1, or another set of the name does', () => {
    const orphan = fenced(service, set, readied('web-0'), readied('web-1', { owner: null }));
    expect(judge(orphan)).toMatchObject({ outcome: 'violated', because: 'web-1 is controlled by nobody' });
    const other = fenced(service, set, readied('web-0'), readied('web-1', { owner: 'another' }));
    expect(judge(other)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Service to select by, no fence, a gap', () => {
    expect(judge(fenced(set, readied('web-0'), readied('web-1')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(service, set, readied('web-0'), readied('web-1')))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(service, set, readied('web-0'), gap('pods'), readied('web-1')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('eachOrdinalIsUnique', () => {
  const { judge } = eachOrdinalIsUnique(web);

  test('upheld: 0, 1, and 1 again under a new uid', () => {
    const history = fenced(readied('web-0'), readied('web-1'), ended('web-1'), readied('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: two Pods of one ordinal', () => {
    const history = fenced(readied('web-0'), added('web-0', { uid: 'a twin' }));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'there were two Pods of ordinal 0' });
  });
  test('violated: a hole', () => {
    expect(judge(fenced(readied('web-0'), readied('web-2')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the index label is another, is missing, is changed later', () => {
    const other: PodTraits = { labels: { 'apps.kubernetes.io/pod-index': '1' } };
    expect(judge(fenced(readied('web-0', other)))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(readied('web-0'), touched('web-0', other)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the name label is another', () => {
    const history = fenced(readied('web-0', { labels: { 'statefulset.kubernetes.io/pod-name': 'web-1' } }));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the set made a Pod without an ordinal', () => {
    expect(judge(fenced(readied('web-0'), readied('web-x')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no Pod, no fence, a gap', () => {
    expect(judge(fenced(set))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(readied('web-0'), gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

const asked = { moment: 'asked', from: 'settled', to: 'done' };

describe('hostnamesArePodNames', () => {
  const { judge } = hostnamesArePodNames(web, [0, 1], asked);
  const created = [readied('web-0'), readied('web-1'), fence('settled')];
  const own = [printed('asked', 'web-0', 'web-0\n'), printed('asked', 'web-1', 'web-1\n')];

  test('upheld: each prints its name', () => {
    expect(judge(fenced(...created, ...own, fence('done')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: the node prints its own, a container id, the full name', () => {
    for (const name of ['worker-1\n', '3f2a9c\n', 'web-1.nginx.default.svc.cluster.local\n', 'web-0\n']) {
      const history = fenced(
        ...created,
        printed('asked', 'web-0', 'web-0\n'),
        printed('asked', 'web-1', name),
        fence('done'),
      );
      expect(judge(history)).toMatchObject({ outcome: 'violated' });
    }
  });
  test('violated: the spec has another hostname', () => {
    const history = fenced(
      readied('web-0', { hostname: 'host' }),
      readied('web-1'),
      fence('settled'),
      ...own,
      fence('done'),
    );
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one was not asked, or the command failed, or at another moment', () => {
    const [first] = own;
    for (const second of [printed('asked', 'web-1', '', 126), printed('later', 'web-1', 'web-1\n')]) {
      const history = fenced(...created, ...(first === undefined ? [] : [first]), second, fence('done'));
      expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
    }
  });
  test('inconclusive: web-1 was replaced meanwhile', () => {
    const history = fenced(...created, ...own, ended('web-1'), readied('web-1'), fence('done'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: web-1 was on its way out already', () => {
    const history = fenced(
      readied('web-0'),
      readied('web-1'),
      terminating('web-1'),
      fence('settled'),
      ...own,
      fence('done'),
    );
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the moment was not fenced', () => {
    expect(judge(fenced(...created, ...own))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachPodIsReplaced', () => {
  const { judge } = eachPodIsReplaced(web, [0, 1], { from: 'before' });
  const both = (...after: readonly Step[]) => fenced(readied('web-0'), readied('web-1'), fence('before'), ...after);

  test('upheld: both are back', () => {
    const history = both(ended('web-0'), ended('web-1'), readied('web-0'), readied('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: web-1 did not come back, or came and went, although the controller was at work', () => {
    const history = both(ended('web-0'), ended('web-1'), readied('web-0'), alive(), alive());
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'web-1 did not come back' });
    const went = [ended('web-0'), ended('web-1'), readied('web-0'), readied('web-1'), ended('web-1')];
    expect(judge(both(...went, alive(), alive()))).toMatchObject({ outcome: 'violated' });
    expect(judge(both(...went))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: web-1 did not come back, and nobody saw the controller at work since, or only others', () => {
    const gone = [ended('web-0'), ended('web-1'), readied('web-0')];
    expect(judge(both(...gone))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(both(...gone, alive()))).toMatchObject({ outcome: 'inconclusive' });
    const others = [alive('garbage-collector'), alive('garbage-collector')];
    expect(judge(both(...gone, ...others))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('violated: neither web-1 nor a Ready web-0, whoever was at work', () => {
    const history = both(ended('web-0'), ended('web-1'), added('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: expect.stringContaining('web-0') });
  });
  test('violated: the new web-1 is not Ready, is Terminating', () => {
    const unreadied = both(ended('web-0'), ended('web-1'), readied('web-0'), added('web-1'));
    expect(judge(unreadied)).toMatchObject({ outcome: 'violated' });
    const going = both(ended('web-0'), ended('web-1'), readied('web-0'), readied('web-1'), terminating('web-1'));
    expect(judge(going)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the old web-1 is still there', () => {
    const history = both(ended('web-0'), terminating('web-1'), readied('web-0'));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'the deleted web-1 is still there' });
  });
  test('violated: there is one more than before', () => {
    const history = both(ended('web-0'), ended('web-1'), readied('web-0'), readied('web-1'), added('web-2'));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: web-1 was never deleted, was never there', () => {
    expect(judge(both(ended('web-0'), readied('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    const history = fenced(readied('web-0'), fence('before'), ended('web-0'), readied('web-0'), readied('web-1'));
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('identityIsKept', () => {
  const before = { moment: 'before', from: 'before', to: 'seen before' };
  const after = { moment: 'after', from: 'after', to: 'seen after' };
  const { judge } = identityIsKept(web, [1], before, after);
  const told = (traits: PodTraits, hostname: string, startTimes: readonly [string, string] = ['10:00', '10:01']) =>
    fenced(
      startedAt(startTimes[0], readied('web-1')),
      fence('before'),
      printed('before', 'web-1', 'web-1\n'),
      fence('seen before'),
      ended('web-1'),
      startedAt(startTimes[1], readied('web-1', traits)),
      fence('after'),
      printed('after', 'web-1', hostname),
      fence('seen after'),
    );

  test('upheld: the same identity, another Pod', () => {
    expect(judge(told({}, 'web-1\n'))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: another hostname in the container, in the spec, another index', () => {
    expect(judge(told({}, 'web-2\n'))).toMatchObject({ outcome: 'violated' });
    expect(judge(told({ hostname: 'web-2' }, 'web-1\n'))).toMatchObject({ outcome: 'violated' });
    expect(judge(told({ labels: { 'apps.kubernetes.io/pod-index': '2' } }, 'web-1\n'))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: another uid with the start time of before', () => {
    expect(judge(told({}, 'web-1\n', ['10:00', '10:00']))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the Pod was not replaced', () => {
    const history = fenced(
      readied('web-1'),
      fence('before'),
      printed('before', 'web-1', 'web-1\n'),
      fence('seen before'),
      fence('after'),
      printed('after', 'web-1', 'web-1\n'),
      fence('seen after'),
    );
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not Ready, or not asked, afterwards', () => {
    const start = [readied('web-1'), fence('before'), printed('before', 'web-1', 'web-1\n'), fence('seen before')];
    const back = [ended('web-1'), readied('web-1')];
    const notAsked = fenced(...start, ...back, fence('after'), fence('seen after'));
    expect(judge(notAsked)).toMatchObject({ outcome: 'inconclusive' });
    const notReady = fenced(
      ...start,
      ...back,
      unready('web-1'),
      fence('after'),
      printed('after', 'web-1', 'web-1\n'),
      fence('seen after'),
    );
    expect(judge(notReady)).toMatchObject({ outcome: 'inconclusive' });
  });
});
