import { describe, expect, test } from 'vitest';
import { fence, fenced, observed, unfenced, type Step } from '../history/testing.ts';
import { before, spanned } from './testing.ts';
import { theServerIsSilent, theServersAgreeOnALeader, theServersHold, writesGoOn } from './writing.ts';

type Phase = 'invoked' | 'succeeded' | 'failed' | 'indeterminate';

function write(seconds: number | undefined, phase: Phase = 'succeeded', ledger = '/ledger'): Step {
  const clock = seconds === undefined ? {} : { clockMs: 1000 * seconds };
  const of = { of: 'write', moment: 'meanwhile', client: 'zookeeper', target: 'zk-0', ledger } as const;
  return observed({ ...of, does: 'add', identity: `at ${seconds}`, phase, ...clock });
}

describe('a client that writes all the time', () => {
  const span = { from: 'before', to: 'after' } as const;
  const after = fence('after');
  const judged = (...steps: readonly Step[]) =>
    writesGoOn('/ledger', 20_000, span).judge(fenced(write(0), before, ...steps));

  test('upheld: is never without an acknowledgement for long', () => {
    expect(judged(write(5), write(9, 'indeterminate'), write(25), after, write(26))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 3 },
    });
  });
  test('violated: is, for longer, whatever it was told meanwhile', () => {
    expect(
      judged(write(5), write(9, 'indeterminate'), write(15, 'failed'), write(25.1), after, write(26)),
    ).toMatchObject({
      outcome: 'violated',
      because: 'no write was acknowledged for 20.1 s, and 20 s are allowed',
    });
  });
  test('violated: the silence began before the span', () => {
    expect(judged(write(21), after, write(22))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the silence never ends', () => {
    expect(judged(write(5), write(30, 'indeterminate'), after)).toMatchObject({ outcome: 'violated' });
    expect(judged(write(5), write(30, 'invoked'), after)).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the silence ends behind the span', () => {
    expect(judged(write(5), write(5.1, 'invoked'), after, write(26))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: it stopped, in the span or at its end', () => {
    expect(judged(write(5), after)).toMatchObject({ outcome: 'inconclusive' });
    expect(judged(after, write(5))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: it had not begun, or wrote elsewhere', () => {
    const history = fenced(before, write(5), after, write(6));
    expect(writesGoOn('/ledger', 20_000, span).judge(history)).toMatchObject({ outcome: 'inconclusive' });
    expect(judged(write(5, 'succeeded', '/other'), after, write(6))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nobody knows when, or the span is not fenced', () => {
    expect(judged(write(undefined), after, write(6))).toMatchObject({ outcome: 'inconclusive' });
    const history = unfenced(write(0), before, write(5));
    expect(writesGoOn('/ledger', 20_000, span).judge(history)).toMatchObject({ outcome: 'inconclusive' });
  });
});

function exchange(
  target: string,
  request: string,
  answer: unknown,
  status: 'succeeded' | 'failed' = 'succeeded',
): Step {
  const at = { moment: 'asked', client: 'zookeeper', invokedAtIndex: 0, beganAtMs: 0 } as const;
  return observed({ of: 'exchange', target, request, status, answer, ...at });
}

describe('a value', () => {
  const found = { moment: 'asked', servers: ['zk-0', 'zk-2'], path: '/hello', data: 'world' } as const;
  const held = (...steps: readonly Step[]) => theServersHold(found, spanned).judge(fenced(before, ...steps));
  const right = (target: string): Step => exchange(target, 'get /hello', { data: 'world' });

  test('upheld: is what each server holds in the end', () => {
    expect(held(exchange('zk-0', 'get /hello', undefined, 'failed'), right('zk-0'), right('zk-2'))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 2 },
    });
  });
  test('violated: is another one, or there is no answer', () => {
    expect(held(right('zk-0'), exchange('zk-2', 'get /hello', { data: 'moon' }))).toMatchObject({
      outcome: 'violated',
    });
    expect(held(exchange('zk-0', 'get /hello', undefined, 'failed'), right('zk-2'))).toMatchObject({
      outcome: 'violated',
    });
  });
  test('inconclusive: one was not asked, or for something else', () => {
    expect(held(right('zk-0'))).toMatchObject({ outcome: 'inconclusive' });
    expect(held(right('zk-0'), exchange('zk-2', 'get /', { data: 'world' }))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('a quorum', () => {
  const agree = (...steps: readonly Step[]) =>
    theServersAgreeOnALeader(['zk-0', 'zk-2'], 'asked', spanned).judge(fenced(before, ...steps));
  const is = (target: string, mode: string): Step => exchange(target, 'srvr', `Zookeeper version: 3\nMode: ${mode}\n`);

  test('upheld: one leads and the other follows', () => {
    expect(agree(is('zk-0', 'leader'), is('zk-0', 'follower'), is('zk-2', 'leader'))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: both lead, none does, or one stands alone', () => {
    expect(agree(is('zk-0', 'leader'), is('zk-2', 'leader'))).toMatchObject({ outcome: 'violated' });
    expect(agree(is('zk-0', 'follower'), is('zk-2', 'follower'))).toMatchObject({ outcome: 'violated' });
    expect(agree(is('zk-0', 'standalone'), is('zk-2', 'leader'))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: one is up and does not serve', () => {
    const waits = exchange('zk-2', 'srvr', 'This ZooKeeper instance is not currently serving requests');
    expect(agree(is('zk-0', 'leader'), waits)).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one was not asked', () => {
    expect(agree(is('zk-0', 'leader'))).toMatchObject({ outcome: 'inconclusive' });
  });
});

test('a server that is asked and gives no answer is silent, and one that was not asked may be', () => {
  const silent = (...steps: readonly Step[]) =>
    theServerIsSilent('zk-1', 'asked', spanned).judge(fenced(before, ...steps));
  const mute = exchange('zk-1', 'srvr', undefined, 'failed');
  expect(silent(mute, exchange('zk-0', 'srvr', 'Mode: leader'))).toMatchObject({ outcome: 'upheld' });
  expect(silent(mute, exchange('zk-1', 'srvr', 'Mode: follower'))).toMatchObject({ outcome: 'violated' });
  expect(silent(exchange('zk-0', 'srvr', 'Mode: leader'))).toMatchObject({ outcome: 'inconclusive' });
});
