import { expect, test } from 'vitest';
import { TurnQueue, type Waiting } from './turnQueue.ts';

/** A queue and the stories it has granted a turn, in that order. */
function queueOf(jobs: number) {
  const queue = new TurnQueue(jobs);
  const granted: string[] = [];
  const asks = (story: string, alone = false, places = 1, minutes = 1): Waiting => {
    const waiting = { story, alone, places, minutes, grant: () => void granted.push(story) };
    queue.ask(waiting);
    return waiting;
  };
  return { queue, granted, asks };
}

test('as many stories as there are jobs are told at once, first come, first served', () => {
  const { queue, granted, asks } = queueOf(2);
  const first = asks('a');
  asks('b');
  asks('c');
  asks('d');
  expect(granted).toEqual(['a', 'b']);
  queue.end(first);
  expect(granted).toEqual(['a', 'b', 'c']);
});

test('the longest story comes first, then the one that takes most places, and no small one gets ahead of it', () => {
  const { queue, granted, asks } = queueOf(4);
  const first = asks('a', false, 2);
  const second = asks('b');
  asks('of three', false, 3);
  asks('small');
  const long = asks('long', false, 2, 5);
  expect(granted).toEqual(['a', 'b']);
  queue.end(first);
  expect(granted).toEqual(['a', 'b', 'long']);
  queue.end(second);
  expect(granted).toEqual(['a', 'b', 'long']);
  queue.end(long);
  expect(granted).toEqual(['a', 'b', 'long', 'of three', 'small']);
});

test('a story is told alone only when none of the others waits any more', () => {
  const { queue, granted, asks } = queueOf(2);
  const small = asks('small');
  asks('large', false, 2);
  asks('alone', true);
  expect(granted).toEqual(['small']);
  queue.end(small);
  expect(granted).toEqual(['small', 'large']);
});

test('a story that takes more places than there are is told while no other is', () => {
  const { queue, granted, asks } = queueOf(2);
  const first = asks('a');
  const large = asks('large', false, 3);
  expect(granted).toEqual(['a']);
  queue.end(first);
  asks('b');
  expect(granted).toEqual(['a', 'large']);
  queue.end(large);
  expect(granted).toEqual(['a', 'large', 'b']);
});

test('a story that is told alone waits for the ones under way and for the ones that were asked for later', () => {
  const { queue, granted, asks } = queueOf(2);
  const ordinary = asks('ordinary');
  asks('alone', true);
  const later = asks('later');
  expect(granted).toEqual(['ordinary', 'later']);
  queue.end(ordinary);
  expect(granted).toEqual(['ordinary', 'later']);
  queue.end(later);
  expect(granted).toEqual(['ordinary', 'later', 'alone']);
});

test('nothing else is told beside a story that is told alone', () => {
  const { queue, granted, asks } = queueOf(8);
  const alone = asks('alone', true);
  asks('another alone', true);
  asks('ordinary');
  expect(granted).toEqual(['alone']);
  queue.end(alone);
  expect(granted).toEqual(['alone', 'ordinary']);
});

test('a story withdrawn before its turn never gets one', () => {
  const { queue, granted, asks } = queueOf(1);
  const first = asks('a');
  const second = asks('b');
  asks('c');
  queue.end(second);
  queue.end(first);
  expect(granted).toEqual(['a', 'c']);
});

test('a turn given back twice frees one place only', () => {
  const { queue, granted, asks } = queueOf(1);
  const first = asks('a');
  asks('b');
  asks('c');
  queue.end(first);
  queue.end(first);
  expect(granted).toEqual(['a', 'b']);
});
