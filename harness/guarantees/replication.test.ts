import { describe, expect, test } from 'vitest';
import { fenced, type Step } from '../history/testing.ts';
import type { Guarantee } from './guarantee.ts';
import { everyServerHolds, noReaderGoesBack, theValueSurvives, theWatchTells } from './replication.ts';
import { asked, type Said } from './testingServers.ts';

const seenBy =
  ({ judge }: Guarantee) =>
  (...steps: readonly Step[]) =>
    judge(fenced(...steps));

function node(
  data: string,
  traits: {
    readonly czxid?: string;
    readonly ctime?: number;
    readonly version?: number;
    readonly dataLength?: number;
  } = {},
) {
  const { czxid = '0x100000002', ctime = 1000, version = 0, dataLength = data.length } = traits;
  return { data, stat: { czxid, mzxid: czxid, ctime, version, dataLength } };
}

/** A read that was made after everything before it, behind a catching up that was too. */
function caughtUp(target: string, at: number, said: Said = {}, path = '/hello'): readonly Step[] {
  return [
    asked(target, 'catch up', { after: at, ...moment(said) }),
    asked(target, `get ${path}`, { after: at + 1, ...said }),
  ];
}

function moment({ moment: at }: Said): Said {
  return at === undefined ? {} : { moment: at };
}

