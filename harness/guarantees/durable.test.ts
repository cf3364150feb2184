import { describe, expect, test } from 'vitest';
import type { NewEntry } from '../history/entries.ts';
import {
  deleted,
  fence,
  fenced,
  observed,
  readied,
  timeAt,
  touched,
  web,
  type PodTraits,
  type Step,
} from '../history/testing.ts';
import {
  allServersCrashTogether,
  findsFilesWith,
  listsFiles,
  snapshotsAreTaken,
  theFilesMoveAlong,
  theLogHoldsTheWord,
} from './durable.ts';
import { stored } from './testingClaims.ts';
import { asked, askedAt, atMoment, ran } from './testingServers.ts';

const looks = { before: 'before', after: 'after' };

function look(moment: string, argv: readonly string[], stdout: string): Step {
  return observed({ of: 'node', moment, node: 'worker-1', argv, stdout });
}

describe('theLogHoldsTheWord', () => {
  const sent = { moment: 'now', target: 'web-0', request: 'create /a nonce' };
  const { judge } = theLogHoldsTheWord(web, [0], { word: 'nonce', directory: '/data', sent }, looks);
  const written = asked('web-0', 'create /a nonce');
  const found = (moment: string, ...files: readonly string[]): Step =>
    look(moment, findsFilesWith('nonce', '/data/pv-0/data'), files.map((file) => `${file}\n`).join(''));
  const log = '/data/pv-0/data/log/version-2/log.100000001';

  test('upheld: no file has it before, a log has it after', () => {
    expect(judge(fenced(...stored(0), found('before'), written, found('after', log)))).toMatchObject({
      outcome: 'upheld',
    });
  });

  test('violated: no file has it after, or only one that is no log', () => {
    expect(judge(fenced(...stored(0), found('before'), written, found('after')))).toMatchObject({
      outcome: 'violated',
    });
    const other = found('after', '/data/pv-0/data/version-2/snapshot.0');
    expect(judge(fenced(...stored(0), found('before'), written, other))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: no server acknowledged it', () => {
    const refused = asked('web-0', 'create /a nonce', { status: 'failed', code: 'NO_SESSION' });
    for (const unwritten of [[], [refused], [asked('web-1', 'create /a nonce')], [asked('web-0', 'create /a other')]])
      expect(judge(fenced(...stored(0), found('before'), ...unwritten, found('after')))).toMatchObject({
        outcome: 'inconclusive',
      });
  });

  test('inconclusive: it was there before, nobody looked twice, elsewhere, or there is no volume', () => {
    expect(judge(fenced(...stored(0), found('before', log), written, found('after', log)))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(...stored(0), written, found('after', log)))).toMatchObject({ outcome: 'inconclusive' });
    const elsewhere = look('after', findsFilesWith('nonce', '/data/pv-1/data'), `${log}\n`);
    expect(judge(fenced(...stored(0), found('before'), written, elsewhere))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(found('before'), written, found('after', log)))).toMatchObject({ outcome: 'inconclusive' });
  });
});

/** The Pod with a container of this name that was started so often, the last time after it had ended with this code. */
function container(
  step: Step,
  traits: {
    readonly id: string;
    readonly restarts?: number;
    readonly code?: number;
    readonly endedAt?: number;
    readonly readyAt?: number;
    /** How it ended is told while it is dead, or once the next one runs. */
    readonly told?: 'dead' | 'next' | 'never';
  },
): Step {
  const { id, restarts = 0, code = 137, endedAt = 10, readyAt = 30, told = restarts > 0 ? 'next' : 'never' } = traits;
  return (world) =>
    step(world).map((entry) => {
      if (entry.kind !== 'change' || entry.resource !== 'pods') return entry;
      const terminated = { exitCode: code, finishedAt: timeAt(endedAt), containerID: 'before' };
      const status = {
        ...entry.object.status,
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: timeAt(readyAt) }],
        containerStatuses: [
          {
            name: 'nginx',
            restartCount: restarts,
            containerID: id,
            ...(told === 'next' ? { lastState: { terminated } } : {}),
            ...(told === 'dead' ? { state: { terminated } } : {}),
          },
        ],
      };
      return { ...entry, object: { ...entry.object, status } } as unknown as NewEntry;
    });
}

const first = (pod: string, traits: PodTraits = {}): Step => container(readied(pod, traits), { id: `${pod}#1` });

