import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  deleted,
  ended,
  fenced,
  gap,
  present,
  readied,
  terminating,
  touched,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { exactlyTheseAreUpdated, podComesBack, podIsRemadeAt, templateChangesAlone } from './staging.ts';
import { before, images, ofNew, ofOld, quiet, revised, spanned, stands } from './testing.ts';

const three: readonly Step[] = [
  revised('old', 1, images.old),
  stands({}, 'added'),
  readied('web-0', ofOld),
  readied('web-1', ofOld),
  readied('web-2', ofOld),
];
const staged = stands({ generation: 2, update: 'new', image: images.new });

describe('exactlyTheseAreUpdated', () => {
  const { judge } = exactlyTheseAreUpdated(web, [2], quiet);
  const start = [...three, before, staged] as const;
  const canary = [
    ended('web-2'),
    readied('web-2', ofNew),
    stands({ generation: 2, update: 'new', updated: 1 }),
  ] as const;
  const looked = [alive(), alive()] as const;

  test('upheld: web-2 alone', () => {
    expect(judge(fenced(...start, ...canary, ...looked))).toMatchObject({ outcome: 'upheld', examined: { count: 4 } });
  });
  test('upheld: none, while the update waits', () => {
    expect(exactlyTheseAreUpdated(web, [], quiet).judge(fenced(...start, ...looked))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: web-1 as well', () => {
    const further = [ended('web-1'), readied('web-1', ofNew), stands({ generation: 2, update: 'new', updated: 2 })];
    expect(judge(fenced(...start, ...canary, ...further, ...looked))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-1 as well, for a moment', () => {
    const moment = [ended('web-1'), readied('web-1', ofNew), ended('web-1'), readied('web-1', ofOld)];
    expect(judge(fenced(...start, ...canary, ...moment, ...looked))).toMatchObject({
      outcome: 'violated',
      because: 'web-1 was added at the update revision',
    });
  });
  test('violated: web-2 is not updated', () => {
    expect(judge(fenced(...start, ...looked))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-0 is of neither revision', () => {
    const astray = touched('web-0', { revision: 'older' });
    expect(judge(fenced(...start, ...canary, astray, ...looked))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-0 is missing', () => {
    expect(judge(fenced(...start, ...canary, ended('web-0'), ...looked))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: web-2 is on its way out again', () => {
    expect(judge(fenced(...start, ...canary, terminating('web-2'), ...looked))).toMatchObject({
      outcome: 'violated',
      because: 'web-2 is Terminating',
    });
  });
  test('violated: the set reports another number', () => {
    expect(judge(fenced(...start, ...canary, staged, ...looked))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the set reports that there is nothing to update', () => {
    expect(judge(fenced(...start, ...canary, stands({ generation: 2, updated: 1 }), ...looked))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: the controller had not looked yet', () => {
    const unseen = stands({ generation: 2, observed: 1, image: images.new });
    expect(judge(fenced(...three, before, unseen, ...looked))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the controller was not seen alive', () => {
    expect(judge(fenced(...start, ...canary))).toMatchObject({ outcome: 'inconclusive' });
    const { judge: loosely } = exactlyTheseAreUpdated(web, [2], spanned);
    expect(loosely(fenced(...start, ...canary))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the set is gone, or there is a gap', () => {
    expect(judge(fenced(...start, stands({}, 'deleted'), ...looked))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...start, ...canary, ...looked, gap('statefulsets')))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('templateChangesAlone', () => {
  const { judge } = templateChangesAlone(web, images.new, spanned);
  const start = [...three, before] as const;

  test('upheld: the template has the new image, the Pods the old one', () => {
    expect(judge(fenced(...start, revised('new', 2), staged))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 5 },
    });
  });
  test('violated: the template did not take it', () => {
    expect(judge(fenced(...start, revised('new', 2), stands({ generation: 2, update: 'new' })))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('violated: a Pod was replaced, or given the image', () => {
    const history = [...start, revised('new', 2), staged];
    expect(judge(fenced(...history, terminating('web-2')))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...history, touched('web-2', { image: images.new })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: no revision, two revisions, or one that the set does not report', () => {
    expect(judge(fenced(...start, staged))).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...start, revised('new', 2), revised('newer', 3), staged))).toMatchObject({
      outcome: 'violated',
    });
    expect(judge(fenced(...start, revised('other', 2), staged))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the revision holds another image', () => {
    expect(judge(fenced(...start, revised('new', 2, 'other:1'), staged))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the template had the image already', () => {
    const history = fenced(stands({ image: images.new }, 'added'), before, revised('new', 2), staged);
    expect(judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the controller had not observed it', () => {
    const unseen = stands({ generation: 2, observed: 1, image: images.new });
    expect(judge(fenced(...start, revised('new', 2), unseen))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the set had no Pods', () => {
    expect(judge(fenced(stands({}, 'added'), before, revised('new', 2), staged))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('podComesBack', () => {
  const start = [...three.slice(0, 4), readied('web-2', ofNew), staged, before] as const;
  const old = podComesBack(web, 0, { was: 'current', as: 'current' }, spanned);
  const updated = podComesBack(web, 2, { was: 'update', as: 'update' }, spanned);
  const onDelete = podComesBack(web, 0, { was: 'current', as: 'update' }, spanned);

  test('upheld: an old Pod comes back old', () => {
    expect(old.judge(fenced(...start, ended('web-0'), readied('web-0', ofOld)))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('upheld: an updated Pod comes back updated', () => {
    expect(updated.judge(fenced(...start, ended('web-2'), readied('web-2', ofNew)))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('upheld: under OnDelete an old Pod comes back updated', () => {
    expect(onDelete.judge(fenced(...start, ended('web-0'), readied('web-0', ofNew)))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: the contrary of each', () => {
    const asNew = fenced(...start, ended('web-0'), readied('web-0', ofNew));
    const asOld = fenced(...start, ended('web-0'), readied('web-0', ofOld));
    expect(old.judge(asNew)).toMatchObject({ outcome: 'violated' });
    expect(onDelete.judge(asOld)).toMatchObject({ outcome: 'violated' });
    const back = fenced(...start, ended('web-2'), readied('web-2', ofOld));
    expect(updated.judge(back)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it comes back new first, and old only then', () => {
    const history = fenced(...start, ended('web-0'), readied('web-0', ofNew), ended('web-0'), readied('web-0', ofOld));
    expect(old.judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the old revision with the new image, in its spec or in truth', () => {
    for (const traits of [{ image: images.new }, { image: 'other:1' }, { imageID: 'sha256:7' }]) {
      const history = fenced(...start, ended('web-0'), readied('web-0', { ...ofOld, ...traits }));
      expect(old.judge(history)).toMatchObject({ outcome: 'violated' });
    }
  });
  test('violated: the old revision with something that only the update has, or without something that it had', () => {
    const annotations = { 'example.com/note': 'new' };
    const [noted, labelled] = [
      { ...ofOld, annotations },
      { ...ofOld, labels: { tier: 'new' } },
    ];
    for (const back of [noted, labelled])
      expect(old.judge(fenced(...start, ended('web-0'), readied('web-0', back)))).toMatchObject({
        outcome: 'violated',
      });
    const had = fenced(
      revised('old', 1, images.old),
      stands({}, 'added'),
      readied('web-0', noted),
      readied('web-2', ofNew),
      staged,
      before,
      ended('web-0'),
      readied('web-0', ofOld),
    );
    expect(old.judge(had)).toMatchObject({
      outcome: 'violated',
      because: 'web-0 came back with another annotations.example.com/note',
    });
  });
  test('upheld: what a Pod was given after it was made, or before the recording, need not come back', () => {
    const givenLater = [...start, touched('web-0', { ip: '10.0.0.9' }), ended('web-0'), readied('web-0', ofOld)];
    expect(old.judge(fenced(...givenLater))).toMatchObject({ outcome: 'upheld' });
    const scheduled = [...start, ended('web-0'), readied('web-0', { ...ofOld, node: 'another' })];
    expect(old.judge(fenced(...scheduled))).toMatchObject({ outcome: 'upheld' });
    const withMore = present('web-0', { ...ofOld, annotations: { 'cni.example.com/address': '10.0.0.1' } });
    const found = [revised('old', 1, images.old), stands({}, 'added'), withMore, readied('web-2', ofNew)] as const;
    const history = fenced(...found, staged, before, ended('web-0'), readied('web-0', ofOld));
    expect(old.judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: the new revision that runs the old image', () => {
    const history = fenced(...start, ended('web-0'), readied('web-0', { ...ofNew, imageID: 'sha256:8' }));
    expect(onDelete.judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it does not come back, although the controller was at work', () => {
    const history = fenced(...start, ended('web-0'), alive(), alive());
    expect(old.judge(history)).toMatchObject({ outcome: 'violated', because: 'web-0 did not come back' });
    const updatedOne = fenced(...start, ended('web-2'), alive(), alive());
    expect(updated.judge(updatedOne)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it does not come back, and the controller was not seen at work twice since, or it is not gone', () => {
    expect(old.judge(fenced(...start, ended('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    expect(old.judge(fenced(...start, ended('web-0'), alive()))).toMatchObject({ outcome: 'inconclusive' });
    const going = fenced(...start, terminating('web-0'), alive(), alive());
    expect(old.judge(going)).toMatchObject({ outcome: 'inconclusive' });
  });
  test('violated: it comes back and is not Ready', () => {
    expect(old.judge(fenced(...start, ended('web-0'), added('web-0', ofOld)))).toMatchObject({ outcome: 'violated' });
    const history = fenced(...start, ended('web-0'), readied('web-0', ofOld), unready('web-0'));
    expect(old.judge(history)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was not deleted', () => {
    expect(old.judge(fenced(...start, touched('web-0')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it was of the other revision', () => {
    expect(updated.judge(fenced(...start, deleted('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    const { judge } = podComesBack(web, 0, { was: 'update', as: 'update' }, spanned);
    expect(judge(fenced(...start, ended('web-0'), readied('web-0', ofNew)))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no update was under way, or it did not stay the same one', () => {
    const idle = fenced(...three, before, ended('web-0'), readied('web-0', ofOld));
    expect(old.judge(idle)).toMatchObject({ outcome: 'inconclusive' });
    const other = stands({ generation: 3, update: 'newer', image: images.new });
    expect(old.judge(fenced(...start, ended('web-0'), readied('web-0', ofOld), other))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: there was another update in between', () => {
    const between = [
      stands({ generation: 3, update: 'newer' }),
      stands({ generation: 4, update: 'new', image: images.new }),
    ];
    expect(old.judge(fenced(...start, ...between, ended('web-0'), readied('web-0', ofOld)))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: the revisions do not differ in their images', () => {
    const alike = [...three, stands({ generation: 2, update: 'new' }), before];
    expect(old.judge(fenced(...alike, ended('web-0'), readied('web-0', ofOld)))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('inconclusive: what runs cannot be compared', () => {
    const otherwise = readied('web-0', { ...ofOld, imageID: 'nginx-slim@sha256:8' });
    expect(old.judge(fenced(...start, ended('web-0'), otherwise))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: no fence', () => {
    const history = unfenced(...start, ended('web-0'), readied('web-0', ofOld));
    expect(old.judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('podIsRemadeAt', () => {
  const { judge } = podIsRemadeAt(web, 0, { was: 'current', as: 'update' }, spanned);
  const start = [...three.slice(0, 4), readied('web-2', ofNew), staged, before] as const;

  test('upheld: at the update revision, Ready or not', () => {
    expect(judge(fenced(...start, ended('web-0'), added('web-0', ofNew)))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: at the current revision', () => {
    expect(judge(fenced(...start, ended('web-0'), added('web-0', ofOld)))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: not at all', () => {
    expect(judge(fenced(...start, ended('web-0')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it was not deleted, or no update was under way', () => {
    expect(judge(fenced(...start))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...three, before, ended('web-0'), added('web-0', ofOld)))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
