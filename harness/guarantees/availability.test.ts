import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  deleted,
  fenced,
  following,
  gap,
  ready,
  setReported,
  terminating,
  timeAt,
  touched,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import {
  noPodCountsAsAvailableTooEarly,
  noPodWasReadyBeforeItsContainers,
  readinessIsDatedAnew,
  readyPodsComeToCountAsAvailable,
  readyPodsDoNotCountAsAvailable,
} from './availability.ts';
import { before, changed, quiet, spanned } from './testing.ts';

interface Counts {
  readonly ready?: number;
  readonly available?: number;
  readonly minReadySeconds?: number;
  readonly observed?: number;
  /** When the status was written, in seconds; `null` for a server that does not say. */
  readonly at?: number | null;
}

/** The set of two replicas, with what its status counts. */
function counts({ ready: readyReplicas = 0, available = 0, minReadySeconds = 5, observed = 1, at = 0 }: Counts): Step {
  return setReported('modified', {
    metadata: {
      generation: 1,
      managedFields: at === null ? [] : [{ subresource: 'status', time: timeAt(at) }, { time: timeAt(59) }],
    },
    spec: { replicas: 2, minReadySeconds },
    status: { observedGeneration: observed, replicas: 2, readyReplicas, availableReplicas: available },
  });
}

const readyAt = (ordinal: number, seconds: number): readonly Step[] => [
  added(`web-${ordinal}`, { madeAt: 0 }),
  ready(`web-${ordinal}`, { turnedAt: seconds }),
];

