import { describe, expect, test } from 'vitest';
import { fenced, touched, web, type Step } from '../history/testing.ts';
import { eachPodPrints, propertiesIn } from './outputs.ts';
import { askedAt, ran, settled } from './testingServers.ts';

const argv = ['cat', '/etc/myid'];
const { judge } = eachPodPrints(web, [0, 1], argv, (ordinal) => `${ordinal + 1}\n`, askedAt('now'));
const seen = (...steps: readonly Step[]) => judge(fenced(...settled(...steps)));

describe('eachPodPrints', () => {
  test('upheld: each prints its own', () => {
    const verdict = seen(ran('web-0', argv, '1\n'), ran('web-1', argv, '2\n'));
    expect(verdict).toMatchObject({ outcome: 'upheld', examined: { count: 2 } });
  });

  test('violated: one prints another’s, or more, or nothing since the command failed', () => {
    for (const wrong of [
      ran('web-1', argv, '1\n'),
      ran('web-1', argv, '2\n2\n'),
      ran('web-1', argv, '2\n', { exitCode: 1 }),
    ])
      expect(seen(ran('web-0', argv, '1\n'), wrong)).toMatchObject({ outcome: 'violated' });
  });

  test('inconclusive: it was not run in one of them, or something else, or at another moment', () => {
    const first = ran('web-0', argv, '1\n');
    expect(seen(first)).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(first, ran('web-1', ['cat', '/etc/other'], '2\n'))).toMatchObject({ outcome: 'inconclusive' });
    expect(seen(first, ran('web-1', argv, '2\n', { moment: 'then' }))).toMatchObject({ outcome: 'inconclusive' });
  });

  test('inconclusive: a Pod changed meanwhile', () => {
    const changed = touched('web-1', { ip: '10.0.0.9' });
    const verdict = seen(ran('web-0', argv, '1\n'), changed, ran('web-1', argv, '2\n'));
    expect(verdict).toMatchObject({ outcome: 'inconclusive' });
  });
});

test('properties are names and values; comments and other lines are none', () => {
  expect([...propertiesIn('# a=b\ntickTime=2000\nminSessionTimeout= 4000\nrest\na=b=c\n')]).toEqual([
    ['tickTime', '2000'],
    ['minSessionTimeout', '4000'],
    ['a', 'b=c'],
  ]);
});