describe('everyServerHolds', () => {
  const seen = seenBy(
    everyServerHolds({
      path: '/hello',
      data: 'world',
      written: { moment: 'now', server: 'zk-0' },
      read: { moment: 'now', servers: ['zk-0', 'zk-1'] },
    }),
  );
  const created = asked('zk-0', 'create /hello world', { answer: '/hello', after: -1 });
  const first = caughtUp('zk-0', 0, { answer: node('world') });

  test('upheld: both hold it, of one transaction', () => {
    const verdict = seen(created, ...first, ...caughtUp('zk-1', 2, { answer: node('world') }));
    expect(verdict).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });

  test('violated: one has no such node, other data, another transaction, or the wrong length', () => {
    for (const said of [
      { status: 'failed', code: 'NO_NODE' },
      { answer: node('other') },
      { answer: node('world', { czxid: '0x100000009' }) },
      { answer: node('world', { dataLength: 4 }) },
    ] as const)
      expect(seen(created, ...first, ...caughtUp('zk-1', 2, said))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: a server was not brought up to date after the write, so that it may be old', () => {
    const stale = asked('zk-1', 'get /hello', { after: 2, status: 'failed', code: 'NO_NODE' });
    expect(seen(created, ...first, stale)).toMatchObject({ outcome: 'inconclusive' });
    const early = [
      asked('zk-1', 'catch up', { after: -1 }),
      created,
      ...caughtUp('zk-0', 1, { answer: node('world') }),
    ];
    expect(seen(...early, asked('zk-1', 'get /hello', { after: 3, answer: node('world') }))).toMatchObject({
      outcome: 'inconclusive',
    });
  });

  test('inconclusive: it was never acknowledged, a server was not asked, or did not answer', () => {
    const read = caughtUp('zk-1', 2, { answer: node('world') });
    expect(seen(...first, ...read)).toMatchObject({ outcome: 'inconclusive' });
    const unknown = asked('zk-0', 'create /hello world', { status: 'indeterminate', because: 'late' });
    expect(seen(unknown, ...first, ...read)).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(created, ...first)).toMatchObject({ outcome: 'inconclusive' });
    const mute = caughtUp('zk-1', 2, { status: 'indeterminate', because: 'late' });
    expect(seen(created, ...first, ...mute)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theValueSurvives', () => {
  const seen = seenBy(
    theValueSurvives('/hello', {
      before: { moment: 'before', server: 'zk-2' },
      after: { moment: 'after', server: 'zk-2' },
    }),
  );
  const before = asked('zk-2', 'get /hello', { moment: 'before', after: -1, answer: node('world') });

  test('upheld: the same node', () => {
    expect(seen(before, ...caughtUp('zk-2', 0, { moment: 'after', answer: node('world') }))).toMatchObject({
      outcome: 'upheld',
    });
  });

  test('violated: it is gone, or the same word written again', () => {
    for (const said of [
      { status: 'failed', code: 'NO_NODE' },
      { answer: node('world', { czxid: '0x200000002' }) },
      { answer: node('world', { ctime: 2000 }) },
      { answer: node('world', { version: 1 }) },
      { answer: node('other') },
    ] as const)
      expect(seen(before, ...caughtUp('zk-2', 0, { moment: 'after', ...said }))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: it was not read before, not afterwards, without an answer, or may be old', () => {
    expect(seen(before)).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(...caughtUp('zk-2', -1, { moment: 'after', answer: node('world') }))).toMatchObject({
      outcome: 'inconclusive',
    });
    const unsent = caughtUp('zk-2', 0, { moment: 'after', status: 'failed', code: 'NO_SESSION' });
    expect(seen(before, ...unsent)).toMatchObject({ outcome: 'inconclusive' });
    const stale = asked('zk-2', 'get /hello', { moment: 'after', after: 0, answer: node('world') });
    expect(seen(before, stale)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theWatchTells', () => {
  const seen = seenBy(theWatchTells('/w', 'two', { moment: 'now', watcher: 'zk-1', writer: 'zk-0' }));
  const watched = asked('zk-1', 'get /w and watch it', { answer: node('one'), after: -1 });
  const set = asked('zk-0', 'set /w two', { after: 0 });
  const told = asked('zk-1', 'watch /w', { answer: { event: 'NODE_DATA_CHANGED', path: '/w' }, after: 0 });
  const read = asked('zk-1', 'get /w', { answer: node('two'), after: 2 });

  test('upheld: told once, before or after the writer hears of it', () => {
    expect(seen(watched, set, told, read)).toMatchObject({ outcome: 'upheld' });
    expect(seen(watched, told, set, read)).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: not told, told twice, of another event, or the old data is read', () => {
    expect(seen(watched, set, read)).toMatchObject({ outcome: 'violated' });
    expect(seen(watched, set, told, told, read)).toMatchObject({ outcome: 'violated' });
    const gone = asked('zk-1', 'watch /w', { answer: { event: 'NODE_DELETED', path: '/w' } });
    expect(seen(watched, set, gone, read)).toMatchObject({ outcome: 'violated' });
    expect(seen(watched, set, told, asked('zk-1', 'get /w', { answer: node('one') }))).toMatchObject({
      outcome: 'violated',
    });
  });

  test('violated: told before anything was set', () => {
    const late = asked('zk-0', 'set /w two', { after: 1 });
    expect(seen(watched, told, late, read)).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: nothing was watched, set or read', () => {
    expect(seen(set, told, read)).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(watched, told, read)).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(watched, set, told)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('noReaderGoesBack', () => {
  const values = ['v1', 'v2', 'v3'];
  const seen = seenBy(noReaderGoesBack('/s', values, { moment: 'now', writer: 'zk-0', readers: ['zk-1'] }));
  const sets = values.map((value) => asked('zk-0', `set /s ${value}`));
  const reads = (...read: readonly string[]) => read.map((data) => asked('zk-1', 'get /s', { answer: node(data) }));

  test('upheld: forward, with leaps and repetitions', () => {
    expect(seen(...sets, ...reads('v1', 'v1', 'v3'))).toMatchObject({ outcome: 'upheld', examined: { count: 3 } });
  });

  test('violated: back by one, or to what was never set', () => {
    expect(seen(...sets, ...reads('v2', 'v1'))).toMatchObject({ outcome: 'violated' });
    expect(seen(...sets, ...reads('v2', 'else'))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: one value was seen only, or the values were not all acknowledged', () => {
    expect(seen(...sets, ...reads('v3', 'v3'))).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(...sets)).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(...sets.slice(1), ...reads('v1', 'v2'))).toMatchObject({ outcome: 'inconclusive' });
  });
});
