import { expect, test } from 'vitest';
import { Story } from './story.ts';

const story = (title: string): Story<unknown> => new Story(title, {}, () => Promise.resolve(undefined));

test('a story leaves its history in a file of its tutorial and title', () => {
  const told = story('web-0 is deleted, and comes back');
  told.belongsTo('web-basics');
  told.belongsTo('web-basics');
  expect(told.file).toBe('histories/web-basics--web-0-is-deleted-and-comes-back.jsonl');
});

test('two stories of one tutorial that would leave one history are refused, as is one story of two tutorials', () => {
  const [first, second, third] = [
    story('the same, Parallel'),
    story('The same: Parallel'),
    story('the same, Parallel'),
  ];
  first.belongsTo('reference');
  expect(() => second.belongsTo('reference')).toThrow(
    'two stories of reference would leave one history, “the same, Parallel” and “The same: Parallel”',
  );
  third.belongsTo('cassandra');
  expect(() => first.belongsTo('cassandra')).toThrow(/is used by claims of reference and of cassandra/);
});
