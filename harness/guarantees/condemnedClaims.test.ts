import { describe, expect, test } from 'vitest';
import {
  added,
  alive,
  deleted,
  fenced,
  gap,
  readied,
  setReported,
  terminating,
  unfenced,
  web,
} from '../history/testing.ts';
import { aPodWaitsUntilItsOldClaimIsGone } from './condemnedClaims.ts';
import { before, spanned } from './testing.ts';
import { claimGoes, claimIs, kept } from './testingVolumes.ts';

const outcomeOf = (outcome: 'upheld' | 'violated' | 'inconclusive', because = '') =>
  expect.objectContaining({ outcome, ...(because === '' ? {} : { because: expect.stringContaining(because) }) });

describe('aPodWaitsUntilItsOldClaimIsGone', () => {
  const { judge } = aPodWaitsUntilItsOldClaimIsGone(web, 1, { ...spanned, alive: 'statefulset' });
  const ofOldPod = { owners: [{ kind: 'Pod', name: 'web-1', uid: 'web-1#1' }] };
  const wants = (replicas: number) => setReported('modified', { spec: { replicas } });
  const condemned = [wants(1), readied('web-0'), readied('web-1'), ...kept(1, ofOldPod), terminating('web-1')];
  const there = [...condemned, wants(2), before];
  const going = claimIs('www-web-1', { ...ofOldPod, volume: 'pv-1', deleting: true });
  const signs = [alive(), alive()];

  test('upheld: the claim is on its way out, and nobody is made beside it', () => {
    expect(judge(fenced(...there, deleted('web-1'), going, ...signs))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 1 },
    });
  });
  test('upheld: other ordinals are made', () => {
    expect(judge(fenced(...there, deleted('web-1'), going, added('web-2'), ...signs))).toEqual(outcomeOf('upheld'));
  });
  test('violated: it is made again beside the old claim, if only for a while', () => {
    const again = [deleted('web-1'), added('web-1'), going];
    expect(judge(fenced(...there, ...again, ...signs))).toEqual(outcomeOf('violated', 'www-web-1 was there'));
    expect(judge(fenced(...there, ...again, deleted('web-1'), ...signs))).toEqual(outcomeOf('violated'));
  });
  test('violated: it is made again, and its claim taken over', () => {
    const taken = [deleted('web-1'), added('web-1'), claimIs('www-web-1', { volume: 'pv-1' })];
    expect(judge(fenced(...there, ...taken, ...signs))).toEqual(outcomeOf('violated'));
  });
  test('inconclusive: nobody wanted it again, or its claim was not its own, or was gone', () => {
    const gone = [deleted('web-1'), ...signs];
    expect(judge(fenced(...condemned, before, ...gone))).toEqual(outcomeOf('inconclusive', 'again'));
    const kind = [wants(2), readied('web-1'), ...kept(1), terminating('web-1'), before];
    expect(judge(fenced(...kind, ...gone))).toEqual(outcomeOf('inconclusive', 'nothing to examine'));
    expect(judge(fenced(...there, deleted('web-1'), claimGoes('www-web-1'), added('web-1'), ...signs))).toEqual(
      outcomeOf('inconclusive', 'nothing to examine'),
    );
  });
  test('inconclusive: the old Pod is still there, or was not held', () => {
    expect(judge(fenced(...there, ...signs))).toEqual(outcomeOf('inconclusive', 'Terminating'));
    const early = [wants(2), readied('web-1'), ...kept(1, ofOldPod), before];
    expect(judge(fenced(...early, terminating('web-1'), deleted('web-1'), ...signs))).toEqual(
      outcomeOf('inconclusive', 'Terminating'),
    );
  });
  test('inconclusive: the controller was not seen at work, a gap, no fence', () => {
    const after = [deleted('web-1'), going];
    expect(judge(fenced(...there, ...after, alive()))).toEqual(outcomeOf('inconclusive'));
    expect(judge(fenced(...there, ...after, gap('persistentvolumeclaims'), ...signs))).toEqual(
      outcomeOf('inconclusive', 'gap'),
    );
    expect(judge(unfenced(...there, ...after, ...signs))).toEqual(outcomeOf('inconclusive'));
  });
});