describe('snapshotsAreTaken', () => {
  const { judge } = snapshotsAreTaken(web, [0], '/data/version-2', looks, { from: 'begun' });
  const listed = (moment: string, ...files: readonly string[]): Step =>
    look(moment, ['sh', '-c', 'ls /data/pv-0/data/version-2'], files.map((file) => `${file}\n`).join(''));
  const begun = [...stored(0), first('web-0'), fence('begun')];

  test('upheld: there is a later one, or a first', () => {
    const later = [
      listed('before', 'snapshot.0', 'acceptedEpoch'),
      listed('after', 'snapshot.0', 'snapshot.10000001f'),
    ];
    expect(judge(fenced(...begun, ...later))).toMatchObject({ outcome: 'upheld' });
    expect(judge(fenced(...begun, listed('before'), listed('after', 'snapshot.0')))).toMatchObject({
      outcome: 'upheld',
    });
  });

  test('violated: there are the same, fewer, or none', () => {
    for (const files of [['snapshot.a'], ['snapshot.9'], []])
      expect(judge(fenced(...begun, listed('before', 'snapshot.a'), listed('after', ...files)))).toMatchObject({
        outcome: 'violated',
      });
  });

  test('inconclusive: the server was started again meanwhile, which takes one as well', () => {
    const again = container(touched('web-0'), { id: 'web-0#2', restarts: 1 });
    const seen = [listed('before', 'snapshot.0'), again, listed('after', 'snapshot.1')];
    expect(judge(fenced(...begun, ...seen))).toMatchObject({ outcome: 'inconclusive' });
    const remade = [deleted('web-0'), first('web-0')].map((step, at) =>
      at === 0 ? step : container(readied('web-0'), { id: 'web-0#3' }),
    );
    const other = [listed('before', 'snapshot.0'), ...remade, listed('after', 'snapshot.1')];
    expect(judge(fenced(...begun, ...other))).toMatchObject({ outcome: 'inconclusive' });
  });

  test('inconclusive: nobody looked twice', () => {
    expect(judge(fenced(...begun, listed('after', 'snapshot.1')))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('allServersCrashTogether', () => {
  const { judge } = allServersCrashTogether(web, [0, 1], { from: 'begun' });
  const begun = [first('web-0'), first('web-1'), fence('begun')];
  const crashed = (pod: string, traits: Partial<Parameters<typeof container>[1]> = {}): Step =>
    container(touched(pod), { id: `${pod}#2`, restarts: 1, ...traits });

  test('upheld: both were killed and are Ready again', () => {
    expect(judge(fenced(...begun, crashed('web-0'), crashed('web-1', { endedAt: 12 })))).toMatchObject({
      outcome: 'upheld',
    });
  });

  test('what was told while it was dead counts when it is forgotten once the next one runs', () => {
    const dead = (code: number): Step => container(touched('web-1'), { id: 'web-1#1', code, told: 'dead' });
    const next = crashed('web-1', { told: 'never' });
    expect(judge(fenced(...begun, crashed('web-0'), dead(137), next))).toMatchObject({ outcome: 'upheld' });
    expect(judge(fenced(...begun, crashed('web-0'), dead(1), next))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...begun, crashed('web-0'), next))).toMatchObject({ outcome: 'inconclusive' });
  });

  test('upheld: a Pod that had gone before does not count', () => {
    const earlier = [first('web-1'), deleted('web-1')];
    expect(judge(fenced(...earlier, ...begun, crashed('web-0'), crashed('web-1')))).toMatchObject({
      outcome: 'upheld',
    });
  });

  test('upheld: kubelet ended one again after it had been Ready', () => {
    const again = crashed('web-1', { id: 'web-1#3', restarts: 2, code: 143, endedAt: 40, readyAt: 50 });
    expect(judge(fenced(...begun, crashed('web-0'), crashed('web-1'), again))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: one ended twice by itself, or did not come back in its Pod', () => {
    const again = (code: number) => crashed('web-1', { id: 'web-1#3', restarts: 2, code, endedAt: 40, readyAt: 50 });
    for (const code of [1, 137])
      expect(judge(fenced(...begun, crashed('web-0'), crashed('web-1'), again(code)))).toMatchObject({
        outcome: 'violated',
      });
    expect(judge(fenced(...begun, crashed('web-0'), crashed('web-1'), deleted('web-1')))).toMatchObject({
      outcome: 'violated',
    });
  });

  test('inconclusive: one was not killed, ended by itself, or the other was back before it was', () => {
    expect(judge(fenced(...begun, crashed('web-0')))).toMatchObject({ outcome: 'inconclusive' });
    const stale = crashed('web-1', { endedAt: 12, readyAt: 11 });
    expect(judge(fenced(...begun, crashed('web-0'), stale))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...begun, crashed('web-0'), crashed('web-1', { code: 143 })))).toMatchObject({
      outcome: 'inconclusive',
    });
    expect(judge(fenced(...begun, crashed('web-0'), crashed('web-1', { endedAt: 31, readyAt: 60 })))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
});

describe('theFilesMoveAlong', () => {
  const { judge } = theFilesMoveAlong(web, 0, '/data', { before: askedAt('before'), after: askedAt('after') });
  const listed = (moment: string, ...files: readonly string[]): readonly Step[] =>
    atMoment(moment, ran('web-0', listsFiles('/data'), files.map((file) => `${file}\n`).join(''), { moment }));
  const before = [
    readied('web-0', { node: 'one' }),
    ...listed('before', 'version-2/log.1 10.5', 'version-2/log.8 20.5', 'myid 5.0'),
  ];
  const moved = [deleted('web-0'), readied('web-0', { node: 'two' })];

  test('upheld: all are there, the newest written on, the identifier written anew', () => {
    const after = listed(
      'after',
      'version-2/log.1 10.5',
      'version-2/log.8 30.5',
      'version-2/snapshot.9 40.5',
      'myid 40.0',
    );
    expect(judge(fenced(...before, ...moved, ...after))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: one is gone, older than it was, or all are new', () => {
    for (const files of [
      ['version-2/log.8 20.5'],
      ['version-2/log.1 10.5', 'version-2/log.8 19.5'],
      ['version-2/log.1 50.5', 'version-2/log.8 50.5'],
    ])
      expect(judge(fenced(...before, ...moved, ...listed('after', ...files)))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: it was not moved, or there was no file before, or nobody looked twice', () => {
    const after = listed('after', 'version-2/log.1 10.5', 'version-2/log.8 20.5');
    expect(judge(fenced(...before, ...after))).toMatchObject({ outcome: 'inconclusive' });
    const same = [deleted('web-0'), readied('web-0', { node: 'one' })];
    expect(judge(fenced(...before, ...same, ...after))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...before, ...moved))).toMatchObject({ outcome: 'inconclusive' });
    const empty = [readied('web-0', { node: 'one' }), ...listed('before', 'myid 5.0'), ...moved, ...after];
    expect(judge(fenced(...empty)).outcome).not.toBe('upheld');
  });
});
