import { describe, expect, test } from 'vitest';
import { alive, fenced, following, gap, reported, unfenced, web } from '../history/testing.ts';
import { sameTemplateMakesNoRevision, templateChangeMakesARevision } from './revisions.ts';
import { before, images, quiet, revised, spanned, stands } from './testing.ts';

describe('templateChangeMakesARevision', () => {
  const { judge } = templateChangeMakesARevision(web, spanned);
  const start = [revised('old', 1), stands({}, 'added'), before] as const;
  const updating = stands({ generation: 2, update: 'new' });

  test('upheld: one revision more, and the set reports it', () => {
    expect(judge(fenced(...start, revised('new', 2), updating))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: the set reports the old one still', () => {
    expect(judge(fenced(...start, revised('new', 2), stands({ generation: 2 })))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: there is no ControllerRevision of that name', () => {
    expect(judge(fenced(...start, updating))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...start, revised('other', 2), updating))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: two revisions more', () => {
    expect(judge(fenced(...start, revised('new', 2), revised('newer', 3), updating))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the old one is gone', () => {
    const gone = reported('controllerrevisions', 'deleted', 'old');
    expect(judge(fenced(...start, gone, revised('new', 2), updating))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the new one does not have the highest number', () => {
    expect(judge(fenced(...start, revised('new', 1), updating))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the new one belongs to somebody else', () => {
    const foreign = reported('controllerrevisions', 'added', 'new', { revision: 2 });
    expect(judge(fenced(...start, foreign, updating))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the controller had not observed the change', () => {
    const unseen = stands({ generation: 2, observed: 1 });
    expect(judge(fenced(...start, unseen))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the set was not there to begin with', () => {
    expect(judge(fenced(before, revised('new', 2), stands({ update: 'new' }, 'added')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: the revisions were not followed, or with a gap', () => {
    const steps = [...start, revised('new', 2), updating];
    expect(judge(following(['statefulsets'], ...steps))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...steps, gap('controllerrevisions')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('sameTemplateMakesNoRevision', () => {
  const { judge } = sameTemplateMakesNoRevision(web, quiet);
  const start = [revised('old', 1), stands({}, 'added'), before] as const;

  test('upheld: the set was written and nothing followed', () => {
    expect(judge(fenced(...start, stands(), alive(), alive()))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: a ControllerRevision appears', () => {
    expect(judge(fenced(...start, stands(), revised('new', 2), alive(), alive()))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the set reports another revision', () => {
    expect(judge(fenced(...start, stands(), stands({ update: 'new' }), alive(), alive()))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: the template did change', () => {
    const other = stands({ generation: 2, image: images.new });
    expect(judge(fenced(...start, other, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody wrote to the set', () => {
    expect(judge(fenced(...start, alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody was seen alive, or not twice', () => {
    expect(judge(fenced(...start, stands(), alive()))).toMatchObject({ outcome: 'inconclusive' });
    expect(sameTemplateMakesNoRevision(web, spanned).judge(fenced(...start, stands()))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: no closing fence', () => {
    expect(judge(unfenced(...start, stands(), alive(), alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
});
