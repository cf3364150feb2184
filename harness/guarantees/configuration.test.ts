import { describe, expect, test } from 'vitest';
import { ended, fenced, readied, web, type Step } from '../history/testing.ts';
import type { Recorded } from '../history/objects.ts';
import { configurationIsTheSame, flagsReachTheServers, logsGoToTheConsole, propertyFollows } from './configuration.ts';
import { askedAt, atMoment, ran, settled, word } from './testingServers.ts';

const now = askedAt('now');
const file = (pod: string, text: string, moment = 'now'): Step => ran(pod, ['cat', '/zoo.cfg'], text, { moment });
const missing = (pod: string): Step => ran(pod, ['cat', '/zoo.cfg'], '', { exitCode: 1 });

/** A Ready Pod whose container has this command. */
function commanded(pod: string, command: string): Step {
  return (world) =>
    readied(pod)(world).map((entry) => {
      if (entry.kind !== 'change' || entry.resource !== 'pods') return entry;
      const { spec } = entry.object;
      const containers = (spec?.containers ?? []).map((each) => ({ ...each, command: ['sh', '-c', command] }));
      return { ...entry, object: { ...entry.object, spec: { ...spec, containers } } as Recorded<'pods'> };
    });
}

describe('flagsReachTheServers', () => {
  const flags = [
    { flag: 'tick_time', property: 'tickTime', said: { property: 'tickTime' } },
    { flag: 'data_dir', property: 'dataDir', said: { property: 'dataDir', behind: '/version-2' } },
    { flag: 'purge_interval', property: 'purgeInterval' },
  ];
  const { judge } = flagsReachTheServers(web, [0], '/zoo.cfg', flags, now);
  const command = 'start --tick_time=2000 --data_dir=/data --purge_interval=12';
  const text = 'tickTime=2000\ndataDir=/data\npurgeInterval=12\n';
  const said = (tick: number): Step => word('web-0', 'conf', `tickTime=${tick}\ndataDir=/data/version-2\n`);
  const seen = (with_: string, ...steps: readonly Step[]) =>
    judge(fenced(commanded('web-0', with_), ...atMoment('now', ...steps)));

  test('upheld: in the command, in the file, and said', () => {
    expect(seen(command, file('web-0', text), said(2000))).toMatchObject({ outcome: 'upheld', examined: { count: 5 } });
  });

  test('violated: the file or the server has another value, or the command has no such flag', () => {
    const other = text.replace('12', '0');
    expect(seen(command, file('web-0', other), said(2000))).toMatchObject({ outcome: 'violated' });
    expect(seen(command, file('web-0', text), said(3000))).toMatchObject({ outcome: 'violated' });
    expect(seen('start', file('web-0', text), said(2000))).toMatchObject({ outcome: 'violated' });
    expect(seen(command, missing('web-0'), said(2000))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: the file was not read, or the server not asked', () => {
    expect(seen(command, said(2000))).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(command, file('web-0', text))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('propertyFollows', () => {
  const change = { property: 'cnxns', from: '60', to: '61' };
  const moments = { before: now, after: askedAt('after') };
  const { judge } = propertyFollows(web, [0], '/zoo.cfg', change, moments);
  const before = [readied('web-0'), ...atMoment('now', file('web-0', 'cnxns=60\n'))];
  const after = (value: number): readonly Step[] => atMoment('after', file('web-0', `cnxns=${value}\n`, 'after'));
  const replaced = [ended('web-0'), readied('web-0')];

  test('upheld: the new Pod has the new value', () => {
    expect(judge(fenced(...before, ...replaced, ...after(61)))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: the new Pod has the old value', () => {
    expect(judge(fenced(...before, ...replaced, ...after(60)))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: the Pod was not replaced, or had another value before', () => {
    expect(judge(fenced(...before, ...after(61)))).toMatchObject({ outcome: 'inconclusive' });
    const other = [readied('web-0'), ...atMoment('now', file('web-0', 'cnxns=61\n'))];
    expect(judge(fenced(...other, ...replaced, ...after(61)))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(fenced(...before, ...replaced))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('configurationIsTheSame', () => {
  const { judge } = configurationIsTheSame(web, [0, 1], '/zoo.cfg', ['serverId'], now);
  const seen = (...steps: readonly Step[]) => judge(fenced(...settled(...steps)));
  const said = (pod: string, id: number, tick = 2000): Step => word(pod, 'conf', `tickTime=${tick}\nserverId=${id}\n`);
  const files = [file('web-0', 'a=b\n'), file('web-1', 'a=b\n')];

  test('upheld: the same but for the identifier', () => {
    expect(seen(...files, said('web-0', 1), said('web-1', 2))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: one byte more, no file, or a server that says something else', () => {
    const [first = file('web-0', '')] = files;
    expect(seen(first, file('web-1', 'a=b \n'), said('web-0', 1), said('web-1', 2))).toMatchObject({
      outcome: 'violated',
    });
    expect(seen(first, missing('web-1'), said('web-0', 1), said('web-1', 2))).toMatchObject({ outcome: 'violated' });
    expect(seen(...files, said('web-0', 1), said('web-1', 2, 3000))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: only one to compare, or one that did not answer', () => {
    expect(seen(...files, said('web-0', 1))).toMatchObject({ outcome: 'inconclusive' });
    const alone = configurationIsTheSame(web, [0], '/zoo.cfg', ['serverId'], now);
    expect(alone.judge(fenced(...settled(...files, said('web-0', 1))))).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('logsGoToTheConsole', () => {
  const { judge } = logsGoToTheConsole(web, [0], '/zoo.cfg', now);
  const seen = (text: string) => judge(fenced(...settled(file('web-0', text))));
  const root = 'root=CONSOLE\nlog4j.rootLogger=${root}\n';
  const appender = 'log4j.appender.CONSOLE=org.apache.log4j.ConsoleAppender\nlog4j.appender.CONSOLE.Threshold=INFO\n';

  test('upheld: one appender, and that is the console', () => {
    expect(seen(root + appender)).toMatchObject({ outcome: 'upheld' });
    expect(seen(`log4j.rootLogger=INFO, CONSOLE\n${appender}`)).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: a file too, a file instead, an appender that is not defined, or none', () => {
    const rolling = 'log4j.appender.ROLLING=org.apache.log4j.RollingFileAppender\n';
    for (const text of [
      root + appender + rolling,
      `log4j.rootLogger=INFO, ROLLING\n${rolling}`,
      root,
      `log4j.rootLogger=INFO\n${appender}`,
      '',
    ])
      expect(seen(text)).toMatchObject({ outcome: 'violated' });
    expect(judge(fenced(...settled(missing('web-0'))))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: it was not read', () => {
    expect(judge(fenced(...settled()))).toMatchObject({ outcome: 'inconclusive' });
  });
});
