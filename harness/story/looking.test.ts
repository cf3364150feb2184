import { expect, test } from 'vitest';
import { betweenMarksAtRest } from './looking.ts';
import type { StatefulSetHandle, StoryNamespace } from './verbs.ts';

const namespace = { mark: (name: string) => Promise.resolve(name) } as Pick<StoryNamespace, 'mark'> as StoryNamespace;

/** A set of which a Pod changes during so many looks. */
function restless(looks: number) {
  let changes = 0;
  const moments: string[] = [];
  const set = {
    seesReady: () => Promise.resolve(true),
    recordedChanges: () => changes,
  } as Pick<StatefulSetHandle, 'seesReady' | 'recordedChanges'> as StatefulSetHandle;
  const look = (moment: string): Promise<void> => {
    moments.push(moment);
    if (moments.length <= looks) changes += 1;
    return Promise.resolve();
  };
  return { set, look, moments };
}

test.each([
  ['while Pods stand still there is one look', 0, ['names']],
  ['where one changes meanwhile, another look under a moment of its own', 1, ['names', 'names (2)']],
  ['where they never stand still, the fourth look is the last', 9, ['names', 'names (2)', 'names (3)', 'names (4)']],
])('%s', async (_, looks, expected) => {
  const { set, look, moments } = restless(looks);
  const taken = await betweenMarksAtRest(namespace, set, 'names', look);
  expect(moments).toEqual(expected);
  const last = expected.at(-1) ?? '';
  expect(taken).toEqual({ moment: last, from: `${last}: begin`, to: `${last}: end` });
});
