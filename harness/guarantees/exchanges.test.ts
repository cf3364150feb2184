import { describe, expect, test } from 'vitest';
import { fenced, unfenced, type Step } from '../history/testing.ts';
import { eachRequestIsAnswered } from './exchanges.ts';
import { asked } from './testingServers.ts';

const { judge } = eachRequestIsAnswered('now', [
  { target: 'zk-0', request: 'create /a/b', status: 'failed', code: 'NO_NODE' },
  { target: 'zk-1', request: 'children of /c', status: 'succeeded', answer: ['d'] },
]);
const refusal = asked('zk-0', 'create /a/b', { status: 'failed', code: 'NO_NODE' });
const children = asked('zk-1', 'children of /c', { answer: ['d'] });
const seen = (...steps: readonly Step[]) => judge(fenced(...steps));

describe('eachRequestIsAnswered', () => {
  test('upheld: as expected', () => {
    expect(seen(refusal, children)).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });

  test('violated: done instead of refused, refused for another reason, or another answer', () => {
    expect(seen(asked('zk-0', 'create /a/b'), children)).toMatchObject({ outcome: 'violated' });
    const other = asked('zk-0', 'create /a/b', { status: 'failed', code: 'NODE_EXISTS' });
    expect(seen(other, children)).toMatchObject({ outcome: 'violated' });
    expect(seen(refusal, asked('zk-1', 'children of /c', { answer: [] }))).toMatchObject({ outcome: 'violated' });
  });

  test('violated: once as expected and once not', () => {
    expect(seen(refusal, asked('zk-0', 'create /a/b'), children)).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: not asked, of another server only, or at another moment', () => {
    expect(seen(refusal)).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(refusal, asked('zk-2', 'children of /c', { answer: ['d'] }))).toMatchObject({
      outcome: 'inconclusive',
    });
    const then = asked('zk-1', 'children of /c', { answer: ['d'], moment: 'then' });
    expect(seen(refusal, then)).toMatchObject({ outcome: 'inconclusive' });
  });

  test('inconclusive: no answer, or no session to ask in, which is no refusal', () => {
    const mute = asked('zk-0', 'create /a/b', { status: 'indeterminate', because: 'no answer within 10 s' });
    expect(seen(mute, children)).toMatchObject({ outcome: 'inconclusive' });
    const unsent = asked('zk-0', 'create /a/b', { status: 'failed', code: 'NO_SESSION' });
    expect(seen(unsent, children)).toMatchObject({ outcome: 'inconclusive' });
  });

  test('inconclusive: nothing was expected, or the recording was never fenced', () => {
    expect(eachRequestIsAnswered('now', []).judge(fenced(refusal))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(unfenced(refusal, children))).toMatchObject({ outcome: 'inconclusive' });
  });
});
