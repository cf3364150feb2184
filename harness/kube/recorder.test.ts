import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../history/entries.ts';
import type { ResourceName } from '../history/objects.ts';
import { Recording } from '../history/recording.ts';
import { type Recorder, startRecorder } from './recorder.ts';
import { list, object, type OpenWatch, ScriptedApi, status } from './scriptedApi.ts';

const timings = {
  quietMs: 5_000,
  quietBrieflyMs: 5_000,
  resumeWithinMs: 5_000,
  shortestBackoffMs: 1,
  longestBackoffMs: 10,
  equalWithinMs: 5_000,
};

let api: ScriptedApi;
let recording: Recording;
let recorder: Recorder | undefined;

beforeEach(async () => {
  api = await ScriptedApi.start();
  recording = new Recording();
});

afterEach(async () => {
  await recorder?.stop();
  recorder = undefined;
  api.kube.close();
  await api.stop();
});

/** Starts a recording of one resource in the namespace `web` and returns the server's end of its watch. */
async function record(resource: ResourceName = 'pods', patience: Partial<typeof timings> = {}): Promise<OpenWatch> {
  const options = { namespace: 'web', resources: [resource], timings: { ...timings, ...patience } };
  recorder = await startRecorder(api.kube, recording, options);
  return await api.watch();
}

/** Resolves once so many entries are there, and says what they are: `added web-0@11`, `gap: …`. */
async function entries(count: number): Promise<readonly string[]> {
  // Not `until`: it would add an entry of its own.
  while (recording.entries.length < count) await new Promise(setImmediate);
  return recording.entries.map(inWords);
}

function inWords(entry: Entry): string {
  switch (entry.kind) {
    case 'change':
      return `${entry.type} ${entry.object.metadata.name}@${entry.object.metadata.resourceVersion}`;
    case 'gap':
      return `gap in ${entry.resource}: ${entry.because}`;
    case 'fence':
      return `fence ${entry.name} ${JSON.stringify(entry.lists)}`;
    case 'operation':
    case 'observation':
      return entry.kind;
  }
}

