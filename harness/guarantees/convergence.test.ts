import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  ended,
  fence,
  fenced,
  gap,
  operated,
  readied,
  ready,
  setReported,
  terminating,
  touched,
  unfenced,
  web,
  type Step,
} from '../history/testing.ts';
import { updateByHandBecomesCurrent, updateConverges } from './convergence.ts';
import { before, changed, images, ofNew, ofOld, stands } from './testing.ts';

const rest = { from: 'rest', to: 'end', alive: 'statefulset' } as const;
const opens = fence('rest');
const looked = [alive(), alive()] as const;

describe('updateConverges', () => {
  const { judge } = updateConverges(web, { from: 'before', rest });
  const start = [stands({ replicas: 2 }, 'added'), readied('web-0', ofOld), readied('web-1', ofOld), before] as const;
  const updating = stands({ replicas: 2, generation: 2, update: 'new', image: images.new });
  const canary = [ended('web-1'), readied('web-1', ofNew)] as const;
  const back = [
    stands({ replicas: 2, generation: 3, observed: 2, update: 'new' }),
    ended('web-1'),
    readied('web-1', ofOld),
    stands({ replicas: 2, generation: 3 }),
  ] as const;
  const verdict = (...steps: readonly Step[]) => judge(fenced(...start, ...steps, opens, ...looked));

  test('upheld: there and back in the middle of the roll-out', () => {
    expect(verdict(updating, ...canary, ...back)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('upheld: a Pod is lost in the middle, the roll-out goes on', () => {
    const lost = [operated('delete', 'pods/web-0'), ended('web-0'), readied('web-0', ofNew)];
    const done = stands({ replicas: 2, generation: 2, current: 'new', image: images.new });
    expect(verdict(updating, ...canary, ...lost, done)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a Pod is left behind', () => {
    const half = stands({ replicas: 2, generation: 3, updated: 1 });
    expect(verdict(updating, ...canary, ...back.slice(0, 1), half)).toMatchObject({
      outcome: 'violated',
      because: 'web-1 is of new, not old',
    });
  });
  test('violated: the set never says that it is done', () => {
    const undone = stands({ replicas: 2, generation: 3, current: 'new', update: 'old', updated: 2 });
    expect(verdict(updating, ...canary, ...back, undone)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: labelled as the update, made from another template', () => {
    const mixed = [ended('web-1'), readied('web-1', { ...ofOld, image: images.new })];
    expect(verdict(updating, ...canary, ...back, ...mixed)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it begins anew', () => {
    const again = [ended('web-0'), readied('web-0', ofOld)];
    expect(judge(fenced(...start, updating, ...canary, ...back, opens, ...again, ...looked))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 was replaced when all was at rest',
    });
  });
  test('violated: it goes on and on', () => {
    const more = [1, 2, 3].flatMap(() => [ended('web-0'), added('web-0', ofNew)]);
    expect(verdict(updating, ...canary, ...back, ...more)).toMatchObject({
      outcome: 'violated',
      because: 'web-0 was made 3 times for 2 changes of its template',
    });
  });
  test('violated: a Pod is missing while all others stand still', () => {
    expect(verdict(updating, ...canary, ...back, ended('web-0'))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the last Pod is still ending, coming or starting', () => {
    expect(verdict(updating, ...canary, ...back, terminating('web-0'))).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(updating, ...canary, ...back, ended('web-0'), added('web-0', ofOld))).toMatchObject({
      outcome: 'inconclusive',
    });
    const [observed, leaves, ...comes] = back;
    const late = [...start, updating, ...canary, observed, leaves, opens, ...comes, ...looked];
    expect(judge(fenced(...late))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the controller was seen alive before the window only', () => {
    const early: Step = (world) => alive()(world).map((entry) => ({ ...entry, invokedAtIndex: 12 }) as typeof entry);
    const history = fenced(...start, updating, ...canary, ...back, early, early, touched('web-0'), opens);
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a Pod became Ready only in the window', () => {
    const late = [ended('web-0'), added('web-0', ofOld), opens, ready('web-0')];
    expect(judge(fenced(...start, updating, ...canary, ...back, ...late, ...looked))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: an update that nothing came between', () => {
    const done = stands({ replicas: 2, generation: 2, current: 'new', image: images.new });
    const rolled = [...canary, ended('web-0'), readied('web-0', ofNew), done];
    expect(verdict(updating, ...rolled)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: not observed, no signs of life, a gap, no fence', () => {
    const unseen = stands({ replicas: 2, generation: 4, observed: 3 });
    expect(verdict(updating, ...canary, ...back, unseen)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, updating, ...canary, ...back, opens))).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(updating, ...canary, ...back, gap('pods'))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...start, updating, ...canary, ...back, opens, ...looked))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('updateByHandBecomesCurrent', () => {
  const { judge } = updateByHandBecomesCurrent(web, { from: 'before', rest });
  const onDelete = (step: Step, currentReplicas?: number): Step =>
    changed(step, (object) => {
      const spec = { ...(object['spec'] as object), updateStrategy: { type: 'OnDelete' } };
      return { ...object, spec, status: { ...(object['status'] as object), currentReplicas } };
    });
  const start = [onDelete(stands({ replicas: 1 }, 'added'), 1), readied('web-0', ofOld), before] as const;
  const replaced = [ended('web-0'), readied('web-0', ofNew)] as const;
  const done = onDelete(stands({ replicas: 1, generation: 2, current: 'new', image: images.new }), 1);
  const verdict = (...steps: readonly Step[]) => judge(fenced(...start, ...steps, opens, ...looked));

  test('upheld: what was the update is current', () => {
    expect(verdict(...replaced, done)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('violated: the old revision is current still', () => {
    const stale = onDelete(stands({ replicas: 1, generation: 2, update: 'new', updated: 1, image: images.new }));
    expect(verdict(...replaced, stale)).toMatchObject({
      outcome: 'violated',
      because: 'every Pod is of new, and old is current still',
    });
  });
  test('violated: current replicas are not counted', () => {
    const uncounted = onDelete(stands({ replicas: 1, generation: 2, current: 'new', image: images.new }));
    expect(verdict(...replaced, uncounted)).toMatchObject({
      outcome: 'violated',
      because: 'web reports 0 current replicas of 1',
    });
  });
  test('violated: a Pod has not been replaced', () => {
    expect(verdict(done)).toMatchObject({ outcome: 'violated', because: 'web-0 is of old, not new' });
  });
  test('inconclusive: another strategy, no other template, no set', () => {
    expect(verdict(...replaced, stands({ replicas: 1, generation: 2, current: 'new' }))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(verdict()).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(before, opens, ...looked))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a Pod is still ending or starting', () => {
    expect(verdict(...replaced, terminating('web-0'), done)).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(ended('web-0'), added('web-0', ofNew), done)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: not observed, no sign of life, a gap, no fence', () => {
    const unseen = setReported('modified', { metadata: { generation: 3 }, spec: {}, status: {} });
    expect(verdict(...replaced, unseen)).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, ...replaced, done, opens))).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(...replaced, done, gap('statefulsets'))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...start, ...replaced, done, opens, ...looked))).toMatchObject({ outcome: 'inconclusive' });
  });
});
