import { describe, expect, test } from 'vitest';
import { added, fenced, gap, observed, operated, ready, reported, terminating, unfenced } from '../history/testing.ts';
import { clip, describeCounterexample, describeEntry } from './describe.ts';

describe('a counterexample in text', () => {
  test('has a line for each entry, with seconds since the first, what it is about and how it stands', () => {
    const { entries } = unfenced(added('web-0', { revision: 'web-7' }), ready('web-0'), terminating('web-0'));
    expect(describeCounterexample(entries).split('\n')).toEqual([
      '0.000 s  pods/web-0  added: Pending, not Ready, revision web-7, on worker-1, uid web-0#1',
      '1.000 s  pods/web-0  modified: Running, Ready, revision web-7, on worker-1, uid web-0#1',
      '2.000 s  pods/web-0  modified: Running, Ready, Terminating, revision web-7, on worker-1, uid web-0#1',
    ]);
  });

  test('counts from the given moment', () => {
    expect(describeCounterexample(unfenced(added('web-0')).entries, 400)).toMatch(/^0\.600 s {2}pods\/web-0/);
  });

  test('is empty for no entries', () => {
    expect(describeCounterexample([])).toBe('');
  });
});

test('a uid is cut to its first eight characters', () => {
  const [entry] = unfenced(added('web-0', { uid: '01234567-89ab-cdef' })).entries;
  expect(entry && describeEntry(entry).says).toContain('uid 01234567');
  expect(entry && describeEntry(entry).says).not.toContain('01234567-');
});

test('a Secret is told by its keys and never by what they hold', () => {
  const [entry] = unfenced(
    reported('secrets', 'added', 'pass', { type: 'Opaque', data: { password: 'c2VjcmV0' } }),
  ).entries;
  expect(entry && describeEntry(entry).says).toBe('added: Opaque, keys password, uid secrets/');
});

test.each([
  [fenced(), 'fence', '“end”'],
  [unfenced(gap('pods')), 'gap in pods', 'the watch was told 410 Gone'],
  [unfenced(operated('scale', 'statefulsets/web', 'invoked', 'to 5')), 'scale statefulsets/web', 'invoked: to 5'],
])('other entries say what they are', ({ entries: [entry] }, subject, says) => {
  expect(entry && describeEntry(entry)).toEqual({ subject, says });
});

test.each([
  [{ status: 'succeeded', answer: ['child'] }, 'children of / → succeeded ["child"] (now)'],
  [{ status: 'succeeded', answer: 'Mode:\n leader' }, 'children of / → succeeded Mode: leader (now)'],
  [{ status: 'failed', code: 'NO_NODE', because: 'no such node' }, 'children of / → failed NO_NODE no such node (now)'],
  [{ status: 'indeterminate', because: 'no answer' }, 'children of / → indeterminate no answer (now)'],
] as const)('an exchange says what was asked and what came of it', (ended, says) => {
  const asked = { client: 'zookeeper', target: 'zk-0', request: 'children of /', invokedAtIndex: -1, beganAtMs: 0 };
  const [entry] = unfenced(observed({ of: 'exchange', moment: 'now', ...asked, ...ended })).entries;
  expect(entry && describeEntry(entry)).toEqual({ subject: 'zookeeper zk-0', says });
});

test('long text is one line and is cut', () => {
  expect(clip('one\n  two three', 10)).toBe('one two t…');
});
