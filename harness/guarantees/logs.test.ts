import { describe, expect, test } from 'vitest';
import { fenced, observed, readied, running, added, type Step } from '../history/testing.ts';
import { theLogIsRotated, theLogIsTheServers } from './logs.ts';

const form = /^\d{4}-\d\d-\d\d [\d:,]+ \[myid:1\] - INFO /;
const { judge } = theLogIsTheServers('now', { pod: 'zk-0', lines: 3, form, some: 'ruok' });
const request = 'get pods/zk-0/log tailLines=3';
const got = (body: unknown, code = 200): Step => observed({ of: 'api', moment: 'now', request, code, body });
const line = (id: number, text: string): string =>
  `2026-11-28 19:42:10,768 [myid:${id}] - INFO  [Thread-0] - ${text}\n`;

test('upheld: its own lines, one with the word; what has no date belongs to the line before', () => {
  expect(judge(fenced(got(line(1, 'ruok') + line(1, 'closed'))))).toMatchObject({ outcome: 'upheld' });
  expect(judge(fenced(got(`${line(1, 'ruok')}\tat somewhere\n`)))).toMatchObject({ outcome: 'upheld' });
});

test('violated: too many lines, another server’s, none with the word, none with a date, none at all, or no log', () => {
  for (const body of [line(1, 'ruok').repeat(4), line(1, 'ruok') + line(2, 'ruok'), line(1, 'closed'), 'ruok\n', ''])
    expect(judge(fenced(got(body)))).toMatchObject({ outcome: 'violated' });
  expect(judge(fenced(got({ message: 'no such Pod' }, 404)))).toMatchObject({ outcome: 'violated' });
});

test('inconclusive: nobody asked, or the server did not answer', () => {
  expect(judge(fenced())).toMatchObject({ outcome: 'inconclusive' });
  expect(judge(fenced(got('too many requests', 429)))).toMatchObject({ outcome: 'inconclusive' });
});

describe('theLogIsRotated', () => {
  const argv = ['stat', '/var/log/pods/web-0'];
  const retention = { pod: 'web-0', node: { moment: 'now', argv }, written: 100, mostFiles: 3, fileBytes: 10 };
  const { judge: rotated } = theLogIsRotated('now', retention);
  const files = (...sizes: readonly number[]): Step =>
    observed({
      of: 'node',
      moment: 'now',
      node: 'worker-1',
      argv,
      stdout: sizes.map((size, at) => `${size} /var/log/pods/web-0/${at}.log\n`).join(''),
    });
  const read = observed({
    of: 'api',
    moment: 'now',
    request: 'get pods/web-0/log tailLines=1',
    code: 200,
    body: 'x\n',
  });

  test('upheld: a few files, with one more than they may hold while it writes', () => {
    expect(rotated(fenced(readied('web-0'), files(15, 10, 10), read))).toMatchObject({ outcome: 'upheld' });
  });

  test('violated: one file with all of it, too many, too much, or a log that cannot be read', () => {
    for (const found of [files(100), files(5, 5, 5, 5), files(21, 10, 10), files()])
      expect(rotated(fenced(readied('web-0'), found, read))).toMatchObject({ outcome: 'violated' });
    const gone = observed({ of: 'api', moment: 'now', request: 'get pods/web-0/log tailLines=1', code: 404, body: '' });
    expect(rotated(fenced(readied('web-0'), files(15, 10), gone))).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: it has not written all, wrote too little, nobody looked, or nobody read the log', () => {
    const writing = [added('web-0'), running('web-0')];
    expect(rotated(fenced(...writing, files(15, 10), read))).toMatchObject({ outcome: 'inconclusive' });
    const little = theLogIsRotated('now', { ...retention, written: 40 });
    expect(little.judge(fenced(readied('web-0'), files(15, 10), read))).toMatchObject({ outcome: 'inconclusive' });
    expect(rotated(fenced(readied('web-0'), read))).toMatchObject({ outcome: 'inconclusive' });
    expect(rotated(fenced(readied('web-0'), files(15, 10)))).toMatchObject({ outcome: 'inconclusive' });
  });
});
