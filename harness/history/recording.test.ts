import { describe, expect, test } from 'vitest';
import type { NewEntry } from './entries.ts';
import { Recording, WaitGivenUp } from './recording.ts';
import { added, deleted, fenced, ready } from './testing.ts';

const pod = (name: string, version: string): NewEntry =>
  ({
    kind: 'change',
    resource: 'pods',
    type: 'added',
    object: { metadata: { name, uid: name, resourceVersion: version } },
  }) as unknown as NewEntry;

describe('append', () => {
  test('gives each entry its place', () => {
    const recording = new Recording(() => 7);
    expect(recording.append(pod('web-0', '1'))).toMatchObject({ index: 0, atMs: 7 });
    expect(recording.append(pod('web-1', '2'))).toMatchObject({ index: 1 });
  });
  test('nothing gets in once it is sealed', () => {
    const recording = new Recording();
    recording.append(pod('web-0', '1'));
    const history = recording.seal({} as never, { status: 'told', told: null });
    recording.append(pod('web-1', '2'));
    expect(history.entries).toHaveLength(1);
  });
});

describe('until', () => {
  const wait = { for: 'web-1', deadlineMs: 1000 };
  const sees = (recording: Recording, uid: string) => () => recording.state('pods').has(uid);

  test('resolves at once with what is there already', async () => {
    const recording = new Recording();
    recording.append(pod('web-1', '1'));
    await expect(recording.until(sees(recording, 'web-1'), wait)).resolves.toBe(true);
  });
  test('resolves with the entry that brings it, and records the wait', async () => {
    const recording = new Recording();
    const seen = recording.until(sees(recording, 'web-1'), wait);
    recording.append(pod('web-0', '1'));
    recording.append(pod('web-1', '2'));
    await seen;
    expect(recording.entries.at(-1)).toMatchObject({ kind: 'observation', of: 'wait', for: 'web-1' });
    expect(recording.openWaits).toHaveLength(0);
  });
  test('gives up with words: for what, how long, what was seen last', async () => {
    const recording = new Recording();
    const given = recording.until(() => false, { for: 'web-1', deadlineMs: 1, lastSeen: () => 'web-0 Pending' });
    await expect(given).rejects.toThrow(WaitGivenUp);
    await expect(given).rejects.toThrow('waited 0.0 s for web-1; last seen: web-0 Pending');
  });
  test('ends with the reason of its signal', async () => {
    const stop = new AbortController();
    const given = new Recording().until(() => false, { ...wait, signal: stop.signal });
    stop.abort(new Error('interrupted'));
    await expect(given).rejects.toThrow('interrupted');
  });
  test('what looking throws ends the wait', async () => {
    const recording = new Recording();
    const look = (): boolean => {
      throw new Error('no such Pod');
    };
    await expect(recording.until(look, wait)).rejects.toThrow('no such Pod');
    expect(recording.openWaits).toHaveLength(0);
  });
});

describe('the sealed history', () => {
  const history = fenced(added('web-0'), ready('web-0'), deleted('web-0'), added('web-0'));

  test('folds the objects as they stood after an entry', () => {
    expect([...history.stateAfter('pods', 1).keys()]).toEqual(['web-0#1']);
    expect([...history.stateAfter('pods', 2).keys()]).toEqual([]);
    expect([...history.stateAfter('pods', 3).keys()]).toEqual(['web-0#2']);
  });
  test('bounds changes: from exclusive, to inclusive', () => {
    expect(history.changes('pods', 0, 2).map((change) => change.type)).toEqual(['modified', 'deleted']);
  });
});
