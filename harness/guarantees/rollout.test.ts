import { describe, expect, test } from 'vitest';
import {
  deleted,
  fence,
  fenced,
  readied,
  reported,
  setReported,
  unfenced,
  unready,
  web,
  type Step,
} from '../history/testing.ts';
import { before, images, ofNew, ofOld, revised, spanned } from './testing.ts';
import { rolloutHistoryLists, rolloutStatusFollows, rolloutStatusOf } from './rollout.ts';

interface Version {
  readonly image?: string;
  readonly generation?: number;
  readonly observed?: number;
  readonly ready?: number;
  readonly updated?: number;
  readonly type?: string;
  readonly partition?: number | null;
}

/** Two replicas: of the old template, or of the new one, so far updated. */
function version(traits: Version = {}): Step {
  const { image = images.new, generation = 2, observed = generation, ready = 2, updated = 0 } = traits;
  const { type = 'RollingUpdate', partition = 0 } = traits;
  return setReported('modified', {
    metadata: { generation },
    spec: {
      replicas: 2,
      updateStrategy: { type, ...(partition === null ? {} : { rollingUpdate: { partition } }) },
      template: { spec: { containers: [{ name: 'nginx', image }] } },
    },
    status: {
      observedGeneration: observed,
      readyReplicas: ready,
      updatedReplicas: updated,
      currentReplicas: 2 - updated,
      currentRevision: 'old',
      updateRevision: generation === 1 ? 'old' : 'new',
    },
  });
}

const start = [
  version({ image: images.old, generation: 1, updated: 2 }),
  readied('web-0', ofOld),
  readied('web-1', ofOld),
  before,
] as const;
const asked = version({ observed: 1, updated: 2 });
const replaced = (name: string): readonly Step[] => [deleted(name), readied(name, ofNew)];
const underWay = [
  asked,
  version({ updated: 0 }),
  ...replaced('web-1'),
  version({ updated: 1, ready: 1 }),
  version({ updated: 1 }),
  ...replaced('web-0'),
  version({ updated: 2, ready: 1 }),
] as const;
const follows = (...steps: readonly Step[]) => rolloutStatusFollows(web, spanned).judge(fenced(...start, ...steps));

test('upheld: it waits, and ends when every Pod is updated and Ready', () => {
  expect(follows(...underWay, version({ updated: 2 }))).toMatchObject({ outcome: 'upheld', examined: { count: 8 } });
});
test('violated: it reads the old generation and ends at once', () => {
  expect(follows(version({ updated: 2 }), ...underWay, version({ updated: 2 }))).toMatchObject({
    outcome: 'violated',
    because: expect.stringContaining('kubectl says at once') as string,
  });
});
test('violated: it ends in between', () => {
  expect(
    follows(asked, version(), version({ updated: 2 }), ...underWay.slice(2), version({ updated: 2 })),
  ).toMatchObject({
    outcome: 'violated',
    because: expect.stringContaining('the update went on') as string,
  });
});
test('violated: it never ends', () => {
  expect(follows(...underWay)).toMatchObject({
    outcome: 'violated',
    because: expect.stringContaining('still says') as string,
  });
});
test('violated: it ends while a Pod is of the old revision, or not Ready', () => {
  expect(follows(asked, version(), ...replaced('web-1'), version({ updated: 2 }))).toMatchObject({
    outcome: 'violated',
    because: 'web-0 is not a Ready Pod of the new revision new',
  });
  expect(follows(...underWay, unready('web-0'), version({ updated: 2 }))).toMatchObject({ outcome: 'violated' });
});
test('violated: kubectl refuses a set that is updated by hand', () => {
  expect(follows(version({ type: 'OnDelete', partition: null }))).toMatchObject({ outcome: 'violated' });
});
test('inconclusive: nothing changed, nothing was under way, no fence', () => {
  expect(follows(version({ image: images.old, generation: 1, updated: 2 }))).toMatchObject({ outcome: 'inconclusive' });
  const hidden = [asked, ...replaced('web-1'), ...replaced('web-0'), version({ updated: 2 })];
  expect(follows(...hidden)).toMatchObject({ outcome: 'inconclusive' });
  expect(rolloutStatusFollows(web, spanned).judge(unfenced(...start))).toMatchObject({ outcome: 'inconclusive' });
});

describe('the rules of kubectl', () => {
  const said = (traits: Version) => {
    const history = fenced(version(traits));
    const [change] = history.changes('statefulsets');
    if (change === undefined) throw new Error('no version');
    return rolloutStatusOf(change.object);
  };
  test.each([
    [{ observed: 1 }, 'waiting', /observed/],
    [{ ready: 1 }, 'waiting', /Waiting for 1 pods/],
    [{ updated: 1 }, 'waiting', /1 out of 2/],
    [{ updated: 2 }, 'complete', /2 new pods/],
    [{ partition: 1, updated: 1 }, 'complete', /1 new pods/],
    [{ partition: null, updated: 2 }, 'waiting', /at revision old/],
    [{ partition: null, generation: 1 }, 'complete', /at revision old/],
    [{ type: 'OnDelete' }, 'refused', /only available/],
  ] as const)('%j: %s', (traits, is, says) => {
    expect(said(traits)).toEqual({ is, says: expect.stringMatching(says) as string });
  });
});

describe('history', () => {
  const path = 'spec.template.spec.containers.0.image';
  const lists = rolloutHistoryLists(web, [
    { number: 1, shows: { [path]: images.old } },
    { number: 2, shows: { [path]: images.new } },
  ]);
  const first = revised('web-a', 1, images.old);
  const second = revised('web-b', 2);

  test('upheld: both are listed, with what they hold', () => {
    expect(lists.judge(fenced(first, second))).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('upheld: a revision of another set is none of it', () => {
    const stranger = reported('controllerrevisions', 'added', 'db-a', { revision: 7, data: {} });
    expect(lists.judge(fenced(first, second, stranger))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: one is missing, one is left over, or one was renumbered', () => {
    expect(lists.judge(fenced(second))).toMatchObject({ outcome: 'violated' });
    expect(lists.judge(fenced(first, second, revised('web-c', 3)))).toMatchObject({
      outcome: 'violated',
      because: 'the history of web lists 1, 2, 3, and 1, 2 is right',
    });
    expect(lists.judge(fenced(revised('web-a', 3, images.old), second))).toMatchObject({ outcome: 'violated' });
    expect(lists.judge(fenced())).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the numbers are right and the data is not', () => {
    expect(lists.judge(fenced(first, revised('web-b', 2, images.old)))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: not fenced', () => {
    expect(lists.judge(unfenced(first, second, fence('x', ['controllerrevisions'])))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});
