import { describe, expect, test } from 'vitest';
import { fence, fenced, observed, unfenced, type Step } from '../history/testing.ts';
import { noAcknowledgedWriteIsLost } from './ledger.ts';

const { judge } = noAcknowledgedWriteIsLost({ ledger: '/ledger', moment: 'at the end', servers: ['zk-0'] });

type Phase = 'succeeded' | 'failed' | 'indeterminate';

function asked(identity: string, does: 'add' | 'remove' = 'add', ledger = '/ledger'): Step {
  const write = { client: 'zookeeper', target: 'zk-1', ledger, moment: 'meanwhile', does, identity } as const;
  return observed({ of: 'write', ...write, phase: 'invoked' });
}

function ended(identity: string, phase: Phase, does: 'add' | 'remove' = 'add', ledger = '/ledger'): Step {
  const write = { client: 'zookeeper', target: 'zk-1', ledger, moment: 'meanwhile', does, identity } as const;
  return observed({ of: 'write', ...write, phase });
}

function wrote(identity: string, phase: Phase = 'succeeded', ledger = '/ledger'): Step {
  return both(asked(identity, 'add', ledger), ended(identity, phase, 'add', ledger));
}

function removed(identity: string, phase: Phase = 'succeeded'): Step {
  return both(asked(identity, 'remove'), ended(identity, phase, 'remove'));
}

function both(...steps: readonly Step[]): Step {
  return (world) => steps.flatMap((step) => step(world));
}

/** Asked for after everything that stands before it, unless an index says otherwise. */
function held(
  identities: readonly string[],
  { target = 'zk-0', moment = 'at the end', ledger = '/ledger', invokedAtIndex = 1000 } = {},
): Step {
  return observed({ of: 'read', client: 'zookeeper', target, moment, ledger, identities, invokedAtIndex });
}

describe('upheld', () => {
  test('what was acknowledged is there, and nothing else', () => {
    expect(judge(fenced(wrote('a'), wrote('b'), held(['a', 'b'])))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });

  test('a write that nobody answered is there', () => {
    expect(judge(fenced(wrote('a'), wrote('b', 'indeterminate'), held(['a', 'b'])))).toMatchObject({
      outcome: 'upheld',
    });
  });

  test('a write that nobody answered, or was refused, is not there', () => {
    const history = fenced(wrote('a'), wrote('b', 'indeterminate'), wrote('c', 'failed'), held(['a']));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });

  test('what was removed is gone, and what may have been removed is either', () => {
    const steps = [wrote('a'), wrote('b'), removed('b'), wrote('c'), removed('c', 'indeterminate')];
    expect(judge(fenced(...steps, held(['a'])))).toMatchObject({ outcome: 'upheld' });
    expect(judge(fenced(...steps, held(['a', 'c'])))).toMatchObject({ outcome: 'upheld' });
  });

  test('what was removed and written again is there', () => {
    const history = fenced(wrote('a'), removed('a'), wrote('a'), held(['a']));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });

  test('a write that nobody answered may come after its removal', () => {
    const history = fenced(wrote('b'), wrote('a', 'indeterminate'), removed('a'), held(['a', 'b']));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });

  test('a write that was under way when the read ended', () => {
    expect(judge(fenced(wrote('a'), asked('b'), held(['a', 'b'])))).toMatchObject({ outcome: 'upheld' });
  });

  test('writes before the span count', () => {
    const later = noAcknowledgedWriteIsLost(
      { ledger: '/ledger', moment: 'at the end', servers: ['zk-0'] },
      { from: 'disturbed' },
    );
    const history = fenced(wrote('a'), fence('disturbed'), held(['a']));
    expect(later.judge(history)).toMatchObject({ outcome: 'upheld' });
    expect(later.judge(fenced(wrote('a'), fence('disturbed'), held([])))).toMatchObject({ outcome: 'violated' });
  });
});

describe('violated', () => {
  test('an acknowledged write is not there', () => {
    expect(judge(fenced(wrote('a'), wrote('b'), held(['b'])))).toMatchObject({
      outcome: 'violated',
      because: 'zk-0 does not hold a, which zk-1 had acknowledged',
    });
  });

  test('one of two servers lacks it', () => {
    const everywhere = noAcknowledgedWriteIsLost({
      ledger: '/ledger',
      moment: 'at the end',
      servers: ['zk-0', 'zk-2'],
    });
    const history = fenced(wrote('a'), held(['a']), held([], { target: 'zk-2' }));
    expect(everywhere.judge(history)).toMatchObject({
      outcome: 'violated',
      because: expect.stringMatching(/^zk-2 does not hold a/),
    });
  });

  test('something is there that nobody wrote', () => {
    expect(judge(fenced(wrote('a'), held(['a', 'ghost'])))).toMatchObject({
      outcome: 'violated',
      because: 'zk-0 holds ghost, which nobody wrote',
    });
  });

  test('something is there that was written elsewhere only', () => {
    const history = fenced(wrote('a'), wrote('b', 'succeeded', '/other'), held(['a', 'b']));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'zk-0 holds b, which nobody wrote' });
  });

  test('something is there that was written only after the read', () => {
    expect(judge(fenced(wrote('a'), held(['a', 'b'], { invokedAtIndex: 1 }), wrote('b')))).toMatchObject({
      outcome: 'violated',
      because: 'zk-0 holds b, which nobody wrote',
    });
  });

  test('a refused write is there', () => {
    const history = fenced(wrote('a'), wrote('b', 'failed'), held(['a', 'b']));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: 'zk-0 holds b, which was refused' });
  });

  test('a removed one is there', () => {
    expect(judge(fenced(wrote('a'), removed('a'), held(['a'])))).toMatchObject({
      outcome: 'violated',
      because: 'zk-0 holds a, whose removal was acknowledged',
    });
  });

  test('a removal that was refused removes nothing', () => {
    const history = fenced(wrote('a'), removed('a', 'failed'), held([]));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: expect.stringMatching(/does not hold a/) });
  });

  test('a removal before the last write removes nothing', () => {
    const history = fenced(wrote('a'), removed('a'), wrote('a'), held([]));
    expect(judge(history)).toMatchObject({ outcome: 'violated', because: expect.stringMatching(/does not hold a/) });
  });

  test('one is there twice', () => {
    expect(judge(fenced(wrote('a'), held(['a', 'a'])))).toMatchObject({
      outcome: 'violated',
      because: 'zk-0 holds a twice',
    });
  });

  test('a lost write counts although another server was not read', () => {
    const everywhere = noAcknowledgedWriteIsLost({
      ledger: '/ledger',
      moment: 'at the end',
      servers: ['zk-0', 'zk-2'],
    });
    expect(everywhere.judge(fenced(wrote('a'), held([])))).toMatchObject({ outcome: 'violated' });
  });
});

