import { describe, expect, test } from 'vitest';
import type { Guarantee, Verdict } from '../guarantees/guarantee.ts';
import { History, type Telling } from '../history/history.ts';
import { added, alive, fence, fenced, setReported } from '../history/testing.ts';
import { judgeClaim, judgeControl, redTest } from './judging.ts';
import type { Judging, Story } from './story.ts';

const vector = fenced(added('web-0'));
const [entry] = vector.entries;
if (entry === undefined) throw new Error('the vector has entries');

const verdicts = {
  upheld: { outcome: 'upheld', examined: { count: 2, of: 'Pods' } },
  violated: {
    outcome: 'violated',
    because: 'two of them',
    examined: { count: 2, of: 'Pods' },
    counterexample: [entry],
    othersBecause: ['one more'],
  },
  inconclusive: { outcome: 'inconclusive', because: 'no fence' },
} as const satisfies Record<string, Verdict>;

/** A story that ended so, with a guarantee for each verdict. */
const judging = (
  verdicts: readonly Verdict[],
  telling: Telling = { status: 'told', told: {} },
  { header, entries } = vector,
): Judging => ({
  story: {
    title: 'a story',
    file: 'histories/a.jsonl',
    history: () => Promise.resolve(new History(header, telling, entries)),
  } as unknown as Story<unknown>,
  guarantees: () =>
    verdicts.map((verdict, position): Guarantee => ({ name: `guarantee${position}`, judge: () => verdict })),
});
const claimed = (...judgings: Judging[]) => judgeClaim('web.pod-naming', judgings, 'here:1');
const controlled = (...judgings: Judging[]) => judgeControl('web.pod-naming', judgings, 'here:1');

describe('a claim', () => {
  test('is upheld when every guarantee is', async () => {
    const judgement = await claimed(judging([verdicts.upheld, verdicts.upheld]), judging([verdicts.upheld]));
    expect(judgement).toMatchObject({ outcome: 'upheld', examined: { count: 6, of: 'Pods' } });
  });
  test('is violated when one is, with its counterexample, whatever the others say', async () => {
    const judgement = await claimed(judging([verdicts.upheld, verdicts.violated]), judging([verdicts.inconclusive]));
    expect(judgement).toMatchObject({ outcome: 'violated', because: 'two of them', counterexample: [entry] });
  });
  test('that is violated tells every finding, and what could not be judged beside them', async () => {
    const judgement = await claimed(judging([verdicts.violated, verdicts.inconclusive]), judging([verdicts.violated]));
    expect(judgement.violations).toEqual(['two of them', 'one more', 'two of them', 'one more']);
    expect(judgement.doubts).toEqual(['no fence']);
  });
  test('is inconclusive when one is and none is violated', async () => {
    expect(await claimed(judging([verdicts.upheld, verdicts.inconclusive]))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('is inconclusive when its story could not be told, with the reason', async () => {
    const judgement = await claimed(judging([verdicts.upheld], { status: 'broken', because: 'web-0 never came' }));
    expect(judgement).toMatchObject({ outcome: 'inconclusive' });
    expect(judgement.because).toContain('web-0 never came');
  });
  test('is violated when its story waited in vain for what the controller had left undone, and is about objects', async () => {
    const asked = { replicas: 1, updateStrategy: { type: 'RollingUpdate' } };
    const set = setReported('added', { metadata: { generation: 1 }, spec: asked, status: { observedGeneration: 1 } });
    const looked = fenced(set, fence('opens'), alive(), alive(), fence('closes'));
    const waited: Telling = {
      status: 'broken',
      because: 'waited 160 s for web-0',
      inVain: { from: 'opens', to: 'closes', alive: 'statefulset' },
    };
    const stuck = (telling: Telling): Judging => judging([verdicts.upheld], telling, looked);
    const judgement = await claimed(stuck(waited));
    expect(judgement).toMatchObject({ outcome: 'violated' });
    expect(judgement.because).toMatch(/web-0 is asked for.*waited 160 s for web-0/);
    expect(await claimed(stuck({ status: 'broken', because: 'no answer' }))).toMatchObject({ outcome: 'inconclusive' });
    expect(await judgeClaim('zk.myid', [stuck(waited)], 'here:1')).toMatchObject({ outcome: 'inconclusive' });
    expect(await controlled(stuck(waited))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('is not run when its story was not, even if another was told', async () => {
    const skipped = judging([verdicts.upheld], { status: 'not-run', because: 'no second node' });
    expect(await claimed(judging([verdicts.upheld]), skipped)).toMatchObject({
      outcome: 'not-run',
      because: 'no second node',
    });
  });
  test('is inconclusive when it names no guarantee, or its guarantee throws', async () => {
    const throwing: Judging = {
      ...judging([]),
      guarantees: () => {
        throw new Error('no such field');
      },
    };
    expect(await claimed(judging([]))).toMatchObject({ outcome: 'inconclusive' });
    expect(await claimed(throwing)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('a control', () => {
  test('is as it should be when the broken variant turns the claim red', async () => {
    expect(await controlled(judging([verdicts.upheld, verdicts.violated]))).toMatchObject({ outcome: 'upheld' });
  });
  test('is violated when the claim stays green', async () => {
    expect(await controlled(judging([verdicts.upheld]))).toMatchObject({ outcome: 'violated' });
  });
  test('is inconclusive when the claim is: that is not the red it should turn', async () => {
    expect(await controlled(judging([verdicts.inconclusive]))).toMatchObject({ outcome: 'inconclusive' });
  });
});

test('a red test says the claim, its source, the guarantee, the counterexample, the history and how to judge it again', async () => {
  const { message, stack } = redTest(await claimed(judging([verdicts.violated])), 'run-1');
  for (const part of [
    'web.pod-naming is violated: two of them',
    'https://',
    'guarantee0',
    'pods/web-0',
    'histories/a.jsonl',
    'judge',
  ])
    expect(message).toContain(part);
  expect(stack).toContain('here:1');
});
