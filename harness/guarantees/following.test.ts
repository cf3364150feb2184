import { describe, expect, test } from 'vitest';
import { ended, fence, fenced, gap, observed, readied, unready, web, type Step } from '../history/testing.ts';
import { theClientFindsThePodAgain } from './following.ts';

const moment = 'a client follows web-1';
const { judge } = theClientFindsThePodAgain(web, 1, 'web-1\n', moment, { from: 'before' });

function got(address: string, body = 'web-1\n', status = 200): Step {
  return observed({ of: 'http', moment, target: 'web-1.nginx', address, status, body });
}

const lost = observed({ of: 'http', moment, target: 'web-1.nginx', status: 0, body: '', because: 'no such host' });
const replaced = [ended('web-1'), readied('web-1', { ip: '10.0.0.9' })];

function told(...steps: readonly Step[]) {
  return fenced(readied('web-0'), readied('web-1'), fence('before'), ...steps);
}

describe('theClientFindsThePodAgain', () => {
  test('upheld: the old address, nobody, the new address', () => {
    const history = told(got('10.0.0.2'), lost, ...replaced, got('10.0.0.9'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });
  test('upheld: nobody at first, while DNS does not know the Pod yet', () => {
    const history = told(lost, got('10.0.0.2'), lost, ...replaced, got('10.0.0.9'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('inconclusive: nobody at first, and then never again', () => {
    expect(judge(told(lost, got('10.0.0.2'), ...replaced, got('10.0.0.9')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('upheld: the same address, in between nobody', () => {
    const history = told(got('10.0.0.2'), lost, ended('web-1'), readied('web-1'), got('10.0.0.2'));
    expect(judge(history)).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: it never recovers', () => {
    expect(judge(told(got('10.0.0.2'), ...replaced, lost))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: it ends at the old address, at another Pod', () => {
    expect(judge(told(got('10.0.0.2'), lost, ...replaced, got('10.0.0.2')))).toMatchObject({ outcome: 'violated' });
    const other = got('10.0.0.1', 'web-0\n');
    expect(judge(told(got('10.0.0.2'), lost, ...replaced, other))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: another Pod answered meanwhile, by address or by what it said', () => {
    for (const stranger of [
      got('10.0.0.1', 'web-0\n'),
      got('10.0.0.1'),
      got('10.0.0.9', 'web-0\n'),
      got('10.0.0.9', '', 404),
    ])
      expect(judge(told(got('10.0.0.2'), lost, ...replaced, stranger, got('10.0.0.9')))).toMatchObject({
        outcome: 'violated',
      });
  });
  test('violated: another Pod answered, and the client was never without an answer', () => {
    const other = got('10.0.0.1', 'web-0\n');
    expect(judge(told(got('10.0.0.2'), other, ...replaced, got('10.0.0.9')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the client was never without it, never had it, was not there', () => {
    expect(judge(told(got('10.0.0.2'), ...replaced, got('10.0.0.9')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(lost, ...replaced, got('10.0.0.9')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(...replaced))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: the Pod was not replaced, is not Ready again, a gap', () => {
    expect(judge(told(got('10.0.0.2'), lost, got('10.0.0.2')))).toMatchObject({ outcome: 'inconclusive' });
    const unreadied = told(got('10.0.0.2'), lost, ...replaced, got('10.0.0.9'), unready('web-1'));
    expect(judge(unreadied)).toMatchObject({ outcome: 'inconclusive' });
    const gapped = told(got('10.0.0.2'), lost, gap('pods'), ...replaced, got('10.0.0.9'));
    expect(judge(gapped)).toMatchObject({ outcome: 'inconclusive' });
  });
});