describe('noPodCountsAsAvailableTooEarly', () => {
  const { judge } = noPodCountsAsAvailableTooEarly(web);

  test('upheld: each counts in the very second in which its time is over', () => {
    const history = fenced(
      ...readyAt(0, 10),
      ...readyAt(1, 12),
      counts({ ready: 2, at: 12 }),
      counts({ ready: 2, available: 1, at: 15 }),
      counts({ ready: 2, available: 2, at: 17 }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: a second too early', () => {
    expect(judge(fenced(...readyAt(0, 10), counts({ ready: 1, available: 1, at: 14 })))).toMatchObject({
      outcome: 'violated',
      because: 'web counted 1 available Pods when 0 had been Ready for 5 s',
    });
  });
  test('violated: both count when one is due', () => {
    const history = fenced(...readyAt(0, 10), ...readyAt(1, 12), counts({ ready: 2, available: 2, at: 15 }));
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a Pod that is not Ready counts', () => {
    expect(judge(fenced(added('web-0', { madeAt: 0 }), counts({ available: 1, at: 30 })))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the Pod lost its readiness, and its time began anew', () => {
    const again = [unready('web-0', { turnedAt: 20 }), ready('web-0', { turnedAt: 22 })];
    const early = fenced(...readyAt(0, 10), ...again, counts({ ready: 1, available: 1, at: 26 }));
    const late = fenced(...readyAt(0, 10), ...again, counts({ ready: 1, available: 1, at: 27 }));
    expect(judge(early)).toMatchObject({ outcome: 'violated' });
    expect(judge(late)).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: lost and regained within one second', () => {
    const again = [unready('web-0', { turnedAt: 10 }), ready('web-0', { turnedAt: 10 })];
    const history = fenced(...readyAt(0, 10), ...again, counts({ ready: 1, available: 1, at: 15 }));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: it counts on when it has lost its readiness: the controller may not have heard yet', () => {
    const lost = unready('web-0', { turnedAt: 20 });
    expect(judge(fenced(...readyAt(0, 10), lost, counts({ available: 1, at: 21 })))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: the time of the Pod before it counts for its successor', () => {
    const steps = [...readyAt(0, 10), terminating('web-0'), deleted('web-0')];
    const history = fenced(
      ...steps,
      added('web-0', { madeAt: 20 }),
      ready('web-0', { turnedAt: 22 }),
      counts({ ready: 1, available: 1, at: 23 }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('upheld: the readiness is recorded after the status that counts it', () => {
    const history = fenced(
      added('web-0', { madeAt: 0 }),
      counts({ ready: 1, available: 1, at: 15 }),
      ready('web-0', { turnedAt: 10 }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: a status of an older spec is not held against the newer one', () => {
    const stale = counts({ ready: 1, available: 1, minReadySeconds: 3600, observed: 0, at: 15 });
    const history = fenced(...readyAt(0, 10), counts({ ready: 1, available: 1, at: 15 }), stale);
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('inconclusive: nothing ever counted', () => {
    expect(judge(fenced(...readyAt(0, 10), counts({ ready: 1 })))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the server does not say when it wrote', () => {
    expect(judge(fenced(...readyAt(0, 10), counts({ ready: 1, available: 1, at: null })))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: a gap, no fence, Pods not followed', () => {
    const steps = [...readyAt(0, 10), counts({ ready: 1, available: 1, at: 15 })];
    expect(judge(fenced(...steps, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...steps))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(following(['statefulsets'], ...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('noPodWasReadyBeforeItsContainers', () => {
  const { judge } = noPodWasReadyBeforeItsContainers(web);
  const since = (readySeconds: number, containersSeconds: number): Step =>
    changed(ready('web-0'), (object) => ({
      ...object,
      status: {
        phase: 'Running',
        conditions: [
          { type: 'Ready', status: 'True', lastTransitionTime: timeAt(readySeconds) },
          { type: 'ContainersReady', status: 'True', lastTransitionTime: timeAt(containersSeconds) },
        ],
      },
    }));

  test('upheld: in the same second, or later', () => {
    expect(judge(fenced(added('web-0'), since(10, 10), since(14, 10)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: Ready since a time at which its containers were not', () => {
    expect(judge(fenced(added('web-0'), since(2, 10)))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is said to be Ready since 8 s before its containers were',
    });
  });
  test('inconclusive: no Pod is Ready, or nobody says since when, a gap', () => {
    expect(judge(fenced(added('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(added('web-0'), ready('web-0', { turnedAt: 3 })))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(added('web-0'), since(10, 10), gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('readinessIsDatedAnew', () => {
  const { judge } = readinessIsDatedAnew(web);
  /** The Pod with a readiness gate, as it was written that many seconds after the day began. */
  const state = (
    step: Step,
    writtenAt: number,
    gate: string,
    ready: string,
    since: number,
    containers = 'True',
  ): Step =>
    changed(step, (object) => ({
      ...object,
      metadata: {
        ...(object['metadata'] as object),
        managedFields: [{ manager: 'kubelet', subresource: 'status', time: timeAt(writtenAt) }],
      },
      spec: { ...(object['spec'] as object), readinessGates: [{ conditionType: 'gate' }] },
      status: {
        phase: 'Running',
        conditions: [
          { type: 'gate', status: gate },
          { type: 'ContainersReady', status: containers, lastTransitionTime: timeAt(0) },
          { type: 'Ready', status: ready, lastTransitionTime: timeAt(since) },
        ],
      },
    }));
  const again = touched('web-0');
  const isOpen = state(added('web-0'), 10, 'True', 'True', 9);
  const isShut = (at: number): Step => state(again, at, 'False', 'True', 9);
  const turned = (at: number, since: number): Step => state(again, at, 'False', 'False', since);

  test('upheld: its time is another one when it has turned, back as well', () => {
    const back = [state(again, 30, 'True', 'False', 20), state(again, 30, 'True', 'True', 30)];
    expect(judge(fenced(isOpen, isShut(20), turned(20, 20), ...back))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: the time of before, when it ceases to be Ready or becomes so', () => {
    expect(judge(fenced(isOpen, isShut(20), turned(20, 9)))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 is Ready False since 2026-01-01T00:00:09Z, as before it turned',
    });
    const back = [state(again, 30, 'True', 'False', 20), state(again, 30, 'True', 'True', 20)];
    expect(judge(fenced(isOpen, isShut(20), turned(20, 20), ...back))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: gate and condition in one change', () => {
    expect(judge(fenced(isOpen, turned(20, 9)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: within two seconds, for another reason, not at all, or nobody says when it was written', () => {
    expect(judge(fenced(isOpen, isShut(11), turned(20, 9)))).toMatchObject({ outcome: 'inconclusive' });
    const containers = state(again, 20, 'True', 'False', 9, 'False');
    expect(judge(fenced(isOpen, containers))).toMatchObject({ outcome: 'inconclusive' });
    const another = state(again, 20, 'True', 'False', 9);
    expect(judge(fenced(isOpen, another))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(isOpen, isShut(20)))).toMatchObject({ outcome: 'inconclusive' });
    const untold = changed(isOpen, (object) => ({
      ...object,
      metadata: { ...(object['metadata'] as object), managedFields: [] },
    }));
    expect(judge(fenced(untold, isShut(20), turned(20, 9)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(isOpen, isShut(20), turned(20, 20), gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('readyPodsDoNotCountAsAvailable', () => {
  const { judge } = readyPodsDoNotCountAsAvailable(web, 2, quiet);
  const two = [...readyAt(0, 1), ...readyAt(1, 1)];

  test('upheld: both are Ready and neither is available', () => {
    expect(judge(fenced(...two, counts({ ready: 2 }), before, alive(), alive()))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: one counts when the window opens, or within it', () => {
    const one = counts({ ready: 2, available: 1 });
    expect(judge(fenced(...two, one, before, alive(), alive()))).toMatchObject({
      outcome: 'violated',
      because: 'web counts 2 Ready and 1 available Pods',
    });
    const within = fenced(...two, counts({ ready: 2 }), before, alive(), one, counts({ ready: 2 }), alive());
    expect(judge(within)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: they do not count as Ready either', () => {
    expect(judge(fenced(...two, counts({}), before, alive(), alive()))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one of the two is not Ready', () => {
    const history = fenced(...readyAt(0, 1), counts({ ready: 1 }), before, alive(), alive());
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody was seen at work, or had seen the spec', () => {
    expect(judge(fenced(...two, counts({ ready: 2 }), before))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...two, counts({ ready: 2, observed: 0 }), before, alive(), alive()))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: a span that is no quiet window', () => {
    const { judge: loosely } = readyPodsDoNotCountAsAvailable(web, 2, spanned);
    expect(loosely(fenced(...two, counts({ ready: 2 }), before))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('readyPodsComeToCountAsAvailable', () => {
  const { judge } = readyPodsComeToCountAsAvailable(web, 2, quiet);
  const two = [...readyAt(0, 1), ...readyAt(1, 1)];

  test('upheld: both count as both', () => {
    const history = fenced(...two, counts({ ready: 2, available: 2 }), before, alive(), alive());
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
  });
  test('violated: one never counts as available, or as Ready', () => {
    for (const wrong of [{ ready: 2, available: 1 }, { ready: 2 }, { ready: 1, available: 2 }])
      expect(judge(fenced(...two, counts(wrong), before, alive(), alive()))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one is not Ready', () => {
    const history = fenced(...two, counts({ ready: 2 }), before, alive(), unready('web-1'), alive());
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: there is no set, or nobody at work', () => {
    expect(judge(fenced(...two, before, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...two, counts({ ready: 2, available: 2 }), before, alive()))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
