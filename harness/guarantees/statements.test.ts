import { describe, expect, test } from 'vitest';
import { fence, fenced, type Step } from '../history/testing.ts';
import { eachStatementIsAnswered, type Statement } from './statements.ts';
import { db, exchanged, podComes, podGoes, podIs } from './testingDeployed.ts';

const asked = { moment: 'asked', from: 'begin', to: 'end of asking' };
const told = (...steps: readonly Step[]) =>
  fenced(podComes('db-aa-1'), fence('begin'), ...steps, fence('end of asking'));
const says = (request: string, outcome: Parameters<typeof exchanged>[4], target = 'db-aa-1') =>
  exchanged('mysql', 'asked', target, request, outcome);
const judging = (...statements: readonly Statement[]) => eachStatementIsAnswered(db, statements, asked).judge;

describe('eachStatementIsAnswered', () => {
  const done = judging({ request: 'SELECT 1', is: 'done' });
  const refused = judging({ request: 'SELECT 1', is: 'refused', by: ['ER_ACCESS_DENIED_ERROR'] });
  const answered = judging({ request: 'SELECT 1', is: 'answered', row: { a: 'x' } });

  test('upheld: done, refused by that name, answered with that row', () => {
    expect(done(told(says('SELECT 1', { answer: [] })))).toMatchObject({ outcome: 'upheld', examined: { count: 1 } });
    expect(refused(told(says('SELECT 1', { code: 'ER_ACCESS_DENIED_ERROR' })))).toMatchObject({ outcome: 'upheld' });
    expect(answered(told(says('SELECT 1', { answer: [{ a: 'y' }, { a: 'x', b: 1 }] })))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: refused where it has to be done, or nobody listens', () => {
    for (const code of ['ER_ACCESS_DENIED_ERROR', 'ECONNREFUSED'])
      for (const judge of [done, answered])
        expect(judge(told(says('SELECT 1', { code })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: done where it has to be refused, or refused by another name', () => {
    expect(refused(told(says('SELECT 1', { answer: [] })))).toMatchObject({ outcome: 'violated' });
    expect(refused(told(says('SELECT 1', { code: 'ER_BAD_DB_ERROR' })))).toMatchObject({ outcome: 'violated' });
    expect(refused(told(says('SELECT 1', { code: 'ECONNREFUSED' })))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the row is not in the answer', () => {
    expect(answered(told(says('SELECT 1', { answer: [{ a: 'y' }] })))).toMatchObject({ outcome: 'violated' });
    expect(answered(told(says('SELECT 1', { answer: [] })))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: not asked, not answered, at another moment, of another Pod', () => {
    expect(done(told())).toMatchObject({ outcome: 'inconclusive' });
    expect(done(told(says('SELECT 2', { answer: [] })))).toMatchObject({ outcome: 'inconclusive' });
    expect(done(told(says('SELECT 1', {})))).toMatchObject({ outcome: 'inconclusive' });
    expect(done(told(says('SELECT 1', { answer: [] }, 'db-aa-0')))).toMatchObject({ outcome: 'inconclusive' });
    const earlier = exchanged('mysql', 'before', 'db-aa-1', 'SELECT 1', { answer: [] });
    expect(done(told(earlier))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: one statement of two was not asked; violated if the other is wrong', () => {
    const both = judging({ request: 'SELECT 1', is: 'done' }, { request: 'SELECT 2', is: 'done' });
    expect(both(told(says('SELECT 1', { answer: [] })))).toMatchObject({ outcome: 'inconclusive' });
    expect(both(told(says('SELECT 1', { code: 'ER_ANY' })))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: the Pod started again, was replaced, or there is none', () => {
    const answer = says('SELECT 1', { answer: [] });
    expect(done(told(answer, podIs('db-aa-1', { restarts: 1 })))).toMatchObject({ outcome: 'inconclusive' });
    expect(done(told(answer, podGoes('db-aa-1'), podComes('db-aa-2')))).toMatchObject({ outcome: 'inconclusive' });
    expect(done(fenced(fence('begin'), answer, fence('end of asking')))).toMatchObject({ outcome: 'inconclusive' });
  });
  test('inconclusive: nothing was to be asked', () => {
    expect(judging()(told())).toMatchObject({ outcome: 'inconclusive' });
  });
});