describe('inconclusive', () => {
  test('nobody read the ledger, or of another server, moment or ledger only', () => {
    for (const read of [
      [],
      [held(['a'], { target: 'zk-2' })],
      [held(['a'], { moment: 'earlier' })],
      [held(['a'], { ledger: '/other' })],
    ])
      expect(judge(fenced(wrote('a'), ...read))).toMatchObject({ outcome: 'inconclusive' });
  });

  test('no write was acknowledged', () => {
    for (const writes of [[], [wrote('a', 'indeterminate')], [wrote('a', 'failed')]])
      expect(judge(fenced(...writes, held([])))).toMatchObject({
        outcome: 'inconclusive',
        because: 'no write into /ledger was acknowledged',
      });
  });

  test('a write was acknowledged that no read can show', () => {
    const history = fenced(wrote('a'), held(['a'], { invokedAtIndex: 1 }), wrote('b'));
    expect(judge(history)).toMatchObject({
      outcome: 'inconclusive',
      because: expect.stringMatching(/b was acknowledged after/),
    });
    const meanwhile = fenced(wrote('a'), asked('b'), ended('b', 'succeeded'), held(['a', 'b'], { invokedAtIndex: 2 }));
    expect(judge(meanwhile)).toMatchObject({
      outcome: 'inconclusive',
      because: expect.stringMatching(/b was acknowledged after/),
    });
  });

  test('no server was to be asked', () => {
    const nobody = noAcknowledgedWriteIsLost({ ledger: '/ledger', moment: 'at the end', servers: [] });
    expect(nobody.judge(fenced(wrote('a'), held(['a'])))).toMatchObject({ outcome: 'inconclusive' });
  });

  test('the recording was never fenced', () => {
    expect(judge(unfenced(wrote('a'), held(['a'])))).toMatchObject({ outcome: 'inconclusive' });
  });
});
