import { describe, expect, test } from 'vitest';
import {
  alive,
  ended,
  fence,
  fenced,
  following,
  gap,
  readied,
  reported,
  setReported,
  unfenced,
  web,
  type Step,
} from '../history/testing.ts';
import {
  earlierRevisionIsReused,
  liveRevisionsStay,
  onlyTheNewestRevisionsAreKept,
  revisionNumbersRise,
} from './revisionHistory.ts';
import { before, images, quiet, revised, spanned, stands } from './testing.ts';

/** The revision is given another number. */
function renumbered(name: string, revision: number): Step {
  return (world) =>
    revised(
      name,
      revision,
    )(world).map((entry) => ({ ...entry, type: 'modified' }) as unknown as ReturnType<Step>[number]);
}
const gone = (name: string): Step => {
  const owner = { kind: 'StatefulSet', name: 'web', uid: 'statefulsets/web#1', controller: true };
  return reported('controllerrevisions', 'deleted', name, { metadata: { ownerReferences: [owner] } });
};

describe('earlierRevisionIsReused', () => {
  const { judge } = earlierRevisionIsReused(web, spanned);
  const start = [revised('old', 1, images.old), stands({}, 'added'), before] as const;
  const away = [revised('new', 2), stands({ generation: 2, update: 'new', image: images.new })] as const;
  const back = stands({ generation: 3 });

  test('upheld: the first revision again, with the highest number', () => {
    expect(judge(fenced(...start, ...away, renumbered('old', 3), back))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });
  test('upheld: both revisions were there before', () => {
    const both = [revised('new', 1), revised('old', 2, images.old), stands({}, 'added'), before];
    const there = [renumbered('new', 3), stands({ generation: 2, update: 'new', image: images.new })];
    expect(judge(fenced(...both, ...there, renumbered('old', 4), back))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a third revision for the same template', () => {
    const third = [revised('third', 3, images.old), stands({ generation: 3, update: 'third' })];
    expect(judge(fenced(...start, ...away, ...third))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: a third revision beside the first', () => {
    expect(judge(fenced(...start, ...away, renumbered('old', 4), revised('third', 3, images.old), back))).toMatchObject(
      { outcome: 'violated', because: 'third holds the same template as old' },
    );
  });
  test('violated: two revisions for the one template in between', () => {
    const other = revised('other', 3, 'other');
    expect(judge(fenced(...start, ...away, other, renumbered('old', 4), back))).toMatchObject({
      outcome: 'violated',
      because: 'other was added, one revision more than there were templates',
    });
  });
  test('violated: the number stays as it was, or is not the highest', () => {
    expect(judge(fenced(...start, ...away, back))).toMatchObject({
      outcome: 'violated',
      because: 'old still has the number 1',
    });
    expect(judge(fenced(...start, ...away, renumbered('old', 2), back))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the set reports the other revision still', () => {
    const stuck = stands({ generation: 3, update: 'new', image: images.old });
    expect(judge(fenced(...start, ...away, renumbered('old', 3), stuck))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the first revision was deleted and made anew', () => {
    expect(judge(fenced(...start, ...away, gone('old'), revised('old', 3, images.old), back))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: the template did not change, or did not come back', () => {
    expect(judge(fenced(...start, stands({ generation: 2 })))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, ...away))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the change back was not observed', () => {
    const unseen = stands({ generation: 3, observed: 2, update: 'new', image: images.old });
    expect(judge(fenced(...start, ...away, unseen))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no revision to begin with, a gap, no fence', () => {
    expect(judge(fenced(stands({}, 'added'), before, ...away, back))).toMatchObject({ outcome: 'inconclusive' });
    const whole = [...start, ...away, renumbered('old', 3), back];
    expect(judge(fenced(...whole, gap('controllerrevisions')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...whole))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(following(['statefulsets'], ...whole))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('revisionNumbersRise', () => {
  const { judge } = revisionNumbersRise(web, spanned);
  const start = [revised('first', 1), before] as const;

  test('upheld: each higher than those before', () => {
    expect(judge(fenced(...start, revised('second', 2), revised('third', 5), renumbered('first', 6)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });
  test('violated: a number twice', () => {
    expect(judge(fenced(...start, revised('second', 1)))).toMatchObject({
      outcome: 'violated',
      because: 'second was given the number 1, and first had 1',
    });
  });
  test('violated: a number of one that is gone', () => {
    expect(judge(fenced(...start, revised('second', 2), gone('second'), revised('third', 2)))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: a lower number', () => {
    expect(judge(fenced(...start, revised('second', 3), renumbered('first', 2)))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('upheld: what belongs to another set does not matter', () => {
    const foreign = reported('controllerrevisions', 'added', 'foreign', { revision: 9 });
    expect(judge(fenced(...start, foreign, revised('second', 2)))).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: no number was given in the span, a gap', () => {
    expect(judge(fenced(...start))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, revised('second', 2), gap('controllerrevisions')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('liveRevisionsStay', () => {
  const { judge } = liveRevisionsStay(web, spanned);
  const start = [
    ...['first', 'second', 'third'].map((name, position) => revised(name, position + 1)),
    stands({ current: 'first', update: 'third' }, 'added'),
    readied('web-0', { revision: 'second' }),
    before,
  ] as const;

  test('upheld: an old one goes', () => {
    expect(judge(fenced(revised('older', 0), ...start, gone('older')))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });
  test('upheld: a revision goes once its Pod has gone', () => {
    expect(judge(fenced(...start, ended('web-0'), gone('second')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the revision of a Pod goes', () => {
    expect(judge(fenced(...start, gone('second')))).toMatchObject({
      outcome: 'violated',
      because: 'the live revision second was deleted',
    });
  });
  test('violated: the current one goes, or the update', () => {
    expect(judge(fenced(...start, gone('first')))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...start, gone('third')))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it is made anew at once', () => {
    expect(judge(fenced(...start, gone('third'), revised('third', 4)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: there never was a revision of that name', () => {
    const pod = readied('web-1', { revision: 'unknown' });
    expect(judge(fenced(...start.slice(0, -1), pod, before))).toMatchObject({
      outcome: 'violated',
      because: 'there is no ControllerRevision unknown, which is live',
    });
  });
  test('violated: between two fences in the middle', () => {
    const steps = [...start, fence('middle'), gone('second'), fence('later'), ended('web-0')];
    expect(judge(fenced(...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('upheld: it is not live any more when it goes', () => {
    const on = stands({ current: 'third', update: 'third' });
    expect(judge(fenced(...start, on, fence('middle'), gone('first')))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the set forgets its current revision, which goes before the update is over', () => {
    const forgot = stands({ current: 'third', update: 'third', updated: 0 });
    expect(judge(fenced(...start, gone('first'), forgot))).toMatchObject({
      outcome: 'violated',
      because: 'the live revision first was deleted',
    });
  });
  test('upheld: the update is over, and what was current goes', () => {
    const over = stands({ current: 'third', update: 'third' });
    expect(judge(fenced(...start, over, gone('first')))).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: nothing is live, a gap, no fence', () => {
    expect(judge(fenced(before))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...start))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('onlyTheNewestRevisionsAreKept', () => {
  const { judge } = onlyTheNewestRevisionsAreKept(web, 2, quiet);
  const five = ['a', 'b', 'c', 'd', 'e'].map((name, position) => revised(name, position + 1));
  const limited = (limit: number, generation = 1, observed = generation): Step =>
    setReported('modified', {
      metadata: { generation },
      spec: { replicas: 1, revisionHistoryLimit: limit },
      status: { observedGeneration: observed, currentRevision: 'a', updateRevision: 'e' },
    });
  const verdict = (...steps: readonly Step[]) => judge(fenced(...five, limited(2), ...steps, before, alive(), alive()));

  test('upheld: the oldest of three went', () => {
    expect(verdict(gone('b'))).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('upheld: the revision of a Pod does not count', () => {
    expect(verdict(readied('web-0', { revision: 'b' }), revised('f', 0), gone('f'))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: three are kept', () => {
    expect(verdict()).toMatchObject({
      outcome: 'violated',
      because: 'the old revision b (number 2) is kept beyond the limit of 2',
    });
  });
  test('violated: a newer one went in place of the oldest', () => {
    expect(verdict(gone('d'))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one too many went', () => {
    expect(verdict(gone('b'), gone('c'))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: none had to go', () => {
    expect(verdict(readied('web-0', { revision: 'b' }))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the set asks for another number, or its newest spec was not observed', () => {
    expect(verdict(gone('b'), limited(3))).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(gone('b'), limited(2, 2, 1))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no quiet window, no set, a gap', () => {
    const { judge: loud } = onlyTheNewestRevisionsAreKept(web, 2, spanned);
    expect(loud(fenced(...five, limited(2), gone('b'), before))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...five, before, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
    expect(verdict(gone('b'), gap('controllerrevisions'))).toMatchObject({ outcome: 'inconclusive' });
  });
});
