import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  ended,
  failed,
  fenced,
  gap,
  readied,
  terminating,
  touched,
  unfenced,
  web,
  deleted,
  type Step,
} from '../history/testing.ts';
import { podsComeBackOld, theRollOutStaysOpen } from './partitions.ts';
import { before, images, ofNew, ofOld, spanned, stands } from './testing.ts';

const updating = stands({ replicas: 2, generation: 2, update: 'new', updated: 1 }, 'added');
const start = [updating, readied('web-0', ofOld), readied('web-1', ofNew), before] as const;

describe('podsComeBackOld, deleted', () => {
  const { judge } = podsComeBackOld(web, [0], 'deleted', spanned);
  const lost = ended('web-0');

  test('upheld: old as before, Ready or not', () => {
    expect(judge(fenced(...start, lost, added('web-0', ofOld)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('violated: it comes back updated', () => {
    expect(judge(fenced(...start, lost, readied('web-0', ofNew)))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 came back at new, not at old',
    });
  });
  test('violated: updated first, old in the end', () => {
    const steps = [lost, added('web-0', ofNew), ended('web-0'), readied('web-0', ofOld)];
    expect(judge(fenced(...start, ...steps))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: labelled old, made from the new template', () => {
    const mixed = { ...ofOld, image: images.new };
    expect(judge(fenced(...start, lost, readied('web-0', mixed)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: labelled old, with an annotation that only the update has', () => {
    const mixed = { ...ofOld, annotations: { 'example.com/note': 'new' } };
    expect(judge(fenced(...start, lost, readied('web-0', mixed)))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 came back with another annotations.example.com/note',
    });
  });
  test('violated: of a third revision', () => {
    expect(judge(fenced(...start, lost, readied('web-0', { ...ofOld, revision: 'third' })))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: it does not come back, or not to stay', () => {
    expect(judge(fenced(...start, lost, alive(), alive()))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...start, lost, added('web-0', ofOld), ended('web-0'), alive(), alive()))).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(fenced(...start, lost, readied('web-0', ofOld), terminating('web-0')))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: the update became current meanwhile, and the Pod came back updated', () => {
    const promoted = stands({ replicas: 2, generation: 3, current: 'new' });
    expect(judge(fenced(...start, lost, promoted, readied('web-0', ofNew)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it is gone, and nobody had occasion to make it anew', () => {
    expect(judge(fenced(...start, lost))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, lost, alive()))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was not lost', () => {
    expect(judge(fenced(...start, touched('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, terminating('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was updated, or not there, to begin with', () => {
    const judged = (...pods: readonly Step[]) => judge(fenced(updating, ...pods, before)).outcome;
    expect(judged(readied('web-0', ofNew))).toBe('inconclusive');
    expect(judged()).toBe('inconclusive');
  });
  test('inconclusive: the update was not observed', () => {
    const unseen = stands({ replicas: 2, generation: 3, observed: 2, update: 'new' });
    expect(judge(fenced(...start, lost, unseen, added('web-0', ofOld)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: a gap, no fence', () => {
    const steps = [...start, lost, added('web-0', ofOld)];
    expect(judge(fenced(...steps, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...steps))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('podsComeBackOld, failed while Terminating', () => {
  const { judge } = podsComeBackOld(web, [0], 'failed while Terminating', spanned);
  const fails = [terminating('web-0'), failed('web-0'), deleted('web-0')] as const;

  test('upheld: it comes back old', () => {
    expect(judge(fenced(...start, ...fails, added('web-0', ofOld)))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it comes back updated', () => {
    expect(judge(fenced(...start, ...fails, added('web-0', ofNew)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it ended well, or failed before it was asked to go', () => {
    expect(judge(fenced(...start, ended('web-0'), added('web-0', ofOld)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, failed('web-0'), deleted('web-0'), added('web-0', ofOld)))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('podsComeBackOld, scaled to none', () => {
  const { judge } = podsComeBackOld(web, [0], 'scaled to none', spanned);
  const none = stands({ replicas: 0, generation: 3, update: 'new' });
  const emptied = [ended('web-1'), ended('web-0'), none] as const;
  const again = stands({ replicas: 2, generation: 4, update: 'new', updated: 1 });

  test('upheld: it comes back old', () => {
    expect(judge(fenced(...start, ...emptied, added('web-0', ofOld), again))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it comes back updated, and the set forgets that there was an old one', () => {
    const forgot = stands({ replicas: 2, generation: 4, current: 'new' });
    expect(judge(fenced(...start, ...emptied, added('web-0', ofNew), forgot))).toMatchObject({
      outcome: 'violated',
      because: 'web-0 came back at new, not at old',
    });
  });
  test('inconclusive: some Pod was always there, or the set never asked for none', () => {
    expect(judge(fenced(...start, ended('web-0'), none, added('web-0', ofOld), again))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(...start, ended('web-1'), ended('web-0'), added('web-0', ofOld), again))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('theRollOutStaysOpen', () => {
  const { judge } = theRollOutStaysOpen(web, spanned);
  const shorter = stands({ replicas: 2, generation: 2, update: 'new', updated: 1, ready: 1 });

  test('upheld: Pods come and go, and the revisions stay', () => {
    expect(judge(fenced(...start, ended('web-0'), shorter, added('web-0', ofOld), updating))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: the update is current while a Pod is missing, if only for a moment', () => {
    const promoted = stands({ replicas: 2, generation: 2, current: 'new', ready: 1 });
    expect(judge(fenced(...start, ended('web-0'), promoted, shorter))).toMatchObject({
      outcome: 'violated',
      because: 'current old, update new became current new, update new',
    });
  });
  test('violated: the old revision becomes the update', () => {
    expect(judge(fenced(...start, stands({ replicas: 2, generation: 2 })))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: no update under way, or none reported', () => {
    expect(judge(fenced(stands({ replicas: 2 }, 'added'), before, shorter))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(before, shorter))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no report in the span, a gap, no fence', () => {
    expect(judge(fenced(...start, ended('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, shorter, gap('statefulsets')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(...start, shorter))).toMatchObject({ outcome: 'inconclusive' });
  });
});
