import { describe, expect, test } from 'vitest';
import type { History } from '../history/history.ts';
import { ended, fence, fenced, gap, observed, readied, web, type Step } from '../history/testing.ts';
import { eachPodPrintsLines, readingStatus, theContainerMay } from './printed.ts';
import { printed } from './testingVolumes.ts';

const asked = { moment: 'looked', from: 'begin', to: 'close' } as const;

function told(...looks: readonly Step[]): History {
  return fenced(readied('web-0'), readied('web-1'), fence('begin'), ...looks, fence('close'));
}

describe('eachPodPrintsLines', () => {
  const argv = ['cat', 'settings'];
  const { judge } = eachPodPrintsLines(web, [0, 1], argv, ['num_tokens: 32', { begins: 'version 1.8' }], asked);
  const good = 'name: x\n  num_tokens: 32\nversion 1.8.0_504\n';
  const other = printed('looked', 'web-1', good, argv);

  test('upheld: every line is there in each, with blanks around it', () => {
    expect(judge(told(printed('looked', 'web-0', good, argv), other))).toMatchObject({
      outcome: 'upheld',
      examined: { count: 4 },
    });
  });
  test('upheld: on the other stream', () => {
    const stderr = {
      of: 'command',
      moment: 'looked',
      pod: 'web-0',
      argv,
      exitCode: 0,
      stdout: '',
      stderr: good,
    } as const;
    expect(judge(told(observed(stderr), other))).toMatchObject({ outcome: 'upheld' });
  });
  test('violated: a line is missing, is only part of one, or begins otherwise', () => {
    for (const bad of ['version 1.8\n', 'num_tokens: 320\nversion 1.8\n', 'num_tokens: 32\nopenversion 1.8\n'])
      expect(judge(told(printed('looked', 'web-0', bad, argv), other))).toMatchObject({ outcome: 'violated' });
  });
  test('violated: the command failed, whatever it printed', () => {
    const failed = {
      of: 'command',
      moment: 'looked',
      pod: 'web-0',
      argv,
      exitCode: 1,
      stdout: good,
      stderr: '',
    } as const;
    expect(judge(told(observed(failed), other))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: one did not run it, or another command, or at another moment; a Pod is not there or was replaced; a gap', () => {
    expect(judge(told(other))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(printed('looked', 'web-0', good, ['cat']), other))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(printed('later', 'web-0', good, argv), other))).toMatchObject({ outcome: 'inconclusive' });
    const first = printed('looked', 'web-0', good, argv);
    expect(judge(told(first, other, ended('web-1'), readied('web-1')))).toMatchObject({ outcome: 'inconclusive' });
    expect(judge(told(first, other, gap('pods')))).toMatchObject({ outcome: 'inconclusive' });
    const one = fenced(readied('web-0'), fence('begin'), first, other, fence('close'));
    expect(judge(one)).toMatchObject({ outcome: 'inconclusive' });
  });
});

describe('theContainerMay', () => {
  const { judge } = theContainerMay({ name: 'IPC_LOCK', bit: 14 }, web, [0], asked);
  const status = (bounding: string, effective: string, uid = '0\t0\t0\t0'): Step =>
    printed(
      'looked',
      'web-0',
      `Name:\tinit\nUid:\t${uid}\nCapEff:\t${effective}\nCapBnd:\t${bounding}\n`,
      readingStatus,
    );

  test('upheld: the bit is in both sets; in the bounding one alone where the process is not root', () => {
    expect(judge(told(status('00000000a80465fb', '00000000a80465fb')))).toMatchObject({ outcome: 'upheld' });
    expect(judge(told(status('0000000000004000', '0000000000000000', '999\t999')))).toMatchObject({
      outcome: 'upheld',
    });
  });
  test('violated: without the bit, in one of the sets, or with nothing to read', () => {
    expect(judge(told(status('00000000a80425fb', '00000000a80425fb')))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(status('00000000a80465fb', '00000000a80425fb')))).toMatchObject({ outcome: 'violated' });
    expect(judge(told(status('', '')))).toMatchObject({ outcome: 'violated' });
  });
  test('inconclusive: nobody looked', () => {
    expect(judge(told())).toMatchObject({ outcome: 'inconclusive' });
  });
});
