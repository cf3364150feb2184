import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  deleted,
  ended,
  fenced,
  gap,
  observed,
  present,
  ready,
  readied,
  reported,
  running,
  terminating,
  touched,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { claimsAreKept, eachPodIsUntouched, noPodIsAdded, noPodIsDeleted, type Hold } from './quiet.ts';
import { before, bound, quiet, spanned, stands } from './testing.ts';

const unready0: Hold = { ordinal: 0, stays: 'Running and not Ready' };

function sign(invokedAtIndex: number): Step {
  return observed({
    of: 'liveness',
    moment: 'a sentinel',
    controller: 'statefulset',
    seen: 'it was reconciled',
    invokedAtIndex,
  });
}

describe('noPodIsAdded', () => {
  const { judge } = noPodIsAdded(web, quiet, unready0);
  const held = [stands({}, 'added'), added('web-0'), running('web-0'), before] as const;

  test('upheld: web-0 is held and nothing comes', () => {
    expect(judge(fenced(...held, alive(), touched('web-0'), alive()))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: web-1 is added meanwhile', () => {
    expect(judge(fenced(...held, alive(), added('web-1'), alive()))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 was added while web-0 was Running and not Ready',
    });
  });
  test('inconclusive: the controller was seen once', () => {
    expect(judge(fenced(...held, alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was the garbage collector that was seen', () => {
    expect(judge(fenced(...held, alive('garbage-collector'), alive('garbage-collector')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: it was the disruption controller that was seen, here or beside the other', () => {
    const other = alive('disruption');
    expect(judge(fenced(...held, alive(), other, other))).toMatchObject({ outcome: 'inconclusive' });
    const { judge: elsewhere } = noPodIsAdded(web, { from: 'before', alive: 'disruption' }, unready0);
    expect(elsewhere(fenced(...held, other, other))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the span is no quiet window', () => {
    expect(noPodIsAdded(web, spanned).judge(fenced(...held))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the newest generation was never observed', () => {
    const unseen = stands({ generation: 2, observed: 1 });
    expect(judge(fenced(...held, unseen, alive(), alive()))).toMatchObject({
      outcome: 'inconclusive',
      because: expect.stringContaining('generation 2'),
    });
  });
  test('inconclusive: it was observed only after the signs of life', () => {
    const history = fenced(
      ...held,
      stands({ generation: 2, observed: 1 }),
      sign(5),
      sign(6),
      stands({ generation: 2 }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('upheld: it was observed before both signs of life', () => {
    const history = fenced(
      ...held,
      stands({ generation: 2, observed: 1 }),
      stands({ generation: 2 }),
      sign(6),
      sign(7),
    );
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: the set was never recorded', () => {
    expect(noPodIsAdded(web, quiet).judge(fenced(before, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('upheld: a set that is deleted has nothing to observe', () => {
    const gone = [stands({ generation: 2, observed: 1 }, 'added'), stands({ generation: 2, observed: 1 }, 'deleted')];
    const { judge: alone } = noPodIsAdded(web, quiet);
    expect(alone(fenced(...gone, before, alive(), alive()))).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: web-0 was Pending when the window opened', () => {
    const pending = [stands({}, 'added'), added('web-0'), before, running('web-0')];
    expect(judge(fenced(...pending, alive(), alive()))).toMatchObject({
      outcome: 'inconclusive',
      because: 'web-0 was not Running and not Ready when the window opened',
    });
  });
  test('inconclusive: the hold was lost', () => {
    expect(judge(fenced(...held, alive(), ready('web-0'), added('web-1'), alive()))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: the held Pod was deleted, another came in its place', () => {
    const history = fenced(...held, alive(), deleted('web-0'), added('web-0'), running('web-0'), alive());
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap in the Pods', () => {
    expect(judge(fenced(...held, alive(), gap('pods'), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the window was never closed by a fence', () => {
    expect(judge(unfenced(...held, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('the states in which a Pod can be held', () => {
  const judge = (hold: Hold, ...steps: readonly Step[]) =>
    noPodIsAdded(web, quiet, hold).judge(fenced(stands({}, 'added'), ...steps, alive(), alive())).outcome;

  test('Pending', () => {
    const hold: Hold = { ordinal: 0, stays: 'Pending' };
    expect(judge(hold, added('web-0'), before)).toBe('upheld');
    expect(judge(hold, added('web-0'), before, running('web-0'))).toBe('inconclusive');
  });
  test('not Ready', () => {
    const hold: Hold = { ordinal: 0, stays: 'not Ready' };
    expect(judge(hold, added('web-0'), before, running('web-0'))).toBe('upheld');
    expect(judge(hold, added('web-0'), before, ready('web-0'), unready('web-0'))).toBe('inconclusive');
  });
  test('Terminating', () => {
    const hold: Hold = { ordinal: 0, stays: 'Terminating' };
    expect(judge(hold, readied('web-0'), terminating('web-0'), before, touched('web-0'))).toBe('upheld');
    expect(judge(hold, readied('web-0'), terminating('web-0'), before, deleted('web-0'))).toBe('inconclusive');
    expect(judge(hold, readied('web-0'), before, terminating('web-0'))).toBe('inconclusive');
  });
});

describe('noPodIsDeleted', () => {
  const { judge } = noPodIsDeleted(web, quiet, { ordinal: 1, stays: 'Terminating' });
  const held = [stands({}, 'added'), readied('web-0'), readied('web-1'), terminating('web-1'), before] as const;

  test('upheld: web-0 stays while web-1 is Terminating', () => {
    expect(judge(fenced(...held, alive(), alive()))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('violated: web-0 is asked to go', () => {
    expect(judge(fenced(...held, alive(), terminating('web-0'), alive()))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-0 vanishes without having been asked', () => {
    expect(judge(fenced(...held, alive(), deleted('web-0'), alive()))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: web-1 is gone before the window ends', () => {
    expect(judge(fenced(...held, alive(), deleted('web-1'), terminating('web-0'), alive()))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: nobody was seen alive', () => {
    expect(judge(fenced(...held))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('eachPodIsUntouched', () => {
  const { judge } = eachPodIsUntouched(web, [0, 1], spanned);
  const two = [stands({}, 'added'), readied('web-0'), readied('web-1'), before] as const;

  test('upheld: the controller adds web-2 and leaves both alone', () => {
    expect(judge(fenced(...two, readied('web-2')))).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });
  test('upheld: the controller observes a new generation and leaves both alone', () => {
    expect(judge(fenced(...two, stands({ generation: 2 }), unready('web-0')))).toMatchObject({ outcome: 'upheld' });
  });
  test('upheld: in a quiet window', () => {
    const { judge: quietly } = eachPodIsUntouched(web, [0, 1], quiet);
    expect(quietly(fenced(...two, alive(), alive()))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: web-1 is asked to go', () => {
    expect(judge(fenced(...two, readied('web-2'), terminating('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-1 is replaced under a new uid', () => {
    expect(judge(fenced(...two, deleted('web-1'), readied('web-1')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a container was restarted', () => {
    expect(judge(fenced(...two, readied('web-2'), touched('web-0', { restarts: 1 })))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 had a container restarted',
    });
  });
  test('violated: another address, another image, another revision', () => {
    for (const traits of [{ ip: '10.9.9.9' }, { image: 'other:1' }, { revision: 'other' }])
      expect(judge(fenced(...two, readied('web-2'), touched('web-0', traits)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: changed and changed back', () => {
    const history = fenced(
      ...two,
      readied('web-2'),
      touched('web-0', { ip: '10.9.9.9' }),
      touched('web-0', { ip: '10.0.0.1' }),
    );
    expect(judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no sign that anybody was at work', () => {
    expect(judge(fenced(...two))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a Pod that the set does not own is no sign of work', () => {
    expect(judge(fenced(...two, readied('web-2', { owner: null })))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: web-1 was not there to begin with', () => {
    const one = [stands({}, 'added'), readied('web-0'), before];
    expect(judge(fenced(...one, readied('web-1')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: web-1 was on its way out to begin with', () => {
    const history = fenced(
      stands({}, 'added'),
      readied('web-0'),
      readied('web-1'),
      terminating('web-1'),
      before,
      readied('web-2'),
    );
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a span without a beginning', () => {
    expect(eachPodIsUntouched(web, [0], {}).judge(fenced(...two))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('claimsAreKept', () => {
  const { judge } = claimsAreKept(web, [0], quiet);
  const start = [stands({}, 'added'), ...bound('web-0'), before] as const;
  const claim = (fields: object, type: 'modified' | 'deleted' = 'modified') =>
    reported('persistentvolumeclaims', type, 'www-web-0', {
      spec: { volumeName: 'web-0-volume' },
      status: { phase: 'Bound' },
      ...fields,
    });

  test('upheld: claim and volume are as they were', () => {
    expect(judge(fenced(...start, alive(), claim({}), ended0(), alive()))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: the claim is asked to go', () => {
    const going = claim({ metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect(judge(fenced(...start, alive(), going, alive()))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the claim is gone and made anew under another uid', () => {
    const anew = bound('web-0', { nth: 2 });
    expect(judge(fenced(...start, alive(), claim({}, 'deleted'), ...anew, alive()))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the volume is gone', () => {
    const gone = reported('persistentvolumes', 'deleted', 'web-0-volume');
    expect(judge(fenced(...start, alive(), gone, alive()))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the claim is Lost', () => {
    expect(judge(fenced(...start, alive(), claim({ status: { phase: 'Lost' } }), alive()))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: the claim was not Bound to begin with', () => {
    const pending = reported('persistentvolumeclaims', 'added', 'www-web-0', {
      spec: {},
      status: { phase: 'Pending' },
    });
    expect(judge(fenced(stands({}, 'added'), pending, before, alive(), alive()))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: the set has no claims', () => {
    const { judge: without } = claimsAreKept({ ...web, claimTemplates: [] }, [0], quiet);
    expect(without(fenced(...start, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap in the volumes', () => {
    expect(judge(fenced(...start, alive(), gap('persistentvolumes'), alive()))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: nobody was seen alive', () => {
    expect(judge(fenced(...start))).toMatchObject({ outcome: 'inconclusive' });
  });
});

/** A Pod that comes and goes, which is no concern of its claim. */
function ended0(): Step {
  return (world) => [...present('web-0')(world), ...ended('web-0')(world)];
}