describe('the recorder', () => {
  it('lists first, then watches from the list', async () => {
    api.answers(list('10', object('web-0', 5)));
    const watch = await record();
    expect(watch).toMatchObject({ path: '/api/v1/namespaces/web/pods', from: '10' });
    expect(api.requests[0]?.query.get('resourceVersion')).toBeNull();
    expect(api.requests[1]?.query.get('allowWatchBookmarks')).toBe('true');
    watch.send('ADDED', object('web-1', 11));
    watch.send('MODIFIED', object('web-0', 12));
    watch.send('DELETED', object('web-1', 13));
    expect(await entries(4)).toEqual(['present web-0@5', 'added web-1@11', 'modified web-0@12', 'deleted web-1@13']);
  });

  it('fails to start where the server refuses for good', async () => {
    api.answers(status(403, 'Forbidden'));
    await expect(record()).rejects.toMatchObject({ code: 403, reason: 'Forbidden' });
  });

  it('resumes a closed watch from the last change, without loss or duplicate', async () => {
    api.answers(list('10'));
    const first = await record();
    first.send('ADDED', object('web-0', 11));
    first.end();
    const second = await api.watch();
    expect(second.from).toBe('11');
    second.send('ADDED', object('web-0', 11));
    second.send('MODIFIED', object('web-0', 12));
    expect(await entries(2)).toEqual(['added web-0@11', 'modified web-0@12']);
  });

  it('resumes from a bookmark', async () => {
    api.answers(list('10'));
    const first = await record();
    first.bookmark('20');
    first.end();
    expect(await api.watch()).toMatchObject({ from: '20' });
    expect(recording.entries).toEqual([]);
  });

  it('resumes after a connection that was cut in the middle of a line', async () => {
    api.answers(list('10'));
    const first = await record();
    first.send('ADDED', object('web-0', 11));
    first.write('{"type":"MODIFIED","obj');
    await entries(1);
    first.cut();
    const second = await api.watch();
    expect(second.from).toBe('11');
    second.send('MODIFIED', object('web-0', 12));
    expect(await entries(2)).toEqual(['added web-0@11', 'modified web-0@12']);
  });

  it('replaces a connection on which nothing comes, and loses nothing', async () => {
    api.answers(list('10'));
    const first = await record('pods', { quietMs: 50 });
    const second = await api.watch();
    await first.closed;
    expect(second.from).toBe('10');
    second.send('ADDED', object('web-0', 11));
    expect(await entries(1)).toEqual(['added web-0@11']);
  });

  it('lets the server end each connection, and so say how far it is, before its watches forget', async () => {
    api.answers(list('10'));
    const first = await record();
    expect(first.timeoutSeconds).toBeLessThan(35);
    first.bookmark('30');
    first.end();
    const second = await api.watch();
    expect(second.from).toBe('30');
    expect(second.timeoutSeconds).toBeLessThan(35);
  });

  it('keeps a connection on which something comes', async () => {
    api.answers(list('10'));
    const watch = await record('pods', { quietMs: 500 });
    for (let version = 11; version < 20; version += 1) {
      watch.bookmark(String(version));
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    expect(api.requests).toHaveLength(2);
  });

  it('puts a line together from bytes that come one by one', async () => {
    api.answers(list('10'));
    const watch = await record();
    const line = JSON.stringify({ type: 'ADDED', object: object('wéb-😀', 11) });
    for (const byte of Buffer.from(`${line}\n${line.replace('11', '12')}\n`)) {
      watch.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    expect(await entries(2)).toEqual(['added wéb-😀@11', 'added wéb-😀@12']);
  });

  it('survives a server that is away for a while', async () => {
    api.answers(list('10'));
    const first = await record();
    first.send('ADDED', object('web-0', 11));
    await entries(1);
    const comeBack = await api.goesDown();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await comeBack();
    const second = await api.watch();
    expect(second.from).toBe('11');
    second.send('MODIFIED', object('web-0', 12));
    expect(await entries(2)).toEqual(['added web-0@11', 'modified web-0@12']);
  });

  it.each([
    ['429 with Retry-After', { code: 429, headers: { 'retry-after': '1' }, body: 'later' }],
    ['503', status(503, 'ServiceUnavailable')],
    ['403 of a server that is just starting', status(403, 'Forbidden')],
  ])('asks again after %s', async (_, refusal) => {
    api.answers(list('10'));
    const first = await record();
    api.refuses(refusal, refusal);
    first.end();
    first.cut();
    const second = await api.watch();
    second.send('ADDED', object('web-0', 11));
    expect(await entries(1)).toEqual(['added web-0@11']);
  });

  it('asks again after an ERROR event that passes', async () => {
    api.answers(list('10'));
    const first = await record();
    first.send('ERROR', { kind: 'Status', code: 500, reason: 'InternalError', message: 'etcd: no leader' });
    const second = await api.watch();
    expect(second.from).toBe('10');
    second.send('ADDED', object('web-0', 11));
    expect(await entries(1)).toEqual(['added web-0@11']);
  });
});

describe('a gap', () => {
  const before = [object('stays', 5), object('changes', 6), object('goes', 7)];
  const after = list('30', object('changes', 20), object('stays', 5), object('comes', 15));
  const difference = ['deleted goes@7', 'added comes@15', 'modified changes@20'];
  const present = ['present stays@5', 'present changes@6', 'present goes@7'];

  /** What the server does, and what the gap then says. */
  const troubles: readonly (readonly [string, (watch: OpenWatch) => void, RegExp])[] = [
    [
      '410 Gone as an ERROR event',
      (watch) => watch.send('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }),
      /410 Expired too old/,
    ],
    [
      '410 Gone as the answer to a resumed watch',
      (watch) => {
        api.refuses(status(410, 'Expired'));
        watch.bookmark('11');
        watch.end();
      },
      /410 Expired/,
    ],
    ['an ERROR event that says nothing', (watch) => watch.send('ERROR', {}), /an error it does not name/],
    ['a line that is not JSON', (watch) => watch.write('{"type":\n'), /not understood/],
    ['bytes that are not UTF-8', (watch) => watch.write(Buffer.of(0x7b, 0xff, 0x0a)), /cannot be read/],
    ['an unknown type', (watch) => watch.send('CHANGED', object('stays', 12)), /unknown event type "CHANGED"/],
    [
      'an object without a uid',
      (watch) => watch.send('ADDED', { metadata: { name: 'stays', resourceVersion: '12' } }),
      /without a uid/,
    ],
    [
      'an object without a resourceVersion',
      (watch) => watch.send('ADDED', { metadata: { name: 'stays', uid: 'x' } }),
      /without a resourceVersion/,
    ],
    [
      'a change from before the list',
      (watch) => watch.send('ADDED', object('late', 9)),
      /late at 9 was reported after everything up to 10/,
    ],
  ];

  it.each(troubles)('stands for %s, and the recording goes on', async (_, trouble, because) => {
    api.answers(list('10', ...before), after);
    const first = await record();
    trouble(first);
    const second = await api.watch();
    expect(second.from).toBe('30');
    second.send('MODIFIED', object('stays', 31));
    const [gap, ...rest] = (await entries(8)).slice(present.length);
    expect(gap).toMatch(/^gap in pods: /);
    expect(gap).toMatch(because);
    expect(rest).toEqual([...difference, 'modified stays@31']);
  });

  it('takes in nothing that follows a bad line in the same chunk', async () => {
    api.answers(list('10', ...before), after);
    const first = await record();
    const line = JSON.stringify({ type: 'ADDED', object: object('ghost', 12) });
    first.write(`nonsense\n${line}\n`);
    await api.watch();
    expect((await entries(7)).slice(4)).toEqual(difference);
  });

  it('stands where a watch cannot be resumed in time', async () => {
    api.answers(list('10', ...before));
    const watch = await record('pods', { resumeWithinMs: 60 });
    const comeBack = await api.goesDown();
    await watch.closed;
    expect((await entries(4))[3]).toMatch(/^gap in pods: not resumed within 0.06 s: no answer .*refused/);
    api.answers(after);
    await comeBack();
    await api.watch();
    expect((await entries(7)).slice(4)).toEqual(difference);
  });

  it('stands for a server that closes every watch at once', async () => {
    api.answers(list('10', ...before), after);
    const closesAtOnce = { code: 200 };
    api.refuses(...Array.from({ length: 2_000 }, () => closesAtOnce));
    void record('pods', { resumeWithinMs: 60 }).catch(() => undefined);
    expect((await entries(4))[3]).toMatch(/not resumed within 0.06 s: the server closes the watch/);
  });
});

describe('after 410 Gone', () => {
  const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version: 10 (14)' };
  const [a5, a12, b7, b11, b14] = [object('a', 5), object('a', 12), object('b', 7), object('b', 11), object('b', 14)];

  it('reads back every revision, and has no gap', async () => {
    api.answers(list('10', a5), list('15', a12));
    const first = await record();
    // b comes and goes in between: neither end shows it.
    api.stores({ 10: [a5], 11: [a5, b11], 12: [a12, b11], 13: [a12, b11], 14: [a12], 15: [a12] });
    first.send('ERROR', gone);
    const second = await api.watch();
    expect(second.from).toBe('15');
    expect(await entries(4)).toEqual(['present a@5', 'added b@11', 'modified a@12', 'deleted b@14']);
  });

  /** Lists from which what happened cannot be told, and what the gap says then. */
  const useless: readonly (readonly [string, Parameters<ScriptedApi['stores']>[0], RegExp])[] = [
    ['a revision is compacted', { 10: [a5], 11: [a5, b11], 13: [a12, b14] }, /cannot be read back: Expired/],
    ['the storage lacks what was recorded', { 10: [], 11: [], 12: [], 13: [] }, /not what was stored/],
    [
      'the storage has what was not recorded',
      { 10: [a5, b7], 11: [a5, b7], 12: [a5, b7], 13: [a5, b7] },
      /not what was stored/,
    ],
    ['a list shows more than its revision', { 10: [a5], 11: [a12, b11], 12: [a12], 13: [a12] }, /around revision 11/],
  ];

  it.each(useless)('there is a gap where %s', async (_, stored, because) => {
    const now = list('13', a12);
    api.answers(list('10', a5), now, now);
    const first = await record();
    api.stores(stored);
    first.send('ERROR', gone);
    expect((await api.watch()).from).toBe('13');
    const [, gap, ...rest] = await entries(3);
    expect(gap).toMatch(because);
    expect(rest).toEqual(['modified a@12']);
  });

  it('there is a gap where there were too many revisions to read back', async () => {
    api.answers(list('10', a5), list('5000', a12), list('5001', a12));
    const first = await record();
    api.stores({ 10: [a5] });
    first.send('ERROR', gone);
    await api.watch();
    expect((await entries(3))[1]).toMatch(/4990 revisions since then are more than the 3000/);
    expect(api.requests).toHaveLength(6);
  });
});

describe('a fence', () => {
  /** Records one Pod, asks for a fence with this list, and returns both the promise and the server's end of the watch that is asked for a bookmark. */
  async function fenceWith(
    ...listed: Parameters<typeof list>
  ): Promise<{ fenced: Promise<unknown>; watch: OpenWatch }> {
    api.answers(list(...listed));
    const fenced = recorder?.fence('end') ?? Promise.reject(new Error('not started'));
    return { fenced, watch: await api.watch() };
  }

  it('closes at once when the watch has come past the list already', async () => {
    api.answers(list('10'));
    const watch = await record();
    watch.send('ADDED', object('web-0', 11));
    watch.send('MODIFIED', object('web-0', 14));
    watch.send('ADDED', object('web-1', 15));
    await entries(3);
    api.answers(list('12', object('web-0', 11)));
    await recorder?.fence('end');
    expect((await entries(4))[3]).toBe('fence end {"pods":"12"}');
  });

  it('waits for a watch that is behind the list', async () => {
    api.answers(list('10', object('web-0', 5)));
    await record();
    const { fenced, watch } = await fenceWith('20', object('web-0', 5), object('web-1', 18));
    expect(watch).toMatchObject({ from: '10', timeoutSeconds: 3 });
    watch.send('ADDED', object('web-1', 17));
    watch.send('MODIFIED', object('web-1', 18));
    watch.bookmark('20');
    await fenced;
    expect(await entries(4)).toEqual([
      'present web-0@5',
      'added web-1@17',
      'modified web-1@18',
      'fence end {"pods":"20"}',
    ]);
  });

  it('is not satisfied by equality alone: what came and went while the watch was late is recorded before it', async () => {
    api.answers(list('10', object('web-0', 5)));
    await record();
    const { fenced, watch } = await fenceWith('20', object('web-0', 5));
    watch.send('ADDED', object('ghost', 15));
    watch.send('DELETED', object('ghost', 16));
    watch.bookmark('21');
    await fenced;
    expect(await entries(4)).toEqual([
      'present web-0@5',
      'added ghost@15',
      'deleted ghost@16',
      'fence end {"pods":"20"}',
    ]);
  });

  it('asks again, for longer, until a bookmark reaches the list, and then no oftener than before', async () => {
    api.answers(list('10'));
    await record();
    const { fenced, watch } = await fenceWith('20');
    watch.bookmark('19');
    watch.end();
    const again = await api.watch();
    expect(again).toMatchObject({ from: '19', timeoutSeconds: 4 });
    await expect.poll(() => api.requests.filter(({ query }) => query.get('limit') === '1')).not.toHaveLength(0);
    again.bookmark('20');
    await fenced;
    again.end();
    expect((await api.watch()).timeoutSeconds).toBeGreaterThanOrEqual(25);
  });

  it('does not wait for a dead connection when it asks for a bookmark', async () => {
    api.answers(list('10'));
    await record('pods', { quietBrieflyMs: 100 });
    api.refuses(() => undefined);
    const { fenced, watch: silent } = await fenceWith('20');
    expect(silent).toMatchObject({ from: '10', timeoutSeconds: 4 });
    const watch = await api.watch();
    expect(watch).toMatchObject({ from: '10', timeoutSeconds: 5 });
    watch.bookmark('20');
    await fenced;
  });

  it('may close on equality alone for now, and asks for no bookmark then', async () => {
    api.answers(list('10', object('web-0', 5)), list('20', object('web-0', 5)));
    await record();
    await recorder?.fence('middle', { provisional: true });
    expect(recording.entries.at(-1)).toMatchObject({ kind: 'fence', provisional: true, lists: { pods: '20' } });
    expect(api.requests).toHaveLength(3);
  });

  it('waits for equality also when that is enough for now', async () => {
    api.answers(list('10', object('web-0', 5)), list('20', object('web-0', 15)));
    const watch = await record();
    const fenced = recorder?.fence('middle', { provisional: true });
    while (api.requests.length < 3) await new Promise(setImmediate);
    watch.send('MODIFIED', object('web-0', 15));
    await fenced;
    expect(await entries(3)).toEqual(['present web-0@5', 'modified web-0@15', 'fence middle {"pods":"20"}']);
  });

  it('is belied by what is told later of the time before it', async () => {
    api.answers(list('10'), list('20'));
    const watch = await record();
    await recorder?.fence('middle', { provisional: true });
    watch.send('ADDED', object('ghost', 15));
    watch.send('DELETED', object('ghost', 16));
    watch.send('ADDED', object('web-0', 21));
    const late = /ghost at 15 was told after a fence that had taken everything up to 20 to be told/;
    expect((await entries(6)).slice(1)).toEqual([
      expect.stringMatching(late),
      'added ghost@15',
      expect.stringMatching(/gap in pods: ghost at 16/),
      'deleted ghost@16',
      'added web-0@21',
    ]);
  });

  const shortly = { equalWithinMs: 100 };

  it('leaves out, after a gap, what never becomes equal', async () => {
    api.answers(list('10', object('web-0', 5)));
    await record('pods', shortly);
    const { fenced, watch } = await fenceWith('20', object('web-0', 12));
    watch.bookmark('20');
    await fenced;
    expect((await entries(3)).slice(1)).toEqual([
      'gap in pods: at the fence “end”: not equal to a list within 0.1 s: web-0 is listed at 12 and recorded at 5',
      'fence end {}',
    ]);
  });

  it('leaves out, after a gap, a watch that does not tell how far it is', async () => {
    api.answers(list('10'));
    await record('pods', shortly);
    const { fenced } = await fenceWith('20');
    await fenced;
    expect((await entries(2))[0]).toMatch(/the watch has told everything up to 10 only, the list is of 20/);
  });

  it('sees an object that is recorded and not listed', async () => {
    api.answers(list('10', object('web-0', 5)));
    await record('pods', shortly);
    const { fenced, watch } = await fenceWith('20');
    watch.bookmark('20');
    await fenced;
    expect((await entries(3))[1]).toMatch(/web-0 is recorded at 5 and not listed any more/);
  });

  it('leaves out, after a gap, what cannot be listed', async () => {
    const broken = Array.from({ length: 200 }, () => status(500, 'InternalError'));
    api.answers(list('10'), ...broken);
    await record('pods', shortly);
    await recorder?.fence('end');
    const [gap, fence] = await entries(2);
    // The limit may also run out while an answer is under way; then that is the reason.
    expect(gap).toMatch(
      /^gap in pods: at the fence “end”: no list to compare with: .*(InternalError|no answer within)/,
    );
    expect(fence).toBe('fence end {}');
  });

  it('waits for a server that is away', async () => {
    api.answers(list('10'));
    await record();
    const comeBack = await api.goesDown();
    const fenced = recorder?.fence('end');
    api.answers(list('10'));
    await comeBack();
    await fenced;
    expect(await entries(1)).toEqual(['fence end {"pods":"10"}']);
  });

  it('does not compare events', async () => {
    api.answers(list('10'));
    await record('events');
    await recorder?.fence('end');
    expect(await entries(1)).toEqual(['fence end {}']);
  });

  it('ends with its signal', async () => {
    api.answers(list('10'), () => undefined);
    await record();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(recorder?.fence('end', { signal })).rejects.toThrow('enough');
  });
});

describe('cluster-wide volumes', () => {
  const claimedBy = (namespace: string): object => ({ spec: { claimRef: { namespace } } });

  it('are recorded as far as a claim of the namespace has them, to their end', async () => {
    api.answers(list('10', object('ours', 5, claimedBy('web')), object('theirs', 6, claimedBy('other'))));
    const watch = await record('persistentvolumes');
    expect(watch.path).toBe('/api/v1/persistentvolumes');
    watch.send('MODIFIED', object('theirs', 11, claimedBy('other')));
    watch.send('MODIFIED', object('theirs', 11, claimedBy('other')));
    watch.send('ADDED', object('free', 12));
    watch.send('MODIFIED', object('free', 13, claimedBy('web')));
    watch.send('MODIFIED', object('ours', 14));
    watch.send('DELETED', object('ours', 15));
    const changes = ['present ours@5', 'modified free@13', 'modified ours@14', 'deleted ours@15'];
    expect(await entries(4)).toEqual(changes);
    api.answers(list('15', object('theirs', 11, claimedBy('other')), object('free', 13, claimedBy('web'))));
    await recorder?.fence('end');
    expect(await entries(5)).toEqual([...changes, 'fence end {"persistentvolumes":"15"}']);
  });
});

describe('stopping', () => {
  it('closes every connection', async () => {
    api.answers(list('10'));
    const watch = await record();
    await recorder?.stop();
    await watch.closed;
    api.kube.close();
    const connections = (): Promise<number> =>
      new Promise((resolve, reject) => {
        api.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
      });
    await expect.poll(connections).toBe(0);
  });

  it('ends with the signal it was given, also while the server is away', async () => {
    const stop = new AbortController();
    api.answers(list('10'));
    recorder = await startRecorder(api.kube, recording, {
      namespace: 'web',
      resources: ['pods'],
      signal: stop.signal,
      timings: { ...timings, longestBackoffMs: 60_000, shortestBackoffMs: 60_000 },
    });
    const comeBack = await api.goesDown();
    stop.abort(new Error('interrupted'));
    await recorder.stop();
    await comeBack();
    expect(recording.entries).toEqual([]);
  });
});
